import Facts
import SQL

/// Texts that variables of one function hold, as values that can be folded: `$table = $wpdb->prefix . 'orders'`.
struct LocalTexts {
  private var values: [String: Value] = [:]
  /// Pieces of a text beyond this are no name any more.
  private static let maximumParts = 16

  /// A variable is given a value; what is no text is forgotten.
  mutating func set(_ name: String, _ value: Value) {
    values[name] = Self.mayBeText(value) ? resolved(value) { _ in nil } : nil
  }

  /// A text is put behind what a variable holds.
  mutating func append(_ name: String, _ value: Value) {
    guard let known = values[name] else { return }
    set(name, .join((known == value ? [known] : Self.parts(of: known)) + [value]))
  }

  /// The value with what the variables in it hold in their places; `field` tells what others hold.
  func resolved(_ value: Value, field: (String) -> Value?) -> Value {
    switch value {
    case .name(let name): values[name] ?? field(name) ?? value
    case .join(let parts): .join(parts.map { resolved($0, field: field) })
    case .text, .literal, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: value
    }
  }

  private static func parts(of value: Value) -> [Value] { if case .join(let parts) = value { parts } else { [value] } }

  /// Whether a value is a text or a name, or is put together from such.
  static func mayBeText(_ value: Value) -> Bool {
    switch value {
    case .text, .name: true
    case .join(let parts): parts.count <= maximumParts && parts.allSatisfy(mayBeText)
    case .literal, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: false
    }
  }
}

extension FlowEvaluator {
  /// The text of an argument, through variables and fields of the object itself; nil when a part of it is unknown.
  func text(of value: Value) -> String? {
    let resolved = texts.resolved(value) { name in
      guard name.hasPrefix("this."), let owner else { return nil }
      return flow.fieldText(String(name.dropFirst(5)), of: owner)
    }
    return flow.text(of: resolved, in: id).flatMap { Hole.contains($0) ? nil : $0 }
  }
}

extension DataFlow {
  /// What the methods of a class put into a field of its objects, when it is one text and always the same.
  func fieldText(_ name: String, of type: TypeID) -> Value? {
    let key = FieldKey(type: type, name: name)
    if let known = fieldTexts[key] { return known }
    var found: Set<Value> = []
    for current in [type] + index.ancestors(of: type) {
      for id in index.methods(of: current) {
        let function = index.symbols.function(id)
        guard function.events.contains(where: { Self.assigns($0, name) }) else { continue }
        var texts = LocalTexts()
        for placed in function.events {
          switch placed.event {
          case .declare(let variable, _, let value): texts.set(variable, value)
          case .assign(let written, let value) where written == "this." + name:
            let isKnown =
              LocalTexts.mayBeText(value) && !Self.names(in: value).contains(where: function.parameters.contains)
            found.insert(isKnown ? texts.resolved(value) { _ in nil } : .opaque)
          case .assign(let variable, let value): texts.set(variable, value)
          case .append(let variable, let value): texts.append(variable, value)
          case .call, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
          }
        }
      }
      if !found.isEmpty { break }
    }
    let answer = found.count == 1 ? found.first.flatMap { $0 == .opaque ? nil : $0 } : nil
    fieldTexts[key] = .some(answer)
    return answer
  }

  private static func assigns(_ placed: PlacedEvent, _ name: String) -> Bool {
    if case .assign(let written, _) = placed.event { written == "this." + name } else { false }
  }

  private static func names(in value: Value) -> [String] {
    switch value {
    case .name(let name): [name]
    case .join(let parts): parts.flatMap(names)
    case .text, .literal, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: []
    }
  }
}
