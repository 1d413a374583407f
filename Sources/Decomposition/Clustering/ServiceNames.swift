import Basics
import Facts
import Graph

/// Readable unique names for clusters: what people call their tables, else the folder they fill, else the word their tables share, else
/// the word their types share.
struct ServiceNames {
  private let graph: DependencyGraph
  private let members: [[Int]]
  private let groups: DataGroups
  /// Number of clusters that use each word in a type or file name.
  private let spread: [String: Int]
  /// A word that starts nearly every table name, such as the name of the product.
  private let commonTableWord: String?
  private let packageSizes: [Int: Int]
  /// Package with the best claim on each table.
  private let packageOfTable: [Int: Int]

  /// Folder names that say how files are kept and not what they are about.
  private static let plainFolders: Set<String> = [
    "src", "source", "sources", "lib", "main", "app", "impl", "internal", "java", "include", "modules",
  ]
  /// Name in seams and exports for code that belongs to no boundary; never the name of a boundary.
  static let shared = "shared"

  init(graph: DependencyGraph, writes: WriteLedger, groups: DataGroups, members: [[Int]]) {
    self.graph = graph
    self.groups = groups
    self.members = members
    var spread: [String: Int] = [:]
    for nodes in members {
      for word in Set(nodes.flatMap { Self.codeWords(graph.nodes[$0]) }) { spread[word, default: 0] += 1 }
    }
    self.spread = spread
    commonTableWord = Self.commonFirstWord(graph)
    packageOfTable = Self.mainPackages(graph, writes)
    packageSizes = graph.packageOfNode.reduce(into: [:]) { sizes, package in
      if let package { sizes[package, default: 0] += 1 }
    }
  }

  /// One name for each cluster; larger data comes first when two want the same name.
  func names() -> [String] {
    var names = [String](repeating: "", count: members.count)
    var taken: Set<String> = [Self.shared]
    let order = members.indices.sorted { left, right in
      let first = (-tables(left).count, -members[left].count, left)
      return first < (-tables(right).count, -members[right].count, right)
    }
    for cluster in order {
      let candidates = candidates(cluster)
      let name = candidates.first { !taken.contains($0) } ?? numbered(candidates.first ?? "service", taken)
      names[cluster] = name
      taken.insert(name)
    }
    return names
  }

  private func numbered(_ base: String, _ taken: Set<String>) -> String {
    var number = 2
    while taken.contains("\(base)-\(number)") { number += 1 }
    return "\(base)-\(number)"
  }

  private func tables(_ cluster: Int) -> [Int] { members[cluster].filter { graph.nodes[$0].kind == .table } }

  private func candidates(_ cluster: Int) -> [String] {
    let byLabel = label(cluster).map { [$0] } ?? []
    let byFolder = folderName(cluster).map { [$0] } ?? []
    let byTable = tableWords(cluster)
    let byCode = typeWords(cluster)
    let pairs =
      zip(byTable, byTable.dropFirst()).map { "\($0)-\($1)" } + zip(byCode, byCode.dropFirst()).map { "\($0)-\($1)" }
    return (byLabel + byFolder + byTable + byCode + pairs).map(Self.cleaned).filter { !$0.isEmpty }
  }

  /// What people call the group with most of the tables.
  private func label(_ cluster: Int) -> String? {
    var counts: [Int: Int] = [:]
    for table in tables(cluster) where groups.groupOf[table] >= 0 { counts[groups.groupOf[table], default: 0] += 1 }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { groups.labels[$0.key] }
  }

  /// The package most of the tables come from, else the one with most of the code, when most of it is in the cluster.
  private func folderName(_ cluster: Int) -> String? {
    var counts: [Int: Int] = [:]
    let code = members[cluster].filter { graph.nodes[$0].kind != .table }
    for node in code {
      if let package = graph.packageOfNode[node] { counts[package, default: 0] += 1 }
    }
    let whole = counts.filter { $0.value * 2 >= packageSizes[$0.key, default: 0] }
    let owned = tables(cluster).compactMap { packageOfTable[$0] }
    let byTables = whole.keys.map { package in (package: package, tables: owned.count { $0 == package }) }
      .filter { $0.tables > 0 && $0.tables * 2 >= owned.count }
      .max { ($0.tables, counts[$0.package] ?? 0, $1.package) < ($1.tables, counts[$1.package] ?? 0, $0.package) }
    let byCode = whole.max { ($0.value, $1.key) < ($1.value, $0.key) }
    let fullest = byCode.flatMap { $0.value * 2 >= code.count ? $0.key : nil }
    guard let best = byTables?.package ?? fullest else { return nil }
    let parts = graph.groups[best].name.split(separator: "/").map(String.init)
    return parts.last { !Self.plainFolders.contains($0.lowercased()) }
  }

  /// First words of the table names, most frequent first.
  private func tableWords(_ cluster: Int) -> [String] {
    let words = tables(cluster).compactMap { node -> String? in
      let words = PathNames.words(graph.nodes[node].name)
      return words.count > 1 && words.first == commonTableWord ? words[1] : words.first
    }
    return Self.byFrequency(words) { count, _ in Double(count) }
  }

  /// Words of type and file names, frequent here and rare elsewhere first.
  private func typeWords(_ cluster: Int) -> [String] {
    let words = members[cluster].flatMap { Self.codeWords(graph.nodes[$0]) }.filter { $0.utf8.count > 2 }
    let ranked = Self.byFrequency(words) { count, word in Double(count) / Double(self.spread[word] ?? 1) }
    return Array(ranked.prefix(5))
  }

  /// For each table the package with the best claim to own it, ties by number.
  private static func mainPackages(_ graph: DependencyGraph, _ writes: WriteLedger) -> [Int: Int] {
    graph.nodes.indices.reduce(into: [:]) { result, table in
      guard graph.nodes[table].kind == .table else { return }
      let shares = writes.ownerShares(
        ofTable: table, partyOf: { graph.packageOfNode[$0] ?? -1 }, partyOfPackage: { $0 })
      result[table] = shares.first?.cluster ?? writes.claims[table]?.first?.package
    }
  }

  private static func byFrequency(_ words: [String], score: (Int, String) -> Double) -> [String] {
    var counts: [String: Int] = [:]
    for word in words { counts[word, default: 0] += 1 }
    return counts.map { (word: $0.key, score: score($0.value, $0.key)) }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.word < $1.word }
      .map(\.word)
  }

  private static func codeWords(_ node: GraphNode) -> [String] {
    switch node.kind {
    case .table: []
    case .file: PathNames.words(PathNames.withoutExtension(PathNames.lastComponent(node.name)))
    case .type: PathNames.words(lastNamePart(node.name))
    }
  }

  private static func lastNamePart(_ name: String) -> String {
    let separators = Set("/:.".utf8)
    guard let last = name.utf8.lastIndex(where: { separators.contains($0) }) else { return name }
    return String(name[name.utf8.index(after: last)...])
  }

  private static func commonFirstWord(_ graph: DependencyGraph) -> String? {
    let first = graph.nodes.filter { $0.kind == .table }.compactMap { PathNames.words($0.name).first }
    guard first.count > 3, let word = byFrequency(first, score: { count, _ in Double(count) }).first else { return nil }
    return first.count { $0 == word } * 5 >= first.count * 4 ? word : nil
  }

  /// Lower case letters, digits, `_` and `-` only, so that a name is a name in every format.
  static func cleaned(_ name: String) -> String {
    let bytes = name.lowercased().utf8.map { byte -> UInt8 in
      let isPlain = (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte == 95 || byte == 45
      return isPlain ? byte : 45
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.contains { $0 != "-" } ? text : ""
  }
}
