import Facts

extension PythonReader {
  /// What an expression stands for; the calls in it become events.
  mutating func value(_ node: Node) -> Value { value(node, syntax.kind(node)) }

  /// What an expression of that kind stands for.
  mutating func value(_ node: Node, _ kind: PythonKind?) -> Value {
    guard let kind, depth < Self.deepest else { return .opaque }
    depth += 1
    defer { depth -= 1 }
    switch kind {
    case .identifier: return .name(name(node))
    case .attribute, .call, .subscription, .await, .parenthesizedExpression, .parenthesizedListSplat: return chain(node)
    case .string: return text(node)
    case .concatenatedString: return .joined(syntax.children(node).map { value($0.node, $0.kind) })
    case .integer, .float: return .literal(syntax.text(node))
    case .true: return .literal("true")
    case .false: return .literal("false")
    case .none: return .literal("null")
    case .binaryOperator: return binary(node)
    case .booleanOperator: return boolean(node)
    case .comparisonOperator: return comparison(node)
    case .notOperator: return .operation("!", syntax.children(node).map { value($0.node, $0.kind) })
    case .unaryOperator: return unary(node)
    case .conditionalExpression: return conditional(node)
    case .namedExpression: return named(node)
    case .lambda: return lambda(node)
    case .list, .tuple, .set, .expressionList: return .list(syntax.children(node).map { value($0.node, $0.kind) })
    case .dictionary: return dictionary(node)
    case .listComprehension, .setComprehension, .generatorExpression, .dictionaryComprehension:
      return comprehension(node)
    case .listSplat: return .operation("*", syntax.children(node).map { value($0.node, $0.kind) })
    case .dictionarySplat: return .operation("**", syntax.children(node).map { value($0.node, $0.kind) })
    case .keywordArgument: return keyword(node)
    case .yield: return yield(node)
    case .asPattern:
      return syntax.children(node).first.map { value($0.node, $0.kind) } ?? .opaque
    case .slice:
      for child in syntax.children(node) { _ = value(child.node, child.kind) }
      return .opaque
    default: return .opaque
    }
  }

  /// A name as it stands, or `this` for the object itself.
  func name(_ node: Node) -> String { named(syntax.text(node)) }

  private func named(_ text: String) -> String {
    let own = scope.selfName
    guard !own.isEmpty, text.utf8.starts(with: own.utf8) else { return text }
    if text.utf8.count == own.utf8.count { return "this" }
    let rest = text.utf8.dropFirst(own.utf8.count)
    return rest.first == UInt8(ascii: ".") ? "this" + String(Substring(rest)) : text
  }

  // MARK: Members, calls and elements

  private struct Link {
    var node: Node
    var kind: PythonKind
    var children: [PythonChild]
  }

  /// `a.b(c)[d].e` from the left: chains may be longer than the stack is deep.
  private mutating func chain(_ node: Node) -> Value {
    var links: [Link] = []
    var current = node
    var base: Value?
    while base == nil {
      guard let kind = syntax.kind(current) else { return .opaque }
      switch kind {
      case .attribute:
        if let plain = plainName(current) {
          base = .name(plain)
        } else {
          let children = syntax.children(current)
          links.append(Link(node: current, kind: kind, children: children))
          guard let object = children.first(where: { $0.field == .object }) else { return .opaque }
          current = object.node
        }
      case .call, .subscription:
        let children = syntax.children(current)
        links.append(Link(node: current, kind: kind, children: children))
        guard let inner = children.first(where: { $0.field == .function || $0.field == .value }) else { return .opaque }
        current = inner.node
      case .await, .parenthesizedExpression, .parenthesizedListSplat:
        guard let inner = syntax.children(current).first else { return .opaque }
        current = inner.node
      default: base = value(current, kind)
      }
    }
    var result = base ?? .opaque
    for (place, link) in links.reversed().enumerated() {
      if place % Self.longestChain == Self.longestChain - 1 { result = .opaque }
      switch link.kind {
      case .attribute: result = member(of: result, link.children)
      case .call: result = call(on: result, link)
      default: result = element(of: result, link.children)
      }
    }
    return result
  }

  /// `a.b.c` when the chain is made of names alone.
  private func plainName(_ node: Node) -> String? {
    let bytes = syntax.bytes(node)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...0xFF:
        continue
      default: return nil
      }
    }
    guard let first = bytes.first, first < UInt8(ascii: "0") || first > UInt8(ascii: "9") else { return nil }
    return named(String(decoding: bytes, as: UTF8.self))
  }

  private func member(of base: Value, _ children: [PythonChild]) -> Value {
    guard let attribute = children.first(where: { $0.field == .attribute }) else { return base }
    let name = syntax.text(attribute.node)
    if case .name(let text) = base { return .name("\(text).\(name)") }
    return .field(of: base, name: name)
  }

  /// `a[b]`; a part of a list is a list of the same things, a part of a text still the best that is known of it.
  private mutating func element(of base: Value, _ children: [PythonChild]) -> Value {
    var keys: [Value] = []
    var isSlice = false
    for child in children where child.field == .index {
      if child.kind == .slice { isSlice = true }
      keys.append(value(child.node, child.kind))
    }
    if isSlice { return base }
    return .element(of: base, at: keys.count == 1 ? keys[0] : .list(keys))
  }

  private mutating func call(on function: Value, _ link: Link) -> Value {
    let line = link.children.first.map { syntax.lastLine($0.node) } ?? syntax.line(link.node)
    let waiting = closures.count
    var arguments: [Value] = []
    if let list = link.children.first(where: { $0.field == .arguments }) {
      if list.kind == .argumentList {
        for child in syntax.children(list.node) { arguments.append(value(child.node, child.kind)) }
      } else {
        arguments.append(value(list.node, list.kind))
      }
    }
    var (callee, receiver) = target(of: function)
    if case .element(.name(let type), let argument) = function, Self.isTypeName(type) {
      // `Page[Order](…)`: a type with its arguments.
      (callee, receiver) = target(of: .name(type))
      arguments += Self.typeNames(argument)
    }
    if callee == "super", receiver == nil { return .name("super") }
    if callee == "this", receiver == nil, scope.isClassMethod { callee = Self.lastPart(scope.owner) }
    events.add(
      .call(
        CallFact(
          callee: callee, receiver: receiver, arguments: arguments, dispatch: receiver == nil ? .direct : .virtual)),
      line)
    flush(from: waiting, callee: callee, receiver: receiver)
    return .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  private func target(of function: Value) -> (callee: String, receiver: Value?) {
    switch function {
    case .name(let text):
      guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return (text, nil) }
      return (String(text[text.utf8.index(after: dot)...]), .name(String(text[..<dot])))
    case .field(let base, let name): return (name, base)
    case .text, .literal, .type, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return ("__call__", function)
    }
  }

  private static func typeNames(_ value: Value) -> [Value] {
    switch value {
    case .name(let name), .text(let name): [.type(name)]
    case .list(let items): items.flatMap(typeNames)
    case .literal, .type, .field, .call, .join, .member, .either, .element, .operation, .closure, .opaque: []
    }
  }

  /// `shop.Order` but not `orders`: whether the last part begins like the name of a class.
  static func isTypeName(_ name: String) -> Bool {
    let last = lastPart(name)
    return last.utf8.first.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } ?? false
      && last.utf8.contains { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
  }

  /// The part of a dotted name behind its last dot.
  static func lastPart(_ name: String) -> String {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[name.utf8.index(after: $0)...]) } ?? name
  }

  // MARK: Functions without a name

  private mutating func lambda(_ node: Node) -> Value {
    let line = syntax.line(node)
    var parameters: [String] = []
    events.begin()
    let waiting = closures.count
    var result = Value.opaque
    for child in syntax.children(node) {
      if child.field == .parameters {
        parameters = syntax.children(child.node).compactMap { parameter($0)?.name }
      } else {
        result = value(child.node, child.kind)
      }
    }
    flush(from: waiting, callee: "lambda", receiver: nil)
    closures.append(WaitingClosure(parameters: parameters.map { ($0, "") }, events: events.end(), line: line))
    return .closure(parameters: parameters, result: result)
  }

  /// Adds what the closures given to a call do.
  mutating func flush(from first: Int, callee: String, receiver: Value?) {
    guard closures.count > first else { return }
    let waiting = closures[first...]
    closures.removeSubrange(first...)
    for closure in waiting { events.add(closure, callee: callee, receiver: receiver) }
  }

  // MARK: Collections

  private mutating func keyword(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let name = children.first, let inner = children.last, children.count > 1 else { return .opaque }
    return .member(syntax.text(name.node), value(inner.node, inner.kind))
  }

  private mutating func dictionary(_ node: Node) -> Value {
    .list(syntax.children(node).map { $0.kind == .pair ? pair($0.node) : value($0.node, $0.kind) })
  }

  private mutating func pair(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard children.count > 1 else { return .opaque }
    let key = value(children[0].node, children[0].kind)
    let inner = value(children[1].node, children[1].kind)
    if case .text(let text) = key { return .member(text, inner) }
    return .list([key, inner])
  }

  /// A loop whose value is a list of what it makes.
  private mutating func comprehension(_ node: Node) -> Value {
    var body: PythonChild?
    var loops = 0
    for child in syntax.children(node) {
      if child.kind == .forInClause {
        let parts = syntax.children(child.node)
        let sources = parts.filter { $0.field == .right && $0.kind != nil }
        let iterables = sources.map { value($0.node, $0.kind) }
        let iterable = iterables.count == 1 ? iterables[0] : .list(iterables)
        let line = syntax.line(child.node)
        events.add(.enterLoop, line)
        loops += 1
        for target in parts where target.field == .left {
          declareLoopVariable(target.node, .element(of: iterable, at: .opaque), line)
        }
      } else if child.kind == .ifClause {
        for condition in syntax.children(child.node) { _ = value(condition.node, condition.kind) }
      } else if body == nil {
        body = child
      }
    }
    let item = body.map { $0.kind == .pair ? pair($0.node) : value($0.node, $0.kind) } ?? .opaque
    let line = syntax.lastLine(node)
    for _ in 0..<loops { events.add(.leave, line) }
    return .list([item])
  }

  /// Declares the names of a loop or of what a comprehension goes through.
  mutating func declareLoopVariable(_ node: Node, _ element: Value, _ line: Int) {
    switch syntax.kind(node) {
    case .identifier: events.add(.declare(name: syntax.text(node), type: "", value: element), line)
    case .patternList, .tuplePattern, .listPattern, .tuple, .list, .expressionList:
      guard depth < Self.deepest else { return }
      depth += 1
      for (place, child) in syntax.children(node).enumerated() {
        declareLoopVariable(child.node, .element(of: element, at: .literal("\(place)")), line)
      }
      depth -= 1
    default: assign(to: node, element, type: "", line)
    }
  }

  private mutating func yield(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let first = children.first else { return .opaque }
    let inner = value(first.node, first.kind)
    let isFrom = syntax.bytes(node).dropFirst(5).starts(with: " from".utf8)
    result(isFrom ? inner : .list([inner]), syntax.line(node))
    return .opaque
  }

  private mutating func named(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let name = children.first, let inner = children.last, children.count > 1 else { return .opaque }
    let value = value(inner.node, inner.kind)
    assign(to: name.node, value, type: "", syntax.line(node))
    return value
  }
}
