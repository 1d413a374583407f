import Facts

extension CSharpReader {
  /// One step of a chain such as `a.b(c)[0].d`, outermost first while it is collected.
  private struct Link {
    var kind: CSharpKind
    var children: [Entry]
  }

  /// How many steps of one chain are kept in a value; what comes before is left out.
  private static let chainLimit = 200

  /// Reads a chain of members, calls and elements with a loop, from its first name to its last step.
  mutating func chain(_ node: Node, _ kind: CSharpKind?) -> Value {
    var links: [Link] = []
    var current = node
    var currentKind = kind
    var start: Value?
    descent: while let kind = currentKind {
      switch kind {
      case .memberAccessExpression:
        if links.last?.kind != .invocationExpression, let plain = plainName(current) {
          start = .name(plain)
          break descent
        }
        links.append(Link(kind: kind, children: syntax.children(current)))
      case .invocationExpression, .conditionalAccessExpression, .elementAccessExpression:
        links.append(Link(kind: kind, children: syntax.children(current)))
      case .awaitExpression, .parenthesizedExpression, .postfixUnaryExpression:
        guard let inner = syntax.children(current).first else {
          start = lone(current)
          break descent
        }
        (current, currentKind) = (inner.node, inner.kind)
        continue
      default: break descent
      }
      guard let first = links.last?.children.first else { break }
      (current, currentKind) = (first.node, first.kind)
    }
    return ascend(links, from: start, current, currentKind)
  }

  private mutating func ascend(_ links: [Link], from start: Value?, _ base: Node, _ kind: CSharpKind?) -> Value {
    let isCalled = links.last?.kind == .invocationExpression
    var method: (name: String, types: [Value], line: Int)?
    var value = Value.opaque
    if isCalled, start == nil, kind == .identifier || kind == .genericName {
      let head = kind == .genericName ? syntax.children(base).first?.node ?? base : base
      method = (name(head), kind == .genericName ? typeArguments(base) : [], syntax.line(head))
    } else {
      value = start ?? self.value(base, kind)
    }
    var receiver: Value?
    for (step, place) in links.indices.reversed().enumerated() {
      let link = links[place]
      if step > 0, step.isMultiple(of: Self.chainLimit) { value = .opaque }
      let isCalledNext = place > 0 && links[place - 1].kind == .invocationExpression
      switch link.kind {
      case .invocationExpression:
        guard let list = link.children.last else { continue }
        let called = method ?? ("Invoke", [], syntax.line(list.node))
        if method == nil { receiver = value }
        value = invocation(called.name, receiver: receiver, list: list.node, types: called.types, line: called.line)
        (method, receiver) = (nil, nil)
      case .elementAccessExpression: value = element(value, link.children.last)
      default:
        guard link.children.count > 1, let last = link.children.last else { continue }
        if last.kind == .elementBindingExpression {
          value = element(value, last)
          continue
        }
        var named = last
        if last.kind == .memberBindingExpression, let inner = syntax.children(last.node).last { named = inner }
        let isGeneric = named.kind == .genericName
        let head = isGeneric ? syntax.children(named.node).first?.node ?? named.node : named.node
        if isCalledNext {
          method = (name(head), isGeneric ? typeArguments(named.node) : [], syntax.line(head))
          receiver = value
        } else {
          value = Self.member(name(head), of: value)
        }
      }
    }
    return value
  }

  private static func member(_ name: String, of value: Value) -> Value {
    if case .name(let base) = value { return .name(base + "." + name) }
    return .field(of: value, name: name)
  }

  private mutating func element(_ base: Value, _ list: Entry?) -> Value {
    guard let list else { return base }
    // `a[1]` and the `?[1]` of a chain hold their arguments alike.
    let keys = syntax.children(list.node).map { argument($0.node) }
    return .element(of: base, at: keys.count == 1 ? keys[0] : .list(keys))
  }

  /// The text of a chain of nothing but names, `this` included; nil for anything else.
  private func plainName(_ node: Node) -> String? {
    let bytes = syntax.bytes(node)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...:
        continue
      default: return nil
      }
    }
    if bytes.starts(with: "base.".utf8) { return "super" + String(decoding: bytes.dropFirst(4), as: UTF8.self) }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Calls

  private mutating func invocation(
    _ callee: String, receiver: Value?, list: Node, types: [Value], line: Int
  ) -> Value {
    if receiver == nil, callee == "nameof" {
      guard let first = syntax.children(list).first else { return .opaque }
      let text = syntax.text(first.node)
      return .text(String(text[(text.lastIndex(of: ".").map { text.index(after: $0) } ?? text.startIndex)...]))
    }
    // How a task is awaited says nothing about what it does.
    if callee == "ConfigureAwait", let receiver { return receiver }
    return call(callee, receiver: receiver, list: list, types: types, line: line)
  }

  /// Reads the arguments of a call, then adds the call and what the closures given to it do.
  mutating func call(
    _ callee: String, receiver: Value?, list: Node?, types: [Value] = [], more: [Value] = [], line: Int
  ) -> Value {
    let outer = pending
    pending = []
    var arguments: [Value] = []
    if let list {
      let children = syntax.children(list)
      arguments.reserveCapacity(children.count + types.count + more.count)
      for child in children { arguments.append(argument(child.node)) }
    }
    let value = finish(callee, receiver: receiver, arguments: arguments + more + types, line: line)
    pending = outer
    return value
  }

  /// Adds a call whose arguments are read, and the scopes of the closures among them.
  mutating func finish(_ callee: String, receiver: Value?, arguments: [Value], line: Int) -> Value {
    add(
      .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct)), line)
    emit(callee, receiver: receiver)
    return .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  private mutating func emit(_ callee: String, receiver: Value?) {
    guard !pending.isEmpty else { return }
    let closures = pending
    pending = []
    for closure in closures { events.add(closure, callee: callee, receiver: receiver) }
  }

  /// Closures that were given to no call: they are kept under a name, or returned.
  mutating func flushClosures(_ name: String) { emit(name, receiver: nil) }

  /// An argument; a named one is a member.
  mutating func argument(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let last = children.last else { return lone(node) }
    if children.count == 1 {
      // `name: this` has no other child than the name.
      return last.field == .name ? .member(name(last.node), lone(node)) : value(last.node, last.kind)
    }
    guard let first = children.first, first.field == .name else { return value(last.node, last.kind) }
    return .member(name(first.node), value(last.node, last.kind))
  }

  // MARK: New objects

  mutating func creation(_ node: Node, expecting type: String) -> Value {
    var made = type
    var list: Node?
    var initializer: Node?
    for child in syntax.children(node) {
      switch child.kind {
      case .argumentList: list = child.node
      case .initializerExpression: initializer = child.node
      default: if child.field == .type { made = typeText(child.node) }
      }
    }
    let head = Self.head(of: made)
    var types: [Value] = []
    if head.utf8.count < made.utf8.count {
      types = Self.arguments(of: made).map { .type($0) }
    }
    let outer = pending
    pending = []
    var arguments: [Value] = []
    if let list { for child in syntax.children(list) { arguments.append(argument(child.node)) } }
    if let initializer { arguments += initial(initializer) }
    let value = finish(
      head.isEmpty ? "new" : head, receiver: nil, arguments: arguments + types, line: syntax.line(node))
    pending = outer
    return value
  }

  /// The outermost arguments of a type in the common form.
  private static func arguments(of type: String) -> [String] {
    var parts: [String] = []
    var depth = 0
    var part = ""
    for character in type.drop(while: { $0 != "<" }).dropFirst().dropLast() {
      if character == ",", depth == 0 {
        parts.append(part)
        part = ""
        continue
      }
      if character == "<" || character == "(" { depth += 1 }
      if character == ">" || character == ")" { depth -= 1 }
      part.append(character)
    }
    parts.append(part)
    return parts
  }

  /// What stands in the braces behind `new X`: members by name, everything else as one list.
  private mutating func initial(_ node: Node) -> [Value] {
    var members: [Value] = []
    var items: [Value] = []
    for child in syntax.children(node) {
      guard child.kind == .assignmentExpression else {
        items.append(value(child.node, child.kind))
        continue
      }
      let parts = syntax.children(child.node)
      guard let left = parts.first, let right = parts.last else { continue }
      let value = right.field == .operator ? lone(child.node) : value(right.node, right.kind)
      if left.kind == .elementBindingExpression {
        let keys = syntax.children(left.node).map { argument($0.node) }
        if keys.count == 1, case .text(let key) = keys[0] {
          items.append(.member(key, value))
        } else {
          items.append(.list(keys + [value]))
        }
      } else {
        members.append(.member(name(left.node), value))
      }
    }
    return items.isEmpty ? members : members + [.list(items)]
  }

  /// `new { o.Id, Total = 3 }`: a list of members, named by themselves or by what they are taken from.
  mutating func anonymousObject(_ node: Node) -> Value {
    var members: [Value] = []
    var label: String?
    for child in syntax.children(node) {
      // `Total = 3` is two children; the name of the first stands before `=`.
      if child.kind == .identifier, label == nil, isFollowedByEquals(child.node) {
        label = name(child.node)
        continue
      }
      let value = value(child.node, child.kind)
      if let known = label ?? Self.lastName(of: value) {
        members.append(.member(known, value))
      } else {
        members.append(value)
      }
      label = nil
    }
    return .list(members)
  }

  private func isFollowedByEquals(_ node: Node) -> Bool {
    var offset = syntax.endOffset(node)
    let file = syntax.bytes(syntax.root)
    let start = syntax.offset(syntax.root)
    while offset - start < file.count, offset >= start, file[offset - start] <= UInt8(ascii: " ") { offset += 1 }
    guard offset >= start, offset - start < file.count else { return false }
    return file[offset - start] == UInt8(ascii: "=")
  }

  private static func lastName(of value: Value) -> String? {
    switch value {
    case .name(let name): name.split(separator: ".").last.map(String.init)
    case .field(_, let name): name
    case .text, .literal, .type, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }

  /// Arrays, collections and the braces that fill them. A type that is expected and no array is made.
  mutating func list(_ node: Node, expecting type: String) -> Value {
    var items: [Value] = []
    for child in syntax.children(node) {
      switch child.kind {
      case .initializerExpression where child.field != nil || syntax.kind(node) != .initializerExpression:
        for item in syntax.children(child.node) { items.append(value(item.node, item.kind)) }
      case .collectionElement:
        guard let inner = syntax.children(child.node).first else { continue }
        guard inner.kind == .expressionElement || inner.kind == .spreadElement else {
          items.append(value(inner.node, inner.kind))
          continue
        }
        for item in syntax.children(inner.node) { items.append(value(item.node, item.kind)) }
      case .arrayType, .arrayRankSpecifier: continue
      default: items.append(value(child.node, child.kind))
      }
    }
    return .list(items)
  }

  // MARK: Closures

  mutating func closure(_ node: Node) -> Value {
    var parameters: [(name: String, type: String)] = []
    var body: Entry?
    for child in syntax.children(node) {
      switch child.kind {
      case .implicitParameter: parameters = [(name(child.node), "")]
      case .parameterList where child.field == .parameters || body == nil:
        parameters = self.parameters(child.node).map { ($0.name, $0.type) }
      case .modifier: break
      default: if child.field == .body || child.kind == .block { body = child }
      }
    }
    let result = closure(parameters: parameters, line: syntax.line(node)) { reader in
      guard let body else { return reader.lone(node) }
      guard body.kind == .block else { return reader.value(body.node, body.kind) }
      reader.block(body.node)
      return .opaque
    }
    return .closure(parameters: parameters.map(\.name), result: result)
  }

  /// Reads the body of a closure, which waits for its call; gives what it returns when that is one expression.
  mutating func closure(
    parameters: [(name: String, type: String)], line: Int, body: (inout CSharpReader) -> Value
  ) -> Value {
    let outer = (pending, returned, resultType, openUsings)
    (pending, returned, resultType, openUsings) = ([], [], "", 0)
    events.begin()
    var result = body(&self)
    if result == .opaque, let returned, returned.count == 1 { result = returned[0] }
    flushClosures("return")
    let inner = events.end()
    (pending, returned, resultType, openUsings) = outer
    pending.append(WaitingClosure(parameters: parameters, events: inner, line: line))
    return result
  }
}
