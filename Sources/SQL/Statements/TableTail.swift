import Facts

/// What stands behind the name of a table: its alias, hints, places and times.
extension StatementParser {
  /// `PARTITION (p)`, `SAMPLE (10)`, `AS OF TIMESTAMP x`, `FOR SYSTEM_TIME AS OF x`, `@link`, and hints before the alias.
  mutating func timeOrPlace() {
    // `t@link` of Oracle; `t @x` never follows a table elsewhere.
    if cursor.token.kind == .variable, dialect.endsRoutinesWithSlash { cursor.advance() }
    while true {
      switch cursor.keyword {
      case .partition where cursor.peek().isSymbol(.of("(")), .tablesample where cursor.peek(2).isSymbol(.of("(")):
        while !cursor.at(symbol: .of("(")) { cursor.advance() }
        cursor.skipParentheses()
      case .for where cursor.spells(cursor.peek(), "system_time"):
        cursor.index += 2
        periodOfTime()
      case .as where cursor.peek().keyword == .of:
        cursor.index += 2
        cursor.advance()
        _ = expression(in: facts.openScope(parent: -1))
      case .with where cursor.peek().isSymbol(.of("(")): tableHints()
      default:
        guard cursor.spells(cursor.token, "sample"), cursor.peek().isSymbol(.of("(")) else { return }
        cursor.advance()
        cursor.skipParentheses()
      }
    }
  }

  /// `AS OF x`, `FROM a TO b`, `BETWEEN a AND b`, `CONTAINED IN (a, b)`, `ALL`.
  private mutating func periodOfTime() {
    let scope = facts.openScope(parent: -1)
    if cursor.accept(.all) { return }
    if cursor.spells(cursor.token, "contained") {
      cursor.advance()
      _ = cursor.accept(.in)
      return cursor.skipParentheses()
    }
    if cursor.accept(.as) { _ = cursor.accept(.of) }
    let isRange = cursor.accept(.from)
    _ = cursor.accept(.between)
    _ = expression(in: scope)
    if isRange, cursor.accept(.to) { _ = expression(in: scope) }
  }

  /// Words that may follow a table, but are names elsewhere.
  private func isBehindTables(_ token: Token) -> Bool {
    if TableWords.isPivot(cursor) || cursor.peek().keyword == .join && TableWords.isKindOfJoin(cursor) { return true }
    switch token.keyword {
    case .start: return cursor.peek().keyword == .with
    case .none:
      return cursor.peek().keyword == .by && (cursor.spells(token, "connect") || cursor.spells(token, "sort"))
        || cursor.spells(token, "output")
    default: return false
    }
  }

  /// The alias of a table and the hints behind it.
  mutating func tableAlias(source: Int) {
    let isExplicit = cursor.accept(.as)
    let token = cursor.token
    let isAlias: Bool
    switch token.kind {
    case .word:
      isAlias = isExplicit ? token.isName : !token.traits.contains(.refusesAlias) && !isBehindTables(token)
    case .quoted, .doubleQuoted: isAlias = true
    case .hole: isAlias = isExplicit
    case .string, .body, .number, .parameter, .variable, .symbol, .end: isAlias = false
    }
    if isAlias {
      if token.traits.contains(.prose) { fail() }
      if source >= 0 { facts.sources[source].alias = cursor.index }
      cursor.advance()
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    } else if isExplicit {
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { expectedMore() }
    }
    tableHints()
  }

  /// Index hints, locking hints, `PIVOT (…) AS p` and other things behind a table.
  private mutating func tableHints() {
    while true {
      switch cursor.keyword {
      case .pivot: pivot()
      case .none where TableWords.isPivot(cursor): pivot()
      case .use, .force, .ignore:
        guard [.index, .key].contains(cursor.peek().keyword) else { return }
        while cursor.token.kind == .word { cursor.advance() }
        if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
        _ = cursor.accept(symbol: .of(","))
      case .with where cursor.peek().isSymbol(.of("(")), .tablesample:
        cursor.advance()
        if cursor.token.kind == .word { cursor.advance() }
        if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
        if cursor.spells(cursor.token, "repeatable"), cursor.peek().isSymbol(.of("(")) {
          cursor.advance()
          cursor.skipParentheses()
        }
      case .indexed:
        cursor.advance()
        _ = cursor.accept(.by)
        if qualifiedName() == nil { cursor.advance() }
      case .not where cursor.peek().keyword == .indexed:
        cursor.advance()
        cursor.advance()
      default: return
      }
    }
  }
}

extension StatementParser {
  /// `PIVOT (sum(a) FOR b IN (…)) AS p`, `UNPIVOT …`, `MATCH_RECOGNIZE (…)`.
  private mutating func pivot() {
    while cursor.token.kind == .word, !cursor.at(symbol: .of("(")) { cursor.advance() }
    guard cursor.at(symbol: .of("(")) else { return fail() }
    cursor.skipParentheses()
    tableAlias(source: -1)
  }
}

/// Words that follow tables.
enum TableWords {
  private static let hints: Set<String> = [
    "nolock", "readpast", "updlock", "holdlock", "tablock", "tablockx", "rowlock", "xlock", "paglock", "nowait",
    "readuncommitted", "readcommitted", "repeatableread", "serializable", "noexpand", "snapshot", "index",
  ]

  /// Whether the parenthesis at hand holds a locking hint, as SQL Server once took them without `WITH`.
  static func isHint(_ cursor: TokenCursor) -> Bool {
    guard cursor.peek(2).isSymbol(.of(")")) || cursor.peek(2).isSymbol(.of(",")), cursor.peek().kind == .word else {
      return false
    }
    return hints.contains(cursor.name(of: cursor.peek()).lowercased())
  }

  /// Whether the word at hand tells how a join is made or what it keeps, as `JOIN` follows.
  static func isKindOfJoin(_ cursor: TokenCursor) -> Bool {
    guard cursor.token.kind == .word else { return false }
    switch cursor.keyword {
    case .loop, .merge: return true
    case .none:
      return ["semi", "anti", "asof", "hash", "remote", "global"].contains(cursor.name(of: cursor.token).lowercased())
    default: return false
    }
  }

  /// Whether the words at hand turn rows into columns or match patterns in them.
  static func isPivot(_ cursor: TokenCursor) -> Bool {
    guard cursor.token.kind == .word else { return false }
    return cursor.spells(cursor.token, "unpivot") || cursor.spells(cursor.token, "match_recognize")
  }
}
