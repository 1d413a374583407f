import Facts

extension PHPReader {
  /// Whether one more level may be entered; the caller leaves it with `depth -= 1`.
  mutating func enterNesting() -> Bool {
    guard depth < Self.maximumDepth else { return false }
    depth += 1
    return true
  }

  /// The statements inside a node.
  mutating func statements(of node: Node) {
    for child in syntax.children(node) { statement(child.node, child.kind) }
  }

  /// A statement; anything that is none is looked into for those that are.
  mutating func statement(_ node: Node, _ kind: PHPKind?) {
    guard enterNesting() else { return }
    defer { depth -= 1 }
    switch kind {
    case .expressionStatement: expressionStatement(node)
    case .returnStatement:
      let found = syntax.children(node).first.map { value($0.node, $0.kind) } ?? .literal("null")
      events.add(.result(found), syntax.line(node))
      flush(callee: "", receiver: nil)
    case .echoStatement: call(named: "echo", over: node)
    case .exitStatement: call(named: "exit", over: node)
    case .ifStatement: ifStatement(node)
    case .switchStatement: switchStatement(node)
    case .whileStatement, .doStatement: whileStatement(node)
    case .forStatement: forStatement(node)
    case .foreachStatement: foreachStatement(node)
    case .tryStatement: tryStatement(node)
    case .compoundStatement, .colonBlock, .declareStatement: statements(of: node)
    case .unsetStatement, .globalDeclaration:
      for child in syntax.children(node) where kind == .globalDeclaration { known.insert(variable(child.node)) }
    case .functionStaticDeclaration:
      for child in syntax.children(node) where child.kind == .staticVariableDeclaration {
        let parts = syntax.children(child.node)
        guard let name = parts.first(where: { $0.field == .name }) else { continue }
        let initial = parts.first { $0.field == .value }.map { value($0.node, $0.kind) } ?? .opaque
        declare(variable(name.node), type: "", value: initial, line: syntax.line(child.node))
      }
    case .classDeclaration: type(node, kind: .class, annotatedAt: node)
    case .interfaceDeclaration: type(node, kind: .interface, annotatedAt: node)
    case .traitDeclaration: type(node, kind: .trait, annotatedAt: node)
    case .enumDeclaration: type(node, kind: .enum, annotatedAt: node)
    case .functionDefinition: function(node)
    case .constDeclaration: constant(node)
    case .namespaceDefinition:
      enter(namespace: syntax.child(node, .name).map { syntax.text($0) } ?? "")
      if let body = syntax.child(node, .body) { statements(of: body) }
    case .namespaceUseDeclaration: useDeclaration(node)
    default:
      if syntax.isError(node) { statements(of: node) }
    }
  }

  private mutating func expressionStatement(_ node: Node) {
    guard let child = syntax.children(node).first else { return }
    let line = syntax.line(child.node)
    var name = ""
    switch child.kind {
    case .assignmentExpression, .referenceAssignmentExpression:
      let document = docBlock(before: node)
      if case .name(let target) = assignment(child.node, type: document?.variable ?? "") { name = target }
    default:
      let found = value(child.node, child.kind)
      switch found {
      case .text, .join: events.add(.mention(found), line)
      case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque:
        break
      }
    }
    flush(callee: name, receiver: nil)
  }

  /// `echo a, b;` and `exit(a);` as calls.
  private mutating func call(named name: String, over node: Node) {
    var parts = syntax.children(node)
    if parts.first?.kind == .sequenceExpression { parts = sequence(parts) }
    let arguments = parts.map { value($0.node, $0.kind) }
    let isWorthIt = arguments.contains { if case .literal = $0 { false } else { true } }
    if isWorthIt { add(call: name, arguments: arguments, line: syntax.line(node)) }
    flush(callee: name, receiver: nil)
  }

  /// The expressions of a list that the grammar nests.
  private func sequence(_ parts: [PHPChild]) -> [PHPChild] {
    var found: [PHPChild] = []
    var waiting = Array(parts.reversed())
    while let next = waiting.popLast() {
      if next.kind == .sequenceExpression {
        waiting += syntax.children(next.node).reversed()
      } else {
        found.append(next)
      }
    }
    return found
  }

  // MARK: Branches

  /// A condition: its calls count.
  private mutating func evaluate(_ node: Node) {
    _ = value(node, syntax.kind(node))
    flush(callee: "", receiver: nil)
  }

  private mutating func ifStatement(_ node: Node) {
    let children = syntax.children(node)
    let line = syntax.line(node)
    if let condition = children.first(where: { $0.field == .condition }) { evaluate(condition.node) }
    events.add(.enterBranch, line)
    for child in children {
      switch child.kind {
      case .elseClause, .elseIfClause:
        events.add(.nextBranch, syntax.line(child.node))
        for part in syntax.children(child.node) {
          if part.field == .condition { evaluate(part.node) }
          if part.field == .body { statement(part.node, part.kind) }
        }
      default:
        if child.field == .body { statement(child.node, child.kind) }
      }
    }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func switchStatement(_ node: Node) {
    let children = syntax.children(node)
    if let condition = children.first(where: { $0.field == .condition }) { evaluate(condition.node) }
    events.add(.enterBranch, syntax.line(node))
    if let block = children.first(where: { $0.field == .body }) {
      for (place, item) in syntax.children(block.node).enumerated() {
        if place > 0 { events.add(.nextBranch, syntax.line(item.node)) }
        for part in syntax.children(item.node) {
          if part.field == .value { evaluate(part.node) } else { statement(part.node, part.kind) }
        }
      }
    }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func tryStatement(_ node: Node) {
    var isCatching = false
    for child in syntax.children(node) {
      switch child.kind {
      case .catchClause:
        events.add(isCatching ? .nextBranch : .enterBranch, syntax.line(child.node))
        isCatching = true
        var caught = ""
        var type = ""
        for part in syntax.children(child.node) {
          switch part.field {
          case .type: type = typeText(part.node)
          case .name: caught = variable(part.node)
          case .body:
            if !caught.isEmpty { declare(caught, type: type, value: .opaque, line: syntax.line(child.node)) }
            statement(part.node, part.kind)
          default: continue
          }
        }
      case .finallyClause:
        if isCatching { events.add(.leave, syntax.line(child.node)) }
        isCatching = false
        if let body = syntax.child(child.node, .body) { statements(of: body) }
      default:
        if child.field == .body { statement(child.node, child.kind) }
      }
    }
    if isCatching { events.add(.leave, syntax.lastLine(node)) }
  }

  // MARK: Loops

  private mutating func whileStatement(_ node: Node) {
    let children = syntax.children(node)
    if let condition = children.first(where: { $0.field == .condition }) { evaluate(condition.node) }
    events.add(.enterLoop, syntax.line(node))
    if let body = children.first(where: { $0.field == .body }) { statement(body.node, body.kind) }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func forStatement(_ node: Node) {
    let children = syntax.children(node)
    for child in children where child.field == .initialize || child.field == .condition {
      for part in sequence([child]) { evaluate(part.node) }
    }
    events.add(.enterLoop, syntax.line(node))
    for child in children where child.field != .initialize && child.field != .condition && child.field != .update {
      statement(child.node, child.kind)
    }
    for child in children where child.field == .update {
      for part in sequence([child]) { evaluate(part.node) }
    }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func foreachStatement(_ node: Node) {
    let children = syntax.children(node)
    let parts = children.filter { $0.field != .body }
    guard let iterated = parts.first else { return }
    let over = value(iterated.node, iterated.kind)
    flush(callee: "", receiver: nil)
    events.add(.enterLoop, syntax.line(node))
    let element = Value.element(of: over, at: .opaque)
    let document = docBlock(before: node)
    if parts.count > 1 {
      let target = parts[1]
      if target.kind == .pair {
        let pair = syntax.children(target.node)
        if let key = pair.first { loopVariable(key, .opaque) }
        if pair.count > 1 { loopVariable(pair[1], element, document) }
      } else {
        loopVariable(target, element, document)
      }
    }
    if let body = children.first(where: { $0.field == .body }) { statement(body.node, body.kind) }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func loopVariable(_ target: PHPChild, _ element: Value, _ document: PHPDocBlock? = nil) {
    let line = syntax.line(target.node)
    switch target.kind {
    case .variableName, .byRef:
      let name = variable(target.node)
      let said = document.map { $0.variableName.isEmpty || $0.variableName == name ? $0.variable ?? "" : "" } ?? ""
      declare(name, type: PHPTypes.common(said, owner: owner), value: element, line: line)
    default: assign(target.node, target.kind, element, type: "", line: line)
    }
  }

  // MARK: Imports

  private mutating func useDeclaration(_ node: Node) {
    var prefix = ""
    for child in syntax.children(node) {
      switch child.kind {
      case .namespaceName: prefix = syntax.text(child.node) + "\\"
      case .namespaceUseClause: useClause(child.node, prefix: "")
      case .namespaceUseGroup:
        for clause in syntax.children(child.node) where clause.kind == .namespaceUseClause {
          useClause(clause.node, prefix: prefix)
        }
      default: continue
      }
    }
  }

  private mutating func useClause(_ node: Node, prefix: String) {
    var path = prefix
    var local = ""
    for part in syntax.children(node) {
      switch part.field {
      case .alias: local = syntax.text(part.node)
      case .type: continue
      default: path += typeName(part.node)
      }
    }
    let symbol = path.split(separator: "\\").last.map(String.init) ?? path
    imports.append(ImportFact(path: path, symbol: symbol, local: local.isEmpty ? symbol : local))
  }
}
