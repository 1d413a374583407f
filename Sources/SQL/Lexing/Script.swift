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
    var blocks = BlockDepth(dialect: lexer.dialect)
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
      if token.keyword == .go, lexer.isBatchEnd(token) {
        lexer.skipLine()
        break
      }
      if mode == .file, endsAtSlash(token) || startsNext(token, depth: depth, isRoutine: blocks.isRoutine) { break }
      if token.isSymbol(.of("(")) { depth += 1 }
      if token.isSymbol(.of(")")) { depth -= 1 }
      tokens.append(token)
      blocks.see(token, first: tokens[0], isHead: tokens.count <= Self.objectHorizon)
    }
    if mode == .file, tokens.first?.keyword == .copy, tokens.contains(where: { $0.keyword == .stdin }) {
      skipDataBlock()
    }
    tokens.append(Token(kind: .end, start: Int32(lexer.limit), end: Int32(lexer.limit)))
  }

  /// Whether `/` stands alone in its line and ends the statement before, as command-line clients take it.
  private func endsAtSlash(_ token: Token) -> Bool {
    guard token.isSymbol(.of("/")), !tokens.isEmpty else { return false }
    return (lexer.dialect.endsRoutinesWithSlash || lexer.dialect.engine == nil) && lexer.isAloneOnLine(token)
  }

  /// Whether another statement begins although no semicolon ended the one before, as SQL Server allows.
  private mutating func startsNext(_ token: Token, depth: Int, isRoutine: Bool) -> Bool {
    guard depth == 0, let first = tokens.first, token.kind == .word, token.traits.contains(.startsStatement) else {
      return false
    }
    var begins = false
    switch token.keyword {
    case .create, .alter, .drop:
      if first.keyword == .create, tokens.count > 4, tokens[1].keyword == .table {
        begins = lexer.isFirstOnLine(token)
      } else if lexer.dialect.hasBatches, !isRoutine, tokens.last?.keyword != .or {
        var probe = lexer
        guard BatchWords.objects.contains(probe.next().keyword) else { return false }
        switch first.keyword {
        case .create, .alter, .drop: begins = lexer.isFirstOnLine(token)
        case .grant, .revoke: break
        default: begins = true
        }
      }
    case .insert, .set, .exec, .execute, .declare, .update, .delete:
      begins = lexer.dialect.hasBatches && first.keyword == .insert && lexer.isFirstOnLine(token)
    default: break
    }
    if begins { lexer.position = Int(token.start) }
    return begins
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
    case .of(":") where lexer.dialect.hasBatches && lexer.bytes[start + 1].isLetter:
      lexer.skipLine()
      return true
    case .of("@") where lexer.dialect.endsRoutinesWithSlash:
      lexer.skipLine()
      return true
    case let byte where lexer.dialect.endsRoutinesWithSlash && ClientWords.letters.contains(byte.lowered):
      guard lexer.beginsWithWord(of: ClientWords.commands) else { return false }
      lexer.skipLine()
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
    // Where other things than a semicolon end a statement, rows can not be told from what follows by bytes.
    if lexer.dialect.hasBatches || lexer.dialect.endsRoutinesWithSlash { return false }
    var probe = lexer
    let keyword = probe.next().keyword
    guard keyword == .insert || keyword == .replace else { return false }
    lexer.position = probe.position
    lexer.skipToSemicolon()
    skippedRowStatements += 1
    return true
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

  /// Whether `GO`, or `GO` and a count, has its line to itself.
  func isBatchEnd(_ token: Token) -> Bool {
    guard isFirstOnLine(token) else { return false }
    var after = Int(token.end)
    while after < limit, bytes[after] != .of("\n") {
      if !bytes[after].isBlank, !bytes[after].isDigit { return bytes[after] == .of(";") || hasDashes(at: after) }
      after += 1
    }
    return true
  }

  private func hasDashes(at place: Int) -> Bool { bytes[place] == .of("-") && bytes[place + 1] == .of("-") }

  /// Whether one of the lower-case words stands at the current place.
  func beginsWithWord(of words: Set<String>) -> Bool {
    var end = position
    while end < limit, bytes[end].isLetter { end += 1 }
    return words.contains(String(decoding: bytes[position..<end].map(\.lowered), as: UTF8.self))
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
