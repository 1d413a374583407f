import Facts

extension JavaReader {
  /// Adds the bodies of the closures that wait for a call, now that the call is an event.
  func flushWaiting(callee: String, receiver: Value?) {
    guard !waiting.isEmpty else { return }
    let closures = waiting
    waiting = []
    for closure in closures { events.add(closure, callee: callee, receiver: receiver) }
  }

  /// What `read` does, as events apart from those around it.
  private func captured<Result>(_ read: () -> Result) -> (result: Result, events: [PlacedEvent]) {
    let outside = (waiting, yields)
    (waiting, yields) = ([], [])
    openClosures += 1
    events.begin()
    let result = read()
    flushWaiting(callee: "", receiver: nil)
    openClosures -= 1
    (waiting, yields) = outside
    return (result, events.end())
  }

  func lambda(_ node: Node) -> Value {
    var parameters: [(name: String, type: String)] = []
    var body: JavaChild?
    for part in syntax.children(node) {
      switch part.field {
      case .parameters:
        parameters = part.kind == .identifier ? [(syntax.text(part.node), "")] : self.parameters(part.node)
      case .body: body = part
      default: break
      }
    }
    guard let body else { return .closure(parameters: parameters.map(\.name), result: .opaque) }
    let (result, inside) = captured { () -> Value in
      guard body.kind != .block else {
        blockStatements(body.node)
        return .opaque
      }
      let result = value(body)
      mention(result, syntax.line(body.node))
      return result
    }
    waiting.append(WaitingClosure(parameters: parameters, events: inside, line: syntax.line(node)))
    return .closure(parameters: parameters.map(\.name), result: result)
  }

  /// The name of the parameter a method reference stands for.
  private static let referenceParameter = "it"

  /// `orders::save` is a closure that calls `save` on `orders`; of `Order::getId` and other readers of properties only
  /// the value is kept.
  func methodReference(_ node: Node) -> Value {
    let parts = syntax.children(node)
    guard let first = parts.first else { return .opaque }
    let bytes = syntax.bytes(node)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return .opaque }
    let method = String(
      decoding: bytes[(colon + 1)...].drop { !Self.isNameByte($0) }.prefix(while: Self.isNameByte), as: UTF8.self)
    let line = syntax.line(node)
    let argument = Value.name(Self.referenceParameter)
    let fact: CallFact
    if method == "new" {
      let made = type(first.node, first.kind)
      fact = CallFact(callee: TypeText.head(made), receiver: nil, arguments: [argument], dispatch: .virtual)
    } else {
      let base = receiver(first)
      fact = CallFact(callee: method, receiver: base, arguments: [argument], dispatch: .virtual)
    }
    let result = Value.call(callee: fact.callee, receiver: fact.receiver, arguments: fact.arguments)
    if !Self.readsProperty(method) {
      waiting.append(
        WaitingClosure(
          parameters: [(Self.referenceParameter, "")], events: [PlacedEvent(line: line, event: .call(fact))], line: line
        ))
    }
    return .closure(parameters: [Self.referenceParameter], result: result)
  }

  private func receiver(_ child: JavaChild) -> Value {
    switch child.kind {
    case .genericType, .arrayType, .scopedType, .integralType, .annotatedType:
      .name(TypeText.head(type(child.node, child.kind)))
    default: value(child)
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || (48...57).contains(byte)
      || (97...122).contains(byte | 0x20)
  }

  private static func readsProperty(_ method: String) -> Bool {
    for prefix in ["get", "is"] where method.hasPrefix(prefix) {
      let next = method.utf8.dropFirst(prefix.utf8.count).first ?? 0
      if next < 97 || next > 122 { return next != 0 }
    }
    return false
  }

  /// The body of an anonymous class: its methods wait for the call the object is given to; what else it holds is read
  /// where it stands.
  func anonymous(_ body: Node) -> [WaitingClosure] {
    var methods: [WaitingClosure] = []
    for child in syntax.children(body) {
      switch child.kind {
      case .methodDeclaration: methods.append(anonymousMethod(child.node))
      case .fieldDeclaration: localVariable(child.node)
      case .block: blockStatements(child.node)
      default: _ = typeDeclaration(child)
      }
    }
    waiting += methods
    return methods
  }

  private func anonymousMethod(_ node: Node) -> WaitingClosure {
    var parameters: [(name: String, type: String)] = []
    var body: Node?
    for part in syntax.children(node) {
      switch part.field {
      case .parameters: parameters = self.parameters(part.node)
      case .body: body = part.node
      default: break
      }
    }
    let (_, inside) = captured { if let body { blockStatements(body) } }
    return WaitingClosure(parameters: parameters, events: inside, line: syntax.line(node))
  }
}

/// Texts of types.
enum TypeText {
  /// The name without type arguments.
  static func head(_ type: String) -> String {
    type.utf8.firstIndex(of: UInt8(ascii: "<")).map { String(type[..<$0]) } ?? type
  }
}
