import Facts

extension StatementParser {
  /// What an expression waits for.
  enum ExpressionState {
    case operand, operatorSign
    /// Behind a hole, which may have been anything.
    case any
  }

  /// What is remembered along one expression.
  private struct Trail {
    var state: ExpressionState
    /// The use the last operand is, when it is a bare column; else -1.
    var lastUse = -1
    /// The column on the left of the equals sign just read; else -1.
    var equalLeft = -1
    var isInterval = false
    var lastKind = Token.Kind.end
    var isEmpty = true
  }

  /// Reads one expression up to a comma, a closing parenthesis or a word that can not go on with it.
  mutating func expression(in scope: Int, state: ExpressionState = .operand) -> Bool {
    guard enter() else { return false }
    defer { depth -= 1 }
    var trail = Trail(state: state)
    while true {
      let goesOn: Bool
      switch trail.state {
      case .operand: goesOn = operand(in: scope, &trail)
      case .operatorSign: goesOn = operatorSign(in: scope, &trail)
      case .any:
        if startsValue(cursor.token) { goesOn = operand(in: scope, &trail) } else { goesOn = operatorSign(in: scope, &trail) }
      }
      guard goesOn else { break }
      trail.isEmpty = false
    }
    if trail.state == .operand {
      if cursor.isAtEnd {
        isCut = true
      } else {
        fail()
        recover()
        return false
      }
    }
    return true
  }

  /// Whether an operand may begin with the token.
  func startsValue(_ token: Token) -> Bool {
    switch token.kind {
    case .number, .string, .body, .parameter, .variable, .hole, .quoted, .doubleQuoted: return true
    case .symbol: return token.symbol == .of("(")
    case .end: return false
    case .word: break
    }
    switch token.keyword {
    case .null, .case, .exists, .not: return true
    case .is, .in, .like, .between, .and, .or, .isnull, .notnull, .over: return false
    default: return !token.traits.contains(.endsExpression) && !token.traits.contains(.reserved)
    }
  }

  /// Skips to where the surroundings can go on.
  private mutating func recover() {
    while !cursor.isAtEnd {
      if cursor.at(symbol: .of("(")) {
        cursor.skipParentheses()
        continue
      }
      if cursor.at(symbol: .of(")")) || cursor.at(symbol: .of(",")) { return }
      if cursor.token.traits.contains(.endsExpression) { return }
      cursor.advance()
    }
  }

  // MARK: Operands

  private mutating func operand(in scope: Int, _ trail: inout Trail) -> Bool {
    let token = cursor.token
    trail.lastKind = token.kind
    let leftOfEqual = trail.equalLeft
    (trail.lastUse, trail.equalLeft) = (-1, -1)
    switch token.kind {
    case .number, .string, .parameter, .variable, .body:
      cursor.advance()
      trail.state = isHole(token) ? .any : .operatorSign
    case .hole:
      if cursor.peek().isSymbol(.of(".")) {
        nameOperand(in: scope, &trail)
      } else {
        cursor.advance()
        trail.state = .any
      }
    case .doubleQuoted where dialect.doubleQuotesAreStrings || dialect.engine == nil && !cursor.peek().isSymbol(.of(".")):
      cursor.advance()
      trail.state = .operatorSign
    case .quoted, .doubleQuoted: nameOperand(in: scope, &trail)
    case .word: return wordOperand(in: scope, &trail, leftOfEqual: leftOfEqual)
    case .symbol: return symbolOperand(in: scope, &trail)
    case .end: return false
    }
    noteEquality(leftOfEqual, trail)
    return true
  }

  private mutating func noteEquality(_ left: Int, _ trail: Trail) {
    guard left >= 0, trail.lastUse >= 0 else { return }
    facts.equalities.append((left, trail.lastUse))
  }

  private mutating func symbolOperand(in scope: Int, _ trail: inout Trail) -> Bool {
    switch cursor.token.symbol {
    case .of("("):
      cursor.advance()
      parenthesized(in: scope)
      trail.state = .operatorSign
      trail.lastKind = .symbol
    case .of("+"), .of("-"), Token.Symbol.other: cursor.advance()
    case .of("*") where cursor.index > 0 && cursor.tokens[cursor.index - 1].isSymbol(.of("(")):
      cursor.advance()
      trail.state = .operatorSign
    case .of("["):
      subscripts(in: scope)
      trail.state = .operatorSign
    default: return false
    }
    return true
  }

  private mutating func wordOperand(in scope: Int, _ trail: inout Trail, leftOfEqual: Int) -> Bool {
    let next = cursor.peek()
    let isCall = next.isSymbol(.of("("))
    switch cursor.keyword {
    case .not, .distinct, .all, .exists:
      cursor.advance()
      return true
    case .null, .true, .false, .default, .unknown:
      if isCall { break }
      cursor.advance()
      trail.state = .operatorSign
      return true
    case .case:
      caseExpression(in: scope)
      trail.state = .operatorSign
      return true
    case .interval:
      cursor.advance()
      trail.isInterval = true
      return true
    case .binary where startsValue(next) && !isCall:
      cursor.advance()
      return true
    case .date, .time, .timestamp, .timestamptz:
      if next.kind == .string { cursor.advance() }
    case .array where next.isSymbol(.of("[")):
      cursor.advance()
      subscripts(in: scope)
      trail.state = .operatorSign
      return true
    case .select, .from, .where: return false
    default: break
    }
    if cursor.token.kind == .string { return true }
    if next.kind == .string, cursor.bytes[Int(cursor.token.start)] == .of("_") {
      cursor.advance()
      return true
    }
    if cursor.token.traits.contains(.reserved), !isCall { return false }
    if cursor.token.traits.contains(.endsExpression), !isCall, !next.isSymbol(.of(".")), !mayNameColumn(next) { return false }
    nameOperand(in: scope, &trail)
    noteEquality(leftOfEqual, trail)
    return true
  }

  /// Words such as `offset` end an expression but also name columns; an operator behind tells.
  private func mayNameColumn(_ next: Token) -> Bool { next.kind == .symbol && !next.isSymbol(.of("(")) || next.kind == .end }

  /// A column, `t.*`, or a call.
  private mutating func nameOperand(in scope: Int, _ trail: inout Trail) {
    let first = cursor.index
    var qualifier = -1
    var last = first
    cursor.advance()
    trail.state = .operatorSign
    while cursor.at(symbol: .of(".")) {
      cursor.advance()
      qualifier = last
      if cursor.at(symbol: .of("*")) {
        cursor.advance()
        facts.uses.append(ColumnUse(scope: scope, qualifier: qualifier, name: -1, role: role, joined: joined))
        return
      }
      guard cursor.token.isName || cursor.token.kind == .word else { return expectedMore() }
      last = cursor.index
      cursor.advance()
    }
    let token = cursor.tokens[last]
    if cursor.at(symbol: .of("(")), token.kind == .word || token.kind == .hole {
      let saved = role
      if token.traits.contains(.aggregate) { role = .aggregate }
      cursor.advance()
      functionArguments(in: scope)
      role = saved
      return
    }
    facts.uses.append(ColumnUse(scope: scope, qualifier: qualifier, name: last, role: role, joined: joined))
    trail.lastUse = facts.uses.count - 1
    if token.kind == .hole { trail.state = .any }
  }

  /// Behind `(`: a subquery or a list of expressions.
  private mutating func parenthesized(in scope: Int) {
    if startsQuery {
      guard enter() else { return }
      defer { depth -= 1 }
      _ = query(parent: scope, filtersParent: true)
      // `((SELECT 1) + 2)`: the query was only the first operand.
      if !cursor.at(symbol: .of(")")), !cursor.isAtEnd { _ = expression(in: scope, state: .operatorSign) }
      if cursor.at(symbol: .of(",")) {
        cursor.advance()
        return expressionList(in: scope, closes: true)
      }
      return closeParenthesis()
    }
    if cursor.accept(symbol: .of(")")) { return }
    expressionList(in: scope, closes: true)
  }

  private var startsQuery: Bool {
    switch cursor.keyword {
    case .select, .with: true
    case .values: !cursor.peek().isSymbol(.of("(")) || cursor.peek(2).kind != .word
    default: false
    }
  }

  /// Expressions separated by commas; with `closes` the parenthesis behind them too.
  mutating func expressionList(in scope: Int, closes: Bool) {
    repeat {
      if cursor.isAtEnd { break }
      _ = expression(in: scope)
      while acceptHoles() {}
    } while cursor.accept(symbol: .of(","))
    if closes { closeParenthesis() }
  }

  private mutating func caseExpression(in scope: Int) {
    guard enter() else { return }
    defer { depth -= 1 }
    cursor.advance()
    if !cursor.at(.when) { _ = expression(in: scope) }
    while cursor.accept(.when) {
      _ = expression(in: scope)
      guard cursor.accept(.then) else { return expectedMore() }
      _ = expression(in: scope)
    }
    if cursor.accept(.else) { _ = expression(in: scope) }
    if !cursor.accept(.end), !acceptHoles() { expectedMore() }
  }

  /// `[1, 2][3:4]`.
  private mutating func subscripts(in scope: Int) {
    while cursor.at(symbol: .of("[")) {
      var open = 0
      repeat {
        if cursor.at(symbol: .of("[")) { open += 1 }
        if cursor.at(symbol: .of("]")) { open -= 1 }
        cursor.advance()
      } while open > 0 && !cursor.isAtEnd
    }
  }

  // MARK: Operators

  private mutating func operatorSign(in scope: Int, _ trail: inout Trail) -> Bool {
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
    case .of("<"), .of(">"), .of("+"), .of("-"), .of("*"), .of("/"), .of("%"), .of("^"), .of("&"), .of("|"), .of("#"), .of("@"),
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
      guard [.in, .like, .ilike, .between, .regexp, .rlike, .glob, .similar, .match].contains(cursor.peek().keyword) else {
        return acceptNotNull()
      }
      cursor.advance()
    case .is: isOperator(&trail)
    case .isnull, .notnull: cursor.advance()
    case .collate:
      cursor.advance()
      _ = qualifiedName() != nil || skipToken()
    case .over, .within, .filter, .against: return windowOperator(in: scope)
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
      guard cursor.spells(cursor.token, "mod") || cursor.spells(cursor.token, "overlaps") || cursor.spells(cursor.token, "operator")
      else { return false }
      cursor.advance()
      if cursor.at(symbol: .of("(")), cursor.peek().kind == .symbol { cursor.skipParentheses() }
      trail.state = .operand
    }
    return true
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
    if cursor.at(.with) || cursor.at(.without), cursor.peek().keyword == .time || cursor.peek().keyword == .local {
      while cursor.accept(anyOf: [.with, .without, .local, .time, .zone]) {}
    }
    while cursor.at(symbol: .of("[")) {
      while !cursor.isAtEnd, !cursor.at(symbol: .of("]")) { cursor.advance() }
      cursor.advance()
    }
  }
}
