import Facts

/// Chains of members, elements and calls.
extension TypeScriptLowering {
  private enum Link {
    case member(String)
    case element(Node)
    case call(Node, arguments: Node?, template: Node?, typeArguments: Node?)
  }

  /// A chain keeps this many calls of its receivers; what stands before has been seen as events of its own.
  private static let longestChain = 100

  /// `a.b(c).d[e]!`, read from its beginning however long it is.
  mutating func chain(_ first: Node, _ firstKind: TypeScriptKind?) -> Value {
    var links: [Link] = []
    var (node, kind) = (first, firstKind)
    var base: Value?
    descent: while true {
      switch kind {
      case .callExpression:
        var function: Part?
        var arguments: Node?
        var template: Node?
        var typeArguments: Node?
        for child in syntax.children(node) {
          switch child.field {
          case .function: function = child
          case .arguments where child.kind == .templateString: template = child.node
          case .arguments: arguments = child.node
          case .typeArguments: typeArguments = child.node
          default: break
          }
        }
        guard let function else { return .opaque }
        links.append(.call(node, arguments: arguments, template: template, typeArguments: typeArguments))
        (node, kind) = (function.node, function.kind)
      case .memberExpression:
        if let name = plainName(node) {
          base = .name(name)
          break descent
        }
        var object: Part?
        var property = ""
        for child in syntax.children(node) {
          if child.field == .object { object = child }
          if child.field == .property { property = syntax.text(child.node) }
        }
        guard let object else { return .opaque }
        links.append(.member(property))
        (node, kind) = (object.node, object.kind)
      case .subscriptExpression:
        guard let object = syntax.child(node, .object), let index = syntax.child(node, .index) else { return .opaque }
        links.append(.element(index))
        (node, kind) = (object, syntax.kind(object))
      case .instantiationExpression:
        let parts = syntax.children(node)
        guard let inner = parts.first else { return .opaque }
        // The grammar reads `tag<T>`…`` as if a `!` was missing behind the type.
        if case .call(let call, let arguments, let template?, nil)? = links.last, parts.count > 1 {
          links[links.count - 1] = .call(
            call, arguments: arguments, template: template, typeArguments: parts[1].node)
          typedTemplates += 1
        }
        (node, kind) = (inner.node, inner.kind)
      case .nonNullExpression, .parenthesizedExpression, .awaitExpression, .asExpression, .satisfiesExpression:
        guard let inner = syntax.children(node).first else { return .opaque }
        (node, kind) = (inner.node, inner.kind)
      default: break descent
      }
    }
    if links.isEmpty { return base ?? value(node, kind) }
    return follow(links, from: base, node, kind)
  }

  private mutating func follow(
    _ links: [Link], from base: Value?, _ node: Node, _ kind: TypeScriptKind?
  ) -> Value {
    var index = links.count - 1
    var calls = 0
    var current: Value
    if base == nil, kind == .import, case .call(let call, let arguments, _, _) = links[index] {
      current = dynamicImport(call, arguments: arguments)
      index -= 1
    } else if base == nil, Self.isFunction(kind), case .call(let call, let arguments, _, _) = links[index] {
      current = immediateCall(call, of: node, arguments: arguments)
      index -= 1
    } else {
      current = base ?? value(node, kind)
    }
    while index >= 0 {
      switch links[index] {
      case .member(let name):
        if index > 0, case .call(let call, let arguments, let template, let types) = links[index - 1] {
          index -= 1
          calls += 1
          if calls % Self.longestChain == 0 { current = .opaque }
          current = self.call(
            call, callee: name, receiver: current, arguments: arguments, template: template, typeArguments: types)
        } else if case .name(let owner) = current {
          current = .name(owner + "." + name)
        } else {
          current = .field(of: current, name: name)
        }
      case .element(let key):
        let place = value(key, syntax.kind(key))
        if index > 0, case .text(let name) = place,
          case .call(let call, let arguments, let template, let types) = links[index - 1]
        {
          index -= 1
          current = self.call(
            call, callee: name, receiver: current, arguments: arguments, template: template, typeArguments: types)
        } else {
          current = .element(of: current, at: place)
        }
      case .call(let call, let arguments, let template, let types):
        let (callee, receiver) = Self.target(current)
        calls += 1
        current = self.call(
          call, callee: callee, receiver: receiver, arguments: arguments, template: template, typeArguments: types)
      }
      index -= 1
    }
    return current
  }

  /// What a plain call calls: `b` on `a` for `a.b`.
  private static func target(_ function: Value) -> (callee: String, receiver: Value?) {
    if case .call("require", nil, let arguments) = function, case .text(let path)? = arguments.first {
      // `require('knex')(settings)` calls the function that the package or file is.
      let name = path.split(separator: "/").last?.split(separator: ".").first
      return (name.map(String.init) ?? "call", nil)
    }
    guard case .name(let name) = function else { return ("call", function) }
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return (name, nil) }
    return (String(name[name.utf8.index(after: dot)...]), .name(String(name[..<dot])))
  }

  private mutating func call(
    _ node: Node, callee: String, receiver: Value?, arguments: Node?, template: Node?, typeArguments: Node?
  ) -> Value {
    let mark = pending.count
    let adoptedName = adopted
    adopted = nil
    var values: [Value] = []
    if let template { values.append(self.template(template)) }
    if let arguments {
      for child in syntax.children(arguments) { values.append(value(child.node, child.kind)) }
    }
    if let typeArguments {
      for child in syntax.children(typeArguments) { values.append(.type(typeText(child.node, child.kind))) }
    }
    if callee == "require", receiver == nil, case .text(let path)? = values.first, values.count == 1 {
      noteRequired(path)
      return .call(callee: callee, receiver: nil, arguments: values)
    }
    // The line of the name that is called: in a chain over several lines each call has its own.
    let line = callLine(node, arguments: arguments ?? template)
    add(.call(CallFact(callee: callee, receiver: receiver, arguments: values, dispatch: .direct)), line)
    if let adoptedName, pending.count == mark + 1 {
      adopt(as: adoptedName)
    } else {
      flushPending(from: mark, callee: callee, receiver: receiver)
    }
    return .call(callee: callee, receiver: receiver, arguments: values)
  }

  private func callLine(_ node: Node, arguments: Node?) -> Int { syntax.line(arguments ?? node) }

  /// The only function given to a call is the one its variable stands for.
  private mutating func adopt(as name: String) {
    guard let closure = pending.popLast() else { return }
    functions.append(
      FunctionFact(
        name: name, owner: "", lines: closure.lines, parameters: closure.parameters, parameterTypes: closure.types,
        isLocal: false, isRecovered: false, events: closure.events))
  }

  /// `new Order(…)`.
  mutating func construction(_ node: Node) -> Value {
    let mark = pending.count
    var callee = ""
    var receiver: Value?
    var values: [Value] = []
    var types: [Value] = []
    for child in syntax.children(node) {
      switch child.field {
      case .constructor:
        switch value(child.node, child.kind) {
        case .name(let name): callee = name
        case let other:
          callee = "new"
          receiver = other
        }
      case .arguments:
        for argument in syntax.children(child.node) { values.append(value(argument.node, argument.kind)) }
      case .typeArguments:
        types = syntax.children(child.node).map { .type(typeText($0.node, $0.kind)) }
      default: break
      }
    }
    values += types
    add(
      .call(CallFact(callee: callee, receiver: receiver, arguments: values, dispatch: .direct)), syntax.line(node))
    flushPending(from: mark, callee: callee, receiver: receiver)
    return .call(callee: callee, receiver: receiver, arguments: values)
  }

  private mutating func dynamicImport(_ node: Node, arguments: Node?) -> Value {
    guard let arguments, let first = syntax.children(arguments).first else { return .opaque }
    let path = value(first.node, first.kind)
    if case .text(let path) = path { noteRequired(path) }
    return .call(callee: "import", receiver: nil, arguments: [path])
  }

  /// `(function () { … })()`: what stands in a function called on the spot at top level is top level.
  private mutating func immediateCall(_ node: Node, of function: Node, arguments: Node?) -> Value {
    var values: [Value] = []
    if let arguments {
      for child in syntax.children(arguments) { values.append(value(child.node, child.kind)) }
    }
    if isTopLevel, let body = syntax.child(function, .body), syntax.kind(body) == .statementBlock {
      statements(syntax.children(body))
      return .opaque
    }
    let mark = pending.count
    let held = closure(function, name: "")
    flushPending(from: mark, callee: "call", receiver: nil)
    if case .closure(_, let result) = held { return result }
    return .opaque
  }

  // MARK: Names

  /// The name a chain of members is, such as `this.orders.items` for `this?.orders!.items`; nil for anything else.
  func plainName(_ node: Node) -> String? {
    let bytes = syntax.bytes(node)
    guard let first = bytes.first, Self.isNameByte(first), first < 0x30 || first > 0x39 else { return nil }
    var hasMarks = false
    for byte in bytes where !Self.isNameByte(byte) {
      guard byte == UInt8(ascii: "?") || byte == UInt8(ascii: "!") else { return nil }
      hasMarks = true
    }
    if !hasMarks { return String(decoding: bytes, as: UTF8.self) }
    return String(decoding: bytes.filter { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "!") }, as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x5F, 0x24, 0x2E, 0x23, 0x80...0xFF: true
    default: false
    }
  }
}
