import Facts

/// Types and what stands in them.
extension KotlinReader {
  /// Reads a declaration; false when the node is none.
  mutating func declaration(_ child: Entry) -> Bool {
    switch child.kind {
    case .classDeclaration: bounded { $0.readClass(child.node) }
    case .objectDeclaration: bounded { $0.readObject(child.node) }
    case .companionObject: bounded { $0.readCompanion(child.node) }
    case .typeAlias: readAlias(child.node)
    case .function: bounded { $0.readFunction(child.node) }
    case .property: bounded { $0.readProperty(child.node) }
    default: return false
    }
    return true
  }

  private mutating func readAlias(_ node: Node) {
    let children = syntax.children(node)
    guard let name = children.first(where: { $0.kind == .typeIdentifier }) else { return }
    facts.types.append(
      TypeFact(
        name: qualified(self.name(of: name.node)), kind: .alias, namespace: facts.namespace,
        bases: [type(among: children)].filter { !$0.isEmpty }, line: syntax.line(name.node)))
  }

  private mutating func readClass(_ node: Node) {
    let children = syntax.children(node)
    guard let name = children.first(where: { $0.kind == .typeIdentifier }) else { return }
    let words = children.first { $0.kind == .modifiers }.map { between($0.node, name.node) }
    let keyword = words ?? String(decoding: syntax.bytes(node).prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    let kind: TypeFact.Kind = keyword == "interface" ? .interface : keyword == "enum" ? .enum : .class
    readType(node, children, name: self.name(of: name.node), kind: kind, isStatic: false)
  }

  private mutating func readObject(_ node: Node) {
    let children = syntax.children(node)
    guard let name = children.first(where: { $0.kind == .typeIdentifier }) else { return }
    readType(node, children, name: self.name(of: name.node), kind: .class, isStatic: true)
  }

  /// Members of a companion object belong to the type around; what the object derives from is kept in a type of its own.
  private mutating func readCompanion(_ node: Node) {
    let children = syntax.children(node)
    guard let around = scopes.last else { return }
    let name = children.first { $0.kind == .typeIdentifier }.map { self.name(of: $0.node) } ?? "Companion"
    let bases = readBases(children)
    facts.types.append(
      TypeFact(
        name: around.name + "." + name, namespace: facts.namespace, bases: bases.names,
        annotations: annotations(among: children), body: bases.calls, line: syntax.line(node)))
    scopes.append(Scope(name: around.name, isStatic: true))
    let fields = readMembers(children)
    closeScope(node, parameters: [], types: [], annotations: [])
    companionFields[around.name, default: []] += fields
  }

  private mutating func readType(
    _ node: Node, _ children: [Entry], name: String, kind: TypeFact.Kind, isStatic: Bool
  ) {
    let line = children.first { $0.kind == .typeIdentifier }.map { syntax.line($0.node) } ?? syntax.line(node)
    let bases = readBases(children)
    var type = TypeFact(
      name: qualified(name), kind: kind, namespace: facts.namespace, bases: bases.names,
      annotations: annotations(among: children), body: bases.calls, line: line)
    for list in children where list.kind == .typeParameters {
      for parameter in syntax.children(list.node) where parameter.kind == .typeParameter {
        if let name = syntax.child(parameter.node, of: .typeIdentifier) {
          type.typeParameters.append(self.name(of: name))
        }
      }
    }
    scopes.append(Scope(name: type.name, isStatic: isStatic))
    var parameters: [String] = []
    var parameterTypes: [String] = []
    var hasConstructor = false
    var constructorAnnotations: [AnnotationFact] = []
    // Class parameters are children of the class itself or of its primary constructor.
    var classParameters = children.filter { $0.kind == .classParameter }
    for constructor in children where constructor.kind == .primaryConstructor {
      let parts = syntax.children(constructor.node)
      constructorAnnotations = annotations(among: parts)
      classParameters += parts.filter { $0.kind == .classParameter }
      hasConstructor = true
    }
    for placed in bases.calls {
      if case .call(var call) = placed.event {
        call.receiver = .name("super")
        scopes[scopes.count - 1].setUp.append(PlacedEvent(line: placed.line, event: .call(call)))
      }
    }
    for parameter in classParameters {
      let field = readClassParameter(parameter.node)
      parameters.append(field.fact.name)
      parameterTypes.append(field.fact.type)
      guard field.isProperty else { continue }
      type.fields.append(field.fact)
      scopes[scopes.count - 1].setUp.append(
        PlacedEvent(
          line: field.fact.line, event: .assign(name: "this." + field.fact.name, value: .name(field.fact.name))))
    }
    type.fields += readMembers(children)
    let setUp = scopes[scopes.count - 1].setUp
    if hasConstructor && !classParameters.isEmpty || !setUp.isEmpty {
      closeScope(node, parameters: parameters, types: parameterTypes, annotations: constructorAnnotations)
    } else {
      scopes.removeLast()
    }
    type.fields += companionFields.removeValue(forKey: type.name) ?? []
    facts.types.append(type)
  }

  /// Ends a type: what building it runs becomes its constructor, or its static part.
  private mutating func closeScope(
    _ node: Node, parameters: [String], types: [String], annotations: [AnnotationFact]
  ) {
    let scope = scopes.removeLast()
    guard !scope.setUp.isEmpty || !parameters.isEmpty else { return }
    let last = NameParts.last(of: scope.name)
    let first = scope.setUp.map(\.line).min() ?? syntax.line(node)
    facts.functions.append(
      FunctionFact(
        name: scope.name + "." + (scope.isStatic ? "<static>" : last), owner: scope.name,
        lines: first...max(first, scope.setUp.map(\.line).max() ?? first), parameters: parameters,
        parameterTypes: types, annotations: annotations, isStatic: scope.isStatic, isLocal: false, isRecovered: false,
        events: scope.setUp))
  }

  private mutating func readBases(_ children: [Entry]) -> (names: [String], calls: [PlacedEvent]) {
    var classes: [String] = []
    var others: [String] = []
    var calls: [PlacedEvent] = []
    for child in children where child.kind == .delegation {
      guard let base = syntax.children(child.node).first else { continue }
      switch base.kind {
      case .constructorInvocation:
        let parts = syntax.children(base.node)
        let name = type(among: parts)
        classes.append(name)
        let list = parts.first { $0.kind == .arguments }.map { list in
          apart { $0.arguments(list.node).map(\.value) }.result
        }
        let callee = name.prefix { $0 != "<" }
        calls.append(
          PlacedEvent(
            line: syntax.line(base.node),
            event: .call(
              CallFact(callee: String(callee), receiver: nil, arguments: list ?? [], dispatch: .direct))))
      case .explicitDelegation: others.append(type(among: syntax.children(base.node)))
      default: others.append(typeText(base.node))
      }
    }
    return ((classes + others).filter { !$0.isEmpty }, calls)
  }

  private mutating func readClassParameter(_ node: Node) -> (fact: FieldFact, isProperty: Bool) {
    let children = syntax.children(node)
    var field = FieldFact(
      name: "", type: type(among: children), annotations: annotations(among: children), line: syntax.line(node))
    var isProperty = false
    for child in children {
      switch child.kind {
      case .bindingKind: isProperty = true
      case .simpleIdentifier where field.name.isEmpty:
        field.name = name(of: child.node)
        field.line = syntax.line(child.node)
      case .modifiers: break
      default:
        if !isType(child.kind), child.kind != nil { field.value = apart { $0.value(child.node) }.result }
      }
    }
    return (field, isProperty)
  }

  private mutating func readMembers(_ children: [Entry]) -> [FieldFact] {
    var fields: [FieldFact] = []
    for body in children where body.kind == .classBody || body.kind == .enumBody {
      for member in syntax.children(body.node) { readMember(member, into: &fields) }
    }
    if let body = delegatedBody(children) {
      for member in syntax.children(body) { readMember(member, into: &fields) }
    }
    return fields
  }

  /// The grammar takes the body behind `: Base by delegate { … }` for a lambda given to `delegate`.
  private func delegatedBody(_ children: [Entry]) -> Node? {
    guard let last = children.last, last.kind == .delegation,
      let delegation = syntax.child(last.node, of: .explicitDelegation),
      let call = syntax.child(delegation, of: .call), let suffix = syntax.child(call, of: .callSuffix),
      let lambda = syntax.child(suffix, of: .annotatedLambda).flatMap({ syntax.child($0, of: .lambda) })
    else { return nil }
    return syntax.child(lambda, of: .statements)
  }

  private mutating func readMember(_ member: Entry, into fields: inout [FieldFact]) {
    switch member.kind {
    case .property: if let field = bounded({ $0.readField(member.node) }) { fields += field }
    case .getter, .setter:
      if let field = fields.last { readAccessor(member, of: field.name) }
    case .initializer:
      let (_, list) = apart { $0.setUpBody(member.node) }
      scopes[scopes.count - 1].setUp += list
    case .secondaryConstructor: bounded { $0.readConstructor(member.node) }
    case .enumEntry: readEntry(member.node)
    case .none where syntax.isError(member.node):
      bounded { reader in
        for inner in reader.syntax.children(member.node) { reader.readMember(inner, into: &fields) }
      }
    default: _ = declaration(member)
    }
  }

  private mutating func setUpBody(_ node: Node) {
    locals = []
    for child in syntax.children(node) where child.kind == .statements { _ = statements(child.node, isUsed: false) }
  }

  private mutating func readEntry(_ node: Node) {
    let children = syntax.children(node)
    guard let name = children.first(where: { $0.kind == .simpleIdentifier }) else { return }
    let arguments = children.first { $0.kind == .arguments }.map { list in
      apart { $0.arguments(list.node).map(\.value) }.result
    }
    let value: Value =
      switch arguments?.count ?? 0 {
      case 0: .opaque
      case 1: arguments?.first ?? .opaque
      default: .list(arguments ?? [])
      }
    facts.constants.append(
      ConstantFact(
        name: qualified(self.name(of: name.node)), kind: .enumerator, value: value, isLocal: false,
        line: syntax.line(node)))
    var fields: [FieldFact] = []
    for body in children where body.kind == .classBody {
      for member in syntax.children(body.node) { readMember(member, into: &fields) }
    }
  }
}
