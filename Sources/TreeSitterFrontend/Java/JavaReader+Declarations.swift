import Facts

extension JavaReader {
  /// Reads a type declaration with everything in it; false when the node is none.
  func typeDeclaration(_ child: JavaChild) -> Bool {
    let kind: TypeFact.Kind
    switch child.kind {
    case .classDeclaration: kind = .class
    case .interfaceDeclaration, .annotationTypeDeclaration: kind = .interface
    case .enumDeclaration: kind = .enum
    case .recordDeclaration: kind = .record
    default: return false
    }
    _ = deeper { readType(child.node, kind) }
    return true
  }

  private func readType(_ node: Node, _ kind: TypeFact.Kind) {
    var name = ""
    var bases: [String] = []
    var typeParameters: [String] = []
    var marks = Modifiers()
    var components: [FieldFact] = []
    var body: JavaChild?
    for child in syntax.children(node) {
      switch (child.field, child.kind) {
      case (.name, _): name = syntax.text(child.node)
      case (_, .modifiers): marks = modifiers(child.node)
      case (.typeParameters, _): typeParameters = self.typeParameters(child.node)
      case (.superclass, _): bases.insert(contentsOf: self.bases(child.node), at: 0)
      case (.interfaces, _), (_, .extendsInterfaces): bases += self.bases(child.node)
      case (.parameters, _): components = recordComponents(child.node)
      case (.body, _): body = child
      default: break
      }
    }
    let outside = owner
    owner = qualified(name)
    defer { owner = outside }
    let place = types.count
    types.append(
      TypeFact(
        name: owner, kind: kind, namespace: namespace, bases: bases, typeParameters: typeParameters,
        annotations: marks.annotations, fields: components, line: syntax.line(node)))
    guard let body else { return }
    var members = JavaMembers(type: place, isInterface: kind == .interface)
    for child in syntax.children(body.node) { member(child, of: &members) }
    finish(members)
  }

  /// Adds what initializers do, apart from making plain objects, as functions of their own.
  private func finish(_ members: JavaMembers) {
    for (name, blocks) in [("<static>", members.staticEvents), ("<init>", members.objectEvents)] {
      guard let first = blocks.first, let last = blocks.last else { continue }
      functions.append(
        FunctionFact(
          name: qualified(name), owner: owner, lines: first.lines.lowerBound...last.lines.upperBound, parameters: [],
          isStatic: name == "<static>", isLocal: true, isRecovered: false, events: blocks.flatMap(\.events)))
    }
  }

  private func recordComponents(_ node: Node) -> [FieldFact] {
    syntax.children(node).compactMap { child in
      guard let parameter = parameter(child) else { return nil }
      let marks = modifiers(syntax.children(child.node).first { $0.kind == .modifiers }?.node)
      return FieldFact(
        name: parameter.name, type: parameter.type, annotations: marks.annotations, line: syntax.line(child.node))
    }
  }

  // MARK: Members

  /// What is gathered while the body of a type is read.
  struct JavaMembers {
    /// Place in `types`.
    var type: Int
    var isInterface: Bool
    var staticEvents: [Initializer] = []
    var objectEvents: [Initializer] = []

    struct Initializer {
      var lines: ClosedRange<Int>
      var events: [PlacedEvent]
    }
  }

  private func member(_ child: JavaChild, of members: inout JavaMembers) {
    switch child.kind {
    case .methodDeclaration: method(child.node, inInterface: members.isInterface)
    case .constructorDeclaration, .compactConstructor: constructor(child.node, of: members.type)
    case .fieldDeclaration, .constantDeclaration: field(child.node, of: &members)
    case .enumConstant: enumConstant(child.node, of: &members)
    case .enumBodyDeclarations:
      for inner in syntax.children(child.node) { member(inner, of: &members) }
    case .staticInitializer:
      if let block = syntax.child(child.node, of: .block) { initializer(block, isStatic: true, of: &members) }
    case .block: initializer(child.node, isStatic: false, of: &members)
    default:
      if typeDeclaration(child) { return }
      // What an error left whole is read all the same.
      if syntax.isError(child.node) {
        _ = deeper { for inner in syntax.children(child.node) { member(inner, of: &members) } }
      }
    }
  }

  private func initializer(_ block: Node, isStatic: Bool, of members: inout JavaMembers) {
    events.begin()
    blockStatements(block)
    let read = events.end()
    guard !read.isEmpty else { return }
    let entry = JavaMembers.Initializer(lines: lines(of: block), events: read)
    if isStatic { members.staticEvents.append(entry) } else { members.objectEvents.append(entry) }
  }

  func lines(of node: Node) -> ClosedRange<Int> {
    let first = syntax.line(node)
    return first...max(first, syntax.lastLine(node))
  }

  private func field(_ node: Node, of members: inout JavaMembers) {
    var marks = Modifiers()
    var base = ""
    for child in syntax.children(node) {
      switch (child.field, child.kind) {
      case (_, .modifiers): marks = modifiers(child.node)
      case (.type, _): base = type(child.node, child.kind)
      case (.declarator, _):
        if members.isInterface { (marks.isStatic, marks.isFinal) = (true, true) }
        declarator(child.node, type: base, marks: marks, of: &members)
      default: break
      }
    }
  }

  private func declarator(_ node: Node, type base: String, marks: Modifiers, of members: inout JavaMembers) {
    let parts = declaratorParts(node)
    events.begin()
    let value = parts.value.map { self.value($0) } ?? .opaque
    flushWaiting(callee: parts.name, receiver: nil)
    let read = events.end()
    let line = syntax.line(node)
    types[members.type].fields.append(
      FieldFact(
        name: parts.name, type: arrayed(base, by: parts.dimensions), annotations: marks.annotations, value: value,
        isStatic: marks.isStatic, line: line))
    if value != .opaque {
      constants.append(
        ConstantFact(
          name: qualified(parts.name), kind: marks.isStatic && marks.isFinal ? .global : .field, value: value,
          isLocal: marks.isPrivate, line: line))
    }
    guard read.contains(where: Self.matters) else { return }
    let entry = JavaMembers.Initializer(lines: lines(of: node), events: read)
    if marks.isStatic { members.staticEvents.append(entry) } else { members.objectEvents.append(entry) }
  }

  /// Whether an initializer does more than make an object: it holds a closure, or hands text to a method.
  private static func matters(_ placed: PlacedEvent) -> Bool {
    switch placed.event {
    case .enterScope: true
    case .call(let call):
      call.receiver != nil && call.arguments.contains { if case .text = $0 { true } else { false } }
    case .declare, .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .leave: false
    }
  }

  func declaratorParts(_ node: Node) -> (name: String, value: JavaChild?, dimensions: Node?) {
    var name = ""
    var value: JavaChild?
    var dimensions: Node?
    for child in syntax.children(node) {
      switch child.field {
      case .name: name = syntax.text(child.node)
      case .value: value = child
      case .dimensions: dimensions = child.node
      default: break
      }
    }
    return (name, value, dimensions)
  }

  private func enumConstant(_ node: Node, of members: inout JavaMembers) {
    var name = ""
    var arguments: [Value] = []
    var marks = Modifiers()
    var body: JavaChild?
    for child in syntax.children(node) {
      switch child.field {
      case .name: name = syntax.text(child.node)
      case .arguments: arguments = syntax.children(child.node).map { self.value($0) }
      case .body: body = child
      default: if child.kind == .modifiers { marks = modifiers(child.node) }
      }
    }
    waiting = []
    let line = syntax.line(node)
    let value: Value = arguments.isEmpty ? .opaque : .call(callee: owner, receiver: nil, arguments: arguments)
    constants.append(ConstantFact(name: qualified(name), kind: .enumerator, value: value, isLocal: false, line: line))
    types[members.type].fields.append(
      FieldFact(
        name: name, type: owner, annotations: marks.annotations, value: value, isStatic: true, line: line))
    guard let body else { return }
    let outside = owner
    owner = qualified(name)
    defer { owner = outside }
    let place = types.count
    types.append(TypeFact(name: owner, kind: .class, namespace: namespace, bases: [outside], line: line))
    var inner = JavaMembers(type: place, isInterface: false)
    for child in syntax.children(body.node) { member(child, of: &inner) }
    finish(inner)
  }

  // MARK: Methods

  func method(_ node: Node, inInterface: Bool = false) {
    var name = ""
    var marks = Modifiers()
    var result = ""
    var dimensions: Node?
    var parameters: [(name: String, type: String)] = []
    var body: Node?
    for child in syntax.children(node) {
      switch child.field {
      case .name: name = syntax.text(child.node)
      case .type: result = type(child.node, child.kind)
      case .parameters: parameters = self.parameters(child.node)
      case .dimensions: dimensions = child.node
      case .body: body = child.node
      default:
        if child.kind == .modifiers {
          marks = modifiers(child.node)
        } else if child.kind == .annotation || child.kind == .markerAnnotation {
          marks.annotations.append(annotation(child))
        }
      }
    }
    add(
      FunctionFact(
        name: qualified(name), owner: owner, lines: lines(of: node), parameters: parameters.map(\.name),
        parameterTypes: parameters.map(\.type), returnType: arrayed(result, by: dimensions),
        annotations: marks.annotations, isStatic: marks.isStatic, isAbstract: body == nil,
        isLocal: marks.isPrivate, isRecovered: false, events: []),
      readingBody: { if let body { blockStatements(body) } }, hasError: syntax.hasError(node))
  }

  private func constructor(_ node: Node, of type: Int) {
    var name = ""
    var marks = Modifiers()
    var parameters: [(name: String, type: String)] = []
    var body: Node?
    var isCompact = true
    for child in syntax.children(node) {
      switch child.field {
      case .name: name = syntax.text(child.node)
      case .parameters:
        parameters = self.parameters(child.node)
        isCompact = false
      case .body: body = child.node
      default: if child.kind == .modifiers { marks = modifiers(child.node) }
      }
    }
    // The compact constructor of a record has its components as parameters.
    if isCompact { parameters = types[type].fields.map { ($0.name, $0.type) } }
    add(
      FunctionFact(
        name: qualified(name), owner: owner, lines: lines(of: node), parameters: parameters.map(\.name),
        parameterTypes: parameters.map(\.type), annotations: marks.annotations, isLocal: marks.isPrivate,
        isRecovered: false, events: []),
      readingBody: { if let body { blockStatements(body) } }, hasError: syntax.hasError(node))
  }

  /// Names and types of parameters; `this` as a parameter is none.
  func parameters(_ node: Node) -> [(name: String, type: String)] {
    syntax.children(node).compactMap { parameter($0) }
  }

  private func parameter(_ child: JavaChild) -> (name: String, type: String)? {
    var name = ""
    var base = ""
    var dimensions: Node?
    switch child.kind {
    case .formalParameter, .catchParameter:
      for part in syntax.children(child.node) {
        switch part.field {
        case .name: name = syntax.text(part.node)
        case .type: base = type(part.node, part.kind)
        case .dimensions: dimensions = part.node
        default:
          if part.kind == .catchType, let first = syntax.children(part.node).first {
            base = type(first.node, first.kind)
          }
        }
      }
      return (name, arrayed(base, by: dimensions))
    case .spreadParameter:
      for part in syntax.children(child.node) {
        if part.kind == .variableDeclarator {
          name = declaratorParts(part.node).name
        } else if part.kind != .modifiers, part.kind != .annotation, part.kind != .markerAnnotation {
          base = type(part.node, part.kind)
        }
      }
      return (name, base.isEmpty ? "" : "Array<" + base + ">")
    case .identifier: return (syntax.text(child.node), "")
    default: return nil
    }
  }

  func catchParameter(_ child: JavaChild) -> (name: String, type: String)? { parameter(child) }
}
