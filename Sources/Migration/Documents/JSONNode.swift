/// A JSON document as a value; keys keep the order given.
package indirect enum JSONNode: Hashable, Sendable {
  /// A text.
  case text(String)
  /// A whole number.
  case number(Int)
  /// True or false.
  case flag(Bool)
  /// Items in order.
  case list([JSONNode])
  /// Entries in order.
  case map([Entry])

  /// A key with its value.
  package struct Entry: Hashable, Sendable {
    /// The key.
    package let key: String
    /// The value.
    package let value: JSONNode

    /// A key with its value.
    package init(_ key: String, _ value: JSONNode) {
      self.key = key
      self.value = value
    }
  }

  /// A map of pairs in order.
  package static func object(_ pairs: [(String, JSONNode)]) -> JSONNode { .map(pairs.map { Entry($0.0, $0.1) }) }

  /// The document a reader found; texts, numbers and flags stay what they were.
  package init(_ node: YAMLNode) {
    switch node {
    case .text(let text): self = .text(text)
    case .number(let number): self = .number(number)
    case .flag(let flag): self = .flag(flag)
    case .list(let items): self = .list(items.map { JSONNode($0) })
    case .map(let entries): self = .map(entries.map { Entry($0.key, JSONNode($0.value)) })
    }
  }

  /// The value of a key of a map; nil for anything else.
  package subscript(_ key: String) -> JSONNode? {
    if case .map(let entries) = self { entries.first { $0.key == key }?.value } else { nil }
  }

  /// The text, when it is one.
  package var asText: String? { if case .text(let text) = self { text } else { nil } }

  /// The whole number, when it is one.
  package var asNumber: Int? { if case .number(let number) = self { number } else { nil } }

  /// The items of a list; empty for anything else.
  package var items: [JSONNode] { if case .list(let items) = self { items } else { [] } }

  /// The entries of a map; empty for anything else.
  package var entries: [Entry] { if case .map(let entries) = self { entries } else { [] } }

  /// The document, indented by two blanks, with a line end.
  package var document: String { text(indent: 0) + "\n" }

  private func text(indent: Int) -> String {
    let pad = String(repeating: " ", count: indent + 2)
    let end = String(repeating: " ", count: indent)
    switch self {
    case .text(let text): return JSONText.string(text)
    case .number(let number): return String(number)
    case .flag(let flag): return flag ? "true" : "false"
    case .list(let items):
      if items.isEmpty { return "[]" }
      return "[\n" + items.map { pad + $0.text(indent: indent + 2) }.joined(separator: ",\n") + "\n\(end)]"
    case .map(let entries):
      if entries.isEmpty { return "{}" }
      let lines = entries.map { "\(pad)\(JSONText.string($0.key)): \($0.value.text(indent: indent + 2))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(end)}"
    }
  }
}
