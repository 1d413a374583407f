import Basics
import Facts

/// Turns the syntax tree of one file into facts in one walk.
struct TypeScriptLowering {
  typealias Tree = Syntax<TypeScriptKind, TypeScriptField>
  typealias Part = Child<TypeScriptKind, TypeScriptField>

  /// A function given to a call or put into a value: what it does comes behind the call.
  struct PendingClosure {
    var name: String
    var lines: ClosedRange<Int>
    var parameters: [String]
    var types: [String]
    var events: [PlacedEvent]
  }

  /// A function, closure or file whose body is being read.
  struct Frame {
    /// Its name when it is a function of its own; empty for the file and for closures.
    var name = ""
    /// Whether its `return` gives the result of a function of its own.
    var isFunction = false
    /// Names it returns, alone or in an object.
    var returned: Set<String> = []
    /// Whether functions inside became functions of their own, which see its variables.
    var isShared = false
  }

  let syntax: Tree
  let isDeclarationFile: Bool
  var events = EventList()
  var frames: [Frame] = [Frame()]
  var pending: [PendingClosure] = []
  var functions: [FunctionFact] = []
  var types: [TypeFact] = []
  var typePlaces: [String: Int] = [:]
  var constants: [ConstantFact] = []
  var imports: [ImportFact] = []
  /// Names the file gives to others.
  var exported: Set<String> = []
  /// Whether the file says what it gives to others.
  var hasExports = false
  /// The namespaces and types around, with dots.
  var path = ""
  /// The type whose members are being read; empty outside.
  var owner = ""
  /// The name for the function given to the call being read, when that makes it a function of its own.
  var adopted: String?
  var depth = 0
  var firstError = 0
  /// Templates with a type and a tag, which the grammar takes for an error.
  var typedTemplates = 0

  /// Nesting beyond this is no code written by people.
  static let maximumDepth = 400

  init(_ syntax: Tree, isDeclarationFile: Bool) {
    self.syntax = syntax
    self.isDeclarationFile = isDeclarationFile
  }

  /// Reads the whole file.
  mutating func readFile() {
    statements(syntax.children(syntax.root))
    flushPending(from: 0, callee: "", receiver: nil)
    let main = events.drained()
    guard !main.isEmpty else { return }
    functions.insert(
      FunctionFact(
        name: "<main>", owner: "", lines: 1...max(1, syntax.lastLine(syntax.root)), parameters: [], isLocal: true,
        isRecovered: false, events: main), at: 0)
  }

  /// Puts what was read into `facts`.
  mutating func fill(_ facts: inout FileFacts) {
    if hasExports {
      for index in functions.indices where functions[index].owner.isEmpty && isPlain(functions[index].name) {
        functions[index].isLocal = !exported.contains(functions[index].name)
      }
      for index in constants.indices where isPlain(constants[index].name) {
        constants[index].isLocal = constants[index].isLocal || !exported.contains(constants[index].name)
      }
    }
    facts.functions = functions
    facts.types = types
    facts.constants = constants
    facts.imports = imports
  }

  /// Whether all the parser stumbled over was understood nevertheless.
  var onlyMisreadTemplates: Bool { firstError == 0 && typedTemplates > 0 }

  private func isPlain(_ name: String) -> Bool { !name.utf8.contains(UInt8(ascii: ".")) }

  // MARK: Events

  mutating func add(_ event: CodeEvent, _ line: Int) { events.add(event, line) }

  /// Adds what the closures since `mark` do; `callee` is what they were given to.
  mutating func flushPending(from mark: Int, callee: String, receiver: Value?) {
    guard pending.count > mark else { return }
    let closures = Array(pending[mark...])
    pending.removeSubrange(mark...)
    for closure in closures {
      add(.enterScope(callee: callee.isEmpty ? closure.name : callee), closure.lines.lowerBound)
      for (position, name) in closure.parameters.enumerated() where !name.isEmpty {
        add(
          .declare(
            name: name, type: closure.types[position],
            value: Self.given(to: callee, receiver: receiver, position: position)), closure.lines.lowerBound)
      }
      events.add(closure.events)
      add(.leave, closure.lines.upperBound)
    }
  }

  /// What a method hands to the closure it is given.
  private static func given(to callee: String, receiver: Value?, position: Int) -> Value {
    guard let receiver else { return .opaque }
    switch callee {
    case "then", "tap": return position == 0 ? receiver : .opaque
    case "reduce", "reduceRight": return position == 1 ? .element(of: receiver, at: .opaque) : .opaque
    case "catch", "finally": return .opaque
    default: return position == 0 ? .element(of: receiver, at: .opaque) : .opaque
    }
  }

  /// Whether statements stand in the file or a namespace, and not in a function.
  var isTopLevel: Bool { frames.count == 1 }

  /// `name` inside of the namespaces around.
  func qualified(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
}
