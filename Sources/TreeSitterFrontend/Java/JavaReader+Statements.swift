import Facts

extension JavaReader {
  func blockStatements(_ node: Node) {
    for child in syntax.children(node) { statement(child) }
  }

  func statement(_ child: JavaChild) {
    switch child.kind {
    case .expressionStatement: for part in syntax.children(child.node) { alone(part) }
    case .localVariable: localVariable(child.node)
    case .returnStatement: returned(child.node)
    default: _ = deeper { nested(child) }
    }
  }

  private func nested(_ child: JavaChild) {
    let node = child.node
    switch child.kind {
    case .block, .constructorBody: blockStatements(node)
    case .ifStatement: ifStatement(node)
    case .enhancedFor: enhancedFor(node)
    case .forStatement: forStatement(node)
    case .whileStatement, .doStatement: whileStatement(node, testsFirst: child.kind == .whileStatement)
    case .switchExpression: _ = switchStatement(node, givesValue: false)
    case .tryStatement, .tryWithResources: tryStatement(node)
    case .synchronized: synchronized(node)
    case .yield: yielded(node)
    case .explicitConstructorCall: constructorCall(node)
    case .labeled: for part in syntax.children(node).dropFirst() { statement(part) }
    default:
      if typeDeclaration(child) { return }
      if child.kind == nil, !syntax.isError(node) { return }
      if syntax.isError(node) {
        for part in syntax.children(node) { statement(part) }
      } else {
        alone(child)
      }
    }
  }

  /// An expression whose value nobody takes; `throw` and `assert` alike.
  private func alone(_ child: JavaChild) {
    switch child.kind {
    case .throwStatement, .assert: for part in syntax.children(child.node) { alone(part) }
    case .switchExpression: _ = deeper { switchStatement(child.node, givesValue: false) }
    default:
      _ = value(child)
      flushWaiting(callee: "", receiver: nil)
    }
  }

  private func taken(_ child: JavaChild?, by callee: String = "") -> Value {
    guard let child else { return .opaque }
    let result = value(child)
    flushWaiting(callee: callee, receiver: nil)
    return result
  }

  func localVariable(_ node: Node) {
    var base = ""
    for child in syntax.children(node) {
      switch child.field {
      case .type: base = type(child.node, child.kind)
      case .declarator:
        let parts = declaratorParts(child.node)
        let value = parts.value.map { self.value($0) } ?? .opaque
        events.add(
          .declare(name: parts.name, type: arrayed(base, by: parts.dimensions), value: value), syntax.line(child.node))
        flushWaiting(callee: parts.name, receiver: nil)
      default: break
      }
    }
  }

  private func returned(_ node: Node) {
    guard let child = syntax.children(node).first else { return }
    let line = syntax.line(node)
    let result = value(child)
    // What a closure returns is no result of the function around it.
    if openClosures > 0 { mention(result, line) } else { events.add(.result(result), line) }
    flushWaiting(callee: "", receiver: nil)
  }

  private func yielded(_ node: Node) {
    let result = taken(syntax.children(node).first)
    if !yields.isEmpty { yields[yields.count - 1].append(result) }
  }

  private func constructorCall(_ node: Node) {
    var callee = "super"
    var arguments: Node?
    for part in syntax.children(node) {
      switch part.field {
      case .constructor: callee = part.kind == .thisValue ? "this" : "super"
      case .arguments: arguments = part.node
      default: break
      }
    }
    _ = call(callee, on: nil, arguments, line: syntax.line(node))
  }

  // MARK: Branches

  /// `else if` after `else if` is walked with a loop.
  private func ifStatement(_ node: Node) {
    var current = node
    var open = 0
    while true {
      var alternative: JavaChild?
      for part in syntax.children(current) {
        switch part.field {
        case .condition: _ = taken(part)
        case .consequence:
          events.add(.enterBranch, syntax.line(part.node))
          open += 1
          statement(part)
        case .alternative: alternative = part
        default: break
        }
      }
      guard let alternative else { break }
      events.add(.nextBranch, syntax.line(alternative.node))
      guard alternative.kind == .ifStatement else {
        statement(alternative)
        break
      }
      current = alternative.node
    }
    let line = syntax.lastLine(node)
    for _ in 0..<open { events.add(.leave, line) }
  }

  /// A switch as a statement or as a value: then one of what its alternatives give.
  func switchStatement(_ node: Node, givesValue: Bool) -> Value {
    yields.append([])
    var condition = Value.opaque
    for part in syntax.children(node) {
      switch part.field {
      case .condition: condition = taken(part)
      case .body: switchBody(part.node, of: condition, givesValue: givesValue)
      default: break
      }
    }
    let results = yields.removeLast()
    return results.isEmpty ? .opaque : .either(results)
  }

  private func switchBody(_ node: Node, of condition: Value, givesValue: Bool) {
    events.add(.enterBranch, syntax.line(node))
    for (place, group) in syntax.children(node).enumerated() {
      if place > 0 { events.add(.nextBranch, syntax.line(group.node)) }
      for part in syntax.children(group.node) {
        if part.kind == .switchLabel {
          switchLabel(part.node, of: condition)
        } else if givesValue, group.kind == .switchRule, part.kind == .expressionStatement {
          let results = syntax.children(part.node).map { taken($0) }
          if !yields.isEmpty { yields[yields.count - 1] += results }
        } else {
          statement(part)
        }
      }
    }
    events.add(.leave, syntax.lastLine(node))
  }

  private func switchLabel(_ node: Node, of condition: Value) {
    for part in syntax.children(node) {
      switch part.kind {
      case .pattern: _ = declarePattern(part, of: condition)
      case .guardClause: for test in syntax.children(part.node) { _ = taken(test) }
      default: break
      }
    }
  }

  // MARK: Loops

  private func enhancedFor(_ node: Node) {
    var name = ""
    var base = ""
    var iterable = Value.opaque
    var body: JavaChild?
    for part in syntax.children(node) {
      switch part.field {
      case .type: base = type(part.node, part.kind)
      case .name: name = syntax.text(part.node)
      case .dimensions: base = arrayed(base, by: part.node)
      case .value: iterable = taken(part)
      case .body: body = part
      default: break
      }
    }
    let line = syntax.line(node)
    events.add(.enterLoop, line)
    events.add(.declare(name: name, type: base, value: .element(of: iterable, at: .opaque)), line)
    if let body { statement(body) }
    events.add(.leave, syntax.lastLine(node))
  }

  private func forStatement(_ node: Node) {
    var updates: [JavaChild] = []
    var body: JavaChild?
    for part in syntax.children(node) {
      switch part.field {
      case .initial: if part.kind == .localVariable { localVariable(part.node) } else { _ = taken(part) }
      case .condition: _ = taken(part)
      case .update: updates.append(part)
      case .body: body = part
      default: break
      }
    }
    events.add(.enterLoop, syntax.line(node))
    if let body { statement(body) }
    for update in updates { _ = taken(update) }
    events.add(.leave, syntax.lastLine(node))
  }

  private func whileStatement(_ node: Node, testsFirst: Bool) {
    let parts = syntax.children(node)
    let condition = parts.first { $0.field == .condition }
    if testsFirst { _ = taken(condition) }
    events.add(.enterLoop, syntax.line(node))
    if let body = parts.first(where: { $0.field == .body }) { statement(body) }
    events.add(.leave, syntax.lastLine(node))
    if !testsFirst { _ = taken(condition) }
  }

  // MARK: Resources

  private func tryStatement(_ node: Node) {
    var open = 0
    var catches = 0
    for part in syntax.children(node) {
      let line = syntax.line(part.node)
      switch part.kind {
      case .resourceSpecification:
        for entry in syntax.children(part.node) {
          resource(entry)
          open += 1
        }
      case .block:
        blockStatements(part.node)
        for _ in 0..<open { events.add(.leave, syntax.lastLine(part.node)) }
      case .catchClause:
        events.add(catches == 0 ? .enterBranch : .nextBranch, line)
        catches += 1
        catchClause(part.node)
      case .finallyClause:
        if catches > 0 { events.add(.leave, line) }
        catches = 0
        for body in syntax.children(part.node) { statement(body) }
      default: break
      }
    }
    if catches > 0 { events.add(.leave, syntax.lastLine(node)) }
  }

  private func resource(_ child: JavaChild) {
    var name = ""
    var base = ""
    var held = Value.opaque
    for part in syntax.children(child.node) {
      switch part.field {
      case .type: base = type(part.node, part.kind)
      case .name: name = syntax.text(part.node)
      case .value: held = taken(part)
      default: if part.kind == .identifier || part.kind == .fieldAccess { held = taken(part) }
      }
    }
    let line = syntax.line(child.node)
    var callee = ""
    if case .call(let called, _, _) = held { callee = called }
    events.add(.enterScope(callee: callee), line)
    if !name.isEmpty { events.add(.declare(name: name, type: base, value: held), line) }
  }

  private func catchClause(_ node: Node) {
    for part in syntax.children(node) {
      if let parameter = catchParameter(part) {
        events.add(.declare(name: parameter.name, type: parameter.type, value: .opaque), syntax.line(part.node))
      } else if part.kind == .block {
        blockStatements(part.node)
      }
    }
  }

  private func synchronized(_ node: Node) {
    for part in syntax.children(node) {
      if part.field == .body {
        events.add(.enterScope(callee: "synchronized"), syntax.line(part.node))
        blockStatements(part.node)
        events.add(.leave, syntax.lastLine(part.node))
      } else {
        _ = taken(part)
      }
    }
  }
}
