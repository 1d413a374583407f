import Facts

/// Expressions other than calls and texts.
extension RubyReader {
  mutating func expression(_ part: Part) -> Value {
    let node = part.node
    switch part.kind {
    case .identifier: return identifier(node)
    case .constant: return .name(syntax.text(node))
    case .call: return call(node)
    case .instanceVariable: return .name("this." + syntax.text(node).drop { $0 == "@" })
    case .classVariable: return .name("this." + syntax.text(node).drop { $0 == "@" })
    case .globalVariable: return .name(syntax.text(node))
    case .selfKeyword: return .name("this")
    case .superKeyword: return superCall([], node)
    case .scopeResolution: return scopeResolution(node)
    case .integer, .float, .rational, .complex: return .literal(syntax.text(node))
    case .trueLiteral: return .literal("true")
    case .falseLiteral: return .literal("false")
    case .nilLiteral: return .literal("null")
    case .string, .chainedString, .simpleSymbol, .delimitedSymbol, .hashKeySymbol, .bareString, .bareSymbol,
      .heredocBeginning, .character, .subshell, .regex, .stringContent:
      return text(part)
    case .array, .stringArray, .symbolArray, .rightAssignmentList: return .list(arguments(syntax.children(node)))
    case .hash: return .list(arguments(syntax.children(node)))
    case .pair: return pair(node)
    case .binary: return binary(node)
    case .unary: return unary(node)
    case .range: return range(node)
    case .assignment: return assignment(node)
    case .operatorAssignment: return operatorAssignment(node)
    case .elementReference: return elementReference(node)
    case .lambda: return lambda(node)
    case .method, .singletonMethod: return method(node, isSingleton: part.kind == .singletonMethod)
    case .class, .module: return definition(node, isModule: part.kind == .module)
    case .singletonClass: return singletonClass(node)
    case .yield: return yield(node)
    case .splatArgument, .hashSplatArgument, .blockArgument, .interpolation, .argumentList:
      return syntax.children(node).first.map { value($0) } ?? .opaque
    case .testPattern, .matchPattern: return patternTest(node)
    default: return unknown(node)
    }
  }

  /// What the grammar could not read may still hold statements.
  private mutating func unknown(_ node: Node) -> Value {
    if syntax.isError(node) { for part in syntax.children(node) { _ = value(part) } }
    return .opaque
  }

  private mutating func identifier(_ node: Node) -> Value {
    let name = syntax.text(node)
    if isLocal(name) || isImplicitParameter(name) { return .name(name) }
    if name.hasPrefix("__") { return .opaque }
    add(CallFact(callee: name, receiver: nil, arguments: [], dispatch: .direct), node)
    return .call(callee: name, receiver: nil, arguments: [])
  }

  mutating func add(_ call: CallFact, _ node: Node) { events.add(.call(call), syntax.line(node)) }

  private mutating func scopeResolution(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let last = parts.first(where: { $0.field == .name }) else { return .opaque }
    let name = syntax.text(last.node)
    guard let scope = parts.first(where: { $0.field == .scope }) else { return .name(name) }
    let outer = value(scope)
    if case .name(let path) = outer { return .name(path + "::" + name) }
    return .field(of: outer, name: name)
  }

  /// The name of a constant as written, without white space and leading colons.
  func constantName(_ node: Node) -> String {
    var text = syntax.text(node)
    text.removeAll { $0.isWhitespace }
    return text.hasPrefix("::") ? String(text.dropFirst(2)) : text
  }

  // MARK: Operators

  private mutating func binary(_ node: Node) -> Value {
    // Long chains nest to the left: they are walked with a loop.
    var chain: [(operator: String, right: Part, node: Node)] = []
    var leftmost = Part(node: node, kind: .binary, field: nil)
    while leftmost.kind == .binary {
      let parts = syntax.children(leftmost.node)
      guard let left = parts.first(where: { $0.field == .left }),
        let right = parts.first(where: { $0.field == .right }),
        let sign = parts.first(where: { $0.field == .operator })
      else { return .opaque }
      chain.append((syntax.text(sign.node), right, leftmost.node))
      leftmost = left
    }
    var current = value(leftmost)
    var operands: [Value] = []
    var sign = ""
    for link in chain.reversed() {
      if link.operator == "<<" || link.operator == "%" {
        current = Self.operation(sign, [current] + operands)
        (operands, sign) = ([], "")
        current = push(link.operator, current, value(link.right), link.node)
        continue
      }
      if link.operator != sign {
        current = Self.operation(sign, [current] + operands)
        (operands, sign) = ([], link.operator)
      }
      operands.append(value(link.right))
    }
    return Self.operation(sign, [current] + operands)
  }

  /// `a << b` and `"…" % b`.
  private mutating func push(_ sign: String, _ left: Value, _ right: Value, _ node: Node) -> Value {
    if sign == "%" {
      guard Self.isText(left) else { return .operation(sign, [left, right]) }
      var arguments = [left, right]
      if case .list(let items) = right { arguments = [left] + items }
      add(CallFact(callee: "format", receiver: nil, arguments: arguments, dispatch: .direct), node)
      return .call(callee: "format", receiver: nil, arguments: arguments)
    }
    if case .literal = right { return .operation(sign, [left, right]) }
    if case .name(let name) = left { events.add(.append(name: name, value: right), syntax.line(node)) }
    add(CallFact(callee: sign, receiver: left, arguments: [right], dispatch: .direct), node)
    return .call(callee: sign, receiver: left, arguments: [right])
  }

  static func isText(_ value: Value) -> Bool {
    switch value {
    case .text, .join: true
    case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: false
    }
  }

  private static func operation(_ sign: String, _ operands: [Value]) -> Value {
    guard operands.count > 1 else { return operands.first ?? .opaque }
    switch sign {
    case "+" where operands.contains(where: isText):
      return .joined(operands)
    case "||", "or": return .either(operands)
    default: return .operation(sign, operands)
    }
  }

  private mutating func unary(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let operand = parts.first(where: { $0.field == .operand }),
      let sign = parts.first(where: { $0.field == .operator })
    else { return .opaque }
    let text = syntax.text(sign.node)
    if text == "defined?" { return .opaque }
    let value = value(operand)
    if case .literal(let digits) = value, text == "-" { return .literal("-" + digits) }
    return .operation(text == "not" ? "!" : text, [value])
  }

  private mutating func range(_ node: Node) -> Value {
    .operation("..", syntax.children(node).filter { $0.field == .begin || $0.field == .end }.map { value($0) })
  }

  private mutating func elementReference(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let object = parts.first(where: { $0.field == .object }) else { return .opaque }
    let base = value(object)
    let keys = parts.filter { $0.field == nil }.map { value($0) }
    return .element(of: base, at: keys.count == 1 ? keys[0] : .list(keys))
  }

  // MARK: Lists and entries

  /// The items of a list, a map or an argument list.
  mutating func arguments(_ parts: [Part]) -> [Value] { parts.map { $0.kind == .pair ? pair($0.node) : value($0) } }

  private mutating func pair(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let key = parts.first(where: { $0.field == .key }) else { return .opaque }
    guard let entry = parts.first(where: { $0.field == .value }) else {
      // `{name:}` stands for the variable or method of that name.
      let name = syntax.text(key.node)
      if isLocal(name) { return .member(name, .name(name)) }
      add(CallFact(callee: name, receiver: nil, arguments: [], dispatch: .direct), node)
      return .member(name, .call(callee: name, receiver: nil, arguments: []))
    }
    let name = value(key)
    let value = value(entry)
    if case .text(let text) = name { return .member(text, value) }
    return .list([name, value])
  }

  // MARK: Assignments

  private mutating func assignment(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let left = parts.first(where: { $0.field == .left }), let right = parts.first(where: { $0.field == .right })
    else { return .opaque }
    if left.kind == .constant || left.kind == .scopeResolution { return constant(left.node, right) }
    let value = value(right)
    if left.kind == .leftAssignmentList { assign(toAll: left.node, value) } else { assign(to: left, value) }
    return value
  }

  private mutating func operatorAssignment(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let left = parts.first(where: { $0.field == .left }), let right = parts.first(where: { $0.field == .right }),
      let sign = parts.first(where: { $0.field == .operator })
    else { return .opaque }
    let before = left.kind == .identifier && !isLocal(syntax.text(left.node)) ? Value.opaque : self.value(left)
    let value = value(right)
    switch syntax.text(sign.node) {
    case "||=":
      let either = before == .opaque ? value : Value.either([before, value])
      if left.kind == .constant { return constant(left.node, right) }
      assign(to: left, either)
      return either
    case "+=", "<<=":
      if case .name(let name) = before {
        events.add(.append(name: name, value: value), syntax.line(node))
      } else {
        assign(to: left, .operation("+", [before, value]))
      }
    case let other: assign(to: left, .operation(String(other.dropLast()), [before, value]))
    }
    return value
  }

  /// Assigns to a variable, an attribute or an element.
  mutating func assign(to target: Part, _ value: Value) {
    let line = syntax.line(target.node)
    switch target.kind {
    case .identifier:
      let name = syntax.text(target.node)
      if isLocal(name) {
        events.add(.assign(name: name, value: value), line)
      } else {
        addLocal(name)
        events.add(.declare(name: name, type: "", value: value), line)
      }
    case .instanceVariable, .classVariable:
      events.add(.assign(name: "this." + syntax.text(target.node).drop { $0 == "@" }, value: value), line)
    case .globalVariable: events.add(.assign(name: syntax.text(target.node), value: value), line)
    case .call: assign(toAttribute: target.node, value)
    case .elementReference:
      let parts = syntax.children(target.node)
      guard let object = parts.first(where: { $0.field == .object }) else { return }
      let base = self.value(object)
      let keys = parts.filter { $0.field == nil }.map { self.value($0) }
      add(CallFact(callee: "[]=", receiver: base, arguments: keys + [value], dispatch: .direct), target.node)
    case .leftAssignmentList, .destructuredAssignment: assign(toAll: target.node, value)
    case .restAssignment, .splatArgument:
      if let inner = syntax.children(target.node).first { assign(to: inner, .opaque) }
    default: break
    }
  }

  private mutating func assign(toAttribute node: Node, _ value: Value) {
    let parts = syntax.children(node)
    guard let receiver = parts.first(where: { $0.field == .receiver }),
      let method = parts.first(where: { $0.field == .method })
    else { return }
    let base = self.value(receiver)
    let name = syntax.text(method.node)
    if case .name(let path) = base {
      events.add(.assign(name: path + "." + name, value: value), syntax.line(node))
    } else {
      add(CallFact(callee: name + "=", receiver: base, arguments: [value], dispatch: .direct), node)
    }
  }

  /// Assigns to several targets at once.
  mutating func assign(toAll node: Node, _ value: Value) {
    var given: [Value]?
    let targets = syntax.children(node)
    if case .list(let items) = value, items.count == targets.count { given = items }
    for (place, target) in targets.enumerated() {
      assign(to: target, given?[place] ?? .element(of: value, at: .literal(String(place))))
    }
  }

  // MARK: Patterns

  private mutating func patternTest(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let tested = parts.first(where: { $0.field == .value }) else { return .opaque }
    let subject = value(tested)
    if let pattern = parts.first(where: { $0.field == .pattern }) { bind(pattern, to: subject) }
    return .operation("in", [subject])
  }

  /// Declares the variables a pattern binds.
  mutating func bind(_ pattern: Part, to subject: Value) {
    let line = syntax.line(pattern.node)
    switch pattern.kind {
    case .identifier:
      let name = syntax.text(pattern.node)
      addLocal(name)
      events.add(.declare(name: name, type: "", value: subject), line)
    case .keywordPattern:
      let parts = syntax.children(pattern.node)
      guard let key = parts.first(where: { $0.field == .key }) else { return }
      let name = syntax.text(key.node)
      let element = Value.element(of: subject, at: .text(name))
      if let inner = parts.first(where: { $0.field == .value }) {
        bind(inner, to: element)
      } else {
        addLocal(name)
        events.add(.declare(name: name, type: "", value: element), line)
      }
    case .asPattern:
      for part in syntax.children(pattern.node) { bind(part, to: subject) }
    case .arrayPattern:
      var place = 0
      for part in syntax.children(pattern.node) where part.field != .classField {
        bind(part, to: .element(of: subject, at: .literal(String(place))))
        place += 1
      }
    case .hashPattern, .findPattern, .alternativePattern, .parenthesizedPattern:
      for part in syntax.children(pattern.node) where part.field != .classField { bind(part, to: subject) }
    case .splatParameter, .hashSplatParameter:
      if let name = syntax.children(pattern.node).first(where: { $0.field == .name }) { bind(name, to: .opaque) }
    default: break
    }
  }
}
