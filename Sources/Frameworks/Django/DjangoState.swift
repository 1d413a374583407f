import Basics
import Facts

/// A model as its app's migrations or its class leave it.
struct DjangoModel: Hashable {
  var key: DjangoKey
  var name: String
  /// The table that is said; else it follows from the app and the name.
  var declaredTable: String?
  var isManaged = true
  var isProxy = false
  var fields: [DjangoField] = []
  /// Sets of fields that are unique together, with the name of the constraint.
  var uniques: [DjangoUnique] = []
  /// Whether rows keep an order of their own: a column `_order`.
  var isOrdered = false
  var span: SourceSpan

  var table: String { declaredTable ?? "\(key.app)_\(key.model)" }
  var hasTable: Bool { isManaged && !isProxy }
  var primary: DjangoField? { fields.first(where: \.isPrimary) }
  func field(_ name: String) -> DjangoField? { fields.first { $0.name == name } }
}

/// Fields that are unique together.
struct DjangoUnique: Hashable {
  var name: String
  var fields: [String]
}

/// The models of a project while migrations are applied, and what their tables look like.
struct DjangoState {
  var models: [DjangoKey: DjangoModel] = [:]
  let engine: EngineFamily
  /// The class of keys that Django adds by itself, and where apps chose another one.
  private let autoField: String
  private let autoFields: [String: String]
  private static let maximumDepth = 8

  /// Migrations do not see what apps chose for keys.
  init(_ project: DjangoProject, isMigrated: Bool) {
    engine = project.engine
    autoField = project.autoField
    autoFields = Dictionary(
      project.apps.values.compactMap { app in isMigrated ? nil : app.autoField.map { (app.label, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The class of keys that nobody declared in an app.
  func autoField(of app: String) -> String { autoFields[app] ?? autoField }

  /// The model of a key, in the repository or of those that come with Django.
  func model(_ key: DjangoKey) -> DjangoModel? { models[key] ?? Self.contrib[key] }

  private static let contrib: [DjangoKey: DjangoModel] = Dictionary(
    uniqueKeysWithValues: DjangoContrib.all.map { known in
      let span = SourceSpan(file: RepoPath(""), line: 0)
      let uniques = known.uniques.map { DjangoUnique(name: $0.joined(separator: "+"), fields: $0) }
      return (
        known.key,
        DjangoModel(
          key: known.key, name: known.name, declaredTable: known.table, fields: known.fields, uniques: uniques,
          span: span)
      )
    })

  // MARK: Columns

  /// The type of a field's column.
  func type(of field: DjangoField, depth: Int = 0) -> DjangoColumnType {
    switch field.kind {
    case .column(let type): return type
    case .reference(let target, _):
      guard depth < Self.maximumDepth, let target, let model = model(target) else {
        return DjangoColumnType(name: target == nil ? autoField : "AutoField")
      }
      let leads = field.toField.flatMap { model.field($0) } ?? model.primary
      return leads.map { type(of: $0, depth: depth + 1) } ?? DjangoColumnType(name: autoField)
    case .many: return DjangoColumnType(name: autoField)
    }
  }

  func column(_ field: DjangoField) -> Column? {
    guard let name = field.columnName else { return nil }
    let type = type(of: field)
    let isCounter: Bool = if case .column = field.kind { type.isGenerated } else { false }
    return Column(
      name: name, type: type.sql(engine), isNullable: field.isNullable && !field.isPrimary, isGenerated: isCounter)
  }

  /// The foreign key of a reference; nil when nothing is checked or the other table is not known.
  func foreignKey(_ field: DjangoField, at span: SourceSpan) -> ForeignKey? {
    guard case .reference(let target?, _) = field.kind, field.isConstrained, let name = field.columnName,
      let model = model(target)
    else { return nil }
    let leads = field.toField.flatMap { model.field($0) } ?? model.primary
    return ForeignKey(
      name: nil, columns: [name], target: TableName(model.table), targetColumns: [leads?.columnName ?? "id"],
      onDelete: .noAction, span: span)
  }

  // MARK: Tables

  /// What makes the table of a model, without those between it and others.
  func creation(of model: DjangoModel) -> [SchemaOperation] {
    guard model.hasTable else { return [] }
    var table = Table(name: TableName(model.table), source: model.span)
    table.columns = model.fields.compactMap(column)
    if model.isOrdered { table.columns.append(Column(name: "_order", type: "integer", isNullable: false)) }
    table.primaryKey = model.primary?.columnName.map { [$0] } ?? []
    table.foreignKeys = model.fields.compactMap { foreignKey($0, at: model.span) }
    var operations: [SchemaOperation] = [.createTable(table, replaces: false)]
    for field in model.fields where field.isUnique && !field.isPrimary {
      if let column = field.columnName { operations.append(.addUnique(table.name, [column], name: Self.unique(field))) }
    }
    operations += model.uniques.compactMap { unique($0, of: model) }
    return operations
  }

  static func unique(_ field: DjangoField) -> String { "unique \(field.name)" }

  func unique(_ unique: DjangoUnique, of model: DjangoModel) -> SchemaOperation? {
    let columns = unique.fields.compactMap { model.field($0)?.columnName }
    guard columns.count == unique.fields.count, !columns.isEmpty else { return nil }
    return .addUnique(TableName(model.table), columns, name: unique.name)
  }

  /// The table Django makes for a relation to many; nil when a model stands for it.
  func between(_ field: DjangoField, of model: DjangoModel) -> Table? {
    guard case .many(let target, nil, let written) = field.kind, model.hasTable else { return nil }
    let name = written ?? "\(model.table)_\(field.name)"
    var table = Table(name: TableName(name), source: SourceSpan(file: model.span.file, line: field.line))
    let (near, far) = Self.sides(model.key, target)
    let nearColumn = DjangoField(name: near, kind: .reference(model.key, isOneToOne: false), line: field.line)
    let farColumn = DjangoField(name: far, kind: .reference(target, isOneToOne: false), line: field.line)
    let id = DjangoField(
      name: "id", kind: .column(DjangoColumnType(name: autoField(of: model.key.app))), isPrimary: true,
      line: field.line)
    table.columns = [id, nearColumn, farColumn].compactMap(column)
    table.primaryKey = ["id"]
    table.uniqueKeys = [[near + "_id", far + "_id"]]
    table.foreignKeys = [nearColumn, farColumn].compactMap { foreignKey($0, at: table.source) }
    return table
  }

  /// The names of the two sides of a table between models.
  static func sides(_ own: DjangoKey, _ target: DjangoKey?) -> (near: String, far: String) {
    guard let target else { return (own.model, "target") }
    return own.model == target.model && own.app == target.app
      ? ("from_\(own.model)", "to_\(target.model)") : (own.model, target.model)
  }

  /// Everything that makes a model's tables.
  func fullCreation(of model: DjangoModel) -> [SchemaOperation] {
    creation(of: model) + model.fields.compactMap { between($0, of: model) }.map { .createTable($0, replaces: false) }
  }

  // MARK: Models that come with Django

  /// Keys of such models that the project's models lead to, directly or not, or that `named` holds; in the order their
  /// tables are made.
  func neededContrib(named: Set<DjangoKey>, project: DjangoProject) -> [DjangoModel] {
    var needed: Set<DjangoKey> = []
    var waiting = Array(named) + models.values.filter(\.hasTable).flatMap(\.fields).compactMap(Self.target)
    while let key = waiting.popLast() {
      guard models[key] == nil, let found = Self.contrib[key], needed.insert(key).inserted else { continue }
      waiting += found.fields.compactMap(Self.target)
    }
    let user = project.userModel.lowercased()
    return DjangoContrib.all.filter { known in
      needed.contains(known.key)
        && (project.installed.isEmpty || project.isInstalled(external: known.package))
        && (known.key != DjangoKey("auth", "User") || user == "auth.user")
    }.compactMap { Self.contrib[$0.key] }
  }

  private static func target(of field: DjangoField) -> DjangoKey? {
    switch field.kind {
    case .reference(let target, _): target
    case .many(let target, let through, _): through ?? target
    case .column: nil
    }
  }
}
