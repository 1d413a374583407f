import Facts

extension StatementParser {
  /// What an expression waits for.
  enum ExpressionState {
    case operand, operatorSign
    /// Behind a hole, which may have been anything.
    case any
  }

  /// What is remembered along one expression.
  struct Trail {
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
        if startsValue(cursor.token) {
          goesOn = operand(in: scope, &trail)
        } else {
          goesOn = operatorSign(in: scope, &trail)
        }
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
    case .doubleQuoted
    where dialect.doubleQuotesAreStrings || dialect.engine == nil && !cursor.peek().isSymbol(.of(".")):
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
    case let sign where isRestOfOperator(sign): cursor.advance()
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

  /// `<->`, `===`, `%>`: an operator that was cut in two, as only PostgreSQL lets people define.
  private func isRestOfOperator(_ sign: UInt8) -> Bool {
    guard cursor.index > 0 else { return false }
    let before = cursor.tokens[cursor.index - 1]
    guard before.kind == .symbol, before.end == cursor.token.start, before.symbol != .of("("), before.symbol != .of(",")
    else { return false }
    switch sign {
    case .of("<"), .of(">"), .of("="), .of("%"), .of("?"), .of("~"), .of("&"), .of("|"), .of("#"), .of("!"), .of("*"),
      .of("/"):
      return true
    default: return false
    }
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
      if next.keyword == .with || next.keyword == .without, cursor.peek(2).keyword == .time {
        cursor.index += 4
        if cursor.token.kind != .string { cursor.index -= 4 }
      }
    case .array where next.isSymbol(.of("[")):
      cursor.advance()
      subscripts(in: scope)
      trail.state = .operatorSign
      return true
    case .select, .from, .where: return false
    case .none where isPrior(next):
      cursor.advance()
      return true
    case .none where next.kind == .string && isTypeOfLiteral(trail):
      cursor.advance()
    case .collation where next.keyword == .for: cursor.advance()
    case .none where cursor.spells(cursor.token, "grouping") && cursor.spells(next, "sets"):
      cursor.advance()
    default: break
    }
    if cursor.token.kind == .string {
      cursor.advance()
      trail.lastKind = .string
      trail.state = .operatorSign
      return true
    }
    if next.kind == .string, cursor.bytes[Int(cursor.token.start)] == .of("_") {
      cursor.advance()
      return true
    }
    if cursor.token.traits.contains(.reserved), !isCall { return false }
    let isDue = trail.state == .operand
    if cursor.token.traits.contains(.endsExpression), !isCall, !isDue, !next.isSymbol(.of(".")) { return false }
    nameOperand(in: scope, &trail)
    noteEquality(leftOfEqual, trail)
    return true
  }

  /// `int8 '1'`, `box '(1,1)'`: a type in front of a literal. Elsewhere a string may be an alias.
  private func isTypeOfLiteral(_ trail: Trail) -> Bool {
    guard cursor.token.kind == .word, cursor.bytes[Int(cursor.token.start)] != .of("_") else { return false }
    if dialect.engine == .postgres { return true }
    return dialect.engine == nil && !trail.isEmpty
      && LiteralTypes.names.contains(cursor.name(of: cursor.token).lowercased())
  }

  /// `PRIOR x`, `CONNECT_BY_ROOT x` of Oracle's hierarchies.
  private func isPrior(_ next: Token) -> Bool {
    guard next.kind == .word || next.kind == .quoted || next.kind == .doubleQuoted else { return false }
    return next.isName && (cursor.spells(cursor.token, "prior") || cursor.spells(cursor.token, "connect_by_root"))
  }

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
      guard cursor.token.isName || cursor.token.kind == .word || cursor.token.kind == .parameter else {
        return expectedMore()
      }
      last = cursor.index
      cursor.advance()
    }
    let token = cursor.tokens[last]
    let isOuterJoin = cursor.peek().isSymbol(.of("+")) && cursor.peek(2).isSymbol(.of(")"))
    if cursor.at(symbol: .of("(")), token.kind == .word || token.kind == .hole, !isOuterJoin {
      let saved = role
      if token.traits.contains(.aggregate) { role = .aggregate }
      if token.keyword == .none || last > first { facts.calls.append((first, last)) }
      cursor.advance()
      functionArguments(in: scope)
      role = saved
      // `timestamp(2) with time zone 'now'`.
      if [.with, .without].contains(cursor.keyword), cursor.peek().keyword == .time, cursor.peek(3).kind == .string {
        cursor.index += 4
      }
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
    case .table: cursor.peek().isName
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
  mutating func subscripts(in scope: Int) {
    while cursor.at(symbol: .of("[")) {
      var open = 0
      repeat {
        if cursor.at(symbol: .of("[")) { open += 1 }
        if cursor.at(symbol: .of("]")) { open -= 1 }
        cursor.advance()
      } while open > 0 && !cursor.isAtEnd
    }
  }
}

/// Types that stand in front of literals.
enum LiteralTypes {
  static let names: Set<String> = [
    "bool", "box", "circle", "point", "line", "lseg", "path", "polygon", "int", "int2", "int4", "int8", "integer",
    "bigint",
    "smallint", "text", "real", "float", "float4", "float8", "numeric", "decimal", "varchar", "inet", "cidr", "json",
    "jsonb", "uuid", "bytea", "regclass", "money", "bit", "xml", "tsquery", "tsvector", "macaddr", "double", "datetime",
  ]
}
