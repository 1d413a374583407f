/// A key of a configuration file with its value, both as text; trees are laid flat with `.` between levels and `[]`
/// behind lists.
package struct ConfigEntry: Hashable, Sendable {
  /// The key or the path to it.
  package let key: String
  /// The value as text.
  package let value: String

  /// An entry.
  package init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }

  /// The leaves of a tree; empty maps and lists count as a leaf without a value.
  package static func flat(_ node: YAMLNode) -> [ConfigEntry] {
    var result: [ConfigEntry] = []
    var open: [(path: String, node: YAMLNode)] = [("", node)]
    while let (path, node) = open.popLast() {
      switch node {
      case .text(let text): result.append(ConfigEntry(path, text))
      case .number(let number): result.append(ConfigEntry(path, String(number)))
      case .flag(let flag): result.append(ConfigEntry(path, flag ? "true" : "false"))
      case .list(let items):
        if items.isEmpty { result.append(ConfigEntry(path + "[]", "")) }
        for item in items.reversed() { open.append((path + "[]", item)) }
      case .map(let entries):
        if entries.isEmpty { result.append(ConfigEntry(path, "")) }
        for entry in entries.reversed() {
          open.append((path.isEmpty ? entry.key : "\(path).\(entry.key)", entry.value))
        }
      }
    }
    return result
  }
}
