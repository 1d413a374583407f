/// Decodes C and C++ string literals: prefixes, escapes and raw forms.
enum LiteralText {
  /// The text a literal token stands for; invalid escapes are kept as written.
  static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    var start = bytes.startIndex
    while start < bytes.endIndex, bytes[start] != UInt8(ascii: "\"") {
      if bytes[start] == UInt8(ascii: "R") { return raw(bytes[(start + 1)...]) }
      start += 1
    }
    guard start < bytes.endIndex else { return "" }
    var end = bytes.endIndex
    if end > start + 1, bytes[end - 1] == UInt8(ascii: "\"") { end -= 1 }
    let body = bytes[(start + 1)..<max(end, start + 1)]
    guard body.contains(UInt8(ascii: "\\")) else { return String(decoding: body, as: UTF8.self) }
    return unescape(body)
  }

  private static func raw(_ bytes: ArraySlice<UInt8>) -> String {
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")) else { return "" }
    let delimiter = open - bytes.startIndex - 1
    let end = bytes.endIndex - 2 - max(delimiter, 0)
    guard end > open else { return String(decoding: bytes[(open + 1)...], as: UTF8.self) }
    return String(decoding: bytes[(open + 1)..<end], as: UTF8.self)
  }

  private static func unescape(_ body: ArraySlice<UInt8>) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(body.count)
    var index = body.startIndex
    while index < body.endIndex {
      let byte = body[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < body.endIndex else {
        out.append(byte)
        continue
      }
      let escape = body[index]
      index += 1
      switch escape {
      case UInt8(ascii: "n"): out.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): out.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "r"): out.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "a"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "v"): out.append(UInt8(ascii: " "))
      case UInt8(ascii: "\n"): break
      case UInt8(ascii: "\r"):
        if index < body.endIndex, body[index] == UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "x"): out.append(number(body, &index, radix: 16, digits: 2))
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        index -= 1
        out.append(number(body, &index, radix: 8, digits: 3))
      default: out.append(escape)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func number(_ body: ArraySlice<UInt8>, _ index: inout Int, radix: Int, digits: Int) -> UInt8 {
    var value = 0
    var count = 0
    while index < body.endIndex, count < digits,
      let digit = Character(UnicodeScalar(body[index])).hexDigitValue, digit < radix
    {
      value = value * radix + digit
      index += 1
      count += 1
    }
    return UInt8(truncatingIfNeeded: value == 0 ? Int(UInt8(ascii: " ")) : value)
  }
}
