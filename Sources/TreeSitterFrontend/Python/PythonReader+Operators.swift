import Facts

extension PythonReader {
  // MARK: Text

  /// A literal; parts that are filled in become values of a `.join`.
  mutating func text(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let start = children.first else { return .opaque }
    let prefix = PythonText.Prefix(syntax.bytes(start.node))
    var parts: [Value] = []
    for child in children {
      switch child.kind {
      case .stringContent: parts.append(.text(PythonText.decoded(syntax.bytes(child.node), prefix)))
      case .interpolation:
        if let inner = syntax.child(child.node, .expression) { parts.append(value(inner)) }
      default: continue
      }
    }
    return .joined(parts)
  }

  // MARK: Operators

  /// Operators of one precedence lean to the left: `a + b + c` is read from the left in a loop.
  mutating func binary(_ node: Node) -> Value {
    var steps: [(name: String, right: PythonChild)] = []
    var current = PythonChild(node: node, kind: .binaryOperator, field: nil)
    while current.kind == .binaryOperator {
      let children = syntax.children(current.node)
      guard let left = children.first(where: { $0.field == .left }),
        let right = children.first(where: { $0.field == .right })
      else { return .opaque }
      let name = children.first { $0.field == .operator }.map { syntax.text($0.node) } ?? ""
      steps.append((name, right))
      current = left
    }
    var run = [value(current.node, current.kind)]
    var runName = ""
    var switches = 0
    for (name, right) in steps.reversed() {
      if name == "%" || name != runName {
        run = [Self.combined(run, runName)]
        runName = name
        switches += 1
        if switches % Self.longestChain == 0 { run = [.opaque] }
      }
      let operand = value(right.node, right.kind)
      if name == "%", Self.isFormat(run[0], operand) {
        run = [.call(callee: "format", receiver: run[0], arguments: Self.formatArguments(operand))]
        runName = ""
      } else {
        run.append(operand)
      }
    }
    return Self.combined(run, runName)
  }

  private static func combined(_ operands: [Value], _ name: String) -> Value {
    guard operands.count > 1 else { return operands.first ?? .opaque }
    guard name == "+", operands.allSatisfy(mayBeText) else { return .operation(name, operands) }
    return .joined(operands)
  }

  private static func mayBeText(_ value: Value) -> Bool {
    switch value {
    case .text, .name, .field, .call, .join, .either, .element, .opaque: true
    case .literal, .type, .list, .member, .operation, .closure: false
    }
  }

  /// Whether `%` fills a text and is no remainder.
  private static func isFormat(_ left: Value, _ right: Value) -> Bool {
    switch left {
    case .text, .join: true
    case .call("format", .some(_), _): true
    case .name, .field, .call, .either, .element, .opaque: if case .list = right { true } else { false }
    case .literal, .type, .list, .member, .operation, .closure: false
    }
  }

  private static func formatArguments(_ right: Value) -> [Value] {
    if case .list(let items) = right { return items }
    return [right]
  }

  mutating func boolean(_ node: Node) -> Value {
    var operands: [PythonChild] = []
    var current = PythonChild(node: node, kind: .booleanOperator, field: nil)
    var name = ""
    while current.kind == .booleanOperator {
      let children = syntax.children(current.node)
      guard let left = children.first(where: { $0.field == .left }),
        let right = children.first(where: { $0.field == .right })
      else { break }
      let own = children.first { $0.field == .operator }.map { syntax.text($0.node) } ?? ""
      if name.isEmpty { name = own }
      guard own == name else { break }
      operands.append(right)
      current = left
    }
    let first = value(current.node, current.kind)
    let values = [first] + operands.reversed().map { value($0.node, $0.kind) }
    return name == "or" ? .either(values) : .operation("and", values)
  }

  mutating func comparison(_ node: Node) -> Value {
    var name = ""
    var operands: [Value] = []
    for child in syntax.children(node) {
      if child.field == .operators {
        if name.isEmpty { name = syntax.text(child.node) }
      } else {
        operands.append(value(child.node, child.kind))
      }
    }
    return .operation(name, operands)
  }

  mutating func unary(_ node: Node) -> Value {
    guard let inner = syntax.child(node, .argument) else { return .opaque }
    let name = syntax.bytes(node).first.map { String(UnicodeScalar($0)) } ?? ""
    let operand = value(inner)
    if name == "-", case .literal(let digits) = operand { return .literal("-" + digits) }
    return .operation(name, [operand])
  }

  mutating func conditional(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard children.count == 3 else { return .opaque }
    _ = value(children[1].node, children[1].kind)
    let then = value(children[0].node, children[0].kind)
    return .either([then, value(children[2].node, children[2].kind)])
  }
}
