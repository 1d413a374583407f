import Facts

extension GoReader {
  /// Receivers of longer chains are not kept: each call of a chain holds all of it.
  private static let longestChain = 200

  /// What an expression stands for; its calls become events.
  mutating func value(_ node: Node, _ kind: GoKind?) -> Value {
    guard enterNesting() else { return .opaque }
    defer { depth -= 1 }
    switch kind {
    case .identifier:
      let name = syntax.text(node)
      return .name(!receiver.isEmpty && name == receiver ? "this" : name)
    case .interpretedStringLiteral, .rawStringLiteral: return .text(literalText(node, kind))
    case .intLiteral, .floatLiteral, .imaginaryLiteral, .runeLiteral: return .literal(syntax.text(node))
    case .true: return .literal("true")
    case .false: return .literal("false")
    case .nil: return .literal("null")
    case .selectorExpression, .callExpression, .indexExpression: return chain(node, kind)
    case .parenthesizedExpression, .variadicArgument, .literalElement:
      return syntax.children(node).first.map { value($0.node, $0.kind) } ?? .opaque
    case .typeConversionExpression: return conversion(node)
    case .typeAssertionExpression, .sliceExpression:
      return syntax.child(node, .operand).map { value($0, syntax.kind($0)) } ?? .opaque
    case .unaryExpression: return unary(node)
    case .binaryExpression: return binary(node)
    case .compositeLiteral: return composite(node)
    case .literalValue: return literalValue(node, type: nil)
    case .funcLiteral: return closure(node)
    case .typeInstantiationExpression:
      return syntax.child(node, .type).map { value($0, syntax.kind($0)) } ?? .opaque
    case .sliceType, .mapType, .arrayType, .pointerType, .channelType, .qualifiedType, .typeIdentifier, .genericType:
      return .type(type(node, kind))
    default: return .opaque
    }
  }

  // MARK: Chains

  /// Members, elements and calls one after another: a loop over them, not a recursion.
  private mutating func chain(_ node: Node, _ kind: GoKind?) -> Value {
    var links: [(node: Node, kind: GoKind, children: [GoChild])] = []
    var current = node
    var currentKind = kind
    loop: while let kind = currentKind {
      let field: GoField
      switch kind {
      case .selectorExpression, .indexExpression: field = .operand
      case .callExpression: field = .function
      default: break loop
      }
      let children = syntax.children(current)
      guard let base = children.first(where: { $0.field == field }) else { return .opaque }
      links.append((current, kind, children))
      current = base.node
      currentKind = base.kind
    }
    var result = value(current, currentKind)
    // A member waits for the call it may be the name of.
    var member: (name: String, line: Int)?
    var typeArguments: [Value] = []
    var length = 0
    for (place, link) in links.enumerated().reversed() {
      length += 1
      if length > Self.longestChain { result = .opaque }
      let isCalled = place > 0 && links[place - 1].kind == .callExpression
      switch link.kind {
      case .selectorExpression:
        guard let field = link.children.first(where: { $0.field == .field }) else { return .opaque }
        let name = syntax.text(field.node)
        let isIndexedCall =
          place > 1 && links[place - 1].kind == .indexExpression && links[place - 2].kind == .callExpression
        if isCalled || isIndexedCall {
          member = (name, syntax.line(field.node))
        } else {
          result = self.member(name, of: result)
        }
      case .indexExpression:
        guard let index = link.children.first(where: { $0.field == .index }) else { return .opaque }
        if isCalled {
          // `find[Order](…)`: the index is a type argument unless it is an element that is called, which is rare.
          typeArguments = [.type(type(index.node, index.kind))]
        } else {
          result = .element(of: result, at: value(index.node, index.kind))
        }
      default:
        result = perform(link.children, on: result, member, typeArguments, line: syntax.line(link.node))
        member = nil
        typeArguments = []
      }
    }
    return result
  }

  /// A member of a value: part of a plain name where it is one.
  private func member(_ name: String, of base: Value) -> Value {
    if case .name(let plain) = base { return .name(plain + "." + name) }
    return .field(of: base, name: name)
  }

  private mutating func perform(
    _ children: [GoChild], on base: Value, _ member: (name: String, line: Int)?, _ typeArguments: [Value], line: Int
  ) -> Value {
    let saved = pending
    pending = []
    var callee = ""
    var receiver: Value?
    if let member {
      (callee, receiver) = (member.name, base)
    } else if case .name(let plain) = base {
      callee = plain
    } else if case .closure = base {
      // `func() { … }()`: its body was waiting for this call.
      pending = saved
    }
    let isMaking = member == nil && (callee == "new" || callee == "make")
    var arguments =
      children.first { $0.field == .arguments }.map { list in
        syntax.children(list.node).enumerated().map { place, child in
          isMaking && place == 0 ? .type(typeArgument(child)) : value(child.node, child.kind)
        }
      } ?? []
    if let list = children.first(where: { $0.field == .typeArguments }) {
      arguments += syntax.children(list.node).map { .type(type($0.node, $0.kind)) }
    }
    arguments += typeArguments
    if isMaking, case .type(let made)? = arguments.first {
      pending = saved
      return callee == "make" || made.hasPrefix("Array<") || made.hasPrefix("Map<")
        ? .list([]) : construct(made, [], line: line)
    }
    if member == nil, Self.plainTypes.contains(callee), arguments.count == 1 {
      // What a conversion converts stays as it is.
      pending = saved + pending
      return arguments[0]
    }
    guard !callee.isEmpty else {
      flush(callee: "", receiver: nil)
      if case .closure = base { pending = [] } else { pending = saved }
      return .opaque
    }
    events.add(
      .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct)),
      member?.line ?? line)
    flush(callee: callee, receiver: receiver)
    pending = saved
    return .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  /// `[]byte(x)` leaves a text as it is; `find[Order](x)` looks the same to the grammar as a conversion.
  private mutating func conversion(_ node: Node) -> Value {
    guard let made = syntax.child(node, .type), let operand = syntax.child(node, .operand) else { return .opaque }
    guard syntax.kind(made) == .genericType, let head = syntax.child(made, .type),
      let list = syntax.child(made, .typeArguments)
    else { return value(operand, syntax.kind(operand)) }
    let saved = pending
    pending = []
    let arguments =
      [value(operand, syntax.kind(operand))] + syntax.children(list).map { .type(type($0.node, $0.kind)) }
    let parts = syntax.text(head).split(separator: ".", maxSplits: 1).map(String.init)
    let callee = parts.last ?? ""
    let receiver = parts.count > 1 ? Value.name(parts[0]) : nil
    events.add(
      .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct)), syntax.line(node))
    flush(callee: callee, receiver: receiver)
    pending = saved
    return .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  /// The type that `new` and `make` are given; the grammar reads plain names as expressions.
  private func typeArgument(_ child: GoChild) -> String {
    switch child.kind {
    case .identifier, .selectorExpression: syntax.text(child.node)
    default: type(child.node, child.kind)
    }
  }

  // MARK: Literals

  private mutating func composite(_ node: Node) -> Value {
    guard let type = syntax.child(node, .type), let body = syntax.child(node, .body) else { return .opaque }
    return literalValue(body, type: self.type(type, syntax.kind(type)))
  }

  /// The content of a literal of a type; elements of lists may leave out theirs.
  private mutating func literalValue(_ node: Node, type: String?) -> Value {
    guard enterNesting() else { return .opaque }
    defer { depth -= 1 }
    let inner = type.flatMap(Self.elementType)
    let items = syntax.children(node).map { child -> Value in
      if child.kind == .keyedElement {
        let parts = syntax.children(child.node)
        guard parts.count == 2 else { return .opaque }
        let entry = element(parts[1], type: inner)
        switch element(parts[0], type: nil) {
        case .text(let key): return .member(key, entry)
        case .name(let key) where inner == nil: return .member(key, entry)
        case let key: return .list([key, entry])
        }
      }
      return element(child, type: inner)
    }
    guard let type, inner == nil, type != "struct" else { return .list(items) }
    return construct(type, items, line: syntax.line(node))
  }

  private mutating func element(_ child: GoChild, type: String?) -> Value {
    guard child.kind == .literalElement, let only = syntax.children(child.node).first else {
      return child.kind == .literalValue ? literalValue(child.node, type: type) : value(child.node, child.kind)
    }
    return only.kind == .literalValue ? literalValue(only.node, type: type) : value(only.node, only.kind)
  }

  /// What the elements of an array or map are.
  private static func elementType(_ type: String) -> String? {
    guard type.hasSuffix(">") else { return nil }
    if type.hasPrefix("Array<") { return String(type.dropFirst(6).dropLast()) }
    guard type.hasPrefix("Map<") else { return nil }
    return type.dropFirst(4).dropLast().split(separator: ",", maxSplits: 1).last.map(String.init)
  }

  private mutating func construct(_ type: String, _ arguments: [Value], line: Int) -> Value {
    let name = String(type.prefix { $0 != "<" })
    events.add(.call(CallFact(callee: name, receiver: nil, arguments: arguments, dispatch: .direct)), line)
    return .call(callee: name, receiver: nil, arguments: arguments)
  }

  /// The type an expression shows without anything else being known.
  func shownType(_ node: Node, _ kind: GoKind?) -> String {
    switch kind {
    case .compositeLiteral: return syntax.child(node, .type).map { type($0, syntax.kind($0)) } ?? ""
    case .unaryExpression: return syntax.child(node, .operand).map { shownType($0, syntax.kind($0)) } ?? ""
    case .typeAssertionExpression: return syntax.child(node, .type).map { type($0, syntax.kind($0)) } ?? ""
    case .callExpression:
      guard let function = syntax.child(node, .function), syntax.kind(function) == .identifier,
        let list = syntax.child(node, .arguments), ["new", "make"].contains(syntax.text(function)),
        let first = syntax.children(list).first
      else { return "" }
      return typeArgument(first)
    default: return ""
    }
  }

  // MARK: Operators

  private mutating func unary(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let operand = children.first(where: { $0.field == .operand }),
      let mark = children.first(where: { $0.field == .operator })
    else { return .opaque }
    let inner = value(operand.node, operand.kind)
    switch syntax.text(mark.node) {
    case "&", "*", "+": return inner
    case "<-": return .element(of: inner, at: .opaque)
    case "-":
      if case .literal(let digits) = inner { return .literal("-" + digits) }
      return .operation("-", [inner])
    case let other: return .operation(other, [inner])
    }
  }

  /// Operators nest to the left: a loop over them, not a recursion.
  private mutating func binary(_ node: Node) -> Value {
    var links: [(operator: String, right: GoChild)] = []
    var current: GoChild? = GoChild(node: node, kind: .binaryExpression, field: nil)
    while let next = current, next.kind == .binaryExpression {
      let children = syntax.children(next.node)
      guard let right = children.first(where: { $0.field == .right }),
        let mark = children.first(where: { $0.field == .operator })
      else { return .opaque }
      links.append((syntax.text(mark.node), right))
      current = children.first { $0.field == .left }
    }
    var result = current.map { value($0.node, $0.kind) } ?? .opaque
    var levels = 0
    var index = links.count - 1
    while index >= 0 {
      let mark = links[index].operator
      var parts = [result]
      while index >= 0, links[index].operator == mark {
        parts.append(value(links[index].right.node, links[index].right.kind))
        index -= 1
      }
      levels += 1
      result = mark == "+" && Self.mayBeText(parts) ? Value.joined(parts) : .operation(mark, parts)
      if levels > Self.maximumDepth { result = .opaque }
    }
    return result
  }

  /// Numbers are added to numbers alone.
  private static func mayBeText(_ parts: [Value]) -> Bool {
    !parts.contains { if case .literal = $0 { true } else if case .operation = $0 { true } else { false } }
  }
}
