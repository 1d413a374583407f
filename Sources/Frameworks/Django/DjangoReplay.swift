import Basics
import Facts

/// Applies the operations of migrations to a state, and notes what they do to the database.
struct DjangoReplay {
  private let index: SystemIndex
  private let reader: DjangoFieldReader
  private(set) var state: DjangoState
  private(set) var operations: [PlacedOperation] = []
  private var file = 0
  private var app = ""
  /// Whether what is applied changes the database, too.
  private var changesDatabase = true
  private var line = 0
  private static let maximumDepth = 4

  init(_ index: SystemIndex, reader: DjangoFieldReader) {
    self.index = index
    self.reader = reader
    state = DjangoState(reader.project, isMigrated: true)
  }

  /// Applies one migration.
  mutating func apply(_ migration: DjangoMigrations.Migration) {
    file = migration.file
    app = migration.app
    line = migration.type.line
    guard let list = migration.type.fields.first(where: { $0.name == "operations" }) else { return }
    line = list.line
    for operation in DjangoValues.items(list.value, file: file, index: index) { apply(operation, depth: 0) }
  }

  private mutating func emit(_ changes: [SchemaOperation]) {
    guard changesDatabase else { return }
    let span = SourceSpan(file: index.files[file].file, line: line)
    operations += changes.map { PlacedOperation($0, at: span) }
  }

  private mutating func apply(_ operation: Value, depth: Int) {
    guard depth < Self.maximumDepth, case .call(let callee, _, let arguments) = operation else { return }
    let positional = arguments.positional
    func argument(_ name: String, _ place: Int) -> Value? {
      arguments.entry(name) ?? (place < positional.count ? positional[place] : nil)
    }
    func text(_ name: String, _ place: Int) -> String? {
      argument(name, place).flatMap { DjangoValues.text($0, file: file, index: index) }
    }
    switch callee {
    case "CreateModel":
      guard let name = text("name", 0) else { return }
      createModel(
        name, argument("fields", 1) ?? .list([]), options: arguments.entry("options") ?? .list([]),
        bases: arguments.entry("bases"))
    case "DeleteModel": if let name = text("name", 0) { deleteModel(DjangoKey(app, name)) }
    case "RenameModel":
      if let old = text("old_name", 0), let new = text("new_name", 1) { renameModel(DjangoKey(app, old), to: new) }
    case "AlterModelTable": if let name = text("name", 0) { alterTable(DjangoKey(app, name), to: text("table", 1)) }
    case "AlterModelOptions":
      if let name = text("name", 0), let options = argument("options", 1) { setOptions(DjangoKey(app, name), options) }
    case "AddField", "AlterField":
      guard let model = text("model_name", 0), let name = text("name", 1), let value = argument("field", 2) else {
        return
      }
      let key = DjangoKey(app, model)
      guard let field = reader.field(name, value, file: file, app: app, own: key, line: line) else { return }
      if callee == "AddField" { add(field, to: key) } else { alter(field, of: key) }
    case "RemoveField":
      if let model = text("model_name", 0), let name = text("name", 1) { remove(name, from: DjangoKey(app, model)) }
    case "RenameField":
      if let model = text("model_name", 0), let old = text("old_name", 1), let new = text("new_name", 2) {
        rename(old, to: new, in: DjangoKey(app, model))
      }
    case "AlterUniqueTogether":
      if let name = text("name", 0) { setUniques(DjangoKey(app, name), argument("unique_together", 1)) }
    case "AlterOrderWithRespectTo":
      if let name = text("name", 0) { setOrder(DjangoKey(app, name), argument("order_with_respect_to", 1)) }
    case "AddConstraint":
      if let model = text("model_name", 0), let value = argument("constraint", 1) {
        addConstraint(value, to: DjangoKey(app, model))
      }
    case "RemoveConstraint":
      if let model = text("model_name", 0), let name = text("name", 1) {
        removeConstraint(name, from: DjangoKey(app, model))
      }
    case "RunSQL":
      if let value = argument("sql", 0) { runSQL(value, stateOperations: arguments.entry("state_operations"), depth) }
    case "RunPython": if case .name(let function)? = argument("code", 0) { runPython(function) }
    case "SeparateDatabaseAndState":
      separately(argument("database_operations", 0), argument("state_operations", 1), depth)
    default: return
    }
  }

  private mutating func separately(_ database: Value?, _ model: Value?, _ depth: Int) {
    let before = changesDatabase
    // Operations on the database alone see the models as they would become.
    let models = state
    for item in database.map({ DjangoValues.items($0, file: file, index: index) }) ?? [] {
      apply(item, depth: depth + 1)
    }
    state = models
    changesDatabase = false
    for item in model.map({ DjangoValues.items($0, file: file, index: index) }) ?? [] { apply(item, depth: depth + 1) }
    changesDatabase = before
  }

  private mutating func runSQL(_ value: Value, stateOperations: Value?, _ depth: Int) {
    let items: [Value] = if case .list(let items) = value { items } else { [value] }
    for item in items {
      // A statement, or one with its parameters.
      let statement: Value = if case .list(let parts) = item, let first = parts.first { first } else { item }
      if let text = DjangoValues.text(statement, file: file, index: index) { emit([.statement(text)]) }
    }
    if let stateOperations { separately(nil, stateOperations, depth) }
  }

  /// What a function of the migration does through the editor of the schema.
  private mutating func runPython(_ name: String) {
    guard let function = index.files[file].functions.first(where: { $0.name == name }) else { return }
    for placed in function.events {
      guard case .call(let call) = placed.event else { continue }
      let texts = call.arguments.map { DjangoValues.text($0, file: file, index: index) }
      if call.callee == "alter_db_table", texts.count == 3, let old = texts[1], let new = texts[2] {
        emit([.renameTable(TableName(old), to: TableName(new))])
      } else if call.callee == "execute", let text = texts.first ?? nil {
        emit([.statement(text)])
      }
    }
  }

  // MARK: Models

  private mutating func createModel(_ name: String, _ fields: Value, options: Value, bases: Value?) {
    let key = DjangoKey(app, name)
    var model = DjangoModel(key: key, name: name, span: SourceSpan(file: index.files[file].file, line: line))
    for item in DjangoValues.items(fields, file: file, index: index) {
      guard case .list(let pair) = item, pair.count == 2, let name = pair[0].literalText,
        let field = reader.field(name, pair[1], file: file, app: app, own: key, line: line)
      else { continue }
      model.fields.append(field)
    }
    read(options, into: &model)
    if DjangoFieldReader.isTrue(options.entry("abstract")) { return }
    if model.isProxy, let bases {
      // A proxy stands for the table of what it is made from.
      var base: DjangoKey?
      for item in DjangoValues.items(bases, file: file, index: index) where base == nil {
        let target = reader.target(item, file: file, app: app, own: nil)
        if let target, state.model(target) != nil { base = target }
      }
      model.declaredTable = base.flatMap { state.model($0)?.table }
      model.fields = base.flatMap { state.model($0)?.fields } ?? []
    }
    state.models[key] = model
    emit(state.fullCreation(of: model))
  }

  private func read(_ options: Value, into model: inout DjangoModel) {
    if let table = options.entry("db_table")?.literalText { model.declaredTable = DjangoState.unquoted(table) }
    if let managed = options.entry("managed") { model.isManaged = managed != .literal("false") }
    model.isProxy = DjangoFieldReader.isTrue(options.entry("proxy"))
    if options.entry("swappable")?.literalText == "AUTH_USER_MODEL" {
      // Where another model stands for users, the one it replaces has no table.
      let isUser = reader.target(named: reader.project.userModel, app: app) == model.key
      model.isManaged = model.isManaged && isUser
    }
    if let unique = options.entry("unique_together") { model.uniques += DjangoState.uniques(unique) }
    if let order = options.entry("order_with_respect_to"), order != .literal("null") { model.isOrdered = true }
    for constraint in options.entry("constraints").map({ DjangoValues.items($0, file: file, index: index) }) ?? [] {
      if let unique = DjangoState.unique(constraint) { model.uniques.append(unique) }
    }
  }

  private mutating func deleteModel(_ key: DjangoKey) {
    guard let model = state.models[key] else { return }
    if model.hasTable {
      emit(model.fields.compactMap { state.between($0, of: model) }.map { .dropTable($0.name) })
      emit([.dropTable(TableName(model.table))])
    }
    state.models[key] = nil
  }

  private mutating func renameModel(_ old: DjangoKey, to name: String) {
    guard var model = state.models[old] else { return }
    let new = DjangoKey(old.app, name)
    let before = state
    state.models[old] = nil
    model.key = new
    model.name = name
    state.models[new] = model
    for key in state.models.keys { state.models[key]?.retarget(old, to: new) }
    move(from: before, old: old, new: new)
  }

  private mutating func alterTable(_ key: DjangoKey, to table: String?) {
    guard var model = state.models[key] else { return }
    let before = state
    model.declaredTable = table.map(DjangoState.unquoted)
    state.models[key] = model
    move(from: before, old: key, new: key)
  }

  /// Renames what is named after a model: its table, and those between it and others with their columns.
  private mutating func move(from before: DjangoState, old: DjangoKey, new: DjangoKey) {
    guard let was = before.models[old], let now = state.models[new], now.hasTable else { return }
    if was.table != now.table { emit([.renameTable(TableName(was.table), to: TableName(now.table))]) }
    for key in before.models.keys.sorted() {
      guard let owner = before.models[key], let moved = state.models[key == old ? new : key] else { continue }
      for (field, after) in zip(owner.fields, moved.fields) {
        guard let first = before.between(field, of: owner), let second = state.between(after, of: moved) else {
          continue
        }
        if first.name != second.name { emit([.renameTable(first.name, to: second.name)]) }
        for (left, right) in zip(first.columns, second.columns) where left.name != right.name {
          emit([.renameColumn(second.name, left.name, to: right.name)])
        }
      }
    }
  }

  private mutating func setOptions(_ key: DjangoKey, _ options: Value) {
    guard var model = state.models[key] else { return }
    if let managed = options.entry("managed") { model.isManaged = managed != .literal("false") }
    state.models[key] = model
  }

  // MARK: Fields

  private mutating func add(_ field: DjangoField, to key: DjangoKey) {
    guard var model = state.models[key] else { return }
    model.fields.removeAll { $0.name == field.name }
    model.fields.append(field)
    state.models[key] = model
    guard model.hasTable else { return }
    let table = TableName(model.table)
    let span = SourceSpan(file: index.files[file].file, line: line)
    if let between = state.between(field, of: model) { emit([.createTable(between, replaces: false)]) }
    guard let column = state.column(field) else { return }
    emit([.addColumn(table, column)])
    if field.isPrimary { emit([.setPrimaryKey(table, [column.name])]) }
    if field.isUnique, !field.isPrimary { emit([.addUnique(table, [column.name], name: DjangoState.unique(field))]) }
    if let foreign = state.foreignKey(field, at: span) { emit([.addForeignKey(table, foreign)]) }
  }

  private mutating func remove(_ name: String, from key: DjangoKey) {
    guard var model = state.models[key], let field = model.field(name) else { return }
    if model.hasTable {
      if let between = state.between(field, of: model) { emit([.dropTable(between.name)]) }
      if let column = field.columnName { emit([.dropColumn(TableName(model.table), column)]) }
    }
    model.fields.removeAll { $0.name == name }
    state.models[key] = model
  }

  private mutating func rename(_ old: String, to new: String, in key: DjangoKey) {
    guard var model = state.models[key], let place = model.fields.firstIndex(where: { $0.name == old }) else { return }
    let before = model.fields[place]
    let wasBetween = state.between(before, of: model)
    model.fields[place].name = new
    for number in model.uniques.indices {
      model.uniques[number].fields = model.uniques[number].fields.map { $0 == old ? new : $0 }
    }
    state.models[key] = model
    state.renameField(old, to: new, of: key)
    guard model.hasTable else { return }
    let field = model.fields[place]
    if let from = before.columnName, let to = field.columnName, from != to {
      emit([.renameColumn(TableName(model.table), from, to: to)])
    }
    if let wasBetween, let between = state.between(field, of: model), wasBetween.name != between.name {
      emit([.renameTable(wasBetween.name, to: between.name)])
    }
  }

  private mutating func alter(_ field: DjangoField, of key: DjangoKey) {
    guard var model = state.models[key], let place = model.fields.firstIndex(where: { $0.name == field.name }) else {
      return
    }
    let before = state
    let was = model.fields[place]
    model.fields[place] = field
    state.models[key] = model
    guard model.hasTable, let old = before.column(was), let new = state.column(field) else { return }
    let table = TableName(model.table)
    let span = SourceSpan(file: index.files[file].file, line: line)
    if old.name != new.name { emit([.renameColumn(table, old.name, to: new.name)]) }
    if old != new { emit([.changeColumn(table, new)]) }
    let foreign = state.foreignKey(field, at: span)
    let previous = before.foreignKey(was, at: span)
    if foreign?.target != previous?.target || foreign?.targetColumns != previous?.targetColumns
      || foreign?.columns != previous?.columns
    {
      if previous != nil { emit([.dropForeignKey(table, [new.name])]) }
      if let foreign { emit([.addForeignKey(table, foreign)]) }
    }
    if field.isPrimary, !was.isPrimary { emit([.setPrimaryKey(table, [new.name])]) }
    if was.isUnique, !field.isUnique { emit([.dropConstraint(table, name: DjangoState.unique(was))]) }
    if field.isUnique, !was.isUnique { emit([.addUnique(table, [new.name], name: DjangoState.unique(field))]) }
    if field.isPrimary || field.isUnique, old.type != new.type { retype(since: before) }
  }

  /// Columns that lead to a key change with its type.
  private mutating func retype(since before: DjangoState) {
    for key in state.models.keys.sorted() {
      guard let model = state.models[key], let old = before.models[key], model.hasTable else { continue }
      for (field, was) in zip(model.fields, old.fields) {
        if case .reference = field.kind, let column = state.column(field), before.column(was) != column,
          was.name == field.name
        {
          emit([.changeColumn(TableName(model.table), column)])
        }
        guard let first = before.between(was, of: old), let second = state.between(field, of: model) else { continue }
        for (left, right) in zip(first.columns, second.columns) where left != right {
          emit([.changeColumn(second.name, right)])
        }
      }
    }
  }

  // MARK: Keys

  private mutating func setUniques(_ key: DjangoKey, _ value: Value?) {
    guard var model = state.models[key] else { return }
    let wanted = value.map(DjangoState.uniques) ?? []
    let together = model.uniques.filter { $0.name.hasPrefix(DjangoState.togetherPrefix) }
    model.uniques.removeAll { $0.name.hasPrefix(DjangoState.togetherPrefix) }
    model.uniques += wanted
    state.models[key] = model
    guard model.hasTable else { return }
    let table = TableName(model.table)
    for unique in together where !wanted.contains(unique) { emit([.dropConstraint(table, name: unique.name)]) }
    emit(wanted.filter { !together.contains($0) }.compactMap { state.unique($0, of: model) })
  }

  private mutating func setOrder(_ key: DjangoKey, _ value: Value?) {
    guard var model = state.models[key] else { return }
    let isOrdered = value != nil && value != .literal("null")
    guard model.isOrdered != isOrdered else { return }
    model.isOrdered = isOrdered
    state.models[key] = model
    let table = TableName(model.table)
    guard model.hasTable else { return }
    emit([
      isOrdered
        ? .addColumn(table, Column(name: "_order", type: "integer", isNullable: false)) : .dropColumn(table, "_order")
    ])
  }

  private mutating func addConstraint(_ value: Value, to key: DjangoKey) {
    guard var model = state.models[key], let unique = DjangoState.unique(value) else { return }
    model.uniques.append(unique)
    state.models[key] = model
    if model.hasTable, let operation = state.unique(unique, of: model) { emit([operation]) }
  }

  private mutating func removeConstraint(_ name: String, from key: DjangoKey) {
    guard var model = state.models[key] else { return }
    model.uniques.removeAll { $0.name == name }
    state.models[key] = model
    if model.hasTable { emit([.dropConstraint(TableName(model.table), name: name)]) }
  }
}
