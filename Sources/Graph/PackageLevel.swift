import Basics
import Facts

/// The folders that act as modules: the cut through the folder tree with the highest modularity over the references.
///
/// For each folder, bottom up, either the whole subtree is one package, or its subfolders and its own files are
/// packages of their own, whichever has the higher modularity (Newman and Girvan 2004, with resolution 1). This finds
/// `src/modules/*` in one system and `com/shop/*` in another without being told; layers such as `controllers` and
/// `services`, whose files refer to each other across the folders, score worse than no split at all.
struct PackageLevel {
  /// A module: its folder and its nodes, sorted.
  struct Package {
    let folder: String
    let nodes: [Int]
  }

  /// Packages sorted by folder; empty when the folders say nothing.
  let packages: [Package]
  /// Modularity of the packages, 0 to 1; 0 when there are none.
  let quality: Double

  init(nodes: [GraphNode], edges: [GraphEdge]) {
    var tree = FolderTree(nodes: nodes)
    let code = edges.filter { nodes[$0.from].kind != .table && nodes[$0.to].kind != .table }
    guard !code.isEmpty else {
      packages = Self.leaves(of: tree)
      quality = packages.isEmpty ? 0 : Self.qualityWithoutReferences
      return
    }
    for edge in code { tree.add(edge) }
    let best = tree.bestCut()
    packages = best.packages.count > 1 ? best.packages.sorted { $0.folder < $1.folder } : []
    quality = packages.isEmpty ? 0 : min(1, max(0, best.quality))
  }

  /// Belief in folders when no reference speaks for or against them (ours).
  private static let qualityWithoutReferences = 0.3

  private static func leaves(of tree: FolderTree) -> [Package] {
    let packages = tree.folders.filter { !$0.members.isEmpty }.map { Package(folder: $0.path, nodes: $0.members) }
    return packages.count > 1 ? packages.sorted { $0.folder < $1.folder } : []
  }
}

/// Folders with the reference weight inside each of them.
private struct FolderTree {
  struct Folder {
    let path: String
    let parent: Int
    let depth: Int
    var members: [Int] = []
    /// Weight of references among its own files.
    var insideOwn = 0.0
    /// Weight of references whose nearest common folder is this one; summed over the subtree later.
    var inside = 0.0
    /// Sum of the strengths of its own files.
    var strengthOwn = 0.0
    var strength = 0.0
  }

  private(set) var folders: [Folder] = [Folder(path: "", parent: -1, depth: 0)]
  private var folderOfNode: [Int]
  private var numbers: [String: Int] = ["": 0]
  private var total = 0.0

  init(nodes: [GraphNode]) {
    folderOfNode = []
    for (number, node) in nodes.enumerated() {
      guard node.kind != .table else {
        folderOfNode.append(0)
        continue
      }
      let folder = insert(node.folder)
      folders[folder].members.append(number)
      folderOfNode.append(folder)
    }
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

  mutating func add(_ edge: GraphEdge) {
    let from = folderOfNode[edge.from]
    let to = folderOfNode[edge.to]
    total += edge.weight
    folders[from].strengthOwn += edge.weight
    folders[to].strengthOwn += edge.weight
    if from == to { folders[from].insideOwn += edge.weight }
    folders[nearestCommon(from, to)].inside += edge.weight
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

  /// The cut with the highest modularity, and that modularity.
  func bestCut() -> (packages: [PackageLevel.Package], quality: Double) {
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
    let share = strength / (2 * total)
    return inside / total - share * share
  }

  private func cut(isOne: [Bool]) -> [PackageLevel.Package] {
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
      if !folders[number].members.isEmpty { members[group, default: []] += folders[number].members }
    }
    return members.map { PackageLevel.Package(folder: folders[$0.key].path, nodes: $0.value.sorted()) }
  }
}
