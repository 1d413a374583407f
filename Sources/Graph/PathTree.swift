/// Items placed in a tree of paths, and the cut through that tree with the highest modularity over the ties among them.
///
/// For each folder, bottom up, either the whole subtree is one part, or its subfolders and its own items are parts of their own,
/// whichever has the higher modularity (Newman and Girvan 2004, resolution 1). Linear in items, ties and depth.
package struct PathTree {
  /// One part of the cut.
  package struct Part: Hashable, Sendable {
    /// Path of its folder.
    package let path: String
    /// Its items, sorted.
    package let items: [Int]
  }

  private struct Folder {
    let path: String
    let parent: Int
    let depth: Int
    var items: [Int] = []
    /// Weight of ties among its own items.
    var insideOwn = 0.0
    /// Weight of ties whose nearest common folder is this one; summed over the subtree later.
    var inside = 0.0
    /// Sum of the strengths of its own items.
    var strengthOwn = 0.0
    var strength = 0.0
  }

  private var folders: [Folder] = [Folder(path: "", parent: -1, depth: 0)]
  private var folderOfItem: [Int: Int] = [:]
  private var numbers: [String: Int] = ["": 0]
  private var total = 0.0

  /// An empty tree.
  package init() {}

  /// Places an item in the folder with that path, its parts divided by `/`.
  package mutating func place(_ item: Int, at path: String) {
    let folder = insert(path)
    folders[folder].items.append(item)
    folderOfItem[item] = folder
  }

  /// A tie between two placed items; items that were not placed tie nothing.
  package mutating func bind(_ left: Int, _ right: Int, weight: Double) {
    guard let from = folderOfItem[left], let to = folderOfItem[right] else { return }
    total += weight
    folders[from].strengthOwn += weight
    folders[to].strengthOwn += weight
    if from == to { folders[from].insideOwn += weight }
    folders[nearestCommon(from, to)].inside += weight
  }

  /// Every folder with items of its own, in no order.
  func leaves() -> [Part] {
    folders.filter { !$0.items.isEmpty }.map { Part(path: $0.path, items: $0.items.sorted()) }
  }

  /// The folder with that path; makes the missing ones on the way down.
  private mutating func insert(_ path: String) -> Int {
    if let known = numbers[path] { return known }
    var current = 0
    var prefix = ""
    for part in path.split(separator: "/") {
      prefix = prefix.isEmpty ? String(part) : prefix + "/" + part
      if let known = numbers[prefix] {
        current = known
      } else {
        folders.append(Folder(path: prefix, parent: current, depth: folders[current].depth + 1))
        current = folders.count - 1
        numbers[prefix] = current
      }
    }
    numbers[path] = current
    return current
  }

  private func nearestCommon(_ first: Int, _ second: Int) -> Int {
    var left = first
    var right = second
    while left != right {
      if folders[left].depth >= folders[right].depth {
        left = folders[left].parent
      } else {
        right = folders[right].parent
      }
    }
    return left
  }

  /// The cut with the highest modularity, its parts in no order, and that modularity; one part and 0 without ties.
  package func bestCut() -> (parts: [Part], quality: Double) {
    var folders = folders
    var best = [Double](repeating: 0, count: folders.count)
    var split = [Double](repeating: 0, count: folders.count)
    var isOne = [Bool](repeating: true, count: folders.count)
    // Children always stand behind their parent.
    for number in folders.indices.reversed() {
      folders[number].strength += folders[number].strengthOwn
      let whole = quality(inside: folders[number].inside, strength: folders[number].strength)
      let own = quality(inside: folders[number].insideOwn, strength: folders[number].strengthOwn)
      let parts = own + split[number]
      isOne[number] = whole >= parts
      best[number] = max(whole, parts)
      let parent = folders[number].parent
      guard parent >= 0 else { continue }
      folders[parent].inside += folders[number].inside
      folders[parent].strength += folders[number].strength
      split[parent] += best[number]
    }
    return (cut(isOne: isOne), best[0])
  }

  private func quality(inside: Double, strength: Double) -> Double {
    guard total > 0 else { return 0 }
    let share = strength / (2 * total)
    return inside / total - share * share
  }

  private func cut(isOne: [Bool]) -> [Part] {
    var heads = [Int](repeating: -1, count: folders.count)
    var members: [Int: [Int]] = [:]
    for number in folders.indices {
      let parent = folders[number].parent
      // A whole folder is headed by itself, or by the whole folder above it.
      if parent >= 0, heads[parent] >= 0 {
        heads[number] = heads[parent]
      } else if isOne[number] {
        heads[number] = number
      }
      let group = heads[number] >= 0 ? heads[number] : number
      if !folders[number].items.isEmpty { members[group, default: []] += folders[number].items }
    }
    return members.map { Part(path: folders[$0.key].path, items: $0.value.sorted()) }
  }
}
