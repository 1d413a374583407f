import Facts

extension StatementParser {
  /// Reads a table name as the target of a statement and adds it; -1 when none stands here.
  @discardableResult
  mutating func target(in scope: Int, operation: AccessOperation) -> Int {
    _ = cursor.accept(.only)
    if cursor.isAtEnd {
      isCut = true
      facts.hasUnknownTable = true
      return -1
    }
    guard let name = qualifiedName() else {
      fail()
      return -1
    }
    if name.first == name.lastIndex, name.last.kind == .word, name.last.traits.contains(.prose) { fail() }
    _ = cursor.accept(symbol: .of("*"))
    return addTable(name, in: scope, operation: operation)
  }

  // MARK: INSERT, REPLACE

  mutating func insertStatement(kind: StatementKind) -> StatementKind {
    cursor.advance()
    let scope = facts.openScope(parent: -1)
    var kind = kind
    if cursor.accept(.or) {
      if cursor.at(.replace) { kind = .replace }
      cursor.advance()
    }
    while cursor.accept(anyOf: [.low_priority, .high_priority, .delayed, .ignore]) {}
    if cursor.accept(anyOf: [.all, .first]) || cursor.at(.when) {
      insertEach(in: scope)
      return kind
    }
    topClause()
    let hasInto = cursor.accept(.into)
    if cursor.spells(cursor.token, "overwrite"), cursor.peek().keyword == .table { cursor.advance() }
    if cursor.accept(.table) { _ = cursor.accept(.if, .not, .exists) }
    let source = target(in: scope, operation: .write)
    if cursor.at(.partition), cursor.peek().isSymbol(.of("(")) {
      cursor.advance()
      cursor.skipParentheses()
    }
    insertAlias(source)
    let hasColumns = insertColumns(in: scope, source: source)
    outputClause(in: scope)
    if cursor.isAtEnd {
      // Rows are appended elsewhere; without columns only shouting tells this from prose.
      isCut = true
      if !hasInto || !hasColumns && !isShouting { fail() }
    } else if !insertBody(in: scope, source: source, isSure: hasInto || hasColumns || isShouting) {
      fail()
    }
    if source >= 0, !hasColumns, !facts.uses.contains(where: { $0.source == source && $0.role == .set }) {
      facts.sources[source].writesAll = true
    }
    insertTail(in: scope, source: source)
    return kind
  }

  private mutating func insertAlias(_ source: Int) {
    if cursor.at(.with), cursor.peek().isSymbol(.of("(")), cursor.peek(2).keyword != .select {
      cursor.advance()
      cursor.skipParentheses()
    }
    guard cursor.at(.as), source >= 0, cursor.peek().isName else {
      // `INSERT INTO t alias (…)` is accepted by Oracle, PostgreSQL wants AS.
      if dialect.endsRoutinesWithSlash, cursor.token.kind == .word, cursor.token.isName,
        cursor.peek().isSymbol(.of("(")) || cursor.peek().keyword == .values
      {
        cursor.advance()
      }
      return
    }
    facts.sources[source].alias = cursor.index + 1
    cursor.advance()
    cursor.advance()
  }

  /// `(a, b)` behind the target; false when a query or nothing stands there.
  private mutating func insertColumns(in scope: Int, source: Int) -> Bool {
    guard cursor.at(symbol: .of("(")), ![.select, .with, .values].contains(cursor.peek().keyword),
      !cursor.peek().isSymbol(.of("("))
    else { return false }
    cursor.advance()
    if cursor.accept(symbol: .of(")")) { return false }
    repeat {
      if cursor.isAtEnd {
        isCut = true
        return true
      }
      if cursor.token.kind == .hole {
        cursor.advance()
        while acceptHoles() {}
        continue
      }
      guard qualifiedName() != nil || skipWord() else { return failInColumns() }
      noteSet(cursor.index - 1, in: scope, source: source)
      elementOfColumn()
      while acceptHoles() {}
    } while cursor.accept(symbol: .of(","))
    closeParenthesis()
    return true
  }

  private mutating func failInColumns() -> Bool {
    fail()
    skipToClosing()
    return true
  }

  /// Notes that the column of token `name` of `source` gets a value.
  private mutating func noteSet(_ name: Int, in scope: Int, source: Int, qualifier: Int = -1) {
    facts.uses.append(ColumnUse(scope: scope, qualifier: qualifier, name: name, role: .set, source: source))
  }

  /// `VALUES …`, `SET …`, a query, `DEFAULT VALUES`; false when none of them stands here.
  private mutating func insertBody(in scope: Int, source: Int, isSure: Bool) -> Bool {
    if cursor.spells(cursor.token, "overriding") { for _ in 0..<3 { cursor.advance() } }
    switch cursor.keyword {
    case .values, .value:
      cursor.advance()
      if !isSure, !cursor.at(symbol: .of("(")) { return false }
      rows(in: scope)
    case .set:
      cursor.advance()
      assignments(in: scope, source: source)
    case .select, .with, .table:
      if !isSure { return false }
      _ = query(parent: -1)
    case .default:
      guard cursor.accept(.default, .values) else { return false }
    case .exec, .execute:
      cursor.advance()
      if let name = qualifiedName() { facts.calls.append((name.first, name.lastIndex)) }
      skipToNext()
    default:
      if cursor.at(symbol: .of("(")) {
        _ = query(parent: -1)
      } else if isSure, acceptHoles() {
        continueAfterHole(in: scope)
      } else {
        return false
      }
    }
    return true
  }

  /// `ON DUPLICATE KEY UPDATE`, `ON CONFLICT …`, `RETURNING`.
  private mutating func insertTail(in scope: Int, source: Int) {
    while true {
      if cursor.at(.as) || cursor.token.isName && cursor.token.kind == .word && cursor.peek().keyword == .on {
        _ = cursor.accept(.as)
        cursor.advance()
        if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
      } else if cursor.accept(.on, .duplicate) {
        _ = cursor.accept(.key, .update)
        assignments(in: scope, source: source)
      } else if cursor.accept(.on, .conflict) {
        conflictAction(in: scope, source: source)
      } else if cursor.at(.returning) {
        returning(in: scope)
      } else if acceptHoles() {
        continueAfterHole(in: scope)
      } else {
        return
      }
    }
  }

  private mutating func conflictAction(in scope: Int, source: Int) {
    if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    if cursor.accept(.on, .constraint) { cursor.advance() }
    if cursor.accept(.where) { condition(in: scope) }
    guard cursor.accept(.do) else { return expectedMore() }
    if cursor.accept(.nothing) { return }
    guard cursor.accept(.update, .set) else { return expectedMore() }
    assignments(in: scope, source: source)
    if cursor.accept(.where) { condition(in: scope) }
  }

  /// `a = 1, t.b = DEFAULT, (c, d) = (…)`; without `source` the qualifier or the only table decides.
  mutating func assignments(in scope: Int, source: Int) {
    let saved = role
    role = .select
    defer { role = saved }
    if cursor.isAtEnd {
      isCut = true
      return
    }
    repeat {
      if cursor.isAtEnd { return }
      guard assignment(in: scope, source: source) else { return }
    } while cursor.accept(symbol: .of(","))
  }

  private mutating func assignment(in scope: Int, source: Int) -> Bool {
    if cursor.token.kind == .hole || isHole(cursor.token), !cursor.peek().isSymbol(.of(".")) {
      _ = acceptHoles()
    } else if cursor.accept(symbol: .of("(")) {
      repeat {
        noteSet(cursor.index, in: scope, source: source)
        cursor.advance()
      } while cursor.accept(symbol: .of(","))
      closeParenthesis()
    } else if cursor.token.kind == .variable {
      cursor.advance()
    } else {
      let first = cursor.index
      guard let name = qualifiedName() else {
        fail()
        return false
      }
      let qualifier = name.lastIndex > first ? name.lastIndex - 2 : -1
      noteSet(name.lastIndex, in: scope, source: source, qualifier: qualifier)
      elementOfColumn()
      _ = acceptHoles()
    }
    if cursor.isAtEnd {
      isCut = true
      return true
    }
    guard cursor.accept(symbol: .of("=")) || cursor.accept(symbol: Token.Symbol.assign) || compoundAssignment() else {
      // A hole may have held the whole assignment.
      if cursor.index > 0, isHole(cursor.tokens[cursor.index - 1]) || cursor.tokens[cursor.index - 1].hasHole {
        return true
      }
      fail()
      return false
    }
    _ = expression(in: scope)
    return true
  }

  /// `[1:2]`, `[1].part` behind a column that gets a value.
  private mutating func elementOfColumn() {
    while cursor.at(symbol: .of("[")) || cursor.at(symbol: .of(".")) && cursor.peek().kind == .word {
      if cursor.at(symbol: .of("[")) { subscripts(in: 0) } else { cursor.index += 2 }
    }
  }

  /// `+=` and its kin.
  private mutating func compoundAssignment() -> Bool {
    guard cursor.token.kind == .symbol, cursor.peek().isSymbol(.of("=")) else { return false }
    cursor.advance()
    cursor.advance()
    return true
  }

  // MARK: UPDATE

  mutating func updateStatement() -> StatementKind {
    cursor.advance()
    let scope = facts.openScope(parent: -1)
    if cursor.accept(.or) { cursor.advance() }
    while cursor.accept(anyOf: [.low_priority, .ignore, .only]) {}
    topClause()
    let firstUse = facts.uses.count
    tableReferences(in: scope)
    guard cursor.accept(.set) else {
      if acceptHoles(), isShouting {
        markTargets(in: scope, from: firstUse)
        continueAfterHole(in: scope)
        clauses(in: scope)
      } else if !cursor.isAtEnd || !isShouting || !cursor.tokens.contains(where: { isHole($0) || $0.hasHole }) {
        fail()
      } else {
        markTargets(in: scope, from: firstUse)
      }
      return .update
    }
    assignments(in: scope, source: -1)
    if acceptHoles() { continueAfterHole(in: scope) }
    outputClause(in: scope)
    let own = facts.scopes[scope].sources.count
    if cursor.accept(.from) { tableReferences(in: scope) }
    updateFromAlias(in: scope, own: own)
    markTargets(in: scope, from: firstUse, limit: own)
    clauses(in: scope)
    queryTail(scope: scope)
    return .update
  }

  /// `TOP (n)` in front of the target.
  mutating func topClause() {
    guard cursor.at(.top), cursor.peek().isSymbol(.of("(")) || cursor.peek().kind == .number else { return }
    cursor.advance()
    if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    _ = cursor.accept(.percent)
  }

  /// `UPDATE a SET … FROM t a`: the name of the target is an alias of a later source, or repeats its name.
  private mutating func updateFromAlias(in scope: Int, own: Int) {
    let sources = facts.scopes[scope].sources
    guard own == 1, sources.count > 1, facts.sources[sources[0]].name >= 0, facts.sources[sources[0]].alias < 0 else {
      return
    }
    let name = cursor.tokens[facts.sources[sources[0]].name]
    for later in sources.dropFirst() {
      let alias = facts.sources[later].alias
      let token = alias >= 0 ? alias : facts.sources[later].name
      if token >= 0, cursor.sameName(cursor.tokens[token], name) {
        facts.sources[sources[0]].isVoid = true
        facts.sources[later].operation = .write
        bindSets(in: scope, to: later)
        return
      }
    }
  }

  private mutating func bindSets(in scope: Int, to source: Int) {
    for index in facts.uses.indices where facts.uses[index].role == .set && facts.uses[index].scope == scope {
      if facts.uses[index].source < 0 { facts.uses[index].source = source }
    }
  }

  /// Marks the sources that get values: those the set columns are qualified with, else the first.
  private mutating func markTargets(in scope: Int, from firstUse: Int, limit: Int = .max) {
    defer {
      for source in facts.scopes[scope].sources where facts.sources[source].operation == .write { makeTarget(source) }
    }
    let sources = facts.scopes[scope].sources.filter { !facts.sources[$0].isVoid }
    guard let first = sources.first else { return }
    if facts.scopes[scope].sources.contains(where: { facts.sources[$0].isVoid }) { return }
    var isMarked = false
    for index in firstUse..<facts.uses.count where facts.uses[index].role == .set && facts.uses[index].scope == scope {
      var target = first
      let qualifier = facts.uses[index].qualifier
      if qualifier >= 0 {
        target = sources.first { names($0, cursor.tokens[qualifier]) } ?? first
      }
      facts.uses[index].source = target
      facts.sources[target].operation = .write
      isMarked = true
    }
    if !isMarked { facts.sources[first].operation = .write }
  }

  /// A target is a table even if an expression has its name; SQL Server writes through that to its table.
  mutating func makeTarget(_ source: Int) {
    let target = facts.sources[source]
    guard target.table < 0, target.derived >= 0, target.name >= 0 else { return }
    if !dialect.hasBatches {
      facts.sources[source].table = facts.table(named: cursor.name(of: cursor.tokens[target.name]))
    } else if target.derived < facts.scopes.count, let first = facts.scopes[target.derived].sources.first {
      facts.sources[source].table = facts.sources[first].table
    }
  }

  /// Whether the token is the alias of a source, or its name.
  func names(_ source: Int, _ token: Token) -> Bool {
    let source = facts.sources[source]
    if source.alias >= 0, cursor.sameName(cursor.tokens[source.alias], token) { return true }
    return source.name >= 0 && cursor.sameName(cursor.tokens[source.name], token)
  }
}
