import Facts

/// Reads one file of Ruby: walks its tree once and notes what it defines and does.
struct RubyReader {
  typealias Tree = Syntax<RubyKind, RubyField>
  typealias Part = Child<RubyKind, RubyField>

  /// The class or module around the code being read.
  struct TypeContext {
    /// Its place among `types`; nil at the top of the file.
    var index: Int?
    /// Its name with all modules around it; empty at the top.
    var name: String
    /// Whether methods defined here belong to the class itself: `class << self`.
    var isSingleton = false
  }

  /// The method around the code being read.
  struct MethodContext {
    var name: String
    var isStatic: Bool
    var parameters: [String]
  }

  /// Local variables of a method, or of a block that sees those around it.
  struct LocalScope {
    var names: Set<String> = []
    var seesOuter: Bool
    /// Whether `it` and `_1` mean the element a block was called with.
    var hasImplicit = false
    var usedImplicit: String?
  }

  /// A lambda or block whose events wait for the call it is given to.
  struct PendingClosure {
    var parameters: [(name: String, parts: [String])]
    var events: [PlacedEvent]
    var line: Int
  }

  /// What becomes of the value of a statement.
  enum Use { case discard, result, value }

  let syntax: Tree
  var events = EventList()
  var functions: [FunctionFact] = []
  var types: [TypeFact] = []
  var constants: [ConstantFact] = []
  var imports: [ImportFact] = []
  var contexts = [TypeContext(index: nil, name: "")]
  var methods: [MethodContext] = []
  /// The methods around each type around the code being read.
  var methodStack: [[MethodContext]] = []
  var locals = [LocalScope(seesOuter: false)]
  var pending: [PendingClosure] = []
  /// Types that functions belong to.
  var owners: Set<String> = []
  /// Bodies of here-documents by the offset of what announces them; nil until the first is met.
  var heredocs: [Int: Node]?
  private var depth = 0
  /// Nodes nested more deeply than this are not read.
  private static let maximumDepth = 400

  init(_ syntax: Tree) { self.syntax = syntax }

  // MARK: The file

  /// Reads the whole file; call once.
  mutating func fill(_ facts: inout FileFacts) {
    events.begin()
    _ = body(syntax.root, use: .discard)
    flush(from: 0, callee: "lambda", receiver: nil)
    if let main = events.endMain() { functions.append(main) }
    facts.functions = functions
    facts.types = types.filter { !isMereNamespace($0) }
    facts.constants = constants
    facts.imports = imports
  }

  /// Whether a module only holds other types, as those around the classes of every file do.
  private func isMereNamespace(_ type: TypeFact) -> Bool {
    type.kind == .module && type.bases.isEmpty && type.fields.isEmpty && type.body.isEmpty
      && !owners.contains(type.name)
  }

  // MARK: Names

  var context: TypeContext { contexts[contexts.count - 1] }

  /// Whether the code runs when its class is read, and not when a method is called.
  var isInTypeBody: Bool { methods.isEmpty && context.index != nil }

  func isLocal(_ name: String) -> Bool {
    for scope in locals.reversed() {
      if scope.names.contains(name) { return true }
      if !scope.seesOuter { return false }
    }
    return false
  }

  mutating func addLocal(_ name: String) { locals[locals.count - 1].names.insert(name) }

  /// Whether `name` is the element that a block without parameters was called with.
  mutating func isImplicitParameter(_ name: String) -> Bool {
    guard name == "it" || name == "_1", locals[locals.count - 1].hasImplicit else { return false }
    locals[locals.count - 1].usedImplicit = name
    return true
  }

  // MARK: Statements

  /// The statements of a node, with `rescue`, `else` and `ensure` when it has them.
  mutating func body(_ node: Node, use: Use) -> Value { sequence(syntax.children(node), use: use) }

  mutating func sequence(_ parts: [Part], use: Use) -> Value {
    var plain: [Part] = []
    var rescues: [Part] = []
    var otherwise: Part?
    var ensure: Part?
    for part in parts {
      switch part.kind {
      case .rescue: rescues.append(part)
      case .else: otherwise = part
      case .ensure: ensure = part
      case .emptyStatement, .blockParameter, .argumentList: break
      default: plain.append(part)
      }
    }
    var values = [statements(plain, use: otherwise == nil ? use : .discard)]
    if let otherwise { values = [body(otherwise.node, use: use)] }
    for (place, clause) in rescues.enumerated() {
      events.add(place == 0 ? .enterBranch : .nextBranch, syntax.line(clause.node))
      values.append(rescue(clause.node, use: use))
    }
    if let last = rescues.last { events.add(.leave, syntax.lastLine(last.node)) }
    if let ensure { _ = body(ensure.node, use: .discard) }
    return Self.either(values)
  }

  private mutating func statements(_ parts: [Part], use: Use) -> Value {
    var last = Value.literal("null")
    for (place, part) in parts.enumerated() {
      let start = pending.count
      last = statement(part, use: place == parts.count - 1 ? use : .discard)
      flush(from: start, callee: "lambda", receiver: nil)
    }
    return last
  }

  private mutating func rescue(_ node: Node, use: Use) -> Value {
    var result = Value.literal("null")
    for part in syntax.children(node) {
      switch part.field {
      case .exceptions: _ = syntax.children(part.node).map { value($0) }
      case .variable:
        if let name = syntax.children(part.node).first { assign(to: name, .opaque) }
      case .body: result = body(part.node, use: use)
      default: break
      }
    }
    return result
  }

  /// One statement; its value, which is handed on as `use` says.
  mutating func statement(_ part: Part, use: Use) -> Value {
    guard depth < Self.maximumDepth else { return .opaque }
    depth += 1
    defer { depth -= 1 }
    if let value = controlFlow(part, use: use) { return value }
    let value = value(part)
    switch use {
    case .value: break
    case .result: events.add(.result(value), syntax.line(part.node))
    case .discard:
      switch part.kind {
      case .method, .singletonMethod, .assignment, .operatorAssignment, .call: break
      default: mention(value, syntax.line(part.node))
      }
    }
    return value
  }

  private mutating func mention(_ value: Value, _ line: Int) {
    switch value {
    case .text, .literal, .name, .join, .list, .either, .element, .operation, .field, .type, .member:
      events.add(.mention(value), line)
    case .call, .closure, .opaque: break
    }
  }

  // MARK: Expressions

  /// The value of an expression; what it calls is noted on the way.
  mutating func value(_ part: Part) -> Value {
    guard depth < Self.maximumDepth else { return .opaque }
    depth += 1
    defer { depth -= 1 }
    return controlFlow(part, use: .value) ?? expression(part)
  }

  /// Several possible values as one.
  static func either(_ values: [Value]) -> Value {
    var distinct: [Value] = []
    for value in values where value != .opaque && value != .literal("null") && !distinct.contains(value) {
      distinct.append(value)
    }
    if distinct.isEmpty { return values.first ?? .opaque }
    return distinct.count == 1 ? distinct[0] : .either(distinct)
  }

  // MARK: Closures

  /// Adds the events of closures that wait since `start` behind the call they were given to.
  mutating func flush(from start: Int, callee: String, receiver: Value?) {
    guard pending.count > start else { return }
    let closures = pending[start...]
    pending.removeSubrange(start...)
    for closure in closures {
      events.add(.enterScope(callee: callee), closure.line)
      for (place, parameter) in closure.parameters.enumerated() {
        let element = place == 0 ? receiver.map { Value.element(of: $0, at: .opaque) } ?? .opaque : .opaque
        if parameter.parts.isEmpty {
          events.add(.declare(name: parameter.name, type: "", value: element), closure.line)
        }
        for (place, name) in parameter.parts.enumerated() {
          events.add(
            .declare(name: name, type: "", value: .element(of: element, at: .literal(String(place)))), closure.line)
        }
      }
      events.add(closure.events)
      events.add(.leave, closure.events.last?.line ?? closure.line)
    }
  }
}
