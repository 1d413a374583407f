import Facts

extension TypeScriptLowering {
  /// Reads statements in order.
  mutating func statements(_ children: [Part]) {
    var decorators: [AnnotationFact] = []
    for child in children {
      if child.kind == .decorator {
        decorators.append(contentsOf: decorator(child.node))
        continue
      }
      statement(child.node, child.kind, decorators: decorators)
      decorators = []
    }
  }

  /// Reads the statement or block in a field, as a body.
  mutating func body(_ node: Node, _ kind: TypeScriptKind?) {
    if kind == .statementBlock { statements(syntax.children(node)) } else { statement(node, kind, decorators: []) }
  }

  mutating func statement(_ node: Node, _ kind: TypeScriptKind?, decorators: [AnnotationFact]) {
    guard depth < Self.maximumDepth else { return }
    depth += 1
    defer { depth -= 1 }
    let mark = pending.count
    switch kind {
    case .expressionStatement:
      if let inner = syntax.children(node).first { expressionStatement(inner.node, inner.kind) }
    case .lexicalDeclaration, .variableDeclaration: variables(node, isExported: false)
    case .returnStatement: returnStatement(node)
    case .ifStatement: ifStatement(node)
    case .statementBlock: statements(syntax.children(node))
    case .functionDeclaration, .generatorFunctionDeclaration:
      functionDeclaration(node, decorators: decorators, defaultName: "")
    case .functionSignature: break
    case .classDeclaration, .abstractClassDeclaration: _ = classType(node, name: "", decorators: decorators)
    case .interfaceDeclaration: interfaceType(node)
    case .typeAliasDeclaration: aliasType(node)
    case .enumDeclaration: enumType(node)
    case .internalModule, .module: namespace(node)
    case .ambientDeclaration: statements(syntax.children(node))
    case .importStatement: importStatement(node)
    case .importAlias: break
    case .exportStatement: exportStatement(node, decorators: decorators)
    case .forStatement: forStatement(node)
    case .forInStatement: forInStatement(node)
    case .whileStatement, .doStatement: whileStatement(node, isDo: kind == .doStatement)
    case .switchStatement: switchStatement(node)
    case .tryStatement: tryStatement(node)
    case .throwStatement:
      if let thrown = syntax.children(node).first { _ = value(thrown.node, thrown.kind) }
    case .labeledStatement, .withStatement:
      for child in syntax.children(node) where child.field == .body { body(child.node, child.kind) }
    case nil:
      if syntax.isError(node) { brokenPart(node) }
    default: expressionStatement(node, kind)
    }
    flushPending(from: mark, callee: "", receiver: nil)
  }

  /// What the grammar could not read: its healthy parts count.
  private mutating func brokenPart(_ node: Node) {
    if firstError == 0 { firstError = syntax.line(node) }
    statements(syntax.children(node))
  }

  // MARK: Expressions as statements

  private mutating func expressionStatement(_ node: Node, _ kind: TypeScriptKind?) {
    switch kind {
    case .assignmentExpression: assignment(node)
    case .internalModule: namespace(node)
    case .string: break  // 'use strict'
    case .identifier, .updateExpression: break
    case .class: _ = classType(node, name: "", decorators: [])
    case .sequenceExpression:
      for child in syntax.children(node) { statement(child.node, child.kind, decorators: []) }
    case .parenthesizedExpression:
      if let inner = syntax.children(node).first { statement(inner.node, inner.kind, decorators: []) }
    default:
      let line = syntax.line(node)
      switch value(node, kind) {
      case .text(let text): add(.mention(.text(text)), line)
      case .join(let parts): add(.mention(.join(parts)), line)
      case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque:
        break
      }
    }
  }

  private mutating func returnStatement(_ node: Node) {
    guard let child = syntax.children(node).first else { return }
    let line = syntax.line(node)
    if frames[frames.count - 1].isFunction {
      result(child.node, child.kind, line)
      return
    }
    let value = value(child.node, child.kind)
    // What a closure returns is no result of the function around it.
    switch value {
    case .name, .literal, .type, .opaque, .closure: break
    case .text, .field, .call, .join, .list, .member, .either, .element, .operation: add(.mention(value), line)
    }
  }

  /// What a function of its own returns: methods of an object it makes are functions of their own, too.
  mutating func result(_ node: Node, _ kind: TypeScriptKind?, _ line: Int) {
    var (node, kind) = (node, kind)
    while kind == .parenthesizedExpression, let inner = syntax.children(node).first {
      (node, kind) = (inner.node, inner.kind)
    }
    let name = frames[frames.count - 1].name
    let value: Value
    if kind == .object, !name.isEmpty, frames.count == 2 {
      value = object(node, prefix: name, isResult: true)
    } else if kind == .functionExpression, !name.isEmpty, frames.count == 2,
      let own = syntax.child(node, .name).map(syntax.text)
    {
      frames[frames.count - 1].isShared = true
      function(node, name: name + "." + own, owner: owner, decorators: [])
      value = .name(own)
    } else {
      value = self.value(node, kind)
    }
    add(.result(value), line)
  }

  // MARK: Branches

  private mutating func ifStatement(_ first: Node) {
    var node = first
    var isFirst = true
    while true {
      var consequence: Part?
      var alternative: Node?
      for child in syntax.children(node) {
        switch child.field {
        case .condition: _ = value(child.node, child.kind)
        case .consequence: consequence = child
        case .alternative: alternative = child.node
        default: break
        }
      }
      let line = syntax.line(node)
      if isFirst { add(.enterBranch, line) }
      isFirst = false
      if let consequence { body(consequence.node, consequence.kind) }
      guard let alternative, let next = syntax.children(alternative).first else { break }
      add(.nextBranch, syntax.line(alternative))
      if next.kind == .ifStatement {
        node = next.node
        continue
      }
      body(next.node, next.kind)
      break
    }
    add(.leave, syntax.lastLine(first))
  }

  private mutating func switchStatement(_ node: Node) {
    var cases: [Part] = []
    for child in syntax.children(node) {
      if child.field == .value { _ = value(child.node, child.kind) }
      if child.kind == .switchBody { cases = syntax.children(child.node) }
    }
    add(.enterBranch, syntax.line(node))
    for (place, entry) in cases.enumerated() {
      if place > 0 { add(.nextBranch, syntax.line(entry.node)) }
      for child in syntax.children(entry.node) {
        if child.field == .value { _ = value(child.node, child.kind) } else { body(child.node, child.kind) }
      }
    }
    add(.leave, syntax.lastLine(node))
  }

  private mutating func tryStatement(_ node: Node) {
    for child in syntax.children(node) {
      switch child.kind {
      case .statementBlock: statements(syntax.children(child.node))
      case .catchClause:
        add(.enterBranch, syntax.line(child.node))
        for part in syntax.children(child.node) {
          if part.field == .parameter { declare(part.node, part.kind, type: "", value: .opaque) }
          if part.field == .body { body(part.node, part.kind) }
        }
        add(.leave, syntax.lastLine(child.node))
      case .finallyClause:
        for part in syntax.children(child.node) { body(part.node, part.kind) }
      default: break
      }
    }
  }

  // MARK: Loops

  private mutating func forStatement(_ node: Node) {
    var loop: Part?
    var increment: Part?
    for child in syntax.children(node) {
      switch child.field {
      case .initializer: statement(child.node, child.kind, decorators: [])
      case .condition where child.kind != nil: statement(child.node, child.kind, decorators: [])
      case .increment: increment = child
      case .body: loop = child
      default: break
      }
    }
    add(.enterLoop, syntax.line(node))
    if let loop { body(loop.node, loop.kind) }
    if let increment { _ = value(increment.node, increment.kind) }
    add(.leave, syntax.lastLine(node))
  }

  private mutating func forInStatement(_ node: Node) {
    var left: Part?
    var right: Value = .opaque
    var loop: Part?
    var isKeys = false
    for child in syntax.children(node) {
      switch child.field {
      case .left: left = child
      case .operator: isKeys = syntax.text(child.node) == "in"
      case .right: right = value(child.node, child.kind)
      case .body: loop = child
      default: break
      }
    }
    add(.enterLoop, syntax.line(node))
    if let left { declare(left.node, left.kind, type: "", value: isKeys ? .opaque : .element(of: right, at: .opaque)) }
    if let loop { body(loop.node, loop.kind) }
    add(.leave, syntax.lastLine(node))
  }

  private mutating func whileStatement(_ node: Node, isDo: Bool) {
    var loop: Part?
    var condition: Part?
    for child in syntax.children(node) {
      if child.field == .condition { condition = child }
      if child.field == .body { loop = child }
    }
    if !isDo, let condition { _ = value(condition.node, condition.kind) }
    add(.enterLoop, syntax.line(node))
    if let loop { body(loop.node, loop.kind) }
    if isDo, let condition { _ = value(condition.node, condition.kind) }
    add(.leave, syntax.lastLine(node))
  }
}
