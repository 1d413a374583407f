/// Writes words of Java source.
package enum JavaText {
  /// `text` as a Java string literal, in ASCII whatever the compiler's charset.
  package static func string(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5c: result += "\\\\"
      case 0x0a: result += "\\n"
      case 0x0d: result += "\\r"
      case 0x09: result += "\\t"
      case 0x20...0x7e: result += String(decoding: [unit], as: UTF16.self)
      default:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return result + "\""
  }

  /// `name` as a type name: words of ASCII letters and digits joined with capitals; never a keyword, which have none.
  package static func typeName(_ name: String) -> String {
    var result = ""
    var isStart = true
    for byte in name.utf8 {
      let isLetter = (97...122).contains(byte) || (65...90).contains(byte)
      guard isLetter || (48...57).contains(byte) else {
        isStart = true
        continue
      }
      let letter = String(UnicodeScalar(byte))
      result += isStart ? letter.uppercased() : letter
      isStart = false
    }
    if let first = result.utf8.first, (65...90).contains(first) { return result }
    return "X\(result)"
  }

  /// Words for a comment, in ASCII: what would end it is parted, what starts an escape of Java is left out.
  static func comment(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain = scalar.isASCII && scalar.value >= 0x20 && scalar != "\\" && scalar.value != 0x7f
      if scalar == "/", result.hasSuffix("*") { result += " " }
      result += isPlain ? String(scalar) : "?"
    }
    return result
  }
}
