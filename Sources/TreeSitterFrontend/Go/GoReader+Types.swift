import Facts

extension GoReader {
  /// A type in the common form: `[]*Order` is `Array<Order>`, `map[string]Order` is `Map<string,Order>`.
  func type(_ node: Node, _ kind: GoKind?, depth: Int = 0) -> String {
    guard depth < 40 else { return "" }
    func inner(_ field: GoField) -> String {
      syntax.child(node, field).map { type($0, syntax.kind($0), depth: depth + 1) } ?? ""
    }
    switch kind {
    case .pointerType, .parenthesizedType, .negatedType:
      return syntax.children(node).first.map { type($0.node, $0.kind, depth: depth + 1) } ?? ""
    case .sliceType, .arrayType, .implicitLengthArrayType: return "Array<\(inner(.element))>"
    case .mapType: return "Map<\(inner(.key)),\(inner(.value))>"
    case .channelType: return "chan<\(inner(.value))>"
    case .genericType:
      let arguments =
        syntax.child(node, .typeArguments).map { list in
          syntax.children(list).map { type($0.node, $0.kind, depth: depth + 1) }
        } ?? []
      return "\(inner(.type))<\(arguments.joined(separator: ","))>"
    case .typeElem:
      return syntax.children(node).map { type($0.node, $0.kind, depth: depth + 1) }.joined(separator: "|")
    case .functionType: return "func"
    case .structType: return "struct"
    case .interfaceType: return "any"
    case .typeIdentifier, .qualifiedType, .identifier, .selectorExpression: return syntax.text(node)
    default: return ""
    }
  }

  /// Types that only say how a value is kept: converting to them changes no text.
  static let plainTypes: Set<String> = [
    "string", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "byte",
    "rune", "float32", "float64", "bool", "any",
  ]
}

/// The tag behind a field of a struct.
enum GoTag {
  /// One annotation for each `key:"value"`.
  static func annotations(_ tag: String, line: Int) -> [AnnotationFact] {
    var found: [AnnotationFact] = []
    var rest = Substring(tag)
    while let colon = rest.firstIndex(of: ":") {
      let key = rest[..<colon].drop { $0 == " " || $0 == "\t" || $0 == "\n" }
      rest = rest[rest.index(after: colon)...]
      guard !key.isEmpty, rest.first == "\"" else { return found }
      rest.removeFirst()
      var value = ""
      while let next = rest.popFirst(), next != "\"" {
        if next == "\\", let escaped = rest.popFirst() { value.append(escaped) } else { value.append(next) }
      }
      found.append(AnnotationFact(name: String(key), arguments: [.text(value)], line: line))
    }
    return found
  }
}
