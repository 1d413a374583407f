import Basics
import Facts

/// Reads fields from the calls that make them: `models.CharField(max_length=20)`.
struct DjangoFieldReader {
  let index: SystemIndex
  let project: DjangoProject
  /// The models that classes define, by type.
  var keys: [TypeID: DjangoKey] = [:]

  /// The field `name = value` defines; nil when it is none that is stored.
  func field(_ name: String, _ value: Value, file: Int, app: String, own: DjangoKey?, line: Int) -> DjangoField? {
    guard case .call(let callee, let receiver, let arguments) = value,
      receiver == nil || Self.isModule(receiver)
    else { return nil }
    if callee == "ArrayField", let base = arguments.entry("base_field") ?? arguments.positional.first {
      guard var field = field(name, base, file: file, app: app, own: own, line: line),
        case .column(var type) = field.kind
      else { return nil }
      type.isArray = true
      field.kind = .column(type)
      field.column = arguments.entry("db_column")?.literalText
      field.isNullable = Self.isTrue(arguments.entry("null"))
      return field
    }
    guard let (kind, type) = fieldClass(callee, file: file) else { return nil }
    var field = DjangoField(name: name, kind: .many(nil, through: nil, table: nil), line: line)
    field.column = arguments.entry("db_column")?.literalText
    field.isNullable = Self.isTrue(arguments.entry("null")) || callee == "NullBooleanField"
    field.isPrimary = Self.isTrue(arguments.entry("primary_key"))
    field.isUnique = Self.isTrue(arguments.entry("unique"))
    field.isConstrained = arguments.entry("db_constraint").map { $0 != .literal("false") } ?? true
    field.relatedName = related(arguments.entry("related_name"), app: app, own: own)
    field.relatedQueryName = arguments.entry("related_query_name")?.literalText
    let positional = arguments.positional
    switch kind {
    case .column(let name, let length):
      var column = columnType(name, length: length, callee: callee, arguments, file: file)
      column.written = column.written ?? writtenType(type)
      field.kind = .column(column)
    case .reference(let isOneToOne):
      let to = arguments.entry("to") ?? positional.first
      field.kind = .reference(to.flatMap { target($0, file: file, app: app, own: own) }, isOneToOne: isOneToOne)
      field.targetName = to.map(Self.written) ?? ""
      field.isUnique = field.isUnique || isOneToOne
      let rule = arguments.entry("on_delete") ?? (positional.count > 1 ? positional[1] : nil)
      if case .name(let name)? = rule { field.cascades = NameWords.lastPart(name) == "CASCADE" }
      field.toField = arguments.entry("to_field")?.literalText
    case .many:
      let to = arguments.entry("to") ?? positional.first
      field.targetName = to.map(Self.written) ?? ""
      field.kind = .many(
        to.flatMap { target($0, file: file, app: app, own: own) },
        through: arguments.entry("through").flatMap { target($0, file: file, app: app, own: own) },
        table: arguments.entry("db_table")?.literalText)
    case .virtual: return nil
    }
    return field
  }

  private static func isModule(_ value: Value?) -> Bool {
    guard case .name(let name)? = value else { return false }
    return !name.hasPrefix("this")
  }

  static func isTrue(_ value: Value?) -> Bool { value == .literal("true") }

  /// The name a target was written with.
  private static func written(_ value: Value) -> String {
    switch value {
    case .text(let text), .name(let text): text
    case .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque: ""
    }
  }

  /// `%(class)s` and `%(app_label)s` stand for the class that takes the field over.
  private func related(_ value: Value?, app: String, own: DjangoKey?) -> String? {
    guard let text = value?.literalText else { return nil }
    return text.replacing("%(class)s", with: own?.model ?? "").replacing("%(app_label)s", with: own?.app ?? app)
      .replacing("%(model_name)s", with: own?.model ?? "")
  }

  // MARK: Classes of fields

  /// What a field class is kept as, by its own name or that of the nearest base that is known.
  private func fieldClass(_ name: String, file: Int) -> (DjangoFieldClass, TypeID?)? {
    let own = index.resolve(name, from: file).flatMap { id in
      index.files[id.file].language == .python ? id : nil
    }
    if let own, let found = inherited(own) { return (found, own) }
    return DjangoFieldClass(name).map { ($0, nil) }
  }

  private func inherited(_ type: TypeID) -> DjangoFieldClass? {
    for current in [type] + index.ancestors(of: type) {
      for base in index.type(current).bases {
        if let known = DjangoFieldClass(NameWords.lastPart(TypeName(base).head)) { return known }
      }
    }
    return nil
  }

  /// `def db_type(self, connection): return "ltree"` of a field class of the system.
  private func writtenType(_ type: TypeID?) -> String? {
    guard let type, let method = index.method("db_type", of: type) else { return nil }
    let results = index.symbols.function(method).events.compactMap { placed -> Value? in
      if case .result(let value) = placed.event { value } else { nil }
    }
    return results.count == 1 ? results[0].literalText : nil
  }

  private func columnType(
    _ name: String, length: String?, callee: String, _ arguments: [Value], file: Int
  ) -> DjangoColumnType {
    var type = DjangoColumnType(name: name)
    type.length = number(arguments.entry("max_length"), file: file) ?? length
    type.digits = number(arguments.entry("max_digits"), file: file) ?? ""
    type.places = number(arguments.entry("decimal_places"), file: file) ?? ""
    return type
  }

  /// The digits of a number, which may be a constant of the system.
  private func number(_ value: Value?, file: Int) -> String? {
    switch value {
    case .literal(let digits)?: return digits.replacing("_", with: "")
    case .name(let name)?:
      let plain = NameWords.lastPart(name)
      guard case .literal(let digits)? = index.symbols.constant(named: plain, from: file)?.fact.value else {
        return nil
      }
      return digits.replacing("_", with: "")
    case .text?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      return nil
    }
  }

  // MARK: Targets

  /// The model a relation leads to.
  func target(_ value: Value, file: Int, app: String, own: DjangoKey?) -> DjangoKey? {
    switch value {
    case .text("self"), .name("self"): return own
    case .text(let text): return target(named: text, app: app)
    case .name(let name):
      if NameWords.lastPart(name) == "AUTH_USER_MODEL" { return target(named: project.userModel, app: app) }
      if let type = index.resolve(name, from: file), let key = keys[type] { return key }
      return DjangoContrib.key(of: NameWords.lastPart(name))
    case .call(let callee, _, _) where callee == "get_user_model": return target(named: project.userModel, app: app)
    case .call(let callee, _, let arguments) where callee == "get_model" || callee == "swapper":
      return arguments.first?.literalText.flatMap { target(named: $0, app: app) }
    case .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return nil
    }
  }

  /// `orders.Order`, or `Order` of the same app.
  func target(named text: String, app: String) -> DjangoKey? {
    let parts = text.split(separator: ".").map(String.init)
    guard let model = parts.last else { return nil }
    return DjangoKey(parts.count > 1 ? parts[parts.count - 2] : app, model)
  }
}
