import Facts

/// Expressions as values; their calls become events.
extension KotlinReader {
  /// The value of an expression. Calls inside become events, innermost first.
  mutating func value(_ node: Node) -> Value { bounded { $0.unboundedValue(node) } ?? .opaque }

  private mutating func unboundedValue(_ node: Node) -> Value {
    switch syntax.kind(node) {
    case .simpleIdentifier, .interpolatedIdentifier, .identifier, .typeIdentifier: return .name(name(of: node))
    case .this: return .name("this")
    case .super: return .name("super")
    case .string: return text(node)
    case .character: return .text(KotlinText.escapes.text(syntax.bytes(node).dropFirst().dropLast()))
    case .boolean, .integer, .hex, .binary, .real, .long, .unsigned: return .literal(syntax.text(node))
    case .null: return .literal("null")
    case .call, .navigation, .indexing, .postfix, .cast: return chain(node)
    case .parenthesized, .spread, .interpolatedExpression: return last(node)
    case .prefix: return prefixed(node)
    case .additive, .multiplicative, .conjunction, .disjunction: return operators(node)
    case .comparison, .equality, .range, .check: return comparison(node)
    case .infix: return infix(node)
    case .elvis: return elvis(node)
    case .callableReference: return reference(node)
    case .collection: return .list(syntax.children(node).map { value($0.node) })
    case .ifExpression: return ifValue(node)
    case .whenExpression: return whenValue(node)
    case .tryExpression: return tryValue(node)
    case .jump: return jump(node)
    case .lambda, .annotatedLambda, .anonymousFunction, .objectLiteral:
      // A function kept for later: what it does counts where it is written.
      let closure = closure(node, implicit: nil)
      events.add(.enterScope(callee: ""), syntax.line(node))
      add(closure.events)
      events.add(.leave, syntax.lastLine(node))
      return closure.value
    case .assignment, .statements:
      _ = statement(Entry(node: node, kind: syntax.kind(node), field: nil), isUsed: false)
      return .opaque
    default:
      if syntax.isError(node) { for child in syntax.children(node) { _ = value(child.node) } }
      return .opaque
    }
  }

  /// The value of the last child.
  private mutating func last(_ node: Node) -> Value { syntax.children(node).last.map { value($0.node) } ?? .opaque }

  private mutating func prefixed(_ node: Node) -> Value {
    guard let operand = syntax.children(node).last else { return .opaque }
    let inner = value(operand.node)
    switch syntax.bytes(node).first {
    case UInt8(ascii: "!"): return .operation("!", [inner])
    case UInt8(ascii: "-"):
      if case .literal(let digits) = inner { return .literal("-" + digits) }
      return .operation("-", [inner])
    default: return inner
    }
  }

  /// Operators that may stand in long chains: the terms of equal operators side by side.
  private mutating func operators(_ node: Node) -> Value {
    var terms: [(mark: String, node: Node)] = []
    var current = node
    let kind = syntax.kind(node)
    while syntax.kind(current) == kind {
      let children = syntax.children(current)
      guard let left = children.first, let right = children.last, children.count > 1 else { break }
      terms.append((between(left.node, right.node), right.node))
      current = left.node
    }
    guard !terms.isEmpty else { return last(node) }
    var values = [value(current)]
    var mark = terms.last?.mark ?? ""
    for term in terms.reversed() {
      let right = value(term.node)
      if term.mark != mark, values.count > 1 { values = [combined(mark, values)] }
      mark = term.mark
      values.append(right)
    }
    return combined(mark, values)
  }

  private func combined(_ mark: String, _ values: [Value]) -> Value {
    guard mark == "+", values.contains(where: isText) || values.allSatisfy(mayBeText) else {
      return .operation(mark, values)
    }
    return .joined(values)
  }

  private func isText(_ value: Value) -> Bool {
    switch value {
    case .text, .join: true
    case .name, .field, .call, .element, .either, .literal, .type, .list, .member, .operation, .closure, .opaque: false
    }
  }

  private func mayBeText(_ value: Value) -> Bool {
    switch value {
    case .text, .join, .name, .field, .call, .element, .either: true
    case .literal, .type, .list, .member, .operation, .closure, .opaque: false
    }
  }

  private mutating func comparison(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let left = children.first, let right = children.last, children.count > 1 else { return last(node) }
    let mark = between(left.node, right.node)
    let first = value(left.node)
    let second: Value = isType(right.kind) ? .type(typeText(right.node)) : value(right.node)
    return .operation(mark, [first, second])
  }

  /// `a to b` is an entry; any other word between two operands is a call.
  private mutating func infix(_ node: Node) -> Value {
    var words: [(name: String, node: Node, line: Int)] = []
    var current = node
    while syntax.kind(current) == .infix {
      let children = syntax.children(current)
      guard children.count == 3 else { break }
      words.append((name(of: children[1].node), children[2].node, syntax.line(children[1].node)))
      current = children[0].node
    }
    guard words.count < 200, !words.isEmpty else { return .opaque }
    var result = value(current)
    for word in words.reversed() {
      let right = value(word.node)
      if word.name == "to" {
        if case .text(let key) = result { result = .member(key, right) } else { result = .list([result, right]) }
      } else {
        events.add(
          .call(CallFact(callee: word.name, receiver: result, arguments: [right], dispatch: .direct)), word.line)
        result = .call(callee: word.name, receiver: result, arguments: [right])
      }
    }
    return result
  }

  private mutating func elvis(_ node: Node) -> Value {
    var rights: [Node] = []
    var current = node
    while syntax.kind(current) == .elvis {
      let children = syntax.children(current)
      guard children.count > 1, let left = children.first, let right = children.last else { break }
      rights.append(right.node)
      current = left.node
    }
    guard !rights.isEmpty else { return .opaque }
    var values = [value(current)]
    for right in rights.reversed() {
      let (other, list) = apart { $0.value(right) }
      values.append(other)
      guard !list.isEmpty else { continue }
      // What stands behind `?:` runs only when there is nothing before it.
      events.add(.enterBranch, syntax.line(right))
      add(list)
      events.add(.leave, syntax.lastLine(right))
    }
    return oneOf(values)
  }

  /// `Order::class`, `Order::name`, `::main`.
  private func reference(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let first = children.first else { return .opaque }
    if children.count > 1, let last = children.last { return .name(name(of: first.node) + "." + name(of: last.node)) }
    return first.kind == .typeIdentifier ? .type(name(of: first.node)) : .name(name(of: first.node))
  }

  /// A member of a value.
  func member(_ name: String, of base: Value) -> Value {
    switch base {
    case .name(let path): .name(path + "." + name)
    case .type where name == "java" || name == "kotlin" || name == "javaObjectType": base
    case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure,
      .opaque:
      .field(of: base, name: name)
    }
  }

  /// An element of a value, by the keys of an indexing suffix.
  mutating func element(of base: Value, _ suffix: Node) -> Value {
    let keys = syntax.children(suffix).map { value($0.node) }
    return .element(of: base, at: keys.count == 1 ? keys[0] : .list(keys))
  }
}
