import Facts

extension StatementParser {
  /// A query with its set operations and tail; returns the scope of its first part.
  mutating func query(parent: Int, filtersParent: Bool = false) -> Int {
    if cursor.at(.with) { commonTableExpressions(parent: parent) }
    let scope = queryTerm(parent: parent, filtersParent: filtersParent)
    queryTail(scope: scope)
    while true {
      switch cursor.keyword {
      case .union, .intersect, .except, .minus: cursor.advance()
      case .select where cursorFollowsHole: break
      default: return scope
      }
      _ = cursor.accept(anyOf: [.all, .distinct])
      if cursor.isAtEnd {
        isCut = true
        return scope
      }
      let next = queryTerm(parent: parent, filtersParent: filtersParent)
      queryTail(scope: next)
    }
  }

  private mutating func queryTerm(parent: Int, filtersParent: Bool) -> Int {
    switch cursor.keyword {
    case .select: return select(parent: parent, filtersParent: filtersParent)
    case .values:
      let scope = facts.openScope(parent: parent)
      cursor.advance()
      rows(in: scope)
      return scope
    case .table:
      let scope = facts.openScope(parent: parent)
      cursor.advance()
      tableFactor(in: scope)
      return scope
    default: break
    }
    if cursor.accept(symbol: .of("(")) {
      guard enter() else { return facts.openScope(parent: parent) }
      defer { depth -= 1 }
      let scope = query(parent: parent, filtersParent: filtersParent)
      closeParenthesis()
      return scope
    }
    let scope = facts.openScope(parent: parent)
    if acceptHoles() { facts.hasUnknownTable = true } else { expectedMore() }
    return scope
  }

  // MARK: Clauses

  /// Everything behind the tables of a `SELECT`, in any order, with holes between.
  mutating func clauses(in scope: Int) {
    while true {
      switch cursor.keyword {
      case .where, .having, .qualify:
        cursor.advance()
        condition(in: scope)
      case .group:
        cursor.advance()
        if !cursor.accept(.by) { expectedMore() }
        orderedList(in: scope)
        _ = cursor.accept(.with) && (cursor.accept(.rows) || skipWord())
      case .window:
        cursor.advance()
        repeat {
          cursor.advance()
          _ = cursor.accept(.as)
          windowDefinition(in: scope)
        } while cursor.accept(symbol: .of(","))
      case .start where cursor.peek().keyword == .with:
        cursor.index += 2
        condition(in: scope)
      case .none where cursor.peek().keyword == .by && cursor.spells(cursor.token, "sort"),
        .cluster where cursor.peek().keyword == .by:
        // Hive's and Spark's.
        cursor.index += 2
        orderedList(in: scope)
      case .none where cursor.peek().keyword == .by && cursor.spells(cursor.token, "connect"):
        cursor.index += 2
        if cursor.spells(cursor.token, "nocycle") { cursor.advance() }
        condition(in: scope)
      default:
        if acceptHoles() {
          continueAfterHole(in: scope)
        } else {
          return
        }
      }
    }
  }

  /// A hole may have held the start of a clause; what follows it goes on from there.
  mutating func continueAfterHole(in scope: Int) {
    let saved = role
    role = .filter
    defer { role = saved }
    if cursor.at(symbol: .of(",")) {
      cursor.advance()
      tableReferences(in: scope)
    } else if startsJoin {
      joins(in: scope)
    } else if !cursor.isAtEnd, !cursor.at(symbol: .of(")")), !cursor.token.traits.contains(.endsExpression) {
      _ = expression(in: scope, state: .any)
    }
  }

  /// A condition after `WHERE`, `HAVING`, `ON`.
  mutating func condition(in scope: Int, role newRole: UseRole = .filter) {
    let saved = role
    role = newRole
    defer { role = saved }
    if cursor.isAtEnd {
      isCut = true
    } else if cursor.accept(.current, .of) {
      cursor.advance()
    } else {
      _ = expression(in: scope)
    }
  }

  /// `ORDER BY`, `LIMIT`, locking and output clauses.
  mutating func queryTail(scope: Int) {
    while true {
      switch cursor.keyword {
      case .order:
        cursor.advance()
        if cursor.spells(cursor.token, "siblings") { cursor.advance() }
        if !cursor.accept(.by) { expectedMore() }
        orderedList(in: scope)
      case .limit:
        cursor.advance()
        if !cursor.accept(.all) { limitValues(in: scope) }
      case .offset:
        cursor.advance()
        limitValues(in: scope)
        _ = cursor.accept(anyOf: [.row, .rows])
      case .fetch: fetchClause()
      case .for: lockClause()
      case .lock:
        guard cursor.accept(.lock, .in, .share) else { return }
        _ = cursor.accept(.mode)
      case .into: intoTargets()
      case .procedure:
        cursor.advance()
        cursor.advance()
        if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
      case .option where cursor.peek().isSymbol(.of("(")):
        cursor.advance()
        cursor.skipParentheses()
      case .where, .group, .having: clauses(in: scope)
      case .returning: returning(in: scope)
      default:
        guard acceptHoles() else { return }
        continueAfterHole(in: scope)
        clauses(in: scope)
      }
    }
  }

  private mutating func limitValues(in scope: Int) {
    if cursor.isAtEnd {
      isCut = true
      return
    }
    let saved = role
    role = .select
    defer { role = saved }
    repeat { _ = expression(in: scope) } while cursor.accept(symbol: .of(","))
  }

  private mutating func fetchClause() {
    cursor.advance()
    guard cursor.accept(anyOf: [.first, .next]) || cursor.token.kind == .number else { return fail() }
    if cursor.token.kind != .word || cursor.at(.null) { cursor.advance() }
    _ = cursor.accept(.percent)
    _ = cursor.accept(anyOf: [.row, .rows])
    _ = cursor.accept(.only) || cursor.accept(.with, .ties)
  }

  /// `FOR UPDATE [OF t] [NOWAIT | SKIP LOCKED]`, `FOR SHARE`, `FOR JSON …`.
  private mutating func lockClause() {
    cursor.advance()
    if cursor.accept(.no) { _ = cursor.accept(.key) }
    _ = cursor.accept(.key)
    guard cursor.accept(anyOf: [.update, .share, .read]) || skipWord() else { return fail() }
    if cursor.index > 1, isFormat(cursor.tokens[cursor.index - 1]) {
      while !cursor.isAtEnd, !cursor.at(symbol: .of(")")), !BatchWords.starts.contains(cursor.keyword) {
        if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
      }
      return
    }
    _ = cursor.accept(.only)
    if cursor.accept(.of) {
      repeat { cursor.advance() } while cursor.accept(symbol: .of(",")) || cursor.accept(symbol: .of("."))
    }
    _ = cursor.accept(.nowait) || cursor.accept(.skip, .locked)
    if cursor.spells(cursor.token, "wait"), cursor.peek().kind == .number { cursor.index += 2 }
  }

  /// `FOR XML …`, `FOR JSON …`, `FOR BROWSE` of SQL Server.
  private func isFormat(_ token: Token) -> Bool {
    cursor.spells(token, "xml") || cursor.spells(token, "json") || cursor.spells(token, "browse")
  }

  /// Uses up any word.
  mutating func skipWord() -> Bool {
    guard cursor.token.kind == .word else { return false }
    cursor.advance()
    return true
  }

  /// A list of expressions with `ASC`, `DESC`, `NULLS FIRST`.
  mutating func orderedList(in scope: Int) {
    if cursor.isAtEnd {
      isCut = true
      return
    }
    let saved = role
    role = .order
    defer { role = saved }
    repeat {
      _ = expression(in: scope)
      _ = cursor.accept(anyOf: [.asc, .desc])
      if cursor.accept(.using) { orderOperator() }
      if cursor.accept(.nulls) { cursor.advance() }
      if acceptHoles(), startsValue(cursor.token), !cursor.token.traits.contains(.endsExpression) {
        _ = expression(in: scope, state: .any)
      }
    } while cursor.accept(symbol: .of(","))
  }

  /// `<` or `OPERATOR(s.<)` behind `ORDER BY a USING`.
  private mutating func orderOperator() {
    if cursor.token.kind == .symbol {
      while cursor.token.kind == .symbol, !cursor.at(symbol: .of(",")), !cursor.at(symbol: .of(")")) {
        cursor.advance()
      }
    } else {
      cursor.advance()
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    }
  }

  /// `INTO OUTFILE 'x' …`, `INTO @a, b`, `INTO [TEMP] new_table`.
  mutating func intoTargets() {
    guard cursor.accept(.into) else { return }
    if cursor.accept(anyOf: [.outfile, .dumpfile]) {
      while !cursor.isAtEnd, !cursor.at(.from), !cursor.at(symbol: .of(")")), !cursor.at(symbol: .of(";")) {
        cursor.advance()
      }
      return
    }
    let isTemporary = cursor.accept(anyOf: [.temporary, .temp, .unlogged, .local])
    _ = cursor.accept(.strict)
    let hasTableWord = cursor.accept(.table)
    let isSeveral = cursor.token.isName && cursor.peek().isSymbol(.of(","))
    let isVariable =
      isSeveral || dialect.endsRoutinesWithSlash || cursor.token.kind == .variable || cursor.token.kind == .parameter
    if isInRoutine && !isTemporary && !hasTableWord || isVariable || dialect.engine == .mysql {
      repeat { variable() } while cursor.accept(symbol: .of(","))
      return
    }
    let scope = facts.openScope(parent: -1)
    target(in: scope, operation: .ddl)
  }

  mutating func variable() {
    cursor.advance()
    while cursor.accept(symbol: .of(".")) { cursor.advance() }
  }

  /// `RETURNING a, b AS c`.
  mutating func returning(in scope: Int) {
    cursor.advance()
    _ = selectList(in: scope)
    guard cursor.accept(.into) else { return }
    repeat { variable() } while cursor.accept(symbol: .of(","))
  }

  /// Notes a `*` that belongs to one source.
  mutating func useStar(in scope: Int, of source: Int) {
    facts.uses.append(ColumnUse(scope: scope, qualifier: -1, name: -1, role: .select, source: source))
  }

  /// `VALUES (…), (…)`; the keyword is used up.
  mutating func rows(in scope: Int) {
    let saved = role
    role = .select
    defer { role = saved }
    if cursor.isAtEnd {
      isCut = true
      return
    }
    repeat {
      if cursor.isAtEnd { return }
      _ = cursor.accept(.row)
      if acceptHoles() || cursor.token.kind == .parameter {
        if cursor.token.kind == .parameter { cursor.advance() }
        continue
      }
      guard cursor.accept(symbol: .of("(")) else { return fail() }
      if cursor.accept(symbol: .of(")")) { continue }
      expressionList(in: scope, closes: true)
    } while cursor.accept(symbol: .of(","))
  }
}
