import Facts

extension CSharpReader {
  /// Whether a node is a statement, where declarations may stand as well.
  static func isStatement(_ kind: CSharpKind) -> Bool {
    switch kind {
    case .block, .checkedStatement, .doStatement, .expressionStatement, .fixedStatement, .forStatement,
      .foreachStatement, .ifStatement, .labeledStatement, .localDeclarationStatement, .localFunctionStatement,
      .lockStatement, .returnStatement, .switchStatement, .throwStatement, .tryStatement, .unsafeStatement,
      .usingStatement, .whileStatement, .yieldStatement:
      true
    default: false
    }
  }

  /// Reads the statements of a block.
  mutating func block(_ node: Node) { statements(syntax.children(node)) }

  private mutating func statements(_ children: [Entry]) {
    let outer = openUsings
    openUsings = 0
    for child in children { statement(child.node, child.kind) }
    closeUsings()
    openUsings = outer
  }

  /// Ends what `using` declarations began, at the end of their block.
  mutating func closeUsings() {
    for _ in 0..<openUsings { add(.leave, lastEventLine) }
    openUsings = 0
  }

  /// Reads a statement.
  mutating func statement(_ node: Node, _ kind: CSharpKind?) {
    guard depth < Self.depthLimit else { return }
    depth += 1
    defer { depth -= 1 }
    lastEventLine = syntax.line(node)
    switch kind {
    case .block: block(node)
    case .expressionStatement: expressionStatement(node)
    case .localDeclarationStatement: localDeclaration(node)
    case .returnStatement: returnStatement(node)
    case .ifStatement: ifStatement(node)
    case .foreachStatement: foreachStatement(node)
    case .forStatement, .whileStatement, .doStatement: loop(node, kind)
    case .switchStatement: switchStatement(node)
    case .tryStatement: tryStatement(node)
    case .usingStatement: usingStatement(node)
    case .localFunctionStatement: localFunction(node)
    case .throwStatement, .yieldStatement:
      for child in syntax.children(node) {
        let value = value(child.node, child.kind, expecting: "")
        flushClosures("yield")
        if kind == .yieldStatement { mention(value, syntax.line(child.node)) }
      }
    case .lockStatement, .fixedStatement, .checkedStatement, .unsafeStatement, .labeledStatement, .globalStatement,
      .preprocIf, .preprocElse, .preprocElif, nil:
      plain(node)
    default: break
    }
  }

  /// Reads what stands in a statement that does nothing of its own, or in something broken.
  private mutating func plain(_ node: Node) {
    for child in syntax.children(node) where child.field != .condition {
      switch child.kind {
      case .variableDeclaration: declarations(child.node)
      case .preprocElse, .preprocElif, .preprocIf: statement(child.node, child.kind)
      case let kind? where Self.isStatement(kind): statement(child.node, kind)
      case nil: if syntax.isError(child.node) { statement(child.node, nil) }
      case .identifier, .modifier: break
      default:
        _ = value(child.node, child.kind)
        flushClosures("lock")
      }
    }
  }

  private mutating func expressionStatement(_ node: Node) {
    guard let child = syntax.children(node).first else { return }
    let value = value(child.node, child.kind)
    flushClosures("")
    switch child.kind {
    case .assignmentExpression, .postfixUnaryExpression, .prefixUnaryExpression: break
    default: mention(value, syntax.line(child.node))
    }
  }

  /// A value that stands alone; calls have their own event.
  private mutating func mention(_ value: Value, _ line: Int) {
    switch value {
    case .opaque, .call: break
    case .text, .literal, .name, .type, .field, .join, .list, .member, .either, .element, .operation, .closure:
      add(.mention(value), line)
    }
  }

  // MARK: Declarations

  private mutating func localDeclaration(_ node: Node) {
    let isUsing = syntax.bytes(node).starts(with: "using".utf8) || syntax.bytes(node).starts(with: "await using".utf8)
    for child in syntax.children(node) where child.kind == .variableDeclaration {
      declarations(child.node, isUsing: isUsing)
    }
  }

  /// Declares variables; those of `using` open a scope each.
  @discardableResult
  private mutating func declarations(_ node: Node, isUsing: Bool = false) -> Int {
    var type = ""
    var count = 0
    for child in syntax.children(node) {
      if child.field == .type { type = typeText(child.node) }
      guard child.kind == .variableDeclarator else { continue }
      let parts = syntax.children(child.node)
      guard let target = parts.first else { continue }
      let line = syntax.line(child.node)
      var value = Value.opaque
      if parts.count > 1, let initial = parts.last {
        value = self.value(initial.node, initial.kind, expecting: type)
      } else if isUsing || syntax.bytes(child.node).contains(UInt8(ascii: "=")) {
        value = lone(child.node)
      }
      if isUsing {
        add(.enterScope(callee: Self.callee(of: value)), line)
        openUsings += 1
      }
      if target.kind == .tuplePattern {
        destructure(target.node, value, line)
      } else {
        let label = name(target.node)
        flushClosures(label)
        add(.declare(name: label, type: type, value: value), line)
      }
      count += 1
    }
    return count
  }

  private static func callee(of value: Value) -> String {
    if case .call(let callee, _, _) = value { return callee }
    return "using"
  }

  /// Declares each name of `(a, (b, _))`.
  private mutating func destructure(_ pattern: Node, _ value: Value, _ line: Int) {
    for (place, part) in syntax.children(pattern).enumerated() {
      let element = Value.element(of: value, at: .literal(String(place)))
      if part.kind == .tuplePattern, depth < Self.depthLimit {
        depth += 1
        destructure(part.node, element, line)
        depth -= 1
      } else if part.kind == .identifier {
        add(.declare(name: name(part.node), type: "", value: element), line)
      }
    }
  }

  private mutating func localFunction(_ node: Node) {
    let children = syntax.children(node)
    var label = ""
    var parameters: [Parameter] = []
    var type = ""
    for child in children {
      switch child.field {
      case .name: label = name(child.node)
      case .type: type = typeText(child.node)
      case .parameters: parameters = self.parameters(child.node)
      case .body:
        add(.enterScope(callee: label), syntax.line(node))
        for parameter in parameters {
          add(.declare(name: parameter.name, type: parameter.type, value: .opaque), parameter.line)
        }
        let outer = returned
        _ = beginBody(child, resultType: type)
        returned = outer
        for event in events.end() {
          // It is not the function around it that returns this.
          if case .result(let value) = event.event { mention(value, event.line) } else { add(event.event, event.line) }
        }
        add(.leave, syntax.lastLine(node))
      default: break
      }
    }
  }

  // MARK: Results

  private mutating func returnStatement(_ node: Node) {
    let line = syntax.line(node)
    var result = Value.opaque
    if let child = syntax.children(node).first {
      result = value(child.node, child.kind, expecting: resultType)
      flushClosures("return")
    } else {
      result = lone(node)
      guard result != .opaque else { return }
    }
    if returned == nil {
      add(.result(result), line)
    } else {
      returned?.append(result)
      mention(result, line)
    }
  }

  // MARK: Branches

  private mutating func ifStatement(_ node: Node) {
    var next: Node? = node
    var isFirst = true
    // A long chain of `else if` is one branch with many alternatives.
    while let current = next {
      next = nil
      for child in syntax.children(current) {
        let line = syntax.line(child.node)
        switch child.field {
        case .condition:
          if !isFirst { add(.nextBranch, line) }
          _ = value(child.node, child.kind)
          flushClosures("if")
          if isFirst { add(.enterBranch, line) }
          isFirst = false
        case .consequence: statement(child.node, child.kind)
        case .alternative:
          if child.kind == .ifStatement {
            next = child.node
          } else {
            add(.nextBranch, line)
            statement(child.node, child.kind)
          }
        default: break
        }
      }
    }
    if !isFirst { add(.leave, syntax.lastLine(node)) }
  }

  private mutating func switchStatement(_ node: Node) {
    var subject = Value.opaque
    var isFirst = true
    for child in syntax.children(node) {
      switch child.field {
      case .value:
        subject = value(child.node, child.kind)
        flushClosures("switch")
      case .body:
        add(.enterBranch, syntax.line(child.node))
        for section in syntax.children(child.node) where section.kind == .switchSection {
          let parts = syntax.children(section.node)
          if !isFirst { add(.nextBranch, syntax.line(section.node)) }
          isFirst = false
          for part in parts where part.kind.map(Self.isStatement) != true { pattern(part, of: subject) }
          statements(parts.filter { $0.kind.map(Self.isStatement) == true })
        }
        add(.leave, syntax.lastLine(node))
      default: break
      }
    }
  }

  private mutating func tryStatement(_ node: Node) {
    var isOpen = false
    for child in syntax.children(node) {
      let line = syntax.line(child.node)
      switch child.kind {
      case .catchClause:
        add(isOpen ? .nextBranch : .enterBranch, line)
        isOpen = true
        for part in syntax.children(child.node) {
          switch part.kind {
          case .catchDeclaration:
            let parts = syntax.children(part.node)
            let type = parts.first { $0.field == .type }.map { typeText($0.node) } ?? ""
            if let named = parts.first(where: { $0.field == .name }) {
              add(.declare(name: name(named.node), type: type, value: .opaque), line)
            }
          case .catchFilterClause: plain(part.node)
          default: statement(part.node, part.kind)
          }
        }
      case .finallyClause:
        if isOpen { add(.leave, line) }
        isOpen = false
        plain(child.node)
      default: statement(child.node, child.kind)
      }
    }
    if isOpen { add(.leave, syntax.lastLine(node)) }
  }

  // MARK: Loops and resources

  private mutating func foreachStatement(_ node: Node) {
    var type = ""
    var target: Entry?
    for child in syntax.children(node) {
      let line = syntax.line(child.node)
      switch child.field {
      case .type: type = typeText(child.node)
      case .left: target = child
      case .right:
        let items = value(child.node, child.kind)
        flushClosures("foreach")
        add(.enterLoop, line)
        guard let target else { continue }
        let element = Value.element(of: items, at: .opaque)
        if target.kind == .tuplePattern {
          destructure(target.node, element, line)
        } else if target.kind == .identifier {
          add(.declare(name: name(target.node), type: type, value: element), line)
        } else {
          assign(target, element, line)
        }
      case .body:
        statement(child.node, child.kind)
        add(.leave, syntax.lastLine(node))
      default: break
      }
    }
  }

  private mutating func loop(_ node: Node, _ kind: CSharpKind?) {
    let children = syntax.children(node)
    func run(_ field: CSharpField) -> [Entry] { children.filter { $0.field == field } }
    for child in run(.initializer) {
      if child.kind == .variableDeclaration { declarations(child.node) } else { _ = value(child.node, child.kind) }
    }
    if kind != .doStatement { for child in run(.condition) { _ = value(child.node, child.kind) } }
    flushClosures("while")
    add(.enterLoop, syntax.line(node))
    for child in run(.body) { statement(child.node, child.kind) }
    for child in run(.update) { _ = value(child.node, child.kind) }
    if kind == .doStatement { for child in run(.condition) { _ = value(child.node, child.kind) } }
    flushClosures("while")
    add(.leave, syntax.lastLine(node))
  }

  private mutating func usingStatement(_ node: Node) {
    let outer = openUsings
    openUsings = 0
    for child in syntax.children(node) {
      if child.field == .body {
        let opened = openUsings
        openUsings = 0
        statement(child.node, child.kind)
        openUsings = opened
      } else if child.kind == .variableDeclaration {
        declarations(child.node, isUsing: true)
      } else {
        let value = value(child.node, child.kind)
        flushClosures("using")
        add(.enterScope(callee: Self.callee(of: value)), syntax.line(child.node))
        openUsings += 1
      }
    }
    lastEventLine = syntax.lastLine(node)
    closeUsings()
    openUsings = outer
  }
}
