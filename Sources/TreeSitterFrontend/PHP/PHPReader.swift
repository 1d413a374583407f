import Facts

/// Walks the tree of one PHP file once and gathers what it says.
struct PHPReader {
  typealias PHPChild = Child<PHPKind, PHPField>

  let syntax: Syntax<PHPKind, PHPField>
  let bytes: UnsafeBufferPointer<UInt8>
  var events = EventList()
  var functions: [FunctionFact] = []
  var types: [TypeFact] = []
  var constants: [ConstantFact] = []
  var imports: [ImportFact] = []
  /// The namespace around what is read.
  var namespace = ""
  /// The type whose body is read; empty outside of types.
  var owner = ""
  /// Whether the code stands in a function, where variables are local.
  var isInFunction = false
  /// Variables of the function that were declared so far.
  var known: Set<String> = []
  /// Closures met since the innermost call or statement began.
  var pending: [WaitingClosure] = []
  /// How deep the expression or statement is nested.
  var depth = 0
  private var fileNamespace: String?
  private var anonymousTypes = 0
  /// Deeper code is not followed: no person wrote it, and the stack is finite.
  static let maximumDepth = 200

  init(_ syntax: Syntax<PHPKind, PHPField>) {
    self.syntax = syntax
    bytes = syntax.allBytes
  }

  /// Reads the whole file; call once.
  mutating func fill(_ facts: inout FileFacts) {
    events.begin()
    statements(of: syntax.root)
    flush(callee: "", receiver: nil)
    if let main = events.endMain() { functions.append(main) }
    facts.namespace = fileNamespace ?? ""
    facts.functions = functions
    facts.types = types
    facts.constants = constants
    facts.imports = imports
  }

  // MARK: Keeping

  /// Enters a namespace; the first is that of the file.
  mutating func enter(namespace name: String) {
    namespace = name
    if fileNamespace == nil { fileNamespace = name }
  }

  /// A name for a class that has none.
  mutating func anonymousTypeName() -> String {
    anonymousTypes += 1
    return anonymousTypes == 1 ? "class@anonymous" : "class@anonymous\(anonymousTypes)"
  }

  /// Adds a call event.
  mutating func add(call callee: String, receiver: Value? = nil, arguments: [Value], line: Int) {
    events.add(
      .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct)), line)
  }

  /// A value outside of functions, as of a property or attribute: what is called there is no event.
  mutating func quietValue(_ node: Node) -> Value {
    events.begin()
    let saved = pending
    let found = value(node, syntax.kind(node))
    pending = saved
    _ = events.end()
    return found
  }
}

/// A parameter of a function.
struct PHPParameter {
  var name: String
  var type: String
  var annotations: [AnnotationFact]
  /// `.opaque` when it has no default.
  var value: Value
  var isPromoted: Bool
  var line: Int
}
