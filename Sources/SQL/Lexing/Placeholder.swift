/// Text that other languages replace before the database sees it: `%s`, `{}`, `${name}`, `#{name}`, `@NAME@`.
///
/// Bound parameters (`?`, `:x`, `$1`) are values and are recognised by the lexer itself.
package enum Placeholder {
  /// Longest text between braces that is taken for a placeholder, in bytes.
  private static let longestBody = 80

  /// Whether `text` holds a placeholder or a hole anywhere. Linear.
  package static func isPresent(in text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.indices.contains { end(in: bytes, at: $0, limit: bytes.count) != nil }
  }

  /// The offset after the placeholder that starts at `start`, if one does. Linear in its own length.
  static func end(in bytes: [UInt8], at start: Int, limit: Int) -> Int? {
    guard start < limit else { return nil }
    switch bytes[start] {
    case Hole.opening: return Hole.end(in: bytes, at: start, limit: limit)
    case .of("%"): return formatEnd(in: bytes, at: start, limit: limit)
    case .of("{"): return bracesEnd(in: bytes, at: start, limit: limit)
    case .of("$"), .of("#"):
      guard start + 1 < limit, bytes[start + 1] == .of("{") else { return nil }
      return bracesEnd(in: bytes, at: start + 1, limit: limit)
    case .of("@"): return autoconfEnd(in: bytes, at: start, limit: limit)
    default: return nil
    }
  }

  /// `%s`, `%llu`, `%-5.2f`, `%.*s`, `%1$s`, `%(name)s`, `%name%`.
  private static func formatEnd(in bytes: [UInt8], at start: Int, limit: Int) -> Int? {
    var position = start + 1
    if position < limit, bytes[position] == .of("(") {
      while position < limit, position - start < longestBody, bytes[position] != .of(")") { position += 1 }
      guard position + 1 < limit, bytes[position] == .of(")"), bytes[position + 1].isLetter else { return nil }
      return position + 2
    }
    while position < limit, isFormatModifier(bytes[position]) { position += 1 }
    while position < limit, isLengthModifier(bytes[position]) { position += 1 }
    if position < limit, isConversion(bytes[position]) { return position + 1 }
    // A text cut inside a placeholder, as by `"… = %" PRIu64`.
    if position >= limit { return limit }
    return templateEnd(in: bytes, at: start, limit: limit)
  }

  /// `%NAME%`, as build tools write it.
  private static func templateEnd(in bytes: [UInt8], at start: Int, limit: Int) -> Int? {
    var position = start + 1
    while position < limit, bytes[position].isUpper || bytes[position] == .of("_") { position += 1 }
    guard position > start + 2, position < limit, bytes[position] == .of("%") else { return nil }
    return position + 1
  }

  private static func isFormatModifier(_ byte: UInt8) -> Bool {
    byte.isDigit || byte == .of("-") || byte == .of("+") || byte == .of(".") || byte == .of("*") || byte == .of("$")
      || byte == .of("'")
  }

  private static func isLengthModifier(_ byte: UInt8) -> Bool {
    byte == .of("l") || byte == .of("h") || byte == .of("z") || byte == .of("j") || byte == .of("t") || byte == .of("I")
  }

  private static func isConversion(_ byte: UInt8) -> Bool {
    switch byte {
    case .of("s"), .of("d"), .of("i"), .of("u"), .of("x"), .of("X"), .of("f"), .of("F"), .of("g"), .of("e"), .of("c"),
      .of("p"), .of("q"), .of("Q"), .of("w"), .of("o"), .of("v"), .of("S"):
      true
    default: false
    }
  }

  /// `{}`, `{0}`, `{:d}`, `{name}`, `{{name}}`; refuses line ends and nested text that is no expression.
  private static func bracesEnd(in bytes: [UInt8], at start: Int, limit: Int) -> Int? {
    var depth = 0
    var position = start
    while position < limit, position - start <= longestBody {
      switch bytes[position] {
      case .of("{"): depth += 1
      case .of("}"):
        depth -= 1
        if depth == 0 { return position + 1 }
      case .of("\n"), .of(";"): return nil
      default: break
      }
      position += 1
    }
    return nil
  }

  /// `@NAME@`.
  private static func autoconfEnd(in bytes: [UInt8], at start: Int, limit: Int) -> Int? {
    var position = start + 1
    while position < limit, position - start < longestBody, bytes[position].continuesName { position += 1 }
    guard position > start + 1, position < limit, bytes[position] == .of("@") else { return nil }
    return position + 1
  }
}
