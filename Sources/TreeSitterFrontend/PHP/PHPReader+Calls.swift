import Facts

extension PHPReader {
  /// Receivers of longer chains are not kept: each call of a chain holds all of it.
  private static let longestChain = 200

  /// Members, elements and calls one after another: a loop over them, not a recursion.
  mutating func chain(_ node: Node, _ kind: PHPKind?) -> Value {
    var links: [(kind: PHPKind, children: [PHPChild])] = []
    var current = node
    var currentKind = kind
    loop: while let kind = currentKind {
      switch kind {
      case .memberAccessExpression, .nullsafeMemberAccessExpression, .memberCallExpression,
        .nullsafeMemberCallExpression, .subscriptExpression:
        let children = syntax.children(current)
        let base = kind == .subscriptExpression ? children.first : children.first { $0.field == .object }
        guard let base else { return .opaque }
        links.append((kind, children))
        current = base.node
        currentKind = base.kind
      default: break loop
      }
    }
    var result = value(current, currentKind)
    var length = 0
    for link in links.reversed() {
      length += 1
      if length > Self.longestChain { result = .opaque }
      result = apply(link.kind, link.children, to: result)
    }
    return result
  }

  private mutating func apply(_ kind: PHPKind, _ children: [PHPChild], to base: Value) -> Value {
    if kind == .subscriptExpression {
      guard children.count > 1 else { return .element(of: base, at: .opaque) }
      return .element(of: base, at: value(children[1].node, children[1].kind))
    }
    guard let name = children.first(where: { $0.field == .name }) else { return .opaque }
    let isPlain = name.kind == .name
    guard let list = children.first(where: { $0.field == .arguments }) else {
      return isPlain ? member(syntax.text(name.node), of: base) : .opaque
    }
    guard isPlain else {
      _ = value(name.node, name.kind)
      return perform("", on: base, list.node, line: syntax.line(name.node))
    }
    return perform(syntax.text(name.node), on: base, list.node, line: syntax.line(name.node))
  }

  /// A function call, a static call, or an object made.
  mutating func call(_ node: Node, _ kind: PHPKind?) -> Value {
    let children = syntax.children(node)
    let line = syntax.line(node)
    switch kind {
    case .functionCallExpression:
      guard let function = children.first(where: { $0.field == .function }),
        let list = children.first(where: { $0.field == .arguments })
      else { return .opaque }
      switch function.kind {
      case .name, .qualifiedName, .relativeName:
        return perform(typeName(function.node), on: nil, list.node, line: syntax.line(function.node))
      default:
        let called = value(function.node, function.kind)
        return perform("__invoke", on: called, list.node, line: syntax.line(list.node))
      }
    case .scopedCallExpression:
      guard let base = children.first(where: { $0.field == .scope }),
        let name = children.first(where: { $0.field == .name }),
        let list = children.first(where: { $0.field == .arguments })
      else { return .opaque }
      let receiver = scope(base.node, base.kind)
      let callee = name.kind == .name ? syntax.text(name.node) : ""
      return perform(callee, on: receiver, list.node, line: syntax.line(name.node))
    default:
      let list = children.first { $0.kind == .arguments }
      guard let made = children.first(where: { $0.kind != .arguments }) else { return .opaque }
      let name: String
      switch made.kind {
      case .anonymousClass:
        name = type(made.node, kind: .class, annotatedAt: node)
        return perform(name, on: nil, syntax.child(made.node, of: .arguments), line: line)
      case .name, .qualifiedName, .relativeName:
        let written = typeName(made.node)
        name = written == "self" || written == "static" ? owner : written
      default:
        _ = value(made.node, made.kind)
        name = ""
      }
      return perform(name, on: nil, list?.node, line: line)
    }
  }

  /// Arguments, then the call, then what the closures among the arguments do.
  private mutating func perform(_ callee: String, on receiver: Value?, _ list: Node?, line: Int) -> Value {
    let saved = pending
    pending = []
    let arguments = list.map { self.arguments($0) } ?? []
    if callee == "define", receiver == nil, arguments.count >= 2, case .text(let name) = arguments[0],
      arguments[1] != .opaque
    {
      constants.append(
        ConstantFact(name: name, kind: .global, value: arguments[1], isLocal: false, line: line))
    }
    guard !callee.isEmpty else {
      flush(callee: "", receiver: receiver)
      pending = saved
      return .opaque
    }
    add(call: callee, receiver: receiver, arguments: arguments, line: line)
    flush(callee: callee, receiver: Self.iterated(callee, receiver, arguments))
    pending = saved
    return .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  /// What the closures given to a call are called with: its receiver, or the array given beside them.
  private static func iterated(_ callee: String, _ receiver: Value?, _ arguments: [Value]) -> Value? {
    guard receiver == nil else { return receiver }
    switch callee {
    case "array_map": return arguments.count > 1 ? arguments[1] : nil
    case "array_filter", "array_walk", "usort", "uasort": return arguments.first
    default: return nil
    }
  }

  /// The arguments of a call, an attribute or an object made.
  mutating func arguments(_ list: Node) -> [Value] {
    var found: [Value] = []
    for child in syntax.children(list) where child.kind == .argument {
      var name = ""
      var item: Value = .opaque
      for part in syntax.children(child.node) {
        if part.field == .name { name = syntax.text(part.node) } else { item = value(part.node, part.kind) }
      }
      found.append(name.isEmpty ? item : .member(name, item))
    }
    return found
  }

  // MARK: Closures

  /// A function without a name; what it does waits for the call it is given to.
  mutating func closure(_ node: Node, _ kind: PHPKind?) -> Value {
    let children = syntax.children(node)
    let parameters = self.parameters(among: children, document: nil)
    let saved = (isInFunction, known, pending)
    isInFunction = true
    known.formUnion(parameters.map(\.name))
    pending = []
    events.begin()
    var result: Value = .opaque
    if let body = children.first(where: { $0.field == .body }) {
      if kind == .arrowFunction {
        result = value(body.node, body.kind)
      } else {
        let statements = syntax.children(body.node)
        if statements.count == 1, statements[0].kind == .returnStatement,
          let only = syntax.children(statements[0].node).first
        {
          result = value(only.node, only.kind)
        } else {
          for child in statements { statement(child.node, child.kind) }
        }
      }
    }
    flush(callee: "", receiver: nil)
    let body = events.end()
    (isInFunction, known, pending) = saved
    pending.append(
      WaitingClosure(parameters: parameters.map { ($0.name, $0.type) }, events: body, line: syntax.line(node)))
    return .closure(parameters: parameters.map(\.name), result: result)
  }

  /// Adds what the waiting closures do, as scopes of `callee`.
  mutating func flush(callee: String, receiver: Value?) {
    guard !pending.isEmpty else { return }
    for closure in pending where !closure.events.isEmpty { events.add(closure, callee: callee, receiver: receiver) }
    pending = []
  }
}
