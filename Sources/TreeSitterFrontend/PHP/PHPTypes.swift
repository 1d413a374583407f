/// Types as PHP and its comments write them, in the common form of all languages.
enum PHPTypes {
  /// `?App\Order` is `App\Order`, `Order[]|null` is `Array<Order>`, `Collection|Order[]` is `Collection<Order>`.
  static func common(_ text: String, owner: String) -> String {
    let parts = split(text, at: UInt8(ascii: "|"))
      .map { single($0, owner: owner) }.filter { $0 != "null" && $0 != "false" && !$0.isEmpty }
    guard parts.count == 2 else { return parts.joined(separator: "|") }
    for (list, other) in [(parts[0], parts[1]), (parts[1], parts[0])] {
      guard list.hasPrefix("Array<"), !other.contains("<") else { continue }
      return other == "array" || other == "iterable" ? list : other + list.dropFirst(5)
    }
    return parts.joined(separator: "|")
  }

  private static func single(_ text: String, owner: String) -> String {
    var text = text.trimmed
    if text.hasPrefix("(") && text.hasSuffix(")") { return common(String(text.dropFirst().dropLast()), owner: owner) }
    while text.hasPrefix("?") || text.hasPrefix("\\") { text.removeFirst() }
    if text.hasSuffix("[]") { return "Array<\(common(String(text.dropLast(2)), owner: owner))>" }
    switch text {
    case "self", "static", "$this": return owner.isEmpty ? text : owner
    default: break
    }
    guard let open = text.firstIndex(of: "<"), text.hasSuffix(">") else { return text }
    let name = String(text[..<open])
    let inner = split(String(text[text.index(after: open)...].dropLast()), at: UInt8(ascii: ","))
      .map { common($0, owner: owner) }
    switch name.lowercased() {
    case "array", "list", "non-empty-array", "non-empty-list": return "Array<\(inner.last ?? "")>"
    default: return "\(name)<\(inner.joined(separator: ","))>"
    }
  }

  /// Parts between separators that stand in no brackets.
  private static func split(_ text: String, at separator: UInt8) -> [String] {
    var parts: [String] = []
    var nesting = 0
    var start = text.utf8.startIndex
    for index in text.utf8.indices {
      switch text.utf8[index] {
      case UInt8(ascii: "<"), UInt8(ascii: "("), UInt8(ascii: "{"): nesting += 1
      case UInt8(ascii: ">"), UInt8(ascii: ")"), UInt8(ascii: "}"): nesting -= 1
      case separator where nesting == 0:
        parts.append(String(text[start..<index]))
        start = text.utf8.index(after: index)
      default: continue
      }
    }
    parts.append(String(text[start...]))
    return parts
  }

  /// What a type says without its arguments.
  static func head(_ type: String) -> String { String(type.prefix { $0 != "<" }) }

  /// The declared type, or what the comment says where that says more.
  static func better(_ declared: String, _ comment: String?, owner: String) -> String {
    guard let comment else { return declared }
    switch declared {
    case "", "array", "iterable", "object", "mixed", "Array<>": return common(comment, owner: owner)
    default: break
    }
    guard !declared.contains("<") else { return declared }
    let said = common(comment, owner: owner)
    return said.contains("<") && head(said) == declared ? said : declared
  }
}

extension String {
  /// Without white space around it.
  fileprivate var trimmed: String {
    guard utf8.first.map({ $0 <= 32 }) ?? false || utf8.last.map({ $0 <= 32 }) ?? false else { return self }
    var rest = Substring(self)
    while rest.utf8.first.map({ $0 <= 32 }) ?? false { rest.removeFirst() }
    while rest.utf8.last.map({ $0 <= 32 }) ?? false { rest.removeLast() }
    return String(rest)
  }
}
