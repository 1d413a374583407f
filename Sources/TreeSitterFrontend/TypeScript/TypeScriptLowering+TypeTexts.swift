import Facts

/// Types as texts in the common form.
extension TypeScriptLowering {
  /// A type longer than this says nothing that is asked for.
  private static let longestType = 160

  func typeText(_ node: Node, _ kind: TypeScriptKind?, depth: Int = 0) -> String {
    guard depth < 40 else { return "" }
    switch kind {
    case .typeAnnotation, .parenthesizedType, .readonlyType:
      return syntax.children(node).last.map { typeText($0.node, $0.kind, depth: depth + 1) } ?? ""
    case .typeIdentifier, .identifier, .predefinedType, .nestedTypeIdentifier, .nestedIdentifier:
      return syntax.text(node)
    case .arrayType:
      let element = syntax.children(node).first.map { typeText($0.node, $0.kind, depth: depth + 1) } ?? ""
      return "Array<" + element + ">"
    case .genericType:
      var head = ""
      var arguments = ""
      for child in syntax.children(node) {
        if child.kind == .typeArguments {
          arguments = argumentsText(child.node, depth: depth + 1)
        } else {
          head = syntax.text(child.node)
        }
      }
      return (head == "ReadonlyArray" ? "Array" : head) + arguments
    case .unionType: return unionText(node, depth: depth)
    case .objectType, .functionType: return ""
    default:
      let bytes = syntax.bytes(node)
      guard bytes.count <= Self.longestType else { return "" }
      return String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
    }
  }

  /// `A | B | null` without what says that there may be nothing.
  private func unionText(_ node: Node, depth: Int) -> String {
    var pendingParts = [Part(node: node, kind: .unionType, field: nil)]
    var options: [String] = []
    while let part = pendingParts.popLast() {
      if part.kind == .unionType {
        pendingParts += syntax.children(part.node).reversed()
        continue
      }
      let text = typeText(part.node, part.kind, depth: depth + 1)
      if text != "null", text != "undefined", !text.isEmpty { options.append(text) }
      guard options.count <= 20 else { return "" }
    }
    return options.joined(separator: "|")
  }

  func argumentsText(_ node: Node, depth: Int = 0) -> String {
    let arguments = syntax.children(node).map { typeText($0.node, $0.kind, depth: depth + 1) }
    return "<" + arguments.joined(separator: ",") + ">"
  }
}
