extension SourceLexer {
  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
      true
    default: false
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// Reads the token at `position`, which is neither blank nor a comment; nil when the byte cannot begin one.
  static func token(
    _ buffer: UnsafeBufferPointer<UInt8>, at position: inout Int, line: inout Int32
  ) -> SourceToken? {
    let start = position
    let firstLine = line
    let byte = buffer[position]
    var token = SourceToken(
      kind: .punctuator, symbol: 0, start: Int32(truncatingIfNeeded: start), end: 0, line: firstLine)
    if byte == UInt8(ascii: "\"") {
      token.kind = .text
      skipQuoted(buffer, at: &position, line: &line)
    } else if byte == UInt8(ascii: "'") {
      token.kind = .character
      skipQuoted(buffer, at: &position, line: &line)
    } else if isDigit(byte) {
      token.kind = .number
      skipNumber(buffer, at: &position)
    } else if isWord(byte) {
      token.kind = .identifier
      while position < buffer.count, isWord(buffer[position]) { position += 1 }
      if position < buffer.count, buffer[position] == UInt8(ascii: "\""), position - start <= 3 {
        prefixedText(buffer, from: start, at: &position, line: &line, token: &token)
      }
    } else if byte > 0x20, byte < 0x7F {
      token.symbol = punctuator(buffer, at: &position)
    } else {
      position += 1
      return nil
    }
    token.end = Int32(truncatingIfNeeded: position)
    return token
  }

  /// `L"…"`, `u8"…"`, `R"x(…)x"`: the identifier just read is a prefix of a literal.
  private static func prefixedText(
    _ buffer: UnsafeBufferPointer<UInt8>, from start: Int, at position: inout Int, line: inout Int32,
    token: inout SourceToken
  ) {
    let prefix = buffer[start..<position]
    let known = prefix.allSatisfy { "LuU8R".utf8.contains($0) }
    guard known else { return }
    token.kind = .text
    if prefix.last == UInt8(ascii: "R") {
      skipRaw(buffer, at: &position, line: &line)
    } else {
      skipQuoted(buffer, at: &position, line: &line)
    }
  }

  private static func skipQuoted(_ buffer: UnsafeBufferPointer<UInt8>, at position: inout Int, line: inout Int32) {
    let quote = buffer[position]
    position += 1
    while position < buffer.count {
      let byte = buffer[position]
      if byte == UInt8(ascii: "\\"), position + 1 < buffer.count {
        if buffer[position + 1] == UInt8(ascii: "\n") { line += 1 }
        if buffer[position + 1] == UInt8(ascii: "\r"), position + 2 < buffer.count,
          buffer[position + 2] == UInt8(ascii: "\n")
        {
          line += 1
          position += 1
        }
        position += 2
        continue
      }
      if byte == UInt8(ascii: "\n") { return }  // an unterminated literal ends with its line
      position += 1
      if byte == quote { return }
    }
    position = min(position, buffer.count)
  }

  private static func skipRaw(_ buffer: UnsafeBufferPointer<UInt8>, at position: inout Int, line: inout Int32) {
    let open = position + 1
    var paren = open
    while paren < buffer.count, paren - open <= 16, buffer[paren] != UInt8(ascii: "(") { paren += 1 }
    let delimiter = Array(buffer[open..<min(paren, buffer.count)])
    position = min(paren + 1, buffer.count)
    while position < buffer.count {
      if buffer[position] == UInt8(ascii: "\n") { line += 1 }
      if buffer[position] == UInt8(ascii: ")") {
        let quote = position + 1 + delimiter.count
        if quote < buffer.count, buffer[quote] == UInt8(ascii: "\""),
          buffer[(position + 1)..<quote].elementsEqual(delimiter)
        {
          position = quote + 1
          return
        }
      }
      position += 1
    }
  }

  private static func skipNumber(_ buffer: UnsafeBufferPointer<UInt8>, at position: inout Int) {
    while position < buffer.count {
      let byte = buffer[position]
      let separator =
        byte == UInt8(ascii: "'") && position + 1 < buffer.count && isWord(buffer[position + 1])
        && isDigit(buffer[position - 1])
      guard isWord(byte) || byte == UInt8(ascii: ".") || separator else { return }
      position += 1
    }
  }

  private static func punctuator(_ buffer: UnsafeBufferPointer<UInt8>, at position: inout Int) -> UInt32 {
    let first = buffer[position]
    let second = position + 1 < buffer.count ? buffer[position + 1] : 0
    if isOperatorByte(second) {
      for candidate in Symbol.long where candidate[0] == first && candidate[1] == second {
        guard position + candidate.count <= buffer.count else { continue }
        if candidate.count == 3, buffer[position + 2] != candidate[2] { continue }
        position += candidate.count
        var packed: UInt32 = 0
        for (place, byte) in candidate.enumerated() { packed |= UInt32(byte) << UInt32(8 * place) }
        return packed
      }
    }
    position += 1
    return UInt32(first)
  }

  private static func isOperatorByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "."), UInt8(ascii: ":"),
      UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "#"):
      true
    default: false
    }
  }
}
