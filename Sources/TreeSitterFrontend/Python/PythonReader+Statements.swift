import Facts

extension PythonReader {
  /// Reads the statements of a body. A text that begins it is no statement.
  mutating func block(_ children: [PythonChild], hasDocumentation: Bool = false) {
    guard depth < Self.deepest else { return }
    depth += 1
    defer { depth -= 1 }
    for (place, child) in children.enumerated() {
      if hasDocumentation, place == 0, isText(child) { continue }
      statement(child, among: children)
    }
  }

  /// Reads the statements of a block node.
  mutating func block(_ node: Node?) {
    guard let node else { return }
    block(syntax.children(node))
  }

  private func isText(_ child: PythonChild) -> Bool {
    guard child.kind == .expressionStatement else { return child.kind == .string }
    let inner = syntax.children(child.node)
    return inner.count == 1 && (inner[0].kind == .string || inner[0].kind == .concatenatedString)
  }

  private mutating func statement(_ child: PythonChild, among siblings: [PythonChild]) {
    let node = child.node
    switch child.kind {
    case .expressionStatement: expressionStatement(node)
    case .returnStatement:
      let inner = syntax.children(node).first.map { value($0.node, $0.kind) }
      result(inner ?? .literal("null"), syntax.line(node))
    case .ifStatement: branches(node)
    case .forStatement: loop(node)
    case .whileStatement: whileLoop(node)
    case .tryStatement: attempt(node)
    case .withStatement: with(node)
    case .matchStatement: match(node)
    case .functionDefinition: function(node, decorators: [], among: siblings)
    case .classDefinition: type(node, decorators: [])
    case .decoratedDefinition: decorated(node, among: siblings)
    case .importStatement, .importFromStatement, .futureImportStatement: readImport(node, child.kind)
    case .assertStatement, .raiseStatement, .deleteStatement, .printStatement, .execStatement:
      for part in syntax.children(node) { _ = value(part.node, part.kind) }
    case .globalStatement, .nonlocalStatement:
      for part in syntax.children(node) { scopes[scopes.count - 1].locals.insert(syntax.text(part.node)) }
    case .block: block(node)
    case nil: if syntax.isError(node) { block(syntax.children(node)) }
    default: looseExpression(child)
    }
    flush(from: 0, callee: "lambda", receiver: nil)
  }

  /// An expression that an error left alone.
  private mutating func looseExpression(_ child: PythonChild) {
    switch child.kind {
    case .call, .await, .attribute: _ = value(child.node, child.kind)
    case .assignment: assignment(child.node)
    default: return
    }
  }

  private mutating func expressionStatement(_ node: Node) {
    for child in syntax.children(node) {
      switch child.kind {
      case .assignment: assignment(child.node)
      case .augmentedAssignment: augmentedAssignment(child.node)
      case .yield: _ = value(child.node, child.kind)
      default:
        let inner = value(child.node, child.kind)
        switch inner {
        case .text, .name, .field, .join, .list, .either, .element, .operation:
          events.add(.mention(inner), syntax.line(child.node))
        case .literal, .type, .call, .member, .closure, .opaque: continue
        }
      }
    }
  }

  /// The value the function around gives back.
  mutating func result(_ value: Value, _ line: Int) {
    switch scope.kind {
    case .function: events.add(scope.isInlined ? .mention(value) : .result(value), line)
    case .module, .type: return
    }
  }

  // MARK: Assignments

  private mutating func assignment(_ node: Node) {
    var targets: [(node: Node, type: String)] = []
    isOptional = false
    var current = node
    var source: PythonChild?
    while source == nil {
      var next: PythonChild?
      var target: Node?
      var type = ""
      for child in syntax.children(current) {
        switch child.field {
        case .left: target = child.node
        case .type:
          type = PythonTypeText.text(syntax.bytes(child.node))
          isOptional = PythonTypeText.isOptional(syntax.bytes(child.node))
        case .right: next = child
        default: continue
        }
      }
      if let target { targets.append((target, type)) }
      guard let next, next.kind == .assignment else {
        source = next
        break
      }
      current = next.node
    }
    let line = syntax.line(node)
    if let source, source.kind == .lambda, targets.count == 1, nameFunction(source.node, targets[0].node) { return }
    if scope.kind == .type { events.begin() }
    let made = source.map { value($0.node, $0.kind) } ?? .opaque
    flush(from: 0, callee: "lambda", receiver: nil)
    // What makes the first value of a field is read from the field.
    if scope.kind == .type { _ = events.end() }
    for target in targets {
      assign(to: target.node, made, type: target.type, line, hasValue: source != nil)
    }
  }

  private mutating func augmentedAssignment(_ node: Node) {
    let children = syntax.children(node)
    guard let left = children.first(where: { $0.field == .left }),
      let right = children.first(where: { $0.field == .right })
    else { return }
    let added = value(right.node, right.kind)
    let target = value(left.node, left.kind)
    guard case .name(let name) = target else { return }
    let sign = children.first { $0.field == .operator }.map { String(syntax.text($0.node).dropLast()) } ?? "+"
    let line = syntax.line(node)
    if sign == "+" {
      events.add(.append(name: name, value: added), line)
    } else {
      events.add(.assign(name: name, value: .operation(sign, [target, added])), line)
    }
  }

  /// Gives a value to a name, a member, an element or several of them.
  mutating func assign(to target: Node, _ value: Value, type: String, _ line: Int, hasValue: Bool = true) {
    guard depth < Self.deepest else { return }
    depth += 1
    defer { depth -= 1 }
    switch syntax.kind(target) {
    case .identifier: assignName(syntax.text(target), value, type: type, line)
    case .attribute: assignMember(target, value, type: type, line, hasValue: hasValue)
    case .subscription: assignElement(target, value, line)
    case .patternList, .tuplePattern, .listPattern, .expressionList, .tuple, .list:
      let children = syntax.children(target)
      var items: [Value]?
      if case .list(let all) = value, all.count == children.count { items = all }
      for (place, child) in children.enumerated() {
        let part = items?[place] ?? .element(of: value, at: .literal("\(place)"))
        assign(to: child.node, part, type: "", line)
      }
    case .listSplatPattern, .listSplat, .parenthesizedExpression, .asPatternTarget:
      for child in syntax.children(target) { assign(to: child.node, value, type: type, line) }
    default: return
    }
  }

  private mutating func assignName(_ name: String, _ value: Value, type: String, _ line: Int) {
    let top = scopes.count - 1
    switch scopes[top].kind {
    case .module:
      if value != .opaque {
        constants.append(ConstantFact(name: name, kind: .global, value: value, isLocal: false, line: line))
      }
      if value.isMade { declareOrAssign(name, value, type: type, line) }
    case .type: addField(name, value, type: type, isStatic: true, line)
    case .function: declareOrAssign(name, value, type: type, line)
    }
  }

  private mutating func declareOrAssign(_ name: String, _ value: Value, type: String, _ line: Int) {
    if scopes[scopes.count - 1].locals.insert(name).inserted || !type.isEmpty {
      events.add(.declare(name: name, type: type, value: value), line)
    } else {
      events.add(.assign(name: name, value: value), line)
    }
  }

  private mutating func assignMember(_ target: Node, _ value: Value, type: String, _ line: Int, hasValue: Bool) {
    guard case .name(let name) = self.value(target, .attribute) else { return }
    if hasValue { events.add(.assign(name: name, value: value), line) }
    guard name.utf8.starts(with: "this.".utf8), !scope.isClassMethod, isSetUp || !type.isEmpty else { return }
    let field = String(name.utf8.dropFirst(5)) ?? ""
    guard !field.isEmpty, !field.utf8.contains(UInt8(ascii: ".")) else { return }
    var fieldType = type
    if fieldType.isEmpty, case .name(let parameter) = value {
      fieldType = scope.parameterTypes[parameter] ?? ""
    }
    addField(field, value, type: fieldType, isStatic: false, line)
  }

  /// Whether the function being read fills the fields of a new object.
  private var isSetUp: Bool {
    switch Self.lastPart(scope.name) {
    case "__init__", "__post_init__", "__attrs_post_init__", "setUp", "setup": true
    default: false
    }
  }

  private mutating func assignElement(_ target: Node, _ value: Value, _ line: Int) {
    guard case .element(let base, let key) = self.value(target, .subscription), case .name(let name) = base else {
      return
    }
    let entry: Value = if case .text(let text) = key { .member(text, value) } else { .list([key, value]) }
    events.add(.append(name: name, value: .list([entry])), line)
  }

  private mutating func addField(_ name: String, _ value: Value, type: String, isStatic: Bool, _ line: Int) {
    guard let place = scopes.last(where: { $0.type != nil })?.type else { return }
    let owner = types[place]
    let isKnown = owner.fields.contains { $0.name == name }
    if !isKnown || isStatic {
      // Types do not say whether there may be nothing; whether a column may be empty hangs on it.
      let marks = isOptional ? [AnnotationFact(name: "optional", line: line)] : []
      types[place].fields.append(
        FieldFact(name: name, type: type, annotations: marks, value: value, isStatic: isStatic, line: line))
    }
    guard isStatic, value != .opaque else { return }
    let isEnumeration = owner.kind == .enum
    var kept = value
    // `PAID = "paid", "Paid in full"`: a value and what people read.
    if isEnumeration, case .list(let items) = value, let first = items.first { kept = first }
    let isUpper = !name.utf8.contains { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    constants.append(
      ConstantFact(
        name: "\(owner.name).\(name)", kind: isEnumeration ? .enumerator : isUpper ? .global : .field, value: kept,
        isLocal: false, line: line))
  }
}

extension Value {
  /// Whether a call takes part in making it.
  fileprivate var isMade: Bool {
    switch self {
    case .call: true
    case .text, .literal, .name, .type, .opaque, .closure: false
    case .field, .join, .list, .member, .either, .element, .operation: parts.contains(where: \.isMade)
    }
  }
}
