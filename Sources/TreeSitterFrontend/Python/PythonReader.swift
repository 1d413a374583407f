import Basics
import Facts

/// Walks the syntax tree of one file once and keeps its facts.
struct PythonReader {
  let syntax: PythonSyntax
  let module: PythonModule
  var events = EventList()
  var functions: [FunctionFact] = []
  var types: [TypeFact] = []
  var constants: [ConstantFact] = []
  var imports: [ImportFact] = []
  /// What is being read, innermost last: the module, a class, a function.
  var scopes: [PythonScope] = [PythonScope(kind: .module)]
  /// Functions without a name met in the expression being read, until the call they are given to is known.
  var closures: [PendingClosure] = []
  /// Whether the annotation of the assignment being read allows `None`.
  var isOptional = false
  /// How deep the node being read is nested.
  var depth = 0
  private var understoodLines = 0
  private var lostLines = 0

  /// Deeper nodes are not read. Python itself refuses more than 200 nested parentheses and 100 nested blocks.
  static let deepest = 400
  /// Longest chain of calls that is kept as one value.
  static let longestChain = 200

  init(syntax: PythonSyntax, module: PythonModule) {
    self.syntax = syntax
    self.module = module
  }

  var scope: PythonScope { scopes[scopes.count - 1] }

  /// Reads the whole file.
  mutating func readModule() {
    let children = syntax.children(syntax.root)
    block(children, hasDocumentation: true)
    let main = events.drained()
    guard let first = main.first, let last = main.last else { return }
    functions.append(
      FunctionFact(
        name: "<main>", owner: "", lines: first.line...max(first.line, last.line), parameters: [], isLocal: true,
        isRecovered: false, events: main))
  }

  /// Counts the lines of a function that stands in no other one.
  mutating func count(_ lines: ClosedRange<Int>, isLost: Bool) {
    if isLost { lostLines += lines.count } else { understoodLines += lines.count }
  }

  /// What was read.
  func facts(of file: RepoPath) -> FileFacts {
    // Nested functions are finished before the ones around them.
    let sorted = functions.enumerated().sorted {
      ($0.element.lines.lowerBound, $0.offset) < ($1.element.lines.lowerBound, $1.offset)
    }
    var diagnostics: [Diagnostic] = []
    if syntax.hasError(syntax.root) {
      diagnostics.append(
        Diagnostic(
          code: "parse-errors", severity: .note, span: SourceSpan(file: file, line: 0),
          message: "parts of the file are no Python that could be read", nextStep: "check the file with a compiler"))
    }
    return FileFacts(
      file: file, language: .python, namespace: module.path, functions: sorted.map(\.element), types: types,
      constants: constants, imports: imports, understoodLines: understoodLines, lostLines: lostLines,
      diagnostics: diagnostics)
  }
}

/// A module, class or function while it is read.
struct PythonScope {
  enum Kind { case module, type, function }

  var kind: Kind
  /// The function's or class's full name; empty for the module.
  var name = ""
  /// The class whose methods these are; empty outside of classes.
  var owner = ""
  /// The place of the class in `types`.
  var type: Int?
  /// What the object itself is called; empty outside of methods.
  var selfName = ""
  /// Whether `selfName` is the class.
  var isClassMethod = false
  /// Names that were given a value before.
  var locals: Set<String> = []
  /// Whether the events count as those of the function around, so that results are not its own.
  var isInlined = false
  /// Parameters with their types, for fields that are filled from them.
  var parameterTypes: [String: String] = [:]
}

/// A lambda with what its body does.
struct PendingClosure {
  var parameters: [String]
  var events: [PlacedEvent]
  var line: Int
}
