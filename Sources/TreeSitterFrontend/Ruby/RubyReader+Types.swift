import Facts

/// Classes, modules, constants and methods.
extension RubyReader {
  // MARK: Types

  mutating func definition(_ node: Node, isModule: Bool) -> Value {
    let parts = syntax.children(node)
    guard let name = parts.first(where: { $0.field == .name }) else { return .opaque }
    var type = TypeFact(
      name: qualified(constantName(name.node)), kind: isModule ? .module : .class, bases: [], line: syntax.line(node))
    var members: [FieldFact] = []
    events.begin()
    if let superclass = parts.first(where: { $0.field == .superclass }),
      let base = syntax.children(superclass.node).first
    {
      let value = value(base)
      if let name = Self.baseName(value) { type.bases = [name] }
      if let fields = Self.structureFields(value, line: type.line) {
        members = fields
        type.kind = .record
      }
    }
    let start = pending.count
    flush(from: start, callee: "lambda", receiver: nil)
    _ = events.end()
    type.fields = members
    enter(type)
    if let body = parts.first(where: { $0.field == .body }) { typeBody(body.node) }
    leave()
    return .opaque
  }

  /// The name of a type defined here.
  func qualified(_ name: String) -> String { context.name.isEmpty ? name : context.name + "::" + name }

  /// Begins a type; what is read until `leave` belongs to it.
  mutating func enter(_ type: TypeFact) {
    types.append(type)
    contexts.append(TypeContext(index: types.count - 1, name: type.name))
    methodStack.append(methods)
    methods = []
    locals.append(LocalScope(seesOuter: false))
    events.begin()
  }

  mutating func leave() {
    let body = events.end()
    locals.removeLast()
    methods = methodStack.removeLast()
    let context = contexts.removeLast()
    guard let index = context.index else { return }
    types[index].body += body
    addStatic(body, to: context.name)
  }

  mutating func typeBody(_ node: Node) { _ = sequence(syntax.children(node), use: .discard) }

  /// What blocks in the body of a class do when they are called later, as a function of its own.
  private mutating func addStatic(_ body: [PlacedEvent], to name: String) {
    var kept: [PlacedEvent] = []
    var depth = 0
    var closures = 0
    for placed in body {
      switch placed.event {
      case .enterScope(let callee):
        if closures > 0 || !Self.declaringBlocks.contains(callee) {
          closures += 1
          kept.append(placed)
        } else {
          depth += 1
        }
      case .leave where closures == 0 && depth > 0: depth -= 1
      case .enterBranch, .enterLoop:
        if closures > 0 {
          closures += 1
          kept.append(placed)
        } else {
          depth += 1
        }
      case .leave:
        if closures > 0 {
          closures -= 1
          kept.append(placed)
        }
      case .declare, .assign, .append, .call, .result, .mention, .nextBranch: if closures > 0 { kept.append(placed) }
      }
    }
    guard let first = kept.first, let last = kept.last else { return }
    owners.insert(name)
    functions.append(
      FunctionFact(
        name: name + ".<static>", owner: name, lines: first.line...max(first.line, last.line), parameters: [],
        isLocal: false, isRecovered: false, events: kept))
  }

  mutating func singletonClass(_ node: Node) -> Value {
    guard let body = syntax.child(node, .body) else { return .opaque }
    let outer = context
    contexts[contexts.count - 1].isSingleton = true
    _ = sequence(syntax.children(body), use: .discard)
    contexts[contexts.count - 1].isSingleton = outer.isSingleton
    return .opaque
  }

  /// The name of a base class: `Struct` for `Struct.new(:a)`, `ActiveRecord::Migration<7.0>` for one with a version.
  static func baseName(_ value: Value) -> String? {
    switch value {
    case .name(let name): name
    case .element(.name(let name), .literal(let version)): name + "<" + version + ">"
    case .call(let callee, .name(let scope)?, let arguments) where isConstant(callee):
      // `Sequel::Model(:orders)`
      scope + "::" + callee + (arguments.first.flatMap(literal).map { "<" + $0 + ">" } ?? "")
    case .call(let callee, let receiver, let arguments):
      if callee == "Class", receiver == nil, case .name(let base)? = arguments.first { base } else { callee }
    case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }

  private static func literal(_ value: Value) -> String? { if case .text(let text) = value { text } else { nil } }

  /// The fields of `Struct.new(:a, :b)` and `Data.define(:a, :b)`; nil for anything else.
  static func structureFields(_ value: Value, line: Int) -> [FieldFact]? {
    guard case .call(let callee, let receiver, let arguments) = value,
      callee == "Struct" && receiver == nil || callee == "define" && receiver == .name("Data")
    else { return nil }
    return arguments.compactMap { argument in
      if case .text(let name) = argument { FieldFact(name: name, line: line) } else { nil }
    }
  }

  // MARK: Constants

  mutating func constant(_ left: Node, _ right: Part) -> Value {
    let name = qualified(constantName(left))
    let line = syntax.line(left)
    if right.kind == .call, let type = definedType(name, right.node, line: line) { return .name(type) }
    let value = value(right)
    if value != .opaque {
      constants.append(
        ConstantFact(name: name, kind: .global, value: value, isLocal: false, line: line))
    }
    return value
  }

  /// `Line = Struct.new(:a) do … end`, `Error = Class.new(StandardError)`: a type of that name; nil for anything else.
  private mutating func definedType(_ name: String, _ node: Node, line: Int) -> String? {
    let parts = syntax.children(node)
    guard let receiver = parts.first(where: { $0.field == .receiver }), receiver.kind == .constant,
      let method = parts.first(where: { $0.field == .method })
    else { return nil }
    let maker = syntax.text(receiver.node) + "." + syntax.text(method.node)
    guard ["Struct.new", "Class.new", "Module.new", "Data.define"].contains(maker) else { return nil }
    let arguments = parts.first { $0.field == .arguments }.map { self.arguments(syntax.children($0.node)) } ?? []
    var type = TypeFact(name: name, kind: maker == "Module.new" ? .module : .class, bases: [], line: line)
    let call = Value.call(callee: "Struct", receiver: nil, arguments: arguments)
    if maker == "Struct.new" || maker == "Data.define" {
      type.kind = .record
      type.bases = [maker == "Struct.new" ? "Struct" : "Data"]
      type.fields = Self.structureFields(call, line: line) ?? []
    } else if case .name(let base)? = arguments.first {
      type.bases = [base]
    }
    enter(type)
    if let block = parts.first(where: { $0.field == .block }), let body = syntax.child(block.node, .body) {
      typeBody(body)
    }
    leave()
    return name
  }
}
