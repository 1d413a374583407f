import Basics
import Facts
import SQL

/// Templates of SQL in groups that take others over, with their text put together.
struct TemplateGroups {
  private struct Template {
    var parameters: [String]
    var text: String
    var line: Int
  }

  private struct Group {
    var file: Int
    var path: String
    var imports: [String] = []
    var templates: [String: Template] = [:]
  }

  private let groups: [Group]
  /// Groups by the name of their file.
  private let byName: [String: [Int]]
  private static let maximumDepth = 24

  init(files: [FileFacts]) {
    var groups: [Group] = []
    var byName: [String: [Int]] = [:]
    for (file, facts) in files.enumerated() {
      guard let root = facts.document, root.name == "group", facts.file.fileName.hasSuffix(".stg") else { continue }
      var group = Group(file: file, path: facts.file.text)
      for node in root.children {
        if node.name == "import" {
          group.imports.append(node.content)
        } else if let name = node.attribute("name") {
          let parameters = (node.attribute("parameters") ?? "").split(separator: ",").map {
            String($0.split(separator: "=").first ?? "").trimmed
          }
          group.templates[name] = Template(parameters: parameters, text: node.content, line: node.line)
        }
      }
      byName[facts.file.fileName, default: []].append(groups.count)
      groups.append(group)
    }
    self.groups = groups
    self.byName = byName
  }

  var isEmpty: Bool { groups.isEmpty }

  /// The group of a class: beside it by name and package, else the only one of its name.
  func group(ofClass name: String, namespace: String) -> Int? {
    let folder = namespace.replacing(".", with: "/")
    for ending in [".sql.stg", ".stg"] {
      guard let found = byName[name + ending] else { continue }
      if let exact = found.first(where: { groups[$0].path.hasSuffix(folder + "/" + name + ending) }) { return exact }
      if found.count == 1 { return found[0] }
    }
    return nil
  }

  /// The names of a group's own templates, sorted, with their lines.
  func templates(of group: Int) -> [(name: String, line: Int)] {
    groups[group].templates.map { ($0.key, $0.value.line) }.sorted { $0 < $1 }
  }

  /// Number of the file of a group.
  func file(of group: Int) -> Int { groups[group].file }

  /// The text of a template with what it takes from others, one for each alternative of its conditions, and where it is.
  func texts(of name: String, in group: Int) -> (texts: [String], file: Int, line: Int)? {
    guard let (template, home) = find(name, in: group, depth: 0) else { return nil }
    let texts = [true, false].map { holds in
      TemplateText(groups: self, group: group, holds: holds).expanded(template.text, with: [:], depth: 0)
    }
    return (texts[0] == texts[1] ? [texts[0]] : texts, groups[home].file, template.line)
  }

  private func find(_ name: String, in group: Int, depth: Int) -> (Template, Int)? {
    if let own = groups[group].templates[name] { return (own, group) }
    guard depth < 8 else { return nil }
    for path in groups[group].imports {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      let candidates = byName[file] ?? byName[file + ".sql.stg"] ?? byName[file + ".stg"] ?? []
      let base = candidates.first { groups[$0].path.hasSuffix(path) } ?? candidates.first
      if let base, base != group, let found = find(name, in: base, depth: depth + 1) { return found }
    }
    return nil
  }

  /// Puts the text of one template together.
  private struct TemplateText {
    let groups: TemplateGroups
    let group: Int
    /// Whether conditions hold; where they do not, their last alternative is taken.
    let holds: Bool

    func expanded(_ text: String, with values: [String: String], depth: Int) -> String {
      guard depth < TemplateGroups.maximumDepth else { return Hole.text(index: nil) }
      let bytes = Array(text.utf8)
      var result: [UInt8] = []
      // Conditions around the current place: whether what stands there is kept.
      var kept: [Bool] = []
      var place = 0
      while place < bytes.count {
        let byte = bytes[place]
        if byte == UInt8(ascii: "\\"), place + 1 < bytes.count {
          if kept.allSatisfy({ $0 }) { result.append(bytes[place + 1]) }
          place += 2
        } else if byte == UInt8(ascii: "<"), let end = end(of: bytes, at: place) {
          let inner = String(decoding: bytes[(place + 1)..<end], as: UTF8.self).trimmed
          place = end + 1
          if inner.hasPrefix("if(") || inner.hasPrefix("if (") {
            kept.append(holds)
          } else if inner.hasPrefix("else") {
            if let last = kept.popLast() { kept.append(!last && inner == "else") }
          } else if inner == "endif" {
            _ = kept.popLast()
          } else if kept.allSatisfy({ $0 }) {
            result += Array(value(of: inner, with: values, depth: depth).utf8)
          }
        } else {
          if kept.allSatisfy({ $0 }) { result.append(byte) }
          place += 1
        }
      }
      return String(decoding: result, as: UTF8.self)
    }

    /// The end of the expression that begins at `start`; nil when it is a comparison.
    private func end(of bytes: [UInt8], at start: Int) -> Int? {
      guard start + 1 < bytes.count, (bytes[start + 1] | 0x20) >= 97, (bytes[start + 1] | 0x20) <= 122 else {
        return bytes[start...].starts(with: "<(".utf8) ? bytes[start...].firstIndex(of: UInt8(ascii: ">")) : nil
      }
      var isQuoted = false
      for place in (start + 1)..<min(bytes.count, start + 400) {
        if bytes[place] == UInt8(ascii: "\"") { isQuoted.toggle() }
        if bytes[place] == UInt8(ascii: ">"), !isQuoted { return place }
      }
      return nil
    }

    private func value(of expression: String, with values: [String: String], depth: Int) -> String {
      let gap = Hole.text(index: nil)
      guard let open = expression.utf8.firstIndex(of: UInt8(ascii: "(")) else {
        return values[expression]
          ?? (groups.find(expression, in: group, depth: 0) == nil ? gap : call(expression, [], depth))
      }
      let name = String(expression[..<open])
      guard name.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || $0 >= 48 }), expression.hasSuffix(")") else { return gap }
      let inner = expression[expression.utf8.index(after: open)...].dropLast()
      let arguments = inner.split(separator: ",").map { argument -> String in
        let text = argument.trimmed
        if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 {
          return String(text.dropFirst().dropLast())
        }
        return values[text] ?? gap
      }
      return call(name, arguments, depth)
    }

    private func call(_ name: String, _ arguments: [String], _ depth: Int) -> String {
      guard let (template, _) = groups.find(name, in: group, depth: 0) else { return Hole.text(index: nil) }
      // A parameter that is not given is empty.
      var values = Dictionary(template.parameters.map { ($0, "") }, uniquingKeysWith: { first, _ in first })
      for (parameter, argument) in zip(template.parameters, arguments) { values[parameter] = argument }
      return expanded(template.text, with: values, depth: depth + 1)
    }
  }
}
