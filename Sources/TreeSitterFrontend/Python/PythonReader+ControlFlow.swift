import Facts

/// Branches, loops, handlers and what holds a resource.
extension PythonReader {
  mutating func branches(_ node: Node) {
    let line = syntax.line(node)
    var isOpen = false
    for child in syntax.children(node) {
      switch child.field {
      case .condition: _ = value(child.node, child.kind)
      case .consequence:
        events.add(.enterBranch, line)
        isOpen = true
        block(child.node)
      case .alternative:
        events.add(.nextBranch, syntax.line(child.node))
        for part in syntax.children(child.node) {
          if part.field == .condition { _ = value(part.node, part.kind) }
          if part.field == .consequence || part.field == .body { block(part.node) }
        }
      default: if child.kind == nil { block([child]) }
      }
    }
    if isOpen { events.add(.leave, syntax.lastLine(node)) }
  }

  mutating func loop(_ node: Node) {
    var target: Node?
    var iterable = Value.opaque
    let line = syntax.line(node)
    for child in syntax.children(node) {
      switch child.field {
      case .left: target = child.node
      case .right: iterable = value(child.node, child.kind)
      case .body:
        events.add(.enterLoop, line)
        if let target { declareLoopVariable(target, .element(of: iterable, at: .opaque), line) }
        block(child.node)
        events.add(.leave, syntax.lastLine(child.node))
      case .alternative: block(syntax.child(child.node, .body))
      default: continue
      }
    }
  }

  mutating func whileLoop(_ node: Node) {
    for child in syntax.children(node) {
      switch child.field {
      case .condition: _ = value(child.node, child.kind)
      case .body:
        events.add(.enterLoop, syntax.line(node))
        block(child.node)
        events.add(.leave, syntax.lastLine(child.node))
      case .alternative: block(syntax.child(child.node, .body))
      default: continue
      }
    }
  }

  /// What is tried and what always follows are plain; handlers are branches.
  mutating func attempt(_ node: Node) {
    let children = syntax.children(node)
    for child in children where child.field == .body { block(child.node) }
    for child in children where child.kind == .elseClause { block(syntax.child(child.node, .body)) }
    var isOpen = false
    for child in children where child.kind == .exceptClause || child.kind == .exceptGroupClause {
      events.add(isOpen ? .nextBranch : .enterBranch, syntax.line(child.node))
      isOpen = true
      for part in syntax.children(child.node) { handlerPart(part) }
    }
    if isOpen { events.add(.leave, syntax.lastLine(node)) }
    for child in children where child.kind == .finallyClause {
      for part in syntax.children(child.node) where part.kind == .block { block(part.node) }
    }
  }

  private mutating func handlerPart(_ part: PythonChild) {
    if part.kind == .block {
      block(part.node)
    } else if part.field == .alias, part.kind == .identifier {
      events.add(.declare(name: syntax.text(part.node), type: "", value: .opaque), syntax.line(part.node))
    } else if part.kind == .asPattern, let target = syntax.child(part.node, .alias) {
      events.add(.declare(name: syntax.text(target), type: "", value: .opaque), syntax.line(part.node))
    }
  }

  mutating func with(_ node: Node) {
    var open = 0
    let line = syntax.line(node)
    for child in syntax.children(node) {
      if child.field == .body {
        block(child.node)
      } else if child.kind == .withClause {
        for item in syntax.children(child.node) where item.kind == .withItem {
          guard let resource = syntax.children(item.node).first else { continue }
          enterResource(resource, line)
          open += 1
        }
      }
    }
    for _ in 0..<open { events.add(.leave, syntax.lastLine(node)) }
  }

  private mutating func enterResource(_ resource: PythonChild, _ line: Int) {
    let parts = resource.kind == .asPattern ? syntax.children(resource.node) : [resource]
    guard let source = parts.first else { return }
    let value = value(source.node, source.kind)
    let callee: String =
      switch value {
      case .call(let callee, _, _): callee
      case .name(let name): Self.lastPart(name)
      case .field(_, let name): name
      case .text, .literal, .type, .join, .list, .member, .either, .element, .operation, .closure, .opaque: ""
      }
    events.add(.enterScope(callee: callee), line)
    if parts.count > 1, let target = parts.last {
      assign(to: syntax.children(target.node).first?.node ?? target.node, value, type: "", line)
    }
  }

  mutating func match(_ node: Node) {
    var subject = Value.opaque
    var isOpen = false
    for child in syntax.children(node) {
      if child.field == .subject {
        subject = value(child.node, child.kind)
      } else if child.field == .body {
        for clause in syntax.children(child.node) where clause.kind == .caseClause {
          events.add(isOpen ? .nextBranch : .enterBranch, syntax.line(clause.node))
          isOpen = true
          for part in syntax.children(clause.node) { casePart(part, subject) }
        }
      }
    }
    if isOpen { events.add(.leave, syntax.lastLine(node)) }
  }

  private mutating func casePart(_ part: PythonChild, _ subject: Value) {
    if part.field == .consequence {
      block(part.node)
    } else if part.kind == .ifClause {
      for condition in syntax.children(part.node) { _ = value(condition.node, condition.kind) }
    } else if part.kind == .casePattern, let inner = syntax.children(part.node).first {
      // `case name:` and `case Order() as name:` give the subject a name.
      let target = inner.kind == .asPattern ? syntax.children(inner.node).last : inner
      guard let target, target.kind == .dottedName || target.kind == .identifier || target.kind == .asPatternTarget
      else { return }
      let name = syntax.text(target.node)
      guard name != "_", !name.utf8.contains(UInt8(ascii: ".")) else { return }
      events.add(.declare(name: name, type: "", value: subject), syntax.line(part.node))
    }
  }
}
