import Facts

/// Reads one file of C#. One walk over its tree; keeps the stacks of types and bodies it is in.
struct CSharpReader {
  typealias Entry = Child<CSharpKind, CSharpField>

  /// A type while its members are read.
  struct OpenType {
    /// Its name with those around it.
    var name: String
    var kind: TypeFact.Kind
    var fields: [FieldFact] = []
    /// What the initial values of its fields do.
    var initializers: [PlacedEvent] = []
  }

  /// How deep expressions and statements may nest before the rest is left out; far more than people write, and far
  /// less than a stack holds.
  static let depthLimit = 300

  let syntax: Syntax<CSharpKind, CSharpField>
  var events = EventList()
  var depth = 0
  var openTypes: [OpenType] = []
  var namespaces: [String] = []
  var pending: [WaitingClosure] = []
  /// What the closure being read returns; nil outside of closures.
  var returned: [Value]?
  /// The type the function being read returns, for `new()` and `default` in it.
  var resultType = ""
  var facts: FileFacts
  /// How many `using` declarations of the block being read are open.
  var openUsings = 0
  var lastEventLine = 1

  private init(_ syntax: Syntax<CSharpKind, CSharpField>, _ facts: FileFacts) {
    self.syntax = syntax
    self.facts = facts
  }

  /// Reads the whole file.
  static func fill(_ facts: inout FileFacts, from syntax: Syntax<CSharpKind, CSharpField>) {
    var reader = CSharpReader(syntax, facts)
    reader.readFile()
    facts = reader.facts
  }

  private mutating func readFile() {
    events.begin()
    var mainLines: ClosedRange<Int>?
    for child in syntax.children(syntax.root) {
      topLevel(child, mainLines: &mainLines)
    }
    closeUsings()
    let main = events.end()
    if !main.isEmpty {
      let lines = mainLines ?? 1...max(1, facts.lineCount)
      facts.functions.append(
        FunctionFact(
          name: "<main>", owner: "", lines: lines, parameters: [], isLocal: true, isRecovered: false, events: main))
    }
    facts.namespace = facts.types.first { !$0.namespace.isEmpty }?.namespace ?? namespaces.last ?? ""
  }

  private mutating func topLevel(_ child: Entry, mainLines: inout ClosedRange<Int>?) {
    switch child.kind {
    case .globalStatement:
      let lines = syntax.line(child.node)...syntax.lastLine(child.node)
      mainLines = mainLines.map { min($0.lowerBound, lines.lowerBound)...max($0.upperBound, lines.upperBound) } ?? lines
      for inner in syntax.children(child.node) { statement(inner.node, inner.kind) }
    case .preprocIf, .preprocElse, .preprocElif:
      for inner in syntax.children(child.node) where inner.field != .condition {
        topLevel(inner, mainLines: &mainLines)
      }
    case nil where syntax.isError(child.node):
      for inner in syntax.children(child.node) { topLevel(inner, mainLines: &mainLines) }
      countLost(child.node)
    default:
      if child.kind.map(Self.isStatement) == true {
        statement(child.node, child.kind)
      } else {
        declaration(child)
      }
    }
  }

  /// Lines no function could be read from.
  mutating func countLost(_ node: Node) {
    facts.lostLines += syntax.lastLine(node) - syntax.line(node)
  }

  // MARK: Namespaces and imports

  /// Reads a namespace, an import or a type around which nothing else is open.
  mutating func declaration(_ child: Entry) {
    switch child.kind {
    case .namespaceDeclaration:
      guard depth < Self.depthLimit else { return }
      depth += 1
      defer { depth -= 1 }
      let children = syntax.children(child.node)
      let name = children.first { $0.field == .name }.map { typeText($0.node) } ?? ""
      namespaces.append(namespaces.last.map { $0.isEmpty ? name : $0 + "." + name } ?? name)
      if let body = children.first(where: { $0.field == .body }) {
        for inner in syntax.children(body.node) { declaration(inner) }
      }
      namespaces.removeLast()
    case .fileScopedNamespaceDeclaration:
      if let name = syntax.child(child.node, .name) { namespaces = [typeText(name)] }
    case .usingDirective: using(child.node)
    default: member(child)
    }
  }

  private mutating func using(_ node: Node) {
    let children = syntax.children(node)
    guard let last = children.last else { return }
    let path = typeText(last.node)
    guard let alias = children.first(where: { $0.field == .name }), children.count > 1 else {
      facts.imports.append(ImportFact(path: path, symbol: "*"))
      return
    }
    let head = path.prefix { $0 != "<" }
    facts.imports.append(
      ImportFact(path: path, symbol: String(head.split(separator: ".").last ?? head), local: name(alias.node)))
  }

  // MARK: Names

  /// An identifier without the mark that lets it be a keyword.
  func name(_ node: Node) -> String {
    let bytes = syntax.bytes(node)
    guard bytes.first == UInt8(ascii: "@") else { return String(decoding: bytes, as: UTF8.self) }
    return String(decoding: bytes.dropFirst(), as: UTF8.self)
  }

  /// Adds an event.
  mutating func add(_ event: CodeEvent, _ line: Int) { events.add(event, line) }
}

extension LanguageFrontend {
  /// C#.
  static let csharp = LanguageFrontend(.csharp, extensions: ["cs"], grammar: csharpGrammar) { syntax, facts in
    CSharpReader.fill(&facts, from: syntax)
  }
}
