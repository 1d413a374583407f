import Facts

/// Holes, placeholders, parameters, variables and dollar quotes.
extension Lexer {
  mutating func special(_ byte: UInt8) -> Token {
    switch byte {
    case .of("?"):
      if isOperatorMark() {
        var length = 1
        while length < 4, "|&#-".utf8.contains(bytes[position + length]) { length += 1 }
        return symbol(Token.Symbol.other, length: length)
      }
      while bytes[position].isDigit || bytes[position] == byte { position += 1 }
      return simple(.parameter, length: 0, start: position - 1)
    case .of(":"): return colon()
    case .of("$"): return dollar()
    case .of("@"): return atSign()
    case .of("#"): return hash()
    case .of("%") where previous.isOperand && !looksLikeConversion(): return symbol(byte, length: 1)
    default:
      guard let end = Placeholder.end(in: bytes, at: position, limit: limit) else { return symbol(byte, length: 1) }
      return placeholder(to: end)
    }
  }

  /// Whether `?` asks for a key of a document, as in `a ? 'b'`, `a ?| b`, `a @? b`, and takes no parameter.
  private func isOperatorMark() -> Bool {
    if position > 0, bytes[position - 1] == .of("@"), previous.kind == .symbol { return true }
    guard previous.isOperand, previous.keyword == .none, dialect.engine == nil || dialect.engine == .postgres else {
      return false
    }
    let next = bytes[position + 1]
    if next == .of("|") || next == .of("&") { return dialect.engine != nil || bytes[position + 2] != next }
    if next == .of("#") || next == .of("-") { return dialect.engine != nil }
    var after = position + 1
    while after < limit, bytes[after].isBlank { after += 1 }
    return after > position + 1 && bytes[after] == .of("'")
  }

  /// After an operand `%` is modulo, unless a conversion letter that ends a word follows at once.
  private func looksLikeConversion() -> Bool {
    guard let end = Placeholder.end(in: bytes, at: position, limit: limit) else { return false }
    guard bytes[end].continuesName else { return bytes[end] != .of("(") }
    // `%sORDER BY`: a keyword goes on at once.
    var wordEnd = end
    while bytes[wordEnd].continuesName, wordEnd - end <= KeywordTable.longest { wordEnd += 1 }
    return KeywordTable.shared.find(in: bytes, start: end, end: wordEnd).traits.contains(.reserved)
  }

  /// A placeholder; name characters that follow at once belong to it: `%s_players`.
  private mutating func placeholder(to end: Int) -> Token {
    let start = position
    position = end
    if bytes[position].continuesName {
      let after = position
      let rest = word(from: position)
      if rest.keyword == .none || rest.traits.isDisjoint(with: [.reserved, .refusesAlias]) {
        return Token(kind: .word, hasHole: true, start: Int32(start), end: Int32(position))
      }
      position = after
    } else if mayGlue(bytes[position]), let next = Placeholder.end(in: bytes, at: position, limit: limit),
      bytes[next].continuesName
    {
      return word(from: start, hasHole: true)
    }
    return Token(kind: .hole, hasHole: true, start: Int32(start), end: Int32(end))
  }

  private mutating func colon() -> Token {
    let next = bytes[position + 1]
    if next == .of(":") { return symbol(Token.Symbol.cast, length: 2) }
    if next == .of("=") { return symbol(Token.Symbol.assign, length: 2) }
    if next == .of("'") || next == .of("\"") {
      position += 1
      var token = quotedText(next, kind: .string, escapes: false)
      token.kind = .parameter
      return token
    }
    guard next.startsName || next.isDigit && !previous.isOperand else { return symbol(.of(":"), length: 1) }
    let start = position
    position += 1
    while bytes[position].continuesName { position += 1 }
    position = min(position, limit)
    return Token(kind: .parameter, start: Int32(start), end: Int32(position))
  }

  private mutating func dollar() -> Token {
    if let end = Placeholder.end(in: bytes, at: position, limit: limit) { return placeholder(to: end) }
    if dialect.hasDollarQuotes, let token = dollarBody() { return token }
    let start = position
    position += 1
    while bytes[position].continuesName { position += 1 }
    position = min(position, limit)
    guard position > start + 1 else { return symbolToken(.of("$"), from: start) }
    return Token(kind: .parameter, start: Int32(start), end: Int32(position))
  }

  private mutating func atSign() -> Token {
    if let end = Placeholder.end(in: bytes, at: position, limit: limit) { return placeholder(to: end) }
    let start = position
    var index = position + 1
    if bytes[index] == .of("@") { index += 1 }
    guard bytes[index].continuesName || bytes[index] == Hole.opening else { return operatorOrPunctuation(.of("@")) }
    while bytes[index].continuesName || bytes[index] == .of(".") { index += 1 }
    position = min(index, limit)
    return Token(kind: .variable, start: Int32(start), end: Int32(position))
  }

  /// `#{x}` is a placeholder, `#__x` and `#temp` behind a table word are names, the rest are operators.
  private mutating func hash() -> Token {
    if let end = Placeholder.end(in: bytes, at: position, limit: limit) { return placeholder(to: end) }
    let isGlobal = dialect.hasBatches && bytes[position + 1] == .of("#")
    guard bytes[position + (isGlobal ? 2 : 1)].startsName else { return operatorOrPunctuation(.of("#")) }
    let start = position
    position += isGlobal ? 2 : 1
    let name = word(from: position)
    return Token(kind: .word, hasHole: name.hasHole, start: Int32(start), end: Int32(position))
  }

  /// `q'[it's]'`, `nq'!x!'`; nil when something else stands here.
  mutating func alternativeString(_ byte: UInt8) -> Token? {
    guard dialect.hasAlternativeQuotes,
      byte | 32 == .of("q") || byte | 32 == .of("n") && bytes[position + 1] | 32 == .of("q")
    else { return nil }
    let quote = position + (byte | 32 == .of("q") ? 1 : 2)
    guard bytes[quote] == .of("'"), quote + 1 < limit, !bytes[quote + 1].isBlank else { return nil }
    let closing: UInt8
    switch bytes[quote + 1] {
    case .of("["): closing = .of("]")
    case .of("("): closing = .of(")")
    case .of("{"): closing = .of("}")
    case .of("<"): closing = .of(">")
    default:
      // Where the engine is unknown only the brackets are sure: `q'` may be a name and a string in others.
      guard dialect.engine != nil, !bytes[quote + 1].continuesName else { return nil }
      closing = bytes[quote + 1]
    }
    guard unclosedBodies < Self.patience else { return nil }
    var index = quote + 2
    while index < limit {
      if bytes[index] == closing, bytes[index + 1] == .of("'") {
        position = index + 2
        return Token(kind: .string, start: Int32(quote + 2), end: Int32(index))
      }
      index += 1
    }
    unclosedBodies += 1
    return nil
  }

  /// Open dollar quotes looked for before giving up on them.
  private static let patience = 16

  /// `$tag$ … $tag$` as one token, if it is closed.
  private mutating func dollarBody() -> Token? {
    var tagEnd = position + 1
    while bytes[tagEnd].continuesName { tagEnd += 1 }
    guard bytes[tagEnd] == .of("$"), tagEnd < limit, unclosedBodies < Self.patience,
      !bytes[position + 1].isDigit
    else { return nil }
    let tag = bytes[position...tagEnd]
    var index = tagEnd + 1
    while index + tag.count <= limit {
      if bytes[index] == .of("$"), bytes[index..<index + tag.count].elementsEqual(tag) {
        let token = Token(kind: .body, start: Int32(tagEnd + 1), end: Int32(index))
        position = index + tag.count
        return token
      }
      index += 1
    }
    unclosedBodies += 1
    return nil
  }
}
