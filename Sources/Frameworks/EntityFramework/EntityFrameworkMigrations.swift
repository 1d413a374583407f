import Basics
import Facts

/// Migrations and snapshots of Entity Framework as histories of the schema.
struct EntityFrameworkMigrations {
  let system: SystemIndex
  let flavor: EntityFrameworkRecognizer
  private let types: ColumnTypes
  private let engine: DotNetEngine

  init(system: SystemIndex, flavor: EntityFrameworkRecognizer) {
    self.system = system
    self.flavor = flavor
    engine = DotNetEngine.of(system)
    types = ColumnTypes(engine: engine, isCore: flavor.isCore)
  }

  /// One history for each folder of migrations, in order of path.
  func histories() -> [SchemaHistory] {
    var folders: [String: [(order: String, id: FunctionID)]] = [:]
    for type in system.types where system.files[type.file].language == .csharp {
      guard system.base(of: type, named: ["Migration", "DbMigration"]) != nil, isOwn(type.file),
        let up = system.methods(of: type).first(where: { NameWords.lastPart(system.symbols.function($0).name) == "Up" })
      else { continue }
      let file = system.files[up.file].file
      folders[file.folder, default: []].append((order(of: type, file: file), up))
    }
    let migrated = folders.sorted { $0.key < $1.key }.map { _, migrations in
      let operations = migrations.sorted { ($0.order, $0.id) < ($1.order, $1.id) }.flatMap {
        self.operations(of: $0.id)
      }
      return SchemaHistory(framework: flavor.name, origin: .migrations, engine: engine.family, operations: operations)
    }
    guard flavor.isCore else { return migrated }
    let snapshots = ModelSnapshots(system: system, types: types, engine: engine.family)
    return migrated + snapshots.histories(besides: Set(folders.keys))
  }

  private func isOwn(_ file: Int) -> Bool {
    let isOld = system.files[file].imports.contains { $0.path.hasPrefix("System.Data.Entity") }
    return isOld != flavor.isCore
  }

  /// The time in the name of the file, or in the attribute of the generated part.
  private func order(of type: TypeID, file: RepoPath) -> String {
    if let id = system.type(type).annotations.first(named: "Migration")?.text("value") { return id }
    return file.fileName
  }

  // MARK: Operations

  private func operations(of id: FunctionID) -> [PlacedOperation] {
    let function = system.symbols.function(id)
    let file = system.files[id.file].file
    var operations: [PlacedOperation] = []
    // Keys are added on the table that was created by the call in whose closure they stand.
    var created: TableName?
    var properties: [String: String] = [:]
    for placed in function.events {
      guard case .call(let call) = placed.event else { continue }
      let span = SourceSpan(file: file, line: placed.line)
      let reader = MigrationCall(call: call, system: system, file: id.file, types: types)
      if flavor.isCore {
        if call.callee == "CreateTable", let (table, names) = reader.coreTable(at: span) {
          operations.append(PlacedOperation(.createTable(table, replaces: false), at: span))
          created = table.name
          properties = names
        } else if let created, let operation = reader.constraint(on: created, properties: properties, at: span) {
          operations.append(PlacedOperation(operation, at: span))
        } else {
          operations += reader.coreOperations(at: span).map { PlacedOperation($0, at: span) }
        }
      } else if call.callee == "CreateTable", let (table, names) = reader.classicTable(at: span) {
        operations.append(PlacedOperation(.createTable(table, replaces: false), at: span))
        created = table.name
        properties = names
      } else if let created, let operation = reader.classicConstraint(on: created, properties: properties, at: span) {
        operations.append(PlacedOperation(operation, at: span))
      } else {
        operations += reader.classicOperations(at: span).map { PlacedOperation($0, at: span) }
      }
    }
    return operations
  }
}

/// One call of a migration.
struct MigrationCall {
  let call: CallFact
  let system: SystemIndex
  let file: Int
  let types: ColumnTypes

  private func text(_ name: String, _ place: Int? = nil) -> String? {
    if let value = call.arguments.entry(name) { return value.literalText }
    guard let place, place < call.arguments.positional.count else { return nil }
    return call.arguments.positional[place].literalText
  }

  private func texts(_ name: String, _ place: Int? = nil) -> [String] {
    let value =
      call.arguments.entry(name)
      ?? place.flatMap { $0 < call.arguments.positional.count ? call.arguments.positional[$0] : nil }
    switch value {
    case .list(let items)?: return items.compactMap(\.literalText)
    case let value?: return value.literalText.map { [$0] } ?? []
    case nil: return []
    }
  }

  /// A table with its schema, without that of every connection.
  private func table(_ name: String?, schema: String?) -> TableName? {
    guard let name else { return nil }
    guard let schema, !schema.isEmpty, schema != "dbo", schema != "public" else {
      return TableName(name.hasPrefix("dbo.") ? String(name.dropFirst(4)) : name)
    }
    return TableName(schema + "." + name)
  }

  private func column(_ name: String, _ arguments: [Value], _ code: String) -> Column {
    func literal(_ key: String) -> String? {
      switch arguments.entry(key) {
      case .literal(let text)?, .text(let text)?: text
      case .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
        .opaque?, nil:
        nil
      }
    }
    let type =
      literal("type")?.lowercased() ?? literal("storeType")?.lowercased()
      ?? types.column(code, length: literal("maxLength"))
    var column = Column(
      name: literal("name") ?? name, type: type, isNullable: literal("nullable") == "true",
      defaultExpression: literal("defaultValueSql"))
    column.isGenerated = literal("identity") == "true"
    return column
  }

  // MARK: Core

  /// `CreateTable(name: "a", columns: table => new { Id = table.Column<int>(…) }, constraints: …)`.
  func coreTable(at span: SourceSpan) -> (Table, [String: String])? {
    guard let name = table(text("name", 0), schema: text("schema")) else { return nil }
    var made = Table(name: name, source: span)
    var properties: [String: String] = [:]
    if case .closure(_, .list(let items))? = call.arguments.entry("columns")
      ?? call.arguments.positional.dropFirst().first
    {
      for case .member(let property, let value) in items {
        guard let column = coreColumn(property, value) else { continue }
        made.columns.append(column)
        properties[property] = column.name
      }
    }
    return (made, properties)
  }

  /// `table.Column<int>(nullable: false).Annotation("SqlServer:Identity", "1, 1")`.
  private func coreColumn(_ property: String, _ value: Value) -> Column? {
    guard case .call(let callee, let receiver, let arguments) = value else { return nil }
    if callee == "Annotation" || callee == "OldAnnotation" {
      guard let receiver, var column = coreColumn(property, receiver) else { return nil }
      let key = arguments.first?.literalText ?? ""
      if key.hasSuffix("Identity") || key.hasSuffix("ValueGenerationStrategy") || key.hasSuffix("Autoincrement") {
        column.isGenerated = true
      }
      return column
    }
    guard callee == "Column" else { return nil }
    return column(property, arguments, typeArgument(arguments))
  }

  private func typeArgument(_ arguments: [Value]) -> String {
    for case .type(let name) in arguments { return name }
    return ""
  }

  private func columns(of names: [String], _ properties: [String: String]) -> [String] {
    names.map { properties[$0] ?? $0 }
  }

  /// Calls in the closure of constraints: `table.PrimaryKey("PK", x => x.Id)`.
  func constraint(on name: TableName, properties: [String: String], at span: SourceSpan) -> SchemaOperation? {
    guard case .name? = call.receiver, call.arguments.positional.count > 1 else { return nil }
    let selected = FluentReader.names(in: Array(call.arguments.positional.dropFirst().prefix(1)))
    let columns = columns(of: selected.isEmpty ? texts("columns") : selected, properties)
    switch call.callee {
    case "PrimaryKey": return .setPrimaryKey(name, columns)
    case "UniqueConstraint": return .addUnique(name, columns, name: text("name", 0))
    case "ForeignKey":
      let own = call.arguments.entry("column").map { FluentReader.names(in: [$0]) } ?? selected
      guard let target = table(text("principalTable", 2), schema: text("principalSchema")) else { return nil }
      return .addForeignKey(
        name,
        ForeignKey(
          name: text("name", 0), columns: self.columns(of: own, properties), target: target,
          targetColumns: texts("principalColumn", 3) + texts("principalColumns"), onDelete: action, span: span))
    default: return nil
    }
  }

  private var action: ReferentialAction {
    guard case .name(let name)? = call.arguments.entry("onDelete") else { return .noAction }
    switch NameWords.lastPart(name) {
    case "Cascade": return .cascade
    case "SetNull": return .setNull
    case "Restrict": return .restrict
    default: return .noAction
    }
  }

  /// What any other call on the builder changes.
  func coreOperations(at span: SourceSpan) -> [SchemaOperation] {
    let schema = text("schema")
    guard case .name? = call.receiver else { return [] }
    switch call.callee {
    case "Sql": return text("sql", 0).map { [.statement($0)] } ?? []
    case "DropTable": return table(text("name", 0), schema: schema).map { [.dropTable($0)] } ?? []
    case "RenameTable":
      guard let old = table(text("name", 0), schema: schema) else { return [] }
      let newSchema = call.arguments.entry("newSchema").map { $0.literalText ?? "" } ?? schema
      guard let new = table(text("newName") ?? text("name", 0), schema: newSchema), new != old else { return [] }
      return [.renameTable(old, to: new)]
    case "RenameColumn":
      guard let name = text("name", 0), let target = table(text("table", 1), schema: schema),
        let new = text("newName", 2)
      else { return [] }
      return [.renameColumn(target, name, to: new)]
    case "DropColumn":
      guard let name = text("name", 0), let target = table(text("table", 1), schema: schema) else { return [] }
      return [.dropColumn(target, name)]
    case "AddColumn", "AlterColumn":
      guard let name = text("name", 0), let target = table(text("table", 1), schema: schema) else { return [] }
      let column = column(name, call.arguments, typeArgument(call.arguments))
      return [call.callee == "AddColumn" ? .addColumn(target, column) : .changeColumn(target, column)]
    case "AddPrimaryKey":
      guard let target = table(text("table", 1), schema: schema) else { return [] }
      return [.setPrimaryKey(target, texts("column", 2) + texts("columns"))]
    case "DropPrimaryKey":
      guard let target = table(text("table", 1), schema: schema) else { return [] }
      return [.setPrimaryKey(target, [])]
    case "AddUniqueConstraint":
      guard let target = table(text("table", 1), schema: schema) else { return [] }
      return [.addUnique(target, texts("column", 2) + texts("columns"), name: text("name", 0))]
    case "AddForeignKey":
      guard let target = table(text("table", 1), schema: schema),
        let other = table(text("principalTable", 3), schema: text("principalSchema"))
      else { return [] }
      return [
        .addForeignKey(
          target,
          ForeignKey(
            name: text("name", 0), columns: texts("column", 2) + texts("columns"), target: other,
            targetColumns: texts("principalColumn", 4) + texts("principalColumns"), onDelete: action, span: span))
      ]
    case "DropForeignKey", "DropUniqueConstraint":
      guard let target = table(text("table", 1), schema: schema), let name = text("name", 0) else { return [] }
      return [.dropConstraint(target, name: name)]
    case "CreateIndex":
      guard call.arguments.entry("unique") == .literal("true"), let target = table(text("table", 1), schema: schema)
      else { return [] }
      return [.addUnique(target, texts("column", 2) + texts("columns"), name: text("name", 0))]
    default: return []
    }
  }

  // MARK: Entity Framework 6

  /// `CreateTable("dbo.Orders", c => new { Id = c.Int(nullable: false, identity: true) })`.
  func classicTable(at span: SourceSpan) -> (Table, [String: String])? {
    guard call.receiver == nil || call.receiver == .name("this"), let name = table(text("name", 0), schema: nil),
      case .closure(_, .list(let items))? = call.arguments.entry("columnsAction")
        ?? call.arguments.positional.dropFirst().first
    else { return nil }
    var made = Table(name: name, source: span)
    var properties: [String: String] = [:]
    for case .member(let property, let value) in items {
      guard case .call(let callee, _, let arguments) = value else { continue }
      let column = column(property, arguments, Self.classicTypes[callee] ?? "string")
      made.columns.append(column)
      properties[property] = column.name
    }
    return (made, properties)
  }

  private static let classicTypes = [
    "Int": "int", "Long": "long", "Short": "short", "Byte": "byte", "Boolean": "bool", "Decimal": "decimal",
    "Double": "double", "Single": "float", "Guid": "Guid", "DateTime": "DateTime", "DateTimeOffset": "DateTimeOffset",
    "Time": "TimeSpan", "Binary": "bytes", "String": "string",
  ]

  /// Calls chained to `CreateTable`: `.PrimaryKey(t => t.Id).ForeignKey("dbo.Customers", t => t.CustomerId)`.
  func classicConstraint(on name: TableName, properties: [String: String], at span: SourceSpan) -> SchemaOperation? {
    guard case .call? = call.receiver else { return nil }
    let own = columns(of: FluentReader.names(in: call.arguments.filter { $0.literalText == nil }), properties)
    switch call.callee {
    case "PrimaryKey": return .setPrimaryKey(name, own)
    case "ForeignKey":
      guard let target = table(text("principalTable", 0), schema: nil) else { return nil }
      let cascades = call.arguments.entry("cascadeDelete") == .literal("true")
      return .addForeignKey(
        name,
        ForeignKey(
          name: nil, columns: own, target: target, targetColumns: [], onDelete: cascades ? .cascade : .noAction,
          span: span))
    default: return nil
    }
  }

  /// What any other call of the migration changes.
  func classicOperations(at span: SourceSpan) -> [SchemaOperation] {
    guard call.receiver == nil || call.receiver == .name("this") else { return [] }
    let target = table(text("table", 0), schema: nil)
    switch call.callee {
    case "Sql": return text("sql", 0).map { [.statement($0)] } ?? []
    case "DropTable": return table(text("name", 0), schema: nil).map { [.dropTable($0)] } ?? []
    case "RenameTable":
      guard let old = table(text("name", 0), schema: nil), let new = text("newName", 1) else { return [] }
      let schema = old.text.split(separator: ".").dropLast().joined(separator: ".")
      return [.renameTable(old, to: TableName(schema.isEmpty ? new : schema + "." + new))]
    case "RenameColumn":
      guard let target, let name = text("name", 1), let new = text("newName", 2) else { return [] }
      return [.renameColumn(target, name, to: new)]
    case "DropColumn":
      guard let target, let name = text("name", 1) else { return [] }
      return [.dropColumn(target, name)]
    case "AddColumn", "AlterColumn":
      guard let target, let name = text("name", 1),
        case .closure(_, .call(let callee, _, let arguments))? = call.arguments.entry("columnAction")
          ?? call.arguments.positional.dropFirst(2).first
      else { return [] }
      let column = column(name, arguments, Self.classicTypes[callee] ?? "string")
      return [call.callee == "AddColumn" ? .addColumn(target, column) : .changeColumn(target, column)]
    case "AddPrimaryKey":
      guard let target else { return [] }
      return [.setPrimaryKey(target, texts("column", 1) + texts("columns"))]
    case "DropPrimaryKey": return target.map { [.setPrimaryKey($0, [])] } ?? []
    case "AddForeignKey":
      guard let own = table(text("dependentTable", 0), schema: nil),
        let other = table(text("principalTable", 2), schema: nil)
      else { return [] }
      return [
        .addForeignKey(
          own,
          ForeignKey(
            name: nil, columns: texts("dependentColumn", 1) + texts("dependentColumns"), target: other,
            targetColumns: texts("principalColumn", 3), onDelete: .noAction, span: span))
      ]
    default: return []
    }
  }
}
