import Facts

/// Literals as texts.
enum TypeScriptText {
  /// The text of a string literal with its quotes.
  static func literal(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.count >= 2 else { return "" }
    return unescaped(UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)]))
  }

  /// The text with its escapes resolved.
  static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < bytes.count else {
        result.append(byte)
        continue
      }
      let escaped = bytes[index]
      index += 1
      switch escaped {
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "r"): result.append(13)
      case UInt8(ascii: "b"): result.append(8)
      case UInt8(ascii: "f"): result.append(12)
      case UInt8(ascii: "v"): result.append(11)
      case UInt8(ascii: "0"): result.append(0)
      case 10: break
      case 13: if index < bytes.count, bytes[index] == 10 { index += 1 }
      case UInt8(ascii: "x"): appendScalar(&result, bytes, &index, digits: 2)
      case UInt8(ascii: "u"):
        if index < bytes.count, bytes[index] == UInt8(ascii: "{") {
          index += 1
          let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) ?? bytes.count
          appendScalar(&result, bytes, &index, digits: end - index)
          index = min(end + 1, bytes.count)
        } else {
          appendScalar(&result, bytes, &index, digits: 4)
        }
      default: result.append(escaped)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func appendScalar(
    _ result: inout [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int, digits: Int
  ) {
    let end = min(index + digits, bytes.count)
    guard index < end else { return }
    let number = UInt32(String(decoding: bytes[index..<end], as: UTF8.self), radix: 16)
    index = end
    guard let number, let scalar = Unicode.Scalar(number) else { return }
    result.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  /// Parts put one after another: joins inside are opened, neighbouring literal texts become one.
  static func joined(_ parts: [Value]) -> Value {
    var flat: [Value] = []
    var run: String?
    func close() {
      if let text = run { flat.append(.text(text)) }
      run = nil
    }
    func add(_ part: Value) {
      if case .text(let text) = part {
        if run == nil { run = text } else { run?.append(text) }
        return
      }
      close()
      flat.append(part)
    }
    for part in parts {
      if case .join(let inner) = part { inner.forEach(add) } else { add(part) }
    }
    close()
    return flat.count == 1 ? flat[0].asText : .join(flat)
  }
}

extension Value {
  /// A single part that is put into a text.
  fileprivate var asText: Value { if case .text = self { self } else { .join([self]) } }
}
