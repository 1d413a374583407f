import Basics
import Facts

/// The models of Eloquent: classes, their tables by Laravel's naming, and their relations.
struct EloquentModels {
  private let system: SystemIndex

  /// Classes of Laravel that models are derived from.
  private static let roots: Set<String> = [
    #"Illuminate\Database\Eloquent\Model"#, #"Illuminate\Foundation\Auth\User"#,
    #"Illuminate\Database\Eloquent\Relations\Pivot"#, #"Illuminate\Database\Eloquent\Relations\MorphPivot"#, "Eloquent",
  ]
  private static let softDeletes: Set<String> = ["SoftDeletes", "SoftDeletingTrait"]

  init(system: SystemIndex) { self.system = system }

  /// The mappings of all models, in order of file and line.
  func mappings() -> [EntityMapping] {
    system.types.compactMap { type in
      let facts = system.files[type.file]
      guard facts.language == .php, system.type(type).kind == .class, isModel(type) else { return nil }
      return mapping(of: type)
    }
  }

  /// Whether a class is derived from a class of Laravel, or from a model of a library.
  private func isModel(_ type: TypeID) -> Bool {
    ([type] + system.ancestors(of: type)).contains { current in
      let imports = system.files[current.file].imports
      return system.type(current).bases.contains { base in
        let path = imports.first { $0.local == base }?.path ?? base
        return Self.roots.contains(path)
          || (path.contains(#"\Models\"#) && system.resolve(base, from: current.file) == nil)
      }
    }
  }

  private func isAbstract(_ type: TypeID) -> Bool { system.type(type).annotations.contains { $0.name == "abstract" } }

  private func mapping(of type: TypeID) -> EntityMapping {
    let fact = system.type(type)
    let declared = text(of: "table", in: type) ?? tableMethod(of: type)
    var mapping = EntityMapping(
      file: type.file, type: type.index, table: nil, isDeclared: declared != nil, inheritance: .separate,
      framework: LaravelRecognizer.eloquent, line: fact.line)
    if let declared {
      mapping.table = TableName(declared)
    } else if !isAbstract(type) {
      mapping.table = TableName(Self.tableName(of: fact.name))
    }
    let key = text(of: "primaryKey", in: type) ?? "id"
    if mapping.table != nil {
      mapping.keys = [key]
      mapping.properties = columns(of: type, key: key, line: fact.line)
    }
    let relations =
      system.methods(of: type).compactMap { relation($0, of: fact) }
      + system.ancestors(of: type).filter { system.type($0).kind == .trait }
      .flatMap { system.methods(of: $0) }.compactMap { relation($0, of: fact) }
    mapping.properties.removeAll { column in relations.contains { $0.name == column.name } }
    mapping.properties += relations
    return mapping
  }

  /// `OrderLine` is kept in `order_lines`.
  static func tableName(of name: String) -> String { EnglishPlural.doctrine.plural(EnglishPlural.snake(name)) }

  private func tableMethod(of type: TypeID) -> String? {
    guard let method = system.method("getTable", of: type) else { return nil }
    for case .result(.text(let text)) in system.symbols.function(method).events.map(\.event) { return text }
    return nil
  }

  /// The text a property of the class or its bases begins with, through a constant of the class.
  private func text(of property: String, in type: TypeID) -> String? {
    guard let (field, owner) = system.field(property, of: type) else { return nil }
    return PHPTexts.text(field.value, in: owner, system: system)
  }

  // MARK: Columns

  private func columns(of type: TypeID, key: String, line: Int) -> [PropertyMapping] {
    var names: [String] = [key]
    var types: [String: String] = [key: "bigint"]
    for (name, cast) in casts(of: type) { types[name] = Self.columnType(cast) }
    for list in ["fillable", "casts", "dates"] {
      guard case .list(let items)? = system.field(list, of: type)?.field.value else { continue }
      for item in items {
        switch item {
        case .text(let name): names.append(name)
        case .member(let name, _): names.append(name)
        case .literal, .name, .type, .field, .call, .join, .list, .either, .element, .operation, .closure, .opaque:
          continue
        }
      }
    }
    if system.field("timestamps", of: type)?.field.value != .literal("false") {
      for name in ["created_at", "updated_at"] {
        names.append(name)
        types[name] = "timestamp"
      }
    }
    if system.base(of: type, named: Self.softDeletes) != nil {
      names.append("deleted_at")
      types["deleted_at"] = "timestamp"
    }
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }.map { name in
      PropertyMapping(
        name: name,
        storage: .column(
          Column(
            name: name, type: types[name] ?? "varchar(255)", isNullable: name != key, isGenerated: name == key)),
        line: line)
    }
  }

  private func casts(of type: TypeID) -> [(String, String)] {
    guard case .list(let items)? = system.field("casts", of: type)?.field.value else { return [] }
    return items.compactMap { item in
      if case .member(let name, .text(let cast)) = item { (name, cast) } else { nil }
    }
  }

  private static func columnType(_ cast: String) -> String {
    switch cast.prefix(while: { $0 != ":" }) {
    case "int", "integer": "integer"
    case "bool", "boolean": "boolean"
    case "float", "double", "real": "double precision"
    case "decimal": "decimal(8,2)"
    case "date": "date"
    case "datetime", "timestamp", "immutable_datetime": "timestamp"
    case "array", "json", "object", "collection": "json"
    default: "varchar(255)"
    }
  }

  // MARK: Relations

  /// The relation a method declares: `return $this->hasMany(Line::class);`.
  private func relation(_ id: FunctionID, of type: TypeFact) -> PropertyMapping? {
    let function = system.symbols.function(id)
    guard function.parameters.isEmpty else { return nil }
    for placed in function.events.prefix(12) {
      guard case .call(let call) = placed.event, call.receiver == .name("this"),
        let storage = storage(call, method: NameWords.lastPart(function.name), of: type, file: id.file)
      else { continue }
      return PropertyMapping(
        name: NameWords.lastPart(function.name), storage: storage, isMany: Self.many.contains(call.callee),
        line: placed.line)
    }
    return nil
  }

  private static let many: Set<String> = [
    "hasMany", "belongsToMany", "hasManyThrough", "morphMany", "morphToMany", "morphedByMany",
  ]

  private func storage(
    _ call: CallFact, method: String, of type: TypeFact, file: Int
  ) -> PropertyMapping.Storage? {
    func text(_ place: Int, _ name: String) -> String? {
      if case .text(let text)? = call.arguments.entry(name) { return text }
      let positional = call.arguments.positional
      guard place < positional.count, case .text(let text) = positional[place] else { return nil }
      return text
    }
    func column(_ name: String) -> Column { Column(name: name, type: "", isNullable: true) }
    guard let target = Self.target(call.arguments.entry("related") ?? call.arguments.first) else { return nil }
    let own = EnglishPlural.snake(type.name)
    let other = EnglishPlural.snake(NameWords.lastPart(target))
    switch call.callee {
    case "hasMany", "hasOne", "hasManyThrough", "hasOneThrough", "morphMany", "morphOne": return .inverse(of: target)
    case "belongsTo":
      let key = text(1, "foreignKey") ?? EnglishPlural.snake(text(3, "relation") ?? method) + "_id"
      return .reference(to: target, columns: [column(key)], onDelete: .noAction)
    case "belongsToMany":
      var table = text(1, "table") ?? [own, other].sorted().joined(separator: "_")
      // `->using(Membership::class)` and `belongsToMany(User::class, Membership::class)` name a pivot model.
      if call.arguments.count > 1, let pivot = Self.target(call.arguments.positional.dropFirst().first) {
        table = Self.tableName(of: NameWords.lastPart(pivot))
      }
      return .joinTable(
        TableName(table), to: target, columns: [column(text(2, "foreignPivotKey") ?? own + "_id")],
        targetColumns: [column(text(3, "relatedPivotKey") ?? other + "_id")])
    case "morphToMany", "morphedByMany":
      guard let name = text(1, "name") else { return nil }
      let isBack = call.callee == "morphedByMany"
      return .joinTable(
        TableName(text(2, "table") ?? EnglishPlural.doctrine.plural(name)), to: target,
        columns: [column(isBack ? own + "_id" : name + "_id")],
        targetColumns: [column(isBack ? name + "_id" : other + "_id")])
    default: return nil
    }
  }

  /// `Line::class`, or its name as a text in old code.
  private static func target(_ value: Value?) -> String? {
    switch value {
    case .type(let name)?: return name
    case .text(let text)? where text.contains("\\") || text.first?.isUppercase == true:
      return text.hasPrefix("\\") ? String(text.dropFirst()) : text
    case .text?, .literal?, .name?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      return nil
    }
  }
}

/// Texts that need no folding: literals and constants of the class they stand in.
enum PHPTexts {
  /// The text of a value in the class `type`; nil when it is not known.
  static func text(_ value: Value, in type: TypeID?, system: SystemIndex) -> String? {
    switch value {
    case .text(let text): return text
    case .join(let parts):
      var whole = ""
      for part in parts {
        guard let text = text(part, in: type, system: system) else { return nil }
        whole += text
      }
      return whole
    case .name(let name):
      guard let dot = name.lastIndex(of: ".") else { return nil }
      let member = String(name[name.index(after: dot)...])
      let base = String(name[..<dot])
      let owner = base == "this" ? type : type.flatMap { system.resolve(base, from: $0.file) }
      guard let owner else { return nil }
      for current in [owner] + system.ancestors(of: owner) {
        let full = system.type(current).name + "." + member
        let found = system.files[current.file].constants.first { $0.name == full }
        if let found, case .text(let text) = found.value { return text }
      }
      return nil
    case .literal, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: return nil
    }
  }
}
