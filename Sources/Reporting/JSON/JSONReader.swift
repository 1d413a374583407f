/// Why a saved report cannot be used.
package enum ReportError: Error, Hashable {
  /// The text is not the JSON expected at this byte.
  case malformed(offset: Int, expected: String)
  /// The report was written by another version.
  case unsupportedVersion(found: Int)
  /// Parts of the report contradict each other.
  case inconsistent(part: String)

  /// What went wrong, in words.
  package var message: String {
    switch self {
    case .malformed(let offset, let expected): "not a report: expected \(expected) at byte \(offset)"
    case .unsupportedVersion(let found):
      "schemaVersion \(found) is not \(Report.currentSchemaVersion), the one this program reads"
    case .inconsistent(let part): "the parts of `\(part)` contradict each other"
    }
  }
}

/// Reads JSON straight into values: one pass, no tree. Any byte sequence gives a value or an error; recursion is
/// bounded by the nesting of the model, since unknown parts are skipped with a counter.
package struct JSONReader: FieldMap {
  package typealias Failure = ReportError

  /// Where the innermost object begins, to return to when its keys come in another order.
  package struct ObjectMark { fileprivate var start: Int; fileprivate var isReordered: Bool }

  private let bytes: [UInt8]
  private var position = 0
  private var mark = ObjectMark(start: 0, isReordered: false)

  /// A reader at the first byte.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Enters an object and returns the mark of the outer one, to be given to `endObject`.
  package mutating func beginObject() throws(ReportError) -> ObjectMark {
    try expect(UInt8(ascii: "{"))
    let outer = mark
    mark = ObjectMark(start: position, isReordered: false)
    return outer
  }

  /// Leaves the object, past members that nobody asked for.
  package mutating func endObject(_ outer: ObjectMark) throws(ReportError) {
    if mark.isReordered { position = mark.start }
    while !take(UInt8(ascii: "}")) {
      _ = take(UInt8(ascii: ","))
      try skipString()
      try expect(UInt8(ascii: ":"))
      try skipValue()
      guard peek() == UInt8(ascii: ",") || peek() == UInt8(ascii: "}") else { throw malformed("`,` or `}`") }
    }
    mark = outer
  }

  /// Replaces `value` with what stands under `key`; absent keys leave it as it is.
  package mutating func field<Value: JSONCoded>(_ key: StaticString, _ value: inout Value) throws(ReportError) {
    let before = position
    if try !takeKey(key) {
      mark.isReordered = true
      position = mark.start
      guard try seek(key) else {
        position = before
        return
      }
    }
    try value.read(from: &self)
  }

  /// Whether the next member has that key; the position moves past it when so and stays otherwise.
  private mutating func takeKey(_ key: StaticString) throws(ReportError) -> Bool {
    let before = position
    _ = take(UInt8(ascii: ","))
    skipSpace()
    let length = key.utf8CodeUnitCount
    guard position + length + 2 <= bytes.count, bytes[position] == UInt8(ascii: "\""),
      bytes[position + length + 1] == UInt8(ascii: "\""),
      key.withUTF8Buffer({ $0.elementsEqual(bytes[(position + 1)..<(position + 1 + length)]) })
    else {
      position = before
      return false
    }
    position += length + 2
    try expect(UInt8(ascii: ":"))
    return true
  }

  /// Looks for the key from the position to the end of the object. Keys are few, so this is cheap.
  private mutating func seek(_ key: StaticString) throws(ReportError) -> Bool {
    while true {
      if try takeKey(key) { return true }
      _ = take(UInt8(ascii: ","))
      if peek() == UInt8(ascii: "}") { return false }
      try skipString()
      try expect(UInt8(ascii: ":"))
      try skipValue()
      guard peek() == UInt8(ascii: ",") || peek() == UInt8(ascii: "}") else { throw malformed("`,` or `}`") }
    }
  }

  /// Checks that only white space is left.
  package mutating func finish() throws(ReportError) {
    skipSpace()
    guard position == bytes.count else { throw malformed("the end") }
  }

  /// Takes `byte`, or fails.
  package mutating func expect(_ byte: UInt8) throws(ReportError) {
    guard take(byte) else { throw malformed("`\(String(decoding: [byte], as: UTF8.self))`") }
  }

  /// Takes `byte` when it is next after white space.
  package mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func peek() -> UInt8? {
    skipSpace()
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
  }

  private func malformed(_ expected: String) -> ReportError { .malformed(offset: position, expected: expected) }

  /// Reads a whole number.
  package mutating func integer() throws(ReportError) -> Int {
    skipSpace()
    let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let first = position
    var value = 0
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (tens, isTooLong) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLarge) = tens.addingReportingOverflow(Int(digit))
      guard !isTooLong, !isTooLarge else { throw malformed("a number of at most 63 bits") }
      value = sum
      position += 1
    }
    guard position > first else { throw malformed("a whole number") }
    return isNegative ? -value : value
  }

  /// Reads a number.
  package mutating func number() throws(ReportError) -> Double {
    skipSpace()
    let first = position
    while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
    guard let value = Double(String(decoding: bytes[first..<position], as: UTF8.self)), value.isFinite else {
      throw malformed("a number")
    }
    return value
  }

  /// Reads `true` or `false`.
  package mutating func boolean() throws(ReportError) -> Bool {
    skipSpace()
    if bytes[position...].starts(with: "true".utf8) {
      position += 4
      return true
    }
    guard bytes[position...].starts(with: "false".utf8) else { throw malformed("`true` or `false`") }
    position += 5
    return false
  }

  /// Reads a string.
  package mutating func string() throws(ReportError) -> String {
    try expect(UInt8(ascii: "\""))
    let first = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return String(decoding: bytes[first..<(position - 1)], as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: first) }
      position += 1
    }
    throw malformed("a closing quote")
  }

  private mutating func escapedString(from first: Int) throws(ReportError) -> String {
    var text = Array(bytes[first..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard position < bytes.count else { break }
      let escape = bytes[position]
      position += 1
      switch escape {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try scalar())).utf8)
      default: text.append(escape)
      }
    }
    throw malformed("a closing quote")
  }

  /// Reads the digits of `\u`, joined with a second escape when they are half of a surrogate pair.
  private mutating func scalar() throws(ReportError) -> Unicode.Scalar {
    let high = try hexadecimal()
    if (0xD800..<0xDC00).contains(high), bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else { return "\u{FFFD}" }
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }
    return Unicode.Scalar(high) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal() throws(ReportError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw malformed("four hexadecimal digits")
    }
    position += 4
    return value
  }

  private mutating func skipString() throws(ReportError) {
    try expect(UInt8(ascii: "\""))
    while position < bytes.count {
      let byte = bytes[position]
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return }
    }
    position = min(position, bytes.count)
    throw malformed("a closing quote")
  }

  private mutating func skipValue() throws(ReportError) {
    var depth = 0
    repeat {
      guard let byte = peek() else { throw malformed("a value") }
      switch byte {
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        guard depth >= 0 else { throw malformed("a value") }
        position += 1
      default: position += 1
      }
    } while depth > 0
    // A bare number or word is skipped up to the mark that ends it.
    while let byte = peek(), byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "]") {
      position += 1
    }
  }
}
