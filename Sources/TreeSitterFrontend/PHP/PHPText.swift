import Facts

extension PHPReader {
  /// A literal text with its escapes resolved; with variables in it a `.join`.
  mutating func text(_ node: Node, _ kind: PHPKind?) -> Value {
    let range = syntax.offset(node)..<syntax.endOffset(node)
    guard range.upperBound <= bytes.count else { return .opaque }
    switch kind {
    case .string:
      let inner = Self.withoutQuotes(bytes, range)
      return .text(PHPText.single.text(bytes[inner]))
    case .encapsedString:
      return interpolated(node, in: Self.withoutQuotes(bytes, range), indent: 0, escapesQuote: true)
    case .nowdoc, .heredoc:
      let children = syntax.children(node)
      let end = children.first { $0.field == .endTag }?.node
      guard let body = children.first(where: { $0.field == .value })?.node else { return .text("") }
      let inner = Self.lines(bytes, syntax.offset(body)..<syntax.endOffset(body))
      let indent = end.map { indentation(before: syntax.offset($0)) } ?? 0
      if kind == .nowdoc {
        return .text(PHPText.dedented(Array(bytes[inner]), by: indent, isAtLineStart: true))
      }
      return interpolated(body, in: inner, indent: indent, escapesQuote: false)
    default: return .opaque
    }
  }

  /// The text between the variables of a body, and their values.
  private mutating func interpolated(_ node: Node, in range: Range<Int>, indent: Int, escapesQuote: Bool) -> Value {
    var parts: [Value] = []
    var place = range.lowerBound
    var isAtLineStart = true
    func literal(_ end: Int, isAtLineStart: Bool) -> Value? {
      guard place < end, end <= bytes.count else { return nil }
      var content = Array(bytes[place..<end])
      if indent > 0 { content = PHPText.withoutIndentation(content, by: indent, isAtLineStart: isAtLineStart) }
      return .text((escapesQuote ? PHPText.double : PHPText.heredoc).text(content))
    }
    for child in syntax.children(node) {
      guard child.kind != .stringContent, child.kind != .escapeSequence else { continue }
      var start = syntax.offset(child.node)
      var end = syntax.endOffset(child.node)
      guard start >= place, end <= range.upperBound else { continue }
      // `{$a->b}`: the braces are marks.
      var isBraced = false
      if start > place, bytes[start - 1] == UInt8(ascii: "{"), end < range.upperBound,
        bytes[end] == UInt8(ascii: "}"), start < 2 || bytes[start - 2] != UInt8(ascii: "\\")
      {
        start -= 1
        end += 1
        isBraced = true
      }
      if let before = literal(start, isAtLineStart: isAtLineStart) { parts.append(before) }
      isAtLineStart = false
      parts.append(isBraced ? value(child.node, child.kind) : plainPart(child))
      place = end
    }
    if let rest = literal(range.upperBound, isAtLineStart: isAtLineStart) { parts.append(rest) }
    return Value.joined(parts)
  }

  /// `$row[name]` outside of braces names its key without quotes.
  private mutating func plainPart(_ child: PHPChild) -> Value {
    guard child.kind == .subscriptExpression else { return value(child.node, child.kind) }
    let parts = syntax.children(child.node)
    guard parts.count == 2, parts[1].kind == .name else { return value(child.node, child.kind) }
    return .element(of: value(parts[0].node, parts[0].kind), at: .text(syntax.text(parts[1].node)))
  }

  private static func withoutQuotes(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    // `b"…"` marks binary texts.
    let mark = bytes[range.lowerBound] | 0x20 == UInt8(ascii: "b") ? 1 : 0
    let lower = min(range.lowerBound + 1 + mark, range.upperBound)
    return lower..<max(lower, range.upperBound - 1)
  }

  /// A heredoc without the line breaks behind its mark and before its end.
  private static func lines(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    if lower < upper, bytes[lower] == 13 { lower += 1 }
    if lower < upper, bytes[lower] == 10 { lower += 1 }
    if lower < upper, bytes[upper - 1] == 10 { upper -= 1 }
    if lower < upper, bytes[upper - 1] == 13 { upper -= 1 }
    return lower..<upper
  }

  private func indentation(before offset: Int) -> Int {
    var start = offset
    while start > 0, bytes[start - 1] == 32 || bytes[start - 1] == 9 { start -= 1 }
    return offset - start
  }
}

/// Texts of PHP.
enum PHPText {
  /// Between single quotes.
  static let single = EscapeRules(rest: .stays(except: "\\'"))
  /// Between double quotes.
  static let double = rules(except: "\\$\"")
  /// In heredocs, where quotes are plain.
  static let heredoc = rules(except: "\\$")

  private static func rules(except: String) -> EscapeRules {
    // `u` takes its number in braces alone.
    EscapeRules(
      letters: "efnrtv", numbers: ["x": 2, "u": 0], hasOctalNumbers: true, numbersAreBytes: true,
      rest: .stays(except: except))
  }

  /// Lines without the blanks that the end mark of a heredoc has before it.
  static func withoutIndentation(_ bytes: [UInt8], by indent: Int, isAtLineStart: Bool) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var left = isAtLineStart ? indent : 0
    for byte in bytes {
      if left > 0, byte == 32 || byte == 9 {
        left -= 1
        continue
      }
      left = byte == 10 ? indent : 0
      out.append(byte)
    }
    return out
  }

  /// A nowdoc: nothing is escaped.
  static func dedented(_ bytes: [UInt8], by indent: Int, isAtLineStart: Bool) -> String {
    String(
      decoding: indent > 0 ? withoutIndentation(bytes, by: indent, isAtLineStart: isAtLineStart) : bytes,
      as: UTF8.self)
  }
}
