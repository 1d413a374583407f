import Facts

/// Expressions as values; calls inside become events on the way.
extension TypeScriptLowering {
  mutating func value(_ node: Node, _ kind: TypeScriptKind?) -> Value {
    guard depth < Self.maximumDepth else { return .opaque }
    depth += 1
    defer { depth -= 1 }
    switch kind {
    case .identifier, .shorthandPropertyIdentifier, .typeIdentifier: return .name(syntax.text(node))
    case .this: return .name("this")
    case .super: return .name("super")
    case .string: return .text(TypeScriptText.literal(syntax.bytes(node)))
    case .number: return .literal(syntax.text(node))
    case .true: return .literal("true")
    case .false: return .literal("false")
    case .null, .undefined: return .literal("null")
    case .templateString: return template(node)
    case .callExpression, .memberExpression, .subscriptExpression, .nonNullExpression, .parenthesizedExpression,
      .awaitExpression, .asExpression, .satisfiesExpression, .instantiationExpression:
      return chain(node, kind)
    case .newExpression: return construction(node)
    case .binaryExpression: return binary(node)
    case .unaryExpression: return unary(node)
    case .ternaryExpression: return ternary(node)
    case .assignmentExpression: return assignment(node)
    case .augmentedAssignment: return augmented(node)
    case .object: return object(node, prefix: nil, isResult: false)
    case .array: return .list(syntax.children(node).map { value($0.node, $0.kind) })
    case .spreadElement, .yieldExpression, .typeAssertion:
      guard let inner = syntax.children(node).last else { return .opaque }
      let held = value(inner.node, inner.kind)
      return kind == .spreadElement ? .operation("...", [held]) : held
    case .arrowFunction, .functionExpression, .generatorFunction: return closure(node, name: "")
    case .class: return .name(classType(node, name: "", decorators: []))
    case .sequenceExpression:
      return syntax.children(node).reduce(.opaque) { _, child in value(child.node, child.kind) }
    case .jsxElement, .jsxSelfClosingElement, .jsxOpeningElement, .jsxExpression, .jsxAttribute:
      for child in syntax.children(node) where child.kind != nil && child.kind != .identifier {
        _ = value(child.node, child.kind)
      }
      return .opaque
    case .updateExpression, .regex, .metaProperty, .import: return .opaque
    default:
      if kind == nil, syntax.isError(node) {
        for child in syntax.children(node) { statement(child.node, child.kind, decorators: []) }
      }
      return .opaque
    }
  }

  // MARK: Operators

  /// A chain of operators, however long, from left to right.
  private mutating func binary(_ node: Node) -> Value {
    var links: [(operation: String, right: Part)] = []
    var first = Part(node: node, kind: .binaryExpression, field: nil)
    while first.kind == .binaryExpression {
      var left: Part?
      var operation = ""
      var right: Part?
      for child in syntax.children(first.node) {
        switch child.field {
        case .left: left = child
        case .operator: operation = syntax.text(child.node)
        case .right: right = child
        default: break
        }
      }
      guard let left, let right else { return .opaque }
      links.append((operation, right))
      first = left
    }
    var parts = [value(first.node, first.kind)]
    var current = links.last?.operation ?? ""
    var nesting = 0
    for link in links.reversed() {
      if link.operation != current {
        nesting += 1
        parts = [nesting < Self.maximumDepth ? Self.combined(current, parts) : .opaque]
        current = link.operation
      }
      parts.append(value(link.right.node, link.right.kind))
    }
    return Self.combined(current, parts)
  }

  private static func combined(_ operation: String, _ parts: [Value]) -> Value {
    switch operation {
    case "+": mayBeText(parts) ? Value.joined(parts) : .operation("+", parts)
    case "??", "||": .either(parts)
    case "===": .operation("==", parts)
    case "!==": .operation("!=", parts)
    default: .operation(operation, parts)
    }
  }

  /// Whether adding these may give a text: one is a text, or none is a number.
  private static func mayBeText(_ parts: [Value]) -> Bool {
    var isNumber = false
    for part in parts {
      switch part {
      case .text, .join: return true
      case .literal: isNumber = true
      case .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: break
      }
    }
    return !isNumber
  }

  private mutating func unary(_ node: Node) -> Value {
    var operation = ""
    var held: Value = .opaque
    for child in syntax.children(node) {
      if child.field == .operator { operation = syntax.text(child.node) }
      if child.field == .argument { held = value(child.node, child.kind) }
    }
    switch (operation, held) {
    case ("-", .literal(let digits)): return .literal("-" + digits)
    case ("void", _): return .literal("null")
    default: return .operation(operation, [held])
    }
  }

  private mutating func ternary(_ node: Node) -> Value {
    var options: [Value] = []
    for child in syntax.children(node) {
      let held = value(child.node, child.kind)
      if child.field == .consequence || child.field == .alternative { options.append(held) }
    }
    return .either(options)
  }

  private mutating func augmented(_ node: Node) -> Value {
    var target: Part?
    var operation = ""
    var held: Value = .opaque
    for child in syntax.children(node) {
      switch child.field {
      case .left: target = child
      case .operator: operation = syntax.text(child.node)
      case .right: held = value(child.node, child.kind)
      default: break
      }
    }
    guard let target, let name = plainName(target.node) else { return held }
    let line = syntax.line(node)
    switch operation {
    case "+=": add(.append(name: name, value: held), line)
    case "??=", "||=", "&&=": add(.assign(name: name, value: .either([.name(name), held])), line)
    default: break
    }
    return .name(name)
  }

  // MARK: Texts

  /// A template: its texts and what stands between them.
  mutating func template(_ node: Node) -> Value {
    let all = syntax.bytes(node)
    let start = syntax.offset(node)
    var parts: [Value] = []
    var place = 1
    func text(to end: Int) {
      guard place < end else { return }
      parts.append(.text(TypeScriptText.escapes.text(all[place..<end])))
    }
    for child in syntax.children(node) where child.kind == .templateSubstitution {
      text(to: syntax.offset(child.node) - start)
      if let inner = syntax.children(child.node).first { parts.append(value(inner.node, inner.kind)) }
      place = syntax.endOffset(child.node) - start
    }
    text(to: all.count - 1)
    return .joined(parts)
  }

  // MARK: Objects

  /// An object literal. With a `prefix` its methods are functions of their own, called `prefix.name`; `isResult` says
  /// that a function makes the object, whose variables they see.
  mutating func object(_ node: Node, prefix: String?, isResult: Bool) -> Value {
    var entries: [Value] = []
    for child in syntax.children(node) {
      switch child.kind {
      case .pair:
        guard let value = syntax.child(child.node, .value), let key = syntax.children(child.node).first else {
          continue
        }
        let part = Part(node: value, kind: syntax.kind(value), field: .value)
        guard let name = keyText(key) else {
          let inner = syntax.children(key.node).first.map { self.value($0.node, $0.kind) } ?? .opaque
          entries.append(.list([inner, self.value(value, part.kind)]))
          continue
        }
        entries.append(.member(name, entry(part, name: name, prefix: prefix, isResult: isResult)))
      case .methodDefinition:
        let name = syntax.child(child.node, .name).flatMap {
          keyText(Part(node: $0, kind: syntax.kind($0), field: nil))
        }
        entries.append(.member(name ?? "", entry(child, name: name ?? "", prefix: prefix, isResult: isResult)))
      case .shorthandPropertyIdentifier:
        let name = syntax.text(child.node)
        entries.append(.member(name, .name(name)))
      case .spreadElement: entries.append(value(child.node, child.kind))
      default: break
      }
    }
    return .list(entries)
  }

  private mutating func entry(_ part: Part, name: String, prefix: String?, isResult: Bool) -> Value {
    let isMethod = part.kind == .methodDefinition || Self.isFunction(part.kind)
    guard let prefix, !name.isEmpty else {
      return isMethod ? closure(part.node, name: name) : value(part.node, part.kind)
    }
    let full = prefix.isEmpty ? name : prefix + "." + name
    if isMethod {
      if isResult { frames[frames.count - 1].isShared = true }
      if prefix.isEmpty { exported.insert(name) }
      let isOwned = !prefix.isEmpty && typePlaces[prefix] != nil
      function(part.node, name: full, owner: isOwned ? prefix : "", decorators: [])
      return .name(full)
    }
    if part.kind == .object, hoist(part, name: full, line: syntax.line(part.node)) { return .name(full) }
    return value(part.node, part.kind)
  }

  /// The text of a key; nil for computed ones.
  func keyText(_ key: Part) -> String? {
    switch key.kind {
    case .string: return TypeScriptText.literal(syntax.bytes(key.node))
    case .computedPropertyName:
      guard let inner = syntax.children(key.node).first, inner.kind == .string else { return nil }
      return TypeScriptText.literal(syntax.bytes(inner.node))
    default: return syntax.text(key.node)
    }
  }
}
