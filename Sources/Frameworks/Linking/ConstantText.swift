import Facts
import SQL

extension SystemIndex {
  /// The text of a constant expression: literals, what they are joined from, and constants; nil when anything else is
  /// in it. Lists are joined by blanks, as annotations with several lines of SQL mean.
  func annotationText(_ value: Value, from file: Int) -> String? {
    text(value, from: file, depth: 0, gap: Hole.text(index: nil))
  }

  /// The text of a constant expression without unknown parts.
  func constantText(_ value: Value, from file: Int) -> String? { text(value, from: file, depth: 0, gap: nil) }

  private func text(_ value: Value, from file: Int, depth: Int, gap: String?) -> String? {
    guard depth < 10 else { return gap }
    switch value {
    case .text(let text): return text
    case .literal(let digits): return digits
    case .join(let parts): return texts(parts, from: file, depth: depth, gap: gap)?.joined()
    case .list(let items): return texts(items, from: file, depth: depth, gap: gap)?.joined(separator: " ")
    case .name(let name):
      guard let (fact, home) = symbols.constant(named: name, from: file), fact.kind == .global else { return gap }
      return text(fact.value, from: home, depth: depth + 1, gap: gap)
    case .type, .field, .call, .member, .either, .element, .operation, .closure, .opaque: return gap
    }
  }

  private func texts(_ values: [Value], from file: Int, depth: Int, gap: String?) -> [String]? {
    var found: [String] = []
    for value in values {
      guard let text = text(value, from: file, depth: depth + 1, gap: gap) else { return nil }
      found.append(text)
    }
    return found
  }
}
