import Basics
import Facts

/// Reads the migrations of Sequelize in the order of their files.
struct SequelizeMigrationReader {
  let system: SystemIndex

  /// The functions that apply changes: `up` in a file where a query interface is handed over.
  var migrations: [FunctionID] {
    system.files.enumerated().flatMap { file, facts -> [FunctionID] in
      guard facts.language == .javascript || facts.language == .typescript else { return [] }
      return facts.functions.enumerated().compactMap { index, function in
        guard NameWords.lastPart(function.name) == "up",
          function.parameters.first == "queryInterface" || function.parameterTypes.first == "QueryInterface"
            || function.events.contains(where: Self.isOnInterface)
        else { return nil }
        return FunctionID(file: file, index: index)
      }
    }.sorted { system.files[$0.file].file.fileName < system.files[$1.file].file.fileName }
  }

  private static func isOnInterface(_ placed: PlacedEvent) -> Bool {
    guard case .call(let call) = placed.event, case .name(let receiver)? = call.receiver else { return false }
    return NameWords.lastPart(receiver) == "queryInterface"
  }

  /// What all migrations do; nil when there are none.
  func history() -> SchemaHistory? {
    let found = migrations
    guard !found.isEmpty else { return nil }
    let engine = system.scriptEngine(keys: ["dialect"], packages: SequelizeRecognizer.packages) ?? .postgres
    let types = SequelizeTypes(engine: engine)
    let operations = found.flatMap { id -> [PlacedOperation] in
      let facts = system.files[id.file]
      return facts.functions[id.index].events.flatMap { placed -> [PlacedOperation] in
        guard case .call(let call) = placed.event else { return [] }
        let span = SourceSpan(file: facts.file, line: placed.line)
        return self.operations(call, types: types, at: span).map { PlacedOperation($0, at: span) }
      }
    }
    return SchemaHistory(framework: "Sequelize", origin: .migrations, engine: engine, operations: operations)
  }

  private static func table(_ value: Value) -> TableName? {
    (value.plainText ?? value.text("tableName")).map { TableName($0) }
  }

  private func operations(_ call: CallFact, types: SequelizeTypes, at span: SourceSpan) -> [SchemaOperation] {
    let arguments = call.arguments
    if call.callee == "query" { return arguments.first?.literalText.map { [.statement($0)] } ?? [] }
    guard let first = arguments.first, let table = Self.table(first) else { return [] }
    let second = arguments.count > 1 ? arguments[1] : .opaque
    let third = arguments.count > 2 ? arguments[2] : .opaque
    switch call.callee {
    case "createTable": return [.createTable(self.table(table, second, types: types, at: span), replaces: false)]
    case "dropTable": return [.dropTable(table)]
    case "renameTable": return Self.table(second).map { [SchemaOperation.renameTable(table, to: $0)] } ?? []
    case "addColumn":
      guard let name = second.plainText else { return [] }
      let key = foreignKey(name, third, at: span).map { [SchemaOperation.addForeignKey(table, $0)] } ?? []
      return [.addColumn(table, types.column(name, third))] + key
    case "removeColumn": return second.plainText.map { [.dropColumn(table, $0)] } ?? []
    case "renameColumn":
      guard let old = second.plainText, let new = third.plainText else { return [] }
      return [.renameColumn(table, old, to: new)]
    case "changeColumn":
      guard let name = second.plainText else { return [] }
      return [.changeColumn(table, types.column(name, third))]
    case "addConstraint": return constraint(second.entries.isEmpty ? third : second, of: table, at: span)
    case "removeConstraint": return second.plainText.map { [.dropConstraint(table, name: $0)] } ?? []
    default: return []
    }
  }

  private func table(
    _ name: TableName, _ attributes: Value, types: SequelizeTypes, at span: SourceSpan
  ) -> Table {
    var table = Table(name: name, source: span)
    for (attribute, description) in attributes.entries {
      let column = types.column(description.text("field") ?? attribute, description)
      table.columns.append(column)
      if description.flag("primaryKey") == true { table.primaryKey.append(column.name) }
      if description.flag("unique") == true { table.uniqueKeys.append([column.name]) }
      if let key = foreignKey(column.name, description, at: span) { table.foreignKeys.append(key) }
    }
    return table
  }

  private func foreignKey(_ column: String, _ description: Value, at span: SourceSpan) -> ForeignKey? {
    guard let references = description.entry("references") else { return nil }
    let model = references.entry("model") ?? references.entry("table") ?? references
    guard let target = Self.table(model) ?? model.className.map({ TableName(NameWords.lastPart($0)) }) else {
      return nil
    }
    return ForeignKey(
      name: nil, columns: [column], target: target, targetColumns: references.text("key").map { [$0] } ?? [],
      onDelete: description.entry("onDelete")?.referentialAction ?? .noAction, span: span)
  }

  private func constraint(_ options: Value, of table: TableName, at span: SourceSpan) -> [SchemaOperation] {
    let fields = options.entry("fields")?.texts ?? []
    switch options.text("type")?.lowercased() {
    case "unique"?: return [.addUnique(table, fields, name: options.text("name"))]
    case "primary key"?: return [.setPrimaryKey(table, fields)]
    case "foreign key"?:
      guard let references = options.entry("references"), let target = references.entry("table").flatMap(Self.table)
      else { return [] }
      return [
        .addForeignKey(
          table,
          ForeignKey(
            name: options.text("name"), columns: fields, target: target,
            targetColumns: references.text("field").map { [$0] } ?? [],
            onDelete: options.entry("onDelete")?.referentialAction ?? .noAction, span: span))
      ]
    default: return []
    }
  }
}
