import Facts

extension CSharpReader {
  /// A variable of a query, and what it stands for.
  private struct RangeVariable {
    var name: String
    var type: String
    var value: Value
  }

  /// Reads `from o in orders where … select …` as the calls it stands for: `orders.Where(o => …).Select(o => …)`.
  mutating func query(_ node: Node) -> Value {
    var variables: [RangeVariable] = []
    var query = Value.opaque
    var isFirst = true
    for child in syntax.children(node) {
      let parts = syntax.children(child.node)
      let line = syntax.line(child.node)
      switch child.kind {
      case .fromClause:
        let type = parts.first { $0.field == .type }.map { typeText($0.node) } ?? ""
        let label = parts.first { $0.field == .name }.map { name($0.node) } ?? ""
        guard let source = parts.last else { continue }
        var value: Value
        if isFirst {
          value = self.value(source.node, source.kind)
          query = value
        } else {
          value = .opaque
          query = step("SelectMany", on: query, over: variables, [source], line) { value = $0 }
        }
        variables.append(RangeVariable(name: label, type: type, value: .element(of: value, at: .opaque)))
        isFirst = false
      case .joinClause: query = join(parts, on: query, &variables, line)
      case .letClause:
        guard let first = parts.first, let last = parts.last else { continue }
        var value = Value.opaque
        query = step("Select", on: query, over: variables, [last], line) { value = $0 }
        variables.append(RangeVariable(name: name(first.node), type: "", value: value))
      case .whereClause: query = step("Where", on: query, over: variables, parts, line)
      case .orderByClause:
        for (place, part) in parts.enumerated() {
          query = step(place == 0 ? "OrderBy" : "ThenBy", on: query, over: variables, [part], line)
        }
      case .groupClause:
        query = step("GroupBy", on: query, over: variables, Array(parts.reversed()), line)
      case .selectClause:
        // `select o` of the only variable changes nothing.
        if parts.count == 1, parts[0].kind == .identifier, variables.count == 1,
          variables[0].name == name(parts[0].node)
        {
          continue
        }
        query = step("Select", on: query, over: variables, parts, line)
      case .identifier:
        // `into x`: only x is left.
        variables = [RangeVariable(name: name(child.node), type: "", value: .element(of: query, at: .opaque))]
      default: break
      }
    }
    return query
  }

  /// One call of a query with a closure for each expression.
  private mutating func step(
    _ callee: String, on query: Value, over variables: [RangeVariable], _ expressions: [Entry], _ line: Int,
    extra: [Value] = [], result: (Value) -> Void = { _ in }
  ) -> Value {
    let outer = pending
    pending = []
    var arguments = extra
    for expression in expressions {
      arguments.append(closure(of: expression, over: variables, line, result: result))
    }
    let value = finishQuery(callee, on: query, arguments, line)
    pending = outer
    return value
  }

  private mutating func closure(
    of expression: Entry, over variables: [RangeVariable], _ line: Int, result: (Value) -> Void = { _ in }
  ) -> Value {
    let value = closure(parameters: [], line: line) { reader in
      // Each variable keeps what it came from, however many calls lie between.
      for variable in variables {
        reader.add(.declare(name: variable.name, type: variable.type, value: variable.value), line)
      }
      return reader.value(expression.node, expression.kind)
    }
    result(value)
    return .closure(parameters: variables.map(\.name), result: value)
  }

  private mutating func finishQuery(_ callee: String, on query: Value, _ arguments: [Value], _ line: Int) -> Value {
    finish(callee, receiver: query, arguments: arguments, line: line)
  }

  private mutating func join(
    _ parts: [Entry], on query: Value, _ variables: inout [RangeVariable], _ line: Int
  ) -> Value {
    var type = ""
    var expressions: [Entry] = []
    var into: String?
    var label = ""
    for part in parts {
      if part.field == .type {
        type = typeText(part.node)
      } else if part.kind == .joinIntoClause {
        into = syntax.children(part.node).first.map { name($0.node) }
      } else if label.isEmpty, part.kind == .identifier {
        label = name(part.node)
      } else {
        expressions.append(part)
      }
    }
    guard expressions.count == 3 else { return query }
    let outer = pending
    pending = []
    let source = value(expressions[0].node, expressions[0].kind)
    let joined = RangeVariable(name: label, type: type, value: .element(of: source, at: .opaque))
    let arguments = [
      source, closure(of: expressions[1], over: variables, line), closure(of: expressions[2], over: [joined], line),
    ]
    let value = finishQuery(into == nil ? "Join" : "GroupJoin", on: query, arguments, line)
    pending = outer
    variables.append(into.map { RangeVariable(name: $0, type: "", value: source) } ?? joined)
    return value
  }
}
