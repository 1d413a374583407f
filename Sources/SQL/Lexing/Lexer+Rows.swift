import Facts

/// Skipping of row statements without cutting them into tokens.
extension Lexer {
  /// Moves behind the next semicolon outside quotes and comments, by the same rules `next()` follows.
  ///
  /// Strings are passed here, as dumps consist of them; whatever may be a comment or a dollar quote is left to the
  /// scanner itself, so that both agree on what a quote inside it means.
  mutating func skipToSemicolon() {
    while position < limit {
      skipPlain()
      guard position < limit else { return }
      switch bytes[position] {
      case .of(";"):
        position += 1
        return
      case .of("'"), .of("\""), .of("`"): skipQuoted()
      case .of("$"): _ = next()
      default:
        let before = position
        skipBlanksAndComments()
        if position == before { position += 1 }
      }
    }
  }

  /// Moves to the next byte that may begin or end something.
  private mutating func skipPlain() {
    let hasDollarQuotes = dialect.hasDollarQuotes
    position = bytes.withUnsafeBufferPointer { bytes in
      var position = position
      scan: while position < limit {
        switch bytes[position] {
        case .of(";"), .of("'"), .of("\""), .of("`"), .of("#"): break scan
        case .of("-"): if bytes[position + 1] == .of("-") { break scan }
        case .of("/"): if bytes[position + 1] == .of("*") { break scan }
        case .of("$"): if hasDollarQuotes { break scan }
        default: break
        }
        position += 1
      }
      return position
    }
  }

  /// Moves behind the quoted text that starts here.
  private mutating func skipQuoted() {
    let quote = bytes[position]
    let start = position + 1
    let escapes = quotesEscape(quote, at: position) && !isLoneBackslash(at: start, quote: quote)
    position = bytes.withUnsafeBufferPointer { bytes in
      var position = start
      while position < limit {
        if bytes[position] == quote {
          guard bytes[position + 1] == quote else { break }
          position += 2
        } else {
          position += escapes && bytes[position] == .of("\\") ? 2 : 1
        }
      }
      return min(position + 1, limit)
    }
  }

  /// Whether a backslash escapes inside the quotes that open at `start`.
  private func quotesEscape(_ quote: UInt8, at start: Int) -> Bool {
    switch quote {
    case .of("'"):
      if dialect.hasBackslashEscapes { return true }
      // `E'…'` of PostgreSQL, unless the letter ends a longer word.
      return start > 0 && bytes[start - 1].lowered == .of("e") && (start < 2 || !bytes[start - 2].continuesName)
    case .of("\""): return dialect.doubleQuotesAreStrings
    default: return false
    }
  }
}
