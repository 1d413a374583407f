import Basics
import Facts
import SQL

/// Turns the change sets of a change log, and of those it includes, into operations in the order they run.
struct ChangeLogReplay {
  let logs: ChangeLogs
  let engine: EngineFamily?
  private let selection: ChangeSetSelection
  private(set) var operations: [PlacedOperation] = []
  /// Values of `${name}` so far; the first one set stays.
  private var properties: [String: String] = [:]
  /// Columns as they are so far: a change names only what changes.
  private var columns: [TableName: [String: Column]] = [:]
  private var active: Set<String> = []
  /// SQL run so far, in lower case: what it creates is not looked at.
  private var statements: [String] = []

  init(logs: ChangeLogs, engine: EngineFamily?, selection: ChangeSetSelection) {
    self.logs = logs
    self.engine = engine
    self.selection = selection
  }

  /// Replays a change log or an SQL file; one that includes itself is left where it is met again.
  mutating func run(_ path: String) {
    guard active.insert(path).inserted else { return }
    defer { active.remove(path) }
    if let text = logs.script(path) {
      return add(.statement(substituted(text)), at: SourceSpan(file: RepoPath(path), line: 1))
    }
    let entries = logs.entries[path] ?? []
    // A change log that is for another engine as a whole.
    if entries.contains(where: { $0.name == "preConditions" && !isMet($0, knowsTables: false) }) { return }
    for entry in entries {
      switch entry.name {
      case "property": learn(entry)
      case "include", "includeAll":
        guard selection.includes(entry) else { continue }
        for target in logs.targets(of: entry, from: path) { run(target) }
      case "changeSet": changeSet(entry, path)
      default: break
      }
    }
  }

  private mutating func learn(_ property: DocumentNode) {
    guard let name = property.value("name"), let value = property.value("value"), properties[name] == nil,
      ChangeSetEngines.hold(property.value("dbms") ?? "", for: engine)
    else { return }
    properties[name] = value
  }

  private mutating func changeSet(_ node: DocumentNode, _ path: String) {
    guard ChangeSetEngines.hold(node.value("dbms") ?? "", for: engine), selection.includes(node),
      node.value("ignore") != "true", passes(node)
    else { return }
    let listed = node.child("changes")?.children("-").flatMap { $0.children } ?? []
    for change in node.children + listed where !change.name.isEmpty {
      apply(change, path, at: SourceSpan(file: RepoPath(path), line: change.line))
    }
  }

  private mutating func add(_ operation: SchemaOperation, at span: SourceSpan) {
    if case .statement(let text) = operation { statements.append(text.lowercased()) }
    if case .dropTable(let table) = operation { columns[table] = nil }
    operations.append(PlacedOperation(operation, at: span))
  }

  // MARK: Conditions

  /// Whether a change set runs on a new database, as far as its conditions can be judged.
  ///
  /// One whose conditions fail is left out when it says so (`onFail` of `MARK_RAN` or `CONTINUE`), and when it is for
  /// another engine; where failing ends everything, the conditions are taken to hold.
  private func passes(_ changeSet: DocumentNode) -> Bool {
    guard let conditions = changeSet.child("preConditions") else { return true }
    let items = conditions.children + conditions.children("-").flatMap(\.children)
    let onFail = conditions.value("onFail") ?? items.first { $0.name == "onFail" }?.content
    switch onFail?.uppercased() {
    case "MARK_RAN", "CONTINUE": return isMet(conditions, knowsTables: true)
    case "WARN": return true
    default: return isMet(conditions, knowsTables: false)
    }
  }

  /// False when the conditions certainly do not hold. `knowsTables` lets those count that ask what there is so far.
  private func isMet(_ conditions: DocumentNode, knowsTables: Bool) -> Bool {
    let state = knowsTables ? ChangeLogState(columns: columns, statements: statements) : nil
    return ChangeSetCondition(engine: engine, state: state, substituted: substituted).verdict(on: conditions) != false
  }

  // MARK: Changes

  private mutating func apply(_ change: DocumentNode, _ path: String, at span: SourceSpan) {
    switch change.name {
    case "createTable": createTable(change, at: span)
    case "dropTable": if let table = table(change) { add(.dropTable(table), at: span) }
    case "renameTable":
      guard let old = table(change, "oldTableName"), let new = table(change, "newTableName") else { return }
      columns[new] = columns.removeValue(forKey: old)
      add(.renameTable(old, to: new), at: span)
    case "addColumn", "dropColumn", "renameColumn": changeColumns(change, at: span)
    case "modifyDataType":
      changed(change, at: span) { column, replay in column.type = replay.type(change.value("newDataType") ?? "") }
    case "addNotNullConstraint": changed(change, at: span) { column, _ in column.isNullable = false }
    case "dropNotNullConstraint": changed(change, at: span) { column, _ in column.isNullable = true }
    case "addAutoIncrement": changed(change, at: span) { column, _ in column.isGenerated = true }
    case "sql", "sqlFile", "createProcedure":
      guard ChangeSetEngines.hold(change.value("dbms") ?? "", for: engine) else { return }
      runText(change, path, at: span)
    case "createView":
      guard let view = table(change, "viewName") else { return }
      let query = change.value("selectQuery") ?? change.content
      let isWhole = change.value("fullDefinition") == "true"
      add(.statement(substituted(isWhole ? query : "CREATE VIEW \(view.text) AS \(query)")), at: span)
    case "dropView": if let view = table(change, "viewName") { add(.statement("DROP VIEW \(view.text)"), at: span) }
    default: changeKeys(change, at: span)
    }
  }

  private mutating func runText(_ change: DocumentNode, _ path: String, at span: SourceSpan) {
    switch change.name {
    case "sql": add(.statement(substituted(change.value("sql") ?? change.content)), at: span)
    case "sqlFile":
      let isRelative = change.value("relativeToChangelogFile") == "true"
      guard let file = change.value("path"), let found = logs.find(file, from: path, isRelative: isRelative),
        let text = logs.script(found)
      else { return }
      add(.statement(substituted(text)), at: SourceSpan(file: RepoPath(found), line: 1))
    default: add(.statement(substituted(change.value("procedureText") ?? change.content)), at: span)
    }
  }

  private mutating func changeKeys(_ change: DocumentNode, at span: SourceSpan) {
    let name = change.value("constraintName").map(substituted)
    switch change.name {
    case "addPrimaryKey":
      if let table = table(change) { add(.setPrimaryKey(table, names(change, "columnNames")), at: span) }
    case "dropPrimaryKey":
      if let table = table(change) { add(.dropConstraint(table, name: name ?? "primary"), at: span) }
    case "addUniqueConstraint":
      if let table = table(change) { add(.addUnique(table, names(change, "columnNames"), name: name), at: span) }
    case "dropUniqueConstraint", "dropIndex":
      let key = name ?? change.value("indexName").map(substituted)
      if let table = table(change), let key { add(.dropConstraint(table, name: key), at: span) }
    case "createIndex":
      guard change.value("unique") == "true", let table = table(change) else { return }
      let keys = change.parts("column", in: "columns").compactMap { $0.value("name").map(substituted) }
      add(.addUnique(table, keys, name: change.value("indexName").map(substituted)), at: span)
    case "addForeignKeyConstraint":
      guard let table = table(change, "baseTableName", schema: "baseTableSchemaName"),
        let target = self.table(change, "referencedTableName", schema: "referencedTableSchemaName")
      else { return }
      add(
        .addForeignKey(
          table,
          ForeignKey(
            name: name, columns: names(change, "baseColumnNames"), target: target,
            targetColumns: names(change, "referencedColumnNames"), onDelete: action(change), span: span)), at: span)
    case "dropForeignKeyConstraint":
      if let table = table(change, "baseTableName", schema: "baseTableSchemaName"), let name {
        add(.dropConstraint(table, name: name), at: span)
      }
    default: break
    }
  }

  private func action(_ change: DocumentNode) -> ReferentialAction {
    switch change.value("onDelete")?.uppercased() {
    case "CASCADE": .cascade
    case "SET NULL": .setNull
    case "SET DEFAULT": .setDefault
    case "RESTRICT": .restrict
    default: change.value("deleteCascade") == "true" ? .cascade : .noAction
    }
  }

  // MARK: Tables and columns

  private mutating func createTable(_ change: DocumentNode, at span: SourceSpan) {
    guard let name = table(change) else { return }
    var table = Table(name: name, source: span)
    for node in change.parts("column", in: "columns") {
      guard let column = column(node) else { continue }
      table.columns.append(column)
      columns[name, default: [:]][column.name.lowercased()] = column
      let rules = node.child("constraints")
      if rules?.value("primaryKey") == "true" { table.primaryKey.append(column.name) }
      if rules?.value("unique") == "true" { table.uniqueKeys.append([column.name]) }
      if let key = foreignKey(of: rules, column: column.name, at: span) { table.foreignKeys.append(key) }
    }
    add(.createTable(table, replaces: false), at: span)
  }

  private mutating func changeColumns(_ change: DocumentNode, at span: SourceSpan) {
    guard let name = table(change) else { return }
    let listed = change.parts("column", in: "columns")
    switch change.name {
    case "addColumn":
      for node in listed {
        guard let column = column(node) else { continue }
        columns[name, default: [:]][column.name.lowercased()] = column
        add(.addColumn(name, column), at: span)
        let rules = node.child("constraints")
        if rules?.value("unique") == "true" { add(.addUnique(name, [column.name], name: nil), at: span) }
        if rules?.value("primaryKey") == "true" { add(.setPrimaryKey(name, [column.name]), at: span) }
        if let key = foreignKey(of: rules, column: column.name, at: span) { add(.addForeignKey(name, key), at: span) }
      }
    case "dropColumn":
      for column in [change.value("columnName")] + listed.map({ $0.value("name") }) {
        guard let column = column.map(substituted) else { continue }
        columns[name]?[column.lowercased()] = nil
        add(.dropColumn(name, column), at: span)
      }
    default:
      guard let old = change.value("oldColumnName").map(substituted),
        let new = change.value("newColumnName").map(substituted)
      else { return }
      if var column = columns[name]?.removeValue(forKey: old.lowercased()) {
        column.name = new
        columns[name, default: [:]][new.lowercased()] = column
      }
      add(.renameColumn(name, old, to: new), at: span)
    }
  }

  private mutating func changed(
    _ change: DocumentNode, at span: SourceSpan, _ body: (inout Column, ChangeLogReplay) -> Void
  ) {
    guard let table = table(change), let name = change.value("columnName").map(substituted) else { return }
    var column = columns[table]?[name.lowercased()] ?? Column(name: name, type: "", isNullable: true)
    body(&column, self)
    columns[table, default: [:]][name.lowercased()] = column
    add(.changeColumn(table, column), at: span)
  }

  private func column(_ node: DocumentNode) -> Column? {
    guard let name = node.value("name").map(substituted) else { return nil }
    let rules = node.child("constraints")
    let isKey = rules?.value("primaryKey") == "true"
    return Column(
      name: name, type: type(node.value("type") ?? ""), isNullable: !isKey && rules?.value("nullable") != "false",
      defaultExpression: Self.defaults.lazy.compactMap { node.value($0) }.first,
      isGenerated: node.value("autoIncrement") == "true")
  }

  private static let defaults = [
    "defaultValue", "defaultValueNumeric", "defaultValueBoolean", "defaultValueDate", "defaultValueComputed",
  ]

  private func foreignKey(of rules: DocumentNode?, column: String, at span: SourceSpan) -> ForeignKey? {
    guard let rules else { return nil }
    var target = rules.value("referencedTableName").map(substituted)
    var keys = names(rules, "referencedColumnNames")
    if let text = rules.value("references").map(substituted), let open = text.firstIndex(of: "(") {
      target = text[..<open].withoutBlanks
      keys = text[text.index(after: open)...].prefix { $0 != ")" }.split(separator: ",").map(\.withoutBlanks)
    }
    guard let target, !target.isEmpty else { return nil }
    let action: ReferentialAction = rules.value("deleteCascade") == "true" ? .cascade : .noAction
    return ForeignKey(
      name: rules.value("foreignKeyName").map(substituted), columns: [column], target: TableName(target),
      targetColumns: keys, onDelete: action, span: span)
  }

  // MARK: Names

  private func table(_ node: DocumentNode, _ key: String = "tableName", schema: String = "schemaName") -> TableName? {
    guard let name = node.value(key).map(substituted) else { return nil }
    let schema = node.value(schema).map(substituted) ?? ""
    let isDefault = schema.isEmpty || ["public", "dbo", "main"].contains(schema.lowercased()) || schema.contains("${")
    return TableName(isDefault ? name : schema + "." + name)
  }

  private func names(_ node: DocumentNode, _ key: String) -> [String] {
    substituted(node.value(key) ?? "").split(separator: ",").map(\.withoutBlanks)
  }

  /// The text with `${name}` replaced by what is known of it.
  private func substituted(_ text: String) -> String {
    guard text.contains("${") else { return text }
    var result = ""
    var rest = Substring(text)
    while let open = rest.firstRange(of: "${") {
      result += rest[..<open.lowerBound]
      guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
        return result + rest[open.lowerBound...]
      }
      let name = String(rest[open.upperBound..<close])
      result += properties[name] ?? "${\(name)}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private func type(_ written: String) -> String { ChangeLogType.name(substituted(written), engine: engine) }
}

extension StringProtocol {
  /// The text without blanks around it.
  fileprivate var withoutBlanks: String {
    let isBlank = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
    return String(decoding: Array(utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()), as: UTF8.self)
  }
}

/// What Liquibase makes of the types change logs name.
enum ChangeLogType {
  private static let postgres: [String: String] = [
    "datetime": "timestamp without time zone", "blob": "bytea", "longblob": "bytea", "clob": "text", "nclob": "text",
    "longtext": "text", "double": "double precision", "tinyint": "smallint", "nvarchar": "varchar", "number": "numeric",
    "currency": "decimal", "bit": "boolean", "binary": "bytea", "varbinary": "bytea",
  ]
  private static let mysql: [String: String] = [
    "clob": "longtext", "nclob": "longtext", "blob": "longblob", "uuid": "char(36)", "number": "numeric",
    "currency": "decimal", "boolean": "tinyint(1)", "bytea": "longblob",
  ]

  /// The type in lower case, by the name it gets on the engine; as written where the engine is another or unknown.
  static func name(_ written: String, engine: EngineFamily?) -> String {
    var text = written.lowercased()
    if text.hasPrefix("java.sql.types.") { text = String(text.dropFirst("java.sql.types.".count)) }
    let base = String(text.prefix { $0 != "(" && $0 != " " })
    let table: [String: String] =
      switch engine {
      case .postgres: postgres
      case .mysql: mysql
      case .sqlite, .sqlserver, .oracle, .h2, nil: [:]
      }
    guard let known = table[base] else { return text }
    let keepsLength = known == "varchar" || known == "numeric" || known == "decimal"
    return keepsLength ? known + text.dropFirst(base.count) : known
  }
}
