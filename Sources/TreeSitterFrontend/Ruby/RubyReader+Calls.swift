import Facts

/// Calls and the closures given to them.
extension RubyReader {
  /// Methods of texts that keep what the text says.
  private static let sameText: Set<String> = [
    "freeze", "squish", "strip", "strip_heredoc", "chomp", "html_safe", "to_s", "to_sym", "to_str", "dup", "itself",
  ]

  /// Methods that call the method they are given the name of.
  private static let indirect: Set<String> = ["try", "try!", "send", "public_send", "__send__"]

  private struct CallParts {
    var node: Node
    var method: Part?
    var arguments: Part?
    var block: Part?
    var isScoped = false
  }

  mutating func call(_ node: Node) -> Value {
    // Chains nest to the left: they are walked with a loop.
    var chain: [CallParts] = []
    var innermost: Part?
    var current = node
    while true {
      var parts = CallParts(node: current)
      var receiver: Part?
      for part in syntax.children(current) {
        switch part.field {
        case .receiver: receiver = part
        case .method: parts.method = part
        case .arguments: parts.arguments = part
        case .block: parts.block = part
        default: break
        }
      }
      chain.append(parts)
      guard let receiver, receiver.kind == .call else {
        innermost = receiver
        break
      }
      current = receiver.node
    }
    var value = innermost.map { self.value($0) }
    for parts in chain.reversed() { value = call(parts, on: value) }
    return value ?? .opaque
  }

  private mutating func call(_ parts: CallParts, on receiver: Value?) -> Value {
    guard let method = parts.method else { return finished("call", receiver, parts) }
    if method.kind == .superKeyword {
      let start = pending.count
      let arguments = parts.arguments.map { self.arguments(syntax.children($0.node)) } ?? []
      if let block = parts.block { closure(block) }
      let value = superCall(arguments, parts.node)
      flush(from: start, callee: "super", receiver: nil)
      return value
    }
    let name = syntax.text(method.node)
    if receiver == nil,
      declared(name, method, arguments: parts.arguments, block: parts.block, node: parts.node)
    {
      return .opaque
    }
    if case .name(let base)? = receiver, isMixedInto(base) {
      let outer = methods
      methods = []
      let isDone = declared(name, method, arguments: parts.arguments, block: parts.block, node: parts.node)
      methods = outer
      if isDone { return .opaque }
    }
    if parts.block != nil, reopened(name, on: receiver, block: parts.block, node: parts.node) { return .opaque }
    if parts.arguments == nil, parts.block == nil, let receiver,
      let value = attribute(name, of: receiver, method, parts)
    {
      return value
    }
    return finished(name, receiver, parts)
  }

  /// The value of `receiver.name` where no more is written.
  private mutating func attribute(_ name: String, of receiver: Value, _ method: Part, _ parts: CallParts) -> Value? {
    if Self.sameText.contains(name), Self.isConstantText(receiver) { return receiver }
    if method.kind == .constant, case .name(let path) = receiver { return .name(path + "::" + name) }
    // A plain attribute of a local variable or of the object itself: may be any method, and counts as a call, too.
    guard case .name(let path) = receiver, method.kind == .identifier, !name.hasSuffix("!"), !name.hasSuffix("?"),
      path == "this" || !path.utf8.contains(UInt8(ascii: ".")) && isLocalValue(path)
    else { return nil }
    if !(path == "this" && name == "class") {
      add(CallFact(callee: name, receiver: receiver, arguments: [], dispatch: .virtual), method.node)
    }
    return .name(path + "." + name)
  }

  private func isLocalValue(_ name: String) -> Bool {
    guard let first = name.utf8.first else { return false }
    return first == UInt8(ascii: "_") || first >= UInt8(ascii: "a") && first <= UInt8(ascii: "z")
  }

  private static func isConstantText(_ value: Value) -> Bool {
    switch value {
    case .text, .join: true
    case .list(let items):
      items.allSatisfy { item in
        switch item {
        case .text, .literal: true
        case .member(_, let inner): isText(inner)
        case .name, .type, .field, .call, .join, .list, .either, .element, .operation, .closure, .opaque: false
        }
      }
    case .literal, .name, .type, .field, .call, .member, .either, .element, .operation, .closure, .opaque: false
    }
  }

  /// A call with its arguments and blocks, and what they do.
  private mutating func finished(_ name: String, _ receiver: Value?, _ parts: CallParts) -> Value {
    let start = pending.count
    if receiver == nil, parts.arguments == nil, name == "lambda" || name == "proc", let block = parts.block {
      return closure(block)
    }
    var arguments: [Value] = []
    if let list = parts.arguments {
      for part in syntax.children(list.node) {
        switch part.kind {
        case .pair: arguments += self.arguments([part])
        case .blockArgument: arguments.append(blockArgument(part.node))
        default: arguments.append(value(part))
        }
      }
    }
    if let block = parts.block { arguments.append(closure(block)) }
    var callee = name
    var target = receiver
    if name == "new" {
      if case .name(let type)? = receiver, Self.isConstant(type) {
        (callee, target) = (type, nil)
      } else if receiver == nil, methods.last?.isStatic == true, !context.name.isEmpty {
        callee = context.name
      }
    }
    // `order.try(:save, x)` and `order.send(:save, x)` call what they name.
    if Self.indirect.contains(name), case .text(let named)? = arguments.first, Self.isMethodName(named) {
      callee = named
      arguments.removeFirst()
    }
    if case .name(let name)? = target { noteMixing(callee, on: name, arguments, parts.node) }
    add(
      CallFact(callee: callee, receiver: target, arguments: arguments, dispatch: target == nil ? .direct : .virtual),
      parts.method?.node ?? parts.node)
    flush(from: start, callee: callee, receiver: target)
    return .call(callee: callee, receiver: target, arguments: arguments)
  }

  private static func isMethodName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
          || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "!")
          || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "=")
      }
  }

  static func isConstant(_ name: String) -> Bool {
    name.utf8.first.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } ?? false
  }

  mutating func superCall(_ arguments: [Value], _ node: Node) -> Value {
    let callee = methods.last?.name ?? "super"
    add(CallFact(callee: callee, receiver: .name("super"), arguments: arguments, dispatch: .direct), node)
    return .call(callee: callee, receiver: .name("super"), arguments: arguments)
  }

  mutating func yield(_ node: Node) -> Value {
    let arguments = syntax.children(node).first.map { self.arguments(syntax.children($0.node)) } ?? []
    add(CallFact(callee: "yield", receiver: nil, arguments: arguments, dispatch: .pointer), node)
    return .call(callee: "yield", receiver: nil, arguments: arguments)
  }

  // MARK: Closures

  /// `&block`, `&:name` and `&method(:name)`.
  private mutating func blockArgument(_ node: Node) -> Value {
    guard let inner = syntax.children(node).first else { return .name("block") }
    guard inner.kind == .simpleSymbol else { return value(inner) }
    let callee = String(syntax.text(inner.node).dropFirst())
    let line = syntax.line(node)
    let call = CallFact(callee: callee, receiver: .name("it"), arguments: [], dispatch: .virtual)
    pending.append(
      PendingClosure(
        parameters: [("it", [])], events: [PlacedEvent(line: line, event: .call(call))], line: line))
    return .closure(
      parameters: ["it"], result: .call(callee: callee, receiver: .name("it"), arguments: []))
  }

  /// `->(x) { … }`.
  mutating func lambda(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let body = parts.first(where: { $0.field == .body }) else { return .opaque }
    return closure(body, parameters: parts.first { $0.field == .parameters })
  }

  /// A block; its events wait for the call it is given to.
  @discardableResult
  mutating func closure(_ block: Part, parameters given: Part? = nil) -> Value {
    let parts = syntax.children(block.node)
    let list = given ?? parts.first { $0.field == .parameters }
    locals.append(LocalScope(seesOuter: true, hasImplicit: list == nil))
    let outer = pending
    pending = []
    events.begin()
    var parameters: [(name: String, parts: [String])] = []
    if let list { parameters = self.parameters(list.node) }
    var result = Value.opaque
    if let body = parts.first(where: { $0.field == .body }) {
      let statements = syntax.children(body.node)
      let value = sequence(statements, use: .value)
      if statements.count == 1 { result = value }
    }
    let scope = locals.removeLast()
    if let name = scope.usedImplicit { parameters = [(name, [])] }
    pending = outer
    pending.append(
      PendingClosure(parameters: parameters, events: events.end(), line: syntax.line(block.node)))
    return .closure(parameters: parameters.map(\.name), result: result)
  }

  /// Declares the parameters of a method or block as locals; those that are taken apart come with the names of their
  /// parts.
  mutating func parameters(_ node: Node) -> [(name: String, parts: [String])] {
    syntax.children(node).compactMap { part in
      switch part.kind {
      case .identifier:
        let name = syntax.text(part.node)
        addLocal(name)
        // `|a; b|` declares a local that is no parameter.
        return part.field == nil ? (name, []) : nil
      case .destructuredParameter:
        return ("", self.parameters(part.node).flatMap { $0.parts.isEmpty ? [$0.name] : $0.parts })
      case .keywordParameter, .optionalParameter, .splatParameter, .hashSplatParameter, .blockParameter:
        var name = ""
        for inner in syntax.children(part.node) {
          if inner.field == .name {
            name = syntax.text(inner.node)
            addLocal(name)
          } else if inner.field == .value {
            _ = value(inner)
          }
        }
        return (name, [])
      default: return ("", [])
      }
    }
  }
}
