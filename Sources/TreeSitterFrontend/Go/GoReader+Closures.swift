import Facts

extension GoReader {
  // MARK: Function literals

  mutating func closure(_ node: Node) -> Value {
    let children = syntax.children(node)
    let parameters = self.parameters(among: children)
    let saved = (pending, deferred)
    (pending, deferred) = ([], [])
    events.begin()
    var result: Value = .opaque
    if let body = children.first(where: { $0.field == .body }) {
      let statements = syntax.children(body.node)
      if statements.count == 1, statements[0].kind == .returnStatement,
        let list = syntax.children(statements[0].node).first
      {
        let parts = list.kind == .expressionList ? syntax.children(list.node) : [list]
        let values = parts.map { value($0.node, $0.kind) }
        result = values.first ?? .opaque
      } else {
        for child in statements { statement(child.node, child.kind) }
      }
    }
    flush(callee: "", receiver: nil)
    for list in deferred.reversed() { events.add(list) }
    let body = events.end()
    (pending, deferred) = saved
    pending.append(WaitingClosure(parameters: parameters, events: body, line: syntax.line(node)))
    return .closure(parameters: parameters.map(\.name), result: result)
  }

  /// Adds what the waiting function literals do, as scopes of `callee`.
  mutating func flush(callee: String, receiver: Value?) {
    guard !pending.isEmpty else { return }
    for closure in pending where !closure.events.isEmpty { events.add(closure, callee: callee, receiver: receiver) }
    pending = []
  }

  // MARK: Texts

  private static let escapes = EscapeRules(
    letters: "abfnrtv", numbers: ["x": 2, "u": 4, "U": 8], hasOctalNumbers: true, numbersAreBytes: true)

  /// The text of a literal with its escapes resolved.
  func literalText(_ node: Node, _ kind: GoKind?) -> String {
    let bytes = syntax.bytes(node)
    guard bytes.count >= 2 else { return "" }
    let inner = bytes[1..<(bytes.count - 1)]
    if kind == .rawStringLiteral { return String(decoding: inner.lazy.filter { $0 != 13 }, as: UTF8.self) }
    return Self.escapes.text(inner)
  }
}
