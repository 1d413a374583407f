/// Writes text into Markdown.
package enum MarkdownText {
  /// `text` as plain words: characters with a meaning in Markdown are escaped, line breaks become spaces.
  package static func words(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "~": result += "\\\(scalar)"
      case "&": result += "&amp;"
      case "\n", "\r", "\t": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` as a code span; a longer fence is used when it holds backticks.
  package static func code(_ text: String) -> String {
    var longest = 0
    var run = 0
    for scalar in text.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    var flat = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t": flat += " "
      // A pipe ends a table cell even inside a code span.
      case "|": flat += "\\|"
      default: flat.unicodeScalars.append(scalar)
      }
    }
    let fence = String(repeating: "`", count: longest + 1)
    let edge = flat.hasPrefix("`") || flat.hasSuffix("`") || flat.isEmpty ? " " : ""
    return fence + edge + flat + edge + fence
  }

  /// A fenced block; the fence is longer than any run of backticks inside.
  package static func block(_ text: String, language: String) -> String {
    var fence = "```"
    while text.contains(fence) { fence += "`" }
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }
}
