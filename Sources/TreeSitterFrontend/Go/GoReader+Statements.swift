import Facts

extension GoReader {
  /// The statements inside a node.
  private mutating func statements(of node: Node) {
    for child in syntax.children(node) { statement(child.node, child.kind) }
  }

  /// A statement; anything that is none is looked into for those that are.
  mutating func statement(_ node: Node, _ kind: GoKind?) {
    guard enterNesting() else { return }
    defer { depth -= 1 }
    switch kind {
    case .block, .labeledStatement: statements(of: node)
    case .expressionStatement, .goStatement:
      for child in syntax.children(node) {
        let found = value(child.node, child.kind)
        switch found {
        case .text, .join: events.add(.mention(found), syntax.line(child.node))
        case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque:
          break
        }
      }
      flush(callee: "", receiver: nil)
    case .shortVarDeclaration, .assignmentStatement: assignment(node, kind)
    case .varDeclaration: variables(node, isGlobal: false)
    case .constDeclaration: constDeclaration(node)
    case .typeDeclaration: typeDeclaration(node)
    case .returnStatement: returnStatement(node)
    case .deferStatement:
      events.begin()
      for child in syntax.children(node) { _ = value(child.node, child.kind) }
      flush(callee: "", receiver: nil)
      deferred.append(events.end())
    case .ifStatement: ifStatement(node)
    case .forStatement: forStatement(node)
    case .expressionSwitchStatement, .typeSwitchStatement, .selectStatement: switchStatement(node)
    case .sendStatement, .receiveStatement:
      let parts = syntax.children(node).map { part in part.field == .left ? nil : value(part.node, part.kind) }
      if kind == .receiveStatement, let left = syntax.child(node, .left), let received = parts.last ?? nil {
        assign(syntax.children(left), [received], isNew: true, line: syntax.line(node))
      }
      flush(callee: "", receiver: nil)
    default:
      if syntax.isError(node) { statements(of: node) }
    }
  }

  private mutating func evaluate(_ node: Node, _ kind: GoKind?) {
    _ = value(node, kind)
    flush(callee: "", receiver: nil)
  }

  /// The first result counts; the others say whether it worked.
  private mutating func returnStatement(_ node: Node) {
    let list = syntax.children(node).first
    let parts = list.map { $0.kind == .expressionList ? syntax.children($0.node) : [$0] } ?? []
    let values = parts.map { value($0.node, $0.kind) }
    let line = syntax.line(node)
    for extra in values.dropFirst() {
      switch extra {
      case .text, .join: events.add(.mention(extra), line)
      case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque:
        continue
      }
    }
    if let first = values.first { events.add(.result(first), line) }
    flush(callee: "", receiver: nil)
  }

  // MARK: Branches and loops

  private mutating func ifStatement(_ node: Node) {
    var alternatives = 0
    var current: Node? = node
    let end = syntax.lastLine(node)
    // A chain of `else if` is a loop here: generated code has thousands.
    while let next = current {
      let children = syntax.children(next)
      current = nil
      for child in children {
        switch child.field {
        case .initializer: statement(child.node, child.kind)
        case .condition: evaluate(child.node, child.kind)
        case .consequence:
          if alternatives == 0 { events.add(.enterBranch, syntax.line(next)) }
          statement(child.node, child.kind)
        case .alternative:
          alternatives += 1
          events.add(.nextBranch, syntax.line(child.node))
          if child.kind == .ifStatement { current = child.node } else { statement(child.node, child.kind) }
        default: continue
        }
      }
    }
    events.add(.leave, end)
  }

  private mutating func switchStatement(_ node: Node) {
    let children = syntax.children(node)
    var alias = ""
    for child in children {
      switch child.field {
      case .initializer: statement(child.node, child.kind)
      case .alias: alias = syntax.text(child.node)
      case .value: evaluate(child.node, child.kind)
      default: continue
      }
    }
    events.add(.enterBranch, syntax.line(node))
    var isFirst = true
    for child in children {
      switch child.kind {
      case .expressionCase, .typeCase, .defaultCase, .communicationCase:
        if !isFirst { events.add(.nextBranch, syntax.line(child.node)) }
        isFirst = false
        clause(child.node, alias: alias)
      default: continue
      }
    }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func clause(_ node: Node, alias: String) {
    for part in syntax.children(node) {
      switch part.field {
      case .value:
        for item in syntax.children(part.node) { evaluate(item.node, item.kind) }
      case .type:
        guard !alias.isEmpty else { continue }
        events.add(
          .declare(name: alias, type: type(part.node, part.kind), value: .opaque), syntax.line(part.node))
      default: statement(part.node, part.kind)
      }
    }
  }

  private mutating func forStatement(_ node: Node) {
    let line = syntax.line(node)
    var update: GoChild?
    var body: GoChild?
    var entered = false
    for child in syntax.children(node) {
      switch child.kind {
      case .forClause:
        for part in syntax.children(child.node) {
          switch part.field {
          case .initializer: statement(part.node, part.kind)
          case .condition: evaluate(part.node, part.kind)
          case .update: update = part
          default: continue
          }
        }
      case .rangeClause:
        rangeClause(child.node, line: line)
        entered = true
      default:
        if child.field == .body { body = child } else { evaluate(child.node, child.kind) }
      }
    }
    if !entered { events.add(.enterLoop, line) }
    if let body { statement(body.node, body.kind) }
    if let update { statement(update.node, update.kind) }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func rangeClause(_ node: Node, line: Int) {
    let children = syntax.children(node)
    let over = children.first { $0.field == .right }.map { value($0.node, $0.kind) } ?? .opaque
    flush(callee: "", receiver: nil)
    events.add(.enterLoop, line)
    guard let left = children.first(where: { $0.field == .left }) else { return }
    for (place, name) in syntax.children(left.node).enumerated() {
      let plain = syntax.text(name.node)
      guard name.kind == .identifier, plain != "_" else { continue }
      events.add(
        .declare(name: plain, type: "", value: place == 0 ? .opaque : .element(of: over, at: .opaque)), line)
    }
  }

  // MARK: Assignments

  private mutating func assignment(_ node: Node, _ kind: GoKind?) {
    let children = syntax.children(node)
    guard let left = children.first(where: { $0.field == .left }),
      let right = children.first(where: { $0.field == .right })
    else { return }
    let line = syntax.line(node)
    let targets = syntax.children(left.node)
    let mark = children.first { $0.field == .operator }.map { syntax.text($0.node) } ?? "="
    let found = assigned(targets, syntax.children(right.node))
    for (target, value, type) in found {
      assign(target, value, type: type, mark: mark, isNew: kind == .shortVarDeclaration, line: line)
    }
    flush(callee: targets.first.map { $0.kind == .identifier ? syntax.text($0.node) : "" } ?? "", receiver: nil)
  }

  private mutating func assign(_ targets: [GoChild], _ values: [Value], isNew: Bool, line: Int) {
    for (target, value) in zip(targets, values) { assign(target, value, type: "", mark: "=", isNew: isNew, line: line) }
  }

  private mutating func assign(
    _ target: GoChild, _ value: Value, type: String, mark: String, isNew: Bool, line: Int
  ) {
    if target.kind == .indexExpression {
      guard let operand = syntax.child(target.node, .operand), let index = syntax.child(target.node, .index),
        case .name(let name) = self.value(operand, syntax.kind(operand))
      else { return }
      let item: Value =
        switch self.value(index, syntax.kind(index)) {
        case .text(let key): .member(key, value)
        case let key: .list([key, value])
        }
      events.add(.append(name: name, value: .list([item])), line)
      return
    }
    guard case .name(let name) = self.value(target.node, target.kind), name != "_" else { return }
    switch mark {
    case "=", ":=":
      events.add(
        isNew ? .declare(name: name, type: type, value: value) : .assign(name: name, value: value), line)
    case "+=": events.add(.append(name: name, value: value), line)
    default:
      events.add(.assign(name: name, value: .operation(String(mark.dropLast()), [.name(name), value])), line)
    }
  }

  /// Targets with their values and the types these show. Of the results of one call the first goes to the first target
  /// as it is: what follows says whether it worked.
  mutating func assigned(_ targets: [GoChild], _ values: [GoChild]) -> [(GoChild, Value, String)] {
    let found = values.map { (value($0.node, $0.kind), shownType($0.node, $0.kind)) }
    return targets.enumerated().map { place, target in
      if found.count == targets.count { return (target, found[place].0, found[place].1) }
      guard let only = found.first else { return (target, .opaque, "") }
      return place == 0
        ? (target, only.0, only.1) : (target, .element(of: only.0, at: .literal(String(place))), "")
    }
  }
}
