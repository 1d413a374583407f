import Facts

/// Chains of calls and members, and the closures given to calls.
extension KotlinReader {
  /// An argument: its value, and the closure it is when it is one.
  struct Argument {
    var value: Value
    var closure: Closure?
  }

  /// A function without a name.
  struct Closure {
    /// What is kept of it among the arguments.
    var value: Value
    /// Its parameters; none when the language gives it one.
    var parameters: [(name: String, type: String, line: Int)]
    /// What it does.
    var events: [PlacedEvent]
    var lines: ClosedRange<Int>
  }

  /// Functions that hand their receiver, or first argument, to a closure as `it` or as `this`.
  private static let passing: Set<String> = ["let", "also", "use", "takeIf", "takeUnless", "apply", "run", "with"]
  private static let receiving: Set<String> = ["apply", "run", "with"]
  /// Functions that only build a collection of what they are given.
  private static let listing: Set<String> = [
    "listOf", "setOf", "mutableListOf", "mutableSetOf", "arrayOf", "arrayListOf", "listOfNotNull", "mapOf",
    "mutableMapOf", "hashMapOf", "linkedMapOf", "hashSetOf", "linkedSetOf",
  ]
  /// Longer chains are followed from here on only.
  private static let maximumChain = 300

  /// `a.b(c).d[e]!!`: from the innermost part outwards.
  mutating func chain(_ node: Node) -> Value {
    var spine: [(kind: KotlinKind, children: [Entry])] = []
    var current = node
    walk: while let kind = syntax.kind(current) {
      switch kind {
      case .call, .navigation, .indexing, .postfix, .cast:
        let children = syntax.children(current)
        guard let first = children.first else { break walk }
        spine.append((kind, children))
        current = first.node
      default: break walk
      }
    }
    var result: Value = spine.count > Self.maximumChain ? .opaque : value(current)
    if spine.count > Self.maximumChain { spine.removeLast(spine.count - Self.maximumChain) }
    var pending: (name: String, line: Int)?
    if case .name(let name) = result, syntax.kind(current) == .simpleIdentifier {
      pending = (name, syntax.line(current))
    }
    // A name waits until it is known whether it is called.
    var receiver: Value?
    var index = spine.count - 1
    while index >= 0 {
      let (kind, children) = spine[index]
      index -= 1
      switch kind {
      case .navigation:
        guard let suffix = children.last, suffix.kind == .navigationSuffix else { continue }
        let parts = syntax.children(suffix.node)
        guard let name = parts.first(where: { $0.kind == .simpleIdentifier }) else {
          if parts.isEmpty, case .name(let path) = result { (result, pending, receiver) = (.type(path), nil, nil) }
          continue
        }
        receiver = result
        pending = (self.name(of: name.node), syntax.line(name.node))
        result = member(self.name(of: name.node), of: result)
      case .call:
        var suffixes = [children.last].compactMap { $0 }.filter { $0.kind == .callSuffix }
        // `f(a) { … }` may be read as a call of what `f(a)` returns.
        if index >= 0, spine[index].kind == .call, let next = spine[index].children.last, next.kind == .callSuffix,
          syntax.children(next.node).allSatisfy({ $0.kind == .annotatedLambda })
        {
          suffixes.append(next)
          index -= 1
        }
        let line = pending?.line ?? children.first.map { syntax.lastLine($0.node) } ?? 0
        result = call(
          pending?.name ?? "invoke", receiver: pending == nil ? result : receiver,
          suffixes: suffixes.map(\.node), line: line)
        (pending, receiver) = (nil, nil)
      case .indexing:
        if let suffix = children.last { result = element(of: result, suffix.node) }
        (pending, receiver) = (nil, nil)
      default: break
      }
    }
    return result
  }

  private mutating func call(_ callee: String, receiver: Value?, suffixes: [Node], line: Int) -> Value {
    var given: [Argument] = []
    var types: [Value] = []
    for suffix in suffixes {
      for part in syntax.children(suffix) {
        switch part.kind {
        case .typeArguments: types += syntax.children(part.node).map { .type(typeText($0.node)) }
        case .arguments: given += arguments(part.node, of: callee, receiver: receiver)
        case .annotatedLambda:
          let closure = closure(part.node, implicit: callee)
          given.append(Argument(value: closure.value, closure: closure))
        default: break
        }
      }
    }
    let values = given.map(\.value) + types
    if receiver == nil, Self.listing.contains(callee) { return .list(given.map(\.value)) }
    if case .text(let text)? = receiver, callee == "trimIndent" { return .text(KotlinText.withoutIndent(text)) }
    if callee == "trimMargin", let receiver {
      let margin = given.first?.value.textOfLiteral ?? "|"
      if let trimmed = KotlinText.withoutMargin(receiver, mark: margin) { return trimmed }
    }
    if callee == "trimIndent", case .join? = receiver, let receiver { return receiver }
    events.add(.call(CallFact(callee: callee, receiver: receiver, arguments: values, dispatch: .direct)), line)
    let subject = callee == "with" && receiver == nil ? given.first?.value : receiver
    for argument in given {
      guard let closure = argument.closure else { continue }
      events.add(.enterScope(callee: callee), closure.lines.lowerBound)
      declareParameters(of: closure, callee: callee, subject: subject)
      add(closure.events)
      events.add(.leave, closure.lines.upperBound)
    }
    return .call(callee: callee, receiver: receiver, arguments: values)
  }

  private mutating func declareParameters(of closure: Closure, callee: String, subject: Value?) {
    let line = closure.lines.lowerBound
    var first: Value = .opaque
    if let subject { first = Self.passing.contains(callee) ? subject : .element(of: subject, at: .opaque) }
    if closure.parameters.isEmpty {
      if subject != nil { events.add(.declare(name: "it", type: "", value: first), line) }
      return
    }
    for (place, parameter) in closure.parameters.enumerated() {
      events.add(
        .declare(name: parameter.name, type: parameter.type, value: place == 0 ? first : .opaque), parameter.line)
    }
  }

  /// The arguments in parentheses; calls in them become events, closures wait.
  mutating func arguments(_ node: Node, of callee: String = "", receiver: Value? = nil) -> [Argument] {
    var found: [Argument] = []
    for argument in syntax.children(node) where argument.kind == .argument {
      let parts = syntax.children(argument.node).filter { $0.kind != .annotation }
      guard let last = parts.last else { continue }
      let isNamed = parts.count > 1 && parts[0].kind == .simpleIdentifier
      var item: Argument
      switch last.kind {
      case .lambda, .anonymousFunction, .objectLiteral:
        let closure = closure(last.node, implicit: callee)
        item = Argument(value: closure.value, closure: closure)
      default: item = Argument(value: value(last.node), closure: nil)
      }
      if isNamed { item.value = .member(name(of: parts[0].node), item.value) }
      found.append(item)
    }
    return found
  }

  // MARK: Closures

  /// Reads a lambda, an anonymous function, or an object of an unnamed class, with its events kept apart. `implicit` is
  /// the function it is given to.
  mutating func closure(_ node: Node, implicit callee: String?) -> Closure {
    let lines = syntax.line(node)...max(syntax.line(node), syntax.lastLine(node))
    let empty = Closure(value: .closure(parameters: [], result: .opaque), parameters: [], events: [], lines: lines)
    return bounded { reader in
      switch reader.syntax.kind(node) {
      case .annotatedLambda:
        reader.syntax.child(node, of: .lambda).map { reader.closure($0, implicit: callee) } ?? empty
      case .lambda: reader.lambda(node, callee: callee, lines: lines)
      case .objectLiteral: reader.object(node, lines: lines)
      default: reader.anonymous(node, lines: lines)
      }
    } ?? empty
  }

  private mutating func lambda(_ node: Node, callee: String?, lines: ClosedRange<Int>) -> Closure {
    let children = syntax.children(node)
    var parameters: [(name: String, type: String, line: Int)] = []
    var taken: [(parts: [(name: String, type: String, line: Int)], from: String)] = []
    for list in children where list.kind == .lambdaParameters {
      for parameter in syntax.children(list.node) {
        if parameter.kind == .variable { parameters.append(variable(parameter.node)) }
        guard parameter.kind == .multiVariable else { continue }
        let name = "_\(parameters.count)"
        parameters.append((name, "", syntax.line(parameter.node)))
        let parts = syntax.children(parameter.node).filter { $0.kind == .variable }
        taken.append((parts.map { variable($0.node) }, name))
      }
    }
    locals.formUnion(parameters.isEmpty ? ["it"] : parameters.map(\.name))
    let isReceiver = callee.map(Self.receiving.contains) ?? false
    let outer = receiverDepth
    receiverDepth = isReceiver ? outer + 1 : 0
    defer { receiverDepth = outer }
    let (result, list) = apart { reader in
      for (parts, name) in taken {
        for (place, part) in parts.enumerated() {
          reader.locals.insert(part.name)
          reader.events.add(
            .declare(name: part.name, type: part.type, value: .element(of: .name(name), at: .literal(String(place)))),
            part.line)
        }
      }
      guard let body = children.last(where: { $0.kind == .statements }) else { return Value.opaque }
      let count = reader.syntax.children(body.node).count
      let last = reader.statements(body.node, isUsed: true)
      return count == 1 ? last : .opaque
    }
    let names = parameters.isEmpty ? (isReceiver ? [] : ["it"]) : parameters.map(\.name)
    return Closure(
      value: .closure(parameters: names, result: result), parameters: parameters, events: list, lines: lines)
  }

  private mutating func anonymous(_ node: Node, lines: ClosedRange<Int>) -> Closure {
    let children = syntax.children(node)
    let list = children.first { $0.kind == .parameters }.map { parameters($0.node) } ?? []
    locals.formUnion(list.map(\.name))
    let (result, body) = apart { reader in
      for body in children where body.kind == .functionBody {
        for child in reader.syntax.children(body.node) {
          let value = reader.statement(child, isUsed: true)
          if child.kind != .statements { return value }
        }
      }
      return Value.opaque
    }
    return Closure(
      value: .closure(parameters: list.map(\.name), result: result),
      parameters: list.map { ($0.name, $0.type, lines.lowerBound) }, events: body, lines: lines)
  }

  /// An object with one method is a closure; the methods of others are read one after another.
  private mutating func object(_ node: Node, lines: ClosedRange<Int>) -> Closure {
    var methods: [[Entry]] = []
    for body in syntax.children(node) where body.kind == .classBody {
      for member in syntax.children(body.node) where member.kind == .function {
        methods.append(syntax.children(member.node))
      }
    }
    let list = methods.count == 1 ? methods[0].first { $0.kind == .parameters }.map { parameters($0.node) } ?? [] : []
    let (_, body) = apart { reader in
      for method in methods {
        for part in method where part.kind == .functionBody {
          for child in reader.syntax.children(part.node) { _ = reader.statement(child, isUsed: false) }
        }
      }
    }
    return Closure(
      value: .closure(parameters: list.map(\.name), result: .opaque),
      parameters: list.map { ($0.name, $0.type, lines.lowerBound) }, events: body, lines: lines)
  }
}

extension Value {
  /// The text of a literal.
  var textOfLiteral: String? { if case .text(let text) = self { text } else { nil } }
}
