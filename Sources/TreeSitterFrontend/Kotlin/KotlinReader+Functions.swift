import Facts

/// Functions, properties and their accessors.
extension KotlinReader {
  /// Reads a function with its body.
  mutating func readFunction(_ node: Node) {
    let children = syntax.children(node)
    guard let nameNode = children.first(where: { $0.kind == .simpleIdentifier }) else { return }
    let receiver = children.first { $0.field == .receiver }
    let words = modifiers(among: children)
    let body = children.first { $0.kind == .functionBody }
    let list = children.first { $0.kind == .parameters }
    // The result follows the parameters.
    let result = children.drop { $0.kind != .parameters }.first { isType($0.kind) }
    var target = owner
    var isStatic = scopes.last?.isStatic ?? false
    if let receiver, scopes.isEmpty {
      // An extension is called, and reaches its receiver, like a method.
      target = String(typeText(receiver.node).prefix { $0 != "<" })
      isStatic = false
    }
    let simple = name(of: nameNode.node)
    addFunction(
      node, name: target.isEmpty ? simple : target + "." + simple, owner: target, children: children,
      parameters: list.map { parameters($0.node) } ?? [], result: result.map { typeText($0.node) } ?? "",
      body: body, isStatic: isStatic, isAbstract: body == nil, isLocal: words.contains("private"))
  }

  /// Reads a constructor that is written as one.
  mutating func readConstructor(_ node: Node) {
    let children = syntax.children(node)
    let list = children.first { $0.kind == .parameters }
    let owner = owner
    addFunction(
      node, name: owner + "." + NameParts.last(of: owner), owner: owner, children: children,
      parameters: list.map { parameters($0.node) } ?? [], result: "", body: nil, isStatic: false, isAbstract: false,
      isLocal: false)
  }

  /// Reads `get()` or `set(value)` of a property.
  mutating func readAccessor(_ accessor: Entry, of property: String) {
    let children = syntax.children(accessor.node)
    guard let body = children.first(where: { $0.kind == .functionBody }) else { return }
    let owner = owner
    var names: [(name: String, type: String)] = []
    for child in children where child.kind == .optionalParameter {
      let parts = syntax.children(child.node)
      let name = parts.first { $0.kind == .simpleIdentifier }.map { self.name(of: $0.node) } ?? ""
      names.append((name, type(among: parts)))
    }
    addFunction(
      accessor.node, name: owner.isEmpty ? property : owner + "." + property, owner: owner, children: children,
      parameters: names, result: type(among: children), body: body, isStatic: scopes.last?.isStatic ?? false,
      isAbstract: false, isLocal: false)
  }

  private mutating func addFunction(
    _ node: Node, name: String, owner: String, children: [Entry], parameters: [(name: String, type: String)],
    result: String, body: Entry?, isStatic: Bool, isAbstract: Bool, isLocal: Bool
  ) {
    let outerLocals = locals
    let outerDepth = receiverDepth
    locals = Set(parameters.map(\.name))
    receiverDepth = 0
    let (_, list) = apart { reader in
      if let body {
        reader.functionBody(body.node)
      } else {
        for child in children where child.kind == .statements || child.kind == .constructorDelegation {
          reader.constructorPart(child)
        }
      }
    }
    locals = outerLocals
    receiverDepth = outerDepth
    let first = children.first { $0.kind != .modifiers }.map { syntax.line($0.node) } ?? syntax.line(node)
    let lines = first...max(first, syntax.lastLine(node))
    facts.functions.append(
      FunctionFact(
        name: name, owner: owner, lines: lines, parameters: parameters.map(\.name),
        parameterTypes: parameters.map(\.type), returnType: result, annotations: annotations(among: children),
        isStatic: isStatic, isAbstract: isAbstract, isLocal: isLocal, isRecovered: syntax.hasError(node),
        events: list))
  }

  private mutating func constructorPart(_ child: Entry) {
    guard child.kind == .constructorDelegation else {
      _ = statements(child.node, isUsed: false)
      return
    }
    let word = syntax.bytes(child.node).first == UInt8(ascii: "t") ? "this" : "super"
    for list in syntax.children(child.node) where list.kind == .arguments {
      let values = arguments(list.node).map(\.value)
      events.add(
        .call(CallFact(callee: word, receiver: nil, arguments: values, dispatch: .direct)), syntax.line(child.node))
    }
  }

  /// Reads `{ … }` or `= …`.
  mutating func functionBody(_ node: Node) {
    for child in syntax.children(node) {
      if child.kind == .statements {
        _ = statements(child.node, isUsed: false)
      } else {
        let value = value(child.node)
        events.add(.result(value), syntax.line(child.node))
      }
    }
  }

  /// Names and types of the parameters in a list.
  func parameters(_ node: Node) -> [(name: String, type: String)] {
    var found: [(name: String, type: String)] = []
    var isMany = false
    for child in syntax.children(node) {
      if child.kind == .parameterModifiers { isMany = syntax.text(child.node).contains("vararg") }
      guard child.kind == .parameter else { continue }
      let parts = syntax.children(child.node)
      let type = type(among: parts)
      let name = parts.first { $0.kind == .simpleIdentifier }.map { self.name(of: $0.node) } ?? ""
      found.append((name, isMany ? "Array<\(type)>" : type))
      isMany = false
    }
    return found
  }

  // MARK: Properties

  /// Reads a property at the top of the file, or a local variable.
  mutating func readProperty(_ node: Node) {
    let children = syntax.children(node)
    let (parts, initial) = propertyParts(children)
    let words = modifiers(among: children)
    let value: Value = initial.map { self.value($0.node) } ?? .opaque
    for part in parts {
      if value != .opaque {
        facts.constants.append(
          ConstantFact(
            name: part.name, kind: .global, value: value, isLocal: words.contains("private"), line: part.line))
      }
      for accessor in children where accessor.kind == .getter || accessor.kind == .setter {
        readAccessor(accessor, of: part.name)
      }
    }
  }

  /// Reads a property of a type.
  mutating func readField(_ node: Node) -> [FieldFact] {
    let children = syntax.children(node)
    let (parts, initial) = propertyParts(children)
    let annotations = annotations(among: children)
    let isStatic = scopes.last?.isStatic ?? false
    locals = []
    let (value, list) = apart { reader in initial.map { reader.value($0.node) } ?? .opaque }
    scopes[scopes.count - 1].setUp += list
    var fields: [FieldFact] = []
    for part in parts {
      fields.append(
        FieldFact(
          name: part.name, type: part.type, annotations: annotations, value: value, isStatic: isStatic,
          line: part.line))
      if value != .opaque, isStatic {
        let isMutable = children.contains { $0.kind == .bindingKind && syntax.text($0.node) == "var" }
        facts.constants.append(
          ConstantFact(
            name: qualified(part.name), kind: isMutable ? .field : .global, value: value, isLocal: false,
            line: part.line))
      } else if !list.isEmpty {
        scopes[scopes.count - 1].setUp.append(
          PlacedEvent(line: part.line, event: .assign(name: "this." + part.name, value: value)))
      } else if value != .opaque {
        facts.constants.append(
          ConstantFact(name: qualified(part.name), kind: .field, value: value, isLocal: false, line: part.line))
      }
      for accessor in children where accessor.kind == .getter || accessor.kind == .setter {
        readAccessor(accessor, of: part.name)
      }
    }
    return fields
  }

  /// The variables a declaration names, and what they begin with.
  func propertyParts(_ children: [Entry]) -> (parts: [(name: String, type: String, line: Int)], initial: Entry?) {
    var parts: [(name: String, type: String, line: Int)] = []
    var initial: Entry?
    var hasName = false
    for child in children {
      switch child.kind {
      case .variable:
        parts.append(variable(child.node))
        hasName = true
      case .multiVariable:
        for inner in syntax.children(child.node) where inner.kind == .variable { parts.append(variable(inner.node)) }
        hasName = true
      case .propertyDelegate: initial = syntax.children(child.node).first
      case .modifiers, .getter, .setter, .bindingKind, .typeParameters: break
      case .none: break
      default: if hasName, child.field != .receiver, initial == nil { initial = child }
      }
    }
    return (parts, initial)
  }

  /// A variable with its type.
  func variable(_ node: Node) -> (name: String, type: String, line: Int) {
    let parts = syntax.children(node)
    let name = parts.first { $0.kind == .simpleIdentifier }.map { self.name(of: $0.node) } ?? ""
    return (name, type(among: parts), syntax.line(node))
  }
}

/// Parts of dotted names.
enum NameParts {
  /// The part behind the last dot.
  static func last(of name: String) -> String {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[name.utf8.index(after: $0)...]) } ?? name
  }
}
