import Basics
import Facts

extension StatementParser {
  // MARK: DELETE

  mutating func deleteStatement() -> StatementKind {
    cursor.advance()
    let scope = facts.openScope(parent: -1)
    while cursor.accept(anyOf: [.low_priority, .quick, .ignore]) {}
    topClause()
    if cursor.accept(.from) { deleteFrom(in: scope) } else { deleteListed(in: scope) }
    clauses(in: scope)
    queryTail(scope: scope)
    return .delete
  }

  /// `DELETE FROM t …`, `DELETE FROM t USING u …`, `DELETE FROM a, b USING a JOIN b …`.
  private mutating func deleteFrom(in scope: Int) {
    var targets: [Int] = []
    repeat {
      while cursor.accept(.only) {}
      let before = facts.sources.count
      tableFactor(in: scope)
      if cursor.at(symbol: .of(".")), cursor.peek().isSymbol(.of("*")) { cursor.index += 2 }
      if facts.sources.count > before { targets.append(before) }
    } while cursor.accept(symbol: .of(","))
    outputClause(in: scope)
    if targets.count == 1, cursor.accept(.from) { return deleteAlias(targets[0], in: scope) }
    for target in targets { markDeleted(target) }
    guard cursor.accept(.using) else { return joins(in: scope) }
    let own = facts.scopes[scope].sources.count
    tableReferences(in: scope)
    let others = Array(facts.scopes[scope].sources.dropFirst(own))
    for target in targets where facts.sources[target].name >= 0 {
      let name = cursor.tokens[facts.sources[target].name]
      // MySQL repeats the target among the tables; PostgreSQL does so only to join it with itself.
      guard let repeated = others.first(where: { isCalled($0, name) }), facts.sources[target].alias < 0 else {
        continue
      }
      facts.sources[target].isVoid = true
      markDeleted(repeated)
    }
  }

  /// `DELETE FROM a FROM t a JOIN …`: the target names a source of the second list.
  private mutating func deleteAlias(_ target: Int, in scope: Int) {
    let own = facts.scopes[scope].sources.count
    tableReferences(in: scope)
    let others = facts.scopes[scope].sources.dropFirst(own)
    let name = facts.sources[target].name
    guard name >= 0, let repeated = others.first(where: { names($0, cursor.tokens[name]) }) else {
      return markDeleted(target)
    }
    facts.sources[target].isVoid = true
    markDeleted(repeated)
  }

  /// Whether the token is what a source goes by: its alias, else its name.
  private func isCalled(_ source: Int, _ token: Token) -> Bool {
    let source = facts.sources[source]
    let own = source.alias >= 0 ? source.alias : source.name
    return own >= 0 && cursor.sameName(cursor.tokens[own], token)
  }

  private mutating func markDeleted(_ source: Int) {
    facts.sources[source].operation = .write
    facts.sources[source].writesAll = true
    makeTarget(source)
  }

  /// `DELETE a, b.* FROM a JOIN b …`, `DELETE t WHERE …`.
  private mutating func deleteListed(in scope: Int) {
    var listed: [QualifiedName] = []
    repeat {
      guard let name = qualifiedName() else { return fail() }
      if cursor.at(symbol: .of(".")), cursor.peek().isSymbol(.of("*")) { cursor.index += 2 }
      listed.append(name)
    } while cursor.accept(symbol: .of(","))
    if listed.count == 1, cursor.at(.with), cursor.peek().isSymbol(.of("(")) {
      cursor.advance()
      cursor.skipParentheses()
    }
    outputClause(in: scope)
    guard cursor.accept(.from) else {
      // `DELETE t`, `DELETE t x WHERE …` of SQL Server and Oracle.
      let isKnown = dialect.hasBatches || dialect.endsRoutinesWithSlash || isShouting && cursor.at(.where)
      guard isKnown, listed.count == 1, let only = listed.first else { return fail() }
      let source = addTable(only, in: scope, operation: .write)
      markDeleted(source)
      return tableAlias(source: source)
    }
    tableReferences(in: scope)
    for name in listed {
      let isKnown = !name.hasHole || isShouting
      if isKnown, let source = facts.scopes[scope].sources.first(where: { names($0, name.last) }) {
        markDeleted(source)
      } else if name.hasHole, isShouting {
        facts.hasUnknownTable = true
      } else if listed.count == 1, dialect.hasBatches {
        markDeleted(addTable(name, in: facts.openScope(parent: -1), operation: .write))
      } else {
        fail()
      }
    }
  }

  // MARK: OUTPUT, INSERT ALL

  /// `OUTPUT inserted.a, deleted.b [INTO t (…)]`; the rows come from the target, what they go into is written.
  mutating func outputClause(in scope: Int) {
    guard cursor.token.kind == .word, cursor.spells(cursor.token, "output") else { return }
    cursor.advance()
    let inner = facts.openScope(parent: -1)
    repeat {
      _ = expression(in: inner)
      if cursor.accept(.as) { cursor.advance() }
      if cursor.token.isName, !cursor.token.traits.contains(.refusesAlias) { cursor.advance() }
    } while cursor.accept(symbol: .of(","))
    guard cursor.accept(.into) else { return }
    if cursor.token.kind == .variable {
      cursor.advance()
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
      return
    }
    let source = target(in: inner, operation: .write)
    if cursor.accept(symbol: .of("(")) {
      while cursor.token.isName {
        facts.uses.append(
          ColumnUse(scope: inner, qualifier: -1, name: cursor.index, role: .set, source: source))
        cursor.advance()
        _ = cursor.accept(symbol: .of(","))
      }
      closeParenthesis()
    } else if source >= 0 {
      facts.sources[source].writesAll = true
    }
  }

  /// `INSERT ALL [WHEN … THEN] INTO a (…) VALUES (…) INTO b … SELECT …`.
  mutating func insertEach(in scope: Int) {
    while true {
      if cursor.accept(.when) {
        condition(in: scope)
        guard cursor.accept(.then) else { return expectedMore() }
      }
      _ = cursor.accept(.else)
      guard cursor.accept(.into) else { break }
      let source = target(in: scope, operation: .write)
      if cursor.accept(symbol: .of("(")) {
        repeat {
          if cursor.token.isName || cursor.token.kind == .word {
            facts.uses.append(
              ColumnUse(scope: scope, qualifier: -1, name: cursor.index, role: .set, source: source))
            cursor.advance()
          }
        } while cursor.accept(symbol: .of(","))
        closeParenthesis()
      } else if source >= 0 {
        facts.sources[source].writesAll = true
      }
      if cursor.accept(.values) {
        let inner = facts.openScope(parent: -1)
        rows(in: inner)
      }
    }
    _ = query(parent: -1)
  }
}
