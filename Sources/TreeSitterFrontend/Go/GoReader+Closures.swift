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
    for list in deferred.reversed() { for placed in list { events.add(placed.event, placed.line) } }
    let body = events.end()
    (pending, deferred) = saved
    pending.append(GoClosure(parameters: parameters, events: body, line: syntax.line(node)))
    return .closure(parameters: parameters.map(\.name), result: result)
  }

  /// Adds what the waiting function literals do, as scopes of `callee`.
  mutating func flush(callee: String, receiver: Value?) {
    guard !pending.isEmpty else { return }
    for closure in pending where !closure.events.isEmpty {
      events.add(.enterScope(callee: callee), closure.line)
      for (place, parameter) in closure.parameters.enumerated() where !parameter.name.isEmpty {
        let value = place == 0 ? receiver.map { Value.element(of: $0, at: .opaque) } ?? .opaque : .opaque
        events.add(.declare(name: parameter.name, type: parameter.type, value: value), closure.line)
      }
      for placed in closure.events { events.add(placed.event, placed.line) }
      events.add(.leave, closure.line)
    }
    pending = []
  }

  // MARK: Texts

  /// The text of a literal with its escapes resolved.
  func literalText(_ node: Node, _ kind: GoKind?) -> String {
    let bytes = syntax.bytes(node)
    guard bytes.count >= 2 else { return "" }
    let inner = bytes[1..<(bytes.count - 1)]
    if kind == .rawStringLiteral { return String(decoding: inner.lazy.filter { $0 != 13 }, as: UTF8.self) }
    guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
    return GoText.unescaped(Array(inner))
  }
}

/// Texts of Go.
enum GoText {
  /// Values put one after another; neighbouring texts become one, joins inside are taken apart.
  static func joined(_ parts: [Value]) -> Value {
    var all: [Value] = []
    for part in parts {
      if case .join(let inner) = part { all += inner } else { all.append(part) }
    }
    var merged: [Value] = []
    for value in all {
      if case .text(let next) = value, case .text(let last)? = merged.last {
        merged[merged.count - 1] = .text(last + next)
      } else {
        merged.append(value)
      }
    }
    if merged.count == 1, case .text = merged[0] { return merged[0] }
    return .join(merged)
  }

  static func unescaped(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        out.append(bytes[index])
        index += 1
        continue
      }
      let mark = bytes[index + 1]
      index += 2
      switch mark {
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "r"): out.append(13)
      case UInt8(ascii: "a"): out.append(7)
      case UInt8(ascii: "b"): out.append(8)
      case UInt8(ascii: "f"): out.append(12)
      case UInt8(ascii: "v"): out.append(11)
      case UInt8(ascii: "x"): out.append(UInt8(truncatingIfNeeded: number(bytes, &index, radix: 16, digits: 2)))
      case UInt8(ascii: "u"), UInt8(ascii: "U"):
        let code = number(bytes, &index, radix: 16, digits: mark == UInt8(ascii: "u") ? 4 : 8)
        if let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: code)) { out += Array(String(scalar).utf8) }
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        index -= 1
        out.append(UInt8(truncatingIfNeeded: number(bytes, &index, radix: 8, digits: 3)))
      default: out.append(mark)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func number(_ bytes: [UInt8], _ index: inout Int, radix: Int, digits: Int) -> Int {
    var found = 0
    for _ in 0..<digits {
      guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, digit < radix
      else { break }
      found = found * radix + digit
      index += 1
    }
    return found
  }
}
