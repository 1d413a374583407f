/// Splits a text into statements: at `;`, at a changed `DELIMITER`, at `GO`, never inside routine bodies.
struct Script: Sendable {
  /// What kind of text is split.
  enum Mode: Sendable {
    /// Text from source code: nothing but statements.
    case code
    /// A file for a command-line client: its own commands and data blocks are skipped, rows too.
    case file
  }

  /// The tokens of the current statement, with an `.end` token behind them.
  private(set) var tokens: [Token] = []
  /// Statements that only carry rows and were skipped without reading them.
  private(set) var skippedRowStatements = 0
  private(set) var lexer: Lexer
  private let mode: Mode
  private var delimiter: [UInt8] = [.of(";")]
  private var hasDataEnd = true
  private var counted = (offset: 0, line: 0)

  /// Tokens after `CREATE` among which the kind of object must be named.
  private static let objectHorizon = 16

  init(_ text: String, dialect: Dialect, mode: Mode) {
    lexer = Lexer(text, dialect: dialect)
    self.mode = mode
    tokens.reserveCapacity(64)
  }

  /// Reads the next statement into `tokens`; false when there is none.
  mutating func next() -> Bool {
    while true {
      lexer.beginStatement()
      lexer.skipBlanksAndComments()
      guard lexer.position < lexer.limit else { return false }
      if mode == .file, skipClientCommand() || skipRows() { continue }
      collect()
      if tokens.count > 1 { return true }
    }
  }

  /// Line ends before `offset`; callers ask in rising order, mostly.
  mutating func line(at offset: Int) -> Int {
    if offset < counted.offset { counted = (0, 0) }
    for position in counted.offset..<offset where lexer.bytes[position] == .of("\n") { counted.line += 1 }
    counted.offset = offset
    return counted.line
  }

  private mutating func collect() {
    tokens.removeAll(keepingCapacity: true)
    var blocks = BlockDepth()
    var depth = 0
    let hasOwnDelimiter = delimiter != [.of(";")]
    while true {
      if hasOwnDelimiter {
        lexer.skipBlanksAndComments()
        if lexer.hasBytes(delimiter) {
          lexer.position += delimiter.count
          break
        }
      }
      let token = lexer.next()
      if token.kind == .end { break }
      if token.isSymbol(.of(";")), !hasOwnDelimiter, !blocks.isInside { break }
      if token.keyword == .go, lexer.isAloneOnLine(token) { break }
      if mode == .file, startsNextDefinition(token, depth: depth) {
        lexer.position = Int(token.start)
        break
      }
      if token.isSymbol(.of("(")) { depth += 1 }
      if token.isSymbol(.of(")")) { depth -= 1 }
      tokens.append(token)
      if let first = tokens.first, first.keyword == .create || first.keyword == .alter {
        blocks.see(token, isHead: tokens.count <= Self.objectHorizon)
      }
    }
    if mode == .file, tokens.first?.keyword == .copy, tokens.contains(where: { $0.keyword == .stdin }) {
      skipDataBlock()
    }
    tokens.append(Token(kind: .end, start: Int32(lexer.limit), end: Int32(lexer.limit)))
  }

  /// Whether a new definition begins although no semicolon ended the `CREATE TABLE` before, as SQL Server allows.
  private func startsNextDefinition(_ token: Token, depth: Int) -> Bool {
    guard token.keyword == .create || token.keyword == .alter || token.keyword == .drop, depth == 0 else {
      return false
    }
    guard tokens.count > 4, tokens[0].keyword == .create, tokens[1].keyword == .table else { return false }
    return lexer.isFirstOnLine(token)
  }

  // MARK: Things only files have

  /// `DELIMITER x`, `\connect x`, `.read x`, a lone `/`.
  private mutating func skipClientCommand() -> Bool {
    let start = lexer.position
    switch lexer.bytes[start] {
    case .of("\\"), .of("."):
      lexer.skipLine()
      return true
    case .of("/") where lexer.bytes[start + 1].isBlank:
      lexer.position += 1
      return true
    case .of("d"), .of("D"):
      var probe = lexer
      guard probe.next().keyword == .delimiter, probe.position < probe.limit else { return false }
      readDelimiter(from: probe.position)
      return true
    default: return false
    }
  }

  private mutating func readDelimiter(from start: Int) {
    var begin = start
    while lexer.bytes[begin] == .of(" ") || lexer.bytes[begin] == .of("\t") { begin += 1 }
    var end = begin
    while end < lexer.limit, !lexer.bytes[end].isBlank { end += 1 }
    delimiter = end > begin ? Array(lexer.bytes[begin..<end]) : [.of(";")]
    lexer.position = end
  }

  /// Rows after `COPY … FROM stdin;` up to the line `\.`.
  private mutating func skipDataBlock() {
    guard hasDataEnd else { return }
    var position = lexer.position
    while position < lexer.limit {
      if lexer.bytes[position] == .of("\\"), lexer.bytes[position + 1] == .of("."),
        lexer.bytes[position - 1] == .of("\n")
      {
        lexer.position = position
        lexer.skipLine()
        return
      }
      position += 1
    }
    hasDataEnd = false
  }

  /// Skips `INSERT` and `REPLACE` by bytes: dumps carry gigabytes of them and they say nothing about the schema.
  private mutating func skipRows() -> Bool {
    let first = lexer.bytes[lexer.position].lowered
    guard first == .of("i") || first == .of("r"), delimiter == [.of(";")] else { return false }
    var probe = lexer
    let keyword = probe.next().keyword
    guard keyword == .insert || keyword == .replace else { return false }
    lexer.position = probe.position
    lexer.skipToSemicolon()
    skippedRowStatements += 1
    return true
  }
}

/// How deep inside `BEGIN … END` a routine's text is.
private struct BlockDepth {
  private var isRoutine = false
  private var depth = 0
  private var previous = Keyword.none

  /// Whether a semicolon belongs to the body.
  var isInside: Bool { isRoutine && depth > 0 }

  mutating func see(_ token: Token, isHead: Bool) {
    defer { previous = token.keyword }
    switch token.keyword {
    case .procedure, .function, .trigger, .event, .package: if isHead { isRoutine = true }
    case .begin: depth += 1
    case .case: if previous != .end { depth += 1 }
    case .if, .loop, .while, .repeat, .for: if previous == .end { depth += 1 }
    case .end: depth = max(0, depth - 1)
    default: break
    }
  }
}

extension Lexer {
  /// Whether the text at the current place begins with `other`.
  func hasBytes(_ other: [UInt8]) -> Bool {
    guard position + other.count <= limit else { return false }
    for (offset, byte) in other.enumerated() where bytes[position + offset] != byte { return false }
    return true
  }

  /// Whether only blanks stand before a token in its line.
  func isFirstOnLine(_ token: Token) -> Bool {
    var before = Int(token.start) - 1
    while before >= 0, bytes[before] != .of("\n") {
      if !bytes[before].isBlank { return false }
      before -= 1
    }
    return true
  }

  /// Whether a token has its line to itself.
  func isAloneOnLine(_ token: Token) -> Bool {
    guard isFirstOnLine(token) else { return false }
    var after = Int(token.end)
    while after < limit, bytes[after] != .of("\n") {
      if !bytes[after].isBlank { return false }
      after += 1
    }
    return true
  }
}
