import Basics
import Facts

/// Evidence by place and name: packages, schema files and families of table names.
struct GroupEvidence {
  let system: SystemFacts
  let index: NodeIndex
  let packages: PackageLevel
  let edges: [GraphEdge]
  let weights: EvidenceWeights

  /// A schema spread over fewer files than this says nothing by its files.
  private let fewestSchemaFiles = 3

  func groups() -> [NodeGroup] {
    let tables = system.catalog.tables
    let schemaFiles = tablesByFile(tables)
    let modules = ModuleEvidence(system: system, index: index, weights: weights).groups(edges)
    return (packageGroups(schemaFiles) + modules + schemaGroups(schemaFiles) + families(tables)).compactMap(weighted)
  }

  /// The group with the pulls the user wants; packages stay whatever is left in them, for they say where code lies.
  private func weighted(_ group: NodeGroup) -> NodeGroup? {
    var group = group
    group.members = group.members.compactMap { member in
      let pull = member.pull * weights.factor(member.kind)
      return pull > 0 || member.kind == .samePackage
        ? GroupMember(node: member.node, kind: member.kind, pull: pull) : nil
    }
    return group.members.count > 1 || group.kind == .package ? group : nil
  }

  private func tablesByFile(_ tables: [Table]) -> [(file: RepoPath, tables: [Int])] {
    var byFile: [RepoPath: Set<Int>] = [:]
    for table in tables {
      if let node = index.nodeOfTable[table.name] { byFile[table.source.file, default: []].insert(node) }
    }
    guard byFile.count >= fewestSchemaFiles else { return [] }
    return byFile.map { ($0.key, $0.value.sorted()) }.sorted { $0.file < $1.file }
  }

  private func packageGroups(_ schemaFiles: [(file: RepoPath, tables: [Int])]) -> [NodeGroup] {
    let names = PackageNames(packages: packages.packages)
    let holders = holders(of: schemaFiles.map(\.file), names: names)
    var members = packages.packages.map { package in
      package.nodes.map {
        GroupMember(node: $0, kind: .samePackage, pull: weights.packagePull * packages.quality)
      }
    }
    var placed: Set<Int> = []
    for (file, tables) in schemaFiles {
      guard let package = names.package(namedLikeFile: file) ?? holders[file] else { continue }
      for node in tables where placed.insert(node).inserted {
        members[package].append(GroupMember(node: node, kind: .schemaFile, pull: weights.schemaPackagePull))
      }
    }
    for node in index.nodes.indices where index.nodes[node].kind == .table && !placed.contains(node) {
      guard let package = names.package(namedLikeTable: index.nodes[node].name) else { continue }
      members[package].append(GroupMember(node: node, kind: .name, pull: weights.namePackagePull))
    }
    return zip(packages.packages, members).map { package, members in
      NodeGroup(kind: .package, name: package.folder, members: members.sorted { $0.node < $1.node })
    }
  }

  /// The package whose folder holds each schema file; a package that holds most of the schema is just where it is kept.
  private func holders(of files: [RepoPath], names: PackageNames) -> [RepoPath: Int] {
    let holders = files.map { (file: $0, package: names.package(holding: $0)) }
    var counts: [Int: Int] = [:]
    for case (_, let package?) in holders { counts[package, default: 0] += 1 }
    return holders.reduce(into: [:]) { result, holder in
      if let package = holder.package, counts[package, default: 0] * 2 <= files.count { result[holder.file] = package }
    }
  }

  /// Tables created in one file, where there are several such files and none holds most of the schema.
  private func schemaGroups(_ schemaFiles: [(file: RepoPath, tables: [Int])]) -> [NodeGroup] {
    let total = schemaFiles.reduce(0) { $0 + $1.tables.count }
    return schemaFiles.compactMap { file, tables in
      guard tables.count > 1, tables.count * 2 <= total else { return nil }
      let rarity = 1 - Double(tables.count) / Double(total)
      return NodeGroup(
        kind: .schemaFile, name: file.text,
        members: tables.map { GroupMember(node: $0, kind: .schemaFile, pull: weights.schemaFilePull * rarity) })
    }
  }

  /// Tables whose names start with the same word, and types that carry the word; a word most tables share says nothing.
  private func families(_ tables: [Table]) -> [NodeGroup] {
    var byWord: [String: [Int]] = [:]
    let nodes = index.nodes.indices.filter { index.nodes[$0].kind == .table }
    for node in nodes {
      if let word = PathNames.words(index.nodes[node].name).first { byWord[word, default: []].append(node) }
    }
    var types: [String: [Int]] = [:]
    for (number, node) in index.nodes.enumerated() where node.kind != .table {
      for word in Set(PathNames.words(PathNames.ownName(of: node))) where byWord[word] != nil {
        types[word, default: []].append(number)
      }
    }
    return byWord.sorted { $0.key < $1.key }.compactMap { word, tables in
      let code = types[word] ?? []
      guard tables.count + code.count > 1 else { return nil }
      let rarity = 1 - Double(tables.count - 1) / Double(nodes.count)
      let members =
        code.map {
          GroupMember(node: $0, kind: .name, pull: weights.familyTypePull * rarity)
        } + tables.map { GroupMember(node: $0, kind: .name, pull: weights.familyPull * rarity * rarity) }
      return NodeGroup(kind: .nameFamily, name: word, members: members)
    }
  }
}

/// Finds the package a table belongs to by path or by name.
private struct PackageNames {
  private let numberOfFolder: [String: Int]
  /// Packages by the words of their last path component; nil when several share them.
  private let numberOfWords: [[String]: Int?]

  init(packages: [PackageLevel.Package]) {
    numberOfFolder = Dictionary(uniqueKeysWithValues: packages.enumerated().map { ($0.element.folder, $0.offset) })
    var byWords: [[String]: Int?] = [:]
    for (number, package) in packages.enumerated() {
      let words = PathNames.words(PathNames.lastComponent(package.folder))
      guard !words.isEmpty else { continue }
      if byWords[words] == nil { byWords[words] = .some(number) } else { byWords[words] = .some(nil) }
    }
    numberOfWords = byWords
  }

  /// The package whose folder, not the top, holds the file at any depth.
  func package(holding file: RepoPath) -> Int? {
    var folder = file.folder
    while !folder.isEmpty {
      if let number = numberOfFolder[folder] { return number }
      folder = RepoPath(folder).folder
    }
    return nil
  }

  /// `acc-create.sql` and the package `acc`: the longest run of leading words that names a package.
  func package(namedLikeFile file: RepoPath) -> Int? {
    longestPrefix(of: PathNames.words(PathNames.withoutExtension(file.fileName)))
  }

  /// `dialog_vars` and the package `dialog`.
  func package(namedLikeTable table: String) -> Int? { longestPrefix(of: PathNames.words(table)) }

  private func longestPrefix(of words: [String]) -> Int? {
    for length in stride(from: words.count, to: 0, by: -1) {
      if let found = numberOfWords[Array(words[..<length])] { return found }
    }
    return nil
  }
}
