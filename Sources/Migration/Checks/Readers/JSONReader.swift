/// Reads JSON strictly as RFC 8259 has it; numbers that are not whole stay texts.
package struct JSONReader {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  private struct Malformed: Error { let offset: Int }

  private init(_ text: String) { bytes = Array(text.utf8) }

  /// The tree, or where reading stopped as an offset in bytes.
  package static func read(_ text: String) -> (node: YAMLNode?, problem: String?) {
    var reader = JSONReader(text)
    do {
      let node = try reader.value()
      reader.skipSpace()
      guard reader.index == reader.bytes.count else { throw Malformed(offset: reader.index) }
      return (node, nil)
    } catch let error as Malformed {
      return (nil, "not JSON at byte \(error.offset)")
    } catch {
      return (nil, "not JSON")
    }
  }

  private mutating func skipSpace() {
    while index < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[index]) { index += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws {
    if !take(byte) { throw Malformed(offset: index) }
  }

  private mutating func value() throws -> YAMLNode {
    skipSpace()
    // Deeper than any file of a plan; ends before the stack does.
    guard index < bytes.count, depth < 200 else { throw Malformed(offset: index) }
    depth += 1
    defer { depth -= 1 }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .text(""))
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ node: YAMLNode) throws -> YAMLNode {
    guard bytes[index...].starts(with: word.utf8) else { throw Malformed(offset: index) }
    index += word.utf8.count
    return node
  }

  private mutating func object() throws -> YAMLNode {
    var entries: [(key: String, value: YAMLNode)] = []
    index += 1
    if take(UInt8(ascii: "}")) { return .map([]) }
    repeat {
      skipSpace()
      let key = try string()
      try expect(UInt8(ascii: ":"))
      entries.append((key, try value()))
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
    return .map(entries)
  }

  private mutating func array() throws -> YAMLNode {
    var items: [YAMLNode] = []
    index += 1
    if take(UInt8(ascii: "]")) { return .list([]) }
    repeat { items.append(try value()) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return .list(items)
  }

  private mutating func number() throws -> YAMLNode {
    let start = index
    while index < bytes.count, "+-.0123456789eE".utf8.contains(bytes[index]) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    let digits = text.drop { $0 == "-" }
    guard Double(text) != nil, !text.hasPrefix("+"), !text.hasPrefix("."), !text.hasSuffix("."),
      !(digits.hasPrefix("0") && digits.count > 1 && digits.dropFirst().first?.isNumber == true)
    else { throw Malformed(offset: start) }
    return Int(text).map { .number($0) } ?? .text(text)
  }

  private mutating func string() throws -> String {
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw Malformed(offset: index) }
    index += 1
    var units: [UInt16] = []
    var plain = index
    func flush(_ end: Int) { units += Array(String(decoding: bytes[plain..<end], as: UTF8.self).utf16) }
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x20 { throw Malformed(offset: index) }
      if byte == UInt8(ascii: "\"") {
        flush(index)
        index += 1
        return String(decoding: units, as: UTF16.self)
      }
      guard byte == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      flush(index)
      units.append(try escape())
      plain = index
    }
    throw Malformed(offset: index)
  }

  private mutating func escape() throws -> UInt16 {
    guard index + 1 < bytes.count else { throw Malformed(offset: index) }
    index += 2
    switch bytes[index - 1] {
    case UInt8(ascii: "\""): return 0x22
    case UInt8(ascii: "\\"): return 0x5c
    case UInt8(ascii: "/"): return 0x2f
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0c
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "r"): return 0x0d
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      guard index + 4 <= bytes.count,
        let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
      else { throw Malformed(offset: index) }
      index += 4
      return unit
    default: throw Malformed(offset: index - 2)
    }
  }
}
