import Facts

extension PHPReader {
  // MARK: Types

  /// A class, interface, trait or enum; an anonymous class has no name of its own. Its name.
  @discardableResult
  mutating func type(_ node: Node, kind: TypeFact.Kind, annotatedAt start: Node) -> String {
    let children = syntax.children(node)
    let document = docBlock(before: start)
    let name =
      children.first { $0.field == .name }.map { syntax.text($0.node) } ?? anonymousTypeName()
    var fact = TypeFact(
      name: name, kind: kind, namespace: namespace, bases: [], annotations: document?.annotations ?? [],
      line: syntax.line(node))
    var body: Node?
    for child in children {
      switch child.kind {
      case .attributeList: fact.annotations += attributes(child.node)
      case .abstractModifier: fact.annotations.append(AnnotationFact(name: "abstract", line: fact.line))
      case .baseClause, .classInterfaceClause:
        fact.bases += syntax.children(child.node).map { typeName($0.node) }
      case .declarationList, .enumDeclarationList: body = child.node
      default: continue
      }
    }
    // `@extends Repository<Order>` says what the clause cannot.
    for (place, base) in fact.bases.enumerated() {
      if let generic = document?.bases.first(where: { PHPTypes.head($0) == base }) {
        fact.bases[place] = generic
      }
    }
    guard let body else { return name }
    let saved = (owner, isInFunction, known, pending)
    (owner, isInFunction, known, pending) = (name, false, [], [])
    events.begin()
    for child in syntax.children(body) { member(child, of: &fact) }
    fact.body = events.end()
    (owner, isInFunction, known, pending) = saved
    types.append(fact)
    return name
  }

  private mutating func member(_ child: PHPChild, of type: inout TypeFact) {
    switch child.kind {
    case .methodDeclaration: method(child.node, of: &type)
    case .propertyDeclaration: property(child.node, of: &type)
    case .constDeclaration: constant(child.node, of: type)
    case .useDeclaration:
      for used in syntax.children(child.node) {
        switch used.kind {
        case .name, .qualifiedName, .relativeName: type.bases.append(typeName(used.node))
        default: continue
        }
      }
    case .enumCase:
      let parts = syntax.children(child.node)
      guard let name = parts.first(where: { $0.field == .name }) else { return }
      let value = parts.first { $0.field == .value }.map { quietValue($0.node) } ?? .opaque
      constants.append(
        ConstantFact(
          name: type.name + "." + syntax.text(name.node), kind: .enumerator, value: value, isLocal: false,
          line: syntax.line(child.node)))
    default:
      guard syntax.isError(child.node), enterNesting() else { return }
      for inner in syntax.children(child.node) { member(inner, of: &type) }
      depth -= 1
    }
  }

  private mutating func property(_ node: Node, of type: inout TypeFact) {
    let children = syntax.children(node)
    let document = docBlock(before: node)
    var annotations = document?.annotations ?? []
    var declared = ""
    var isStatic = false
    for child in children {
      switch child.kind {
      case .attributeList: annotations += attributes(child.node)
      case .staticModifier: isStatic = true
      case .propertyElement:
        var name = ""
        var value: Value = .opaque
        for part in syntax.children(child.node) {
          if part.field == .name { name = variable(part.node) }
          if part.field == .defaultValue { value = quietValue(part.node) }
        }
        let line = syntax.line(child.node)
        type.fields.append(
          FieldFact(
            name: name, type: PHPTypes.better(declared, document?.variable, owner: type.name),
            annotations: annotations, value: value, isStatic: isStatic, line: line))
        guard value != .opaque else { continue }
        constants.append(
          ConstantFact(name: type.name + "." + name, kind: .field, value: value, isLocal: false, line: line))
      case .propertyHookList:
        for hook in syntax.children(child.node) where hook.kind == .propertyHook { propertyHook(hook.node, of: type) }
      default:
        if child.field == .type { declared = typeText(child.node) }
      }
    }
  }

  private mutating func propertyHook(_ node: Node, of type: TypeFact) {
    guard let body = syntax.child(node, .body) else { return }
    let property = type.fields.last?.name ?? ""
    function(node, body: body, name: "\(type.name)::\(property)", parameters: [], returnType: "", annotations: [])
  }

  private mutating func constant(_ node: Node, of type: TypeFact?) {
    for child in syntax.children(node) where child.kind == .constElement {
      let parts = syntax.children(child.node)
      guard parts.count >= 2, let name = parts.first, let last = parts.last else { continue }
      let value = quietValue(last.node)
      guard value != .opaque else { continue }
      let plain = syntax.text(name.node)
      constants.append(
        ConstantFact(
          name: type.map { $0.name + "." + plain } ?? plain, kind: .global, value: value, isLocal: false,
          line: syntax.line(child.node)))
    }
  }

  /// `const A = 1;` outside of types.
  mutating func constant(_ node: Node) { constant(node, of: nil) }

  // MARK: Functions

  private mutating func method(_ node: Node, of type: inout TypeFact) {
    let children = syntax.children(node)
    let document = docBlock(before: node)
    let annotations = (document?.annotations ?? []) + attributes(among: children)
    let parameters = self.parameters(among: children, document: document)
    let name = children.first { $0.field == .name }.map { syntax.text($0.node) } ?? ""
    for parameter in parameters where parameter.isPromoted {
      type.fields.append(
        FieldFact(
          name: parameter.name, type: parameter.type, annotations: parameter.annotations, value: parameter.value,
          line: parameter.line))
    }
    let returned = children.first { $0.field == .returnType }.map { typeText($0.node) } ?? ""
    function(
      node, body: children.first { $0.field == .body }?.node, name: type.name + "::" + name, parameters: parameters,
      returnType: PHPTypes.better(returned, document?.returned, owner: type.name), annotations: annotations,
      isStatic: children.contains { $0.kind == .staticModifier })
  }

  /// A function outside of types, wherever it is declared.
  mutating func function(_ node: Node) {
    let children = syntax.children(node)
    let document = docBlock(before: node)
    let saved = owner
    owner = ""
    let returned = children.first { $0.field == .returnType }.map { typeText($0.node) } ?? ""
    function(
      node, body: children.first { $0.field == .body }?.node,
      name: children.first { $0.field == .name }.map { syntax.text($0.node) } ?? "",
      parameters: parameters(among: children, document: document),
      returnType: PHPTypes.better(returned, document?.returned, owner: ""),
      annotations: (document?.annotations ?? []) + attributes(among: children))
    owner = saved
  }

  private mutating func function(
    _ node: Node, body: Node?, name: String, parameters: [PHPParameter], returnType: String,
    annotations: [AnnotationFact], isStatic: Bool = false
  ) {
    let saved = (isInFunction, known, pending)
    (isInFunction, known, pending) = (true, Set(parameters.map(\.name)), [])
    events.begin()
    for parameter in parameters where parameter.isPromoted {
      events.add(.assign(name: "this." + parameter.name, value: .name(parameter.name)), parameter.line)
    }
    if let body {
      if syntax.kind(body) == .compoundStatement {
        statements(of: body)
      } else {
        events.add(.result(value(body, syntax.kind(body))), syntax.line(body))
      }
      flush(callee: "", receiver: nil)
    }
    let found = events.end()
    (isInFunction, known, pending) = saved
    functions.append(
      FunctionFact(
        name: name, owner: owner, lines: syntax.line(node)...max(syntax.line(node), syntax.lastLine(node)),
        parameters: parameters.map(\.name), parameterTypes: parameters.map(\.type), returnType: returnType,
        annotations: annotations, isStatic: isStatic, isAbstract: body == nil, isLocal: false,
        isRecovered: body.map { syntax.hasError($0) } ?? false, events: found))
  }

  /// The parameters among the children of a function, with what its comment says about them.
  mutating func parameters(among children: [PHPChild], document: PHPDocBlock?) -> [PHPParameter] {
    guard let list = children.first(where: { $0.kind == .formalParameters }) else { return [] }
    return syntax.children(list.node).map { child in
      var parameter = PHPParameter(
        name: "", type: "", annotations: [], value: .opaque,
        isPromoted: child.kind == .propertyPromotionParameter, line: syntax.line(child.node))
      for part in syntax.children(child.node) {
        switch part.field {
        case .name: parameter.name = variable(part.node)
        case .type: parameter.type = typeText(part.node)
        case .attributes: parameter.annotations = attributes(part.node)
        case .defaultValue: parameter.value = quietValue(part.node)
        default: continue
        }
      }
      parameter.type = PHPTypes.better(parameter.type, document?.parameters[parameter.name], owner: owner)
      if parameter.isPromoted, let own = docBlock(before: child.node) {
        parameter.annotations = own.annotations + parameter.annotations
        parameter.type = PHPTypes.better(parameter.type, own.variable, owner: owner)
      }
      return parameter
    }
  }

  // MARK: Attributes and comments

  private mutating func attributes(among children: [PHPChild]) -> [AnnotationFact] {
    guard let list = children.first(where: { $0.kind == .attributeList }) else { return [] }
    return attributes(list.node)
  }

  /// `#[A(1), B]`.
  private mutating func attributes(_ list: Node) -> [AnnotationFact] {
    var found: [AnnotationFact] = []
    for group in syntax.children(list) {
      for child in syntax.children(group.node) where child.kind == .attribute {
        var fact = AnnotationFact(name: "", line: syntax.line(child.node))
        for part in syntax.children(child.node) {
          if part.field == .parameters {
            events.begin()
            let saved = pending
            fact.arguments = arguments(part.node)
            pending = saved
            _ = events.end()
          } else {
            fact.name = typeName(part.node)
          }
        }
        found.append(fact)
      }
    }
    return found
  }

  /// The `/** … */` that ends right before a node, as comments are no part of the tree.
  func docBlock(before node: Node) -> PHPDocBlock? {
    var end = syntax.offset(node)
    while end > 0, bytes[end - 1] <= 32 { end -= 1 }
    guard end >= 5, bytes[end - 1] == UInt8(ascii: "/"), bytes[end - 2] == UInt8(ascii: "*") else { return nil }
    var start = end - 3
    while start > 0, bytes[start] != UInt8(ascii: "/") || bytes[start + 1] != UInt8(ascii: "*") { start -= 1 }
    guard start + 2 < end, bytes[start] == UInt8(ascii: "/"), bytes[start + 2] == UInt8(ascii: "*") else { return nil }
    let gap = bytes[end..<syntax.offset(node)].lazy.filter { $0 == 10 }.count
    let inside = UnsafeBufferPointer(rebasing: bytes[(start + 3)..<max(start + 3, end - 2)])
    let lines = inside.lazy.filter { $0 == 10 }.count
    return PHPDocBlock(inside, line: syntax.line(node) - gap - lines)
  }

  // MARK: Names

  /// The name of a variable without its mark.
  func variable(_ node: Node) -> String {
    let text = syntax.text(node)
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "$")) else { return text }
    return String(text[text.utf8.index(after: mark)...])
  }

  /// A class or function name as written, without a leading separator.
  func typeName(_ node: Node) -> String {
    let text = syntax.text(node)
    if text.hasPrefix("namespace\\") {
      return namespace.isEmpty ? String(text.dropFirst(10)) : namespace + text.dropFirst(9)
    }
    return text.hasPrefix("\\") ? String(text.dropFirst()) : text
  }

  /// A type in the common form.
  func typeText(_ node: Node) -> String { PHPTypes.common(syntax.text(node), owner: owner) }
}
