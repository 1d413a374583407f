import Basics

/// Finds the file of the repository that an include line means, without knowing any include folder.
struct IncludeResolver {
  private let numbers: [RepoPath: Int]
  private let byName: [String: [RepoPath]]

  /// A resolver over the files of the repository, numbered in order.
  init(files: [RepoPath]) {
    numbers = Dictionary(files.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    byName = Dictionary(grouping: files, by: \.fileName)
  }

  /// The file `path` means when `file` includes it: beside the including file, else the file whose path ends with it
  /// and that shares most of its folders with the including file; nil when there is none or two are equally near.
  func resolve(_ path: RepoPath, from file: RepoPath) -> Int? {
    let (folder, rest) = Self.normalized(path.text, in: file.folder)
    if let folder, let beside = numbers[RepoPath(folder.isEmpty ? rest : folder + "/" + rest)] { return beside }
    let suffix = "/" + rest
    var best: RepoPath?
    var bestShare = -1
    var isTied = false
    for candidate in byName[RepoPath(rest).fileName] ?? []
    where candidate.text == rest || candidate.text.hasSuffix(suffix) {
      let share = Self.sharedFolders(candidate.text, file.text)
      if share > bestShare {
        (best, bestShare, isTied) = (candidate, share, false)
      } else if share == bestShare {
        isTied = true
      }
    }
    return isTied ? nil : best.flatMap { numbers[$0] }
  }

  /// The folder a relative path starts from after its `..` parts, nil when they leave the repository, and the rest.
  private static func normalized(_ path: String, in folder: String) -> (folder: String?, rest: String) {
    var parts = folder.split(separator: "/")
    var rest: [Substring] = []
    var isInside = true
    for part in path.split(separator: "/") where part != "." {
      if part != ".." {
        rest.append(part)
      } else if !rest.isEmpty {
        rest.removeLast()
      } else if parts.popLast() == nil {
        isInside = false
      }
    }
    return (isInside ? parts.joined(separator: "/") : nil, rest.joined(separator: "/"))
  }

  private static func sharedFolders(_ left: String, _ right: String) -> Int {
    var shared = 0
    for (a, b) in zip(left.utf8, right.utf8) {
      guard a == b else { break }
      if a == UInt8(ascii: "/") { shared += 1 }
    }
    return shared
  }
}
