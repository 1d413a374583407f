import Basics

/// What the path of a schema file says.
struct SchemaPlace {
  private(set) var dialect = ""
  private(set) var skeleton = ""
  private(set) var root = ""
  private(set) var isVersioned = false
  private(set) var isUpdate = false
  private(set) var isLeftOut = false
  private(set) var orderWords: [String] = []
  /// The name as Flyway reads it; nil for other names.
  private(set) var flyway: FlywayName?
  /// The folder whose schema this file only works on, when its path names a tool; empty for the whole tree.
  private(set) var serves: String?

  init(_ path: RepoPath) {
    let folders = path.folder.split(separator: "/").map(String.init)
    let stem = PathWords.stem(of: path.fileName)
    readFolders(folders)
    readStem(stem)
    if dialect.isEmpty, let ending = path.fileName.split(separator: ".").last {
      dialect = SchemaWords.endings[ending.lowercased()] ?? ""
    }
  }

  private mutating func readFolders(_ folders: [String]) {
    var kept: [String] = []
    var rootParts: [String] = []
    var hasRoot = false
    for (index, folder) in folders.enumerated() {
      let words = SchemaWords.joined(PathWords.split(folder))
      if let found = SchemaWords.dialect(in: words) {
        dialect = found
        kept.append("*")
        hasRoot = true
      } else {
        kept.append(folder.lowercased())
      }
      if words.contains(where: { SchemaWords.updates.contains($0) }) {
        isUpdate = true
        hasRoot = true
      }
      if words.contains(where: { SchemaWords.stages.contains($0) }) { hasRoot = true }
      if !hasRoot { rootParts.append(folder.lowercased()) }
      if words.contains(where: SchemaWords.isLeftOutFolder) { isLeftOut = true }
      let isTool = index > 0 && words.contains(where: SchemaWords.tools.contains)
      if serves == nil, isTool || words.contains(where: SchemaWords.conversions.contains) {
        serves = folders[..<index].joined(separator: "/").lowercased()
      }
    }
    skeleton = kept.joined(separator: "/")
    root = rootParts.joined(separator: "/")
  }

  private mutating func readStem(_ stem: String) {
    var words = SchemaWords.joined(PathWords.split(stem))
    let named = words.firstIndex { SchemaWords.dialects[$0] != nil }
    if let named {
      dialect = dialect.isEmpty ? SchemaWords.dialects[words[named]] ?? "" : dialect
      words.remove(at: named)
    } else if !dialect.isEmpty, let first = words.first, SchemaWords.shortDialects[first] == dialect {
      words.removeFirst()
    }
    skeleton += "/" + words.joined(separator: "-")
    orderWords = words
    judgeStem(words)
    guard let name = FlywayName(stem) else { return }
    flyway = name
    orderWords = name.order
    isVersioned = true
    isUpdate = false
    if name.kind == .undo { isLeftOut = true }
  }

  private mutating func judgeStem(_ words: [String]) {
    let numbers = words.filter { $0.utf8.first?.isDigit == true }
    let leadsWithNumber = words.first?.utf8.first?.isDigit == true
    isVersioned =
      leadsWithNumber
      || words.count > 1 && (words[0] == "v" || words[0] == "r") && (words[0] == "r" || numbers.count > 0)
    let isUndo = words.count > 1 && words[0] == "u" && words[1].utf8.first?.isDigit == true
    if isUndo || words.last.map(SchemaWords.backwards.contains) == true
      || words.first.map(SchemaWords.backwards.contains) == true
    {
      isLeftOut =
        isLeftOut || !isVersioned || isUndo
        || words.last.map(SchemaWords.backwards.contains) == true && words.last != "drop"
    }
    if !isVersioned, words.contains(where: SchemaWords.leftOutNames.contains) { isLeftOut = true }
    if !isVersioned, serves == nil, words.contains(where: SchemaWords.conversions.contains) { serves = "" }
    let namesUpdate = words.contains { SchemaWords.updates.contains($0) }
    // `14_2001`, `1.2-to-1.3`: from one version to another, and nothing that says what it does.
    let isPair =
      numbers.count >= 2 && words.allSatisfy { $0.utf8.first?.isDigit == true || $0.utf8.count < 4 } && words.count <= 6
    if namesUpdate && !numbers.isEmpty || isPair && isUpdate { isUpdate = true }
    if !isUpdate, isPair, !isVersioned { isUpdate = true }
  }
}
