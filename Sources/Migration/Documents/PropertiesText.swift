/// Writes Java properties files.
package enum PropertiesText {
  /// `key=value` lines in the order given.
  package static func document(_ settings: [(key: String, value: String)], comment: String = "") -> String {
    let head = comment.isEmpty ? [] : comment.split(separator: "\n").map { "# \($0)" }
    return (head + settings.map { "\(escaped($0.key, isKey: true))=\(escaped($0.value, isKey: false))" })
      .joined(separator: "\n") + "\n"
  }

  /// A key or value so that `java.util.Properties` reads back the same text, in ASCII whatever the reader's charset.
  package static func escaped(_ text: String, isKey: Bool) -> String {
    var result = ""
    for (index, unit) in text.utf16.enumerated() {
      switch unit {
      case 0x5c: result += "\\\\"
      case 0x0a: result += "\\n"
      case 0x0d: result += "\\r"
      case 0x09: result += "\\t"
      case 0x20: result += isKey || index == 0 ? "\\ " : " "
      case 0x3a, 0x3d:
        result += isKey ? "\\" + String(decoding: [unit], as: UTF16.self) : String(decoding: [unit], as: UTF16.self)
      case 0x23, 0x21: result += (isKey && index == 0 ? "\\" : "") + String(decoding: [unit], as: UTF16.self)
      case 0x21...0x7e: result += String(decoding: [unit], as: UTF16.self)
      default:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return result
  }
}
