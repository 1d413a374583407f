import Facts

extension KotlinReader {
  /// The text of a literal with what is put into it.
  mutating func text(_ node: Node) -> Value {
    let source = syntax.bytes(node)
    let isRaw = source.count >= 6 && source.prefix(3).allSatisfy { $0 == UInt8(ascii: "\"") }
    return .joined(
      syntax.children(node).map { child in
        guard child.kind == .stringContent else { return value(child.node) }
        let bytes = syntax.bytes(child.node)
        return .text(isRaw ? String(decoding: bytes, as: UTF8.self) : KotlinText.escapes.text(bytes))
      })
  }
}

/// Spellings inside of literals.
enum KotlinText {
  /// What a backslash stands for.
  static let escapes = EscapeRules(letters: "bnrt", numbers: ["u": 4])

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
