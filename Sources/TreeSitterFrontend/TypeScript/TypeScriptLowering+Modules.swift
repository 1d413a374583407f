import Facts

/// What a file takes from others and gives to them.
extension TypeScriptLowering {
  // MARK: Imports

  mutating func importStatement(_ node: Node) {
    var path = ""
    var clause: Node?
    for child in syntax.children(node) {
      switch child.kind {
      case .string: path = TypeScriptText.literal(syntax.bytes(child.node))
      case .importClause: clause = child.node
      case .importRequireClause:
        guard let source = syntax.child(child.node, .source), let name = syntax.children(child.node).first else {
          continue
        }
        let path = TypeScriptText.literal(syntax.bytes(source))
        imports.append(ImportFact(path: path, local: syntax.text(name.node)))
        return
      default: break
      }
    }
    guard let clause else {
      if !path.isEmpty { imports.append(ImportFact(path: path)) }
      return
    }
    for child in syntax.children(clause) {
      switch child.kind {
      case .identifier: imports.append(ImportFact(path: path, symbol: "default", local: syntax.text(child.node)))
      case .namespaceImport:
        let local = syntax.children(child.node).first.map { syntax.text($0.node) } ?? ""
        imports.append(ImportFact(path: path, local: local))
      case .namedImports:
        for specifier in syntax.children(child.node) where specifier.kind == .importSpecifier {
          importSpecifier(specifier.node, path: path)
        }
      default: break
      }
    }
  }

  private mutating func importSpecifier(_ node: Node, path: String) {
    guard let name = syntax.child(node, .name).map(syntax.text) else { return }
    let local = syntax.child(node, .alias).map(syntax.text) ?? name
    imports.append(ImportFact(path: path, symbol: name, local: local))
  }

  /// The path of `require("…")`, also of `require("…").name` and `await import("…")`; nil for other values.
  func requiredPath(_ value: Part) -> String? {
    var (node, kind) = (value.node, value.kind)
    for _ in 0..<8 {
      switch kind {
      case .awaitExpression, .parenthesizedExpression, .asExpression:
        guard let inner = syntax.children(node).first else { return nil }
        (node, kind) = (inner.node, inner.kind)
      case .memberExpression:
        guard let object = syntax.child(node, .object) else { return nil }
        (node, kind) = (object, syntax.kind(object))
      case .callExpression:
        guard let function = syntax.child(node, .function), let arguments = syntax.child(node, .arguments),
          syntax.kind(function) == .import || syntax.bytes(function).elementsEqual("require".utf8),
          let first = syntax.children(arguments).first, first.kind == .string
        else { return nil }
        return TypeScriptText.literal(syntax.bytes(first.node))
      default: return nil
      }
    }
    return nil
  }

  /// The member that is taken of what is required: `Order` of `require("./models").Order`; else `default`.
  func requiredMember(_ value: Part) -> String {
    guard value.kind == .memberExpression, let property = syntax.child(value.node, .property) else { return "default" }
    return syntax.text(property)
  }

  /// `const { a, b: c } = require("…")`, `const x = require("…")`.
  mutating func importPattern(_ target: Part, path: String, symbol: String = "default") {
    switch target.kind {
    case .identifier: imports.append(ImportFact(path: path, symbol: symbol, local: syntax.text(target.node)))
    case .objectPattern:
      for child in syntax.children(target.node) {
        if child.kind == .shorthandPropertyIdentifierPattern {
          let name = syntax.text(child.node)
          imports.append(ImportFact(path: path, symbol: name, local: name))
        } else if child.kind == .pairPattern {
          let parts = syntax.children(child.node)
          guard let key = parts.first, let local = parts.last else { continue }
          imports.append(
            ImportFact(path: path, symbol: keyText(key) ?? "", local: syntax.text(local.node)))
        }
      }
    default: break
    }
  }

  /// A `require` or dynamic import as part of a value.
  mutating func noteRequired(_ path: String) {
    guard imports.last?.path != path else { return }
    imports.append(ImportFact(path: path))
  }

  // MARK: Exports

  mutating func exportStatement(_ node: Node, decorators: [AnnotationFact]) {
    hasExports = true
    var annotations = decorators
    var source = ""
    var clause: Node?
    var isStar = true
    for child in syntax.children(node) {
      switch child.field {
      case .decorator: annotations += decorator(child.node)
      case .source: source = TypeScriptText.literal(syntax.bytes(child.node))
      case .declaration:
        isStar = false
        exported(child, decorators: annotations)
      case .value:
        isStar = false
        exportDefault(child, decorators: annotations)
      default:
        switch child.kind {
        case .exportClause:
          clause = child.node
          isStar = false
        case .decorator: annotations += decorator(child.node)
        case .namespaceExport: break
        default:
          // `export = Order`.
          isStar = false
          if child.kind == .identifier { exported.insert(syntax.text(child.node)) }
        }
      }
    }
    if let clause { exportClause(clause, source: source) }
    if isStar, !source.isEmpty { imports.append(ImportFact(path: source, symbol: "*")) }
  }

  private mutating func exported(_ declaration: Part, decorators: [AnnotationFact]) {
    switch declaration.kind {
    case .lexicalDeclaration, .variableDeclaration: variables(declaration.node, isExported: true)
    default:
      if let name = syntax.child(declaration.node, .name) { exported.insert(syntax.text(name)) }
      statement(declaration.node, declaration.kind, decorators: decorators)
    }
  }

  private mutating func exportDefault(_ value: Part, decorators: [AnnotationFact]) {
    let line = syntax.line(value.node)
    switch value.kind {
    case .identifier: exported.insert(syntax.text(value.node))
    case .object:
      let held = object(value.node, prefix: "", isResult: false)
      constants.append(ConstantFact(name: "default", kind: .global, value: held, isLocal: false, line: line))
    case .class:
      exported.insert(ownName(value) ?? "default")
      _ = classType(value.node, name: "", decorators: decorators)
    default:
      let name = ownName(value) ?? "default"
      exported.insert(name)
      if hoist(value, name: name, line: line) { return }
      let held = self.value(value.node, value.kind)
      flushPending(from: 0, callee: "", receiver: nil)
      guard held != .opaque else { return }
      exported.insert("default")
      constants.append(ConstantFact(name: "default", kind: .global, value: held, isLocal: false, line: line))
    }
  }

  private mutating func exportClause(_ clause: Node, source: String) {
    for child in syntax.children(clause) where child.kind == .exportSpecifier {
      guard let name = syntax.child(child.node, .name).map(syntax.text) else { continue }
      if source.isEmpty {
        exported.insert(name)
      } else {
        let local = syntax.child(child.node, .alias).map(syntax.text) ?? name
        imports.append(ImportFact(path: source, symbol: name, local: local))
      }
    }
  }
}
