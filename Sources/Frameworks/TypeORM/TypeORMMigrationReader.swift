import Basics
import Facts

/// Reads the migrations of TypeORM in the order they run.
struct TypeORMMigrationReader {
  let system: SystemIndex

  /// What all migrations do; nil when there are none.
  func history(engine: EngineFamily) -> SchemaHistory? {
    var found: [(stamp: String, file: Int, function: Int)] = []
    for (file, facts) in system.files.enumerated() {
      for (index, function) in facts.functions.enumerated() {
        guard NameWords.lastPart(function.name) == "up", !function.owner.isEmpty,
          let type = facts.types.first(where: { $0.name == function.owner }),
          type.bases.contains("MigrationInterface") || function.parameterTypes.contains("QueryRunner")
            || function.parameters == ["queryRunner"]
        else { continue }
        // The number at the end of the name of the class is the time it was made.
        let digits = String(type.name.reversed().prefix { $0.isNumber }.reversed())
        let named = String(facts.file.fileName.prefix { $0.isNumber })
        found.append((digits.count >= 8 ? digits : named, file, index))
      }
    }
    guard !found.isEmpty else { return nil }
    found.sort { ($0.stamp.count, $0.stamp, $0.file) < ($1.stamp.count, $1.stamp, $1.file) }
    let operations = found.flatMap { migration in
      let facts = system.files[migration.file]
      return facts.functions[migration.function].events.flatMap { placed -> [PlacedOperation] in
        guard case .call(let call) = placed.event else { return [] }
        let span = SourceSpan(file: facts.file, line: placed.line)
        return self.operations(call, at: span, engine: engine).map { PlacedOperation($0, at: span) }
      }
    }
    return SchemaHistory(framework: "TypeORM", origin: .migrations, engine: engine, operations: operations)
  }

  private func operations(_ call: CallFact, at span: SourceSpan, engine: EngineFamily) -> [SchemaOperation] {
    let arguments = call.arguments
    if call.callee == "query" { return arguments.first?.literalText.map { [.statement($0)] } ?? [] }
    if call.callee == "createTable" {
      return arguments.first.flatMap { self.table($0, at: span, engine: engine) }
        .map { [.createTable($0, replaces: false)] } ?? []
    }
    guard let first = arguments.first?.literalText else { return [] }
    let table = Self.tableName(first)
    let second = arguments.count > 1 ? arguments[1] : .opaque
    let objects = second.items.isEmpty ? [second] : second.items
    switch call.callee {
    case "dropTable": return [.dropTable(table)]
    case "renameTable": return second.literalText.map { [SchemaOperation.renameTable(table, to: TableName($0))] } ?? []
    case "addColumn", "addColumns":
      return objects.compactMap { column($0, engine: engine) }.map { .addColumn(table, $0) }
    case "dropColumn", "dropColumns":
      return (second.texts + objects.compactMap { Self.options($0)?.text("name") }).map { .dropColumn(table, $0) }
    case "renameColumn":
      guard let old = second.literalText, arguments.count > 2,
        let new = arguments[2].plainText ?? Self.options(arguments[2])?.text("name")
      else { return [] }
      return [.renameColumn(table, old, to: new)]
    case "changeColumn":
      guard let old = second.plainText ?? Self.options(second)?.text("name"), arguments.count > 2,
        let new = column(arguments[2], engine: engine)
      else { return [] }
      return (old == new.name ? [] : [.renameColumn(table, old, to: new.name)]) + [.changeColumn(table, new)]
    case "createForeignKey", "createForeignKeys":
      return objects.compactMap { foreignKey($0, at: span) }.map { .addForeignKey(table, $0) }
    case "dropForeignKey":
      return second.literalText.map { [.dropConstraint(table, name: $0)] } ?? []
    case "createPrimaryKey": return [.setPrimaryKey(table, second.texts)]
    case "createUniqueConstraint", "createUniqueConstraints":
      return objects.compactMap(Self.options).map {
        .addUnique(table, $0.entry("columnNames")?.texts ?? [], name: $0.text("name"))
      }
    default: return []
    }
  }

  /// `schema.table`: the table alone.
  private static func tableName(_ text: String) -> TableName { TableName(NameWords.lastPart(text)) }

  /// The options of `new Table({ … })`, or those written alone.
  private static func options(_ value: Value) -> Value? {
    switch value {
    case .call(_, _, let arguments): arguments.options
    case .list: value
    case .text, .literal, .name, .type, .field, .join, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }

  private func table(_ value: Value, at span: SourceSpan, engine: EngineFamily) -> Table? {
    guard let options = Self.options(value), let name = options.text("name") else { return nil }
    var table = Table(name: Self.tableName(name), source: span)
    for item in options.entry("columns")?.items ?? [] {
      guard let column = column(item, engine: engine) else { continue }
      table.columns.append(column)
      let options = Self.options(item)
      if options?.flag("isPrimary") == true { table.primaryKey.append(column.name) }
      if options?.flag("isUnique") == true { table.uniqueKeys.append([column.name]) }
    }
    for item in options.entry("uniques")?.items ?? [] {
      if let columns = Self.options(item)?.entry("columnNames")?.texts { table.uniqueKeys.append(columns) }
    }
    table.foreignKeys = options.entry("foreignKeys")?.items.compactMap { foreignKey($0, at: span) } ?? []
    return table
  }

  private func column(_ value: Value, engine: EngineFamily) -> Column? {
    guard let options = Self.options(value), let name = options.text("name") else { return nil }
    var column = Column(
      name: name, type: TypeORMColumnType.name(of: options.text("type") ?? "varchar", options: options, engine: engine),
      isNullable: options.flag("isPrimary") == true ? false : options.flag("isNullable") ?? false)
    column.isGenerated = options.flag("isGenerated") ?? false
    column.defaultExpression = options.text("default") ?? TypeORMEntityReader.defaultText(options.entry("default"))
    return column
  }

  private func foreignKey(_ value: Value, at span: SourceSpan) -> ForeignKey? {
    guard let options = Self.options(value), let target = options.text("referencedTableName") else { return nil }
    return ForeignKey(
      name: options.text("name"), columns: options.entry("columnNames")?.texts ?? [], target: Self.tableName(target),
      targetColumns: options.entry("referencedColumnNames")?.texts ?? [],
      onDelete: options.entry("onDelete")?.referentialAction ?? .noAction, span: span)
  }
}
