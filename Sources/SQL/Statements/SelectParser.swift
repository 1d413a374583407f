import Facts

extension StatementParser {
  /// `SELECT …` up to its clauses.
  mutating func select(parent: Int, filtersParent: Bool) -> Int {
    let scope = facts.openScope(parent: parent, filtersParent: filtersParent)
    cursor.advance()
    let saved = (role, joined)
    (role, joined) = (.select, -1)
    defer { (role, joined) = saved }
    selectModifiers(in: scope)
    let isPlausible = selectList(in: scope)
    if cursor.spells(cursor.token, "bulk"), cursor.spells(cursor.peek(), "collect"), cursor.peek(2).keyword == .into {
      cursor.index += 3
      repeat { variable() } while cursor.accept(symbol: .of(","))
    }
    intoTargets()
    if cursor.accept(.from) {
      tableReferences(in: scope)
    } else if depth > 0, !isCut, cursor.at(symbol: .of(")")) || cursor.at(.union) || cursor.at(.offset) {
      // `(SELECT x)` of an outer row: the statement around it tells that this is one.
    } else if !isPlausible || isCut {
      if isShouting || parent >= 0, cursor.isAtEnd || cursor.at(symbol: .of(")")), cursorFollowsHole {
        facts.hasUnknownTable = true
      } else {
        fail()
      }
    }
    clauses(in: scope)
    return scope
  }

  var cursorFollowsHole: Bool { cursor.index > 0 && isHole(cursor.tokens[cursor.index - 1]) }

  private mutating func selectModifiers(in scope: Int) {
    while true {
      if cursor.accept(.distinct) || cursor.at(.unique) && skipWord() {
        if cursor.accept(.on), cursor.accept(symbol: .of("(")) { expressionList(in: scope, closes: true) }
      } else if cursor.accept(anyOf: [.all, .high_priority, .straight_join]) {
        continue
      } else if cursor.at(.top), cursor.peek().kind == .number || cursor.peek().isSymbol(.of("(")) {
        cursor.advance()
        if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
        _ = cursor.accept(.percent)
      } else if cursor.token.kind == .word, cursor.bytes[Int(cursor.token.start)] | 32 == .of("s"),
        cursor.spells(cursor.token, "sql_calc_found_rows") || cursor.spells(cursor.token, "sql_no_cache")
          || cursor.spells(cursor.token, "sql_small_result") || cursor.spells(cursor.token, "sql_buffer_result")
          || cursor.spells(cursor.token, "sql_big_result")
      {
        cursor.advance()
      } else if cursor.spells(cursor.token, "distinctrow") {
        cursor.advance()
      } else {
        return
      }
    }
  }

  /// `EXCEPT (a)`, `EXCLUDE a`, `REPLACE (x AS a)`, `RENAME (a AS b)` behind a star: what some engines leave out of it.
  private mutating func starChanges() {
    while cursor.at(.except) || cursor.at(.replace) || cursor.at(.rename) || cursor.spells(cursor.token, "exclude") {
      if cursor.peek().isSymbol(.of("(")) {
        guard cursor.peek(2).keyword != .select else { return }
        cursor.advance()
        cursor.skipParentheses()
      } else {
        guard !cursor.at(.except), cursor.peek().isName else { return }
        cursor.advance()
        _ = qualifiedName()
      }
    }
  }

  /// The select list; tells whether it can stand without `FROM`: a value that is not a bare name.
  mutating func selectList(in scope: Int) -> Bool {
    var isPlausible = true
    if cursor.at(.from) {
      if depth == 0 { fail() }
      return true
    }
    repeat {
      let start = cursor.index
      guard !cursor.isAtEnd else {
        isCut = true
        return false
      }
      // `SELECT a, b, FROM t`: some engines take a comma too many.
      if cursor.at(.from) { return isPlausible }
      if cursor.at(symbol: .of("*")), !startsValue(cursor.peek()) || cursor.peek().keyword == .replace {
        facts.uses.append(ColumnUse(scope: scope, qualifier: -1, name: -1, role: .select))
        cursor.advance()
      } else {
        guard expression(in: scope) else { return isPlausible }
      }
      if cursor.index > start, cursor.tokens[cursor.index - 1].isSymbol(.of("*")) { starChanges() }
      let first = cursor.tokens[start]
      let isBareName = cursor.index == start + 1 && (first.isName || first.kind == .parameter)
      if isBareName || cursorFollowsHole { isPlausible = false }
      let hasImplicitAlias = alias(in: scope, after: isBareName ? first : nil)
      let isCall = cursor.tokens[start].kind == .word && cursor.tokens[start + 1].isSymbol(.of("("))
      if hasImplicitAlias, !cursor.at(.from), !cursor.at(symbol: .of(",")), !isCall { isPlausible = false }
      if acceptHoles() { isPlausible = false }
    } while cursor.accept(symbol: .of(","))
    return isPlausible
  }

  /// The alias of a select item; true when there was one without `AS`.
  private mutating func alias(in scope: Int, after bareName: Token?) -> Bool {
    let isExplicit = cursor.accept(.as)
    let token = cursor.token
    switch token.kind {
    case .word where isExplicit || !token.traits.contains(.refusesAlias) && !token.traits.contains(.endsExpression):
      break
    case .quoted, .doubleQuoted, .string: break
    case .hole where isExplicit: break
    default:
      if isExplicit { expectedMore() }
      return false
    }
    if !isExplicit, cursor.spells(token, "bulk"), cursor.spells(cursor.peek(), "collect") { return false }
    if !isExplicit, depth == 0, !isShouting, let bareName, isArticle(bareName) { fail() }
    facts.scopes[scope].aliases.append(cursor.index)
    cursor.advance()
    return !isExplicit
  }

  /// `a player`, `the list`: English in front of a name.
  func isArticle(_ token: Token) -> Bool {
    token.kind == .word && (token.traits.contains(.prose) || cursor.spells(token, "a") || cursor.spells(token, "one"))
  }
}
