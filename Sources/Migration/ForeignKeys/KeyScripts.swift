import Facts

/// Drops and adds foreign keys with short locks.
struct KeyScripts {
  let text: SQLText

  /// Drops a key; the inverse adds it again, on PostgreSQL without a long lock.
  func drop(_ key: PlannedKey) -> Script {
    let head = "\(text.comment("\(key.name), declared at \(key.span)"))\n\(text.lockTimeout(seconds: 2))"
    return Script(up: "\(head)\n\(dropStatement(key))", down: "\(head)\n\(restore(key))")
  }

  /// MySQL numbers keys without a name and names their index after the column: a given name would change the index.
  private func restore(_ key: PlannedKey) -> String {
    guard text.isMySQL, !key.isNamed else { return add(key, to: key.child.source, key.parent.source) }
    return "ALTER TABLE \(text.table(key.child.source)) ADD FOREIGN KEY (\(text.columns(key.columns)))\n"
      + "  REFERENCES \(text.table(key.parent.source)) (\(text.columns(key.parentColumns)))\(onDelete(key.onDelete));"
  }

  /// Adds a key between two tables.
  func add(_ key: PlannedKey, to child: PlacedName, _ parent: PlacedName) -> String {
    let constraint =
      "ALTER TABLE \(text.table(child)) ADD CONSTRAINT \(text.name(key.name)) FOREIGN KEY (\(text.columns(key.columns)))\n"
      + "  REFERENCES \(text.table(parent)) (\(text.columns(key.parentColumns)))\(onDelete(key.onDelete))"
    if text.isMySQL { return constraint + ";" }
    return "\(constraint) NOT VALID;\nALTER TABLE \(text.table(child)) VALIDATE CONSTRAINT \(text.name(key.name));"
  }

  /// Drops a key by its name on the given table.
  func dropNamed(_ name: String, on child: PlacedName) -> String {
    "ALTER TABLE \(text.table(child)) DROP \(text.isMySQL ? "FOREIGN KEY" : "CONSTRAINT") \(text.name(name));"
  }

  /// A subquery that counts children without a parent.
  func orphans(_ key: PlannedKey) -> String {
    let present = key.columns.map { "\(text.column($0, of: "c")) IS NOT NULL" }.joined(separator: " AND ")
    return """
      (SELECT count(*) FROM \(text.table(key.child.source)) c WHERE \(present)
         AND NOT EXISTS (SELECT 1 FROM \(text.table(key.parent.source)) p WHERE \(text.equal(key.parentColumns, of: "p", to: key.columns, of: "c"))))
      """
  }

  private func onDelete(_ action: ReferentialAction) -> String {
    switch action {
    case .noAction: ""
    case .restrict: " ON DELETE RESTRICT"
    case .cascade: " ON DELETE CASCADE"
    case .setNull: " ON DELETE SET NULL"
    case .setDefault: " ON DELETE SET DEFAULT"
    }
  }

  /// Keys declared without a name are looked up: the engine's convention gives way to collisions.
  private func dropStatement(_ key: PlannedKey) -> String {
    if key.isNamed { return dropNamed(key.name, on: key.child.source) }
    return text.isMySQL ? dropUnnamedOnMySQL(key) : dropUnnamedOnPostgres(key)
  }

  private func dropUnnamedOnPostgres(_ key: PlannedKey) -> String {
    let child = text.literal(text.table(key.child.source))
    let columns = key.columns.map { text.literal($0) }.joined(separator: ", ")
    let body = """
      DECLARE found name;
      BEGIN
        SELECT c.conname INTO STRICT found FROM pg_catalog.pg_constraint c
        WHERE c.contype = 'f' AND c.conrelid = \(child)::regclass
          AND c.confrelid = \(text.literal(text.table(key.parent.source)))::regclass
          AND (SELECT array_agg(a.attname ORDER BY k.place)
               FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) = ARRAY[\(columns)]::name[];
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', \(child)::regclass, found);
      END
      """
    return "DO \(text.dollarQuoted(body));"
  }

  private func dropUnnamedOnMySQL(_ key: PlannedKey) -> String {
    let first = key.columns.first ?? ""
    return """
      SET @cleave_key = (SELECT constraint_name FROM information_schema.key_column_usage
        WHERE table_schema = \(text.literal(key.child.source.schema)) AND table_name = \(text.literal(key.child.source.name))
          AND referenced_table_name = \(text.literal(key.parent.source.name))
          AND column_name = \(text.literal(first)) AND ordinal_position = 1 LIMIT 1);
      SET @cleave_sql = CONCAT(\(text.literal("ALTER TABLE \(text.table(key.child.source)) DROP FOREIGN KEY ")), '`', REPLACE(@cleave_key, '`', '``'), '`');
      PREPARE cleave_statement FROM @cleave_sql;
      EXECUTE cleave_statement;
      DEALLOCATE PREPARE cleave_statement;
      """
  }
}
