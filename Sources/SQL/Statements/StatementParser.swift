import Basics
import Facts

/// Reads the tokens of one statement. Tolerant of holes and of a cut end; strict about everything that prose gets wrong.
struct StatementParser {
  /// How the first keyword is written: prose starts with a capital, most code writes keywords in one case.
  enum Style: Sendable { case shouting, sentence, lower }

  var cursor: TokenCursor
  var facts = StatementFacts()
  let dialect: Dialect
  /// Places where the grammar did not fit.
  var failures = 0
  /// Nesting of parentheses and subqueries.
  var depth = 0
  /// Whether the text ended in the middle, as built text does.
  var isCut = false
  /// Whether the statement stands in a routine body, where `INTO` fills variables.
  var isInRoutine = false
  /// What columns are used for at the current place.
  var role = UseRole.select
  /// The joined source whose condition is read, or -1.
  var joined = -1
  /// How deep texts are nested in texts: routine bodies in strings.
  let textDepth: Int
  /// Index of the first token of the statement.
  let start: Int
  private(set) var style = Style.lower

  /// Deepest nesting that is followed; deeper text is skipped and counted as not understood.
  static let deepest = 120
  /// Texts inside texts that are followed.
  static let deepestText = 4

  init(bytes: [UInt8], tokens: [Token], dialect: Dialect, textDepth: Int = 0, start: Int = 0) {
    cursor = TokenCursor(bytes: bytes, tokens: tokens)
    cursor.index = start
    self.dialect = dialect
    self.textDepth = textDepth
    self.start = start
  }

  /// Reads the whole statement; what follows it without a semicolon is left to another parser that starts there.
  mutating func parse() -> SQLStatement {
    skipLeadingHoles()
    let offset = Int(cursor.token.start)
    style = style(of: cursor.token)
    let kind = statement()
    guard mayEndHere || fits() else { return SQLStatement(kind: kind, isUnderstood: false, offset: offset) }
    let resolution = Resolution(facts: facts, cursor: cursor)
    return SQLStatement(
      kind: kind, accesses: resolution.accesses(), joins: resolution.joins(),
      calls: CalledPrograms.names(in: facts, cursor: cursor), hasUnknownTable: facts.hasUnknownTable,
      isUnderstood: true,
      offset: offset)
  }

  /// Whether the statement is whole and another one begins right behind it.
  private var mayEndHere: Bool {
    guard failures == 0, !cursor.isAtEnd, cursor.index > start, BatchWords.starts.contains(cursor.keyword) else {
      return false
    }
    return dialect.hasBatches || dialect.engine == nil && isShouting && style(of: cursor.token) == .shouting
  }

  private mutating func skipLeadingHoles() {
    var ahead = cursor
    while ahead.token.kind == .hole { ahead.advance() }
    if ahead.token.traits.contains(.startsStatement) || ahead.at(symbol: .of("(")) { cursor = ahead }
  }

  private func style(of token: Token) -> Style {
    var upper = 0
    for index in Int(token.start)..<Int(token.end) where cursor.bytes[index].isUpper { upper += 1 }
    if upper == Int(token.end - token.start) { return .shouting }
    return upper == 1 && token.end > token.start && cursor.bytes[Int(token.start)].isUpper ? .sentence : .lower
  }

  /// Whether what was read is a statement and not prose.
  private mutating func fits() -> Bool {
    if !cursor.isAtEnd { failures += 1 }
    if isSentence { return false }
    if failures == 0 { return true }
    return isStrong && (facts.sources.contains { $0.table >= 0 } || !facts.nestedAccesses.isEmpty)
  }

  /// Only words, begun with a capital and going on in lower case: a sentence, not a statement.
  private var isSentence: Bool {
    guard style == .sentence else { return false }
    for token in cursor.tokens[start...].dropLast().dropFirst() {
      switch token.kind {
      case .word where token.traits.contains(.reserved) && token.keyword != .null:
        if cursor.bytes[Int(token.start)].isUpper { return false }
      case .word, .hole, .parameter, .number: break
      case .symbol: if token.symbol != .of("%") && token.symbol != .of(".") { return false }
      case .quoted, .doubleQuoted, .string, .body, .variable, .end: return false
      }
    }
    return true
  }

  /// Whether the rest of a statement may be unreadable without doubt that it is one.
  private var isStrong: Bool {
    var shouting = 0
    var total = 0
    for token in cursor.tokens[start...] {
      if token.kind == .quoted { return true }
      guard token.traits.contains(.reserved) else { continue }
      total += 1
      if cursor.bytes[Int(token.start)].isUpper, cursor.bytes[Int(token.end) - 1].isUpper { shouting += 1 }
    }
    return total >= 3 && shouting == total
      && cursor.tokens[start...].contains { $0.isSymbol(.of("=")) || $0.isSymbol(.of("(")) }
  }

  /// Notes that the grammar does not fit here.
  mutating func fail() { failures += 1 }

  /// Notes a missing part: fine at a cut end, else a failure.
  mutating func expectedMore() {
    if cursor.isAtEnd { isCut = true } else { fail() }
  }

  /// Uses up holes; true when there were any.
  mutating func acceptHoles() -> Bool {
    var found = false
    while isHole(cursor.token) {
      cursor.advance()
      found = true
    }
    return found
  }

  /// Whether the token stands for unknown text: a hole, or a variable of the host language.
  func isHole(_ token: Token) -> Bool {
    if token.kind == .hole { return true }
    guard token.kind == .parameter, cursor.bytes[Int(token.start)] == .of("$") else { return false }
    return token.end - token.start > 1 && !cursor.bytes[Int(token.start) + 1].isDigit
  }

  /// Whether the text of the keyword at hand is shouted or the statement is otherwise sure to be one.
  var isShouting: Bool { style == .shouting }

  // MARK: Dispatch

  /// Reads one statement of any kind.
  mutating func statement() -> StatementKind {
    switch cursor.keyword {
    case .select, .values:
      if cursor.at(.values), !cursor.peek().isSymbol(.of("(")), cursor.peek().keyword != .row { fail() }
      _ = query(parent: -1)
      return .select
    case .table: return tableStatement()
    case .with: return withStatement()
    case .insert: return insertStatement(kind: .insert)
    case .replace: return insertStatement(kind: .replace)
    case .update: return updateStatement()
    case .delete: return deleteStatement()
    case .merge: return mergeStatement()
    case .create: return createStatement()
    case .alter: return alterStatement()
    case .drop: return dropStatement()
    case .truncate: return truncateStatement()
    case .copy: return copyStatement()
    case .load: return loadStatement()
    case .explain, .describe, .desc: return explainStatement()
    case .if, .while: return proceduralText()
    case .declare where cursor.peek().kind == .variable: return proceduralText()
    case .begin where startsBlock: return proceduralText()
    case .prepare, .declare: return preparedStatement()
    default:
      if cursor.at(symbol: .of("(")) {
        _ = query(parent: -1)
        return .select
      }
      return smallStatement()
    }
  }

  /// `TABLE t`.
  private mutating func tableStatement() -> StatementKind {
    let scope = facts.openScope(parent: -1)
    if !isShouting { fail() }
    cursor.advance()
    tableFactor(in: scope)
    if let source = facts.scopes[scope].sources.first { useStar(in: scope, of: source) }
    queryTail(scope: scope)
    return .select
  }

  /// `WITH a AS (…) SELECT | INSERT | UPDATE | DELETE …`.
  mutating func withStatement() -> StatementKind {
    commonTableExpressions(parent: -1)
    switch cursor.keyword {
    case .with: fail()
    case .select, .values, .insert, .update, .delete, .merge, .replace: return statement()
    default: if cursor.at(symbol: .of("(")) { return statement() }
    }
    expectedMore()
    if failures == 0, !acceptHoles(), facts.sources.isEmpty { fail() }
    return .select
  }

  /// `WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (statement), …`.
  mutating func commonTableExpressions(parent: Int) {
    cursor.advance()
    let isRecursive = cursor.accept(.recursive)
    if isRecursive { announceExpressions() }
    repeat {
      guard cursor.token.isName else { return fail() }
      let name = cursor.name(of: cursor.token).lowercased()
      cursor.advance()
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
      guard cursor.accept(.as) else { return fail() }
      _ = cursor.accept(.not)
      _ = cursor.accept(.materialized)
      let scope = facts.scopes.count
      if isRecursive { facts.expressions[name] = scope }
      nestedStatement(parent: parent)
      searchOrCycle()
      if !isRecursive { facts.expressions[name] = scope }
    } while cursor.accept(symbol: .of(","))
  }

  /// `SEARCH DEPTH FIRST BY a, b SET c`, `CYCLE a SET b TO 'Y' DEFAULT 'N' USING c`.
  private mutating func searchOrCycle() {
    if cursor.spells(cursor.token, "search"), cursor.peek(2).keyword == .first {
      while !cursor.isAtEnd, !cursor.at(.set) { cursor.advance() }
      cursor.index = min(cursor.index + 2, cursor.tokens.count - 1)
    }
    guard cursor.spells(cursor.token, "cycle") else { return }
    while !cursor.isAtEnd, !cursor.at(.set) { cursor.advance() }
    let ends: Set<Keyword> = [.select, .insert, .update, .delete, .merge, .values, .table]
    while !cursor.isAtEnd, !cursor.at(symbol: .of(",")), !ends.contains(cursor.keyword) {
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    }
  }

  /// A parenthesised statement of a common table expression.
  private mutating func nestedStatement(parent: Int) {
    if acceptHoles() { return }
    guard cursor.accept(symbol: .of("(")) else { return expectedMore() }
    guard enter() else { return }
    defer { depth -= 1 }
    switch cursor.keyword {
    case .insert, .update, .delete, .merge, .with: _ = statement()
    default: _ = query(parent: parent)
    }
    closeParenthesis()
  }

  /// Recursive expressions may name those that come later.
  private mutating func announceExpressions() {
    var ahead = cursor
    while ahead.token.isName {
      let name = ahead.name(of: ahead.token).lowercased()
      ahead.advance()
      if ahead.at(symbol: .of("(")) { ahead.skipParentheses() }
      guard ahead.accept(.as) else { return }
      _ = ahead.accept(.not)
      _ = ahead.accept(.materialized)
      guard ahead.at(symbol: .of("(")) else { return }
      facts.expressions[name] = .max
      ahead.skipParentheses()
      guard ahead.accept(symbol: .of(",")) else { return }
    }
  }

  /// Goes one level deeper; skips the parentheses and fails when that is too deep.
  mutating func enter() -> Bool {
    if depth < Self.deepest {
      depth += 1
      return true
    }
    fail()
    skipToClosing()
    return false
  }

  /// Expects `)`; at anything else skips to the one that closes this level.
  mutating func closeParenthesis() {
    if cursor.accept(symbol: .of(")")) { return }
    if cursor.isAtEnd {
      isCut = true
      return
    }
    fail()
    skipToClosing()
  }

  /// Moves behind the parenthesis that closes the level the cursor is in.
  mutating func skipToClosing() {
    var open = 1
    while !cursor.isAtEnd, open > 0 {
      if cursor.at(symbol: .of("(")) { open += 1 }
      if cursor.at(symbol: .of(")")) { open -= 1 }
      cursor.advance()
    }
  }
}
