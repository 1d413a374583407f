import Facts

/// Cuts SQL text into tokens, one at a time. Accepts any bytes; never looks back; linear.
struct Lexer: Sendable {
  /// The text, followed by `padding` zero bytes so that looking ahead needs no bounds test.
  let bytes: [UInt8]
  /// Bytes of text, without the padding.
  let limit: Int
  /// How the text is written.
  let dialect: Dialect
  /// Offset of the next byte to read.
  var position = 0
  /// The token before, which decides between operator and placeholder.
  private(set) var previous = Token(kind: .end, start: 0, end: 0)
  /// Conditional comments whose inside is read: only they end with a sign of their own.
  var openConditionals = 0
  /// Dollar quotes that were not closed; after a few, none are looked for, which keeps hostile text linear.
  var unclosedBodies = 0

  private static let padding = 8

  init(_ text: String, dialect: Dialect) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + Self.padding)
    bytes.append(contentsOf: text.utf8)
    self.init(padded: bytes, dialect: dialect)
  }

  private init(padded text: [UInt8], dialect: Dialect) {
    var bytes = text
    limit = bytes.count
    for _ in 0..<Self.padding { bytes.append(0) }
    self.bytes = bytes
    self.dialect = dialect
  }

  /// Forgets the token before, at the start of a statement.
  mutating func beginStatement() { previous = Token(kind: .end, start: 0, end: 0) }

  /// The next token; kind `.end` behind the last one.
  mutating func next() -> Token {
    skipBlanksAndComments()
    let token = position >= limit ? Token(kind: .end, start: Int32(limit), end: Int32(limit)) : scan()
    previous = token
    return token
  }

  private mutating func scan() -> Token {
    let byte = bytes[position]
    if byte.startsName {
      if let token = alternativeString(byte) { return token }
      return startsPrefixedString(byte) ? prefixedString() : word(from: position)
    }
    if byte.isDigit { return number() }
    switch byte {
    case .of("'"): return quotedText(byte, kind: .string, escapes: dialect.hasBackslashEscapes)
    case .of("\""): return quotedText(byte, kind: .doubleQuoted, escapes: dialect.doubleQuotesAreStrings)
    case .of("`"): return quotedText(byte, kind: .quoted, escapes: false)
    case .of("["): return bracketed()
    case Hole.opening, .of("%"), .of("{"), .of("$"), .of("#"), .of("@"), .of("?"), .of(":"): return special(byte)
    case .of("."):
      return bytes[position + 1].isDigit && !previous.isOperand ? number() : symbol(byte, length: 1)
    default: return operatorOrPunctuation(byte)
    }
  }

  // MARK: Words and numbers

  /// An unquoted name from `start`, placeholders inside included.
  mutating func word(from start: Int, hasHole startsWithHole: Bool = false) -> Token {
    var hasHole = startsWithHole
    let plainStart = position
    while true {
      while bytes[position].continuesName || bytes[position] == .of("$") && bytes[position + 1].continuesName
        || dialect.hasHashNames && isInnerSign(bytes[position])
      {
        position += 1
      }
      guard position < limit, mayGlue(bytes[position]) else { break }
      if !hasHole, isKeywordThatStandsAlone(from: plainStart) { break }
      guard let end = Placeholder.end(in: bytes, at: position, limit: limit) else { break }
      hasHole = true
      position = end
    }
    position = min(position, limit)
    var token = Token(kind: .word, start: Int32(start), end: Int32(position))
    if hasHole {
      token.hasHole = true
    } else {
      (token.keyword, token.traits) = KeywordTable.shared.find(in: bytes, start: start, end: position)
    }
    return token
  }

  /// `#`, and what else SQL Server allows inside of names.
  private func isInnerSign(_ byte: UInt8) -> Bool {
    byte == .of("#") || dialect.hasBatches && (byte == .of("@") || byte == .of("$"))
  }

  private func isKeywordThatStandsAlone(from start: Int) -> Bool {
    let traits = KeywordTable.shared.find(in: bytes, start: start, end: position).traits
    return !traits.isDisjoint(with: [.reserved, .refusesAlias])
  }

  func mayGlue(_ byte: UInt8) -> Bool {
    byte == Hole.opening || byte == .of("%") || byte == .of("{")
      || (byte == .of("$") || byte == .of("#")) && bytes[position + 1] == .of("{")
  }

  private func startsPrefixedString(_ byte: UInt8) -> Bool {
    guard bytes[position + 1] == .of("'") else { return false }
    switch byte.lowered {
    case .of("e"), .of("n"), .of("x"), .of("b"), .of("r"): return true
    default: return false
    }
  }

  private mutating func prefixedString() -> Token {
    let escapes = bytes[position].lowered == .of("e") || dialect.hasBackslashEscapes
    position += 1
    return quotedText(.of("'"), kind: .string, escapes: escapes)
  }

  private mutating func number() -> Token {
    let start = position
    while bytes[position].continuesName || bytes[position] == .of(".") {
      let isExponent = bytes[position].lowered == .of("e")
      position += 1
      let sign = bytes[position]
      if isExponent, sign == .of("+") || sign == .of("-"), bytes[position + 1].isDigit { position += 1 }
    }
    position = min(position, limit)
    let digitsOnly = !bytes[start..<position].contains { !$0.isDigit && $0 != .of(".") }
    // `2fast` is a name in some engines; `0x1F` and `1e3` are numbers.
    let isName = !digitsOnly && !isNumberWithLetters(start)
    return Token(kind: isName ? .word : .number, start: Int32(start), end: Int32(position))
  }

  private func isNumberWithLetters(_ start: Int) -> Bool {
    let isHex = bytes[start] == 48 && (bytes[start + 1] | 32 == .of("x") || bytes[start + 1] | 32 == .of("b"))
    let text = bytes[start..<position]
    return isHex
      || !text.contains { !$0.isDigit && $0 != .of(".") && $0 | 32 != .of("e") && $0 != .of("-") && $0 != .of("+") }
  }

  // MARK: Quotes

  /// A quoted text; ends at the end of the input when it is not closed.
  mutating func quotedText(_ quote: UInt8, kind: Token.Kind, escapes: Bool) -> Token {
    let start = position + 1
    var hasEscapes = false
    var hasHole = false
    var index = start
    let backslashEscapes = escapes && !isLoneBackslash(at: start, quote: quote)
    while index < limit {
      let byte = bytes[index]
      if byte == quote {
        guard bytes[index + 1] == quote else { break }
        hasEscapes = true
        index += 1
      } else if byte == .of("\\"), backslashEscapes {
        hasEscapes = true
        index += 1
      } else if byte == Hole.opening || byte == .of("%") || byte == .of("{") {
        hasHole = true
      }
      index += 1
    }
    let end = min(index, limit)
    position = min(end + 1, limit)
    var token = Token(kind: kind, start: Int32(min(start, end)), end: Int32(end))
    token.hasEscapes = hasEscapes
    token.hasHole = hasHole && (kind != .string) && holdsPlaceholder(from: start, to: end)
    return token
  }

  /// `'\'` is a whole string where backslashes do not escape; that is assumed when nothing else makes sense.
  func isLoneBackslash(at start: Int, quote: UInt8) -> Bool {
    guard dialect.engine == nil, bytes[start] == .of("\\"), bytes[start + 1] == quote else { return false }
    let after = bytes[start + 2]
    return start + 2 >= limit || after.isBlank || after == .of(")") || after == .of(";") || after == .of(",")
  }

  private func holdsPlaceholder(from start: Int, to end: Int) -> Bool {
    var index = start
    while index < end {
      if Placeholder.end(in: bytes, at: index, limit: end) != nil { return true }
      index += 1
    }
    return false
  }

  /// `[name]`, or the bracket of a subscript.
  private mutating func bracketed() -> Token {
    let followsOperand = position > 0 && (bytes[position - 1].continuesName || bytes[position - 1] == .of("]"))
    if dialect.hasBatches { return bracketedName() }
    guard dialect.hasBrackets, !followsOperand, bytes[position + 1].startsName || bytes[position + 1] == Hole.opening
    else { return symbol(.of("["), length: 1) }
    var index = position + 1
    let longest = min(limit, position + 130)
    while index < longest, bytes[index] != .of("]"), bytes[index] != .of(","), bytes[index] != .of("\n") { index += 1 }
    guard index < longest, bytes[index] == .of("]") else { return symbol(.of("["), length: 1) }
    var token = Token(kind: .quoted, start: Int32(position + 1), end: Int32(index))
    token.hasHole = holdsPlaceholder(from: position + 1, to: index)
    position = index + 1
    return token
  }

  /// `[any name, ]] for a bracket]` where nothing else can be meant.
  private mutating func bracketedName() -> Token {
    var index = position + 1
    var hasEscapes = false
    while index < limit, bytes[index] != .of("]") || bytes[index + 1] == .of("]"), bytes[index] != .of("\n") {
      if bytes[index] == .of("]") {
        hasEscapes = true
        index += 1
      }
      index += 1
    }
    guard index < limit, bytes[index] == .of("]"), index > position + 1 else { return symbol(.of("["), length: 1) }
    var token = Token(kind: .quoted, start: Int32(position + 1), end: Int32(index))
    token.hasEscapes = hasEscapes
    token.hasHole = holdsPlaceholder(from: position + 1, to: index)
    position = index + 1
    return token
  }

  // MARK: Symbols

  mutating func operatorOrPunctuation(_ byte: UInt8) -> Token {
    let next = bytes[position + 1]
    switch byte {
    case .of("<"):
      if next == .of("=") { return symbol(Token.Symbol.other, length: bytes[position + 2] == .of(">") ? 3 : 2) }
      if next == .of(">") || next == .of("<") || next == .of("@") && !bytes[position + 2].continuesName {
        return symbol(Token.Symbol.other, length: 2)
      }
    case .of(">"):
      if next == .of("=") || next == .of(">") { return symbol(Token.Symbol.other, length: 2) }
    case .of("!"), .of("~"), .of("^"), .of("&"), .of("|"), .of("@"), .of("#"):
      return symbol(Token.Symbol.other, length: operatorRun())
    case .of("-"):
      if next == .of(">") { return symbol(Token.Symbol.other, length: bytes[position + 2] == .of(">") ? 3 : 2) }
    case .of("="):
      if next == .of(">") || next == .of("=") { return symbol(Token.Symbol.other, length: 2) }
    default: break
    }
    return symbol(byte, length: 1)
  }

  private func operatorRun() -> Int {
    var length = 1
    while length < 4, isOperatorByte(bytes[position + length]) { length += 1 }
    return length
  }

  private func isOperatorByte(_ byte: UInt8) -> Bool {
    switch byte {
    case .of("="), .of("~"), .of("*"), .of("&"), .of("|"), .of(">"), .of("^"), .of("<"): true
    default: false
    }
  }

  mutating func symbol(_ value: UInt8, length: Int) -> Token {
    let start = position
    position = min(position + length, limit)
    return symbolToken(value, from: start)
  }

  func symbolToken(_ value: UInt8, from start: Int) -> Token {
    Token(kind: .symbol, symbol: value, start: Int32(start), end: Int32(position))
  }

  mutating func simple(_ kind: Token.Kind, length: Int, start: Int) -> Token {
    position = min(position + length, limit)
    return Token(kind: kind, start: Int32(start), end: Int32(position))
  }
}

extension Token {
  /// Whether an operator may follow: what decides between modulo and placeholder.
  var isOperand: Bool {
    switch kind {
    case .word: !traits.contains(.reserved)
    case .quoted, .doubleQuoted, .string, .number, .parameter, .variable, .hole, .body: true
    case .symbol: symbol == .of(")") || symbol == .of("]")
    case .end: false
    }
  }
}
