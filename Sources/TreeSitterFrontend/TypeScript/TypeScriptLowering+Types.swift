import Facts

/// Classes, interfaces, enumerations and the texts of types.
extension TypeScriptLowering {
  // MARK: Classes

  /// Reads a class and gives its name; `name` is for classes without one of their own.
  mutating func classType(_ node: Node, name given: String, decorators: [AnnotationFact]) -> String {
    var name = given
    var annotations = decorators
    var bases: [String] = []
    var parameters: [String] = []
    var body: Node?
    for child in syntax.children(node) {
      switch child.kind {
      case .decorator: annotations += decorator(child.node)
      case .classHeritage: bases = heritage(child.node)
      case .classBody: body = child.node
      case .typeParameters: parameters = typeParameters(child.node)
      default: if child.field == .name, given.isEmpty { name = syntax.text(child.node) }
      }
    }
    if name.isEmpty { name = "default" }
    if isTopLevel { name = qualified(name) }
    let place = types.count
    types.append(
      TypeFact(
        name: name, bases: bases, typeParameters: parameters, annotations: annotations, line: syntax.line(node)))
    typePlaces[name] = place
    let (outerOwner, outerPath) = (owner, path)
    (owner, path) = (name, "")
    beginBody()
    if let body { members(body, of: name, at: place) }
    types[place].body = events.end()
    (owner, path) = (outerOwner, outerPath)
    return name
  }

  private mutating func heritage(_ node: Node) -> [String] {
    var bases: [String] = []
    for child in syntax.children(node) {
      switch child.kind {
      case .extendsClause:
        var head = ""
        var arguments = ""
        for part in syntax.children(child.node) {
          if part.field == .value { head = baseName(part) }
          if part.field == .typeArguments { arguments = argumentsText(part.node) }
        }
        if !head.isEmpty { bases.append(head + arguments) }
      case .implementsClause:
        bases += syntax.children(child.node).map { typeText($0.node, $0.kind) }.filter { !$0.isEmpty }
      default:
        let name = baseName(child)
        if !name.isEmpty { bases.append(name) }
      }
    }
    return bases
  }

  /// The name of a base class; of what a mixin is given for one made by a call: `PassportStrategy(Strategy)`.
  private mutating func baseName(_ part: Part) -> String {
    var current = part
    for _ in 0..<Self.maximumDepth {
      guard current.kind == .callExpression, let arguments = syntax.child(current.node, .arguments),
        let first = syntax.children(arguments).first
      else { break }
      current = first
    }
    return plainName(current.node) ?? ""
  }

  private mutating func members(_ body: Node, of type: String, at place: Int) {
    var decorators: [AnnotationFact] = []
    for child in syntax.children(body) {
      switch child.kind {
      case .decorator:
        decorators += decorator(child.node)
        continue
      case .methodDefinition: method(child.node, of: type, decorators: decorators)
      case .publicFieldDefinition, .fieldDefinition: field(child.node, of: type, at: place, decorators: decorators)
      case .abstractMethodSignature: abstractMethod(child.node, of: type, decorators: decorators)
      case .methodSignature:
        if isDeclarationFile { abstractMethod(child.node, of: type, decorators: decorators) }
      case .classStaticBlock:
        if let block = syntax.child(child.node, .body) ?? syntax.child(child.node, of: .statementBlock) {
          function(child.node, name: type + ".<static>", owner: type, decorators: [], isStatic: true)
          _ = block
        }
      default: break
      }
      decorators = []
    }
  }

  private mutating func method(_ node: Node, of type: String, decorators: [AnnotationFact]) {
    var annotations = decorators
    var name = ""
    var nameNode: Node?
    for child in syntax.children(node) {
      if child.kind == .decorator { annotations += decorator(child.node) }
      if child.field == .name {
        name = keyText(child) ?? ""
        nameNode = child.node
        break
      }
    }
    guard let nameNode, !name.isEmpty else { return }
    function(
      node, name: type + "." + name, owner: type, decorators: annotations,
      isStatic: has("static", in: node, before: nameNode))
  }

  private mutating func abstractMethod(_ node: Node, of type: String, decorators: [AnnotationFact]) {
    guard let nameNode = syntax.child(node, .name) else { return }
    var signature = Signature()
    var returnType = ""
    beginBody()
    for child in syntax.children(node) {
      if child.field == .parameters { signature = parameters(child.node) }
      if child.field == .returnType { returnType = typeText(child.node, child.kind) }
    }
    _ = events.end()
    functions.append(
      FunctionFact(
        name: type + "." + syntax.text(nameNode), owner: type, lines: syntax.line(node)...syntax.lastLine(node),
        parameters: signature.names, parameterTypes: signature.types, returnType: returnType, annotations: decorators,
        isAbstract: true, isLocal: false, isRecovered: false, events: []))
  }

  private mutating func field(_ node: Node, of type: String, at place: Int, decorators: [AnnotationFact]) {
    var annotations = decorators
    var name = ""
    var nameNode: Node?
    var fieldType = ""
    var initial: Part?
    for child in syntax.children(node) {
      if child.kind == .decorator {
        annotations += decorator(child.node)
        continue
      }
      switch child.field {
      case .name, .property:
        name = keyText(child) ?? ""
        nameNode = child.node
      case .type: fieldType = typeText(child.node, child.kind)
      case .value: initial = child
      default: break
      }
    }
    guard let nameNode, !name.isEmpty else { return }
    let isStatic = has("static", in: node, before: nameNode)
    let line = syntax.line(nameNode)
    if let initial, Self.isFunction(initial.kind) {
      return function(
        initial.node, name: type + "." + name, owner: type, decorators: annotations, isStatic: isStatic)
    }
    let mark = pending.count
    let held = initial.map { value($0.node, $0.kind) } ?? .opaque
    flushPending(from: mark, callee: name, receiver: nil)
    types[place].fields.append(
      FieldFact(name: name, type: fieldType, annotations: annotations, value: held, isStatic: isStatic, line: line))
    guard held != .opaque else { return }
    let isFixed = isStatic && has("readonly", in: node, before: nameNode)
    constants.append(
      ConstantFact(name: type + "." + name, kind: isFixed ? .global : .field, value: held, isLocal: false, line: line))
  }

  // MARK: Decorators

  /// A decorator with what it is given; what its arguments call is no code of the system.
  mutating func decorator(_ node: Node) -> [AnnotationFact] {
    guard let inner = syntax.children(node).first else { return [] }
    let line = syntax.line(node)
    let outerPending = pending
    pending = []
    beginBody()
    let held = value(inner.node, inner.kind)
    _ = events.end()
    pending = outerPending
    switch held {
    case .name(let name): return [AnnotationFact(name: name, line: line)]
    case .call(let callee, let receiver, let arguments):
      if case .name(let owner)? = receiver {
        return [AnnotationFact(name: owner + "." + callee, arguments: arguments, line: line)]
      }
      return [AnnotationFact(name: callee, arguments: arguments, line: line)]
    case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return []
    }
  }

  // MARK: Interfaces, aliases, enumerations, namespaces

  mutating func interfaceType(_ node: Node) {
    guard let name = syntax.child(node, .name).map(syntax.text) else { return }
    let full = isTopLevel ? qualified(name) : name
    var fact = TypeFact(name: full, kind: .interface, bases: [], line: syntax.line(node))
    for child in syntax.children(node) {
      switch child.kind {
      case .extendsTypeClause: fact.bases = syntax.children(child.node).map { typeText($0.node, $0.kind) }
      case .typeParameters: fact.typeParameters = typeParameters(child.node)
      case .interfaceBody, .objectType:
        fact.fields = shapeFields(child.node)
        for member in syntax.children(child.node) where member.kind == .methodSignature {
          abstractMethod(member.node, of: full, decorators: [])
        }
      default: break
      }
    }
    typePlaces[full] = types.count
    types.append(fact)
  }

  mutating func aliasType(_ node: Node) {
    guard let name = syntax.child(node, .name).map(syntax.text), let shape = syntax.child(node, .value) else { return }
    var fact = TypeFact(name: isTopLevel ? qualified(name) : name, kind: .alias, bases: [], line: syntax.line(node))
    switch syntax.kind(shape) {
    case .objectType: fact.fields = shapeFields(shape)
    case .intersectionType, .unionType, .genericType, .typeIdentifier, .nestedTypeIdentifier:
      var parts = [(shape, syntax.kind(shape))]
      while let (part, kind) = parts.popLast() {
        switch kind {
        case .literalType, .predefinedType: break
        case .intersectionType, .unionType: parts += syntax.children(part).reversed().map { ($0.node, $0.kind) }
        case .objectType: fact.fields += shapeFields(part)
        default:
          let base = typeText(part, kind)
          if !base.isEmpty { fact.bases.append(base) }
        }
      }
    default: return
    }
    // Alternatives of many types say nothing about what a value is.
    guard fact.bases.count <= Self.mostBases, !fact.bases.isEmpty || !fact.fields.isEmpty else { return }
    typePlaces[fact.name] = types.count
    types.append(fact)
  }

  private static let mostBases = 8

  /// The properties of an interface or object type.
  func shapeFields(_ node: Node) -> [FieldFact] {
    syntax.children(node).compactMap { member in
      guard member.kind == .propertySignature, let name = syntax.child(member.node, .name) else { return nil }
      let type = syntax.child(member.node, .type).map { typeText($0, syntax.kind($0)) } ?? ""
      return FieldFact(name: syntax.text(name), type: type, line: syntax.line(member.node))
    }
  }

  mutating func enumType(_ node: Node) {
    guard let name = syntax.child(node, .name).map(syntax.text), let body = syntax.child(node, .body) else { return }
    let full = isTopLevel ? qualified(name) : name
    typePlaces[full] = types.count
    types.append(TypeFact(name: full, kind: .enum, bases: [], line: syntax.line(node)))
    for member in syntax.children(body) {
      var key = member
      var held: Value = .opaque
      if member.kind == .enumAssignment {
        let parts = syntax.children(member.node)
        guard let first = parts.first, let last = parts.last else { continue }
        key = first
        held = value(last.node, last.kind)
      }
      constants.append(
        ConstantFact(
          name: full + "." + (keyText(key) ?? ""), kind: .enumerator, value: held, isLocal: false,
          line: syntax.line(member.node)))
    }
  }

  mutating func namespace(_ node: Node) {
    guard let nameNode = syntax.child(node, .name), let body = syntax.child(node, .body) else { return }
    let outer = path
    // `declare module "x"` describes a package under its own name.
    if syntax.kind(nameNode) != .string { path = qualified(syntax.text(nameNode)) }
    statements(syntax.children(body))
    path = outer
  }

  private func typeParameters(_ node: Node) -> [String] {
    syntax.children(node).compactMap { child in
      syntax.child(child.node, .name).map(syntax.text) ?? syntax.children(child.node).first.map { syntax.text($0.node) }
    }
  }
}
