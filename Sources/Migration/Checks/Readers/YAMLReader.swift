/// Reads the part of YAML that plans are written in: block maps and lists, plain and double-quoted scalars, literal
/// blocks, empty `[]` and `{}`, comments on lines of their own.
package struct YAMLReader {
  private struct Line {
    let number: Int
    var indent: Int
    var text: Substring
  }

  private struct Malformed: Error { let line: Int }

  private var lines: [Line] = []
  private var raw: [Substring]
  private var index = 0
  private var depth = 0

  private init(_ text: String) {
    raw = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in raw.enumerated() {
      let body = line.drop { $0 == " " }
      if body.isEmpty || body.hasPrefix("#") || body == "---" { continue }
      lines.append(Line(number: number, indent: line.utf8.count - body.utf8.count, text: body))
    }
  }

  /// The tree, or the line where reading stopped.
  package static func read(_ text: String) -> (node: YAMLNode?, problem: String?) {
    var reader = YAMLReader(text)
    do {
      guard let first = reader.lines.first else { return (.map([]), nil) }
      let node = try reader.node(indent: first.indent)
      guard reader.index == reader.lines.count else { throw Malformed(line: reader.lines[reader.index].number) }
      return (node, nil)
    } catch let error as Malformed {
      return (nil, "not readable as YAML at line \(error.line + 1)")
    } catch {
      return (nil, "not readable as YAML")
    }
  }

  private var current: Line? { index < lines.count ? lines[index] : nil }

  private mutating func node(indent: Int) throws -> YAMLNode {
    guard let line = current, line.indent == indent, depth < 100 else {
      throw Malformed(line: current?.number ?? raw.count - 1)
    }
    depth += 1
    defer { depth -= 1 }
    if line.text == "-" || line.text.hasPrefix("- ") { return try list(indent) }
    if Self.key(line.text) != nil { return try map(indent) }
    index += 1
    return try scalar(line.text, line.number, parent: indent)
  }

  private mutating func list(_ indent: Int) throws -> YAMLNode {
    var items: [YAMLNode] = []
    while let line = current, line.indent == indent, line.text == "-" || line.text.hasPrefix("- ") {
      let rest = line.text.dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        index += 1
        guard let next = current, next.indent > indent else { throw Malformed(line: line.number) }
        items.append(try node(indent: next.indent))
        continue
      }
      if rest == "|-" {
        index += 1
        items.append(block(line.number, parent: indent))
        continue
      }
      lines[index].indent = indent + (line.text.utf8.count - rest.utf8.count)
      lines[index].text = rest
      items.append(try node(indent: lines[index].indent))
    }
    return .list(items)
  }

  private mutating func map(_ indent: Int) throws -> YAMLNode {
    var entries: [(key: String, value: YAMLNode)] = []
    while let line = current, line.indent == indent {
      guard let (key, rest) = Self.key(line.text) else { throw Malformed(line: line.number) }
      index += 1
      if rest == "|-" {
        entries.append((key, block(line.number, parent: indent)))
      } else if !rest.isEmpty {
        entries.append((key, try scalar(rest, line.number, parent: indent)))
      } else if let next = current, next.indent > indent || (next.indent == indent && next.text.hasPrefix("- ")) {
        entries.append((key, try node(indent: next.indent)))
      } else {
        entries.append((key, .text("")))
      }
    }
    return .map(entries)
  }

  /// The key and what follows it; nil when the line is no entry of a map.
  private static func key(_ text: Substring) -> (String, Substring)? {
    if text.hasPrefix("\"") {
      var end = text.index(after: text.startIndex)
      while end < text.endIndex, text[end] != "\"" {
        if text[end] == "\\" { end = text.index(after: end) }
        if end < text.endIndex { end = text.index(after: end) }
      }
      guard end < text.endIndex else { return nil }
      let rest = text[text.index(after: end)...]
      guard rest.hasPrefix(":"), rest.count == 1 || rest.hasPrefix(": "),
        case .text(let name)? = JSONReader.read(String(text[...end])).node
      else { return nil }
      return (name, rest.dropFirst().drop { $0 == " " })
    }
    var previous: Character = " "
    for position in text.indices {
      let next = text.index(after: position)
      if text[position] == ":", next == text.endIndex || text[next] == " ", previous != " " {
        return (String(text[..<position]), text[next...].drop { $0 == " " })
      }
      previous = text[position]
    }
    return nil
  }

  private func scalar(_ text: Substring, _ line: Int, parent: Int) throws -> YAMLNode {
    switch text {
    case "[]": return .list([])
    case "{}": return .map([])
    case "true": return .flag(true)
    case "false": return .flag(false)
    default: break
    }
    if text.hasPrefix("\"") {
      guard case .text(let value)? = JSONReader.read(String(text)).node else { throw Malformed(line: line) }
      return .text(value)
    }
    // Flow collections, anchors, tags and folded blocks are not written by plans.
    if let first = text.first, "[{&*!|>'%@`".contains(first) { throw Malformed(line: line) }
    return Int(text).map { .number($0) } ?? .text(String(text))
  }

  /// The lines below `line` that are indented deeper than `parent`, without their common indentation.
  private mutating func block(_ line: Int, parent: Int) -> YAMLNode {
    var taken: [Substring] = []
    var number = line + 1
    while number < raw.count {
      let body = raw[number].drop { $0 == " " }
      if !body.isEmpty, raw[number].utf8.count - body.utf8.count <= parent { break }
      taken.append(raw[number])
      number += 1
    }
    while taken.last?.allSatisfy({ $0 == " " }) == true { taken.removeLast() }
    let indent = taken.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    while let next = current, next.number < number { index += 1 }
    return .text(taken.map { $0.dropFirst(min(indent, $0.count)) }.joined(separator: "\n"))
  }
}
