import Facts

extension PythonReader {
  // MARK: Decorators

  mutating func decorated(_ node: Node, among siblings: [PythonChild]) {
    var decorators: [AnnotationFact] = []
    for child in syntax.children(node) {
      if child.kind == .decorator {
        if let expression = syntax.children(child.node).first {
          decorators.append(annotation(expression, syntax.line(child.node)))
        }
      } else if child.kind == .functionDefinition {
        function(child.node, decorators: decorators, among: siblings)
      } else if child.kind == .classDefinition {
        type(child.node, decorators: decorators)
      }
    }
  }

  /// A decorator; what happens while it is made counts nowhere.
  private mutating func annotation(_ expression: PythonChild, _ line: Int) -> AnnotationFact {
    events.begin()
    let value = value(expression.node, expression.kind)
    _ = events.end()
    closures.removeAll()
    switch value {
    case .name(let name): return AnnotationFact(name: name, line: line)
    case .call(let callee, let receiver, let arguments):
      return AnnotationFact(name: Self.dotted(receiver, callee), arguments: arguments, line: line)
    case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return AnnotationFact(name: "", arguments: [value], line: line)
    }
  }

  private static func dotted(_ receiver: Value?, _ name: String) -> String {
    switch receiver {
    case .name(let base)?: "\(base).\(name)"
    case .call(let callee, let inner, _)?: "\(dotted(inner, callee)).\(name)"
    case .text?, .literal?, .type?, .field?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      name
    }
  }

  // MARK: Functions

  struct Parameter {
    var name: String
    var type: String
  }

  /// A parameter; nil for the marks between them.
  func parameter(_ child: PythonChild) -> Parameter? {
    switch child.kind {
    case .identifier: return Parameter(name: syntax.text(child.node), type: "")
    case .typedParameter, .typedDefaultParameter, .defaultParameter:
      var found = Parameter(name: "", type: "")
      for part in syntax.children(child.node) {
        if part.field == .type {
          found.type = PythonTypeText.text(syntax.bytes(part.node))
        } else if part.field != .value, found.name.isEmpty {
          found.name = parameterName(part)
        }
      }
      return found
    case .listSplatPattern, .dictionarySplatPattern: return Parameter(name: parameterName(child), type: "")
    case .tuplePattern: return Parameter(name: "", type: "")
    default: return nil
    }
  }

  private func parameterName(_ child: PythonChild) -> String {
    if child.kind == .identifier { return syntax.text(child.node) }
    return syntax.children(child.node).first.map { syntax.text($0.node) } ?? ""
  }

  private struct Parts {
    var name = ""
    var parameters: [Parameter] = []
    var returnType = ""
    var body: Node?
  }

  private func parts(of node: Node) -> Parts {
    var parts = Parts()
    for child in syntax.children(node) {
      switch child.field {
      case .name: parts.name = syntax.text(child.node)
      case .parameters: parts.parameters = syntax.children(child.node).compactMap(parameter)
      case .returnType: parts.returnType = PythonTypeText.text(syntax.bytes(child.node))
      case .body: parts.body = child.node
      default: continue
      }
    }
    return parts
  }

  mutating func function(_ node: Node, decorators: [AnnotationFact], among siblings: [PythonChild]) {
    let outer = scope
    let parts = parts(of: node)
    if outer.kind == .function, decorators.isEmpty, !isReturned(parts.name, by: siblings) {
      inline(parts, node)
      return
    }
    let fullName = outer.kind == .module ? parts.name : "\(outer.name).\(parts.name)"
    var inner = PythonScope(kind: .function, name: fullName, owner: outer.owner, type: nil)
    inner.selfName = outer.selfName
    inner.isClassMethod = outer.isClassMethod
    var parameters = parts.parameters
    let names = decorators.map { Self.lastPart($0.name) }
    var isStatic = false
    if outer.kind == .type {
      isStatic = names.contains("staticmethod")
      inner.selfName = ""
      if !isStatic, let first = parameters.first {
        inner.selfName = first.name
        inner.isClassMethod =
          names.contains("classmethod") || ["__new__", "__init_subclass__", "__class_getitem__"].contains(parts.name)
        isStatic = inner.isClassMethod
        parameters.removeFirst()
      }
    }
    if names.contains("property") || names.contains("cached_property"), outer.kind == .type {
      addProperty(parts, decorators, syntax.line(node))
    }
    let events = body(parts, parameters, in: inner)
    let lines = syntax.line(node)...max(syntax.line(node), lastLine(node))
    let isAbstract = events.isEmpty && (names.contains("abstractmethod") || names.contains("overload"))
    functions.append(
      FunctionFact(
        name: fullName, owner: outer.owner, lines: lines, parameters: parameters.map(\.name),
        parameterTypes: parameters.contains { !$0.type.isEmpty } ? parameters.map(\.type) : [],
        returnType: parts.returnType, annotations: decorators, isStatic: isStatic, isAbstract: isAbstract,
        isLocal: false, isRecovered: syntax.hasError(node), events: events))
  }

  /// The last line of a definition; a body may end with the line break behind it.
  private func lastLine(_ node: Node) -> Int {
    let line = syntax.lastLine(node)
    return syntax.bytes(node).last == UInt8(ascii: "\n") ? line - 1 : line
  }

  private mutating func body(_ parts: Parts, _ parameters: [Parameter], in inner: PythonScope) -> [PlacedEvent] {
    var inner = inner
    for parameter in parameters {
      inner.locals.insert(parameter.name)
      if !parameter.type.isEmpty { inner.parameterTypes[parameter.name] = parameter.type }
    }
    scopes.append(inner)
    let waiting = closures
    closures = []
    events.begin()
    if let body = parts.body { block(syntax.children(body), hasDocumentation: true) }
    let events = events.end()
    closures = waiting
    scopes.removeLast()
    return events
  }

  /// What a function inside of another one does counts where it is defined, unless it leaves it.
  private mutating func inline(_ parts: Parts, _ node: Node) {
    let line = syntax.line(node)
    events.add(.enterScope(callee: parts.name), line)
    var inner = scope
    inner.isInlined = true
    inner.name = "\(scope.name).\(parts.name)"
    inner.locals = []
    for parameter in parts.parameters {
      events.add(.declare(name: parameter.name, type: parameter.type, value: .opaque), line)
    }
    events.add(body(parts, parts.parameters, in: inner))
    events.add(.leave, max(line, lastLine(node)))
  }

  private func isReturned(_ name: String, by siblings: [PythonChild]) -> Bool {
    siblings.contains { child in
      guard child.kind == .returnStatement, let inner = syntax.children(child.node).first else { return false }
      return inner.kind == .identifier && syntax.text(inner.node) == name
    }
  }

  private mutating func addProperty(_ parts: Parts, _ decorators: [AnnotationFact], _ line: Int) {
    guard let place = scope.type, !parts.returnType.isEmpty,
      !types[place].fields.contains(where: { $0.name == parts.name })
    else { return }
    types[place].fields.append(
      FieldFact(name: parts.name, type: parts.returnType, annotations: decorators, line: line))
  }

  /// `total = lambda order: …` in a module or class is a function of that name.
  mutating func nameFunction(_ lambda: Node, _ target: Node) -> Bool {
    guard scope.kind != .function, syntax.kind(target) == .identifier else { return false }
    let outer = scope
    let name = syntax.text(target)
    var parameters: [Parameter] = []
    var bodyNode: Node?
    for child in syntax.children(lambda) {
      if child.field == .parameters {
        parameters = syntax.children(child.node).compactMap(parameter)
      } else {
        bodyNode = child.node
      }
    }
    let fullName = outer.kind == .module ? name : "\(outer.name).\(name)"
    var inner = PythonScope(kind: .function, name: fullName, owner: outer.owner)
    if outer.kind == .type, let first = parameters.first, first.name == "self" {
      inner.selfName = "self"
      parameters.removeFirst()
    }
    inner.locals = Set(parameters.map(\.name))
    scopes.append(inner)
    events.begin()
    let line = syntax.line(lambda)
    if let bodyNode {
      let value = value(bodyNode)
      flush(from: 0, callee: "lambda", receiver: nil)
      result(value, line)
    }
    let events = events.end()
    scopes.removeLast()
    functions.append(
      FunctionFact(
        name: fullName, owner: outer.owner, lines: line...max(line, syntax.lastLine(lambda)),
        parameters: parameters.map(\.name), isLocal: false, isRecovered: false, events: events))
    return true
  }

  // MARK: Types

  mutating func type(_ node: Node, decorators: [AnnotationFact]) {
    let outer = scope
    var fact = TypeFact(
      name: "", namespace: module.path, bases: [], annotations: decorators, line: syntax.line(node))
    var body: Node?
    for child in syntax.children(node) {
      switch child.field {
      case .name:
        let name = syntax.text(child.node)
        fact.name = outer.kind == .type ? "\(outer.name).\(name)" : name
      case .typeParameters: fact.typeParameters = syntax.children(child.node).map { syntax.text($0.node) }
      case .superclasses: readBases(child.node, of: &fact)
      case .body: body = child.node
      default: continue
      }
    }
    fact.kind = Self.kind(bases: fact.bases)
    let place = types.count
    types.append(fact)
    scopes.append(PythonScope(kind: .type, name: fact.name, owner: fact.name, type: place))
    events.begin()
    if let body { block(syntax.children(body), hasDocumentation: true) }
    types[place].body = events.end()
    scopes.removeLast()
  }

  /// Bases as types; `metaclass=M` and other marks become an annotation `class`. `with_metaclass(Meta, Base)` and
  /// `Manager.from_queryset(Rows)` make a class of those they are given.
  private mutating func readBases(_ node: Node, of fact: inout TypeFact) {
    var marks: [Value] = []
    for child in syntax.children(node) {
      switch child.kind {
      case .keywordArgument, .call:
        events.begin()
        let value = value(child.node, child.kind)
        _ = events.end()
        if case .call(let callee, let receiver, let arguments) = value {
          var made = Self.names([receiver].compactMap { $0 } + arguments).filter(Self.isTypeName)
          if made.isEmpty { made = [Self.dotted(receiver, callee)] }
          fact.bases += made
        } else {
          marks.append(value)
        }
      case .listSplat, .dictionarySplat: continue
      default:
        let text = PythonTypeText.text(syntax.bytes(child.node))
        if !text.isEmpty { fact.bases.append(text) }
      }
    }
    if !marks.isEmpty { fact.annotations.append(AnnotationFact(name: "class", arguments: marks, line: fact.line)) }
  }

  private static func names(_ values: [Value]) -> [String] {
    values.compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  private static let enumerations: Set<String> = [
    "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "Choices", "TextChoices", "IntegerChoices",
  ]

  private static func kind(bases: [String]) -> TypeFact.Kind {
    let heads = bases.map { lastPart(String($0.prefix { $0 != "<" })) }
    if heads.contains(where: enumerations.contains) { return .enum }
    if heads.contains("Protocol") { return .interface }
    if heads.contains("NamedTuple") || heads.contains("TypedDict") || heads.contains("namedtuple") { return .record }
    return .class
  }

  // MARK: Imports

  mutating func readImport(_ node: Node, _ kind: PythonKind?) {
    var path = ""
    let isFrom = kind != .importStatement
    if kind == .futureImportStatement { return }
    for child in syntax.children(node) {
      if child.field == .moduleName {
        path = modulePath(child)
      } else if child.kind == .wildcardImport {
        imports.append(ImportFact(path: path, symbol: "*"))
      } else if child.field == .name {
        let (name, local) = importedName(child)
        imports.append(
          isFrom
            ? ImportFact(path: path, symbol: name, local: local) : ImportFact(path: name, symbol: "", local: local))
      }
    }
  }

  private func importedName(_ child: PythonChild) -> (name: String, local: String) {
    guard child.kind == .aliasedImport else {
      let name = syntax.text(child.node)
      return (name, name)
    }
    let children = syntax.children(child.node)
    return (children.first.map { syntax.text($0.node) } ?? "", children.last.map { syntax.text($0.node) } ?? "")
  }

  private func modulePath(_ child: PythonChild) -> String {
    let text = syntax.text(child.node)
    guard child.kind == .relativeImport else { return text }
    let dots = text.prefix { $0 == "." || $0 == " " }.filter { $0 == "." }.count
    let name = text.drop { $0 == "." || $0 == " " }
    return module.absolute(dots: dots, name: String(name))
  }
}
