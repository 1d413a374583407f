import Facts

/// A mapper file: statements of MyBatis 3 or iBatis 2 under names.
struct MapperDocument {
  /// One statement of a mapper file.
  struct Statement {
    /// Its name inside of the mapper.
    var name: String
    /// The name callers know it by: with the mapper's name before it.
    var qualifiedName: String
    var node: DocumentNode
    /// Names of statements that fill properties of what it gives back, as written.
    var nested: [String]
  }

  /// Number of the file.
  var file: Int
  /// The name of the mapper as written: in MyBatis that of the interface.
  var namespace: String
  /// Whether it is written for iBatis 2.
  var isSQLMap: Bool
  var statements: [Statement]
  /// Pieces of SQL that statements include, by name.
  var fragments: [String: DocumentNode]

  private static let statementElements: Set<String> = [
    "select", "insert", "update", "delete", "statement", "procedure",
  ]

  /// Reads a document; nil when it is no mapper file.
  init?(_ root: DocumentNode, file: Int) {
    switch root.name {
    case "mapper":
      guard let name = root.attribute("namespace"), !name.isEmpty else { return nil }
      namespace = name
      isSQLMap = false
    case "sqlMap":
      namespace = root.attribute("namespace") ?? ""
      isSQLMap = true
    default: return nil
    }
    self.file = file
    statements = []
    fragments = [:]
    let results = Self.nestedStatements(of: root)
    for node in root.children {
      guard let name = node.attribute("id"), !name.isEmpty else { continue }
      if node.name == "sql" {
        // Variants for other databases say the same of the tables.
        fragments[name] = fragments[name] ?? node
      } else if Self.statementElements.contains(node.name) {
        statements.append(
          Statement(
            name: NameWords.lastPart(name), qualifiedName: qualified(name), node: node,
            nested: node.attribute("resultMap").map { results[$0] ?? [] } ?? []))
      }
    }
  }

  /// A name of this mapper with the mapper's name before it.
  func qualified(_ name: String) -> String {
    if namespace.isEmpty || name.hasPrefix(namespace + ".") { return name }
    return name.utf8.contains(UInt8(ascii: ".")) && !isSQLMap ? name : namespace + "." + name
  }

  /// What people call a statement: `OrderMapper.find`.
  func functionName(of statement: Statement) -> String {
    namespace.isEmpty ? statement.qualifiedName : NameWords.lastPart(namespace) + "." + statement.name
  }

  /// The statements that result maps run for properties, by the name of the result map; bases count.
  private static func nestedStatements(of root: DocumentNode) -> [String: [String]] {
    var found: [String: [String]] = [:]
    var bases: [String: String] = [:]
    for map in root.children("resultMap") {
      guard let name = map.attribute("id") else { continue }
      var pending = map.children
      while let node = pending.popLast() {
        pending += node.children
        if let select = node.attribute("select") { found[name, default: []].append(select) }
      }
      found[name]?.reverse()
      bases[name] = map.attribute("extends")
    }
    for name in bases.keys.sorted() {
      var seen: Set = [name]
      var next = bases[name]
      while let base = next, seen.insert(base).inserted {
        found[name, default: []] += found[base] ?? []
        next = bases[base]
      }
    }
    return found
  }
}

/// The mapper files of the system, with what they take from one another.
struct MapperLibrary {
  let documents: [MapperDocument]
  private let fragments: [String: DocumentNode]
  /// Fragments by the last part of their name, where only one has it.
  private let fragmentsByLast: [String: DocumentNode?]

  init(files: [FileFacts]) {
    documents = files.enumerated().compactMap { file, facts in
      facts.document.flatMap { MapperDocument($0, file: file) }
    }
    var all: [String: DocumentNode] = [:]
    var byLast: [String: DocumentNode?] = [:]
    for document in documents {
      for (name, node) in document.fragments.sorted(by: { $0.key < $1.key }) {
        all[document.qualified(name)] = all[document.qualified(name)] ?? node
        let last = NameWords.lastPart(name)
        byLast[last] = byLast[last] == nil ? .some(node) : .some(nil)
      }
    }
    fragments = all
    fragmentsByLast = byLast
  }

  /// The fragment that `name` means in a mapper.
  func fragment(_ name: String, in document: MapperDocument) -> DocumentNode? {
    document.fragments[name] ?? fragments[name] ?? fragments[document.qualified(name)]
      ?? fragmentsByLast[NameWords.lastPart(name)] ?? nil
  }
}
