import Facts
import SQL

/// The SQL of a mapper statement: dynamic tags resolved, `#{…}` a parameter, `${…}` a hole.
///
/// Where tags choose between texts, each variant takes one of them; conditions that do not exclude one another hold.
struct MapperText {
  private let library: MapperLibrary
  private let document: MapperDocument
  /// Which alternative is taken where there is a choice.
  private var variant = 0
  /// Whether conditions hold at all.
  private var holds = true
  /// The most alternatives one choice has.
  private var alternatives = 1
  private var open: [String] = []

  /// More alternatives than this are not told apart.
  private static let maximumAlternatives = 12

  private init(library: MapperLibrary, document: MapperDocument) {
    self.library = library
    self.document = document
  }

  /// The texts a statement may have, the fullest first.
  static func texts(of node: DocumentNode, in document: MapperDocument, library: MapperLibrary) -> [String] {
    var reader = MapperText(library: library, document: document)
    var texts = [reader.text(of: node.children, with: [:])]
    for other in 1..<max(2, min(reader.alternatives, maximumAlternatives)) where other < reader.alternatives {
      reader.variant = other
      texts.append(reader.text(of: node.children, with: [:]))
    }
    reader.variant = 0
    reader.holds = false
    texts.append(reader.text(of: node.children, with: [:]))
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  // MARK: Tags

  private mutating func text(of nodes: [DocumentNode], with properties: [String: String]) -> String {
    var result = ""
    var place = 0
    while place < nodes.count {
      let group = exclusive(nodes, from: place)
      if group.count > 1 {
        result += " " + choice(group, with: properties) + " "
        place = (group.last.map { last in nodes.lastIndex { $0 == last } } ?? place).map { $0 + 1 } ?? place + 1
      } else {
        result += text(of: nodes[place], with: properties)
        place += 1
      }
    }
    return result
  }

  private mutating func text(of node: DocumentNode, with properties: [String: String]) -> String {
    switch node.name {
    case "": return resolved(node.text, with: properties)
    case "include": return " " + included(node, with: properties) + " "
    case "if", "when", "otherwise": return holds ? " " + text(of: node.children, with: properties) + " " : " "
    case "choose":
      let options = node.children.filter { $0.name == "when" || $0.name == "otherwise" }
      return " " + choice(options, with: properties) + " "
    case "where": return trimmed(node, prefix: "WHERE", dropping: ["AND", "OR"], [], with: properties)
    case "set": return trimmed(node, prefix: "SET", dropping: [","], [","], with: properties)
    case "trim":
      return trimmed(
        node, prefix: node.attribute("prefix") ?? "", suffix: node.attribute("suffix") ?? "",
        dropping: Self.words(node.attribute("prefixOverrides")), Self.words(node.attribute("suffixOverrides")),
        with: properties)
    case "foreach", "iterate":
      let body = text(of: node.children, with: properties)
      return " "
        + [prepended(node), node.attribute("open"), body, node.attribute("close")].compactMap { $0 }
        .joined(separator: " ") + " "
    case "bind", "selectKey", "property": return ""
    case "dynamic":
      let inner = Self.dropped(
        text(of: node.children, with: properties), prefixes: ["AND", "OR", ","], suffixes: [","])
      guard !inner.isEmpty else { return " " }
      return " "
        + [prepended(node), node.attribute("open"), inner, node.attribute("close")].compactMap { $0 }
        .joined(separator: " ") + " "
    default:
      // The conditions of iBatis 2: `isNotNull`, `isEqual`, `isPropertyAvailable` and others alike.
      let isCondition = node.name.hasPrefix("is")
      guard !isCondition || holds else { return " " }
      return " "
        + [prepended(node), node.attribute("open"), text(of: node.children, with: properties), node.attribute("close")]
        .compactMap { $0 }.joined(separator: " ") + " "
    }
  }

  private func prepended(_ node: DocumentNode) -> String? { node.attribute("prepend") }

  private mutating func choice(_ options: [DocumentNode], with properties: [String: String]) -> String {
    guard !options.isEmpty else { return "" }
    alternatives = max(alternatives, options.count)
    return text(of: options[variant % options.count].children, with: properties)
  }

  private mutating func included(_ node: DocumentNode, with outer: [String: String]) -> String {
    guard let written = node.attribute("refid") else { return "" }
    let name = substituted(written, with: outer)
    guard !open.contains(name), open.count < 20, let fragment = library.fragment(name, in: document) else {
      return Hole.text(index: nil)
    }
    var properties = outer
    for property in node.children("property") {
      guard let key = property.attribute("name"), let value = property.attribute("value") else { continue }
      properties[key] = substituted(value, with: outer)
    }
    open.append(name)
    defer { open.removeLast() }
    return text(of: fragment.children, with: properties)
  }

  private mutating func trimmed(
    _ node: DocumentNode, prefix: String, suffix: String = "", dropping prefixes: [String], _ suffixes: [String],
    with properties: [String: String]
  ) -> String {
    let inner = Self.dropped(text(of: node.children, with: properties), prefixes: prefixes, suffixes: suffixes)
    return inner.isEmpty ? " " : " \(prefix) \(inner) \(suffix) "
  }

  private static func words(_ overrides: String?) -> [String] {
    (overrides ?? "").split(separator: "|").map { $0.trimmed }.filter { !$0.isEmpty }
  }

  /// `text` without blanks, one of `prefixes` before and one of `suffixes` behind it.
  private static func dropped(_ text: String, prefixes: [String], suffixes: [String]) -> String {
    var rest = Substring(text.trimmed)
    for prefix in prefixes {
      guard rest.utf8.count >= prefix.utf8.count,
        zip(rest.utf8, prefix.utf8).allSatisfy({ $0 == $1 || $0 ^ 0x20 == $1 && $1 >= 0x41 })
      else { continue }
      let behind = rest.utf8.dropFirst(prefix.utf8.count).first ?? UInt8(ascii: " ")
      let isWord = prefix.utf8.last.map { $0 >= 0x41 } ?? false
      // `OR`, but not the beginning of `order_id`.
      if isWord, behind >= 0x30, behind < 0x80 || behind == UInt8(ascii: "_") { continue }
      rest = rest.dropFirst(prefix.count)
      break
    }
    for suffix in suffixes where rest.trimmed.lowercased().hasSuffix(suffix.lowercased()) {
      rest = Substring(String(rest.trimmed.dropLast(suffix.count)))
      break
    }
    return rest.trimmed
  }

  // MARK: Conditions that exclude one another

  /// The conditions from `place` on that follow directly on each other and test the same thing for different values.
  private func exclusive(_ nodes: [DocumentNode], from place: Int) -> [DocumentNode] {
    guard nodes[place].name == "if", let first = Self.tested(nodes[place]) else { return [] }
    var group = [nodes[place]]
    var values: Set = [first.value]
    for node in nodes[(place + 1)...] {
      if node.name.isEmpty, node.text.utf8.allSatisfy({ $0 <= 32 }) { continue }
      guard node.name == "if", let next = Self.tested(node), next.subject == first.subject,
        values.insert(next.value).inserted
      else { break }
      group.append(node)
    }
    return group
  }

  /// What a condition compares, and with which value: `type == 1`, `type != null`, `!flag`, `flag`.
  private static func tested(_ node: DocumentNode) -> (subject: String, value: String)? {
    guard let test = node.attribute("test") else { return nil }
    let words = test.split { $0 == " " || $0 == "\n" || $0 == "\t" }.joined()
    guard !words.contains("&&"), !words.contains("||"), !test.contains(" and "), !test.contains(" or ") else {
      return nil
    }
    if let range = words.firstRange(of: "==") {
      return (String(words[..<range.lowerBound]), String(words[range.upperBound...]))
    }
    if let range = words.firstRange(of: "!=") {
      let value = String(words[range.upperBound...])
      // Only of nothing and something exactly one holds.
      return value == "null" ? (String(words[..<range.lowerBound]), "!null") : nil
    }
    return words.hasPrefix("!") ? (String(words.dropFirst()), "!") : (words, "")
  }

  // MARK: Texts

  /// `${name}` replaced where an include gives it a value.
  private func substituted(_ text: String, with properties: [String: String]) -> String {
    guard text.utf8.contains(UInt8(ascii: "$")), !properties.isEmpty else { return text }
    return properties.sorted { $0.key < $1.key }.reduce(text) { $0.replacing("${\($1.key)}", with: $1.value) }
  }

  private func resolved(_ text: String, with properties: [String: String]) -> String {
    let bytes = Array(substituted(text, with: properties).utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "$"), let end = placeholderEnd(bytes, at: place) {
        if byte == UInt8(ascii: "#") {
          result.append(UInt8(ascii: "?"))
        } else {
          result += Array(Hole.text(index: nil).utf8)
        }
        place = end
      } else {
        result.append(byte)
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The offset behind `#{…}`, `${…}`, or `#…#` and `$…$` of iBatis 2.
  private func placeholderEnd(_ bytes: [UInt8], at start: Int) -> Int? {
    if start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "{") {
      return bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "}")).map { $0 + 1 }
    }
    guard document.isSQLMap else { return nil }
    for (offset, byte) in bytes[(start + 1)...].prefix(120).enumerated() {
      if byte == bytes[start] { return start + offset + 2 }
      if byte <= 32 { return nil }
    }
    return nil
  }
}

extension StringProtocol {
  /// The text without blanks around it.
  var trimmed: String {
    var rest = Array(utf8)[...]
    while let first = rest.first, first <= 32 { rest.removeFirst() }
    while let last = rest.last, last <= 32 { rest.removeLast() }
    return String(decoding: rest, as: UTF8.self)
  }
}
