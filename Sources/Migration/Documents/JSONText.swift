/// Writes JSON with keys in the order given.
package enum JSONText {
  /// `text` as a JSON string.
  package static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        // Escaped beyond what JSON asks for: U+007F to U+009F and the line separators trip YAML readers.
        if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || (0x2028...0x2029).contains(scalar.value)
          || scalar.value == 0xfeff || (0xfffe...0xffff).contains(scalar.value)
        {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// A connector file as Kafka Connect takes it: a name and a flat map of texts.
  package static func connector(name: String, settings: [(key: String, value: String)]) -> String {
    let lines = settings.map { "    \(string($0.key)): \(string($0.value))" }
    return "{\n  \"name\": \(string(name)),\n  \"config\": {\n\(lines.joined(separator: ",\n"))\n  }\n}\n"
  }

  /// A JSON document, indented by two spaces, keys in the order given.
  package static func document(_ node: YAMLNode) -> String {
    var result = ""
    write(node, indent: 0, into: &result)
    return result + "\n"
  }

  private static func write(_ node: YAMLNode, indent: Int, into result: inout String) {
    func list(_ open: String, _ close: String, _ items: [(lead: String, value: YAMLNode)]) {
      guard !items.isEmpty else {
        result += open + close
        return
      }
      let pad = String(repeating: " ", count: indent + 2)
      result += open
      for (index, item) in items.enumerated() {
        result += (index == 0 ? "\n" : ",\n") + pad + item.lead
        write(item.value, indent: indent + 2, into: &result)
      }
      result += "\n" + String(repeating: " ", count: indent) + close
    }
    switch node {
    case .text(let text): result += string(text)
    case .number(let number): result += String(number)
    case .flag(let flag): result += flag ? "true" : "false"
    case .list(let items): list("[", "]", items.map { ("", $0) })
    case .map(let entries): list("{", "}", entries.map { (string($0.key) + ": ", $0.value) })
    }
  }
}
