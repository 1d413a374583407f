extension StatementParser {
  /// The arguments of a call, with the words SQL allows among them; `(` is used up.
  mutating func functionArguments(in scope: Int) {
    guard enter() else { return }
    defer { depth -= 1 }
    let failuresBefore = failures
    while !cursor.isAtEnd {
      if cursor.accept(symbol: .of(")")) { return }
      if argumentWord() { continue }
      if cursor.at(.select) || cursor.at(.with) {
        _ = query(parent: scope, filtersParent: true)
      } else if !argumentSeparator(in: scope) {
        _ = expression(in: scope)
      }
      if failures > failuresBefore { return skipToClosing() }
    }
    isCut = true
  }

  /// Words in front of an argument: `DISTINCT`, `LEADING`, a unit of time, a type.
  private mutating func argumentWord() -> Bool {
    let token = cursor.token
    let next = cursor.peek()
    switch token.keyword {
    case .distinct, .all:
      cursor.advance()
      return true
    case .leading, .trailing, .both, .signed, .unsigned:
      guard !next.isSymbol(.of(".")) else { return false }
      cursor.advance()
      return true
    default: break
    }
    if token.isSymbol(.of("*")) {
      cursor.advance()
      return true
    }
    let endsHere = next.isSymbol(.of(",")) || next.isSymbol(.of(")")) || next.keyword == .from
    if token.traits.contains(.timeUnit), endsHere, cursor.tokens[cursor.index - 1].isSymbol(.of("(")) {
      cursor.advance()
      return true
    }
    return false
  }

  /// What separates or follows arguments.
  private mutating func argumentSeparator(in scope: Int) -> Bool {
    switch cursor.keyword {
    case .from, .for, .placing, .separator:
      cursor.advance()
      return true
    case .using:
      // `CONVERT(a USING utf8)`: a character set, not a column.
      cursor.advance()
      return skipWord() || acceptHoles()
    case .order:
      cursor.advance()
      _ = cursor.accept(.by)
      orderedList(in: scope)
      return true
    case .as:
      cursor.advance()
      typeName()
      return true
    case .limit, .asc, .desc, .in:
      cursor.advance()
      return true
    case .nulls, .ignore:
      cursor.advance()
      cursor.advance()
      return true
    case .on where cursor.peek().kind == .word:
      // `JSON_VALUE(… ERROR ON ERROR)`, `LISTAGG(… ON OVERFLOW TRUNCATE)`.
      cursor.advance()
      cursor.advance()
      return true
    default: break
    }
    return cursor.accept(symbol: .of(",")) || cursor.accept(symbol: .of(":")) || acceptHoles()
  }
}
