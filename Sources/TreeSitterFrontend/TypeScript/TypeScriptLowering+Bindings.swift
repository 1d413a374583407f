import Facts

/// Variables, patterns and assignments, and functions that get their name by them.
extension TypeScriptLowering {
  // MARK: Variables

  mutating func variables(_ node: Node, isExported: Bool) {
    var isConstant = false
    for child in syntax.children(node) {
      if child.field == .kind { isConstant = syntax.text(child.node) == "const" }
      if child.kind == .variableDeclarator { variable(child.node, isConstant: isConstant, isExported: isExported) }
    }
  }

  private mutating func variable(_ node: Node, isConstant: Bool, isExported: Bool) {
    var target: Part?
    var type = ""
    var initial: Part?
    for child in syntax.children(node) {
      switch child.field {
      case .name: target = child
      case .type: type = typeText(child.node, child.kind)
      case .value: initial = child
      default: break
      }
    }
    guard let target else { return }
    let line = syntax.line(node)
    if type.isEmpty, let initial { type = assertedType(initial) }
    if let initial, let path = requiredPath(initial) {
      importPattern(target, path: path, symbol: requiredMember(initial))
      // The name is known as an import; what a call of the required function gives is a value of its own.
      if isTopLevel { return }
    }
    guard target.kind == .identifier else {
      let value = initial.map { self.value($0.node, $0.kind) } ?? .opaque
      return declare(target.node, target.kind, type: type, value: value)
    }
    let name = syntax.text(target.node)
    if isExported { exported.insert(name) }
    let before = events.count
    if let initial, isTopLevel || frames[frames.count - 1].returned.contains(name) {
      let isInner = !isTopLevel
      let full = isInner ? frames[frames.count - 1].name + "." + name : qualified(name)
      if hoist(initial, name: full, line: line) {
        if isInner { frames[frames.count - 1].isShared = true }
        return
      }
    }
    let value = initial.map { namedValue($0, name: name) } ?? .opaque
    describe(isTopLevel ? qualified(name) : name, value, line: line)
    if isTopLevel {
      let mark = events.count
      if value != .opaque {
        constants.append(ConstantFact(name: qualified(name), kind: .global, value: value, isLocal: false, line: line))
      }
      // What only holds a value needs no code that runs.
      guard mark > before || !pending.isEmpty else { return }
    }
    add(.declare(name: name, type: type, value: value), line)
  }

  /// `x as T`, `<T>x`: what the type of a variable is when none is declared.
  /// Words in names of calls that make something like a class from a name and a description.
  private static let describing: Set<String> = ["define", "table", "view", "schema", "entity", "extend", "model"]

  private static func isDescribing(_ callee: String) -> Bool {
    let lowered = callee.lowercased()
    return describing.contains { lowered.hasSuffix($0) }
  }

  /// `pgTable('orders', { … })`, `sequelize.define('order', { … })`, `Model.extend({ … })` and the like stand for a
  /// class that has no syntax of its own: the call is its body.
  private mutating func describe(_ name: String, _ value: Value, line: Int) {
    guard case .call(let callee, let receiver, let arguments) = value, typePlaces[name] == nil,
      Self.isDescribing(callee),
      arguments.contains(where: { if case .list = $0 { true } else { false } })
    else { return }
    typePlaces[name] = types.count
    let call = CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct)
    types.append(
      TypeFact(name: name, kind: .module, bases: [], body: [PlacedEvent(line: line, event: .call(call))], line: line))
  }

  private func assertedType(_ value: Part) -> String {
    var current = value
    while current.kind == .parenthesizedExpression || current.kind == .awaitExpression,
      let inner = syntax.children(current.node).first
    { current = inner }
    guard current.kind == .asExpression || current.kind == .satisfiesExpression,
      let type = syntax.children(current.node).dropFirst().last
    else { return "" }
    return typeText(type.node, type.kind)
  }

  /// A value that takes the name of its variable when it is a function or a class.
  private mutating func namedValue(_ value: Part, name: String) -> Value {
    switch value.kind {
    case .arrowFunction, .functionExpression, .generatorFunction: closure(value.node, name: name)
    case .class: .name(classType(value.node, name: name, decorators: []))
    default: self.value(value.node, value.kind)
    }
  }

  // MARK: Patterns

  /// Declares every name of a pattern.
  mutating func declare(_ node: Node, _ kind: TypeScriptKind?, type: String, value: Value) {
    guard depth < Self.maximumDepth else { return }
    depth += 1
    defer { depth -= 1 }
    let line = syntax.line(node)
    switch kind {
    case .identifier, .shorthandPropertyIdentifierPattern:
      add(.declare(name: syntax.text(node), type: type, value: value), line)
    case .objectPattern:
      for child in syntax.children(node) { declareMember(child, of: value) }
    case .arrayPattern:
      for (place, child) in syntax.children(node).enumerated() {
        declare(child.node, child.kind, type: "", value: .element(of: value, at: .literal(String(place))))
      }
    case .assignmentPattern, .objectAssignmentPattern:
      let parts = syntax.children(node)
      guard let left = parts.first, let right = parts.last else { return }
      let initial = self.value(right.node, right.kind)
      declare(left.node, left.kind, type: type, value: initial == .opaque ? value : .either([value, initial]))
    case .restPattern:
      if let inner = syntax.children(node).first { declare(inner.node, inner.kind, type: type, value: value) }
    case .memberExpression, .subscriptExpression:
      if let name = plainName(node) { add(.assign(name: name, value: value), line) }
    case .lexicalDeclaration, .variableDeclaration:
      for child in syntax.children(node) where child.kind == .variableDeclarator {
        if let name = syntax.children(child.node).first { declare(name.node, name.kind, type: type, value: value) }
      }
    default: break
    }
  }

  private mutating func declareMember(_ child: Part, of value: Value) {
    switch child.kind {
    case .pairPattern:
      let parts = syntax.children(child.node)
      guard let key = parts.first, let target = parts.last else { return }
      declare(target.node, target.kind, type: "", value: .element(of: value, at: .text(keyText(key) ?? "")))
    case .restPattern: declare(child.node, child.kind, type: "", value: value)
    case .objectAssignmentPattern:
      let parts = syntax.children(child.node)
      guard let left = parts.first else { return }
      let element = Value.element(of: value, at: .text(syntax.text(left.node)))
      declare(child.node, child.kind, type: "", value: element)
    default:
      declare(child.node, child.kind, type: "", value: .element(of: value, at: .text(syntax.text(child.node))))
    }
  }

  // MARK: Assignments

  /// `left = right`, as a statement or inside of a value; gives what was assigned.
  @discardableResult
  mutating func assignment(_ node: Node) -> Value {
    var left: Part?
    var right: Part?
    for child in syntax.children(node) {
      if child.field == .left { left = child }
      if child.field == .right { right = child }
    }
    guard let left, let right else { return .opaque }
    let line = syntax.line(node)
    guard let name = plainName(left.node) else {
      let value = self.value(right.node, right.kind)
      if left.kind == .objectPattern || left.kind == .arrayPattern {
        assign(left, value)
      } else if left.kind == .memberExpression || left.kind == .subscriptExpression {
        _ = self.value(left.node, left.kind)
      }
      return value
    }
    if let path = requiredPath(right) { importPattern(left, path: path) }
    if isTopLevel, let value = exportAssignment(name, right, line: line) { return value }
    if frames.count <= 2, pending.isEmpty, methodAssignment(name, right, line: line) { return .name(name) }
    let value =
      right.kind == .assignmentExpression
      ? assignment(right.node) : namedValue(right, name: NameEnd.of(name))
    add(.assign(name: name, value: value), line)
    return value
  }

  /// `({ a, b } = value)`, `[a, b] = value`.
  private mutating func assign(_ pattern: Part, _ value: Value) {
    beginBody()
    declare(pattern.node, pattern.kind, type: "", value: value)
    for placed in events.end() {
      if case .declare(let name, _, let value) = placed.event {
        add(.assign(name: name, value: value), placed.line)
      } else {
        add(placed.event, placed.line)
      }
    }
  }

  /// `module.exports = …`, `exports.name = …`; nil for any other assignment.
  private mutating func exportAssignment(_ name: String, _ right: Part, line: Int) -> Value? {
    if name == "module.exports" || name == "exports" {
      hasExports = true
      switch right.kind {
      case .assignmentExpression: return assignment(right.node)
      case .identifier: exported.insert(syntax.text(right.node))
      case .object:
        for child in syntax.children(right.node) {
          if child.kind == .shorthandPropertyIdentifier { exported.insert(syntax.text(child.node)) }
          if child.kind == .pair, let value = syntax.child(child.node, .value), syntax.kind(value) == .identifier {
            exported.insert(syntax.text(value))
          }
        }
        return object(right.node, prefix: "", isResult: false)
      default:
        if hoist(right, name: ownName(right) ?? "default", line: line) {
          exported.insert(ownName(right) ?? "default")
          return .opaque
        }
      }
      let value = self.value(right.node, right.kind)
      if case .call = value {
        constants.append(ConstantFact(name: "default", kind: .global, value: value, isLocal: false, line: line))
      }
      return value
    }
    for prefix in ["module.exports.", "exports."] where name.hasPrefix(prefix) {
      hasExports = true
      let short = String(name.dropFirst(prefix.count))
      exported.insert(short)
      if right.kind == .identifier { exported.insert(syntax.text(right.node)) }
      if right.kind == .assignmentExpression { return assignment(right.node) }
      if hoist(right, name: short, line: line) { return .name(short) }
      let value = self.value(right.node, right.kind)
      describe(short, value, line: line)
      if value != .opaque, value != .name(short) {
        constants.append(ConstantFact(name: short, kind: .global, value: value, isLocal: false, line: line))
      }
      return value
    }
    return nil
  }

  /// `Order.prototype.find = function …`, `Order.find = …`, `this.find = …` in a constructor function: a method.
  private mutating func methodAssignment(_ name: String, _ right: Part, line: Int) -> Bool {
    let parts = name.split(separator: ".")
    guard parts.count >= 2, parts.count <= 3, parts.count == 2 || parts[1] == "prototype" else {
      return false
    }
    var type = String(parts[0])
    if parts.count == 2, parts[1] == "prototype" {
      guard right.kind == .object else { return false }
      ensureType(type, line: line)
      _ = object(right.node, prefix: type, isResult: false)
      return true
    }
    guard Self.isFunction(right.kind) else { return false }
    if type == "this" {
      guard let frame = frames.last, frame.isFunction, !frame.name.isEmpty, owner.isEmpty else { return false }
      type = frame.name
      frames[frames.count - 1].isShared = true
    }
    // Handlers put on objects of others, as in `window.onload = …`, are no methods of theirs.
    guard parts.count == 3 || parts[0] == "this" || type.utf8.first.map({ $0 < UInt8(ascii: "a") }) ?? false else {
      return false
    }
    if frames.count == 2 { frames[1].isShared = true }
    ensureType(type, line: line)
    function(right.node, name: type + "." + String(parts[parts.count - 1]), owner: type, decorators: [])
    return true
  }

  // MARK: Functions by the name they are given

  static func isFunction(_ kind: TypeScriptKind?) -> Bool {
    kind == .arrowFunction || kind == .functionExpression || kind == .generatorFunction
  }

  /// The name a function or class has of its own.
  func ownName(_ value: Part) -> String? {
    guard Self.isFunction(value.kind) || value.kind == .class else { return nil }
    return syntax.child(value.node, .name).map(syntax.text)
  }

  /// Makes a function, a class or the methods of an object facts of their own under `name`. Functions wrapped in a
  /// plain call, such as `handler(async (request) => …)`, count as well. False when `value` is something else.
  mutating func hoist(_ value: Part, name: String, line: Int) -> Bool {
    switch value.kind {
    case .arrowFunction, .functionExpression, .generatorFunction:
      function(value.node, name: name, owner: "", decorators: [])
    case .class: _ = classType(value.node, name: name, decorators: [])
    case .object:
      let hasFunctions = syntax.children(value.node).contains {
        $0.kind == .methodDefinition
          || ($0.kind == .pair && syntax.child($0.node, .value).map { Self.isFunction(syntax.kind($0)) } ?? false)
      }
      guard hasFunctions else { return false }
      ensureType(name, line: line)
      let held = object(value.node, prefix: name, isResult: false)
      constants.append(ConstantFact(name: name, kind: .global, value: held, isLocal: false, line: line))
    case .callExpression:
      guard let callee = syntax.child(value.node, .function), syntax.kind(callee) == .identifier,
        let arguments = syntax.child(value.node, .arguments)
      else { return false }
      let functions = syntax.children(arguments).filter { Self.isFunction($0.kind) }
      guard functions.count == 1, !Self.isDescribing(syntax.text(callee)) else { return false }
      adopted = name
      let mark = pending.count
      let held = self.value(value.node, .callExpression)
      flushPending(from: mark, callee: "", receiver: nil)
      constants.append(ConstantFact(name: name, kind: .global, value: held, isLocal: false, line: line))
    default: return false
    }
    return true
  }

  /// The type of that name; made when there is none, for constructor functions and objects with methods.
  mutating func ensureType(_ name: String, line: Int) {
    guard typePlaces[name] == nil else { return }
    typePlaces[name] = types.count
    types.append(TypeFact(name: name, kind: .module, bases: [], line: line))
  }
}
