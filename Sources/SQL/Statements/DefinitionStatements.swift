import Basics
import Facts

/// Statements that define things, as far as accesses go; the catalog reads their insides.
extension StatementParser {
  // MARK: CREATE

  mutating func createStatement() -> StatementKind {
    cursor.advance()
    var steps = 0
    while steps < 24, !cursor.isAtEnd {
      switch cursor.keyword {
      case .table:
        cursor.advance()
        createTable()
        return .create
      case .view:
        cursor.advance()
        createView()
        return .create
      case .index:
        cursor.advance()
        createIndex()
        return .create
      case .trigger, .procedure, .function, .event, .package:
        createRoutine()
        return .create
      case .database, .schema, .user, .role, .sequence, .type, .domain, .extension, .server, .rule, .aggregate,
        .language,
        .tablespace, .cast, .collation:
        if cursor.peek().kind == .end || !isShouting && cursor.tokens.count > 6 { fail() }
        while !cursor.isAtEnd { cursor.advance() }
        return .create
      default: break
      }
      guard isCreateModifier else { break }
      cursor.advance()
      steps += 1
    }
    fail()
    return .create
  }

  /// Words between `CREATE` and the kind of object: `OR REPLACE`, `TEMPORARY`, `DEFINER = 'a'@'b'`, `UNIQUE`.
  private var isCreateModifier: Bool {
    switch cursor.keyword {
    case .or, .replace, .alter, .temporary, .temp, .global, .local, .unlogged, .materialized, .recursive, .unique,
      .fulltext, .spatial, .definer, .clustered, .nonclustered, .constraint, .foreign, .virtual, .user:
      return true
    default: break
    }
    if cursor.token.kind != .word { return cursor.token.kind != .end }
    if cursor.tokens[cursor.index - 1].kind != .word || cursor.peek().isSymbol(.of("=")) { return true }
    // `PRIVATE TEMPORARY`, `MEMORY`, `CACHED`, `COLUMNSTORE`: whatever stands right before the kind of object.
    if isShouting, !cursor.token.traits.contains(.reserved), !cursor.token.traits.contains(.prose),
      [.table, .index, .view, .temporary].contains(cursor.peek().keyword)
    {
      return true
    }
    return cursor.spells(cursor.token, "sql") || cursor.spells(cursor.token, "security")
      || cursor.spells(cursor.token, "invoker") || cursor.spells(cursor.token, "external")
      || cursor.spells(cursor.token, "bitmap")
  }

  private mutating func createTable() {
    _ = cursor.accept(.if, .not, .exists)
    let scope = facts.openScope(parent: -1)
    target(in: scope, operation: .ddl)
    let endsWithHole = cursor.index > 0 && (cursor.tokens[cursor.index - 1].hasHole)
    var hasBody = false
    if cursor.at(symbol: .of("(")) {
      hasBody = true
      if ![.select, .with].contains(cursor.peek().keyword) { cursor.skipParentheses() }
    } else if cursor.accept(.like) {
      hasBody = qualifiedName() != nil
    } else if cursor.at(.as) || cursor.at(.select) || cursor.at(.with) || cursor.at(.partition) || cursor.at(.using) {
      hasBody = true
    } else if acceptHoles() || cursor.isAtEnd && endsWithHole || cursor.at(.of) || hasQueryBehindOptions {
      hasBody = true
    }
    guard hasBody else { return fail() }
    while !cursor.isAtEnd {
      if cursor.at(.select) || startsExpression {
        _ = query(parent: -1)
      } else if cursor.at(symbol: .of("(")), cursor.peek().keyword != .select, cursor.peek().keyword != .with {
        cursor.skipParentheses()
      } else {
        cursor.advance()
      }
    }
  }

  /// `WITH a AS (…)`, `WITH a (b) AS (…)`: no options.
  private var startsExpression: Bool {
    guard cursor.at(.with), cursor.tokens[cursor.index - 1].keyword == .as else {
      return cursor.at(.with) && cursor.peek().isName && cursor.peek(2).keyword == .as
    }
    return cursor.peek().isName || cursor.peek().keyword == .recursive
  }

  /// Whether `AS SELECT` follows a few options.
  private var hasQueryBehindOptions: Bool {
    var ahead = cursor
    var steps = 0
    while steps < 16, !ahead.isAtEnd {
      if ahead.at(.as), [.select, .with, .values, .table, .execute].contains(ahead.peek().keyword) { return true }
      if ahead.at(symbol: .of("(")) { ahead.skipParentheses() } else { ahead.advance() }
      steps += 1
    }
    return false
  }

  private mutating func createView() {
    _ = cursor.accept(.if, .not, .exists)
    let isRecursive = cursor.tokens[start..<cursor.index].contains { $0.keyword == .recursive }
    guard let name = qualifiedName() else { return fail() }
    if isRecursive { facts.expressions[name.text.lowercased()] = facts.scopes.count }
    while !cursor.isAtEnd, !cursor.at(.as) {
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    }
    guard cursor.accept(.as) else { return fail() }
    _ = query(parent: -1)
    // WITH CHECK OPTION, WITH NO DATA.
    if cursor.at(.with) { while !cursor.isAtEnd { cursor.advance() } }
  }

  private mutating func createIndex() {
    _ = cursor.accept(.concurrently)
    _ = cursor.accept(.if, .not, .exists)
    if !cursor.at(.on) { _ = qualifiedName() }
    if cursor.at(.using) { cursor.index = min(cursor.index + 2, cursor.tokens.count - 1) }
    guard cursor.accept(.on) else { return fail() }
    let scope = facts.openScope(parent: -1)
    target(in: scope, operation: .ddl)
    if cursor.accept(.using) { cursor.advance() }
    guard cursor.at(symbol: .of("(")) || acceptHoles() || dialect.hasBatches || isShouting && cursor.isAtEnd else {
      return fail()
    }
    skipToNext()
  }

  private mutating func createRoutine() {
    let isTrigger = cursor.at(.trigger)
    let start = cursor.index
    cursor.advance()
    guard qualifiedName() != nil || cursor.at(.if) else { return fail() }
    if !isTrigger, !cursor.at(symbol: .of("(")), !isShouting { fail() }
    var program = RoutineReader(
      bytes: cursor.bytes, tokens: cursor.tokens, start: start, dialect: dialect, depth: textDepth)
    let body = program.read()
    if isTrigger, body.table == nil { fail() }
    take(body)
    while !cursor.isAtEnd { cursor.advance() }
  }

  // MARK: ALTER, DROP, RENAME, TRUNCATE

  mutating func alterStatement() -> StatementKind {
    cursor.advance()
    _ = cursor.accept(.ignore) || cursor.accept(.foreign)
    guard cursor.accept(.table) else {
      switch cursor.keyword {
      case .index, .view, .sequence, .database, .schema, .user, .role, .function, .procedure, .type, .domain,
        .extension,
        .trigger, .materialized, .default, .server, .system, .aggregate, .event, .language, .session, .tablespace:
        if cursor.peek(2).kind == .end { fail() }
      default: fail()
      }
      while !cursor.isAtEnd { cursor.advance() }
      return .alter
    }
    _ = cursor.accept(.if, .exists)
    let scope = facts.openScope(parent: -1)
    target(in: scope, operation: .ddl)
    let isAction =
      cursor.token.kind == .word && (cursor.at(.no) || cursor.at(.of) || !cursor.token.traits.contains(.prose))
      || acceptHoles()
    if !isAction, !(cursor.isAtEnd && cursor.tokens[max(0, cursor.index - 1)].hasHole) { fail() }
    while !cursor.isAtEnd { cursor.advance() }
    return .alter
  }

  mutating func dropStatement() -> StatementKind {
    cursor.advance()
    let isTemporary = cursor.accept(.temporary)
    _ = cursor.accept(anyOf: [.materialized, .foreign])
    let kind = cursor.keyword
    switch kind {
    case .table, .view, .index, .sequence, .database, .schema, .user, .role, .function, .procedure, .trigger, .event,
      .type,
      .domain, .extension, .aggregate, .server, .rule, .language, .tablespace, .tables, .constraint, .owner:
      cursor.advance()
    default:
      fail()
      return .drop
    }
    _ = cursor.accept(.concurrently)
    _ = cursor.accept(.if, .exists)
    let scope = facts.openScope(parent: -1)
    repeat {
      if kind == .table, !isTemporary {
        target(in: scope, operation: .ddl)
      } else if qualifiedName() == nil {
        expectedMore()
        return .drop
      }
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    } while cursor.accept(symbol: .of(","))
    if cursor.accept(.on) { if kind == .index { target(in: scope, operation: .ddl) } else { _ = qualifiedName() } }
    _ = cursor.accept(anyOf: [.cascade, .restrict, .purge])
    if cursor.spells(cursor.token, "constraints") { cursor.advance() }
    _ = acceptHoles()
    return .drop
  }

  mutating func renameStatement() -> StatementKind {
    cursor.advance()
    guard cursor.accept(anyOf: [.table, .tables]) else {
      if !cursor.accept(.user) { fail() }
      while !cursor.isAtEnd { cursor.advance() }
      return .rename
    }
    let scope = facts.openScope(parent: -1)
    repeat {
      target(in: scope, operation: .ddl)
      guard cursor.accept(.to), qualifiedName() != nil else {
        expectedMore()
        return .rename
      }
    } while cursor.accept(symbol: .of(","))
    return .rename
  }

  mutating func truncateStatement() -> StatementKind {
    cursor.advance()
    let hasTable = cursor.accept(.table)
    let scope = facts.openScope(parent: -1)
    let isQuoted = cursor.token.kind == .quoted
    repeat {
      let source = target(in: scope, operation: .write)
      if source >= 0 { facts.sources[source].writesAll = true }
    } while cursor.accept(symbol: .of(","))
    let hasOption = cursor.accept(anyOf: [.restart, .continue]) && cursor.accept(.identity)
    let hasAction = cursor.accept(anyOf: [.cascade, .restrict])
    if !hasTable, !isQuoted, !isShouting || facts.sources.isEmpty, !hasOption, !hasAction { fail() }
    return .truncate
  }

  // MARK: COPY, LOAD

  /// `COPY t [(…)] FROM | TO …`, `COPY (query) TO …`.
  mutating func copyStatement() -> StatementKind {
    cursor.advance()
    let scope = facts.openScope(parent: -1)
    if cursor.at(symbol: .of("(")) {
      if [.insert, .update, .delete, .merge].contains(cursor.peek().keyword) {
        cursor.advance()
        _ = statement()
        closeParenthesis()
      } else {
        _ = query(parent: -1)
      }
    } else {
      _ = cursor.accept(.binary)
      let isInto = cursor.accept(.into)
      let source = target(in: scope, operation: .read)
      var columns: [Int] = []
      if cursor.accept(symbol: .of("(")) {
        while cursor.token.isName {
          columns.append(cursor.index)
          cursor.advance()
          _ = cursor.accept(symbol: .of(","))
        }
        closeParenthesis()
      }
      if source >= 0 { noteCopied(columns, source: source, scope: scope, isWrite: isInto || cursor.at(.from)) }
    }
    guard cursor.accept(.from) || cursor.accept(.to) else {
      fail()
      return .copy
    }
    let isFile = cursor.token.kind == .string || cursor.token.kind == .hole && isShouting
    if !isFile, ![.stdin, .stdout, .program].contains(cursor.keyword) { fail() }
    while !cursor.isAtEnd { cursor.advance() }
    return .copy
  }

  private mutating func noteCopied(_ columns: [Int], source: Int, scope: Int, isWrite: Bool) {
    if isWrite { facts.sources[source].operation = .write }
    if isWrite, columns.isEmpty { facts.sources[source].writesAll = true }
    if columns.isEmpty, !isWrite { useStar(in: scope, of: source) }
    for column in columns {
      facts.uses.append(
        ColumnUse(scope: scope, qualifier: -1, name: column, role: isWrite ? .set : .select, source: source))
    }
  }

  /// `LOAD DATA … INFILE 'x' INTO TABLE t (…)`.
  mutating func loadStatement() -> StatementKind {
    cursor.advance()
    guard cursor.accept(.data) || cursor.spells(cursor.token, "xml") else {
      fail()
      return .copy
    }
    while !cursor.isAtEnd, !cursor.at(.into) { cursor.advance() }
    guard cursor.accept(.into, .table) else {
      fail()
      return .copy
    }
    let scope = facts.openScope(parent: -1)
    let source = target(in: scope, operation: .write)
    if source >= 0 { facts.sources[source].writesAll = true }
    while !cursor.isAtEnd { cursor.advance() }
    return .copy
  }
}
