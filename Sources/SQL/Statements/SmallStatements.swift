import Basics
import Facts

/// Statements without tables of their own, and statements that carry others.
extension StatementParser {
  /// `EXPLAIN …`: the statement inside decides; `DESCRIBE t` tells of a table without reading it.
  mutating func explainStatement() -> StatementKind {
    cursor.advance()
    while !cursor.isAtEnd {
      switch cursor.keyword {
      case .select, .insert, .update, .delete, .replace, .with, .values, .merge, .table, .create: return statement()
      default: break
      }
      if cursor.at(symbol: .of("(")), [.select, .with].contains(cursor.peek().keyword) { return statement() }
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    }
    if !isShouting || cursor.tokens.count < 3 || cursor.tokens.count > 6 { fail() }
    return .show
  }

  /// `PREPARE s FROM '…'`, `PREPARE s AS …`, `DECLARE c CURSOR FOR …`.
  mutating func preparedStatement() -> StatementKind {
    let isCursor = cursor.at(.declare)
    cursor.advance()
    guard cursor.token.isName else {
      fail()
      return .other
    }
    cursor.advance()
    if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
    if cursor.accept(.from), !isCursor {
      if cursor.token.kind == .string {
        nestedText(cursor.token)
      } else if !isHole(cursor.token) && cursor.token.kind != .variable {
        fail()
      }
      cursor.advance()
      return .other
    }
    if isCursor {
      while cursor.token.kind == .word, !cursor.at(.cursor), !cursor.at(.for) { cursor.advance() }
      guard cursor.accept(.cursor) else {
        fail()
        return .other
      }
      while cursor.token.kind == .word, !cursor.at(.for) { cursor.advance() }
    }
    guard cursor.accept(isCursor ? .for : .as) else {
      fail()
      return .other
    }
    return statement()
  }

  /// Reads the statements inside a string or a body.
  mutating func nestedText(_ token: Token) {
    guard textDepth < Self.deepestText else { return fail() }
    let text = NestedText.decode(token, in: cursor.bytes, escapes: dialect.hasBackslashEscapes)
    for statement in SQLReader.statements(in: text, dialect: dialect, textDepth: textDepth + 1)
    where statement.isUnderstood {
      facts.nestedAccesses += statement.accesses
      facts.nestedJoins += statement.joins
      facts.nestedCalls += statement.calls
      facts.hasUnknownTable = facts.hasUnknownTable || statement.hasUnknownTable
    }
  }

  /// Transactions, settings, maintenance: known by their first words.
  mutating func smallStatement() -> StatementKind {
    let first = cursor.keyword
    cursor.advance()
    switch first {
    case .begin: return only([.work, .transaction, .tran, .immediate, .deferred, .exclusive], kind: .begin)
    case .commit: return only([.work, .transaction, .tran, .and, .no], kind: .commit)
    case .end, .abort:
      guard [.work, .transaction, .tran].contains(cursor.keyword) else { return refuse(.commit) }
      return only([.work, .transaction, .tran], kind: first == .end ? .commit : .rollback)
    case .rollback:
      if cursor.accept(.to) || cursor.accept(.work, .to) || cursor.accept(.transaction, .to) { return named(.rollback) }
      return only([.work, .transaction, .tran, .and, .no, .prepare], kind: .rollback)
    case .start:
      guard cursor.accept(.transaction) else { return refuse(.begin) }
      return rest(.begin)
    case .savepoint: return named(.other)
    case .release: return named(.other)
    case .lock, .unlock: return lockStatement()
    case .rename:
      cursor.index -= 1
      return renameStatement()
    case .call, .exec: return callStatement()
    case .execute where dialect.hasBatches: return callStatement()
    case .else where dialect.hasBatches: return .other
    case .end where dialect.hasBatches: return .other
    case .set: return setStatement()
    case .show: return showStatement()
    case .pragma: return cursor.token.isName ? rest(.pragma) : refuse(.pragma)
    case .grant, .revoke: return grantStatement()
    case .optimize: return maintenance(.optimize)
    case .analyze, .analyse: return maintenance(.analyze)
    case .vacuum, .reindex, .repair, .check, .cluster, .checkpoint: return maintenance(.maintenance)
    case .refresh: return cursor.accept(.materialized, .view) ? rest(.maintenance) : refuse(.maintenance)
    case .do: return doStatement()
    case .print where dialect.hasBatches:
      skipToNext()
      return .other
    case .use, .execute, .deallocate, .discard, .reset, .listen, .unlisten, .notify, .kill, .flush, .attach, .detach,
      .handler:
      let isPlain = isShouting && cursor.tokens.count <= 8 && !cursor.tokens.contains { $0.kind == .hole }
      return isPlain && !cursor.isAtEnd ? rest(.other) : refuse(.other)
    case .comment:
      return cursor.accept(.on) && cursor.tokens.contains { $0.keyword == .is } ? rest(.other) : refuse(.other)
    default: return refuse(.other)
    }
  }

  private mutating func refuse(_ kind: StatementKind) -> StatementKind {
    fail()
    while !cursor.isAtEnd { cursor.advance() }
    return kind
  }

  private mutating func rest(_ kind: StatementKind) -> StatementKind {
    while !cursor.isAtEnd { cursor.advance() }
    return kind
  }

  /// Nothing but the given words.
  private mutating func only(_ words: [Keyword], kind: StatementKind) -> StatementKind {
    while cursor.accept(anyOf: words) || cursor.spells(cursor.token, "chain") {
      if cursor.spells(cursor.token, "chain") { cursor.advance() }
    }
    if cursor.accept(.isolation) { return rest(kind) }
    return kind
  }

  /// One name and nothing else.
  private mutating func named(_ kind: StatementKind) -> StatementKind {
    _ = cursor.accept(.savepoint)
    if qualifiedName() == nil { fail() }
    return kind
  }

  private mutating func lockStatement() -> StatementKind {
    guard cursor.accept(anyOf: [.table, .tables]) else { return refuse(.lock) }
    let isWhole = cursor.isAtEnd && cursor.tokens[start].keyword == .unlock || cursor.token.isName
    return isWhole ? rest(.lock) : refuse(.lock)
  }

  /// `CALL p(…)`, `EXEC p @a = 1, @b`, `EXEC @result = p`, `EXEC ('…')`, `EXEC sp_executesql N'…'`.
  private mutating func callStatement() -> StatementKind {
    let isExec = cursor.tokens[start].keyword != .call
    if isExec, dialect.hasBatches || cursor.token.kind == .variable || cursor.at(symbol: .of("(")) || runsText {
      return executedText()
    }
    guard let name = qualifiedName() else { return refuse(.call) }
    facts.calls.append((name.first, name.lastIndex))
    if cursor.at(symbol: .of("(")) {
      let scope = facts.openScope(parent: -1)
      cursor.advance()
      functionArguments(in: scope)
      _ = acceptHoles()
      if style == .sentence { fail() }
      return .call
    }
    let isCall = cursor.isAtEnd && (isShouting || name.lastIndex > name.first)
    guard isCall || isExec && isShouting else { return refuse(.call) }
    skipToNext()
    return .call
  }

  private var runsText: Bool { cursor.spells(cursor.token, "sp_executesql") }

  /// `EXEC` where what is run may be a text.
  private mutating func executedText() -> StatementKind {
    let isSure = isShouting || dialect.hasBatches || cursor.at(symbol: .of("(")) || runsText
    guard isSure || cursor.token.kind == .variable else { return refuse(.call) }
    let begin = cursor.index
    skipToNext()
    var reader = RoutineReader(
      bytes: cursor.bytes, tokens: cursor.tokens, start: begin - 1, limit: cursor.index, dialect: dialect,
      depth: textDepth)
    take(reader.read())
    return .call
  }

  /// Moves to where another statement begins, or to the end.
  mutating func skipToNext() {
    let canFollow = dialect.hasBatches || dialect.engine == nil && isShouting
    while !cursor.isAtEnd, !canFollow || !BatchWords.starts.contains(cursor.keyword) {
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    }
  }

  private mutating func setStatement() -> StatementKind {
    switch cursor.keyword {
    case .names, .transaction, .session, .global, .local, .character: return rest(.set)
    default: break
    }
    let start = cursor.token
    let isVariable = start.kind == .variable
    guard isVariable || start.isName else { return refuse(.set) }
    let isSetting = isVariable || isShouting || Settings.names.contains(cursor.name(of: start).lowercased())
    if style == .sentence { fail() }
    if qualifiedName() == nil { cursor.advance() }
    guard isSetting,
      cursor.at(symbol: .of("=")) || cursor.at(symbol: Token.Symbol.assign) || cursor.at(.to) || isShouting
    else {
      return refuse(.set)
    }
    let scope = facts.openScope(parent: -1)
    cursor.advance()
    let canFollow = dialect.hasBatches || dialect.engine == nil && isShouting
    while !cursor.isAtEnd, !canFollow || !BatchWords.starts.contains(cursor.keyword) {
      if cursor.at(symbol: .of("(")), cursor.peek().keyword == .select {
        _ = expression(in: scope)
      } else {
        cursor.advance()
      }
    }
    return .set
  }

  private mutating func showStatement() -> StatementKind {
    if style == .sentence { return refuse(.show) }
    switch cursor.keyword {
    case .tables, .databases, .columns, .fields, .index, .indexes, .keys, .create, .full, .global, .session, .variables,
      .status, .table, .processlist, .warnings, .errors, .grants, .engine, .engines, .master, .slave, .replica, .binlog,
      .triggers, .procedure, .function, .character, .collation, .plugins, .privileges, .all, .events, .binary:
      return rest(.show)
    default:
      return cursor.peek().kind == .end && (isShouting || cursor.tokens[1].kind == .word && hasUnderscore(1))
        ? rest(.show) : refuse(.show)
    }
  }

  private func hasUnderscore(_ index: Int) -> Bool {
    let token = cursor.tokens[index]
    return cursor.bytes[Int(token.start)..<Int(token.end)].contains(.of("_"))
  }

  private mutating func grantStatement() -> StatementKind {
    let hasTo = cursor.tokens.contains { $0.keyword == .to || $0.keyword == .from }
    let isStrong = isShouting || cursor.tokens.contains { $0.keyword == .on }
    return hasTo && isStrong && !cursor.token.traits.contains(.prose) ? rest(.grant) : refuse(.grant)
  }

  private mutating func maintenance(_ kind: StatementKind) -> StatementKind {
    let first = cursor.tokens[start].keyword
    if first == .check || first == .repair { return cursor.at(.table) ? rest(kind) : refuse(kind) }
    if cursor.isAtEnd {
      return first == .vacuum || isShouting && (first == .analyze || first == .checkpoint) ? kind : refuse(kind)
    }
    guard isShouting || cursor.at(.table) || cursor.at(.analyze) || cursor.at(.full) else { return refuse(kind) }
    return cursor.tokens.contains { $0.traits.contains(.prose) } ? refuse(kind) : rest(kind)
  }

  /// `DO $$ … $$`, `DO SLEEP(1)`.
  private mutating func doStatement() -> StatementKind {
    let isCall = isShouting && cursor.token.kind == .word && cursor.peek().isSymbol(.of("("))
    guard cursor.token.kind == .body || cursor.token.kind == .string || isCall else {
      return refuse(.other)
    }
    var program = RoutineReader(
      bytes: cursor.bytes, tokens: cursor.tokens, start: start, dialect: dialect, depth: textDepth)
    take(program.read())
    return rest(.other)
  }
}

/// Settings that code changes with lower-case `set`.
private enum Settings {
  static let names: Set<String> = [
    "search_path", "client_encoding", "timezone", "autocommit", "foreign_key_checks", "sql_mode", "datestyle",
    "statement_timeout", "standard_conforming_strings", "role", "unique_checks", "sql_safe_updates", "lock_timeout",
    "session_replication_role", "bytea_output", "client_min_messages", "sql_log_bin",
  ]
}

/// The text of string literals and bodies.
enum NestedText {
  /// The content of a literal with doubled quotes and escapes resolved.
  static func decode(_ token: Token, in bytes: [UInt8], escapes: Bool) -> String {
    let range = Int(token.start)..<Int(token.end)
    guard token.hasEscapes else { return String(decoding: bytes[range], as: UTF8.self) }
    var text: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      let next = index + 1 < range.upperBound ? bytes[index + 1] : 0
      if byte == .of("'"), next == byte {
        index += 1
      } else if byte == .of("\\"), escapes, next != 0 {
        index += 1
        text.append(next == .of("n") ? .of("\n") : next)
        index += 1
        continue
      }
      text.append(byte)
      index += 1
    }
    return String(decoding: text, as: UTF8.self)
  }
}
