import Facts

extension CSharpReader {
  /// What stands before a declaration.
  struct Marks {
    var annotations: [AnnotationFact] = []
    var modifiers: Set<String> = []
    /// The interface whose member is declared.
    var isExplicit = false
  }

  /// Reads a type or a member of the innermost type.
  mutating func member(_ child: Entry) {
    guard depth < Self.depthLimit else { return }
    depth += 1
    defer { depth -= 1 }
    switch child.kind {
    case .classDeclaration, .structDeclaration: type(child.node, .class)
    case .interfaceDeclaration: type(child.node, .interface)
    case .recordDeclaration: type(child.node, .record)
    case .enumDeclaration: enumeration(child.node)
    case .delegateDeclaration, .modifier, .attributeList, .namespaceDeclaration, .usingDirective: break
    case .fieldDeclaration, .eventFieldDeclaration: fields(child.node)
    case .propertyDeclaration, .indexerDeclaration, .eventDeclaration: property(child.node)
    case .methodDeclaration, .operatorDeclaration, .conversionOperatorDeclaration: method(child.node, child.kind)
    case .constructorDeclaration: constructor(child.node)
    case .destructorDeclaration: method(child.node, child.kind)
    case .preprocIf, .preprocElse, .preprocElif:
      for inner in syntax.children(child.node) where inner.field != .condition { member(inner) }
    default:
      guard syntax.isError(child.node) else { return }
      for inner in syntax.children(child.node) { member(inner) }
      countLost(child.node)
    }
  }

  /// Attributes and modifiers among the children of a declaration.
  mutating func marks(_ children: [Entry]) -> Marks {
    var marks = Marks()
    for child in children {
      switch child.kind {
      case .attributeList: marks.annotations += attributes(child.node)
      case .modifier: marks.modifiers.insert(syntax.text(child.node))
      case .explicitInterfaceSpecifier: marks.isExplicit = true
      case .preprocIf: marks.annotations += attributes(child.node)
      default: if child.field == .name { return marks }
      }
    }
    return marks
  }

  private mutating func attributes(_ list: Node) -> [AnnotationFact] {
    var found: [AnnotationFact] = []
    for child in syntax.children(list) {
      switch child.kind {
      case .attribute:
        let parts = syntax.children(child.node)
        guard let named = parts.first else { continue }
        var arguments: [Value] = []
        for part in parts where part.kind == .attributeArgumentList {
          // Nothing an attribute is given does anything when the code runs.
          events.begin()
          for argument in syntax.children(part.node) { arguments.append(self.argument(argument.node)) }
          _ = events.end()
        }
        let type = typeText(named.node)
        if type.utf8.contains(UInt8(ascii: "<")) { arguments += typeArguments(named.node) }
        found.append(
          AnnotationFact(name: Self.head(of: type), arguments: arguments, line: syntax.line(child.node)))
      case .attributeList: found += attributes(child.node)
      default: break
      }
    }
    return found
  }

  // MARK: Types

  /// The name of a type with those it stands in.
  private func fullName(_ name: String) -> String { openTypes.last.map { $0.name + "." + name } ?? name }

  private mutating func type(_ node: Node, _ kind: TypeFact.Kind) {
    let children = syntax.children(node)
    guard let named = children.first(where: { $0.field == .name }) else { return }
    let marks = marks(children)
    let simple = name(named.node)
    let place = facts.types.count
    let line = syntax.line(named.node)
    facts.types.append(
      TypeFact(
        name: fullName(simple), kind: kind, namespace: namespaces.last ?? "", bases: [],
        annotations: marks.annotations, line: line))
    if marks.modifiers.contains("abstract") {
      facts.types[place].annotations.append(AnnotationFact(name: "abstract", line: line))
    }
    openTypes.append(OpenType(name: fullName(simple), kind: kind))
    var primary: Node?
    var baseArguments: (base: String, list: Node)?
    for child in children {
      switch child.kind {
      case .typeParameterList:
        facts.types[place].typeParameters = syntax.children(child.node).compactMap {
          syntax.child($0.node, .name).map(name)
        }
      case .parameterList: primary = child.node
      case .baseList: baseArguments = bases(child.node, into: &facts.types[place].bases)
      default: break
      }
    }
    if let primary {
      primaryConstructor(primary, of: simple, isRecord: kind == .record, base: baseArguments, line: line)
    }
    if let body = children.first(where: { $0.field == .body }) {
      for child in syntax.children(body.node) { member(child) }
    }
    let open = openTypes.removeLast()
    facts.types[place].fields = open.fields
    if let first = open.initializers.first, let last = open.initializers.last {
      facts.functions.append(
        FunctionFact(
          name: open.name + ".<static>", owner: open.name, lines: first.line...max(first.line, last.line),
          parameters: [], isStatic: true, isLocal: false, isRecovered: false, events: open.initializers))
    }
  }

  private func bases(_ list: Node, into bases: inout [String]) -> (base: String, list: Node)? {
    var arguments: (base: String, list: Node)?
    for child in syntax.children(list) {
      switch child.kind {
      case .argumentList: if let base = bases.last { arguments = (base, child.node) }
      case .primaryConstructorBaseType:
        let parts = syntax.children(child.node)
        guard let base = parts.first(where: { $0.field == .type }) else { continue }
        bases.append(typeText(base.node))
        if let list = parts.first(where: { $0.kind == .argumentList }) { arguments = (typeText(base.node), list.node) }
      default:
        let base = typeText(child.node)
        if !base.isEmpty { bases.append(base) }
      }
    }
    return arguments
  }

  /// Parameters of a type are fields of it, and a constructor that fills them.
  private mutating func primaryConstructor(
    _ list: Node, of simple: String, isRecord: Bool, base: (base: String, list: Node)?, line: Int
  ) {
    let parameters = self.parameters(list)
    let place = openTypes.count - 1
    for parameter in parameters {
      var annotations = parameter.annotations
      if isRecord {
        annotations += ["get", "init"].map { AnnotationFact(name: $0, line: parameter.line) }
      } else {
        annotations.append(AnnotationFact(name: "private", line: parameter.line))
      }
      openTypes[place].fields.append(
        FieldFact(name: parameter.name, type: parameter.type, annotations: annotations, line: parameter.line))
    }
    events.begin()
    if let base { _ = call(Self.head(of: base.base), receiver: nil, list: base.list, line: line) }
    for parameter in parameters {
      add(.assign(name: "this." + parameter.name, value: .name(parameter.name)), parameter.line)
    }
    facts.functions.append(
      FunctionFact(
        name: openTypes[place].name + "." + simple, owner: openTypes[place].name,
        lines: line...max(line, syntax.lastLine(list)), parameters: parameters.map(\.name),
        parameterTypes: parameters.map(\.type), isLocal: false, isRecovered: false, events: events.end()))
  }

  private mutating func enumeration(_ node: Node) {
    let children = syntax.children(node)
    guard let named = children.first(where: { $0.field == .name }) else { return }
    let type = fullName(name(named.node))
    facts.types.append(
      TypeFact(
        name: type, kind: .enum, namespace: namespaces.last ?? "", bases: [],
        annotations: marks(children).annotations, line: syntax.line(named.node)))
    guard let body = children.first(where: { $0.field == .body }) else { return }
    for member in syntax.children(body.node) where member.kind == .enumMemberDeclaration {
      var value = Value.opaque
      var label = ""
      events.begin()
      for part in syntax.children(member.node) {
        if part.field == .name { label = name(part.node) }
        if part.field == .value { value = self.value(part.node, part.kind) }
      }
      _ = events.end()
      facts.constants.append(
        ConstantFact(
          name: type + "." + label, kind: .enumerator, value: value, isLocal: false, line: syntax.line(member.node)))
    }
  }

  // MARK: Fields

  private mutating func fields(_ node: Node) {
    guard !openTypes.isEmpty else { return }
    let children = syntax.children(node)
    let marks = marks(children)
    guard let declaration = children.first(where: { $0.kind == .variableDeclaration }) else { return }
    var type = ""
    var annotations = marks.annotations
    let isStatic = marks.modifiers.contains("static") || marks.modifiers.contains("const")
    let isFixed = marks.modifiers.contains("const") || (isStatic && marks.modifiers.contains("readonly"))
    if !marks.modifiers.contains("public") {
      annotations.append(AnnotationFact(name: "private", line: syntax.line(declaration.node)))
    }
    for part in syntax.children(declaration.node) {
      if part.field == .type {
        type = typeText(part.node)
        if part.kind == .nullableType {
          annotations.append(AnnotationFact(name: "nullable", line: syntax.line(part.node)))
        }
      }
      guard part.kind == .variableDeclarator else { continue }
      let inner = syntax.children(part.node)
      guard let named = inner.first(where: { $0.field == .name }) else { continue }
      let label = name(named.node)
      var value = Value.opaque
      if inner.count > 1, let initial = inner.last { value = initialValue(initial, type: type, name: label) }
      let line = syntax.line(part.node)
      addField(
        FieldFact(name: label, type: type, annotations: annotations, value: value, isStatic: isStatic, line: line),
        isFixed: isFixed)
    }
  }

  private mutating func addField(_ field: FieldFact, isFixed: Bool) {
    let place = openTypes.count - 1
    openTypes[place].fields.append(field)
    guard field.value != .opaque, field.name != "Item" else { return }
    facts.constants.append(
      ConstantFact(
        name: openTypes[place].name + "." + field.name, kind: isFixed ? .global : .field, value: field.value,
        isLocal: false, line: field.line))
  }

  /// The value a field begins with; what making it does becomes part of the type's initializers.
  private mutating func initialValue(_ child: Entry, type: String, name: String) -> Value {
    events.begin()
    let value = value(child.node, child.kind, expecting: type)
    flushClosures(name)
    openTypes[openTypes.count - 1].initializers += events.end()
    return value
  }

  private mutating func property(_ node: Node) {
    guard let owner = openTypes.last?.name else { return }
    let children = syntax.children(node)
    let marks = marks(children)
    let label = children.first { $0.field == .name }.map { name($0.node) } ?? "Item"
    var annotations = marks.annotations
    var type = ""
    var value = Value.opaque
    let line = children.first { $0.field == .name }.map { syntax.line($0.node) } ?? syntax.line(node)
    let isStatic = marks.modifiers.contains("static")
    func mark(_ text: String) { annotations.append(AnnotationFact(name: text, line: line)) }
    if !marks.modifiers.contains("public"), openTypes.last?.kind != .interface { mark("private") }
    if marks.modifiers.contains("required") { mark("required") }
    for child in children {
      switch child.field {
      case .type:
        type = typeText(child.node)
        if child.kind == .nullableType { mark("nullable") }
      case .accessors:
        for accessor in syntax.children(child.node) where accessor.kind == .accessorDeclaration {
          let parts = syntax.children(accessor.node)
          guard let word = parts.first(where: { $0.field == .name }) else { continue }
          mark(syntax.text(word.node))
          guard let body = parts.first(where: { $0.field == .body }) else { continue }
          let isGetter = syntax.bytes(word.node).elementsEqual("get".utf8)
          accessorBody(
            body, named: owner + "." + label, type: type, isGetter: isGetter, isStatic: isStatic,
            annotations: marks.annotations)
        }
      case .value where child.kind == .arrowExpressionClause:
        mark("get")
        value = accessorBody(
          child, named: owner + "." + label, type: type, isGetter: true, isStatic: isStatic,
          annotations: marks.annotations)
      case .value: value = initialValue(child, type: type, name: label)
      default: break
      }
    }
    addField(
      FieldFact(name: label, type: type, annotations: annotations, value: value, isStatic: isStatic, line: line),
      isFixed: false)
  }

  /// Reads what a getter or setter does; gives what it returns when that is one expression.
  @discardableResult
  private mutating func accessorBody(
    _ body: Entry, named name: String, type: String, isGetter: Bool, isStatic: Bool, annotations: [AnnotationFact]
  ) -> Value {
    let value = beginBody(body, resultType: isGetter ? type : "")
    facts.functions.append(
      FunctionFact(
        name: name, owner: openTypes.last?.name ?? "", lines: syntax.line(body.node)...syntax.lastLine(body.node),
        parameters: isGetter ? [] : ["value"], parameterTypes: isGetter ? [] : [type],
        returnType: isGetter ? type : "", annotations: annotations, isStatic: isStatic, isLocal: false,
        isRecovered: syntax.hasError(body.node), events: events.end()))
    return value
  }
}
