import Basics
import Facts
import SQL

/// Turns models into mappings: their columns as the schema has them, and their associations.
struct RailsMappings {
  let models: RailsModels
  private let columns: [String: [Column]]
  private let keys: [String: [String]]
  private var system: SystemIndex { models.system }
  private var inflector: Inflector { models.inflector }

  init(models: RailsModels, histories: [SchemaHistory]) {
    self.models = models
    var columns: [String: [Column]] = [:]
    var keys: [String: [String]] = [:]
    for history in histories {
      var reader = SchemaReader(engine: history.engine)
      reader.replay(history)
      for table in reader.catalog().tables where columns[table.name.baseKey] == nil {
        columns[table.name.baseKey] = table.columns
        keys[table.name.baseKey] = table.primaryKey
      }
    }
    self.columns = columns
    self.keys = keys
  }

  func all() -> [EntityMapping] { models.all().map(mapping) }

  private func mapping(_ type: TypeID) -> EntityMapping {
    let fact = system.type(type)
    let declared = models.declaredTable(of: type)
    let isStored = models.kind(of: type) == .model && (declared != nil || models.storedBase(of: type) == nil)
    let table = isStored ? models.table(of: type) : nil
    var mapping = EntityMapping(
      file: type.file, type: type.index, table: table.map { TableName($0) },
      isDeclared: declared != nil && !isPassing(type),
      framework: "ActiveRecord", line: fact.line)
    let stored = models.table(of: type).map { TableName($0).baseKey }
    let known = stored.flatMap { columns[$0] } ?? []
    mapping.properties = associations(of: type, columns: known)
    let names = Set(mapping.properties.map(\.name))
    if isStored {
      for column in known where !names.contains(column.name) {
        mapping.properties.append(PropertyMapping(name: column.name, storage: .column(column), line: fact.line))
      }
      if known.isEmpty {
        let key = Column(name: "id", type: "bigint", isNullable: false, isGenerated: true)
        mapping.properties.insert(PropertyMapping(name: "id", storage: .column(key), line: fact.line), at: 0)
      }
      mapping.keys = stored.flatMap { keys[$0] } ?? ["id"]
    }
    mapping.hooks = hooks(of: type)
    return mapping
  }

  /// Methods named by callbacks: `before_save :set_total`.
  private func hooks(of type: TypeID) -> [String] {
    let moments = ["save", "create", "update", "destroy", "commit", "validation", "touch", "create_commit"]
    let callbacks = Set(moments.flatMap { ["before_" + $0, "after_" + $0, "around_" + $0] } + ["validate"])
    return models.bodies(of: type).flatMap { body -> [String] in
      guard case .call(let call) = body.event.event, call.receiver == nil, callbacks.contains(call.callee) else {
        return []
      }
      return call.arguments.compactMap { if case .text(let name) = $0 { name } else { nil } }
    }
  }

  /// Whether a class stands in a migration or a test: its table may be gone, or never have been.
  private func isPassing(_ type: TypeID) -> Bool {
    system.files[type.file].file.text.split(separator: "/").dropLast().contains { part in
      ["spec", "test", "features", "migrate"].contains(part) || part.hasSuffix("_migrate")
    }
  }

  // MARK: Associations

  /// A call that declares an association.
  private struct Association {
    var macro: String
    var name: String
    var options: Options
    var file: Int
    var line: Int
  }

  private static let macros: Set<String> = ["belongs_to", "has_one", "has_many", "has_and_belongs_to_many"]

  /// Associations declared in a class and the modules it includes.
  private func declared(in type: TypeID) -> [Association] {
    models.bodies(of: type).compactMap { body in
      guard case .call(let call) = body.event.event, Self.macros.contains(call.callee),
        let name = call.arguments.first?.literalText
      else { return nil }
      return Association(
        macro: call.callee, name: name, options: Options(Array(call.arguments.dropFirst())), file: body.file,
        line: body.event.line)
    }
  }

  private func associations(of type: TypeID, columns: [Column]) -> [PropertyMapping] {
    let all = declared(in: type)
    return all.compactMap { property($0, of: type, among: all, columns: columns) }
  }

  private func property(
    _ association: Association, of type: TypeID, among all: [Association], columns: [Column]
  ) -> PropertyMapping? {
    let options = association.options
    let isMany = association.macro == "has_many" || association.macro == "has_and_belongs_to_many"
    guard let target = target(of: association, from: type, among: all) else { return nil }
    let name = system.type(target).name
    var cascades: Set<PropertyMapping.Cascade> = [.write]
    if ["destroy", "delete_all", "delete", "destroy_async"].contains(options.text("dependent") ?? "") {
      cascades.insert(.delete)
    }
    if options.text("dependent") == "nullify", !options.isSet("through") {
      let own = inflector.underscored(NameWords.lastPart(system.type(type).name))
      cascades.insert(.clear([options.text("foreign_key") ?? (options.text("as") ?? own) + "_id"]))
    }
    let storage: PropertyMapping.Storage
    switch association.macro {
    case "belongs_to":
      let key = options.text("foreign_key") ?? association.name + "_id"
      let column = columns.first { $0.name == key } ?? Column(name: key, type: "", isNullable: true)
      storage = .reference(to: name, columns: [column], onDelete: .noAction)
      cascades = []
    case "has_and_belongs_to_many":
      guard let own = models.table(of: type), let other = models.table(of: target) else { return nil }
      let sorted = [own, other].sorted()
      let table = options.text("join_table") ?? MigrationReader.joinName(sorted[0], sorted[1])
      let near =
        options.text("foreign_key") ?? inflector.underscored(NameWords.lastPart(system.type(type).name)) + "_id"
      let far = options.text("association_foreign_key") ?? inflector.singular(association.name) + "_id"
      storage = .joinTable(
        TableName(table), to: name, columns: [Column(name: near, type: "", isNullable: false)],
        targetColumns: [Column(name: far, type: "", isNullable: false)])
    default:
      if let through = options.text("through"), let middle = all.first(where: { $0.name == through }),
        let between = self.target(of: middle, from: type, among: all).flatMap({ models.table(of: $0) })
      {
        storage = .joinTable(TableName(between), to: name, columns: [], targetColumns: [])
      } else {
        storage = .inverse(of: name)
      }
    }
    return PropertyMapping(
      name: association.name, storage: storage, reverseName: "", isMany: isMany,
      isOnlyOne: association.macro == "has_one", cascades: cascades,
      echoes: association.macro == "belongs_to" ? echoes(options, of: type) : [], line: association.line)
  }

  /// `touch: true` and `counter_cache: true` write a column of the row an object belongs to.
  private func echoes(_ options: Options, of type: TypeID) -> [PropertyMapping.Echo] {
    var found: [PropertyMapping.Echo] = []
    switch options.value("touch") {
    case .literal("true")?: found.append(PropertyMapping.Echo(column: "updated_at", isCount: false))
    case .text(let column)?:
      found += ["updated_at", column].map { PropertyMapping.Echo(column: $0, isCount: false) }
    default: break
    }
    let standard = inflector.plural(inflector.underscored(NameWords.lastPart(system.type(type).name))) + "_count"
    switch options.value("counter_cache") {
    case .literal("true")?: found.append(PropertyMapping.Echo(column: standard, isCount: true))
    case .text(let column)?: found.append(PropertyMapping.Echo(column: column, isCount: true))
    case .list(let items)?:
      let column = items.entry("column")?.literalText ?? standard
      found.append(PropertyMapping.Echo(column: column, isCount: true))
    default: break
    }
    return found
  }

  /// The class an association leads to; nil when it may be any, or is not in the system.
  private func target(
    of association: Association, from type: TypeID, among all: [Association], depth: Int = 0
  ) -> TypeID? {
    let options = association.options
    guard depth < 6, !options.isSet("polymorphic") else { return nil }
    if let name = className(options.value("class_name")) ?? className(options.value("source_type")) {
      return lookUp(name, from: type, file: association.file)
    }
    // A class that is named in a way that cannot be read here.
    if options.isSet("class_name") { return nil }
    if let through = options.text("through"), let middle = all.first(where: { $0.name == through }),
      let owner = target(of: middle, from: type, among: all, depth: depth + 1)
    {
      let there = declared(in: owner)
      let source = options.text("source")
      let names = source.map { [$0] } ?? [inflector.singular(association.name), association.name]
      for name in names {
        if let next = there.first(where: { $0.name == name }),
          let found = target(of: next, from: owner, among: there, depth: depth + 1)
        {
          return found
        }
      }
    }
    let isMany = association.macro == "has_many" || association.macro == "has_and_belongs_to_many"
    let word = isMany ? inflector.singular(association.name) : association.name
    return lookUp(inflector.camelized(word), from: type, file: association.file)
  }

  private func className(_ value: Value?) -> String? {
    switch value {
    case .text(let name)?: name.hasPrefix("::") ? String(name.dropFirst(2)) : name
    case .name(let name)?: name
    case .call("name", .name(let name)?, _)?, .call("to_s", .name(let name)?, _)?: name
    case .literal?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      nil
    }
  }

  /// The class of that name, looked for in the modules around the owner, from the inside out.
  private func lookUp(_ name: String, from type: TypeID, file: Int) -> TypeID? {
    var scope = system.type(type).name
    while true {
      let candidate = scope.isEmpty ? name : scope + "::" + name
      if let found = system.exactType(candidate), models.kind(of: found) != .none { return found }
      if scope.isEmpty { break }
      scope = QualifiedName.scope(of: scope)
    }
    guard let found = system.resolve(name, from: file), models.kind(of: found) != .none else { return nil }
    return found
  }
}
