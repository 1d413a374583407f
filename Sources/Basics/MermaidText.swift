/// Writes text into Mermaid diagrams.
package enum MermaidText {
  /// A quoted label: the only place where text is escaped for Mermaid. Whatever could end the label or be read as markup
  /// becomes an entity, control characters become blanks; lines are joined with `<br/>`.
  package static func label(_ lines: [String]) -> String {
    var text = "\""
    for (index, line) in lines.enumerated() {
      if index > 0 { text += "<br/>" }
      for scalar in line.unicodeScalars {
        switch scalar {
        case "\"", "#", "&", "<", ">", "`", "\\", "%", ";", "|", "{", "}", "[", "]": text += "#\(scalar.value);"
        default:
          let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
          text.unicodeScalars.append(isControl ? " " : scalar)
        }
      }
    }
    return text + "\""
  }
}
