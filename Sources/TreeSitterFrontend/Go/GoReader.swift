import Basics
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
  var pending: [GoClosure] = []
  /// Events of `defer` statements, which happen when the function ends.
  var deferred: [[PlacedEvent]] = []
  /// How deep the expression or statement is nested.
  var depth = 0
  private var functions: [FunctionFact] = []
  private var cover = LineCover()
  private var lostLines = 0
  private let lineCount: Int
  /// Deeper code is not followed: no person wrote it, and the stack is finite.
  static let maximumDepth = 200

  init(syntax: Syntax<GoKind, GoField>, lineCount: Int) {
    self.syntax = syntax
    self.lineCount = lineCount
  }

  /// The facts of the file; call once.
  mutating func read(_ file: RepoPath) -> FileFacts {
    let root = syntax.root
    events.begin()
    for child in syntax.children(root) { declaration(child.node, child.kind) }
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
      file: file, language: .go, namespace: package, functions: order.map(\.element),
      types: types.sorted { $0.line < $1.line }, constants: constants, imports: imports, lineCount: lineCount,
      understoodLines: cover.count, lostLines: lostLines)
    if syntax.hasError(root) {
      facts.diagnostics.append(
        Diagnostic(
          code: "parse-errors", severity: .note, span: SourceSpan(file: file, line: 0),
          message: "parts of the file are not Go this grammar knows", nextStep: "what lies around them was read"))
    }
    return facts
  }

  /// Keeps a function; one whose body has errors and nothing that could be read is lost.
  mutating func add(_ function: FunctionFact) {
    functions.append(function)
    if function.isRecovered, function.events.isEmpty {
      lostLines += function.lines.count
    } else {
      cover.add(function.lines)
    }
  }

  /// Whether one more level may be entered; the caller leaves it with `depth -= 1`.
  mutating func enterNesting() -> Bool {
    guard depth < Self.maximumDepth else { return false }
    depth += 1
    return true
  }
}

/// A function literal with its events, waiting for the call it is given to.
struct GoClosure {
  var parameters: [GoParameter]
  var events: [PlacedEvent]
  var line: Int
}

/// A parameter of a function.
struct GoParameter {
  var name: String
  var type: String
}
