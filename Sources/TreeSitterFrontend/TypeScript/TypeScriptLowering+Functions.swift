import Facts

/// Functions, methods, closures and their parameters.
extension TypeScriptLowering {
  /// The parts of a function.
  struct Signature {
    var names: [String] = []
    var types: [String] = []
    /// Fields declared by parameters of a constructor.
    var fields: [FieldFact] = []
  }

  mutating func beginBody() { events.begin() }

  /// A function of its own, with its facts.
  mutating func function(
    _ node: Node, name: String, owner: String, decorators: [AnnotationFact], isStatic: Bool = false
  ) {
    guard depth < Self.maximumDepth else { return }
    depth += 1
    defer { depth -= 1 }
    let (outerPending, outerPath, outerAdopted) = (pending, path, adopted)
    (pending, path, adopted) = ([], "", nil)
    frames.append(Frame(name: name, isFunction: true))
    beginBody()
    let (signature, returnType) = signatureAndBody(node, isClosure: false).signature
    let body = events.end()
    let frame = frames.removeLast()
    (pending, path, adopted) = (outerPending, outerPath, outerAdopted)
    if frame.isShared { shareVariables(body) }
    functions.append(
      FunctionFact(
        name: name, owner: owner, lines: syntax.line(node)...syntax.lastLine(node), parameters: signature.names,
        parameterTypes: signature.types, returnType: returnType, annotations: decorators, isStatic: isStatic,
        isLocal: false, isRecovered: syntax.hasError(node), events: body))
    if !signature.fields.isEmpty, let place = typePlaces[owner] { types[place].fields += signature.fields }
  }

  /// Variables of a function that methods made by it see.
  private mutating func shareVariables(_ body: [PlacedEvent]) {
    for placed in body {
      guard case .declare(let name, _, let value) = placed.event, value != .opaque else { continue }
      constants.append(ConstantFact(name: name, kind: .field, value: value, isLocal: true, line: placed.line))
    }
  }

  /// A function without a name of its own that is given to something: what it does waits in `pending`.
  mutating func closure(_ node: Node, name: String) -> Value {
    guard depth < Self.maximumDepth else { return .opaque }
    depth += 1
    defer { depth -= 1 }
    let (outerPending, outerAdopted) = (pending, adopted)
    (pending, adopted) = ([], nil)
    frames.append(Frame())
    beginBody()
    let read = signatureAndBody(node, isClosure: true)
    let body = events.end()
    frames.removeLast()
    (pending, adopted) = (outerPending, outerAdopted)
    let signature = read.signature.0
    pending.append(
      PendingClosure(
        name: name, lines: syntax.line(node)...syntax.lastLine(node), parameters: signature.names,
        types: signature.types, events: body))
    return .closure(parameters: signature.names, result: read.result)
  }

  private mutating func signatureAndBody(
    _ node: Node, isClosure: Bool
  ) -> (signature: (Signature, String), result: Value) {
    var signature = Signature()
    var returnType = ""
    var result: Value = .opaque
    for child in syntax.children(node) {
      switch child.field {
      case .parameters: signature = parameters(child.node)
      case .parameter:
        signature.names = [syntax.text(child.node)]
        signature.types = [""]
      case .returnType: returnType = typeText(child.node, child.kind)
      case .body: result = functionBody(child, isClosure: isClosure)
      default: break
      }
    }
    return ((signature, returnType), result)
  }

  /// Reads a body and gives what it returns, when that is all it does.
  private mutating func functionBody(_ body: Part, isClosure: Bool) -> Value {
    guard body.kind == .statementBlock else {
      let line = syntax.line(body.node)
      let mark = pending.count
      var held: Value = .opaque
      if isClosure {
        held = body.kind == .assignmentExpression ? assignment(body.node) : value(body.node, body.kind)
      } else {
        result(body.node, body.kind, line)
      }
      flushPending(from: mark, callee: "", receiver: nil)
      return held
    }
    let children = syntax.children(body.node)
    if !isClosure {
      noteReturned(children)
    } else if children.count == 1, children[0].kind == .returnStatement,
      let returned = syntax.children(children[0].node).first
    {
      let mark = pending.count
      let held = value(returned.node, returned.kind)
      flushPending(from: mark, callee: "", receiver: nil)
      return held
    }
    statements(children)
    return .opaque
  }

  /// Names that a body returns, alone or in an object: functions of these names are methods others call.
  private mutating func noteReturned(_ children: [Part]) {
    for child in children where child.kind == .returnStatement {
      guard let value = syntax.children(child.node).first else { continue }
      if value.kind == .identifier { frames[frames.count - 1].returned.insert(syntax.text(value.node)) }
      guard value.kind == .object else { continue }
      for entry in syntax.children(value.node) {
        var name = entry.node
        if entry.kind == .pair, let held = syntax.child(entry.node, .value), syntax.kind(held) == .identifier {
          name = held
        } else if entry.kind != .shorthandPropertyIdentifier {
          continue
        }
        frames[frames.count - 1].returned.insert(syntax.text(name))
      }
    }
  }

  /// A declared function: one of its own at top level and where others can call it, else part of what is around it.
  mutating func functionDeclaration(_ node: Node, decorators: [AnnotationFact], defaultName: String) {
    let name = syntax.child(node, .name).map(syntax.text) ?? defaultName
    if isTopLevel { return function(node, name: qualified(name), owner: "", decorators: decorators) }
    let frame = frames.count - 1
    if frames[frame].returned.contains(name), !frames[frame].name.isEmpty {
      frames[frame].isShared = true
      return function(node, name: frames[frame].name + "." + name, owner: "", decorators: decorators)
    }
    _ = closure(node, name: name)
  }

  // MARK: Parameters

  mutating func parameters(_ node: Node) -> Signature {
    var signature = Signature()
    for child in syntax.children(node) {
      switch child.kind {
      case .requiredParameter, .optionalParameter: typedParameter(child.node, &signature)
      case .decorator: break
      default: parameter(child, type: "", &signature)
      }
    }
    return signature
  }

  private mutating func typedParameter(_ node: Node, _ signature: inout Signature) {
    var pattern: Part?
    var type = ""
    var typeNode: Part?
    var initial: Part?
    var decorators: [AnnotationFact] = []
    for child in syntax.children(node) {
      switch child.field {
      case .pattern: pattern = child
      case .type:
        typeNode = child
        type = typeText(child.node, child.kind)
      case .value: initial = child
      default:
        if child.kind == .decorator { decorators += decorator(child.node) }
      }
    }
    guard let pattern, pattern.kind != .this else { return }
    let place = signature.names.count
    parameter(pattern, type: type, &signature)
    if let initial, place < signature.names.count { defaultValue(initial, of: signature.names[place]) }
    if pattern.kind == .objectPattern, let typeNode { typeMembers(of: typeNode, from: pattern.node) }
    guard pattern.kind == .identifier, isProperty(node, before: pattern.node) else { return }
    let name = signature.names[place]
    let line = syntax.line(pattern.node)
    signature.fields.append(FieldFact(name: name, type: type, annotations: decorators, line: line))
    add(.assign(name: "this." + name, value: .name(name)), line)
  }

  /// Whether a parameter declares a field: it has `private`, `readonly` or the like before its name.
  private func isProperty(_ node: Node, before name: Node) -> Bool {
    for word in ["private", "public", "protected", "readonly"] where has(word, in: node, before: name) { return true }
    return false
  }

  /// Whether a keyword stands between the decorators of `node` and its name.
  func has(_ keyword: String, in node: Node, before name: Node) -> Bool {
    var start = syntax.offset(node)
    if syntax.bytes(node).first == UInt8(ascii: "@") {
      for child in syntax.children(node) where child.kind == .decorator { start = syntax.endOffset(child.node) }
    }
    let end = syntax.offset(name)
    guard start < end else { return false }
    let head = syntax.bytes(node).prefix(end - syntax.offset(node)).dropFirst(start - syntax.offset(node))
    return head.split(whereSeparator: { $0 == 32 || $0 == 10 || $0 == 9 || $0 == 13 })
      .contains { $0.elementsEqual(keyword.utf8) }
  }

  private mutating func parameter(_ part: Part, type: String, _ signature: inout Signature) {
    switch part.kind {
    case .identifier:
      signature.names.append(syntax.text(part.node))
      signature.types.append(type)
    case .restPattern:
      guard let inner = syntax.children(part.node).first else { return }
      parameter(inner, type: type, &signature)
    case .assignmentPattern:
      let parts = syntax.children(part.node)
      guard let left = parts.first, let right = parts.last else { return }
      let place = signature.names.count
      parameter(left, type: type, &signature)
      if place < signature.names.count { defaultValue(right, of: signature.names[place]) }
    case .objectPattern, .arrayPattern:
      let name = "$" + String(signature.names.count)
      signature.names.append(name)
      signature.types.append(type)
      declare(part.node, part.kind, type: type, value: .name(name))
    default:
      signature.names.append("")
      signature.types.append(type)
    }
  }

  private mutating func defaultValue(_ initial: Part, of name: String) {
    let value = value(initial.node, initial.kind)
    guard value != .opaque, !name.isEmpty, !name.hasPrefix("$") else { return }
    add(.assign(name: name, value: .either([.name(name), value])), syntax.line(initial.node))
  }

  /// `{ em, id }: { em: EntityManager, id: string }` says what type each name has.
  private mutating func typeMembers(of type: Part, from pattern: Node) {
    guard let shape = syntax.child(type.node, of: .objectType) else { return }
    var known: [String: String] = [:]
    for field in shapeFields(shape) { known[field.name] = field.type }
    for child in syntax.children(pattern) where child.kind == .shorthandPropertyIdentifierPattern {
      let name = syntax.text(child.node)
      guard let type = known[name], !type.isEmpty else { continue }
      add(.declare(name: name, type: type, value: .opaque), syntax.line(child.node))
    }
  }
}
