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
    let isPlain = !prefix.isFormat && !bytes.contains(UInt8(ascii: "\r"))
    if isPlain { return prefix.isRaw ? String(decoding: bytes, as: UTF8.self) : rules(prefix).text(bytes) }
    var content = withPlainLineEnds(bytes)
    if prefix.isFormat {
      content = DoubledMark.undoubled(content, UInt8(ascii: "{"), UInt8(ascii: "}"))
    }
    return prefix.isRaw ? String(decoding: content, as: UTF8.self) : rules(prefix).text(content)
  }

  private static func rules(_ prefix: Prefix) -> EscapeRules { prefix.isBytes ? bytesEscapes : escapes }

  private static let escapes = EscapeRules(
    letters: "abfnrtv", numbers: ["x": 2, "u": 4, "U": 8], hasOctalNumbers: true, joinsLines: true,
    rest: .stays(except: "\\'\""))
  private static let bytesEscapes = EscapeRules(
    letters: "abfnrtv", numbers: ["x": 2], hasOctalNumbers: true, joinsLines: true, rest: .stays(except: "\\'\""))

  /// Line ends count as one byte whatever the file has.
  private static func withPlainLineEnds(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if byte == 10, index > 0, bytes[index - 1] == 13 { continue }
      out.append(byte == 13 ? 10 : byte)
    }
    return out
  }
}
