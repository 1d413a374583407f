import Facts

/// Blanks and comments between tokens.
extension Lexer {
  /// Whether `#` at the current place starts a comment: judged by the neighbourhood when the engine is unknown.
  private func hashStartsComment() -> Bool {
    guard dialect.hasHashComments else { return false }
    let next = bytes[position + 1]
    if next == .of("{") { return false }
    switch previous.keyword {
    case .from, .join, .into, .table, .update, .exists: if next.startsName { return false }
    default: break
    }
    if next == .of("_"), bytes[position + 2] == .of("_") { return false }
    if dialect.engine == .mysql { return true }
    let before = position == 0 ? .of("\n") : bytes[position - 1]
    return before.isBlank && (next.isBlank || next.isLetter || next == .of("#")) && next != .of(">")
  }

  private func dashesStartComment() -> Bool {
    guard bytes[position + 1] == .of("-") else { return false }
    guard dialect.dashCommentsNeedBlank else { return true }
    return position + 2 >= limit || bytes[position + 2].isBlank || bytes[position + 2] == .of("-")
  }

  /// Moves to the next byte that belongs to a token.
  mutating func skipBlanksAndComments() {
    while position < limit {
      switch bytes[position] {
      case .of(" "), .of("\t"), .of("\n"), .of("\r"), 0, 11, 12: position += 1
      case .of("-") where dashesStartComment(): skipLine()
      case .of("#") where hashStartsComment(): skipLine()
      case .of("/") where bytes[position + 1] == .of("*"): skipBlockComment()
      case .of("*") where bytes[position + 1] == .of("/") && openConditionals > 0:
        openConditionals -= 1
        position += 2
      case 0xEF where bytes[position + 1] == 0xBB && bytes[position + 2] == 0xBF: position += 3
      default: return
      }
    }
  }

  /// Moves behind the end of the current line.
  mutating func skipLine() {
    while position < limit, bytes[position] != .of("\n") { position += 1 }
    position = min(position + 1, limit)
  }

  /// Skips a block comment; the inside of `/*!40101 … */` is code, so only its head is skipped.
  private mutating func skipBlockComment() {
    let isConditional =
      bytes[position + 2] == .of("!") || bytes[position + 2] == .of("M") && bytes[position + 3] == .of("!")
    if isConditional, dialect.commentsNest == false {
      openConditionals += 1
      position += bytes[position + 2] == .of("!") ? 3 : 4
      while bytes[position].isDigit { position += 1 }
      position = min(position, limit)
      return
    }
    position += 2
    var depth = 1
    while position < limit, depth > 0 {
      if bytes[position] == .of("*"), bytes[position + 1] == .of("/") {
        depth -= 1
        position += 2
      } else if dialect.commentsNest, bytes[position] == .of("/"), bytes[position + 1] == .of("*") {
        depth += 1
        position += 2
      } else {
        position += 1
      }
    }
    position = min(position, limit)
  }
}
