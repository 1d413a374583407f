import Facts

/// Walks the tree of one Go file once and gathers what it says.
struct GoReader {
  typealias GoChild = Child<GoKind, GoField>

  let syntax: Syntax<GoKind, GoField>
  var events = EventList()
  var types: [TypeFact] = []
  var constants: [ConstantFact] = []
  var imports: [ImportFact] = []
  var package = ""
  /// What the method calls the object it is called on.
  var receiver = ""
  /// Closures met since the innermost call or statement began.
  var pending: [WaitingClosure] = []
  /// Events of `defer` statements, which happen when the function ends.
  var deferred: [[PlacedEvent]] = []
  /// How deep the expression or statement is nested.
  var depth = 0
  var functions: [FunctionFact] = []
  /// Deeper code is not followed: no person wrote it, and the stack is finite.
  static let maximumDepth = 200

  init(_ syntax: Syntax<GoKind, GoField>) { self.syntax = syntax }

  /// Reads the whole file; call once.
  mutating func fill(_ facts: inout FileFacts) {
    events.begin()
    for child in syntax.children(syntax.root) { declaration(child.node, child.kind) }
    flush(callee: "", receiver: nil)
    if let main = events.endMain() { functions.append(main) }
    facts.namespace = package
    facts.functions = functions
    facts.types = types
    facts.constants = constants
    facts.imports = imports
  }

  /// Whether one more level may be entered; the caller leaves it with `depth -= 1`.
  mutating func enterNesting() -> Bool {
    guard depth < Self.maximumDepth else { return false }
    depth += 1
    return true
  }
}
