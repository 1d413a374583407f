/// Literals of Java → the text they stand for.
enum JavaText {
  /// The content of a string or character literal with its escapes resolved; text blocks lose their common indentation.
  static func content(of literal: UnsafeBufferPointer<UInt8>) -> String {
    if literal.count >= 6, literal[0] == quote, literal[1] == quote, literal[2] == quote {
      return block(Array(literal[3..<literal.count - 3]))
    }
    guard literal.count >= 2 else { return "" }
    return escapes.text(literal[1..<literal.count - 1])
  }

  private static let escapes = EscapeRules(
    letters: "bfnrst", numbers: ["u": 4], hasOctalNumbers: true, joinsLines: true)
  private static let quote = UInt8(ascii: "\"")
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
    return escapes.text(content)
  }
}
