import Basics
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
  var pending: [PHPClosure] = []
  /// How deep the expression or statement is nested.
  var depth = 0
  private var fileNamespace: String?
  private var anonymousTypes = 0
  private var cover = LineCover()
  private var lostLines = 0
  /// Deeper code is not followed: no person wrote it, and the stack is finite.
  static let maximumDepth = 200

  init(syntax: Syntax<PHPKind, PHPField>, bytes: UnsafeBufferPointer<UInt8>) {
    self.syntax = syntax
    self.bytes = bytes
  }

  /// The facts of the file; call once.
  mutating func read(_ file: RepoPath) -> FileFacts {
    let root = syntax.root
    events.begin()
    statements(of: root)
    flush(callee: "", receiver: nil)
    let main = events.end()
    if let first = main.map(\.line).min(), let last = main.map(\.line).max() {
      add(
        FunctionFact(
          name: "<main>", owner: "", lines: first...last, parameters: [], isLocal: true, isRecovered: false,
          events: main))
    }
    let order = functions.enumerated().sorted {
      ($0.element.lines.lowerBound, $0.offset) < ($1.element.lines.lowerBound, $1.offset)
    }
    var facts = FileFacts(
      file: file, language: .php, namespace: fileNamespace ?? "", functions: order.map(\.element),
      types: types.sorted { $0.line < $1.line }, constants: constants, imports: imports,
      lineCount: bytes.lazy.filter { $0 == 10 }.count + (bytes.last.map { $0 == 10 } ?? true ? 0 : 1),
      understoodLines: cover.count, lostLines: lostLines)
    if syntax.hasError(root) {
      facts.diagnostics.append(
        Diagnostic(
          code: "parse-errors", severity: .note, span: SourceSpan(file: file, line: 0),
          message: "parts of the file are not PHP this grammar knows", nextStep: "what lies around them was read"))
    }
    return facts
  }

  // MARK: Keeping

  /// Keeps a function; one whose body has errors and nothing that could be read is lost.
  mutating func add(_ function: FunctionFact) {
    functions.append(function)
    if function.isRecovered, function.events.isEmpty {
      lostLines += function.lines.count
    } else {
      cover.add(function.lines)
    }
  }

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

/// A closure with its events, waiting for the call it is given to.
struct PHPClosure {
  var parameters: [PHPParameter]
  var events: [PlacedEvent]
  var line: Int
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
