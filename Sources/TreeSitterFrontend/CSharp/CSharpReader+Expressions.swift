import Facts

extension CSharpReader {
  /// What an expression stands for; adds the events of the calls in it. `type` is what is known of its type where it
  /// stands, for `new()`.
  mutating func value(_ node: Node, _ kind: CSharpKind?, expecting type: String = "") -> Value {
    guard depth < Self.depthLimit else { return .opaque }
    depth += 1
    defer { depth -= 1 }
    switch kind {
    case .identifier: return .name(name(node))
    case .genericName: return .name(syntax.children(node).first.map { name($0.node) } ?? "")
    case .predefinedType: return .name(name(node))
    case .aliasQualifiedName: return .name(syntax.child(node, .name).map { name($0) } ?? "")
    case .stringLiteral, .verbatimStringLiteral, .rawStringLiteral, .characterLiteral:
      return .text(CSharpText.literal(syntax.bytes(node)))
    case .interpolatedStringExpression: return interpolated(node)
    case .integerLiteral, .realLiteral, .booleanLiteral: return .literal(syntax.text(node))
    case .nullLiteral: return .literal("null")
    case .memberAccessExpression, .invocationExpression, .conditionalAccessExpression, .elementAccessExpression:
      return chain(node, kind)
    case .awaitExpression, .parenthesizedExpression, .checkedExpression, .refExpression, .throwExpression:
      return transparent(node, expecting: type)
    case .postfixUnaryExpression: return transparent(node, expecting: type)
    case .castExpression:
      guard let inner = syntax.child(node, .value) else { return .opaque }
      return value(inner, syntax.kind(inner), expecting: syntax.child(node, .type).map(typeText) ?? "")
    case .asExpression:
      guard let inner = syntax.child(node, .left) else { return .opaque }
      return value(inner, syntax.kind(inner))
    case .binaryExpression: return binary(node)
    case .prefixUnaryExpression:
      let sign = syntax.bytes(node).first.map { String(UnicodeScalar($0)) } ?? "-"
      return .operation(sign, [transparent(node)])
    case .conditionalExpression:
      var options: [Value] = []
      for child in syntax.children(node) {
        let option = value(child.node, child.kind, expecting: type)
        if child.field != .condition { options.append(option) }
      }
      return .either(options)
    case .isPatternExpression, .isExpression: return isExpression(node)
    case .assignmentExpression: return assignment(node)
    case .objectCreationExpression: return creation(node, expecting: type)
    case .implicitObjectCreationExpression: return creation(node, expecting: type)
    case .anonymousObjectCreationExpression: return anonymousObject(node)
    case .arrayCreationExpression, .implicitArrayCreationExpression, .initializerExpression, .collectionExpression:
      return list(node, expecting: type)
    case .tupleExpression: return .list(syntax.children(node).map { argument($0.node) })
    case .lambdaExpression, .anonymousMethodExpression: return closure(node)
    case .queryExpression: return query(node)
    case .switchExpression: return switchExpression(node, expecting: type)
    case .typeofExpression: return .type(syntax.child(node, .type).map(typeText) ?? "")
    case .declarationExpression:
      guard let named = syntax.child(node, .name) else { return .opaque }
      let declared = syntax.child(node, .type).map(typeText) ?? ""
      add(.declare(name: name(named), type: declared, value: .opaque), syntax.line(node))
      return .name(name(named))
    case .withExpression:
      let children = syntax.children(node)
      let base = children.first.map { value($0.node, $0.kind) } ?? .opaque
      for child in children.dropFirst() where child.kind == .withInitializer {
        if let last = syntax.children(child.node).last { _ = value(last.node, last.kind) }
      }
      return base
    case .rangeExpression: return .operation("..", syntax.children(node).map { value($0.node, $0.kind) })
    case nil: return word(node)
    default: return .opaque
    }
  }

  /// `this` and `base`, which are no nodes of their own.
  private func word(_ node: Node) -> Value {
    let bytes = syntax.bytes(node)
    if bytes.elementsEqual("this".utf8) { return .name("this") }
    if bytes.elementsEqual("base".utf8) { return .name("super") }
    return .opaque
  }

  /// The value of a node whose only expression is a word, which is no node.
  func lone(_ node: Node) -> Value {
    var bytes = syntax.bytes(node)[...]
    while let last = bytes.last, last <= UInt8(ascii: " ") || last == UInt8(ascii: ";") || last == UInt8(ascii: ")") {
      bytes = bytes.dropLast()
    }
    return bytes.count >= 4 && bytes.suffix(4).elementsEqual("this".utf8) ? .name("this") : .opaque
  }

  /// The only expression inside a node.
  private mutating func transparent(_ node: Node, expecting type: String = "") -> Value {
    guard let child = syntax.children(node).first else { return lone(node) }
    return value(child.node, child.kind, expecting: type)
  }

  // MARK: Operators

  /// Operators of one kind in a row are one list; `a + b + c` is read with a loop however long it is.
  private mutating func binary(_ node: Node) -> Value {
    var current = node
    var operands: [(entry: Entry, sign: String)] = []
    var base: Entry?
    while true {
      let children = syntax.children(current)
      guard let left = children.first, let right = children.last, children.count > 1 else { return .opaque }
      let sign = children.first { $0.field == .operator }.map { syntax.text($0.node) } ?? ""
      operands.append((right, sign))
      guard left.kind == .binaryExpression else {
        base = left
        break
      }
      current = left.node
    }
    guard let base else { return .opaque }
    var value = self.value(base.node, base.kind)
    var parts: [Value] = []
    var sign = ""
    for (entry, next) in operands.reversed() {
      if next != sign, !parts.isEmpty {
        value = Self.combined(sign, parts)
        parts = []
      }
      if parts.isEmpty { parts = [value] }
      sign = next
      parts.append(self.value(entry.node, entry.kind))
    }
    value = Self.combined(sign, parts)
    return value
  }

  private static func combined(_ sign: String, _ parts: [Value]) -> Value {
    switch sign {
    case "??": .either(parts.flatMap { if case .either(let inner) = $0 { inner } else { [$0] } })
    case "+" where parts.contains(where: isText) || !parts.contains(where: isNumber): .joined(parts)
    default: .operation(sign, parts)
    }
  }

  private static func isText(_ value: Value) -> Bool {
    switch value {
    case .text: true
    case .join(let parts): parts.contains(where: isText)
    case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: false
    }
  }

  private static func isNumber(_ value: Value) -> Bool {
    switch value {
    case .literal, .operation: true
    case .text, .name, .type, .field, .call, .join, .list, .member, .either, .element, .closure, .opaque: false
    }
  }

  private mutating func assignment(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let left = children.first, let right = children.last, children.count > 1 else {
      return children.first.map { self.value($0.node, $0.kind) } ?? .opaque
    }
    let line = syntax.line(node)
    let sign = children.first { $0.field == .operator }.map { syntax.text($0.node) } ?? "="
    let isAlone = right.field == .operator
    let value = isAlone ? lone(node) : self.value(right.node, right.kind)
    if left.kind == .identifier { flushClosures(name(left.node)) }
    switch sign {
    case "=": assign(left, value, line)
    case "??=":
      if let target = target(left) { add(.assign(name: target, value: .either([.name(target), value])), line) }
    default: if let target = target(left) { add(.append(name: target, value: value), line) }
    }
    return value
  }

  /// Assigns to a name, a member, an element or each part of a tuple.
  mutating func assign(_ left: Entry, _ value: Value, _ line: Int) {
    if left.kind == .tupleExpression {
      for (place, part) in syntax.children(left.node).enumerated() {
        let element = Value.element(of: value, at: .literal(String(place)))
        guard let inner = syntax.children(part.node).last else { continue }
        if inner.kind == .declarationExpression, let named = syntax.child(inner.node, .name) {
          let type = syntax.child(inner.node, .type).map(typeText) ?? ""
          add(.declare(name: name(named), type: type, value: element), line)
        } else {
          guard depth < Self.depthLimit else { return }
          depth += 1
          assign(inner, element, line)
          depth -= 1
        }
      }
    } else if left.kind == .declarationExpression || left.kind == .genericName {
      _ = self.value(left.node, left.kind)
    } else if let target = target(left) {
      add(.assign(name: target, value: value), line)
    } else if case .call = value {
    } else if value != .opaque {
      add(.mention(value), line)
    }
  }

  /// The name assigned to; nil when it is no plain chain of names.
  private mutating func target(_ left: Entry) -> String? {
    guard case .name(let name) = value(left.node, left.kind), name != "_" else { return nil }
    return name
  }

  // MARK: Patterns

  private mutating func isExpression(_ node: Node) -> Value {
    var subject = Value.opaque
    for child in syntax.children(node) {
      switch child.field {
      case .expression, .left: subject = value(child.node, child.kind)
      case .pattern: pattern(child, of: subject)
      default: break
      }
    }
    return .operation("is", [subject])
  }

  /// Declares the names a pattern gives to what it matches.
  mutating func pattern(_ entry: Entry, of subject: Value) {
    guard depth < Self.depthLimit else { return }
    depth += 1
    defer { depth -= 1 }
    switch entry.kind {
    case .identifier, .stringLiteral, .integerLiteral, .nullLiteral, .booleanLiteral, .memberAccessExpression: return
    case .whenClause:
      for child in syntax.children(entry.node) { _ = value(child.node, child.kind) }
      return
    case .binaryExpression, .invocationExpression, .expressionStatement, .breakStatement: return
    default: break
    }
    var type = ""
    for child in syntax.children(entry.node) {
      switch child.field {
      case .type: type = typeText(child.node)
      case .name:
        add(.declare(name: name(child.node), type: type, value: subject), syntax.line(child.node))
      default: pattern(child, of: .opaque)
      }
    }
  }

  private mutating func switchExpression(_ node: Node, expecting type: String) -> Value {
    var subject: Value?
    var options: [Value] = []
    for child in syntax.children(node) {
      guard child.kind == .switchExpressionArm else {
        if subject == nil { subject = value(child.node, child.kind) }
        continue
      }
      let parts = syntax.children(child.node)
      for part in parts.dropLast() { pattern(part, of: subject ?? .opaque) }
      guard let last = parts.last else { continue }
      let value = value(last.node, last.kind, expecting: type)
      if last.kind != .throwExpression { options.append(value) }
    }
    return .either(options)
  }

  // MARK: Texts

  private mutating func interpolated(_ node: Node) -> Value {
    var parts: [Value] = []
    var style = CSharpText.Style.regular
    for child in syntax.children(node) {
      switch child.kind {
      case .interpolationStart: style = CSharpText.style(syntax.bytes(child.node))
      case .stringContent, .escapeSequence:
        parts.append(.text(CSharpText.content(syntax.bytes(child.node), style: style)))
      case .interpolation:
        // The braces are nodes, too.
        let inner = syntax.children(child.node).first {
          let mark = syntax.bytes($0.node).first
          return mark != UInt8(ascii: "{") && mark != UInt8(ascii: "}")
        }
        parts.append(inner.map { value($0.node, $0.kind) } ?? (syntax.hasError(child.node) ? .opaque : .name("this")))
      case nil where style == .regular && syntax.bytes(child.node).starts(with: "\"\"\"".utf8): style = .raw
      default: break
      }
    }
    let text = Value.joined(parts)
    return style == .raw ? CSharpText.dedented(text) : text
  }
}
