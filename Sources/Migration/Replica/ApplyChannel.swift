import Basics

/// How changes of one table are applied: they land in a stage and are merged in batches, newest first, older ones lost.
struct ApplyChannel {
  let text: SQLText
  /// The table with the names and types of the side that is written.
  let table: PlannedTable
  /// Where the rows go.
  let data: PlacedName
  /// Where changes land.
  let stage: PlacedName
  /// Version and tombstone per key; nil when the data table carries them itself.
  let memory: PlacedName?
  /// The table that remembers how far every stream was applied.
  let applied: PlacedName
  /// Whether the rows have columns the engine numbers.
  let isNumbered: Bool

  /// A channel into the service's own database.
  static func forward(_ table: PlannedTable, isCopy: Bool, context: GroupContext) -> ApplyChannel {
    let names = context.names
    return ApplyChannel(
      text: context.targetText, table: table.on(.target), data: table.target,
      stage: names.targetTable("cleave_in_\(table.target.name)"),
      memory: isCopy ? nil : names.targetTable("cleave_seen_\(table.target.name)"),
      applied: names.targetTable("cleave_applied"), isNumbered: !isCopy && table.isNumbered)
  }

  /// A channel back into the old tables.
  static func reverse(_ table: PlannedTable, context: GroupContext) -> ApplyChannel {
    let names = context.names
    return ApplyChannel(
      text: context.text, table: table.on(.source), data: table.source,
      stage: names.helperTable("cleave_in_\(table.target.name)"),
      memory: names.helperTable("cleave_seen_\(table.target.name)"),
      applied: names.helperTable("cleave_applied"),
      isNumbered: table.isNumbered)
  }

  /// The table that remembers positions, written in the transaction of the rows.
  static func appliedTable(_ table: PlacedName, text: SQLText) -> Script {
    Script(
      up: text.createTable(
        table,
        [
          "source \(text.type(.text(255))) NOT NULL PRIMARY KEY", "position \(text.type(.version)) NOT NULL",
          "applied_at \(text.type(.moment)) NOT NULL",
        ]),
      down: "DROP TABLE \(text.table(table));")
  }

  private var keys: [String] { table.key.columns }

  /// The stage, and the memory when there is one.
  func tables() -> Script {
    let version = "cleave_version \(text.type(.version)) NOT NULL"
    let deleted = "cleave_deleted \(text.type(.flag)) \(text.required(default: text.flag(false)))"
    if isBackToForeignTypes { return tablesLikeData(version, deleted, text.numberedKey("cleave_seq")) }
    let columns = table.columnNames.map {
      "\(text.name($0)) \(type($0))\(keys.contains($0) ? " NOT NULL" : " NULL")"
    }
    var up = text.createTable(stage, columns + [version, deleted, text.numberedKey("cleave_seq")])
    var down = "DROP TABLE \(text.table(stage));"
    if let memory {
      let keyed = keys.map { "\(text.name($0)) \(type($0)) NOT NULL" }
      up += "\n" + text.createTable(memory, keyed + [version, deleted, "PRIMARY KEY (\(text.columns(keys)))"])
      down = "DROP TABLE \(text.table(memory));\n" + down
    }
    return Script(up: up, down: down)
  }

  /// Whether rows go back into columns of types the plan knows only by name, such as domains and enumerations.
  private var isBackToForeignTypes: Bool {
    text.engine == .postgres && data == table.source && table.columns.contains { $0.type.isUnknown || $0.type.isNamed }
  }

  /// Stage and memory with the very types of the table: PostgreSQL casts no text to a domain or an enumeration by itself.
  private func tablesLikeData(_ version: String, _ deleted: String, _ sequence: String) -> Script {
    func like(_ name: PlacedName, _ columns: [String], _ more: [String]) -> String {
      let added = (keys.map { "ALTER COLUMN \(text.name($0)) SET NOT NULL" } + more).joined(separator: ",\n  ")
      return """
        CREATE TABLE \(text.table(name)) AS SELECT \(text.columns(columns)) FROM \(text.table(data)) WITH NO DATA;
        ALTER TABLE \(text.table(name))
          \(added);
        """
    }
    var up = like(stage, table.columnNames, [version, deleted, sequence].map { "ADD COLUMN \($0)" })
    var down = "DROP TABLE \(text.table(stage));"
    if let memory {
      up +=
        "\n"
        + like(
          memory, keys,
          [version, deleted].map { "ADD COLUMN \($0)" } + ["ADD PRIMARY KEY (\(text.columns(keys)))"])
      down = "DROP TABLE \(text.table(memory));\n" + down
    }
    return Script(up: up, down: down)
  }

  private func type(_ column: String) -> String {
    column == PlannedTable.surrogateColumn && table.isSurrogate ? text.type(.bigint) : table.type(of: column)
  }

  /// Moves what has landed into the data; running it twice or with old changes in the stage changes nothing.
  func merge() -> String {
    var parts = [text.comment("merges the changes of \(table.name.text); one applier at a time"), head, keepNewest()]
    parts.append(dropKnown())
    parts.append(remember())
    parts += memory == nil ? mergeCopy() : mergeOwn()
    let stage = text.table(stage)
    parts.append(
      text.isMySQL ? "DELETE FROM \(stage) WHERE cleave_seq <= @cleave_upto;" : "DELETE FROM \(stage);")
    parts.append(text.commit)
    return parts.joined(separator: "\n")
  }

  /// Begins and keeps changes that arrive meanwhile out of the stage, or out of sight.
  private var head: String {
    let stage = text.table(stage)
    switch text.engine {
    case .postgres: return "BEGIN;\nLOCK TABLE \(stage) IN SHARE ROW EXCLUSIVE MODE;"
    case .mysql, .mariadb:
      // Deletes through an alias want a database to be chosen.
      return "USE \(text.name(self.stage.schema));\nSTART TRANSACTION;\n"
        + "SET @cleave_upto = (SELECT coalesce(max(cleave_seq), 0) FROM \(stage));"
    case .sqlserver:
      return "\(text.begin)\nDECLARE @cleave_waiting bigint ="
        + " (SELECT count_big(*) FROM \(stage) WITH (TABLOCKX, HOLDLOCK));"
    case .oracle: return "LOCK TABLE \(stage) IN EXCLUSIVE MODE;"
    }
  }

  private func join(_ left: String, _ right: String) -> String { text.equal(keys, of: left, to: keys, of: right) }

  private func upto(_ alias: String) -> String { text.isMySQL ? " AND \(alias).cleave_seq <= @cleave_upto" : "" }

  /// Deletes rows of a table that have a partner in another one; `s` and `partner` are their names in the condition.
  private func delete(
    _ alias: String, of target: PlacedName, with other: PlacedName, _ partner: String, where condition: String
  ) -> String {
    let (target, other) = (text.table(target), text.table(other))
    let match = join(alias, partner)
    switch text.engine {
    case .postgres: return "DELETE FROM \(target) \(alias) USING \(other) \(partner) WHERE \(match) AND \(condition);"
    case .mysql, .mariadb, .sqlserver:
      return "DELETE \(alias) FROM \(target) \(alias) JOIN \(other) \(partner) ON \(match) WHERE \(condition);"
    case .oracle:
      return
        "DELETE FROM \(target) \(alias) WHERE EXISTS (SELECT 1 FROM \(other) \(partner) WHERE \(match) AND \(condition));"
    }
  }

  private func keepNewest() -> String {
    let older =
      "(s.cleave_version < n.cleave_version OR (s.cleave_version = n.cleave_version AND s.cleave_seq < n.cleave_seq))"
    return delete("s", of: stage, with: stage, "n", where: older + upto("n"))
  }

  private func dropKnown() -> String {
    delete("s", of: stage, with: memory ?? data, "g", where: "g.cleave_version >= s.cleave_version\(upto("s"))")
  }

  private func remember() -> String {
    let source = text.literal(table.name.text)
    let applied = text.table(applied)
    let stage = text.table(stage)
    let rows = "FROM \(stage) s WHERE \(text.always)\(upto("s")) HAVING count(*) > 0"
    switch text.engine {
    case .mysql, .mariadb:
      return """
        INSERT INTO \(applied) (source, position, applied_at)
        SELECT \(source), max(s.cleave_version), \(text.now) \(rows)
        ON DUPLICATE KEY UPDATE position = VALUES(position), applied_at = VALUES(applied_at);
        """
    case .postgres:
      return """
        INSERT INTO \(applied) (source, position, applied_at)
        SELECT \(source), max(s.cleave_version), \(text.now) \(rows)
        ON CONFLICT (source) DO UPDATE SET position = EXCLUDED.position, applied_at = EXCLUDED.applied_at;
        """
    case .sqlserver:
      return """
        MERGE INTO \(applied) WITH (HOLDLOCK) AS t
        USING (SELECT \(source), max(s.cleave_version), \(text.now) \(rows)) AS n (source, position, applied_at)
        ON t.source = n.source
        WHEN MATCHED THEN UPDATE SET position = n.position, applied_at = n.applied_at
        WHEN NOT MATCHED THEN INSERT (source, position, applied_at) VALUES (n.source, n.position, n.applied_at);
        """
    case .oracle:
      return """
        MERGE INTO \(applied) t
        USING (SELECT \(source) AS source, max(s.cleave_version) AS position, \(text.now) AS applied_at \(rows)) n
        ON (t.source = n.source)
        WHEN MATCHED THEN UPDATE SET t.position = n.position, t.applied_at = n.applied_at
        WHEN NOT MATCHED THEN INSERT (source, position, applied_at) VALUES (n.source, n.position, n.applied_at);
        """
    }
  }

  /// Rows with their version beside them: a delete leaves a tombstone without values.
  private func mergeCopy() -> [String] {
    upsert(into: data, columns: table.columnNames + ["cleave_version", "cleave_deleted"], condition: "", guarded: true)
  }

  /// Rows in their final shape: the memory decides, deletes are real.
  private func mergeOwn() -> [String] {
    guard let memory else { return [] }
    let gone = delete("t", of: data, with: stage, "s", where: text.holds("s.cleave_deleted") + upto("s"))
    var rows = upsert(
      into: data, columns: table.columnNames, condition: " AND \(text.fails("s.cleave_deleted"))", guarded: false)
    if text.engine == .sqlserver, isNumbered {
      let name = text.table(data)
      rows = ["SET IDENTITY_INSERT \(name) ON;"] + rows + ["SET IDENTITY_INSERT \(name) OFF;"]
    }
    return upsert(into: memory, columns: keys + ["cleave_version", "cleave_deleted"], condition: "", guarded: true)
      + [gone] + rows
  }

  private func upsert(into target: PlacedName, columns: [String], condition: String, guarded: Bool) -> [String] {
    let plain = columns.filter { !keys.contains($0) }
    let name = text.table(target)
    let rows =
      "SELECT \(text.columns(columns, of: "s")) FROM \(text.table(stage)) s WHERE \(text.always)\(condition)\(upto("s"))"
    switch text.engine {
    case .mysql, .mariadb:
      // Not ON DUPLICATE KEY: it would also hit rows that only share another unique key.
      var statements: [String] = []
      if !plain.isEmpty {
        let sets = plain.map { "\(text.column($0, of: "t")) = \(text.column($0, of: "s"))" }.joined(separator: ", ")
        let older = guarded ? " AND t.cleave_version < s.cleave_version" : ""
        statements.append(
          "UPDATE \(name) t JOIN \(text.table(stage)) s ON \(join("t", "s")) SET \(sets) WHERE true\(condition)\(older)\(upto("s"));"
        )
      }
      statements.append(
        "INSERT INTO \(name) (\(text.columns(columns)))\n\(rows)\n  AND NOT EXISTS (SELECT 1 FROM \(name) t WHERE \(join("t", "s")));"
      )
      return statements
    case .postgres:
      let sets = plain.map { "\(text.name($0)) = EXCLUDED.\(text.name($0))" }.joined(separator: ", ")
      let older = guarded ? "\n  WHERE t.cleave_version < EXCLUDED.cleave_version" : ""
      let action = plain.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(sets)\(older)"
      // Old tables may number rows with GENERATED ALWAYS; the row keeps the number it has.
      let override = table.columns.contains(where: \.isNumbered) || table.isSurrogate ? " OVERRIDING SYSTEM VALUE" : ""
      return [
        "INSERT INTO \(name) AS t (\(text.columns(columns)))\(override)\n\(rows)\nON CONFLICT (\(text.columns(keys))) \(action);"
      ]
    case .sqlserver, .oracle:
      let numbered = Set(table.columns.filter(\.isNumbered).map(\.name))
      return [
        text.merge(
          into: target, keys: keys, columns: columns, from: "(\(rows))", version: guarded ? "cleave_version" : nil,
          fixed: target == data && isNumbered ? numbered : [])
      ]
    }
  }
}
