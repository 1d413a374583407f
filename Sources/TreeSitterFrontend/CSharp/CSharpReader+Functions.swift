import Facts

extension CSharpReader {
  /// A parameter of a function, a type or a closure.
  struct Parameter {
    var name: String
    var type: String
    var annotations: [AnnotationFact]
    var isExtended: Bool
    var line: Int
  }

  /// The parameters of a list in order.
  mutating func parameters(_ list: Node) -> [Parameter] {
    var all: [Parameter] = []
    // `params int[] more` has no node of its own.
    var type = ""
    for child in syntax.children(list) {
      switch child.kind {
      case .parameter: all.append(parameter(child.node))
      default:
        if child.field == .type { type = typeText(child.node) }
        guard child.field == .name else { continue }
        all.append(
          Parameter(
            name: name(child.node), type: type, annotations: [], isExtended: false, line: syntax.line(child.node)))
      }
    }
    return all
  }

  private mutating func parameter(_ node: Node) -> Parameter {
    var parameter = Parameter(name: "", type: "", annotations: [], isExtended: false, line: syntax.line(node))
    let children = syntax.children(node)
    for child in children {
      switch child.field {
      case .type:
        parameter.type = typeText(child.node)
        if child.kind == .nullableType {
          parameter.annotations.append(AnnotationFact(name: "nullable", line: parameter.line))
        }
      case .name: parameter.name = name(child.node)
      default:
        if child.kind == .attributeList { parameter.annotations += marks([child]).annotations }
        if child.kind == .modifier { parameter.isExtended = syntax.bytes(child.node).elementsEqual("this".utf8) }
      }
    }
    return parameter
  }

  /// Reads a body and leaves its events open; gives what it returns when it is one expression.
  mutating func beginBody(_ body: Entry, resultType type: String) -> Value {
    let outer = (resultType, pending, returned)
    resultType = Self.awaited(type)
    pending = []
    returned = nil
    events.begin()
    var result = Value.opaque
    if body.kind == .arrowExpressionClause {
      if let expression = syntax.children(body.node).first {
        result = value(expression.node, expression.kind, expecting: resultType)
        flushClosures("return")
        add(.result(result), syntax.line(expression.node))
      } else {
        result = lone(body.node)
        add(.result(result), syntax.line(body.node))
      }
    } else {
      block(body.node)
    }
    (resultType, pending, returned) = outer
    return result
  }

  /// What `await` gives of a type.
  private static func awaited(_ type: String) -> String {
    for wrapper in ["Task<", "ValueTask<"] where type.hasPrefix(wrapper) {
      return String(type.dropFirst(wrapper.count).dropLast())
    }
    return type
  }

  /// Reads a method, an operator or a finalizer.
  mutating func method(_ node: Node, _ kind: CSharpKind?) {
    let children = syntax.children(node)
    var marks = marks(children)
    guard let owner = openTypes.last?.name else { return }
    var simple = ""
    var type = ""
    var parameters: [Parameter] = []
    var body: Entry?
    for child in children {
      switch child.field {
      case .name: simple = name(child.node)
      case .operator: simple = "operator" + syntax.text(child.node)
      case .returns, .type: type = typeText(child.node)
      case .parameters: parameters = self.parameters(child.node)
      case .body: body = child
      default: break
      }
    }
    if kind == .conversionOperatorDeclaration { simple = "operator" }
    if kind == .destructorDeclaration { simple = "Finalize" }
    if let first = parameters.first, first.isExtended {
      // What the compiler adds, too.
      marks.annotations.append(AnnotationFact(name: "Extension", line: first.line))
    }
    let line = children.first { $0.field == .returns || $0.field == .type || $0.field == .name }
      .map { syntax.line($0.node) }
    function(
      owner + "." + simple, node: node, line: line, marks: marks, parameters: parameters, type: type, body: body)
  }

  /// Reads a constructor.
  mutating func constructor(_ node: Node) {
    let children = syntax.children(node)
    let marks = marks(children)
    guard let owner = openTypes.last?.name, let named = children.first(where: { $0.field == .name }) else { return }
    var parameters: [Parameter] = []
    var body: Entry?
    var initializer: Node?
    for child in children {
      switch child.field {
      case .parameters: parameters = self.parameters(child.node)
      case .body: body = child
      default: if child.kind == .constructorInitializer { initializer = child.node }
      }
    }
    let isStatic = marks.modifiers.contains("static")
    function(
      owner + "." + (isStatic ? "<static>" : name(named.node)), node: node, line: syntax.line(named.node),
      marks: marks, parameters: parameters, type: "", body: body, initializer: initializer)
  }

  private mutating func function(
    _ name: String, node: Node, line: Int?, marks: Marks, parameters: [Parameter], type: String, body: Entry?,
    initializer: Node? = nil
  ) {
    let owner = openTypes.last?.name ?? ""
    let first = line ?? syntax.line(node)
    var all: [PlacedEvent] = []
    if let initializer {
      events.begin()
      let list = syntax.child(initializer, of: .argumentList)
      // `this(…)` or the constructor of the class it is derived from.
      let isOwn = syntax.bytes(initializer).dropFirst().first { $0 > UInt8(ascii: " ") } == UInt8(ascii: "t")
      let base = facts.types.last { $0.name == owner }?.bases.first.map { Self.head(of: $0) } ?? ""
      let simple = owner.split(separator: ".").last.map(String.init) ?? owner
      _ = call(isOwn ? simple : base, receiver: nil, list: list, line: syntax.line(initializer))
      all = events.end()
    }
    if let body {
      _ = beginBody(body, resultType: type)
      all += events.end()
    }
    facts.functions.append(
      FunctionFact(
        name: name, owner: owner, lines: first...max(first, syntax.lastLine(node)), parameters: parameters.map(\.name),
        parameterTypes: parameters.map(\.type), returnType: type == "void" ? "" : type,
        annotations: marks.annotations, isStatic: marks.modifiers.contains("static"), isAbstract: body == nil,
        isLocal: false, isRecovered: syntax.hasError(node), events: all))
  }
}
