import Basics
import Facts
import Graph

/// A division of the tables that people made before: by database or schema, by module of the code that writes them, by the file
/// that declares them, or by the words their names start with.
struct TableNaming {
  /// What people divided by; the more binding first.
  enum Source: Int, CaseIterable {
    /// Databases and schemas: the part of a name before the dot.
    case schema
    /// Modules of the code: folders that explain its references.
    case modules
    /// Folders of the code that writes the tables.
    case writers
    /// Files and folders that declare the tables.
    case declarations
    /// Leading words of the names.
    case words

    /// The layer of evidence it belongs to: who switches that off does not want it.
    var layer: EvidenceKind? {
      switch self {
      case .schema: nil
      case .modules, .writers: .samePackage
      case .declarations: .schemaFile
      case .words: .name
      }
    }

    /// How people call it.
    var name: String {
      switch self {
      case .schema: "schemas"
      case .modules: "modules of the code"
      case .writers: "folders of the writing code"
      case .declarations: "places of declaration"
      case .words: "name prefixes"
      }
    }
  }

  let source: Source
  /// Name of the group of each table; tables nobody named stand alone.
  let labels: [String]

  /// How many groups of equal size would part the tables as much: the inverse of the chance that two tables share a group (Simpson).
  var spread: Double {
    var sizes: [String: Int] = [:]
    for label in labels { sizes[label, default: 0] += 1 }
    let squares = sizes.values.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? Double(labels.count * labels.count) / Double(squares) : 0
  }

  /// Group numbers from 0 in order of the first table.
  var groupOf: [Int] {
    var numbers: [String: Int] = [:]
    return labels.map { label in
      if let known = numbers[label] { return known }
      numbers[label] = numbers.count
      return numbers.count - 1
    }
  }
}

/// Reads the divisions out of names and places. Folders are cut where the cut fits the data best.
struct TableNamings {
  let system: SystemFacts
  let graph: DependencyGraph
  let writes: WriteLedger
  let affinity: TableAffinity
  let weights: EvidenceWeights
  /// Whether each node is code that only makes the schema.
  private let isSchemaCode: [Bool]

  init(
    system: SystemFacts, graph: DependencyGraph, writes: WriteLedger, affinity: TableAffinity,
    weights: EvidenceWeights
  ) {
    self.weights = weights
    self.system = system
    self.graph = graph
    self.writes = writes
    self.affinity = affinity
    isSchemaCode = SchemaCode(system: system, graph: graph).isSchemaCode
  }

  /// Every division that divides: more than one group, and not every table alone.
  func all() -> [TableNaming] {
    TableNaming.Source.allCases.filter { source in
      source.layer.map { weights.factor($0) > 0 } ?? true
    }.flatMap { source -> [TableNaming] in
      switch source {
      case .schema: [TableNaming(source: .schema, labels: schemas())]
      case .modules: graph.packageQuality > 0 ? [TableNaming(source: .modules, labels: modules())] : []
      case .writers: [TableNaming(source: .writers, labels: cut(writerFolders()))]
      case .declarations: [TableNaming(source: .declarations, labels: cut(declarations()))]
      case .words: (1...Self.mostWords).map { TableNaming(source: .words, labels: words($0)) }
      }
    }.filter { naming in
      let groups = Set(naming.labels).count
      return groups > 1 && groups < naming.labels.count
    }
  }

  /// `spree_promotion_rules` in a system where all names start with `spree` needs two words; three say what a table is.
  private static let mostWords = 2

  private func name(_ table: Int) -> String { graph.nodes[affinity.nodes[table]].name }

  /// The module of a node of code, unless all it does is make the schema.
  private func package(_ node: Int) -> Int? { isSchemaCode[node] ? nil : graph.packageOfNode[node] }

  private func schemas() -> [String] {
    (0..<affinity.count).map { table in
      let name = name(table)
      return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
    }
  }

  /// Leading words; of several spellings, such as singular and plural, the first of the alphabet stands for all.
  private func words(_ count: Int) -> [String] {
    let names = (0..<affinity.count).map { table in
      let name = name(table)
      return String(name.lastIndex(of: ".").map { name[name.index(after: $0)...] } ?? name[...])
    }
    let keys = names.map { PathNames.words($0).prefix(count).joined(separator: "_") }
    var spelling: [String: String] = [:]
    for (key, name) in zip(keys, names) {
      let written = PathNames.parts(name).prefix(count).joined(separator: "_")
      spelling[key] = min(spelling[key] ?? written, written)
    }
    return keys.map { spelling[$0] ?? $0 }
  }

  /// Folder of the code with most of the write evidence; tables nobody writes go by their first word.
  private func writerFolders() -> [String] {
    let words = words(1)
    return affinity.nodes.enumerated().map { table, node in
      var weights: [String: [Double]] = [:]
      for entry in writes.writes[node] ?? [] where !isSchemaCode[entry.node] {
        weights[graph.nodes[entry.node].folder, default: []].append(entry.weight)
      }
      let sums = weights.mapValues { $0.sorted().reduce(0, +) }
      let best = sums.max { ($0.value, $1.key) < ($1.value, $0.key) }
      return best?.key ?? "\u{1}" + words[table]
    }
  }

  /// The module with the best claim to own each table; a table nobody writes goes with its only reader, else where most of its ties
  /// and readers are, else where tables with its first word are, and by that word when there are none.
  private func modules() -> [String] {
    let words = words(1)
    let claimed = affinity.nodes.map { node in
      writes.ownerShares(ofTable: node, partyOf: { self.package($0) ?? -1 }, partyOfPackage: { $0 })
        .first?.cluster ?? writes.claims[node]?.first?.package
    }
    var pulls = [[Int: [Double]]](repeating: [:], count: affinity.count)
    for tie in affinity.ties {
      if let module = claimed[tie.right] { pulls[tie.left][module, default: []].append(tie.weight) }
      if let module = claimed[tie.left] { pulls[tie.right][module, default: []].append(tie.weight) }
    }
    var readers = [Set<Int>](repeating: [], count: affinity.count)
    let numberOf = Dictionary(uniqueKeysWithValues: affinity.nodes.enumerated().map { ($0.element, $0.offset) })
    for edge in graph.edges {
      guard let table = numberOf[edge.to], graph.nodes[edge.from].kind != .table, !graph.isTest(edge.from) else {
        continue
      }
      if isSchemaCode[edge.from] { continue }
      readers[table].insert(graph.packageOfNode[edge.from] ?? -1)
      if let module = graph.packageOfNode[edge.from] {
        pulls[table][module, default: []].append(affinity.normalised(edge.weight))
      }
    }
    var namesakes: [String: [Int: Int]] = [:]
    for (table, module) in claimed.enumerated() {
      if let module { namesakes[words[table], default: [:]][module, default: 0] += 1 }
    }
    return claimed.enumerated().map { table, module in
      let sums = pulls[table].mapValues { $0.sorted().reduce(0, +) }
      let pulling = sums.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      let only = readers[table].count == 1 ? readers[table].first.flatMap { $0 >= 0 ? $0 : nil } : nil
      let alike = namesakes[words[table], default: [:]].max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      return (module ?? only ?? pulling ?? alike).map { graph.groups[$0].name } ?? "\u{1}" + words[table]
    }
  }

  private func declarations() -> [String] {
    var sources: [TableName: String] = [:]
    for table in system.catalog.tables { sources[table.name] = table.source.file.text }
    return affinity.nodes.map { node in graph.nodes[node].table.flatMap { sources[$0] } ?? "" }
  }

  /// The tree of paths cut where the parts fit the data best.
  private func cut(_ paths: [String]) -> [String] {
    var tree = PathTree()
    for (table, path) in paths.enumerated() { tree.place(table, at: path) }
    for tie in affinity.ties { tree.bind(tie.left, tie.right, weight: tie.weight) }
    var labels = [String](repeating: "", count: paths.count)
    for part in tree.bestCut().parts {
      for table in part.items { labels[table] = part.path }
    }
    return labels
  }
}
