import Basics

/// Adds entries to the text of `cleave.yml` and leaves everything else as it is: comments, order, spacing.
package enum SteeringEditor {
  /// Why a text cannot be added to.
  package enum EditError: Error, Hashable, Sendable {
    /// The section is written on one line or in another way that lines cannot be added to; the lines to add by hand.
    case section(name: String, line: Int, lines: [String])
  }

  /// `text` with the entries at the end of their sections. Only pins and names are written.
  package static func adding(_ entries: [SteeringEntry], to text: String) throws(EditError) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isCRLF = lines.first?.utf8.last == UInt8(ascii: "\r")
    if isCRLF { lines = lines.map { $0.utf8.last == UInt8(ascii: "\r") ? String($0.unicodeScalars.dropLast()) : $0 } }
    for entry in entries { try add(entry, to: &lines) }
    return lines.joined(separator: isCRLF ? "\r\n" : "\n")
  }

  private static func add(_ entry: SteeringEntry, to lines: inout [String]) throws(EditError) {
    let section = entry.section.rawValue
    guard let head = lines.firstIndex(where: { isHead($0, of: section) }) else {
      while lines.last == "" { lines.removeLast() }
      if !lines.isEmpty { lines.append("") }
      lines += ["\(section):"] + item(entry, indent: 2, asMapping: false) + [""]
      return
    }
    let rest = lines[head].drop { $0 != ":" }.dropFirst()
    let value = withoutComment(String(rest))
    guard value.isEmpty || value == "[]" || value == "{}" else {
      throw .section(name: section, line: head + 1, lines: item(entry, indent: 2, asMapping: false))
    }
    if !value.isEmpty {
      let comment = lines[head].firstIndex(of: "#").map { " \(lines[head][$0...])" } ?? ""
      lines[head] = "\(section):\(comment)"
    }
    var end = head + 1
    var last = head
    while end < lines.count, isInside(lines[end]) {
      if !withoutComment(lines[end]).isEmpty { last = end }
      end += 1
    }
    let first = last > head ? lines[(head + 1)...last].first { !withoutComment($0).isEmpty } : nil
    let indent = first.map { $0.prefix { $0 == " " }.count } ?? 2
    let isMapping = first.map { !withoutComment($0).hasPrefix("-") } ?? false
    guard !isMapping || entry.section == .names else {
      throw .section(name: section, line: head + 1, lines: item(entry, indent: 2, asMapping: false))
    }
    lines.insert(contentsOf: item(entry, indent: indent, asMapping: isMapping), at: last + 1)
  }

  /// Whether the line begins a section of that name.
  private static func isHead(_ line: String, of section: String) -> Bool {
    guard let colon = line.firstIndex(of: ":") else { return false }
    let name = line[..<colon].trimmingSuffix { $0 == " " }
    return name == section || name == "\"\(section)\"" || name == "'\(section)'"
  }

  /// Whether a line can belong to the section above it: indented, an item, empty or a comment.
  private static func isInside(_ line: String) -> Bool {
    guard let first = line.first else { return true }
    return first == " " || first == "#" || line.hasPrefix("- ") || line == "-"
  }

  /// A line without its comment and the blanks around it; `#` inside of quotes is rare enough to be taken for one.
  private static func withoutComment(_ line: String) -> String {
    var text = line[...]
    if let mark = text.firstIndex(of: "#"), mark == text.startIndex || text[text.index(before: mark)] == " " {
      text = text[..<mark]
    }
    return String(text.drop { $0 == " " || $0 == "\t" }.trimmingSuffix { $0 == " " || $0 == "\t" })
  }

  /// The lines of one entry.
  private static func item(_ entry: SteeringEntry, indent: Int, asMapping: Bool) -> [String] {
    let blank = String(repeating: " ", count: indent)
    let because = entry.because.isEmpty ? [] : ["because: \(scalar(entry.because))"]
    var fields: [String] = []
    for kind in Selector.Kind.allCases {
      let names = entry.selectors.filter { $0.kind == kind }.map { scalar($0.pattern.text) }
      guard let first = names.first else { continue }
      // A name alone may be anything; an entry has to say what it is.
      let key = kind == .any ? "table" : kind.rawValue
      fields.append(names.count == 1 ? "\(key): \(first)" : "\(key)s: [\(names.joined(separator: ", "))]")
    }
    switch entry.rule {
    case .pin(let name): fields.append("to: \(scalar(name))")
    case .name(let name):
      if asMapping, let selector = entry.selectors.first {
        let value =
          entry.because.isEmpty ? scalar(name) : "{name: \(scalar(name)), because: \(quoted(entry.because))}"
        return ["\(blank)\(scalar(selector.pattern.text)): \(value)"]
      }
      fields.append("name: \(scalar(name))")
    case .mustLink, .cannotLink, .ignore, .shared, .services, .tablesPerService: break
    }
    return (fields + because).enumerated().map { place, field in blank + (place == 0 ? "- " : "  ") + field }
  }

  /// A plain scalar where YAML reads it as the text it is, else a quoted one.
  private static func scalar(_ text: String) -> String {
    let isPlain = text.unicodeScalars.enumerated().allSatisfy { place, scalar in
      let isWord = scalar.value >= 0x80 || scalar.properties.isAlphabetic || scalar == "_" || scalar == "/"
      let isDigit = ("0"..."9").contains(scalar)
      return place == 0 ? isWord : isWord || isDigit || scalar == "." || scalar == "-" || scalar == " "
    }
    let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    let isText = isPlain && !text.isEmpty && text.last != " " && !words.contains(text.lowercased())
    return isText ? text : quoted(text)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
      }
    }
    return quoted + "\""
  }
}

extension StringProtocol {
  /// Without the characters at the end that `isTrimmed` says.
  fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> SubSequence {
    var end = endIndex
    while end > startIndex, isTrimmed(self[index(before: end)]) { end = index(before: end) }
    return self[..<end]
  }
}
