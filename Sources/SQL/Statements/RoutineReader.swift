import Basics
import Facts

/// Finds what the body of a trigger, procedure, function or `DO` block does to tables.
struct RoutineReader {
  /// What a routine does.
  struct Body {
    var accesses: [StatementAccess] = []
    var joins: [StatementJoin] = []
    /// The table a trigger watches.
    var table: TableName?
  }

  private let bytes: [UInt8]
  private let tokens: [Token]
  private let start: Int
  private let dialect: Dialect
  private let depth: Int

  /// Reads the tokens from `start`, where the kind of routine is named.
  init(bytes: [UInt8], tokens: [Token], start: Int, dialect: Dialect, depth: Int) {
    self.bytes = bytes
    self.tokens = tokens
    self.start = start
    self.dialect = dialect
    self.depth = depth
  }

  /// Accesses of the body, in order of first appearance.
  func read() -> Body {
    var body = Body()
    var index = start
    if tokens[start].keyword == .trigger { index = triggerHead(into: &body) }
    while index < tokens.count, tokens[index].kind != .end {
      index = step(at: index, into: &body)
    }
    return body
  }

  /// Reads `name BEFORE INSERT OR UPDATE OF a ON table`; returns where the body may begin.
  private func triggerHead(into body: inout Body) -> Int {
    var parser = StatementParser(bytes: bytes, tokens: tokens, dialect: dialect, textDepth: depth)
    parser.cursor.index = start
    // The event list comes first; ON separates it from the table. T-SQL puts ON before the events.
    while !parser.cursor.isAtEnd, !parser.cursor.at(.on), !parser.cursor.at(.begin) { parser.cursor.advance() }
    guard parser.cursor.accept(.on), let name = parser.qualifiedName() else { return parser.cursor.index }
    body.table = TableName(DefaultSchema.removed(from: name.text))
    return parser.cursor.index
  }

  /// Handles the token at `index`; returns the next one to look at.
  private func step(at index: Int, into body: inout Body) -> Int {
    let token = tokens[index]
    switch token.kind {
    case .body:
      readText(token, into: &body)
      return index + 1
    case .string where isBody(index):
      readText(token, into: &body)
      return index + 1
    case .word: break
    case .quoted, .doubleQuoted, .string, .number, .parameter, .variable, .hole, .symbol, .end: return index + 1
    }
    switch token.keyword {
    case .select, .insert, .update, .delete, .replace, .merge, .with, .truncate, .perform:
      guard mayStart(after: index) else { return index + 1 }
      return statement(at: index, into: &body)
    case .execute: return executed(at: index, into: &body)
    default: return index + 1
    }
  }

  /// `AS '…'` of older PostgreSQL functions.
  private func isBody(_ index: Int) -> Bool {
    index > 0 && (tokens[index - 1].keyword == .as || tokens[index - 1].keyword == .do)
  }

  private func mayStart(after index: Int) -> Bool {
    guard index > start else { return true }
    let before = tokens[index - 1]
    switch before.keyword {
    case .begin, .then, .else, .loop, .do, .as, .is, .in, .for, .query, .atomic, .repeat, .return, .immediate, .none:
      break
    default:
      // `FOR EACH ROW INSERT …`, `RETURNS int RETURN …`: a statement keyword that nothing else explains.
      return before.keyword == .row || before.keyword == .statement
    }
    if before.kind == .symbol {
      return before.symbol == .of(";") || before.symbol == .of("(") || before.symbol == .of(":")
        || before.symbol == Token.Symbol.assign || before.symbol == .of("=") || before.symbol == .of(")")
    }
    return before.keyword != .none || tokens[index].keyword != .replace
  }

  private func statement(at index: Int, into body: inout Body) -> Int {
    var parser = StatementParser(bytes: bytes, tokens: tokens, dialect: dialect, textDepth: depth)
    parser.isInRoutine = true
    parser.cursor.index = index
    // PERFORM is SELECT without a result.
    let end = parser.parseEmbedded()
    let resolution = Resolution(facts: parser.facts, cursor: parser.cursor)
    for access in resolution.accesses() { body.accesses.merge(access) }
    body.joins += resolution.joins()
    return max(end, index + 1)
  }

  /// `EXECUTE 'SELECT …' || x`, `EXECUTE format('…', …)`.
  private func executed(at index: Int, into body: inout Body) -> Int {
    var position = index + 1
    while position < tokens.count, tokens[position].kind != .end, !tokens[position].isSymbol(.of(";")) {
      if tokens[position].kind == .string {
        readText(tokens[position], into: &body)
        while position < tokens.count, tokens[position].kind != .end, !tokens[position].isSymbol(.of(";")) {
          position += 1
        }
        return position
      }
      position += 1
    }
    return position
  }

  private func readText(_ token: Token, into body: inout Body) {
    guard depth < StatementParser.deepestText else { return }
    let text = NestedText.decode(token, in: bytes, escapes: dialect.hasBackslashEscapes)
    var lexer = Lexer(text, dialect: dialect)
    var inner: [Token] = []
    while true {
      let token = lexer.next()
      inner.append(token)
      if token.kind == .end { break }
    }
    let nested = RoutineReader(bytes: lexer.bytes, tokens: inner, start: 0, dialect: dialect, depth: depth + 1).read()
    for access in nested.accesses { body.accesses.merge(access) }
    body.joins += nested.joins
  }
}

extension StatementParser {
  /// Reads the statement at the cursor inside a routine body; returns the index behind it.
  mutating func parseEmbedded() -> Int {
    if cursor.at(.perform) {
      let scope = facts.openScope(parent: -1)
      cursor.advance()
      expressionList(in: scope, closes: false)
      if cursor.accept(.from) { tableReferences(in: scope) }
      clauses(in: scope)
      queryTail(scope: scope)
      return cursor.index
    }
    _ = statement()
    return cursor.index
  }
}
