/// A position in the tokens of a file, with the lookups every reader needs.
struct TokenCursor {
  let source: SourceTokens
  let tokens: [SourceToken]
  var index: Int
  let limit: Int

  init(source: SourceTokens, tokens: [SourceToken], range: Range<Int>) {
    self.source = source
    self.tokens = tokens
    index = range.lowerBound
    limit = min(range.upperBound, tokens.count)
  }

  var isAtEnd: Bool { index >= limit }
  var line: Int { Int((index < limit ? tokens[index] : tokens.last ?? endToken).line) }
  private var endToken: SourceToken { SourceToken(kind: .end, symbol: 0, start: 0, end: 0, line: 1) }

  func token(_ offset: Int = 0) -> SourceToken {
    let place = index + offset
    return place >= 0 && place < limit ? tokens[place] : endToken
  }

  func isSymbol(_ symbol: UInt32, at offset: Int = 0) -> Bool {
    let place = index + offset
    return place >= 0 && place < limit && tokens[place].symbol == symbol && tokens[place].kind == .punctuator
  }

  func isWord(_ word: StaticString, at offset: Int = 0) -> Bool {
    let place = index + offset
    return place >= 0 && place < limit && source.matches(tokens[place], word)
  }

  func isIdentifier(at offset: Int = 0) -> Bool {
    let place = index + offset
    return place >= 0 && place < limit && tokens[place].kind == .identifier
  }

  func text(at offset: Int = 0) -> String {
    let place = index + offset
    return place >= 0 && place < limit ? source.text(tokens[place]) : ""
  }

  /// Consumes the symbol when it is next.
  mutating func take(_ symbol: UInt32) -> Bool {
    guard isSymbol(symbol) else { return false }
    index += 1
    return true
  }

  /// Index of the bracket that closes the one at `open`, or `limit` when there is none. Linear.
  func closing(of open: Int) -> Int {
    var depth = 0
    var place = open
    while place < limit {
      if tokens[place].kind == .punctuator {
        switch tokens[place].symbol {
        case Symbol.openBrace, Symbol.openParen, Symbol.openBracket: depth += 1
        case Symbol.closeBrace, Symbol.closeParen, Symbol.closeBracket:
          depth -= 1
          if depth <= 0 { return place }
        default: break
        }
      }
      place += 1
    }
    return limit
  }

  /// Index of the first closing brace after `start` that begins a line; nil when there is none. Linear.
  func braceAtLineStart(after start: Int) -> Int? {
    (start + 1..<max(limit, start + 1)).first { place in
      guard tokens[place].kind == .punctuator, tokens[place].symbol == Symbol.closeBrace else { return false }
      let offset = Int(tokens[place].start)
      return offset == 0 || source.bytes[offset - 1] == UInt8(ascii: "\n")
    }
  }

  /// Index after the `>` that closes the template list whose `<` is at `open`; nil when it is a comparison instead.
  func endOfTemplateList(from open: Int) -> Int? {
    var depth = 0
    var place = open
    while place < limit, place - open < 200 {
      let token = tokens[place]
      if token.kind == .punctuator {
        switch token.symbol {
        case Symbol.less: depth += 1
        case Symbol.greater: depth -= 1
        case Symbol.shiftRight:
          guard depth >= 2 else { return nil }
          depth -= 2
        case Symbol.openParen, Symbol.openBracket: place = closing(of: place)
        case Symbol.comma, Symbol.scope, Symbol.star, Symbol.ampersand, Symbol.doubleAmpersand, Symbol.ellipsis: break
        default: return nil
        }
        if depth == 0 { return place + 1 }
      } else if token.kind == .text {
        return nil
      }
      place += 1
    }
    return nil
  }
}
