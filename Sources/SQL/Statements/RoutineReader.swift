import Basics
import Facts

/// Finds what the body of a trigger, procedure, function or block does to tables, statement by statement; the control
/// flow between them is passed over.
struct RoutineReader {
  /// What a routine does.
  struct Body {
    var accesses: [StatementAccess] = []
    var joins: [StatementJoin] = []
    /// The table a trigger watches.
    var table: TableName?
    /// Lower-case names of what it calls, in order, without repeats.
    var calls: [String] = []
    /// Texts it runs whose tables are not known.
    var unresolved: [String] = []

    mutating func merge(_ statement: SQLStatement) {
      for access in statement.accesses where !Hole.contains(access.table.text) { accesses.merge(access) }
      joins += statement.joins
      statement.calls.forEach { note(call: $0) }
    }

    mutating func note(call name: String) {
      if !calls.contains(name), calls.count < CalledPrograms.most { calls.append(name) }
    }
  }

  let bytes: [UInt8]
  let tokens: [Token]
  let dialect: Dialect
  let depth: Int
  private let start: Int
  private let limit: Int
  /// Index behind the last statement: where nothing separates statements, the next one begins there.
  private var lastEnd = -1
  /// Texts that variables hold, by lower-case name.
  var texts: [String: String] = [:]
  /// Names of prepared statements, whose texts were read where they were prepared.
  private var prepared: Set<String> = []
  var body = Body()

  /// Reads the tokens from `start`, where the kind of routine is named, up to `limit`.
  init(bytes: [UInt8], tokens: [Token], start: Int, limit: Int? = nil, dialect: Dialect, depth: Int) {
    self.bytes = bytes
    self.tokens = tokens
    self.start = start
    self.limit = min(limit ?? tokens.count, tokens.count)
    self.dialect = dialect
    self.depth = depth
  }

  /// What the body does, in order of first appearance.
  mutating func read() -> Body {
    var index = start
    if tokens[start].keyword == .trigger { index = triggerHead() }
    while index < limit, tokens[index].kind != .end { index = max(step(at: index), index + 1) }
    return body
  }

  /// Reads `name BEFORE INSERT OR UPDATE OF a ON table`; returns where the body may begin.
  private mutating func triggerHead() -> Int {
    var parser = StatementParser(bytes: bytes, tokens: tokens, dialect: dialect, textDepth: depth)
    parser.cursor.index = start
    // The event list comes first; ON separates it from the table. T-SQL puts ON before the events.
    while !parser.cursor.isAtEnd, !parser.cursor.at(.on), !parser.cursor.at(.begin) { parser.cursor.advance() }
    guard parser.cursor.accept(.on), let name = parser.qualifiedName() else { return parser.cursor.index }
    body.table = TableName(DefaultSchema.removed(from: name.text))
    if dialect.hasBatches { while !parser.cursor.isAtEnd, !parser.cursor.at(.as) { parser.cursor.advance() } }
    return parser.cursor.index
  }

  // MARK: Steps

  /// Handles the token at `index`; returns the next one to look at.
  private mutating func step(at index: Int) -> Int {
    let token = tokens[index]
    switch token.kind {
    case .body:
      if index == 0 || !tokens[index - 1].isSymbol(Token.Symbol.assign) { readText(token) }
      return index + 1
    case .string where isBody(index):
      readText(token)
      return index + 1
    case .symbol where token.symbol == Token.Symbol.assign || token.symbol == .of("="):
      if isAssignment(at: index) { assign(tokens[index - 1], from: index + 1) }
      return index + 1
    case .word, .quoted: break
    case .doubleQuoted, .string, .number, .parameter, .variable, .hole, .symbol, .end: return index + 1
    }
    switch token.keyword {
    case .select, .insert, .update, .delete, .replace, .merge, .with, .truncate, .perform:
      guard mayStart(at: index) else { return index + 1 }
      return statement(at: index)
    case .execute, .exec: return executed(at: index)
    case .prepare where peek(index + 2).keyword == .from:
      prepared.insert(spelled(peek(index + 1)))
      return run(from: index + 3)
    case .open where peek(index + 2).keyword == .for && ![.select, .with].contains(peek(index + 3).keyword):
      return run(from: index + 3)
    case .call: return call(at: index + 1)
    case .none: return plainName(at: index)
    default: return index + 1
    }
  }

  func peek(_ index: Int) -> Token { tokens[min(index, tokens.count - 1)] }

  /// `AS '…'` of older PostgreSQL functions.
  private func isBody(_ index: Int) -> Bool {
    index > 0 && (tokens[index - 1].keyword == .as || tokens[index - 1].keyword == .do)
  }

  /// `name := …` anywhere, `SET @name = …` and `DECLARE @name type = …` where `=` assigns.
  private func isAssignment(at index: Int) -> Bool {
    guard index > start else { return false }
    let name = tokens[index - 1]
    if tokens[index].symbol == Token.Symbol.assign { return name.kind == .word || name.kind == .variable }
    guard index > 1 else { return false }
    if tokens[index - 2].keyword == .set { return name.kind == .variable || name.kind == .word }
    if name.isSymbol(.of("+")) || name.isSymbol(Token.Symbol.other) { return false }
    // `DECLARE @x nvarchar(max) = N'…'`.
    var place = index - 1
    let nearest = max(start, index - 8)
    while place > nearest, tokens[place].kind != .variable { place -= 1 }
    return place > start && tokens[place].kind == .variable && tokens[place - 1].keyword == .declare
  }

  private mutating func assign(_ target: Token, from index: Int) {
    var name = target
    var place = index - 2
    while name.kind != .variable, dialect.hasBatches, place > start, place > index - 9 {
      place -= 1
      name = tokens[place]
    }
    guard let text = RunText(of: self, from: index).text else { return }
    texts[spelled(name)] = text
  }

  /// The lower-case name of a variable.
  func spelled(_ token: Token) -> String { NameText.decode(token, in: bytes).lowercased() }

  private func mayStart(at index: Int) -> Bool {
    guard index > start else { return true }
    let token = tokens[index]
    // `REPLACE(a, b, c)`, `TRUNCATE(a, 2)`, `IF UPDATE(a)`: functions of those names.
    if peek(index + 1).isSymbol(.of("(")), ![.select, .with].contains(token.keyword) { return false }
    if index == lastEnd, dialect.hasBatches { return true }
    let before = tokens[index - 1]
    switch before.keyword {
    case .begin, .then, .else, .loop, .do, .as, .is, .in, .for, .query, .atomic, .repeat, .return, .immediate, .none:
      break
    default:
      if before.keyword == .for, token.keyword == .update { return false }
      // `FOR EACH ROW INSERT …`, `RETURNS int RETURN …`: a statement keyword that nothing else explains.
      return before.keyword == .row || before.keyword == .statement || before.keyword == .exists
        || dialect.hasBatches && before.keyword == .off
    }
    if before.keyword == .for, token.keyword == .update { return false }
    if before.kind == .symbol {
      return before.symbol == .of(";") || before.symbol == .of("(") || before.symbol == .of(":")
        || before.symbol == Token.Symbol.assign || before.symbol == .of("=") || before.symbol == .of(")")
        || before.symbol == Token.Symbol.other
    }
    return before.keyword != .none || token.keyword != .replace
  }

  private mutating func statement(at index: Int) -> Int {
    var parser = StatementParser(bytes: bytes, tokens: tokens, dialect: dialect, textDepth: depth, start: index)
    parser.isInRoutine = true
    // PERFORM is SELECT without a result.
    let end = parser.parseEmbedded()
    let resolution = Resolution(facts: parser.facts, cursor: parser.cursor)
    for access in resolution.accesses() { body.accesses.merge(access) }
    body.joins += resolution.joins()
    CalledPrograms.names(in: parser.facts, cursor: parser.cursor).forEach { body.note(call: $0) }
    lastEnd = max(end, index + 1)
    return lastEnd
  }

  // MARK: Calls

  /// `name(…)` in an expression, or `name;` and `name(…);` as a statement of PL/SQL.
  private mutating func plainName(at index: Int) -> Int {
    var last = index
    while peek(last + 1).isSymbol(.of(".")), peek(last + 2).kind == .word || peek(last + 2).kind == .quoted {
      last += 2
    }
    let follows = peek(last + 1)
    let isCall = follows.isSymbol(.of("(")) || dialect.endsRoutinesWithSlash && follows.isSymbol(.of(";"))
    guard isCall, index > start else { return last + 1 }
    let before = tokens[index - 1]
    let isStatement =
      before.isSymbol(.of(";")) || [.begin, .then, .else, .loop].contains(before.keyword)
    if !isStatement {
      // Types of declarations and names of what is declared are no calls.
      guard follows.isSymbol(.of("(")), before.kind == .symbol || before.keyword != .none else { return last + 1 }
      switch before.keyword {
      case .function, .procedure, .trigger, .declare, .returns: return last + 1
      case .return where dialect.endsRoutinesWithSlash: return last + 1
      default: break
      }
    }
    note(from: index, to: last)
    return last + 1
  }

  private mutating func note(from first: Int, to last: Int) {
    let name = CalledPrograms.name(from: first, to: last, in: TokenCursor(bytes: bytes, tokens: tokens))
    if !CalledPrograms.builtIn.contains(name) { body.note(call: name) }
  }

  /// Notes the program named at `index`; returns what follows the name.
  private mutating func call(at index: Int) -> Int {
    guard peek(index).isName else { return index }
    var last = index
    while peek(last + 1).isSymbol(.of(".")), isNamePart(peek(last + 2)) || peek(last + 2).isSymbol(.of(".")) {
      last += isNamePart(peek(last + 2)) ? 2 : 1
    }
    note(from: index, to: last)
    return last + 1
  }

  private func isNamePart(_ token: Token) -> Bool { token.kind == .word || token.kind == .quoted || token.isName }

  // MARK: Texts that are run

  /// `EXECUTE 'SELECT …' || x`, `EXECUTE IMMEDIATE …`, `EXEC (…)`, `EXEC sp_executesql …`, `EXEC program …`.
  private mutating func executed(at index: Int) -> Int {
    var place = index + 1
    if peek(place).keyword == .immediate { return run(from: place + 1) }
    if peek(place).keyword == .function || peek(place).keyword == .procedure { return call(at: place + 1) }
    if peek(place).kind == .variable, peek(place + 1).isSymbol(.of("=")) { place += 2 }
    let token = peek(place)
    if prepared.contains(spelled(token)) { return place + 1 }
    if token.isName, token.kind != .hole, dialect.engine != .postgres || !isKnownText(token) {
      let name = spelled(token)
      if name == "sp_executesql" { return run(from: place + 1) }
      let isProgram = dialect.hasBatches || tokens[index].keyword == .exec || peek(place + 1).isSymbol(.of("."))
      if isProgram {
        let end = call(at: place)
        lastEnd = endOfArguments(from: end)
        return end
      }
    }
    return run(from: place)
  }

  private func isKnownText(_ token: Token) -> Bool { texts[spelled(token)] != nil || token.keyword == .none }

  /// Where the arguments of `EXEC p @a = 1, 'x' OUTPUT` end.
  private func endOfArguments(from index: Int) -> Int {
    var place = index
    while place < limit, tokens[place].kind != .end, !tokens[place].isSymbol(.of(";")),
      !BatchWords.starts.contains(tokens[place].keyword)
    {
      place += 1
    }
    return place
  }

  /// Reads the text built from `index` on as statements.
  mutating func run(from index: Int) -> Int {
    let built = RunText(of: self, from: index)
    lastEnd = built.end
    guard depth < StatementParser.deepestText else { return built.end }
    guard let text = built.text else {
      body.unresolved.append(Hole.text(index: nil))
      return built.end
    }
    let statements = SQLReader.statements(in: text, dialect: dialect, textDepth: depth + 1).filter(\.isUnderstood)
    statements.forEach { body.merge($0) }
    if statements.isEmpty || statements.contains(where: \.hasUnknownTable) { body.unresolved.append(text) }
    return built.end
  }

  private mutating func readText(_ token: Token) {
    guard depth < StatementParser.deepestText else { return }
    let text = NestedText.decode(token, in: bytes, escapes: dialect.hasBackslashEscapes)
    var lexer = Lexer(text, dialect: dialect)
    var inner: [Token] = []
    while true {
      let token = lexer.next()
      inner.append(token)
      if token.kind == .end { break }
    }
    var reader = RoutineReader(bytes: lexer.bytes, tokens: inner, start: 0, dialect: dialect, depth: depth + 1)
    let nested = reader.read()
    for access in nested.accesses { body.accesses.merge(access) }
    body.joins += nested.joins
    nested.calls.forEach { body.note(call: $0) }
    body.unresolved += nested.unresolved
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

  /// Whether `BEGIN` opens a block of statements and no transaction.
  var startsBlock: Bool {
    switch cursor.peek().keyword {
    case .work, .transaction, .tran, .immediate, .deferred, .exclusive, .isolation: false
    case .none: cursor.peek().kind == .word && cursor.peek(2).kind != .end
    default: cursor.peek().kind == .word
    }
  }

  /// `IF … BEGIN … END`, `WHILE …`, `DECLARE @x …`, `BEGIN … END`: what the statements inside do.
  mutating func proceduralText() -> StatementKind {
    var reader = RoutineReader(
      bytes: cursor.bytes, tokens: cursor.tokens, start: cursor.index, dialect: dialect, depth: textDepth)
    let isDeclaration = cursor.at(.declare)
    let body = reader.read()
    take(body)
    let isSure = isDeclaration || cursor.at(.begin) || dialect.hasBatches && isShouting
    if body.accesses.isEmpty, body.calls.isEmpty, !isSure { fail() }
    while !cursor.isAtEnd { cursor.advance() }
    return .other
  }

  /// Adds what a routine does.
  mutating func take(_ body: RoutineReader.Body) {
    facts.nestedAccesses += body.accesses
    facts.nestedJoins += body.joins
    facts.nestedCalls += body.calls
    if !body.unresolved.isEmpty { facts.hasUnknownTable = true }
  }
}
