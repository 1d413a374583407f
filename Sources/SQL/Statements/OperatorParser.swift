import Facts

/// What stands between and behind operands.
extension StatementParser {
  mutating func operatorSign(in scope: Int, _ trail: inout Trail) -> Bool {
    let token = cursor.token
    switch token.kind {
    case .symbol: return symbolOperator(in: scope, &trail)
    case .word: return wordOperator(in: scope, &trail)
    case .hole, .parameter:
      guard isHole(token) else { return false }
      cursor.advance()
      trail.state = .any
      return true
    case .string where trail.lastKind == .string || trail.state == .any:
      cursor.advance()
      trail.state = .operatorSign
      return true
    case .quoted, .doubleQuoted, .string, .body, .number, .variable, .end: return false
    }
  }

  private mutating func symbolOperator(in scope: Int, _ trail: inout Trail) -> Bool {
    let symbol = cursor.token.symbol
    switch symbol {
    case .of("="):
      trail.equalLeft = trail.lastUse
    case .of("<"), .of(">"), .of("+"), .of("-"), .of("*"), .of("/"), .of("%"), .of("^"), .of("&"), .of("|"), .of("#"),
      .of("@"),
      .of("~"), .of("!"), Token.Symbol.other, Token.Symbol.assign:
      break
    case Token.Symbol.cast:
      cursor.advance()
      typeName()
      return true
    case .of("."):
      cursor.advance()
      cursor.advance()
      return true
    case .of("["):
      subscripts(in: scope)
      return true
    case .of("(") where cursor.peek().isSymbol(.of("+")) && cursor.peek(2).isSymbol(.of(")")):
      // `a.x = b.y (+)`: an outer join of Oracle.
      cursor.index += 3
      return true
    default: return false
    }
    cursor.advance()
    trail.state = .operand
    return true
  }

  private mutating func wordOperator(in scope: Int, _ trail: inout Trail) -> Bool {
    switch cursor.keyword {
    case .and, .or, .xor, .like, .ilike, .rlike, .regexp, .glob, .div, .between, .escape, .match:
      cursor.advance()
      trail.state = .operand
    case .in:
      cursor.advance()
      // `AGAINST ('x' IN BOOLEAN MODE)`.
      if cursor.accept(.boolean, .mode) || cursor.accept(.natural) {
        while cursor.token.kind == .word { cursor.advance() }
      } else {
        trail.state = .operand
      }
    case .similar, .sounds:
      cursor.advance()
      cursor.advance()
      trail.state = .operand
    case .not:
      guard [.in, .like, .ilike, .between, .regexp, .rlike, .glob, .similar, .match].contains(cursor.peek().keyword)
      else {
        return acceptNotNull()
      }
      cursor.advance()
    case .is: isOperator(&trail)
    case .isnull, .notnull: cursor.advance()
    case .collate:
      cursor.advance()
      _ = qualifiedName() != nil || skipToken()
    case .over, .within, .filter, .against: return windowOperator(in: scope)
    case .ignore where cursor.peek().keyword == .nulls: cursor.index += 2
    case .from
    where trail.lastKind == .word && (cursor.peek().keyword == .first || cursor.spells(cursor.peek(), "last")):
      // `NTH_VALUE(x, 2) FROM FIRST … OVER (…)`.
      guard [.over, .ignore].contains(cursor.peek(2).keyword) || cursor.spells(cursor.peek(2), "respect") else {
        return false
      }
      cursor.index += 2
    case .at:
      guard cursor.accept(.at, .time, .zone) else { return false }
      trail.state = .operand
    case .with where cursor.peek().keyword == .query:
      cursor.index += 3
      cursor.index = min(cursor.index, cursor.tokens.count - 1)
    default:
      if trail.isInterval, cursor.token.traits.contains(.timeUnit) {
        cursor.advance()
        trail.isInterval = false
        if cursor.at(.to), cursor.peek().traits.contains(.timeUnit) { cursor.index += 2 }
        return true
      }
      if cursor.spells(cursor.token, "respect"), cursor.peek().keyword == .nulls {
        cursor.index += 2
        return true
      }
      if cursor.spells(cursor.token, "keep"), cursor.peek().isSymbol(.of("(")) {
        cursor.advance()
        cursor.skipParentheses()
        return true
      }
      if trail.lastKind == .symbol, cursor.token.traits.contains(.timeUnit), cursor.index > 0,
        cursor.tokens[cursor.index - 1].isSymbol(.of(")"))
      {
        // `(a - b) DAY(9) TO SECOND(3)` of Oracle.
        guard cursor.peek().isSymbol(.of("(")) || cursor.peek().keyword == .to else { return false }
        interval()
        return true
      }
      guard
        cursor.spells(cursor.token, "mod") || cursor.spells(cursor.token, "overlaps")
          || cursor.spells(cursor.token, "operator")
      else { return false }
      cursor.advance()
      if cursor.at(symbol: .of("(")), cursor.peek().kind == .symbol { cursor.skipParentheses() }
      trail.state = .operand
    }
    return true
  }

  private mutating func interval() {
    repeat {
      cursor.advance()
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    } while cursor.accept(.to)
  }

  private mutating func skipToken() -> Bool {
    cursor.advance()
    return true
  }

  private mutating func acceptNotNull() -> Bool { cursor.accept(.not, .null) }

  private mutating func isOperator(_ trail: inout Trail) {
    cursor.advance()
    _ = cursor.accept(.not)
    if cursor.accept(.distinct, .from) {
      trail.state = .operand
    } else if cursor.spells(cursor.token, "json") {
      cursor.advance()
      while [.value, .object, .array, .with, .without, .unique, .key, .keys].contains(cursor.keyword)
        || cursor.spells(cursor.token, "scalar")
      {
        cursor.advance()
      }
    } else if [.string, .number, .parameter, .variable, .quoted].contains(cursor.token.kind)
      || cursor.at(symbol: .of("("))
    {
      trail.state = .operand
    } else if cursor.token.kind == .word || isHole(cursor.token) {
      if isHole(cursor.token) { trail.state = .any }
      cursor.advance()
    } else {
      expectedMore()
    }
  }

  /// `OVER (…)`, `OVER w`, `FILTER (WHERE …)`, `WITHIN GROUP (…)`, `AGAINST (…)`.
  private mutating func windowOperator(in scope: Int) -> Bool {
    let keyword = cursor.keyword
    cursor.advance()
    if keyword == .within { _ = cursor.accept(.group) }
    if keyword == .filter, cursor.accept(symbol: .of("(")) {
      _ = cursor.accept(.where)
      condition(in: scope)
      closeParenthesis()
    } else if keyword == .against, cursor.accept(symbol: .of("(")) {
      expressionList(in: scope, closes: true)
    } else {
      windowDefinition(in: scope)
    }
    return true
  }

  /// `(PARTITION BY a ORDER BY b ROWS …)` or the name of a window.
  mutating func windowDefinition(in scope: Int) {
    guard cursor.accept(symbol: .of("(")) else {
      cursor.advance()
      return
    }
    if cursor.token.isName, !cursor.at(.partition) { cursor.advance() }
    if cursor.accept(.partition, .by) { orderedList(in: scope) }
    if cursor.accept(.order, .by) { orderedList(in: scope) }
    skipToClosing()
  }

  /// A type after `::` or in `CAST(… AS type)`.
  mutating func typeName() {
    _ = cursor.accept(anyOf: [.signed, .unsigned])
    if acceptHoles() { return }
    guard cursor.token.isName || cursor.token.kind == .word else { return expectedMore() }
    cursor.advance()
    while cursor.accept(symbol: .of(".")) { cursor.advance() }
    while cursor.accept(anyOf: [.precision, .varying, .unsigned, .signed, .character, .binary]) {}
    if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    if cursor.index > 0, cursor.tokens[cursor.index - 1].keyword == .interval, cursor.token.traits.contains(.timeUnit) {
      interval()
    }
    if cursor.at(.with) || cursor.at(.without), cursor.peek().keyword == .time || cursor.peek().keyword == .local {
      while cursor.accept(anyOf: [.with, .without, .local, .time, .zone]) {}
    }
    while cursor.at(symbol: .of("[")) {
      while !cursor.isAtEnd, !cursor.at(symbol: .of("]")) { cursor.advance() }
      cursor.advance()
    }
  }
}
