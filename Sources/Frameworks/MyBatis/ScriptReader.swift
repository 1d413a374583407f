import Facts

/// Reads the tags of a `<script>` in an annotation. Forgiving: a tag that is not closed ends with its parent, a `<` that
/// begins no tag is text, as comparisons are.
enum ScriptReader {
  private static let tags: Set<String> = [
    "script", "if", "choose", "when", "otherwise", "where", "set", "trim", "foreach", "bind", "include", "property",
    "selectKey",
  ]

  /// The outermost element. Linear.
  static func read(_ text: String) -> DocumentNode {
    var open = [DocumentNode(name: "script", line: 1)]
    let bytes = Array(text.utf8)
    var begin = 0
    var place = 0
    func close() {
      let node = open.removeLast()
      open[open.count - 1].children.append(node)
    }
    func flush(upTo end: Int) {
      guard begin < end else { return }
      let text = unescaped(String(decoding: bytes[begin..<end], as: UTF8.self))
      open[open.count - 1].children.append(DocumentNode(text: text, line: 1))
    }
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "<"), let tag = tag(bytes, at: place) else {
        place += 1
        continue
      }
      flush(upTo: place)
      place = tag.end
      begin = place
      if tag.closes {
        guard let depth = open.lastIndex(where: { $0.name == tag.node.name }), depth > 0 else { continue }
        while open.count > depth { close() }
      } else if tag.isEmpty {
        open[open.count - 1].children.append(tag.node)
      } else if open.count < 60, open.count > 1 || tag.node.name != "script" {
        open.append(tag.node)
      }
    }
    flush(upTo: bytes.count)
    while open.count > 1 { close() }
    return open[0]
  }

  private static func tag(_ bytes: [UInt8], at start: Int) -> (
    node: DocumentNode, end: Int, closes: Bool, isEmpty: Bool
  )? {
    var place = start + 1
    let closes = place < bytes.count && bytes[place] == UInt8(ascii: "/")
    if closes { place += 1 }
    let name = word(bytes, &place)
    guard tags.contains(name) else { return nil }
    var attributes: [DocumentNode.Attribute] = []
    while place < bytes.count, bytes[place] != UInt8(ascii: ">"), bytes[place] != UInt8(ascii: "/") {
      guard bytes[place] > 32 else {
        place += 1
        continue
      }
      let key = word(bytes, &place)
      while place < bytes.count, bytes[place] <= 32 || bytes[place] == UInt8(ascii: "=") { place += 1 }
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'"),
        let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
      else { return nil }
      let value = unescaped(String(decoding: bytes[(place + 1)..<end], as: UTF8.self))
      attributes.append(DocumentNode.Attribute(name: key, value: value))
      place = end + 1
    }
    let isEmpty = place < bytes.count && bytes[place] == UInt8(ascii: "/")
    if isEmpty { place += 1 }
    guard place < bytes.count, bytes[place] == UInt8(ascii: ">") else { return nil }
    return (DocumentNode(name: name, attributes: attributes, line: 1), place + 1, closes, isEmpty)
  }

  private static func word(_ bytes: [UInt8], _ place: inout Int) -> String {
    let start = place
    while place < bytes.count, (bytes[place] | 0x20) >= 97, (bytes[place] | 0x20) <= 122 { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private static let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]

  private static func unescaped(_ text: String) -> String {
    var text = text.replacing("<![CDATA[", with: "").replacing("]]>", with: "")
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    for (entity, character) in entities { text = text.replacing(entity, with: character) }
    return text
  }
}
