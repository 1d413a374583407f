import Facts

/// Statements, and expressions that hold some.
extension KotlinReader {
  /// Reads statements in order; the value of the last one.
  mutating func statements(_ node: Node, isUsed: Bool) -> Value {
    let children = syntax.children(node)
    var last: Value = .opaque
    for (place, child) in children.enumerated() {
      last = statement(child, isUsed: isUsed && place == children.count - 1)
    }
    return last
  }

  /// Reads one statement; its value when it is an expression. One that nobody uses is mentioned.
  mutating func statement(_ child: Entry, isUsed: Bool) -> Value {
    bounded { $0.unboundedStatement(child, isUsed: isUsed) } ?? .opaque
  }

  private mutating func unboundedStatement(_ child: Entry, isUsed: Bool) -> Value {
    switch child.kind {
    case .property: readLocal(child.node)
    case .assignment: readAssignment(child.node)
    case .forStatement: readFor(child.node)
    case .whileStatement: readWhile(child.node)
    case .doWhileStatement: readDo(child.node)
    case .function: readLocalFunction(child.node)
    case .classDeclaration, .objectDeclaration, .typeAlias: _ = declaration(child)
    case .statements: return statements(child.node, isUsed: isUsed)
    case .label, .annotation, .getter, .setter: break
    case .none:
      guard syntax.isError(child.node) else { break }
      for inner in syntax.children(child.node) { _ = statement(inner, isUsed: false) }
    default:
      let value = value(child.node)
      if !isUsed { mention(value, at: child.node) }
      return value
    }
    return .opaque
  }

  /// Keeps a value nobody uses, unless its events say all there is.
  private mutating func mention(_ value: Value, at node: Node) {
    switch value {
    case .text, .join, .list, .member, .element, .operation: events.add(.mention(value), syntax.line(node))
    case .literal, .name, .type, .field, .call, .either, .closure, .opaque: break
    }
  }

  private mutating func readLocal(_ node: Node) {
    let (parts, initial) = propertyParts(syntax.children(node))
    let value: Value = initial.map { self.value($0.node) } ?? .opaque
    declare(parts, value)
  }

  /// Declares a variable, or several that take a value apart.
  mutating func declare(_ parts: [(name: String, type: String, line: Int)], _ value: Value) {
    for (place, part) in parts.enumerated() {
      locals.insert(part.name)
      let own: Value = parts.count == 1 ? value : .element(of: value, at: .literal(String(place)))
      events.add(.declare(name: part.name, type: part.type, value: own), part.line)
    }
  }

  private mutating func readLocalFunction(_ node: Node) {
    let children = syntax.children(node)
    let name = children.first { $0.kind == .simpleIdentifier }.map { self.name(of: $0.node) } ?? ""
    let line = syntax.line(node)
    events.add(.enterScope(callee: name), line)
    for list in children where list.kind == .parameters {
      for parameter in parameters(list.node) {
        locals.insert(parameter.name)
        events.add(.declare(name: parameter.name, type: parameter.type, value: .opaque), line)
      }
    }
    for body in children where body.kind == .functionBody {
      for child in syntax.children(body.node) { _ = statement(child, isUsed: false) }
    }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func readAssignment(_ node: Node) {
    let children = syntax.children(node)
    guard let left = children.first, left.kind == .assignable, children.count > 1, let right = children.last else {
      for child in children { _ = statement(child, isUsed: false) }
      return
    }
    let mark = between(left.node, right.node)
    let value = value(right.node)
    let line = syntax.line(node)
    var target = assignable(left.node)
    if case .name(let name) = target, receiverDepth > 0, !locals.contains(name), !name.contains(".") {
      // In `apply`, `with` and `run` a plain name is a property of the object they are given.
      target = .name("it." + name)
    }
    switch target {
    case .name(let name): assign(name, value, mark, line)
    case .field(let base, let name):
      // What is assigned to has no name of its own: it gets one.
      events.add(.declare(name: "_", type: "", value: base), line)
      assign("_." + name, value, mark, line)
    case .text, .literal, .type, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      events.add(.mention(.operation(mark, [target, value])), line)
    }
  }

  private mutating func assign(_ name: String, _ value: Value, _ mark: String, _ line: Int) {
    switch mark.first {
    case "+": events.add(.append(name: name, value: value), line)
    case "-", "*", "/", "%":
      events.add(.assign(name: name, value: .operation(String(mark.prefix(1)), [.name(name), value])), line)
    default: events.add(.assign(name: name, value: value), line)
    }
  }

  private mutating func assignable(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let first = children.first else { return .name(name(of: node)) }
    var value = value(first.node)
    for suffix in children.dropFirst() {
      switch suffix.kind {
      case .navigationSuffix:
        guard let name = syntax.child(suffix.node, of: .simpleIdentifier) else { continue }
        value = member(self.name(of: name), of: value)
      case .indexingSuffix: value = element(of: value, suffix.node)
      default: break
      }
    }
    return value
  }

  private mutating func readFor(_ node: Node) {
    var variables: [(name: String, type: String, line: Int)] = []
    var isMany = false
    var iterable: Value = .opaque
    var body: Node?
    for child in syntax.children(node) {
      switch child.kind {
      case .annotation: break
      case .variable: variables = [variable(child.node)]
      case .multiVariable:
        isMany = true
        variables = syntax.children(child.node).filter { $0.kind == .variable }.map { variable($0.node) }
      case .body: body = child.node
      default: iterable = value(child.node)
      }
    }
    events.add(.enterLoop, syntax.line(node))
    let element: Value = .element(of: iterable, at: .opaque)
    for (place, part) in variables.enumerated() {
      locals.insert(part.name)
      let own: Value = isMany ? .element(of: element, at: .literal(String(place))) : element
      events.add(.declare(name: part.name, type: part.type, value: own), part.line)
    }
    if let body { _ = self.body(body, isUsed: false) }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func readWhile(_ node: Node) {
    let children = syntax.children(node)
    for child in children where child.kind != .body { _ = value(child.node) }
    events.add(.enterLoop, syntax.line(node))
    for child in children where child.kind == .body { _ = body(child.node, isUsed: false) }
    events.add(.leave, syntax.lastLine(node))
  }

  private mutating func readDo(_ node: Node) {
    events.add(.enterLoop, syntax.line(node))
    for child in syntax.children(node) {
      if child.kind == .body { _ = body(child.node, isUsed: false) } else { _ = value(child.node) }
    }
    events.add(.leave, syntax.lastLine(node))
  }

  /// The body of a branch or loop; the value of its last statement.
  mutating func body(_ node: Node, isUsed: Bool) -> Value {
    var last: Value = .opaque
    for child in syntax.children(node) { last = statement(child, isUsed: isUsed) }
    return last
  }

  // MARK: Expressions that hold statements

  /// `if (…) … else …`.
  mutating func ifValue(_ node: Node) -> Value {
    let children = syntax.children(node)
    for child in children where child.field == .condition { _ = value(child.node) }
    events.add(.enterBranch, syntax.line(node))
    var values: [Value] = []
    for child in children where child.kind == .body {
      if child.field == .alternative { events.add(.nextBranch, syntax.line(child.node)) }
      values.append(body(child.node, isUsed: true))
    }
    events.add(.leave, syntax.lastLine(node))
    return oneOf(values)
  }

  /// `when (…) { … }`.
  mutating func whenValue(_ node: Node) -> Value {
    let children = syntax.children(node)
    for subject in children where subject.kind == .whenSubject {
      let parts = syntax.children(subject.node)
      guard let last = parts.last else { continue }
      let value = value(last.node)
      for part in parts where part.kind == .variable { declare([variable(part.node)], value) }
    }
    events.add(.enterBranch, syntax.line(node))
    var values: [Value] = []
    var isFirst = true
    for entry in children where entry.kind == .whenEntry {
      if !isFirst { events.add(.nextBranch, syntax.line(entry.node)) }
      isFirst = false
      for part in syntax.children(entry.node) {
        if part.kind == .body {
          values.append(body(part.node, isUsed: true))
        } else if part.kind == .whenCondition {
          for condition in syntax.children(part.node) {
            let tested = condition.kind == .rangeTest ? syntax.children(condition.node).first : condition
            if let tested, tested.kind != nil { _ = value(tested.node) }
          }
        }
      }
    }
    events.add(.leave, syntax.lastLine(node))
    return oneOf(values)
  }

  /// `try { … } catch (…) { … } finally { … }`.
  mutating func tryValue(_ node: Node) -> Value {
    let children = syntax.children(node)
    var values: [Value] = []
    for child in children where child.kind == .statements { values.append(statements(child.node, isUsed: true)) }
    let catches = children.filter { $0.kind == .catchBlock }
    for (place, block) in catches.enumerated() {
      events.add(place == 0 ? .enterBranch : .nextBranch, syntax.line(block.node))
      for part in syntax.children(block.node) where part.kind == .statements {
        values.append(statements(part.node, isUsed: true))
      }
    }
    if let last = catches.last { events.add(.leave, syntax.lastLine(last.node)) }
    for block in children where block.kind == .finallyBlock {
      for part in syntax.children(block.node) where part.kind == .statements {
        _ = statements(part.node, isUsed: false)
      }
    }
    return oneOf(values)
  }

  /// `return …`, `throw …`, `break`.
  mutating func jump(_ node: Node) -> Value {
    let given = syntax.children(node).last(where: { $0.kind != .label })
    let value: Value = given.map { self.value($0.node) } ?? .opaque
    let source = syntax.bytes(node)
    let isReturn = source.first == UInt8(ascii: "r")
    let hasLabel = source.prefix { $0 > UInt8(ascii: " ") }.contains(UInt8(ascii: "@"))
    // A return to a label leaves a closure, not the function.
    if isReturn, !hasLabel { events.add(.result(value), syntax.line(node)) }
    return .opaque
  }

  /// One of several values; those nothing is known of do not count.
  func oneOf(_ values: [Value]) -> Value {
    let known = values.filter { $0 != .opaque }
    return known.count > 1 ? .either(known) : known.first ?? .opaque
  }
}
