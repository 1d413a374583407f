import Facts

/// Reads expressions from tokens into values, and reports the calls, assignments and appends it meets in order.
///
/// Deliberately untyped: what it cannot follow becomes `.opaque`, never a failure.
struct ExpressionReader {
  var cursor: TokenCursor
  var events: [PlacedEvent] = []
  var depth = 0
  /// Beyond this nesting an expression is opaque; keeps hostile input from exhausting the stack.
  private static let maximumDepth = 120

  init(cursor: TokenCursor) { self.cursor = cursor }

  mutating func emit(_ event: CodeEvent, line: Int) { events.append(PlacedEvent(line: line, event: event)) }

  // MARK: Expressions

  /// An expression up to a comma, semicolon or closing bracket.
  mutating func assignment() -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maximumDepth else {
      skipExpression()
      return .opaque
    }
    let line = cursor.line
    let left = conditional()
    guard cursor.token().kind == .punctuator else { return left }
    switch cursor.token().symbol {
    case Symbol.assign:
      cursor.index += 1
      let right = assignment()
      if let name = Self.target(left) { emit(.assign(name: name, value: right), line: line) }
      return right
    case Symbol.plusAssign:
      cursor.index += 1
      let right = assignment()
      if let name = Self.target(left) { emit(.append(name: name, value: right), line: line) }
      return left
    default:
      if isCompoundAssignment {
        cursor.index += 1
        _ = assignment()
        return .opaque
      }
      return left
    }
  }

  private var isCompoundAssignment: Bool {
    switch cursor.token().symbol {
    case Symbol.pack("-="), Symbol.pack("*="), Symbol.pack("/="), Symbol.pack("%="), Symbol.pack("&="),
      Symbol.pack("|="), Symbol.pack("^="), Symbol.pack("<<="), Symbol.pack(">>="):
      true
    default: false
    }
  }

  private mutating func conditional() -> Value {
    let condition = binary()
    guard cursor.take(Symbol.question) else { return condition }
    let first = cursor.isSymbol(Symbol.colon) ? condition : assignment()
    guard cursor.take(Symbol.colon) else { return first }
    return .either([first, assignment()])
  }

  /// Binary operators in one flat loop: `+` binds tighter than `<<`, everything else makes the whole opaque.
  private mutating func binary() -> Value {
    let line = cursor.line
    let first = unary()
    guard cursor.token().kind == .punctuator, isBinary(cursor.token().symbol) else { return first }
    var operands = [first]
    var operators: [UInt32] = []
    while cursor.token().kind == .punctuator, isBinary(cursor.token().symbol) {
      operators.append(cursor.token().symbol)
      cursor.index += 1
      operands.append(unary())
    }
    return combine(operands, operators, line: line)
  }

  private mutating func combine(_ operands: [Value], _ operators: [UInt32], line: Int) -> Value {
    if operators.allSatisfy({ $0 == Symbol.plus }) { return .join(operands) }
    if operators.allSatisfy({ $0 == Symbol.percent }) {
      let rest = Array(operands.dropFirst())
      switch operands[0] {
      case .call(let callee, let receiver, let arguments):
        return .call(callee: callee, receiver: receiver, arguments: arguments + rest)
      case .text: return .call(callee: "format", receiver: nil, arguments: operands)
      case .name, .join, .list, .member, .either, .element, .literal, .type, .field, .operation, .closure, .opaque:
        return .opaque
      }
    }
    guard operators.contains(Symbol.shiftLeft), !operators.contains(where: isComparison) else { return .opaque }
    var parts: [Value] = [operands[0]]
    for (place, symbol) in operators.enumerated() {
      let right = operands[place + 1]
      if symbol == Symbol.shiftLeft {
        parts.append(right)
      } else if let left = parts.popLast() {
        parts.append(symbol == Symbol.plus ? .join([left, right]) : .opaque)
      }
    }
    let appended = Array(parts.dropFirst())
    if let name = Self.target(parts[0]), appended.contains(where: { $0 != .opaque }) {
      emit(.append(name: name, value: .join(appended)), line: line)
      return parts[0]
    }
    return .join(parts)
  }

  private func isComparison(_ symbol: UInt32) -> Bool {
    symbol == Symbol.doubleAmpersand || symbol == Symbol.pack("||") || symbol == Symbol.pack("==")
      || symbol == Symbol.pack("!=") || symbol == Symbol.pack("|")
  }

  private func isBinary(_ symbol: UInt32) -> Bool {
    switch symbol {
    case Symbol.plus, Symbol.shiftLeft, Symbol.percent, Symbol.minus, Symbol.star, Symbol.ampersand,
      Symbol.doubleAmpersand, Symbol.less, Symbol.greater, Symbol.pack("/"), Symbol.pack("|"), Symbol.pack("^"),
      Symbol.pack("||"), Symbol.pack("=="), Symbol.pack("!="), Symbol.pack("<="), Symbol.pack(">="), Symbol.pack(">>"),
      Symbol.pack("<=>"), Symbol.pack("->*"):
      true
    default: false
    }
  }

  private mutating func unary() -> Value {
    var steps = 0
    while cursor.token().kind == .punctuator, steps < 64 {
      switch cursor.token().symbol {
      case Symbol.star, Symbol.ampersand, Symbol.doubleAmpersand, Symbol.not, Symbol.minus, Symbol.plus, Symbol.tilde,
        Symbol.increment, Symbol.decrement:
        cursor.index += 1
        steps += 1
      default: return postfix(primary())
      }
    }
    return postfix(primary())
  }

  private mutating func postfix(_ start: Value) -> Value {
    var value = start
    var receiver: Value?
    while cursor.token().kind == .punctuator {
      let line = cursor.line
      switch cursor.token().symbol {
      case Symbol.openParen:
        value = call(value, on: receiver, line: line)
        receiver = nil
      case Symbol.dot, Symbol.arrow:
        cursor.index += 1
        if cursor.isWord("template") { cursor.index += 1 }
        _ = cursor.take(Symbol.star)
        guard cursor.isIdentifier() else { return .opaque }
        let member = cursor.text()
        cursor.index += 1
        skipTemplateArguments()
        (value, receiver) = Self.member(member, of: value)
      case Symbol.openBracket:
        cursor.index += 1
        let index = cursor.isSymbol(Symbol.closeBracket) ? Value.opaque : assignment()
        skip(to: Symbol.closeBracket)
        value = .element(of: value, at: index)
      case Symbol.increment, Symbol.decrement:
        cursor.index += 1
      case Symbol.openBrace:
        // `Type{…}` builds a value; a brace after anything else belongs to a statement.
        guard case .name = value else { return value }
        let items = braceList()
        emit(.mention(items), line: line)
        value = .list([items])
      default:
        return value
      }
    }
    return value
  }

  private mutating func call(_ target: Value, on base: Value?, line: Int) -> Value {
    let arguments = self.arguments()
    var callee = ""
    var receiver = base
    switch target {
    case .name(let path):
      if base == nil, let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) {
        callee = String(path[path.utf8.index(after: dot)...])
        receiver = .name(String(path[..<dot]))
      } else {
        callee = path
      }
    case .element(.name(let path), _): callee = path
    case .element, .call, .text, .join, .list, .member, .either, .literal, .type, .field, .operation, .closure, .opaque:
      break
    }
    guard !callee.isEmpty else { return .opaque }
    let dispatch: CallFact.Dispatch = receiver == nil ? .direct : .pointer
    emit(
      .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: dispatch)), line: line)
    return .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  /// A member of a value: a path when the value has a name, else the member's name and what it belongs to.
  private static func member(_ name: String, of value: Value) -> (value: Value, receiver: Value?) {
    switch value {
    case .name("this"): (.name(name), nil)
    case .name(let path): (.name(path + "." + name), nil)
    case .element(.name(let path), _): (.name(path + "." + name), nil)
    case .element, .call, .text, .join, .list, .member, .either, .literal, .type, .field, .operation, .closure, .opaque:
      (.name(name), value)
    }
  }

  /// The name an assignment goes to; nil for anything that is no plain variable, field or element.
  static func target(_ value: Value) -> String? {
    switch value {
    case .name(let path): path
    case .element(let base, _): target(base)
    default: nil
    }
  }

  /// Arguments in parentheses; the cursor stands on the opening one.
  mutating func arguments() -> [Value] {
    let close = cursor.closing(of: cursor.index)
    cursor.index += 1
    var values: [Value] = []
    while cursor.index < close {
      let before = cursor.index
      values.append(assignment())
      if !cursor.take(Symbol.comma), cursor.index < close {
        skipExpression(until: close)
        _ = cursor.take(Symbol.comma)
      }
      if cursor.index == before { cursor.index += 1 }
    }
    cursor.index = min(close + 1, cursor.limit)
    return values
  }

  /// `{a, .b = c, [D] = e}`; the cursor stands on the brace.
  mutating func braceList() -> Value {
    depth += 1
    defer { depth -= 1 }
    let close = cursor.closing(of: cursor.index)
    guard depth < Self.maximumDepth else {
      cursor.index = min(close + 1, cursor.limit)
      return .opaque
    }
    cursor.index += 1
    var values: [Value] = []
    while cursor.index < close {
      let before = cursor.index
      values.append(listItem())
      if !cursor.take(Symbol.comma), cursor.index < close {
        skipExpression(until: close)
        _ = cursor.take(Symbol.comma)
      }
      if cursor.index == before { cursor.index += 1 }
    }
    cursor.index = min(close + 1, cursor.limit)
    return .list(values)
  }

  private mutating func listItem() -> Value {
    if cursor.isSymbol(Symbol.dot), cursor.isIdentifier(at: 1) {
      let name = cursor.text(at: 1)
      cursor.index += 2
      _ = cursor.take(Symbol.assign)
      return .member(name, cursor.isSymbol(Symbol.openBrace) ? braceList() : assignment())
    }
    if cursor.isSymbol(Symbol.openBracket) {
      cursor.index += 1
      let key = assignment()
      skip(to: Symbol.closeBracket)
      _ = cursor.take(Symbol.assign)
      let value = cursor.isSymbol(Symbol.openBrace) ? braceList() : assignment()
      if case .name(let name) = key { return .member(name, value) }
      return value
    }
    return cursor.isSymbol(Symbol.openBrace) ? braceList() : assignment()
  }
}
