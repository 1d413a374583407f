/// Writes Java source.
enum JavaText {
  /// A text literal, in ASCII.
  static func literal(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5c: result += "\\\\"
      case 0x0a: result += "\\n"
      case 0x0d: result += "\\r"
      case 0x20...0x7e: result += String(decoding: [unit], as: UTF16.self)
      default:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return result + "\""
  }

  /// A class name from words of letters and digits joined by underscores.
  static func className(_ words: String) -> String {
    let name = words.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return (name.utf8.first.map { (48...57).contains($0) } ?? true) ? "T\(name)" : name
  }

  /// Words for a comment: what would end it is parted, what starts an escape of Java doubled away.
  static func comment(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain = scalar.isASCII && scalar.value >= 0x20 && scalar != "\\" && scalar.value != 0x7f
      if isPlain, !(scalar == "/" && result.hasSuffix("*")) {
        result.unicodeScalars.append(scalar)
      } else {
        result += scalar == "/" ? " /" : "?"
      }
    }
    return result
  }
}
