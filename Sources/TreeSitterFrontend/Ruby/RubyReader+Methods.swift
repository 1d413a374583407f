import Facts

/// Methods, and calls in class bodies that define something.
extension RubyReader {
  /// Calls whose blocks belong to the body of the class they stand in.
  static let declaringBlocks: Set<String> = [
    "included", "prepended", "class_methods", "concerning", "with_options", "class_eval", "class_exec", "module_eval",
    "instance_eval",
  ]

  mutating func method(_ node: Node, isSingleton: Bool) -> Value {
    let parts = syntax.children(node)
    guard let name = parts.first(where: { $0.field == .name }) else { return .opaque }
    var owner = context.name
    if isSingleton, let object = parts.first(where: { $0.field == .object }), object.kind == .constant {
      let written = syntax.text(object.node)
      if NameEnd.of(owner) != written { owner = qualified(written) }
    }
    define(
      syntax.text(name.node), owner: owner, isStatic: isSingleton || context.isSingleton, node,
      parameters: parts.first { $0.field == .parameters }?.node, body: parts.first { $0.field == .body })
    return .text(syntax.text(name.node))
  }

  /// Adds a function whose body is read here.
  mutating func define(
    _ name: String, owner: String, isStatic: Bool, _ node: Node, parameters list: Node?, body: Part?
  ) {
    locals.append(LocalScope(seesOuter: false))
    let outer = pending
    pending = []
    events.begin()
    methods.append(MethodContext(name: name, isStatic: isStatic, parameters: []))
    let parameters = list.map { self.parameters($0) } ?? []
    methods[methods.count - 1].parameters = parameters.map(\.name)
    if let body {
      if body.kind == .bodyStatement || body.kind == .blockBody {
        _ = self.sequence(syntax.children(body.node), use: .result)
      } else {
        _ = statement(body, use: .result)
        flush(from: 0, callee: "lambda", receiver: nil)
      }
    }
    methods.removeLast()
    let read = events.end()
    pending = outer
    locals.removeLast()
    let lines = syntax.line(node)...syntax.lastLine(node)
    if !owner.isEmpty { owners.insert(owner) }
    functions.append(
      FunctionFact(
        name: owner.isEmpty ? name : owner + (isStatic ? "." : "#") + name, owner: owner, lines: lines,
        parameters: parameters.map(\.name), isStatic: isStatic, isLocal: false, isRecovered: syntax.hasError(node),
        events: read))
  }

  // MARK: Calls that define

  /// Reads calls without a receiver that define methods, fields and bases; false when the call is to be read as any
  /// other.
  mutating func declared(_ name: String, _ method: Part, arguments: Part?, block: Part?, node: Node) -> Bool {
    switch name {
    case "require", "require_relative", "load", "autoload", "require_dependency": return required(arguments)
    case "define_method", "scope": return definedMethod(name, arguments, block, node)
    case "attr_accessor", "attr_reader", "attr_writer", "mattr_accessor", "cattr_accessor", "class_attribute":
      addFields(arguments, isStatic: !name.hasPrefix("attr"))
    case "include", "prepend", "extend": addBases(arguments)
    case "module_function" where arguments == nil:
      if isInTypeBody { contexts[contexts.count - 1].isSingleton = true }
    case "included", "prepended", "class_methods", "concerning", "with_options":
      return declaringBlock(name, arguments, block, node)
    default: break
    }
    return false
  }

  private mutating func required(_ arguments: Part?) -> Bool {
    guard let arguments, let last = syntax.children(arguments.node).last, last.kind == .string,
      case .text(let path) = text(last)
    else { return false }
    imports.append(ImportFact(path: path))
    return true
  }

  private func symbols(_ arguments: Part?) -> [String] {
    guard let arguments else { return [] }
    return syntax.children(arguments.node).filter { $0.kind == .simpleSymbol }
      .map { String(syntax.text($0.node).dropFirst()) }
  }

  private mutating func addFields(_ arguments: Part?, isStatic: Bool) {
    guard isInTypeBody, let index = context.index, let arguments else { return }
    for name in symbols(arguments) {
      types[index].fields.append(
        FieldFact(name: name, isStatic: isStatic || context.isSingleton, line: syntax.line(arguments.node)))
    }
  }

  private mutating func addBases(_ arguments: Part?) {
    guard isInTypeBody, let index = context.index, let arguments else { return }
    for part in syntax.children(arguments.node) where part.kind == .constant || part.kind == .scopeResolution {
      types[index].bases.append(constantName(part.node))
    }
  }

  /// `define_method(:total) { … }` and `scope :open, -> { … }` define methods of the object and of the class.
  private mutating func definedMethod(_ macro: String, _ arguments: Part?, _ block: Part?, _ node: Node) -> Bool {
    guard isInTypeBody, let arguments else { return false }
    let parts = syntax.children(arguments.node)
    guard let first = parts.first, first.kind == .simpleSymbol || first.kind == .string,
      case .text(let name) = text(first)
    else { return false }
    var body = block.map { syntax.children($0.node) }
    if body == nil, let given = parts.dropFirst().first {
      if given.kind == .lambda {
        let inside = syntax.children(given.node)
        body = inside.first { $0.field == .body }.map { block in
          syntax.children(block.node) + inside.filter { $0.field == .parameters }
        }
      } else if given.kind == .call, let inner = syntax.child(given.node, .block) {
        body = syntax.children(inner)
      }
    }
    guard let body else { return false }
    define(
      name, owner: context.name, isStatic: macro == "scope" || context.isSingleton, node,
      parameters: body.first { $0.field == .parameters }?.node, body: body.first { $0.field == .body })
    let call = CallFact(callee: macro, receiver: nil, arguments: [.text(name)], dispatch: .direct)
    add(call, node)
    return true
  }

  /// Blocks that are read as if they stood in the class body.
  private mutating func declaringBlock(_ name: String, _ arguments: Part?, _ block: Part?, _ node: Node) -> Bool {
    guard isInTypeBody, let block, let body = syntax.child(block.node, .body) else { return false }
    let given = arguments.map { self.arguments(syntax.children($0.node)) } ?? []
    readDeclarations(
      name, receiver: nil, arguments: given, body: body, block: block, node, isSingleton: name == "class_methods")
    return true
  }

  mutating func readDeclarations(
    _ name: String, receiver: Value?, arguments: [Value], body: Node, block: Part, _ node: Node, isSingleton: Bool
  ) {
    add(CallFact(callee: name, receiver: receiver, arguments: arguments, dispatch: .direct), node)
    events.add(.enterScope(callee: name), syntax.line(node))
    let outer = context
    if isSingleton { contexts[contexts.count - 1].isSingleton = true }
    if let list = syntax.child(block.node, .parameters) { _ = parameters(list) }
    typeBody(body)
    contexts[contexts.count - 1].isSingleton = outer.isSingleton
    events.add(.leave, syntax.lastLine(node))
  }

  /// Whether a name stands for the class that the module around is being included into.
  func isMixedInto(_ name: String) -> Bool {
    guard let method = methods.last, method.isStatic else { return false }
    return ["included", "prepended", "extended"].contains(method.name) && method.parameters.first == name
  }

  /// `Order.prepend(Payable)` gives a class another base from outside; `base.has_many :lines` in `self.included(base)`
  /// is a line of the body of every class that includes the module.
  mutating func noteMixing(_ name: String, on receiver: String, _ arguments: [Value], _ node: Node) {
    if isMixedInto(receiver), let index = context.index {
      let call = CallFact(callee: name, receiver: nil, arguments: arguments, dispatch: .direct)
      types[index].body.append(PlacedEvent(line: syntax.line(node), event: .call(call)))
    } else if methods.isEmpty, name == "prepend" || name == "include", Self.isConstant(receiver) {
      let bases = arguments.compactMap { argument -> String? in
        guard case .name(let base) = argument else { return nil }
        return base == "this" ? (context.name.isEmpty ? nil : context.name) : base
      }
      if !bases.isEmpty {
        types.append(TypeFact(name: receiver, kind: .alias, bases: bases, line: syntax.line(node)))
      }
    }
  }

  /// `Order.class_eval do … end` opens the class again; `base.class_eval do … end` where a module is included means the
  /// classes that include it.
  mutating func reopened(_ name: String, on receiver: Value?, block: Part?, node: Node) -> Bool {
    guard Self.declaringBlocks.contains(name), name.hasSuffix("eval") || name == "class_exec", let block,
      let body = syntax.child(block.node, .body), case .name(let path)? = receiver
    else { return false }
    if Self.isConstant(path) {
      add(CallFact(callee: name, receiver: receiver, arguments: [], dispatch: .direct), node)
      enter(TypeFact(name: path, kind: .alias, bases: [], line: syntax.line(node)))
      typeBody(body)
      leave()
      return true
    }
    guard isMixedInto(path), let index = context.index else { return false }
    let outer = methods
    methods = []
    events.begin()
    readDeclarations(
      "included", receiver: nil, arguments: [], body: body, block: block, node, isSingleton: name == "instance_eval")
    types[index].body += events.end()
    methods = outer
    return true
  }
}
