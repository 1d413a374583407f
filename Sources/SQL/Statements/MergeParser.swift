import Facts

extension StatementParser {
  /// `MERGE INTO t USING s ON … WHEN MATCHED THEN …`.
  mutating func mergeStatement() -> StatementKind {
    cursor.advance()
    let scope = facts.openScope(parent: -1)
    topClause()
    let hasInto = cursor.accept(.into)
    let source = target(in: scope, operation: .write)
    if source >= 0 {
      if cursor.at(.with), cursor.peek().isSymbol(.of("(")) {
        cursor.advance()
        cursor.skipParentheses()
      }
      tableAlias(source: source)
    }
    if cursor.at(.key) || cursor.at(symbol: .of("(")) || cursor.at(.values) {
      mergeRows(in: scope, source: source)
      return .merge
    }
    guard cursor.accept(.using) else {
      if !hasInto || !acceptHoles() { fail() }
      return .merge
    }
    tableFactor(in: scope)
    while startsJoin {
      joinWords()
      tableFactor(in: scope)
      if cursor.accept(.on) { condition(in: scope, role: .on) }
    }
    guard cursor.accept(.on) else {
      expectedMore()
      return .merge
    }
    joined = facts.scopes[scope].sources.last ?? -1
    condition(in: scope, role: .on)
    joined = -1
    while cursor.accept(.when) { mergeAction(in: scope, source: source) }
    outputClause(in: scope)
    if cursor.at(.option), cursor.peek().isSymbol(.of("(")) {
      cursor.advance()
      cursor.skipParentheses()
    }
    if cursor.at(.returning) { returning(in: scope) }
    return .merge
  }

  /// `MERGE INTO t (a, b) KEY (a) VALUES (…)` of H2.
  private mutating func mergeRows(in scope: Int, source: Int) {
    if source >= 0, !cursor.at(symbol: .of("(")) { facts.sources[source].writesAll = true }
    if cursor.accept(symbol: .of("(")) {
      repeat {
        guard let name = qualifiedName() else { break }
        facts.uses.append(ColumnUse(scope: scope, qualifier: -1, name: name.lastIndex, role: .set, source: source))
      } while cursor.accept(symbol: .of(","))
      closeParenthesis()
    }
    if cursor.accept(.key), cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    if cursor.accept(.values) {
      rows(in: scope)
    } else if cursor.at(.select) || cursor.at(.with) || cursor.at(symbol: .of("(")) {
      _ = query(parent: -1)
    } else {
      expectedMore()
    }
  }

  private mutating func mergeAction(in scope: Int, source: Int) {
    _ = cursor.accept(.not)
    guard cursor.accept(.matched) else { return fail() }
    if cursor.accept(.by) { cursor.advance() }
    if cursor.accept(.and) { condition(in: scope) }
    guard cursor.accept(.then) else { return expectedMore() }
    if cursor.accept(.update) {
      guard cursor.accept(.set) else { return expectedMore() }
      assignments(in: scope, source: source)
      // Oracle deletes in the same branch.
      if cursor.accept(.where) { condition(in: scope) }
      if cursor.accept(.delete), source >= 0 { facts.sources[source].writesAll = true }
    } else if cursor.accept(.insert) {
      mergeInsert(in: scope, source: source)
    } else if cursor.accept(.delete) {
      if source >= 0 { facts.sources[source].writesAll = true }
    } else if !cursor.accept(.do, .nothing) {
      expectedMore()
    }
    if cursor.accept(.where) { condition(in: scope) }
  }

  private mutating func mergeInsert(in scope: Int, source: Int) {
    if cursor.accept(symbol: .of("(")) {
      repeat {
        guard let name = qualifiedName() else { break }
        facts.uses.append(ColumnUse(scope: scope, qualifier: -1, name: name.lastIndex, role: .set, source: source))
      } while cursor.accept(symbol: .of(","))
      closeParenthesis()
    } else if source >= 0 {
      facts.sources[source].writesAll = true
    }
    if cursor.accept(.values) { rows(in: scope) } else if !cursor.accept(.default, .values) { expectedMore() }
  }
}
