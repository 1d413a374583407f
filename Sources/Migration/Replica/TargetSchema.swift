import Basics
import Facts

/// The tables of the service's own database.
struct TargetSchema {
  let context: GroupContext

  private var text: SQLText { context.targetText }

  /// The schema, the tables that move and the read-only copies; keys but the row key come at the cutover.
  func tables() -> Script {
    let create = context.own.map { own($0.on(.target)) } + context.copies.map { replica($0.on(.target)) }
    let drop = (context.own + context.copies).reversed().map { "DROP TABLE \(text.table($0.target));" }
    return Script(
      up: ([schema] + create).joined(separator: "\n\n"),
      down: (drop + [text.dropSchema(context.names.target)]).joined(separator: "\n"))
  }

  /// Texts of other engines may hold any character and differ in case alone; MySQL's own default may take neither.
  private var schema: String {
    guard text.isMySQL, !context.text.isMySQL else { return text.createSchema(context.names.target) }
    return "CREATE DATABASE \(text.name(context.names.target)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
  }

  private func own(_ table: PlannedTable) -> String {
    // Rows the service adds are numbered as the old table numbers them.
    var lines =
      table.isSurrogate
      ? ["\(text.name(PlannedTable.surrogateColumn)) \(text.type(.bigint)) \(text.numbering)"] : []
    for column in table.columns {
      var line = "\(text.name(column.name)) \(column.type.sql)"
      let value = column.defaultValue.sql.map { " DEFAULT \($0)" } ?? ""
      // Oracle wants the default before what is said about NULL.
      if text.engine == .oracle { line += value }
      line += column.isNumbered ? " \(text.numbering)" : column.isNullable ? " NULL" : " NOT NULL"
      if text.engine != .oracle { line += value }
      lines.append(line)
    }
    lines.append("PRIMARY KEY (\(text.columns(table.key.columns)))")
    if text.isMySQL, let numbered = table.columns.first(where: \.isNumbered), table.key.columns.first != numbered.name {
      lines.append("KEY (\(text.name(numbered.name)))")
    }
    return create(table, lines, note: "\(table.name.text), declared at \(table.span)")
  }

  private func replica(_ table: PlannedTable) -> String {
    let keys = Set(table.key.columns)
    var lines = surrogate(table)
    for column in table.columns {
      lines.append("\(text.name(column.name)) \(column.type.sql)\(keys.contains(column.name) ? " NOT NULL" : " NULL")")
    }
    lines += guardColumns
    lines.append("PRIMARY KEY (\(text.columns(table.key.columns)))")
    return create(
      table, lines, note: "read-only copy of \(table.name.text): the key and the columns \(context.service) reads")
  }

  /// Version of the last change applied and whether it was a delete; deleted rows stay so that late changes lose.
  private var guardColumns: [String] {
    [
      "cleave_version \(text.type(.version)) \(text.required(default: "0"))",
      "cleave_deleted \(text.type(.flag)) \(text.required(default: text.flag(false)))",
    ]
  }

  private func surrogate(_ table: PlannedTable) -> [String] {
    table.isSurrogate ? ["\(text.name(PlannedTable.surrogateColumn)) \(text.type(.bigint)) NOT NULL"] : []
  }

  private func create(_ table: PlannedTable, _ lines: [String], note: String) -> String {
    "\(text.comment(note))\n\(text.createTable(table.target, lines))"
  }

  /// Unique keys and keys inside the group: added once the stream has drained, as changes may arrive out of order.
  func constraints() -> Script? {
    var up: [String] = []
    var down: [String] = []
    for table in context.own.map({ $0.on(.target) }) {
      for unique in table.uniqueKeys where carries(unique, of: table) {
        let name = Naming.shortened("\(table.target.name)_\(unique.joined(separator: "_"))_key")
        up.append(addUnique(name, unique, of: table))
        down.insert(dropUnique(name, unique, of: table), at: 0)
      }
    }
    let keys = KeyScripts(text: text)
    let inner = context.inner.map { $0.on(.target) }
    // Its rows were compared with rows that kept the key: to read them again would copy whole tables while writers wait.
    if text.isMySQL, !inner.isEmpty { up.append("SET SESSION foreign_key_checks = 0;") }
    for key in inner {
      up.append(keys.add(key, to: key.child.target, key.parent.target, action: action(of: key)))
      down.insert(keys.dropNamed(key.name, on: key.child.target), at: 0)
    }
    if text.isMySQL, !inner.isEmpty { up.append("SET SESSION foreign_key_checks = 1;") }
    return up.isEmpty ? nil : Script(up: up.joined(separator: "\n"), down: down.joined(separator: "\n"))
  }

  /// Whether the engine can index the columns.
  private func carries(_ unique: [String], of table: PlannedTable) -> Bool {
    text.engine == .postgres || text.isMySQL || !unique.contains { type($0, of: table)?.isUnbounded ?? false }
  }

  /// Unique keys the engine has no index for.
  var lostKeys: [String] {
    context.own.map { $0.on(.target) }.flatMap { table in
      table.uniqueKeys.filter { !carries($0, of: table) }.map { "\(table.name.text) (\($0.joined(separator: ", ")))" }
    }
  }

  private func type(_ column: String, of table: PlannedTable) -> PlannedType? {
    table.columns.first { $0.name == column }?.type
  }

  private func addUnique(_ name: String, _ unique: [String], of table: PlannedTable) -> String {
    let columns = unique.map { keyPart($0, of: table) }.joined(separator: ", ")
    let empty = nullable(unique, of: table)
    if !empty.isEmpty {
      let filled = empty.map { "\(text.name($0)) IS NOT NULL" }.joined(separator: " AND ")
      return "CREATE UNIQUE INDEX \(text.name(name)) ON \(text.table(table.target)) (\(columns)) WHERE \(filled);"
    }
    return "ALTER TABLE \(text.table(table.target)) ADD CONSTRAINT \(text.name(name)) UNIQUE (\(columns));"
  }

  /// SQL Server alone lets a unique key have one NULL: columns that may have more come from an engine that ignores them.
  private func nullable(_ unique: [String], of table: PlannedTable) -> [String] {
    guard text.engine == .sqlserver, context.text.engine != .sqlserver else { return [] }
    return unique.filter { column in table.columns.contains { $0.name == column && $0.isNullable } }
  }

  /// MySQL wants a length for keys over unbounded text.
  private func keyPart(_ column: String, of table: PlannedTable) -> String {
    let needsLength = text.isMySQL && (type(column, of: table).map { $0.maxBytes == nil || $0.isUnbounded } ?? false)
    return text.name(column) + (needsLength ? "(191)" : "")
  }

  private func dropUnique(_ name: String, _ unique: [String], of table: PlannedTable) -> String {
    if !nullable(unique, of: table).isEmpty { return "DROP INDEX \(text.name(name)) ON \(text.table(table.target));" }
    let verb = text.isMySQL ? "DROP INDEX" : "DROP CONSTRAINT"
    return "ALTER TABLE \(text.table(table.target)) \(verb) \(text.name(name));"
  }

  // MARK: Actions

  /// The action of a key inside the group, or none where the engine has not got it.
  private func action(of key: PlannedKey) -> ReferentialAction {
    weakened.contains { $0.name == key.name && $0.child.name == key.child.name } ? .noAction : key.onDelete
  }

  /// Keys that refuse deletes in the service's own database where they followed up in the old one.
  var weakened: [PlannedKey] {
    guard context.text.engine.family != text.engine.family else { return [] }
    let following = context.inner.filter { $0.onDelete == .cascade || $0.onDelete == .setNull }
    return context.inner.filter { key in
      switch key.onDelete {
      case .noAction, .restrict: return false
      case .setDefault: return text.isMySQL || text.engine == .oracle
      case .cascade, .setNull:
        // SQL Server refuses tables that deletes reach on two ways or in a circle.
        guard text.engine == .sqlserver else { return false }
        let ways = following.filter { $0.child.name == key.child.name }.count
        return ways > 1 || reaches(key.parent.name, from: key.child.name, following)
      }
    }
  }

  /// Whether deletes in `start` follow keys to `goal`.
  private func reaches(_ goal: TableName, from start: TableName, _ keys: [PlannedKey]) -> Bool {
    var seen: Set<TableName> = [start]
    var waiting = [start]
    while let table = waiting.popLast() {
      if table == goal { return true }
      for key in keys where key.parent.name == table && seen.insert(key.child.name).inserted {
        waiting.append(key.child.name)
      }
    }
    return false
  }
}
