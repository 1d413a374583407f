import Yams

/// Reads YAML back with a reader that is not ours, so that a fault of our writer shows.
package enum YAMLReader {
  /// The tree, or why the text cannot be read; a text without a document is an empty map.
  package static func read(_ text: String) -> (node: YAMLNode?, problem: String?) {
    do {
      return (try Yams.compose(yaml: text).map(tree) ?? .map([]), nil)
    } catch {
      return (nil, "not readable as YAML: \(error)")
    }
  }

  private static func tree(_ node: Node) -> YAMLNode {
    switch node {
    case .scalar(let scalar): self.scalar(scalar)
    case .sequence(let items): .list(items.map(tree))
    case .mapping(let entries): .map(entries.map { (key: $0.key.string ?? "", value: tree($0.value)) })
    // Plans hold none: what stands for another node has no value of its own.
    case .alias: .text("")
    }
  }

  /// Plain whole numbers and flags are such; everything else is text.
  private static func scalar(_ scalar: Node.Scalar) -> YAMLNode {
    guard scalar.style == .plain else { return .text(scalar.string) }
    if let number = Int(scalar.string) { return .number(number) }
    switch scalar.string {
    case "true": return .flag(true)
    case "false": return .flag(false)
    default: return .text(scalar.string)
    }
  }
}
