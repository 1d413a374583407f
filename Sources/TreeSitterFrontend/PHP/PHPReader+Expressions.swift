import Facts

extension PHPReader {
  /// What an expression stands for; its calls become events.
  mutating func value(_ node: Node, _ kind: PHPKind?) -> Value {
    guard enterNesting() else { return .opaque }
    defer { depth -= 1 }
    switch kind {
    case .variableName: return .name(variable(node))
    case .name, .qualifiedName, .relativeName: return .name(typeName(node))
    case .relativeScope: return scope(node, kind)
    case .string, .encapsedString, .heredoc, .nowdoc: return text(node, kind)
    case .integer, .float: return .literal(syntax.text(node))
    case .boolean: return .literal(syntax.text(node).lowercased())
    case .null: return .literal("null")
    case .memberAccessExpression, .nullsafeMemberAccessExpression, .memberCallExpression,
      .nullsafeMemberCallExpression, .subscriptExpression:
      return chain(node, kind)
    case .functionCallExpression, .scopedCallExpression, .objectCreationExpression: return call(node, kind)
    case .classConstantAccessExpression: return classConstant(node)
    case .scopedPropertyAccessExpression:
      let children = syntax.children(node)
      guard let base = children.first(where: { $0.field == .scope }),
        let name = children.first(where: { $0.field == .name }), name.kind == .variableName
      else { return .opaque }
      return member(variable(name.node), of: scope(base.node, base.kind))
    case .binaryExpression: return binary(node)
    case .assignmentExpression, .referenceAssignmentExpression: return assignment(node, type: "")
    case .augmentedAssignmentExpression: return augmented(node)
    case .parenthesizedExpression, .errorSuppressionExpression, .cloneExpression, .variadicUnpacking, .byRef:
      return syntax.children(node).first.map { value($0.node, $0.kind) } ?? .opaque
    case .castExpression:
      return syntax.child(node, .value).map { value($0, syntax.kind($0)) } ?? .opaque
    case .conditionalExpression: return conditional(node)
    case .matchExpression: return match(node)
    case .arrayCreationExpression: return array(node)
    case .anonymousFunction, .arrowFunction: return closure(node, kind)
    case .unaryOpExpression, .updateExpression: return unary(node, kind)
    case .printIntrinsic:
      let arguments = syntax.children(node).map { value($0.node, $0.kind) }
      add(call: "print", arguments: arguments, line: syntax.line(node))
      return .opaque
    case .includeExpression, .includeOnceExpression, .requireExpression, .requireOnceExpression:
      return include(node)
    case .throwExpression, .yieldExpression:
      for child in syntax.children(node) { _ = value(child.node, child.kind) }
      return .opaque
    case .arrayElementInitializer, .sequenceExpression:
      return syntax.children(node).map { value($0.node, $0.kind) }.last ?? .opaque
    case .dynamicVariableName:
      // `${name}` inside a text.
      guard let inner = syntax.children(node).first, inner.kind == .name else { return .opaque }
      return .name(syntax.text(inner.node))
    default: return .opaque
    }
  }

  /// A class, `self`, `static`, `parent`, or an object before `::`.
  mutating func scope(_ node: Node, _ kind: PHPKind?) -> Value {
    guard kind == .relativeScope else { return value(node, kind) }
    return .name(syntax.text(node) == "parent" ? "super" : "this")
  }

  /// A member of a value: part of a plain name where it is one.
  func member(_ name: String, of base: Value) -> Value {
    if case .name(let plain) = base { return .name(plain + "." + name) }
    return .field(of: base, name: name)
  }

  private mutating func classConstant(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard children.count >= 2 else { return .opaque }
    let base = scope(children[0].node, children[0].kind)
    let name = syntax.text(children[1].node)
    guard name == "class" else {
      return children[1].kind == .name ? member(name, of: base) : .opaque
    }
    switch children[0].kind {
    case .name, .qualifiedName, .relativeName: return .type(typeName(children[0].node))
    case .relativeScope: return base == .name("this") ? .type(owner) : .name("super.class")
    default: return member(name, of: base)
    }
  }

  // MARK: Operators

  /// Operators nest to the left: a loop over them, not a recursion.
  private mutating func binary(_ node: Node) -> Value {
    var links: [(operator: String, right: PHPChild)] = []
    var current: PHPChild? = PHPChild(node: node, kind: .binaryExpression, field: nil)
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
        let right = links[index].right
        parts.append(mark == "instanceof" ? .type(typeName(right.node)) : value(right.node, right.kind))
        index -= 1
      }
      levels += 1
      switch mark {
      case ".": result = Value.joined(parts)
      case "??": result = .either(parts)
      default: result = .operation(mark, parts)
      }
      if levels > Self.maximumDepth { result = .opaque }
    }
    return result
  }

  private mutating func unary(_ node: Node, _ kind: PHPKind?) -> Value {
    let children = syntax.children(node)
    guard let argument = children.first(where: { $0.field != .operator }) else { return .opaque }
    let mark = children.first { $0.field == .operator }.map { syntax.text($0.node) } ?? "-"
    let operand = value(argument.node, argument.kind)
    if mark == "-" || mark == "+", case .literal(let digits) = operand {
      return .literal(mark == "-" ? "-" + digits : digits)
    }
    return .operation(mark, [operand])
  }

  private mutating func conditional(_ node: Node) -> Value {
    let children = syntax.children(node)
    var condition: Value = .opaque
    var options: [Value] = []
    for child in children {
      let found = value(child.node, child.kind)
      if child.field == .condition { condition = found } else { options.append(found) }
    }
    return .either(options.count == 1 ? [condition] + options : options)
  }

  private mutating func match(_ node: Node) -> Value {
    var options: [Value] = []
    for child in syntax.children(node) {
      guard child.kind == .matchBlock else {
        _ = value(child.node, child.kind)
        continue
      }
      events.add(.enterBranch, syntax.line(child.node))
      for (place, arm) in syntax.children(child.node).enumerated() {
        if place > 0 { events.add(.nextBranch, syntax.line(arm.node)) }
        for part in syntax.children(arm.node) {
          switch part.field {
          case .conditionalExpressions:
            for condition in syntax.children(part.node) { _ = value(condition.node, condition.kind) }
          case .returnExpression: options.append(value(part.node, part.kind))
          default: continue
          }
        }
      }
      events.add(.leave, syntax.lastLine(child.node))
    }
    return .either(options)
  }

  private mutating func array(_ node: Node) -> Value {
    .list(
      syntax.children(node).map { element in
        let parts = syntax.children(element.node)
        guard let first = parts.first else { return .opaque }
        let key = value(first.node, first.kind)
        guard parts.count > 1 else { return key }
        let entry = value(parts[1].node, parts[1].kind)
        switch key {
        case .text(let name): return .member(name, entry)
        case .literal, .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure,
          .opaque:
          return .list([key, entry])
        }
      })
  }

  /// `require 'x.php'`: a file this one takes from.
  private mutating func include(_ node: Node) -> Value {
    guard let child = syntax.children(node).first else { return .opaque }
    switch value(child.node, child.kind) {
    case .text(let path): imports.append(ImportFact(path: path))
    case .join(let parts):
      // `__DIR__ . '/x.php'`.
      if case .text(let path)? = parts.last {
        imports.append(ImportFact(path: path.hasPrefix("/") ? String(path.dropFirst()) : path))
      }
    case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: break
    }
    return .opaque
  }

  // MARK: Assignments

  /// A local variable with its first value.
  mutating func declare(_ name: String, type: String, value: Value, line: Int) {
    known.insert(name)
    events.add(.declare(name: name, type: type, value: value), line)
  }

  /// `target = value`; stands for its target where that is a plain name.
  mutating func assignment(_ node: Node, type: String) -> Value {
    let children = syntax.children(node)
    guard let left = children.first(where: { $0.field == .left }),
      let right = children.first(where: { $0.field == .right })
    else { return .opaque }
    let found = value(right.node, right.kind)
    assign(
      left.node, left.kind, found, type: PHPTypes.common(type, owner: owner), line: syntax.line(node))
    if case .variableName? = left.kind { return .name(variable(left.node)) }
    return found
  }

  /// Puts a value into a variable, property, element or several of them.
  mutating func assign(_ target: Node, _ kind: PHPKind?, _ value: Value, type: String, line: Int) {
    switch kind {
    case .variableName:
      let name = variable(target)
      if known.contains(name) || name == "this" {
        events.add(.assign(name: name, value: value), line)
      } else {
        declare(name, type: type, value: value, line: line)
        if !isInFunction { keepGlobal(name, value, line: line) }
      }
    case .memberAccessExpression, .nullsafeMemberAccessExpression, .scopedPropertyAccessExpression:
      if case .name(let name) = self.value(target, kind) {
        events.add(.assign(name: name, value: value), line)
      }
    case .subscriptExpression: assignElement(target, value, line: line)
    case .listLiteral, .arrayCreationExpression: destructure(target, value, line: line)
    case .byRef:
      if let inner = syntax.children(target).first { assign(inner.node, inner.kind, value, type: type, line: line) }
    default: break
    }
  }

  /// `$a['k'] = v` and `$a[] = v` add to the array.
  private mutating func assignElement(_ target: Node, _ value: Value, line: Int) {
    var item = value
    var current = target
    for _ in 0..<8 {
      let children = syntax.children(current)
      guard let base = children.first else { return }
      if children.count > 1 {
        switch self.value(children[1].node, children[1].kind) {
        case .text(let key): item = .member(key, item)
        case .opaque: break
        case let key: item = .list([key, item])
        }
      }
      item = .list([item])
      if base.kind == .subscriptExpression {
        current = base.node
        continue
      }
      guard case .name(let name) = self.value(base.node, base.kind) else { return }
      if !name.utf8.contains(UInt8(ascii: ".")), known.insert(name).inserted {
        events.add(.declare(name: name, type: "", value: item), line)
      } else {
        events.add(.append(name: name, value: item), line)
      }
      return
    }
  }

  private mutating func destructure(_ target: Node, _ value: Value, line: Int) {
    guard enterNesting() else { return }
    defer { depth -= 1 }
    var place = 0
    var key: Value?
    for child in syntax.children(target) {
      switch child.kind {
      case .string, .encapsedString, .integer, .classConstantAccessExpression, .name:
        key = self.value(child.node, child.kind)
      default:
        let at = key ?? .literal(String(place))
        assign(child.node, child.kind, .element(of: value, at: at), type: "", line: line)
        key = nil
        place += 1
      }
    }
  }

  /// A variable outside of functions that names something others may use; statements are known from where they stand.
  private mutating func keepGlobal(_ name: String, _ value: Value, line: Int) {
    switch value {
    case .text(let text) where !text.utf8.contains(32): break
    case .list: break
    case .text, .literal, .name, .type, .field, .call, .join, .member, .either, .element, .operation, .closure, .opaque:
      return
    }
    constants.append(ConstantFact(name: name, kind: .global, value: value, isLocal: false, line: line))
  }

  private mutating func augmented(_ node: Node) -> Value {
    let children = syntax.children(node)
    guard let left = children.first(where: { $0.field == .left }),
      let right = children.first(where: { $0.field == .right }),
      let mark = children.first(where: { $0.field == .operator })
    else { return .opaque }
    let line = syntax.line(node)
    let added = value(right.node, right.kind)
    let target = value(left.node, left.kind)
    guard case .name(let name) = target else {
      if left.kind == .subscriptExpression { assignElement(left.node, added, line: line) }
      return .opaque
    }
    switch syntax.text(mark.node) {
    case ".=", "+=":
      known.insert(name)
      events.add(.append(name: name, value: added), line)
    case "??=": events.add(.assign(name: name, value: .either([target, added])), line)
    case let other: events.add(.assign(name: name, value: .operation(String(other.dropLast()), [target, added])), line)
    }
    return target
  }
}
