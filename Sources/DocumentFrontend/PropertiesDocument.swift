import Facts

/// Java properties → one entry a line: `spring.jpa.hibernate.ddl-auto=update` is an entry of that whole name.
enum PropertiesDocument {
  static func read(_ bytes: [UInt8]) -> DocumentReading {
    var root = DocumentNode(name: "properties", line: 1)
    var pending = ""
    var begin = 1
    for (number, raw) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let line = String(decoding: raw, as: UTF8.self).drop { $0 == " " || $0 == "\t" }
      let trimmed = line.last == "\r" ? line.dropLast() : line
      if pending.isEmpty {
        guard let first = trimmed.first, first != "#", first != "!" else { continue }
        begin = number + 1
      }
      pending += trimmed
      // An odd number of backslashes at the end continues the line.
      if trimmed.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
        pending.removeLast()
        continue
      }
      if let entry = entry(pending, line: begin) { root.children.append(entry) }
      pending = ""
    }
    if let entry = entry(pending, line: begin) { root.children.append(entry) }
    return DocumentReading(root: root)
  }

  private static func entry(_ text: String, line: Int) -> DocumentNode? {
    var key = ""
    var rest = text[...]
    while let character = rest.first, !"=: \t".contains(character) {
      rest = rest.dropFirst()
      if character == "\\", let escaped = rest.popFirst() { key.append(escaped) } else { key.append(character) }
    }
    guard !key.isEmpty else { return nil }
    rest = rest.drop { $0 == " " || $0 == "\t" }
    if let mark = rest.first, mark == "=" || mark == ":" { rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" } }
    let value = unescaped(rest)
    return DocumentNode(name: key, children: value.isEmpty ? [] : [DocumentNode(text: value, line: line)], line: line)
  }

  private static func unescaped(_ text: Substring) -> String {
    guard text.contains("\\") else { return String(text) }
    var result = ""
    var rest = text
    while let character = rest.popFirst() {
      guard character == "\\", let escaped = rest.popFirst() else {
        result.append(character)
        continue
      }
      switch escaped {
      case "n": result.append("\n")
      case "t": result.append("\t")
      case "r": result.append("\r")
      case "u":
        let digits = rest.prefix(4)
        if digits.utf8.count == 4, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) {
          result.unicodeScalars.append(scalar)
          rest = rest.dropFirst(4)
        }
      default: result.append(escaped)
      }
    }
    return result
  }
}
