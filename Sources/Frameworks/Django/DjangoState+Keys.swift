import Facts

extension DjangoModel {
  /// A model that others lead to has another name.
  mutating func retarget(_ old: DjangoKey, to new: DjangoKey) {
    for place in fields.indices {
      switch fields[place].kind {
      case .reference(let target, let isOneToOne) where target == old:
        fields[place].kind = .reference(new, isOneToOne: isOneToOne)
      case .many(let target, let through, let table) where target == old || through == old:
        fields[place].kind = .many(
          target == old ? new : target, through: through == old ? new : through, table: table)
      case .column, .reference, .many: continue
      }
    }
  }
}

extension DjangoState {
  static let togetherPrefix = "together "

  /// Names in quotes are taken as they are.
  static func unquoted(_ name: String) -> String { name.replacing("\"", with: "") }

  /// `unique_together`: one set of fields, or several.
  static func uniques(_ value: Value) -> [DjangoUnique] {
    let items: [Value]
    switch value {
    case .list(let parts): items = parts
    case .call("set", _, let arguments), .call("tuple", _, let arguments): return arguments.first.map(uniques) ?? []
    case .text, .literal, .name, .type, .field, .call, .join, .member, .either, .element, .operation, .closure, .opaque:
      return []
    }
    let names = items.compactMap { if case .text(let name) = $0 { name } else { nil } }
    let sets =
      names.count == items.count && !items.isEmpty
      ? [names]
      : items.compactMap { item -> [String]? in
        guard case .list(let parts) = item else { return nil }
        return parts.compactMap(\.literalText)
      }
    return sets.filter { !$0.isEmpty }.map {
      DjangoUnique(name: togetherPrefix + $0.joined(separator: "+"), fields: $0)
    }
  }

  /// `UniqueConstraint(fields=[…], name=…)`; nil for other constraints and for those over a part of the rows.
  static func unique(_ value: Value) -> DjangoUnique? {
    guard case .call("UniqueConstraint", _, let arguments) = value, arguments.entry("condition") == nil,
      case .list(let parts)? = arguments.entry("fields")
    else { return nil }
    let name = arguments.entry("name")?.literalText ?? ""
    return DjangoUnique(name: name, fields: parts.compactMap(\.literalText))
  }

  /// Fields that lead to a field by name follow when it is renamed.
  mutating func renameField(_ old: String, to new: String, of key: DjangoKey) {
    for model in models.keys {
      guard let fields = models[model]?.fields else { continue }
      for place in fields.indices where fields[place].toField == old {
        if case .reference(let target, _) = fields[place].kind, target == key {
          models[model]?.fields[place].toField = new
        }
      }
    }
  }
}
