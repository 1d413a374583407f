/// Walks over the tokens of one statement.
struct TokenCursor: Sendable {
  /// The text the tokens point into.
  let bytes: [UInt8]
  /// The tokens of the statement and an `.end` token behind them.
  let tokens: [Token]
  /// Index of the current token.
  var index = 0

  init(bytes: [UInt8], tokens: [Token]) {
    self.bytes = bytes
    self.tokens = tokens
  }

  /// The current token.
  var token: Token { tokens[index] }
  /// Whether every token was used.
  var isAtEnd: Bool { tokens[index].kind == .end }
  /// The keyword of the current token.
  var keyword: Keyword { tokens[index].keyword }

  /// The token `distance` further on, or the end token.
  func peek(_ distance: Int = 1) -> Token { tokens[min(index + distance, tokens.count - 1)] }

  /// Moves on by one token; stays on the end token.
  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  /// Whether the current token is the keyword.
  func at(_ keyword: Keyword) -> Bool { tokens[index].keyword == keyword }
  /// Whether the current token is the punctuation.
  func at(symbol: UInt8) -> Bool { tokens[index].isSymbol(symbol) }

  /// Uses the keyword up when it is next.
  mutating func accept(_ keyword: Keyword) -> Bool {
    guard tokens[index].keyword == keyword else { return false }
    advance()
    return true
  }

  /// Uses up the whole sequence of keywords, or nothing.
  mutating func accept(_ first: Keyword, _ second: Keyword, _ third: Keyword = .none) -> Bool {
    guard keyword == first, peek().keyword == second, third == .none || peek(2).keyword == third else { return false }
    index += third == .none ? 2 : 3
    return true
  }

  /// Uses up one of the keywords when it is next.
  mutating func accept(anyOf keywords: [Keyword]) -> Bool {
    guard keyword != .none, keywords.contains(keyword) else { return false }
    advance()
    return true
  }

  /// Uses the punctuation up when it is next.
  mutating func accept(symbol: UInt8) -> Bool {
    guard at(symbol: symbol) else { return false }
    advance()
    return true
  }

  /// Moves behind the parenthesis that closes the current one, or to the end.
  mutating func skipParentheses() {
    var depth = 0
    while !isAtEnd {
      if at(symbol: .of("(")) { depth += 1 }
      if at(symbol: .of(")")) { depth -= 1 }
      advance()
      if depth <= 0 { return }
    }
  }

  /// The name a token spells: quotes removed, placeholders as holes.
  func name(of token: Token) -> String { NameText.decode(token, in: bytes) }

  /// The raw text of a token without its quotes.
  func text(of token: Token) -> String {
    String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  /// Whether two tokens spell the same name, without regard to case.
  func sameName(_ left: Token, _ right: Token) -> Bool {
    guard left.end - left.start == right.end - right.start else { return false }
    var first = Int(left.start)
    var second = Int(right.start)
    while first < Int(left.end) {
      if bytes[first].lowered != bytes[second].lowered { return false }
      first += 1
      second += 1
    }
    return true
  }

  /// Whether the token spells the lower-case ASCII word.
  func spells(_ token: Token, _ word: StaticString) -> Bool {
    guard Int(token.end - token.start) == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { expected in
      for (offset, byte) in expected.enumerated() where bytes[Int(token.start) + offset].lowered != byte {
        return false
      }
      return true
    }
  }
}

/// The text of names.
enum NameText {
  /// The name a token of `bytes` spells.
  static func decode(_ token: Token, in bytes: [UInt8]) -> String {
    let range = Int(token.start)..<Int(token.end)
    guard token.hasHole || token.hasEscapes else { return String(decoding: bytes[range], as: UTF8.self) }
    let quote = closingQuote(of: token, in: bytes)
    var name: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if let end = Placeholder.end(in: bytes, at: index, limit: range.upperBound) {
        if bytes[index] == Hole.opening {
          name.append(contentsOf: bytes[index..<end])
        } else {
          name.append(contentsOf: [Hole.opening, Hole.closing])
        }
        index = end
        continue
      }
      let byte = bytes[index]
      name.append(byte)
      index += token.hasEscapes && byte == quote && index + 1 < range.upperBound && bytes[index + 1] == byte ? 2 : 1
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// Whether a name is that of a temporary table of SQL Server: `#t`, `##t`; `#__t` stands for a prefix.
  static func isTemporary(_ name: String) -> Bool {
    name.utf8.first == .of("#") && name.utf8.dropFirst().first != .of("_")
  }

  /// The quote that ends a quoted token, which stands doubled inside.
  private static func closingQuote(of token: Token, in bytes: [UInt8]) -> UInt8 {
    guard token.kind != .word, token.start > 0 else { return 0 }
    let opening = bytes[Int(token.start) - 1]
    return opening == .of("[") ? .of("]") : opening
  }
}
