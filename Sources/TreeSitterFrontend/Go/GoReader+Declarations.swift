import Facts

extension GoReader {
  /// A declaration of the file; anything that is none is looked into for those that are.
  mutating func declaration(_ node: Node, _ kind: GoKind?) {
    switch kind {
    case .packageClause:
      package = syntax.children(node).first.map { syntax.text($0.node) } ?? ""
    case .importDeclaration: importDeclaration(node)
    case .functionDeclaration, .methodDeclaration: function(node)
    case .typeDeclaration: typeDeclaration(node)
    case .constDeclaration: constDeclaration(node)
    case .varDeclaration: variables(node, isGlobal: true)
    default:
      guard syntax.isError(node), enterNesting() else { return }
      for child in syntax.children(node) { declaration(child.node, child.kind) }
      depth -= 1
    }
  }

  private mutating func importDeclaration(_ node: Node) {
    for child in syntax.children(node) {
      switch child.kind {
      case .importSpecList: importDeclaration(child.node)
      case .importSpec:
        var path = ""
        var local = ""
        for part in syntax.children(child.node) {
          if part.field == .path { path = literalText(part.node, part.kind) }
          if part.field == .name { local = syntax.text(part.node) }
        }
        if local.isEmpty {
          let parts = path.split(separator: "/")
          // `…/gorm/v2` is package gorm.
          let isVersion = parts.last.map { $0.first == "v" && $0.dropFirst().allSatisfy(\.isNumber) } ?? false
          local = String((isVersion && parts.count > 1 ? parts.dropLast().last : parts.last) ?? "")
        }
        if local == "." {
          imports.append(ImportFact(path: path, symbol: "*"))
        } else {
          imports.append(ImportFact(path: path, local: local == "_" ? "" : local))
        }
      default: continue
      }
    }
  }

  // MARK: Types

  mutating func typeDeclaration(_ node: Node) {
    for child in syntax.children(node) where child.kind == .typeSpec || child.kind == .typeAlias {
      typeSpec(child.node)
    }
  }

  private mutating func typeSpec(_ node: Node) {
    var fact = TypeFact(name: "", kind: .alias, namespace: package, bases: [], line: syntax.line(node))
    var body: GoChild?
    for child in syntax.children(node) {
      switch child.field {
      case .name: fact.name = syntax.text(child.node)
      case .type: body = child
      case .typeParameters:
        for parameter in syntax.children(child.node) {
          for part in syntax.children(parameter.node) where part.field == .name {
            fact.typeParameters.append(syntax.text(part.node))
          }
        }
      default: continue
      }
    }
    guard let body else { return }
    switch body.kind {
    case .structType:
      fact.kind = .class
      for list in syntax.children(body.node) where list.kind == .fieldDeclarationList {
        for field in syntax.children(list.node) where field.kind == .fieldDeclaration {
          structField(field.node, of: &fact)
        }
      }
    case .interfaceType:
      fact.kind = .interface
      for element in syntax.children(body.node) {
        switch element.kind {
        case .methodElem: interfaceMethod(element.node, of: fact.name)
        case .typeElem:
          let parts = syntax.children(element.node)
          if parts.count == 1, let only = parts.first { fact.bases.append(type(only.node, only.kind)) }
        default: continue
        }
      }
    default: fact.bases = [type(body.node, body.kind)]
    }
    types.append(fact)
  }

  /// A field; an embedded struct is a base, and a field too when it has a tag.
  private mutating func structField(_ node: Node, of fact: inout TypeFact) {
    var names: [String] = []
    var declared = ""
    var tags: [AnnotationFact] = []
    for part in syntax.children(node) {
      switch part.field {
      case .name: names.append(syntax.text(part.node))
      case .type: declared = type(part.node, part.kind)
      case .tag: tags = GoTag.annotations(literalText(part.node, part.kind), line: syntax.line(part.node))
      default: continue
      }
    }
    if names.isEmpty {
      fact.bases.append(declared)
      guard !tags.isEmpty else { return }
      names = [declared.prefix { $0 != "<" }.split(separator: ".").last.map(String.init) ?? declared]
    }
    for name in names {
      fact.fields.append(FieldFact(name: name, type: declared, annotations: tags, line: syntax.line(node)))
    }
  }

  private mutating func interfaceMethod(_ node: Node, of owner: String) {
    let children = syntax.children(node)
    let parameters = self.parameters(among: children)
    let line = syntax.line(node)
    functions.append(
      FunctionFact(
        name: owner + "." + (children.first { $0.field == .name }.map { syntax.text($0.node) } ?? ""), owner: owner,
        lines: line...max(line, syntax.lastLine(node)), parameters: parameters.map(\.name),
        parameterTypes: parameters.map(\.type), returnType: resultType(among: children), isAbstract: true,
        isLocal: false, isRecovered: false, events: []))
  }

  // MARK: Constants and variables

  mutating func constDeclaration(_ node: Node) {
    var last: GoChild?
    for (place, spec) in syntax.children(node).enumerated() where spec.kind == .constSpec {
      let parts = syntax.children(spec.node)
      if let list = parts.first(where: { $0.field == .value }) { last = list }
      let values = last.map { syntax.children($0.node) } ?? []
      for (position, name) in parts.filter({ $0.field == .name && $0.kind == .identifier }).enumerated() {
        guard position < values.count else { continue }
        let plain = syntax.text(name.node)
        let line = syntax.line(name.node)
        if isCounted(values[position]) {
          constants.append(
            ConstantFact(name: plain, kind: .enumerator, value: .literal(String(place)), isLocal: false, line: line))
          continue
        }
        let value = quietValue(values[position])
        guard plain != "_", value != .opaque else { continue }
        constants.append(ConstantFact(name: plain, kind: .global, value: value, isLocal: false, line: line))
      }
    }
  }

  /// Whether a constant is numbered by its place.
  private func isCounted(_ child: GoChild) -> Bool {
    var waiting = [child]
    var seen = 0
    while let next = waiting.popLast(), seen < 32 {
      seen += 1
      if next.kind == .iota { return true }
      waiting += syntax.children(next.node)
    }
    return false
  }

  /// `var a, b T = x, y`, one or several in parentheses.
  mutating func variables(_ node: Node, isGlobal: Bool) {
    for child in syntax.children(node) {
      switch child.kind {
      case .varSpecList: variables(child.node, isGlobal: isGlobal)
      case .varSpec:
        var names: [GoChild] = []
        var declared = ""
        var values: [GoChild] = []
        for part in syntax.children(child.node) {
          switch part.field {
          case .name: if part.kind == .identifier { names.append(part) }
          case .type: declared = type(part.node, part.kind)
          case .value: values = syntax.children(part.node)
          default: continue
          }
        }
        let line = syntax.line(child.node)
        for (name, value, type) in assigned(names, values) {
          let plain = syntax.text(name.node)
          let type = declared.isEmpty ? type : declared
          if !isGlobal {
            events.add(.declare(name: plain, type: type, value: value), line)
          } else if value != .opaque, plain != "_" {
            constants.append(ConstantFact(name: plain, kind: .global, value: value, isLocal: false, line: line))
          }
        }
        flush(callee: names.first.map { syntax.text($0.node) } ?? "", receiver: nil)
      default: continue
      }
    }
  }

  /// A value where what is called is no event.
  private mutating func quietValue(_ child: GoChild) -> Value {
    events.begin()
    let saved = pending
    let found = value(child.node, child.kind)
    pending = saved
    _ = events.end()
    return found
  }

  // MARK: Functions

  private mutating func function(_ node: Node) {
    let children = syntax.children(node)
    let saved = (receiver, deferred, pending)
    (receiver, deferred, pending) = ("", [], [])
    var owner = ""
    if let list = children.first(where: { $0.field == .receiver }) {
      let object = self.parameters(list.node).first
      receiver = object?.name ?? ""
      owner = object.map { String($0.type.prefix { $0 != "<" }) } ?? ""
    }
    let name = children.first { $0.field == .name }.map { syntax.text($0.node) } ?? ""
    let parameters = self.parameters(among: children)
    let body = children.first { $0.field == .body }
    let lines = syntax.line(node)...max(syntax.line(node), syntax.lastLine(node))
    events.begin()
    if let body { statement(body.node, body.kind) }
    flush(callee: "", receiver: nil)
    addDeferred(at: lines.upperBound)
    let found = events.end()
    (receiver, deferred, pending) = saved
    functions.append(
      FunctionFact(
        name: owner.isEmpty ? name : owner + "." + name, owner: owner, lines: lines,
        parameters: parameters.map(\.name), parameterTypes: parameters.map(\.type),
        returnType: resultType(among: children), isAbstract: body == nil, isLocal: false,
        isRecovered: body.map { syntax.hasError($0.node) } ?? false, events: found))
  }

  /// What was deferred happens last; a deferred rollback only when the function was left early.
  private mutating func addDeferred(at line: Int) {
    for list in deferred.reversed() {
      for placed in list {
        if case .call(let call) = placed.event, call.callee == "Rollback" {
          events.add(placed.event, line)
        } else {
          events.add(placed.event, placed.line)
        }
      }
    }
    deferred = []
  }

  func parameters(among children: [GoChild]) -> [(name: String, type: String)] {
    children.first { $0.field == .parameters }.map { parameters($0.node) } ?? []
  }

  private func parameters(_ list: Node) -> [(name: String, type: String)] {
    syntax.children(list).flatMap { child -> [(name: String, type: String)] in
      var names: [String] = []
      var declared = ""
      for part in syntax.children(child.node) {
        if part.field == .name { names.append(syntax.text(part.node)) }
        if part.field == .type { declared = type(part.node, part.kind) }
      }
      if child.kind == .variadicParameterDeclaration { declared = "Array<\(declared)>" }
      return (names.isEmpty ? [""] : names).map { (name: $0 == "_" ? "" : $0, type: declared) }
    }
  }

  /// The type of the first result: the others say whether it worked.
  func resultType(among children: [GoChild]) -> String {
    guard let result = children.first(where: { $0.field == .result }) else { return "" }
    guard result.kind == .parameterList else { return type(result.node, result.kind) }
    return parameters(result.node).first?.type ?? ""
  }
}
