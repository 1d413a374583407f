import Facts

/// Statements that psycopg composes of quoted names: `sql.SQL("SELECT * FROM {}").format(sql.Identifier("orders"))`.
struct ComposedSQL {
  private let imports: [ImportFact]
  private static let makers: Set<String> = ["SQL", "Identifier", "Placeholder", "Literal", "Composed"]
  private static let maximumDepth = 8

  /// Whether a call of that name may be one of them.
  static func mayCompose(_ callee: String) -> Bool { callee == "format" || callee == "join" || makers.contains(callee) }

  /// Nil in files that do not take anything from psycopg.
  init?(_ facts: FileFacts) {
    guard facts.language == .python else { return nil }
    imports = facts.imports.filter { $0.path.hasPrefix("psycopg") }
    if imports.isEmpty { return nil }
  }

  /// What a call comes to as text, in values that fold; nil for calls that compose nothing.
  func value(_ callee: String, _ receiver: Value?, _ arguments: [Value], depth: Int = 0) -> Value? {
    guard depth < Self.maximumDepth else { return nil }
    if Self.makers.contains(callee), isModule(callee, receiver) { return made(callee, arguments, depth) }
    guard case .call(let inner, let module, let given)? = receiver, inner == "SQL", isModule(inner, module),
      case .text(let text)? = given.first
    else { return nil }
    switch callee {
    case "format": return .join(filled(text, arguments, depth))
    case "join":
      guard case .list(let items)? = arguments.first else { return .opaque }
      return .join(Array(items.map { part($0, depth) }.map { [$0] }.joined(by: .text(text))))
    default: return nil
    }
  }

  private func made(_ callee: String, _ arguments: [Value], _ depth: Int) -> Value {
    switch callee {
    case "SQL": return arguments.first ?? .opaque
    case "Identifier": return .join(Array(arguments.map { [$0] }.joined(by: .text("."))))
    case "Composed":
      guard case .list(let items)? = arguments.first else { return .opaque }
      return .join(items.map { part($0, depth) })
    default: return .opaque
    }
  }

  /// Whether a maker comes from psycopg: `sql.SQL` of an imported module, or an imported name.
  private func isModule(_ callee: String, _ receiver: Value?) -> Bool {
    switch receiver {
    case nil: imports.contains { $0.local == callee }
    case .name(let name)?: imports.contains { $0.local == name || !$0.local.isEmpty && name.hasPrefix($0.local + ".") }
    default: false
    }
  }

  private func part(_ value: Value, _ depth: Int) -> Value {
    guard case .call(let callee, let receiver, let arguments) = value else { return value }
    return self.value(callee, receiver, arguments, depth: depth + 1) ?? value
  }

  /// The text with `{}`, `{0}` and `{name}` replaced; doubled braces are braces.
  private func filled(_ text: String, _ arguments: [Value], _ depth: Int) -> [Value] {
    let positional = arguments.positional
    var parts: [Value] = []
    var plain: [UInt8] = []
    var next = 0
    let bytes = Array(text.utf8)
    var index = 0
    let (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    while index < bytes.count {
      let isDoubled = index + 1 < bytes.count && bytes[index + 1] == bytes[index]
      guard bytes[index] == open, !isDoubled, let end = bytes[index...].firstIndex(of: close) else {
        plain.append(bytes[index])
        index += isDoubled && (bytes[index] == open || bytes[index] == close) ? 2 : 1
        continue
      }
      let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
      if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
      plain = []
      var value = arguments.entry(name)
      if let place = name.isEmpty ? next : Int(name), place >= 0, place < positional.count { value = positional[place] }
      if name.isEmpty { next += 1 }
      parts.append(value.map { part($0, depth) } ?? .opaque)
      index = end + 1
    }
    if !plain.isEmpty { parts.append(.text(String(decoding: plain, as: UTF8.self))) }
    return parts
  }
}

extension Array where Element == [Value] {
  /// The lists put one after another with a value between.
  fileprivate func joined(by separator: Value) -> [Value] {
    enumerated().flatMap { $0.offset == 0 ? $0.element : [separator] + $0.element }
  }
}
