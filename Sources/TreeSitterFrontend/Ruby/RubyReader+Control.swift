import Facts

/// Control flow: branches, loops, `begin`, `case`, `return`.
extension RubyReader {
  /// The value of a node that steers control; nil for any other.
  mutating func controlFlow(_ part: Part, use: Use) -> Value? {
    switch part.kind {
    case .ifStatement, .unless, .elsif: conditional(part.node, use: use)
    case .conditional: conditional(part.node, use: use)
    case .ifModifier, .unlessModifier: modifier(part.node, use: use)
    case .whileLoop, .until, .whileModifier, .untilModifier: loop(part.node)
    case .forLoop: forLoop(part.node)
    case .case: caseWhen(part.node, use: use)
    case .caseMatch: caseIn(part.node, use: use)
    case .begin, .parenthesizedStatements, .blockBody, .then, .do, .beginBlock, .endBlock:
      sequence(syntax.children(part.node), use: use)
    case .bodyStatement: sequence(syntax.children(part.node), use: use)
    case .rescueModifier: rescueModifier(part.node, use: use)
    case .returnStatement: returned(part.node)
    case .next, .breakStatement: jump(part.node)
    default: nil
    }
  }

  private mutating func conditional(_ node: Node, use: Use) -> Value {
    let parts = syntax.children(node)
    if let condition = parts.first(where: { $0.field == .condition }) { _ = value(condition) }
    events.add(.enterBranch, syntax.line(node))
    var values: [Value] = []
    if let consequence = parts.first(where: { $0.field == .consequence }) {
      values.append(branch(consequence, use: use))
    }
    if let alternative = parts.first(where: { $0.field == .alternative }) {
      events.add(.nextBranch, syntax.line(alternative.node))
      values.append(branch(alternative, use: use))
    }
    events.add(.leave, syntax.lastLine(node))
    return Self.either(values)
  }

  private mutating func branch(_ part: Part, use: Use) -> Value {
    part.kind == .else ? body(part.node, use: use) : statement(part, use: use)
  }

  private mutating func modifier(_ node: Node, use: Use) -> Value {
    let parts = syntax.children(node)
    if let condition = parts.first(where: { $0.field == .condition }) { _ = value(condition) }
    events.add(.enterBranch, syntax.line(node))
    let value = parts.first { $0.field == .body }.map { statement($0, use: use) } ?? .opaque
    events.add(.leave, syntax.lastLine(node))
    return value
  }

  private mutating func loop(_ node: Node) -> Value {
    let parts = syntax.children(node)
    if let condition = parts.first(where: { $0.field == .condition }) { _ = value(condition) }
    events.add(.enterLoop, syntax.line(node))
    if let body = parts.first(where: { $0.field == .body }) { _ = statement(body, use: .discard) }
    events.add(.leave, syntax.lastLine(node))
    return .literal("null")
  }

  private mutating func forLoop(_ node: Node) -> Value {
    let parts = syntax.children(node)
    var iterable = Value.opaque
    if let value = parts.first(where: { $0.field == .value }), let inner = syntax.children(value.node).first {
      iterable = self.value(inner)
    }
    events.add(.enterLoop, syntax.line(node))
    if let pattern = parts.first(where: { $0.field == .pattern }) {
      let element = Value.element(of: iterable, at: .opaque)
      if pattern.kind == .leftAssignmentList {
        assign(toAll: pattern.node, element)
      } else {
        assign(to: pattern, element)
      }
    }
    if let body = parts.first(where: { $0.field == .body }) { _ = self.body(body.node, use: .discard) }
    events.add(.leave, syntax.lastLine(node))
    return iterable
  }

  private mutating func caseWhen(_ node: Node, use: Use) -> Value {
    var values: [Value] = []
    var isFirst = true
    for part in syntax.children(node) {
      switch part.kind {
      case .when:
        events.add(isFirst ? .enterBranch : .nextBranch, syntax.line(part.node))
        isFirst = false
        var result = Value.literal("null")
        for inner in syntax.children(part.node) {
          if inner.field == .body {
            result = body(inner.node, use: use)
          } else {
            for pattern in syntax.children(inner.node) { _ = value(pattern) }
          }
        }
        values.append(result)
      case .else:
        events.add(isFirst ? .enterBranch : .nextBranch, syntax.line(part.node))
        isFirst = false
        values.append(body(part.node, use: use))
      default: if part.field == .value { _ = value(part) }
      }
    }
    if !isFirst { events.add(.leave, syntax.lastLine(node)) }
    return Self.either(values)
  }

  private mutating func caseIn(_ node: Node, use: Use) -> Value {
    var subject = Value.opaque
    var values: [Value] = []
    var isFirst = true
    for part in syntax.children(node) {
      switch part.field {
      case .value: subject = value(part)
      case .clauses:
        events.add(isFirst ? .enterBranch : .nextBranch, syntax.line(part.node))
        isFirst = false
        values.append(inClause(part.node, subject, use: use))
      case .elseClause:
        events.add(isFirst ? .enterBranch : .nextBranch, syntax.line(part.node))
        isFirst = false
        values.append(body(part.node, use: use))
      default: break
      }
    }
    if !isFirst { events.add(.leave, syntax.lastLine(node)) }
    return Self.either(values)
  }

  private mutating func inClause(_ node: Node, _ subject: Value, use: Use) -> Value {
    var result = Value.literal("null")
    for part in syntax.children(node) {
      switch part.field {
      case .pattern: bind(part, to: subject)
      case .guardClause:
        if let condition = syntax.children(part.node).first(where: { $0.field == .condition }) { _ = value(condition) }
      case .body: result = body(part.node, use: use)
      default: break
      }
    }
    return result
  }

  private mutating func rescueModifier(_ node: Node, use: Use) -> Value {
    let parts = syntax.children(node)
    var values: [Value] = []
    if let body = parts.first(where: { $0.field == .body }) { values.append(statement(body, use: use)) }
    events.add(.enterBranch, syntax.line(node))
    if let handler = parts.first(where: { $0.field == .handler }) { values.append(statement(handler, use: use)) }
    events.add(.leave, syntax.lastLine(node))
    return Self.either(values)
  }

  private mutating func returned(_ node: Node) -> Value {
    let value = argument(of: node) ?? .literal("null")
    events.add(.result(value), syntax.line(node))
    return .opaque
  }

  /// `next value` and `break value`.
  private mutating func jump(_ node: Node) -> Value { argument(of: node) ?? .opaque }

  /// What is behind `return`: one value, or a list of them.
  private mutating func argument(of node: Node) -> Value? {
    guard let list = syntax.children(node).first(where: { $0.kind == .argumentList }) else { return nil }
    let values = syntax.children(list.node).map { value($0) }
    return values.count > 1 ? .list(values) : values.first
  }
}
