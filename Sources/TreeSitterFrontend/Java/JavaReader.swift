import Facts

/// Reads one Java file in one walk over its tree.
final class JavaReader {
  // A class because expressions, statements and declarations of one file all add to the same lists while they nest.
  let syntax: JavaSyntax
  var events = EventList()
  private(set) var namespace = ""
  private var imports: [ImportFact] = []
  var functions: [FunctionFact] = []
  var types: [TypeFact] = []
  var constants: [ConstantFact] = []
  /// Names of the types around the current place, outermost first, joined by dots; empty outside.
  var owner = ""
  /// Closures met in the arguments of a call that is not finished yet.
  var waiting: [WaitingClosure] = []
  /// What the alternatives of the switch expressions around the current place give, innermost last.
  var yields: [[Value]] = []
  /// How many closures of the current function are around the current place.
  var openClosures = 0
  private(set) var depth = 0

  /// Expressions and statements nested deeper than this are not followed.
  private static let maximumDepth = 400

  init(_ syntax: JavaSyntax) { self.syntax = syntax }

  /// Runs `body` one level deeper; nil when that is too deep.
  func deeper<Result>(_ body: () -> Result) -> Result? {
    guard depth < Self.maximumDepth else { return nil }
    depth += 1
    defer { depth -= 1 }
    return body()
  }

  /// Reads the whole file; call once.
  func fill(_ facts: inout FileFacts) {
    events.begin()
    for child in syntax.children(syntax.root) { topLevel(child) }
    if let main = events.endMain() { functions.append(main) }
    facts.namespace = namespace
    facts.functions = functions
    facts.types = types
    facts.constants = constants
    facts.imports = imports
  }

  private func topLevel(_ child: JavaChild) {
    switch child.kind {
    case .packageDeclaration: namespace = syntax.children(child.node).last.map { syntax.text($0.node) } ?? ""
    case .importDeclaration: readImport(child.node)
    case .methodDeclaration: method(child.node)
    default:
      if !typeDeclaration(child) { statement(child) }
    }
  }

  private func readImport(_ node: Node) {
    let children = syntax.children(node)
    guard let name = children.first(where: { $0.kind == .scopedIdentifier || $0.kind == .identifier }) else { return }
    let path = syntax.text(name.node)
    if children.contains(where: { $0.kind == .asterisk }) {
      imports.append(ImportFact(path: path, symbol: "*"))
      return
    }
    let dot = path.utf8.lastIndex(of: UInt8(ascii: "."))
    let last = dot.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    // `import static a.b.C.m`: what is taken is a member of the type before it.
    let isStatic = syntax.bytes(node).dropFirst(6).drop { $0 <= 32 }.starts(with: "static".utf8)
    if isStatic, let dot {
      imports.append(ImportFact(path: String(path[..<dot]), symbol: last, local: last))
    } else {
      imports.append(ImportFact(path: path, symbol: last, local: last))
    }
  }

  // MARK: Bodies

  /// Adds a function whose body `read` reads; `lines` are those of its whole definition.
  func add(_ function: FunctionFact, readingBody read: () -> Void, hasError: Bool) {
    var function = function
    let outside = (waiting, openClosures, yields)
    (waiting, openClosures, yields) = ([], 0, [])
    events.begin()
    read()
    function.events = events.end()
    (waiting, openClosures, yields) = outside
    function.isRecovered = hasError
    functions.append(function)
  }

  /// The name of a member of the type around the current place.
  func qualified(_ name: String) -> String { owner.isEmpty ? name : owner + "." + name }
}
