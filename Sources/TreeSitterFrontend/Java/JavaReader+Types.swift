import Facts

extension JavaReader {
  /// A type in the common form; empty for `var` and `void`.
  func type(_ node: Node, _ kind: JavaKind?) -> String {
    switch kind {
    case .typeIdentifier:
      let name = syntax.text(node)
      return name == "var" ? "" : name
    case .identifier, .integralType, .floatingType, .booleanType, .scopedIdentifier: return syntax.text(node)
    case .voidType: return ""
    case .genericType, .scopedType, .arrayType, .annotatedType, .wildcard:
      return deeper { nestedType(node, kind) } ?? ""
    default: return ""
    }
  }

  private func nestedType(_ node: Node, _ kind: JavaKind?) -> String {
    let children = syntax.children(node).filter { $0.kind != .annotation && $0.kind != .markerAnnotation }
    switch kind {
    case .genericType:
      let head = children.first.map { type($0.node, $0.kind) } ?? ""
      guard let arguments = children.last, arguments.kind == .typeArguments else { return head }
      let inner = typeArguments(arguments.node)
      return inner.isEmpty ? head : head + "<" + inner.joined(separator: ",") + ">"
    case .scopedType:
      return children.map { type($0.node, $0.kind) }.filter { !$0.isEmpty }.joined(separator: ".")
    case .arrayType:
      guard let element = children.first(where: { $0.field == .element }) else { return "" }
      let dimensions = children.first { $0.field == .dimensions }
      return arrayed(type(element.node, element.kind), by: dimensions?.node)
    case .wildcard:
      // `? extends X` and `? super X` are X; a bare `?` is anything.
      return children.last { $0.kind != .superValue }.map { type($0.node, $0.kind) } ?? "Object"
    default: return children.last.map { type($0.node, $0.kind) } ?? ""
    }
  }

  /// The type arguments in `<…>`; none for the diamond.
  func typeArguments(_ node: Node) -> [String] {
    syntax.children(node).map { type($0.node, $0.kind) }.filter { !$0.isEmpty }
  }

  /// `Array<…>` around a type, once for each pair of brackets in `dimensions`.
  func arrayed(_ type: String, by dimensions: Node?) -> String {
    guard let dimensions, !type.isEmpty else { return type }
    let count = syntax.bytes(dimensions).count { $0 == UInt8(ascii: "[") }
    return (0..<count).reduce(type) { inner, _ in "Array<" + inner + ">" }
  }

  /// Names of type parameters: `T` of `<T extends Order>`.
  func typeParameters(_ node: Node?) -> [String] {
    guard let node else { return [] }
    return syntax.children(node).compactMap { parameter in
      syntax.children(parameter.node).first { $0.kind == .typeIdentifier || $0.kind == .identifier }
        .map { syntax.text($0.node) }
    }
  }

  /// The types in a list behind `extends`, `implements` or `permits`.
  func bases(_ node: Node) -> [String] {
    syntax.children(node).flatMap { child in
      child.kind == .typeList
        ? syntax.children(child.node).map { type($0.node, $0.kind) } : [type(child.node, child.kind)]
    }.filter { !$0.isEmpty }
  }

  // MARK: Modifiers and annotations

  /// What stands before a declaration.
  struct Modifiers {
    var annotations: [AnnotationFact] = []
    var isStatic = false
    var isFinal = false
    var isPrivate = false
    var isAbstract = false
    var isDefault = false
    var isTransient = false
  }

  /// Reads modifiers; nil means there are none.
  func modifiers(_ node: Node?) -> Modifiers {
    guard let node else { return Modifiers() }
    var result = Modifiers()
    let children = syntax.children(node)
    for child in children where child.kind == .annotation || child.kind == .markerAnnotation {
      result.annotations.append(annotation(child))
    }
    // The words are nodes without a name; they stand outside of the annotations.
    let start = syntax.offset(node)
    let bytes = syntax.bytes(node)
    var place = 0
    for child in children {
      let begin = min(bytes.count, max(place, syntax.offset(child.node) - start))
      words(in: UnsafeBufferPointer(rebasing: bytes[place..<begin]), into: &result)
      place = min(bytes.count, syntax.endOffset(child.node) - start)
    }
    words(in: UnsafeBufferPointer(rebasing: bytes[place...]), into: &result)
    // A word of the language that says what the annotation of that name does.
    if result.isTransient { result.annotations.append(AnnotationFact(name: "transient", line: syntax.line(node))) }
    return result
  }

  private func words(in bytes: UnsafeBufferPointer<UInt8>, into result: inout Modifiers) {
    for word in bytes.split(whereSeparator: { $0 <= 32 }) {
      if word.elementsEqual("static".utf8) {
        result.isStatic = true
      } else if word.elementsEqual("final".utf8) {
        result.isFinal = true
      } else if word.elementsEqual("private".utf8) {
        result.isPrivate = true
      } else if word.elementsEqual("abstract".utf8) {
        result.isAbstract = true
      } else if word.elementsEqual("default".utf8) {
        result.isDefault = true
      } else if word.elementsEqual("transient".utf8) {
        result.isTransient = true
      }
    }
  }

  /// An annotation with its arguments; nested ones become calls.
  func annotation(_ child: JavaChild) -> AnnotationFact {
    let (name, arguments) = annotationParts(child)
    return AnnotationFact(name: name, arguments: arguments, line: syntax.line(child.node))
  }

  private func annotationParts(_ child: JavaChild) -> (name: String, arguments: [Value]) {
    var name = ""
    var arguments: [Value] = []
    for part in syntax.children(child.node) {
      switch part.field {
      case .name: name = syntax.text(part.node)
      case .arguments: arguments = syntax.children(part.node).map(annotationArgument)
      default: break
      }
    }
    return (name, arguments)
  }

  private func annotationArgument(_ child: JavaChild) -> Value {
    guard child.kind == .elementPair else { return annotationValue(child) }
    var key = ""
    var value = Value.opaque
    for part in syntax.children(child.node) {
      if part.field == .key {
        key = syntax.text(part.node)
      } else if part.field == .value {
        value = annotationValue(part)
      }
    }
    return .member(key, value)
  }

  private func annotationValue(_ child: JavaChild) -> Value {
    deeper {
      switch child.kind {
      case .annotation, .markerAnnotation:
        let (name, arguments) = annotationParts(child)
        return Value.call(callee: name, receiver: nil, arguments: arguments)
      case .elementArray: return .list(syntax.children(child.node).map(annotationValue))
      default: return value(child)
      }
    } ?? .opaque
  }
}
