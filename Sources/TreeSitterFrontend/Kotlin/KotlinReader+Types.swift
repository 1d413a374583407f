import Facts

extension KotlinReader {
  /// The text of a type in the common form.
  func typeText(_ node: Node, depth: Int = 0) -> String {
    guard depth < 40 else { return "" }
    var parts: [String] = []
    switch syntax.kind(node) {
    case .userType:
      for child in syntax.children(node) {
        switch child.kind {
        case .typeIdentifier: parts.append(name(of: child.node))
        case .typeArguments:
          let arguments = syntax.children(child.node).map { typeText($0.node, depth: depth + 1) }
          parts[max(0, parts.count - 1)] += "<" + arguments.joined(separator: ",") + ">"
        default: break
        }
      }
      return parts.joined(separator: ".")
    case .typeProjection, .nullableType, .parenthesizedType, .receiverType, .notNullableType:
      let inner = syntax.children(node).first { isType($0.kind) }
      return inner.map { typeText($0.node, depth: depth + 1) } ?? name(of: node)
    default:
      return name(of: node)
    }
  }

  /// Whether a node is a type.
  func isType(_ kind: KotlinKind?) -> Bool {
    switch kind {
    case .userType, .nullableType, .notNullableType, .parenthesizedType, .functionType: true
    default: false
    }
  }

  /// The type among children; empty when there is none.
  func type(among children: some Sequence<Entry>) -> String {
    children.first { isType($0.kind) }.map { typeText($0.node) } ?? ""
  }

  /// The annotations of a declaration, from its modifiers.
  mutating func annotations(among children: [Entry]) -> [AnnotationFact] {
    var found: [AnnotationFact] = []
    for child in children where child.kind == .modifiers || child.kind == .parameterModifiers {
      for modifier in syntax.children(child.node) where modifier.kind == .annotation {
        found += annotations(modifier.node)
      }
    }
    return found
  }

  private mutating func annotations(_ node: Node) -> [AnnotationFact] {
    var found: [AnnotationFact] = []
    for child in syntax.children(node) {
      let line = syntax.line(child.node)
      if child.kind == .userType {
        found.append(AnnotationFact(name: typeText(child.node), line: line))
      } else if child.kind == .constructorInvocation {
        var name = ""
        var arguments: [Value] = []
        for part in syntax.children(child.node) {
          if part.kind == .userType { name = typeText(part.node) }
          // Arguments of annotations are constants: nothing runs.
          if part.kind == .arguments { arguments = apart { $0.arguments(part.node).map(\.value) }.result }
        }
        found.append(AnnotationFact(name: name, arguments: arguments, line: line))
      }
    }
    return found
  }

  /// Words among the modifiers of a declaration: `abstract`, `private`.
  func modifiers(among children: [Entry]) -> Set<String> {
    var words: Set<String> = []
    for child in children where child.kind == .modifiers {
      for modifier in syntax.children(child.node) where modifier.kind != .annotation {
        words.insert(syntax.text(modifier.node))
      }
    }
    return words
  }
}
