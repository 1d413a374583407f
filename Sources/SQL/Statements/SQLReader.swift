package import Facts

/// Reads SQL statements out of text met in source code.
package struct SQLReader: Sendable {
  private let dialect: Dialect

  /// A reader for an engine; nil accepts what any engine writes.
  package init(engine: EngineFamily?) { dialect = Dialect.of(engine) }

  /// The statements of `text` in order; empty when it does not begin like one. Linear in the length of the text.
  ///
  /// What begins like a statement but is not one is returned with `isUnderstood` false.
  package func statements(in text: String) -> [SQLStatement] {
    if let call = EscapedCall.unwrapped(text) { return Self.statements(in: call, dialect: dialect, textDepth: 0) }
    guard Self.mayBeStatement(text) else { return [] }
    return Self.statements(in: text, dialect: dialect, textDepth: 0)
  }

  /// Statements of a text that may itself stand inside another one.
  static func statements(in text: String, dialect: Dialect, textDepth: Int) -> [SQLStatement] {
    var script = Script(text, dialect: dialect, mode: .code)
    var found: [SQLStatement] = []
    while script.next() {
      guard mayStart(script.tokens) else { continue }
      var start = 0
      repeat {
        var parser = StatementParser(
          bytes: script.lexer.bytes, tokens: script.tokens, dialect: dialect, textDepth: textDepth, start: start)
        var statement = parser.parse()
        statement.line = script.line(at: statement.offset)
        found.append(statement)
        guard statement.isUnderstood, parser.cursor.index > start else { break }
        start = parser.cursor.index
      } while script.tokens[start].kind != .end
    }
    return found
  }

  private static func mayStart(_ tokens: [Token]) -> Bool {
    let first = tokens.first { $0.kind != .hole && !$0.isSymbol(.of("(")) }
    return first?.traits.contains(.startsStatement) ?? false
  }

  /// Whether `text` could begin with a statement after blanks, comments, holes and parentheses; reads no further.
  package static func mayBeStatement(_ text: String) -> Bool {
    if EscapedCall.unwrapped(text) != nil { return true }
    if let answer = text.utf8.withContiguousStorageIfAvailable({ mayBeStatement(bytes: $0) }) { return answer }
    return Array(text.utf8).withUnsafeBufferPointer { mayBeStatement(bytes: $0) }
  }

  private static func mayBeStatement(bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte.isLetter { break }
      if let next = skippable(bytes, position) { position = next } else { return false }
    }
    let start = position
    while position < bytes.count, bytes[position].continuesName { position += 1 }
    return KeywordTable.shared.find(in: bytes, start: start, end: position).traits.contains(.startsStatement)
  }

  /// The offset behind a blank, parenthesis, comment or placeholder at `start`; nil at anything else.
  private static func skippable(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    let next = start + 1 < bytes.count ? bytes[start + 1] : 0
    switch bytes[start] {
    case .of("("), .of(";"), .of(" "), .of("\t"), .of("\n"), .of("\r"), 0: return start + 1
    case .of("-") where next == .of("-"), .of("#"):
      var end = start
      while end < bytes.count, bytes[end] != .of("\n") { end += 1 }
      return end
    case .of("/") where next == .of("*"):
      if start + 2 < bytes.count, bytes[start + 2] == .of("!") {
        var end = start + 3
        while end < bytes.count, bytes[end].isDigit { end += 1 }
        return end
      }
      var end = start + 2
      while end + 1 < bytes.count, bytes[end] != .of("*") || bytes[end + 1] != .of("/") { end += 1 }
      return end + 2
    case Hole.opening:
      var end = start + 1
      while end < bytes.count, bytes[end].isDigit { end += 1 }
      guard end < bytes.count, bytes[end] == Hole.closing else { return nil }
      return end + 1
    default: return nil
    }
  }
}

/// `{call p(?)}` and `{? = call p(?)}`, as ODBC and JDBC write calls.
enum EscapedCall {
  /// The call without its braces; nil when the text is anything else.
  static func unwrapped(_ text: String) -> String? {
    var bytes = text.utf8[...]
    while let first = bytes.first, first.isBlank { bytes = bytes.dropFirst() }
    guard bytes.first == .of("{") else { return nil }
    bytes = bytes.dropFirst()
    while let first = bytes.first, first.isBlank || first == .of("?") || first == .of("=") { bytes = bytes.dropFirst() }
    guard bytes.prefix(4).map(\.lowered) == Array("call".utf8) else { return nil }
    guard let end = bytes.lastIndex(of: .of("}")) else { return nil }
    return String(bytes[..<end])
  }
}
