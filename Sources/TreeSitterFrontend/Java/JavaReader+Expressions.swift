import Facts

extension JavaReader {
  /// The value of an expression; the calls in it become events, innermost first.
  func value(_ child: JavaChild) -> Value {
    let node = child.node
    switch child.kind {
    case .identifier, .typeIdentifier, .scopedIdentifier: return .name(syntax.text(node))
    case .stringLiteral: return stringLiteral(node)
    case .character: return .text(JavaText.content(of: syntax.bytes(node)))
    case .decimalInteger, .hexInteger, .octalInteger, .binaryInteger, .decimalFloat, .hexFloat:
      return .literal(syntax.text(node))
    case .trueLiteral: return .literal("true")
    case .falseLiteral: return .literal("false")
    case .nullLiteral: return .literal("null")
    case .thisValue: return .name("this")
    case .superValue: return .name("super")
    default: return deeper { compound(child) } ?? .opaque
    }
  }

  private func compound(_ child: JavaChild) -> Value {
    let node = child.node
    switch child.kind {
    case .methodInvocation, .fieldAccess: return chain(child)
    case .objectCreation: return creation(node)
    case .binary: return binary(node)
    case .parenthesized: return syntax.children(node).first.map(value) ?? .opaque
    case .cast: return syntax.children(node).last.map(value) ?? .opaque
    case .assignment: return assignment(node)
    case .ternary: return ternary(node)
    case .lambda: return lambda(node)
    case .methodReference: return methodReference(node)
    case .instanceof: return instanceOf(node)
    case .switchExpression: return switchStatement(node, givesValue: true)
    case .unary: return unary(node)
    case .update: return .operation("++", syntax.children(node).map(value))
    case .arrayInitializer: return .list(syntax.children(node).map(value))
    case .arrayCreation: return arrayCreation(node)
    case .arrayAccess:
      let parts = syntax.children(node).map(value)
      return parts.count == 2 ? .element(of: parts[0], at: parts[1]) : .opaque
    case .classLiteral: return .type(syntax.children(node).first.map { type($0.node, $0.kind) } ?? "")
    case .templateExpression:
      return syntax.children(node).first { $0.field == .templateArgument }.map(value) ?? .opaque
    default:
      // Something the grammar could not read, or a node without meaning here: what is whole inside counts.
      for part in syntax.children(node) { _ = value(part) }
      return .opaque
    }
  }

  private func stringLiteral(_ node: Node) -> Value {
    let bytes = syntax.bytes(node)
    let interpolations =
      bytes.contains(UInt8(ascii: "{")) ? syntax.children(node).filter { $0.kind == .stringInterpolation } : []
    guard !interpolations.isEmpty else { return .text(JavaText.content(of: bytes)) }
    var parts: [Value] = []
    for part in syntax.children(node) {
      if part.kind == .stringInterpolation {
        parts.append(syntax.children(part.node).first.map(value) ?? .opaque)
      } else {
        parts.append(.text(syntax.text(part.node)))
      }
    }
    return .joined(parts)
  }

  // MARK: Members and calls

  private struct Link {
    var name = ""
    var arguments: Node?
    var typeArguments: [String] = []
    var line = 0
    var isCall: Bool
  }

  /// Calls behind one another longer than this are taken as calls on what the chain begins with.
  private static let longestChain = 300

  /// `a.b(…).c.d(…)`: walked down and up with a loop, for builders chain thousands of calls.
  private func chain(_ child: JavaChild) -> Value {
    var links: [Link] = []
    var current = child
    var base: Value?
    while true {
      var link = Link(isCall: current.kind == .methodInvocation)
      var object: JavaChild?
      for part in syntax.children(current.node) {
        switch part.field {
        case .object: object = part
        case .name, .field:
          link.name = syntax.text(part.node)
          link.line = syntax.line(part.node)
        case .arguments: link.arguments = part.node
        case .typeArguments: link.typeArguments = typeArguments(part.node)
        default: break
        }
      }
      links.append(link)
      guard let object else { break }
      if object.kind == .methodInvocation || object.kind == .fieldAccess {
        current = object
      } else {
        base = value(object)
        break
      }
    }
    return applied(links, to: base)
  }

  private func applied(_ links: [Link], to base: Value?) -> Value {
    var result = base
    var calls = 0
    for link in links.reversed() {
      guard link.isCall else {
        result = member(link.name, of: result)
        continue
      }
      calls += 1
      if calls % Self.longestChain == 0 { result = base }
      result = call(link.name, on: result, link.arguments, link.typeArguments, line: link.line)
    }
    return result ?? .opaque
  }

  private func member(_ name: String, of base: Value?) -> Value {
    switch base {
    case nil: return .name(name)
    case .name(let path)?:
      // `Outer.this` is an object around this one; bodies of anonymous classes belong to its methods.
      if name == "this" { return .name("this") }
      return path.utf8.count < 1000 ? .name(path + "." + name) : .opaque
    case .some(let value): return .field(of: value, name: name)
    }
  }

  /// A call with its event, and the bodies of the closures it is given.
  func call(
    _ callee: String, on receiver: Value?, _ arguments: Node?, _ typeArguments: [String] = [], line: Int
  ) -> Value {
    let outside = waiting
    waiting = []
    var values = arguments.map { syntax.children($0).map(value) } ?? []
    for argument in typeArguments { values.append(.type(argument)) }
    events.add(.call(CallFact(callee: callee, receiver: receiver, arguments: values, dispatch: .virtual)), line)
    flushWaiting(callee: callee, receiver: receiver)
    waiting = outside
    return .call(callee: callee, receiver: receiver, arguments: values)
  }

  private func creation(_ node: Node) -> Value {
    var name = ""
    var typeArguments: [String] = []
    var arguments: Node?
    var body: Node?
    for part in syntax.children(node) {
      switch part.field {
      case .type:
        (name, typeArguments) = constructed(part)
      case .arguments: arguments = part.node
      default: if part.kind == .classBody { body = part.node }
      }
    }
    let made = call(name, on: nil, arguments, typeArguments, line: syntax.line(node))
    guard let body else { return made }
    let methods = anonymous(body)
    guard methods.count == 1 else { return made }
    return .closure(parameters: methods[0].parameters.map(\.name), result: .opaque)
  }

  /// The name and the type arguments of a constructed type.
  private func constructed(_ child: JavaChild) -> (String, [String]) {
    guard child.kind == .genericType else { return (type(child.node, child.kind), []) }
    let parts = syntax.children(child.node)
    let head = parts.first.map { type($0.node, $0.kind) } ?? ""
    return (head, parts.last.map { $0.kind == .typeArguments ? typeArguments($0.node) : [] } ?? [])
  }

  private func arrayCreation(_ node: Node) -> Value {
    var result = Value.list([])
    for part in syntax.children(node) {
      if part.field == .value {
        result = value(part)
      } else if part.kind == .dimensionsExpression {
        for size in syntax.children(part.node) { _ = value(size) }
      }
    }
    return result
  }

  // MARK: Operators

  /// Left-nested operators are walked with a loop: generated code joins thousands of texts.
  private func binary(_ node: Node) -> Value {
    var steps: [(name: String, right: JavaChild)] = []
    var current = node
    var first: JavaChild?
    while true {
      var name = ""
      var left: JavaChild?
      var right: JavaChild?
      for part in syntax.children(current) {
        switch part.field {
        case .left: left = part
        case .operation: name = syntax.text(part.node)
        case .right: right = part
        default: break
        }
      }
      if let right { steps.append((name, right)) }
      guard let left else { break }
      first = left
      guard left.kind == .binary else { break }
      current = left.node
    }
    guard let first, let outermost = steps.last else { return .opaque }
    var operands = [value(first)]
    var name = outermost.name
    for step in steps.reversed() {
      if step.name != name {
        operands = [Self.combined(name, operands)]
        name = step.name
      }
      operands.append(value(step.right))
    }
    return Self.combined(name, operands)
  }

  private static func combined(_ name: String, _ operands: [Value]) -> Value {
    guard name == "+", mayBeText(operands) else { return .operation(name, operands) }
    return .joined(operands)
  }

  /// Whether a sum joins texts: with a text among the operands it does, with a number and none it does not.
  private static func mayBeText(_ operands: [Value]) -> Bool {
    var hasNumber = false
    for operand in operands {
      switch operand {
      case .text, .join: return true
      case .literal, .operation: hasNumber = true
      case .name, .type, .field, .call, .list, .member, .either, .element, .closure, .opaque: break
      }
    }
    return !hasNumber
  }

  private func unary(_ node: Node) -> Value {
    var name = ""
    var operand = Value.opaque
    for part in syntax.children(node) {
      if part.field == .operation { name = syntax.text(part.node) } else { operand = value(part) }
    }
    if name == "-", case .literal(let digits) = operand { return .literal("-" + digits) }
    return .operation(name, [operand])
  }

  private func ternary(_ node: Node) -> Value {
    var options: [Value] = []
    for part in syntax.children(node) {
      let read = value(part)
      if part.field != .condition { options.append(read) }
    }
    return .either(options)
  }

  private func assignment(_ node: Node) -> Value {
    var target = Value.opaque
    var name = ""
    var assigned = Value.opaque
    for part in syntax.children(node) {
      switch part.field {
      case .left: target = value(part)
      case .operation: name = syntax.text(part.node)
      case .right: assigned = value(part)
      default: break
      }
    }
    let line = syntax.line(node)
    if case .name(let variable) = target {
      if name == "=" {
        events.add(.assign(name: variable, value: assigned), line)
      } else if name == "+=" {
        events.add(.append(name: variable, value: assigned), line)
      }
    } else {
      mention(assigned, line)
    }
    return assigned
  }

  /// A text that is used where nothing follows it.
  func mention(_ value: Value, _ line: Int) {
    switch value {
    case .text, .join, .either: events.add(.mention(value), line)
    case .literal, .name, .type, .field, .call, .list, .member, .element, .operation, .closure, .opaque: break
    }
  }

  private func instanceOf(_ node: Node) -> Value {
    var left = Value.opaque
    var right = ""
    let line = syntax.line(node)
    for part in syntax.children(node) {
      switch part.field {
      case .left: left = value(part)
      case .right: right = type(part.node, part.kind)
      case .name: events.add(.declare(name: syntax.text(part.node), type: right, value: left), line)
      case .pattern: right = declarePattern(part, of: left)
      default: break
      }
    }
    return .operation("instanceof", [left, .type(right)])
  }

  /// Declares the variables of a pattern; returns the type it matches.
  func declarePattern(_ child: JavaChild, of value: Value) -> String {
    deeper {
      let parts = syntax.children(child.node)
      switch child.kind {
      case .pattern: return parts.first.map { declarePattern($0, of: value) } ?? ""
      case .recordPattern:
        for part in parts where part.kind == .recordPatternBody {
          for (place, component) in syntax.children(part.node).enumerated() {
            _ = declarePattern(component, of: .element(of: value, at: .literal(String(place))))
          }
        }
        return parts.first.map { type($0.node, $0.kind) } ?? ""
      default:
        guard let name = parts.last, name.kind == .identifier, let first = parts.first else { return "" }
        let matched = type(first.node, first.kind)
        events.add(.declare(name: syntax.text(name.node), type: matched, value: value), syntax.line(name.node))
        return matched
      }
    } ?? ""
  }
}
