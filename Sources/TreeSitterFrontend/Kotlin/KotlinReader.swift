import Facts

/// Reads the facts of one Kotlin file in one walk over its tree.
struct KotlinReader {
  typealias Entry = Child<KotlinKind, KotlinField>

  /// A type around the place that is read.
  struct Scope {
    /// Its name with those of the types around it.
    var name: String
    /// Whether members belong to the type: in objects and companion objects.
    var isStatic: Bool
    /// What building an object runs, in source order.
    var setUp: [PlacedEvent] = []
  }

  let syntax: Syntax<KotlinKind, KotlinField>
  var facts: FileFacts
  var events = EventList()
  var scopes: [Scope] = []
  /// Names of parameters and variables of the function that is read.
  var locals: Set<String> = []
  /// How many bodies around have another object as `this`: `apply`, `with`, `run`.
  var receiverDepth = 0
  /// Fields of companion objects, by the type around.
  var companionFields: [String: [FieldFact]] = [:]
  private var depth = 0
  /// Expressions nested deeper than this are not followed.
  private static let maximumDepth = 400

  init(_ syntax: Syntax<KotlinKind, KotlinField>, _ facts: FileFacts) {
    self.syntax = syntax
    self.facts = facts
  }

  /// Reads the whole file; call once.
  mutating func fill(_ facts: inout FileFacts) {
    events.begin()
    for child in syntax.children(syntax.root) { topLevel(child) }
    if let main = events.endMain() { self.facts.functions.append(main) }
    facts = self.facts
  }

  private mutating func topLevel(_ child: Entry) {
    switch child.kind {
    case .package:
      facts.namespace = syntax.child(child.node, of: .identifier).map { name(of: $0) } ?? ""
    case .imports:
      for header in syntax.children(child.node) where header.kind == .importHeader { readImport(header.node) }
    case .importHeader: readImport(child.node)
    case .fileAnnotation: break
    case .none where !syntax.isError(child.node): break
    case .none:
      // What the grammar could not read may still hold declarations.
      bounded { reader in for inner in reader.syntax.children(child.node) { reader.topLevel(inner) } }
    default:
      if !declaration(child) { _ = statement(child, isUsed: false) }
    }
  }

  private mutating func readImport(_ node: Node) {
    var path = ""
    var local: String?
    var isWildcard = false
    for child in syntax.children(node) {
      switch child.kind {
      case .identifier: path = name(of: child.node)
      case .wildcardImport: isWildcard = true
      case .importAlias: local = syntax.child(child.node, of: .typeIdentifier).map { syntax.text($0) }
      default: break
      }
    }
    guard !path.isEmpty else { return }
    if isWildcard {
      facts.imports.append(ImportFact(path: path, symbol: "*"))
    } else {
      let last = path.split(separator: ".").last.map(String.init) ?? path
      facts.imports.append(ImportFact(path: path, symbol: last, local: local ?? last))
    }
  }

  // MARK: Names

  /// The text of a name, without white space and the quotes around words of the language.
  func name(of node: Node) -> String {
    let bytes = syntax.bytes(node)
    if bytes.contains(where: { $0 == UInt8(ascii: "`") || $0 <= UInt8(ascii: " ") }) {
      return String(decoding: bytes.filter { $0 != UInt8(ascii: "`") && $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The source between two nodes without blanks: an operator, a word of the language.
  func between(_ left: Node, _ right: Node) -> String {
    let start = syntax.endOffset(left) - syntax.offset(syntax.root)
    let end = syntax.offset(right) - syntax.offset(syntax.root)
    let bytes = syntax.bytes(syntax.root)
    guard start < end, start >= 0, end <= bytes.count else { return "" }
    let word = bytes[start..<end].drop { $0 <= UInt8(ascii: " ") }.prefix { $0 > UInt8(ascii: " ") }
    return String(decoding: word, as: UTF8.self)
  }

  /// The innermost type around; empty at the top of the file.
  var owner: String { scopes.last?.name ?? "" }

  /// A name with those of the types around it.
  func qualified(_ name: String) -> String { owner.isEmpty ? name : owner + "." + name }

  /// Runs `body` unless the code is nested deeper than anybody writes.
  mutating func bounded<Result>(_ body: (inout KotlinReader) -> Result) -> Result? {
    guard depth < Self.maximumDepth else { return nil }
    depth += 1
    defer { depth -= 1 }
    return body(&self)
  }

  /// What `body` adds to the events, kept apart from those before.
  mutating func apart<Result>(_ body: (inout KotlinReader) -> Result) -> (result: Result, events: [PlacedEvent]) {
    events.begin()
    let result = body(&self)
    return (result, events.end())
  }

  /// Adds events that were kept apart.
  mutating func add(_ list: [PlacedEvent]) { events.add(list) }
}
