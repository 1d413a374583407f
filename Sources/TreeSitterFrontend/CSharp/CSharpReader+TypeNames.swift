import Facts

extension CSharpReader {
  /// A type in the common form of facts: arrays as `Array<…>`, without white space, pointers, names of tuple elements
  /// and marks that nothing may be there. Empty for `var`.
  func typeText(_ node: Node) -> String {
    let bytes = syntax.bytes(node)
    var isPlain = true
    var isStructured = false
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "*"), UInt8(ascii: ":"), UInt8(ascii: "/"),
        UInt8(ascii: "@"):
        isStructured = true
      case UInt8(ascii: " "), UInt8(ascii: "?"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
        isPlain = false
      default: break
      }
    }
    if isStructured || bytes.starts(with: "ref ".utf8) || bytes.starts(with: "scoped ".utf8) {
      return structuredType(node, syntax.kind(node), depth: 0)
    }
    if bytes.elementsEqual("var".utf8) { return "" }
    if isPlain { return String(decoding: bytes, as: UTF8.self) }
    return String(
      decoding: bytes.filter {
        $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
          && $0 != UInt8(ascii: "\t")
      }, as: UTF8.self)
  }

  private func structuredType(_ node: Node, _ kind: CSharpKind?, depth: Int) -> String {
    guard depth < 40 else { return "" }
    switch kind {
    case .arrayType:
      let inner = syntax.child(node, .type).map { structuredType($0, syntax.kind($0), depth: depth + 1) } ?? ""
      return "Array<" + inner + ">"
    case .nullableType, .pointerType, .refType, .scopedType, .tupleElement:
      guard let inner = syntax.child(node, .type) ?? syntax.children(node).first?.node else { return "" }
      return structuredType(inner, syntax.kind(inner), depth: depth + 1)
    case .tupleType:
      let parts = syntax.children(node).map { structuredType($0.node, $0.kind, depth: depth + 1) }
      return "(" + parts.joined(separator: ",") + ")"
    case .genericName:
      let children = syntax.children(node)
      let head = children.first.map { name($0.node) } ?? ""
      guard let list = children.first(where: { $0.kind == .typeArgumentList }) else { return head }
      let parts = syntax.children(list.node).map { structuredType($0.node, $0.kind, depth: depth + 1) }
      return head + "<" + parts.joined(separator: ",") + ">"
    case .qualifiedName:
      return syntax.children(node).map { structuredType($0.node, $0.kind, depth: depth + 1) }.joined(separator: ".")
    case .aliasQualifiedName:
      return syntax.child(node, .name).map { structuredType($0, syntax.kind($0), depth: depth + 1) } ?? ""
    case .implicitType: return ""
    case .identifier, .predefinedType: return name(node)
    default: return ""
    }
  }

  /// The type arguments of a name, each as it is in facts.
  func typeArguments(_ node: Node) -> [Value] {
    guard let list = syntax.child(node, of: .typeArgumentList) else { return [] }
    return syntax.children(list).map { .type(typeText($0.node)) }
  }

  /// A type without its arguments: `List` of `List<Order>`.
  static func head(of type: String) -> String {
    guard let open = type.utf8.firstIndex(of: UInt8(ascii: "<")) else { return type }
    return String(type[..<open])
  }
}
