/// A YAML document as a value.
package enum YAMLNode: Sendable {
  /// A text.
  case text(String)
  /// A whole number.
  case number(Int)
  /// True or false.
  case flag(Bool)
  /// Items in order.
  case list([YAMLNode])
  /// Entries in order.
  case map([(key: String, value: YAMLNode)])

  /// A list of texts.
  package static func texts(_ texts: [String]) -> YAMLNode { .list(texts.map { .text($0) }) }
}

/// Writes YAML 1.2 in block style; every scalar that could be read as something else is quoted.
package enum YAMLText {
  /// The document for `node`.
  package static func document(_ node: YAMLNode) -> String {
    var lines: [String] = []
    write(node, indent: 0, lead: "", into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func write(_ node: YAMLNode, indent: Int, lead: String, into lines: inout [String]) {
    let pad = String(repeating: " ", count: indent)
    switch node {
    case .text(let text) where isBlock(text):
      lines.append("\(lead)|-")
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : pad + $0 }
    case .text(let text): lines.append(lead + scalar(text))
    case .number(let number): lines.append(lead + String(number))
    case .flag(let flag): lines.append(lead + (flag ? "true" : "false"))
    case .list(let items):
      if items.isEmpty {
        lines.append("\(lead)[]")
        return
      }
      if !lead.isEmpty, !lead.hasSuffix("- ") { lines.append(trimmed(lead)) }
      for (index, item) in items.enumerated() {
        let first = index == 0 && lead.hasSuffix("- ")
        write(item, indent: indent + 2, lead: (first ? lead : pad) + "- ", into: &lines)
      }
    case .map(let entries):
      if entries.isEmpty {
        lines.append("\(lead){}")
        return
      }
      if !lead.isEmpty, !lead.hasSuffix("- ") { lines.append(trimmed(lead)) }
      for (index, entry) in entries.enumerated() {
        let first = index == 0 && lead.hasSuffix("- ")
        write(entry.value, indent: indent + 2, lead: (first ? lead : pad) + scalar(entry.key) + ": ", into: &lines)
      }
    }
  }

  private static func trimmed(_ lead: String) -> String {
    String(lead.reversed().drop { $0 == " " }.reversed())
  }

  /// A scalar on one line: plain when nothing can go wrong, else in double quotes, which read as JSON does.
  package static func scalar(_ text: String) -> String {
    isPlain(text) ? text : JSONText.string(text)
  }

  private static let reserved: Set<String> = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
  ]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first), let last = text.utf8.last, last != UInt8(ascii: " "),
      !reserved.contains(text.lowercased())
    else { return false }
    return text.utf8.allSatisfy { byte in
      isLetter(byte) || (48...57).contains(byte) || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }

  /// Whether a text of several lines survives a literal block: printable ASCII, no leading space, no blank ends.
  private static func isBlock(_ text: String) -> Bool {
    guard text.utf8.contains(10), let first = text.utf8.first, let last = text.utf8.last, first > 32, last > 32 else {
      return false
    }
    return text.utf8.allSatisfy { $0 == 10 || (32...126).contains($0) }
  }
}
