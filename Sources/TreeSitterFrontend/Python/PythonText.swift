/// What the text of a literal means.
enum PythonText {
  /// What stands in front of the opening quote.
  struct Prefix {
    var isRaw = false
    var isBytes = false
    var isFormat = false

    /// Reads `rb"` and the like.
    init(_ start: UnsafeBufferPointer<UInt8>) {
      for byte in start {
        switch byte | 0x20 {
        case UInt8(ascii: "r"): isRaw = true
        case UInt8(ascii: "b"): isBytes = true
        case UInt8(ascii: "f"), UInt8(ascii: "t"): isFormat = true
        default: break
        }
      }
    }
  }

  /// The content of a literal with escapes resolved. Linear.
  static func decoded(_ bytes: UnsafeBufferPointer<UInt8>, _ prefix: Prefix) -> String {
    let hasEscapes = !prefix.isRaw && bytes.contains(UInt8(ascii: "\\"))
    guard hasEscapes || prefix.isFormat || bytes.contains(UInt8(ascii: "\r")) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\"), !prefix.isRaw, index + 1 < bytes.count {
        index = escape(bytes, at: index + 1, isBytes: prefix.isBytes, into: &out)
      } else if prefix.isFormat, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") {
        out.append(byte)
        index += index + 1 < bytes.count && bytes[index + 1] == byte ? 2 : 1
      } else if byte == UInt8(ascii: "\r") {
        // Line ends count as one whatever the file has.
        out.append(UInt8(ascii: "\n"))
        index += index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n") ? 2 : 1
      } else {
        out.append(byte)
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Appends what the escape at `index`, behind its backslash, stands for; the index behind it.
  private static func escape(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, isBytes: Bool, into out: inout [UInt8]
  ) -> Int {
    let byte = bytes[index]
    switch byte {
    case UInt8(ascii: "\n"): return index + 1
    case UInt8(ascii: "\r"):
      return index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n") ? index + 2 : index + 1
    case UInt8(ascii: "n"): out.append(10)
    case UInt8(ascii: "t"): out.append(9)
    case UInt8(ascii: "r"): out.append(13)
    case UInt8(ascii: "a"): out.append(7)
    case UInt8(ascii: "b"): out.append(8)
    case UInt8(ascii: "f"): out.append(12)
    case UInt8(ascii: "v"): out.append(11)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): out.append(byte)
    case UInt8(ascii: "0")...UInt8(ascii: "7"): return octal(bytes, at: index, into: &out)
    case UInt8(ascii: "x"): return hexadecimal(bytes, at: index + 1, digits: 2, into: &out)
    case UInt8(ascii: "u") where !isBytes: return hexadecimal(bytes, at: index + 1, digits: 4, into: &out)
    case UInt8(ascii: "U") where !isBytes: return hexadecimal(bytes, at: index + 1, digits: 8, into: &out)
    case UInt8(ascii: "N") where !isBytes && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "{"):
      // The table of character names is not at hand; one character stands for it.
      out.append(UInt8(ascii: "?"))
      return (bytes[index...].firstIndex(of: UInt8(ascii: "}")) ?? bytes.count - 1) + 1
    default: out += [UInt8(ascii: "\\"), byte]
    }
    return index + 1
  }

  private static func octal(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, into out: inout [UInt8]) -> Int {
    var value: UInt32 = 0
    var index = start
    while index < min(bytes.count, start + 3), bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "7") {
      value = value * 8 + UInt32(bytes[index] - UInt8(ascii: "0"))
      index += 1
    }
    append(value, to: &out)
    return index
  }

  private static func hexadecimal(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, digits: Int, into out: inout [UInt8]
  ) -> Int {
    var value: UInt32 = 0
    var index = start
    while index < min(bytes.count, start + digits) {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default:
        append(value, to: &out)
        return index
      }
      index += 1
    }
    append(value, to: &out)
    return index
  }

  private static func append(_ scalar: UInt32, to out: inout [UInt8]) {
    out += Array(String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8)
  }
}
