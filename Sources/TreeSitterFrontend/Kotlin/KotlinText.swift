import Facts

extension KotlinReader {
  /// The text of a literal with what is put into it.
  mutating func text(_ node: Node) -> Value {
    let source = syntax.bytes(node)
    let isRaw = source.count >= 6 && source.prefix(3).allSatisfy { $0 == UInt8(ascii: "\"") }
    var parts: [Value] = []
    var literal = ""
    for child in syntax.children(node) {
      if child.kind == .stringContent {
        let bytes = syntax.bytes(child.node)
        literal += isRaw ? String(decoding: bytes, as: UTF8.self) : KotlinText.unescaped(bytes[...])
        continue
      }
      if !literal.isEmpty { parts.append(.text(literal)) }
      literal = ""
      let inner = value(child.node)
      if case .text(let text) = inner { literal = text } else { parts.append(inner) }
    }
    if parts.isEmpty { return .text(literal) }
    if !literal.isEmpty { parts.append(.text(literal)) }
    return .join(parts)
  }
}

/// Spellings inside of literals.
enum KotlinText {
  /// A literal with its escapes resolved. Linear.
  static func unescaped(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var result = ""
    var plain: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex else {
        plain.append(bytes[index])
        index += 1
        continue
      }
      let mark = bytes[index + 1]
      index += 2
      switch mark {
      case UInt8(ascii: "n"): plain.append(10)
      case UInt8(ascii: "t"): plain.append(9)
      case UInt8(ascii: "r"): plain.append(13)
      case UInt8(ascii: "b"): plain.append(8)
      case UInt8(ascii: "u"):
        let digits = String(decoding: bytes[index..<min(index + 4, bytes.endIndex)], as: UTF8.self)
        if let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) {
          result += String(decoding: plain, as: UTF8.self) + String(Character(scalar))
          plain = []
        }
        index = min(index + 4, bytes.endIndex)
      default: plain.append(mark)
      }
    }
    return result + String(decoding: plain, as: UTF8.self)
  }

  /// What `trimIndent` makes of a text: without the blanks all lines begin with, and without blank first and last lines.
  static func withoutIndent(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func isBlank(_ line: Substring) -> Bool { line.utf8.allSatisfy { $0 <= 32 } }
    let indent: Int = lines.filter { !isBlank($0) }.map { line in line.utf8.prefix { $0 <= 32 }.count }.min() ?? 0
    if let first = lines.first, isBlank(first) { lines.removeFirst() }
    if let last = lines.last, isBlank(last) { lines.removeLast() }
    return lines.map { line in
      isBlank(line) ? "" : String(Substring(line.utf8.dropFirst(indent)))
    }.joined(separator: "\n")
  }

  /// What `trimMargin` makes of a text: without the blanks in front of each line and the mark behind them.
  static func withoutMargin(_ value: Value, mark: String) -> Value? {
    switch value {
    case .text(let text): return .text(withoutMargin(text, mark: mark, startsLine: true))
    case .join(let parts):
      var startsLine = true
      return .join(
        parts.map { part in
          guard case .text(let text) = part else {
            startsLine = false
            return part
          }
          defer { startsLine = false }
          return .text(withoutMargin(text, mark: mark, startsLine: startsLine))
        })
    case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque:
      return nil
    }
  }

  private static func withoutMargin(_ text: String, mark: String, startsLine: Bool) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { place, line in
      guard place > 0 || startsLine else { return String(line) }
      let inner = Substring(line.utf8.drop { $0 <= 32 })
      return inner.hasPrefix(mark) ? String(inner.dropFirst(mark.count)) : String(line)
    }.joined(separator: "\n")
  }
}
