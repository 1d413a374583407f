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
  var closures: [WaitingClosure] = []
  /// Whether the annotation of the assignment being read allows `None`.
  var isOptional = false
  /// How deep the node being read is nested.
  var depth = 0

  /// Deeper nodes are not read. Python itself refuses more than 200 nested parentheses and 100 nested blocks.
  static let deepest = 400
  /// Longest chain of calls that is kept as one value.
  static let longestChain = 200

  init(_ syntax: PythonSyntax, module: PythonModule) {
    self.syntax = syntax
    self.module = module
  }

  var scope: PythonScope { scopes[scopes.count - 1] }

  /// Reads the whole file; call once.
  mutating func fill(_ facts: inout FileFacts) {
    events.begin()
    block(syntax.children(syntax.root), hasDocumentation: true)
    if let main = events.endMain() { functions.append(main) }
    facts.namespace = module.path
    facts.functions = functions
    facts.types = types
    facts.constants = constants
    facts.imports = imports
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
