import Facts

/// Literals of C# as the texts they stand for.
enum CSharpText {
  private static let escapes = EscapeRules(letters: "0abfnrtv", numbers: ["x": 4, "u": 4, "U": 8])

  /// How a text with interpolations is written.
  enum Style { case regular, verbatim, raw }

  /// The style that the marks before the quote say; more than one `$` is only for raw texts.
  static func style(_ marks: UnsafeBufferPointer<UInt8>) -> Style {
    if marks.contains(UInt8(ascii: "@")) { return .verbatim }
    return marks.filter { $0 == UInt8(ascii: "$") }.count > 1 || marks.contains(UInt8(ascii: "\"")) ? .raw : .regular
  }

  /// The text of a literal with its quotes: regular, verbatim, raw or a character.
  static func literal(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let quote = UInt8(ascii: "\"")
    if bytes.first == UInt8(ascii: "@") {
      let inner = bytes.dropFirst(2).dropLast(bytes.last == quote ? 1 : 0)
      return String(decoding: DoubledMark.undoubled(inner, quote), as: UTF8.self)
    }
    if bytes.starts(with: "\"\"\"".utf8) { return raw(bytes) }
    let close = bytes.first ?? quote
    guard let end = bytes.lastIndex(of: close), end > 0 else { return "" }
    return escapes.text(bytes[1..<end])
  }

  /// A piece of a text with interpolations.
  static func content(_ bytes: UnsafeBufferPointer<UInt8>, style: Style) -> String {
    switch style {
    case .regular: escapes.text(undoubledBraces(bytes))
    case .verbatim:
      String(decoding: DoubledMark.undoubled(undoubledBraces(bytes), UInt8(ascii: "\"")), as: UTF8.self)
    case .raw: String(decoding: bytes, as: UTF8.self)
    }
  }

  private static func undoubledBraces(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    DoubledMark.undoubled(bytes, UInt8(ascii: "{"), UInt8(ascii: "}"))
  }

  // MARK: Raw texts

  private static func raw(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let quote = UInt8(ascii: "\"")
    let count = bytes.prefix { $0 == quote }.count
    var inner = bytes.dropFirst(count)
    if let end = inner.lastIndex(of: quote), end - inner.startIndex + 1 >= count {
      inner = inner[inner.startIndex..<(end - count + 1)]
    }
    guard case .text(let text) = dedented(.text(String(decoding: inner, as: UTF8.self))) else { return "" }
    return text
  }

  /// A raw text without its first and last line break and without the blanks its last line begins with.
  static func dedented(_ text: Value) -> Value {
    let parts = if case .join(let inner) = text { inner } else { [text] }
    guard case .text(let first)? = parts.first, case .text(let last)? = parts.last,
      first.utf8.first == 10 || first.utf8.starts(with: [13, 10]), let end = last.utf8.lastIndex(of: 10)
    else { return text }
    let margin = Array(last.utf8[last.utf8.index(after: end)...])
    guard margin.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else { return text }
    var result: [Value] = []
    for (place, part) in parts.enumerated() {
      guard case .text(let text) = part else {
        result.append(part)
        continue
      }
      var bytes = unindented(Array(text.utf8), margin)
      if place == 0, let start = bytes.firstIndex(of: 10) { bytes.removeFirst(start + 1) }
      if place == parts.count - 1, let end = bytes.lastIndex(of: 10) {
        bytes.removeLast(bytes.count - end)
        if bytes.last == 13 { bytes.removeLast() }
      }
      result.append(.text(String(decoding: bytes, as: UTF8.self)))
    }
    return .joined(result)
  }

  private static func unindented(_ bytes: [UInt8], _ margin: [UInt8]) -> [UInt8] {
    guard !margin.isEmpty else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      result.append(bytes[index])
      index += 1
      if result.last == 10, bytes[index...].starts(with: margin) { index += margin.count }
    }
    return result
  }
}
