import Basics

/// How changes of one table are applied: they land in a stage and are merged in batches, newest first, older ones lost.
struct ApplyChannel {
  let text: SQLText
  let table: PlannedTable
  /// Where the rows go.
  let data: PlacedName
  /// Where changes land.
  let stage: PlacedName
  /// Version and tombstone per key; nil when the data table carries them itself.
  let memory: PlacedName?
  /// The table that remembers how far every stream was applied.
  let applied: PlacedName

  /// A channel into the service's own database.
  static func forward(_ table: PlannedTable, isCopy: Bool, context: GroupContext) -> ApplyChannel {
    let names = context.names
    return ApplyChannel(
      text: context.text, table: table, data: table.target,
      stage: names.targetTable("cleave_in_\(table.target.name)"),
      memory: isCopy ? nil : names.targetTable("cleave_seen_\(table.target.name)"),
      applied: names.targetTable("cleave_applied"))
  }

  /// A channel back into the old tables.
  static func reverse(_ table: PlannedTable, context: GroupContext) -> ApplyChannel {
    let names = context.names
    return ApplyChannel(
      text: context.text, table: table, data: table.source,
      stage: names.helperTable("cleave_in_\(table.target.name)"),
      memory: names.helperTable("cleave_seen_\(table.target.name)"),
      applied: names.helperTable("cleave_applied"))
  }

  /// The table that remembers positions, written in the transaction of the rows.
  static func appliedTable(_ table: PlacedName, text: SQLText) -> Script {
    let moment = text.isMySQL ? "datetime(6)" : "timestamptz"
    return Script(
      up: """
        CREATE TABLE \(text.table(table)) (
          source varchar(255) NOT NULL PRIMARY KEY,
          position decimal(38,0) NOT NULL,
          applied_at \(moment) NOT NULL
        )\(text.isMySQL ? " ENGINE = InnoDB" : "");
        """,
      down: "DROP TABLE \(text.table(table));")
  }

  private var keys: [String] { table.key.columns }

  /// The stage, and the memory when there is one.
  func tables() -> Script {
    let engine = text.isMySQL ? " ENGINE = InnoDB" : ""
    let sequence =
      text.isMySQL
      ? "cleave_seq bigint NOT NULL AUTO_INCREMENT PRIMARY KEY"
      : "cleave_seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    let version = "cleave_version decimal(38,0) NOT NULL"
    let deleted = "cleave_deleted boolean NOT NULL DEFAULT false"
    if isBackToForeignTypes { return tablesLikeData(version, deleted, sequence) }
    let columns = table.columnNames.map {
      "\(text.name($0)) \(table.type(of: $0))\(keys.contains($0) ? " NOT NULL" : " NULL")"
    }
    var up =
      "CREATE TABLE \(text.table(stage)) (\n  \((columns + [version, deleted, sequence]).joined(separator: ",\n  "))\n)\(engine);"
    var down = "DROP TABLE \(text.table(stage));"
    if let memory {
      let keyed = keys.map { "\(text.name($0)) \(table.type(of: $0)) NOT NULL" }
      let body = (keyed + [version, deleted, "PRIMARY KEY (\(text.columns(keys)))"]).joined(separator: ",\n  ")
      up += "\nCREATE TABLE \(text.table(memory)) (\n  \(body)\n)\(engine);"
      down = "DROP TABLE \(text.table(memory));\n" + down
    }
    return Script(up: up, down: down)
  }

  /// Whether rows go back into columns of types the plan knows only by name, such as domains and enumerations.
  private var isBackToForeignTypes: Bool {
    text.engine == .postgres && data == table.source && table.columns.contains(where: \.type.isUnknown)
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

  /// Moves what has landed into the data; running it twice or with old changes in the stage changes nothing.
  func merge() -> String {
    let head =
      text.isMySQL
      // Deletes through an alias want a database to be chosen.
      ? "USE \(text.name(stage.schema));\nSTART TRANSACTION;\nSET @cleave_upto = (SELECT coalesce(max(cleave_seq), 0) FROM \(text.table(stage)));"
      : "BEGIN;\nLOCK TABLE \(text.table(stage)) IN SHARE ROW EXCLUSIVE MODE;"
    var parts = [text.comment("merges the changes of \(table.name.text); one applier at a time"), head, keepNewest()]
    parts.append(dropKnown())
    parts.append(remember())
    parts += memory == nil ? mergeCopy() : mergeOwn()
    parts.append(
      text.isMySQL
        ? "DELETE FROM \(text.table(stage)) WHERE cleave_seq <= @cleave_upto;" : "DELETE FROM \(text.table(stage));")
    parts.append("COMMIT;")
    return parts.joined(separator: "\n")
  }

  private func join(_ left: String, _ right: String) -> String { text.equal(keys, of: left, to: keys, of: right) }

  private func upto(_ alias: String) -> String { text.isMySQL ? " AND \(alias).cleave_seq <= @cleave_upto" : "" }

  private func keepNewest() -> String {
    let older =
      "(s.cleave_version < n.cleave_version OR (s.cleave_version = n.cleave_version AND s.cleave_seq < n.cleave_seq))"
    let stage = text.table(stage)
    return text.isMySQL
      ? "DELETE s FROM \(stage) s JOIN \(stage) n ON \(join("s", "n")) AND \(older)\(upto("n"));"
      : "DELETE FROM \(stage) s USING \(stage) n WHERE \(join("s", "n")) AND \(older);"
  }

  private func dropKnown() -> String {
    let known = text.table(memory ?? data)
    let stage = text.table(stage)
    return text.isMySQL
      ? "DELETE s FROM \(stage) s JOIN \(known) g ON \(join("s", "g")) WHERE g.cleave_version >= s.cleave_version\(upto("s"));"
      : "DELETE FROM \(stage) s USING \(known) g WHERE \(join("s", "g")) AND g.cleave_version >= s.cleave_version;"
  }

  private func remember() -> String {
    let source = text.literal(table.name.text)
    let rows = "FROM \(text.table(stage)) s WHERE true\(upto("s")) HAVING count(*) > 0"
    if text.isMySQL {
      return """
        INSERT INTO \(text.table(applied)) (source, position, applied_at)
        SELECT \(source), max(s.cleave_version), utc_timestamp(6) \(rows)
        ON DUPLICATE KEY UPDATE position = VALUES(position), applied_at = VALUES(applied_at);
        """
    }
    return """
      INSERT INTO \(text.table(applied)) (source, position, applied_at)
      SELECT \(source), max(s.cleave_version), now() \(rows)
      ON CONFLICT (source) DO UPDATE SET position = EXCLUDED.position, applied_at = EXCLUDED.applied_at;
      """
  }

  /// Rows with their version beside them: a delete leaves a tombstone without values.
  private func mergeCopy() -> [String] {
    upsert(into: data, columns: table.columnNames + ["cleave_version", "cleave_deleted"], condition: "", guarded: true)
  }

  /// Rows in their final shape: the memory decides, deletes are real.
  private func mergeOwn() -> [String] {
    guard let memory else { return [] }
    let stage = text.table(stage)
    let delete =
      text.isMySQL
      ? "DELETE t FROM \(text.table(data)) t JOIN \(stage) s ON \(join("t", "s")) WHERE s.cleave_deleted\(upto("s"));"
      : "DELETE FROM \(text.table(data)) t USING \(stage) s WHERE \(join("t", "s")) AND s.cleave_deleted;"
    return upsert(into: memory, columns: keys + ["cleave_version", "cleave_deleted"], condition: "", guarded: true)
      + [delete]
      + upsert(into: data, columns: table.columnNames, condition: " AND NOT s.cleave_deleted", guarded: false)
  }

  private func upsert(into target: PlacedName, columns: [String], condition: String, guarded: Bool) -> [String] {
    let plain = columns.filter { !keys.contains($0) }
    let name = text.table(target)
    let rows = "SELECT \(text.columns(columns, of: "s")) FROM \(text.table(stage)) s WHERE true\(condition)\(upto("s"))"
    if text.isMySQL {
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
    }
    let sets = plain.map { "\(text.name($0)) = EXCLUDED.\(text.name($0))" }.joined(separator: ", ")
    let older = guarded ? "\n  WHERE t.cleave_version < EXCLUDED.cleave_version" : ""
    let action = plain.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(sets)\(older)"
    // Old tables may number rows with GENERATED ALWAYS; the row keeps the number it has.
    let override = table.columns.contains(where: \.isNumbered) || table.isSurrogate ? " OVERRIDING SYSTEM VALUE" : ""
    return [
      "INSERT INTO \(name) AS t (\(text.columns(columns)))\(override)\n\(rows)\nON CONFLICT (\(text.columns(keys))) \(action);"
    ]
  }
}
