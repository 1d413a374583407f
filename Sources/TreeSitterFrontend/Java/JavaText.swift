/// Literals of Java → the text they stand for.
enum JavaText {
  /// The content of a string or character literal with its escapes resolved; text blocks lose their common indentation.
  static func content(of literal: UnsafeBufferPointer<UInt8>) -> String {
    if literal.count >= 6, literal[0] == quote, literal[1] == quote, literal[2] == quote {
      return block(Array(literal[3..<literal.count - 3]))
    }
    guard literal.count >= 2 else { return "" }
    let inner = literal[1..<literal.count - 1]
    guard inner.contains(backslash) else { return String(decoding: inner, as: UTF8.self) }
    return String(decoding: unescaped(Array(inner)), as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")
  private static let newline = UInt8(ascii: "\n")

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

  /// A text block: the opening line dropped, common indentation and trailing blanks removed, then escapes resolved.
  private static func block(_ bytes: [UInt8]) -> String {
    guard let first = bytes.firstIndex(of: newline) else { return String(decoding: bytes, as: UTF8.self) }
    let lines = bytes[(first + 1)...].split(separator: newline, omittingEmptySubsequences: false)
    var common = Int.max
    for (place, line) in lines.enumerated() {
      // A last line of blanks alone counts: it is where the closing quotes stand.
      let indent = line.prefix(while: isBlank).count
      if indent < line.count || place == lines.count - 1 { common = min(common, indent) }
    }
    var content: [UInt8] = []
    content.reserveCapacity(bytes.count)
    for (place, line) in lines.enumerated() {
      if place > 0 { content.append(newline) }
      var kept = line.dropFirst(common)
      while let last = kept.last, isBlank(last) { kept.removeLast() }
      content += kept
    }
    return String(decoding: content.contains(backslash) ? unescaped(content) : content, as: UTF8.self)
  }

  private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      guard bytes[place] == backslash, place + 1 < bytes.count else {
        result.append(bytes[place])
        place += 1
        continue
      }
      place += escape(bytes, at: place, into: &result)
    }
    return result
  }

  /// Resolves the escape at `place`; returns how many bytes it takes.
  private static func escape(_ bytes: [UInt8], at place: Int, into result: inout [UInt8]) -> Int {
    switch bytes[place + 1] {
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "s"): result.append(32)
    case newline: break  // the line goes on
    case UInt8(ascii: "u"): return unicode(bytes, at: place, into: &result)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      let digits = bytes[(place + 1)...].prefix(3).prefix { (48...55).contains($0) }
      let code = digits.reduce(0) { $0 * 8 + UInt32($1 - 48) }
      if let scalar = Unicode.Scalar(code) { result += Array(String(scalar).utf8) }
      return 1 + digits.count
    default: result.append(bytes[place + 1])
    }
    return 2
  }

  private static func unicode(_ bytes: [UInt8], at place: Int, into result: inout [UInt8]) -> Int {
    let start = bytes[(place + 1)...].firstIndex { $0 != UInt8(ascii: "u") } ?? bytes.count
    let digits = bytes[start...].prefix(4)
    guard digits.count == 4, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else { return 2 }
    if let scalar = Unicode.Scalar(code) { result += Array(String(scalar).utf8) }
    return start + 4 - place
  }
}
