import Facts

/// Drops and adds foreign keys with short locks.
struct KeyScripts {
  let text: SQLText

  /// Drops a key; the inverse adds it again, where the engine can do that without a long lock.
  ///
  /// - Parameter checksRows: whether the inverse reads the rows that are there; if not, `check` does so later.
  func drop(_ key: PlannedKey, checksRows: Bool = true) -> Script {
    let head = "\(text.comment("\(key.name), declared at \(key.span)"))\n\(text.lockTimeout(seconds: 2))"
    return Script(
      up: "\(head)\n\(dropStatement(key))", down: "\(head)\n\(restore(key, checksRows: checksRows))")
  }

  /// SQL Server and Oracle make up names for keys without one that nobody can repeat.
  private func restore(_ key: PlannedKey, checksRows: Bool) -> String {
    if key.isNamed || text.engine == .postgres {
      let add = add(key, to: key.child.source, key.parent.source)
      return checksRows ? add + (check(key).map { "\n" + $0 } ?? "") : add
    }
    return text.isMySQL
      ? restoreOnMySQL(key)
      : "ALTER TABLE \(text.table(key.child.source)) ADD \(definition(key, to: key.parent.source, action: nil));"
  }

  /// MySQL numbers keys without a name: the key gets its number back unless another one has it by now. A key with a name
  /// renames the index the engine had made for it, which was called after the first column.
  private func restoreOnMySQL(_ key: PlannedKey) -> String {
    let alter = "ALTER TABLE \(text.table(key.child.source)) "
    let rest = definition(key, to: key.parent.source, action: nil)
    let child = [key.child.source.schema, key.child.source.name]
    let taken = text.count(of: .foreignKeys, among: [child + [key.name]])
    let column = key.columns.first ?? ""
    func indexes(_ name: String) -> String {
      "SELECT count(*) FROM information_schema.statistics\nWHERE "
        + text.among(["table_schema", "table_name", "index_name"], [child + [name]])
    }
    let rename = "\(alter)RENAME INDEX \(text.name(key.name)) TO \(text.name(column))"
    return [
      "IF((\(taken)) = 0,\n  \(text.literal("\(alter)ADD CONSTRAINT \(text.name(key.name)) \(rest)")),\n  \(text.literal("\(alter)ADD \(rest)")))",
      "IF((\(indexes(key.name))) > 0 AND (\(indexes(column))) = 0,\n  \(text.literal(rename)), 'DO 0')",
    ].map(prepared).joined(separator: "\n")
  }

  /// Runs a statement that is made from what the server holds.
  private func prepared(_ expression: String) -> String {
    """
    SET @cleave_sql = \(expression);
    PREPARE cleave_statement FROM @cleave_sql;
    EXECUTE cleave_statement;
    DEALLOCATE PREPARE cleave_statement;
    """
  }

  /// `FOREIGN KEY … REFERENCES …` with its actions; a weaker delete action takes the update action away too.
  private func definition(_ key: PlannedKey, to parent: PlacedName, action: ReferentialAction?) -> String {
    let update = action == nil || action == key.onDelete ? clause("UPDATE", key.onUpdate) : ""
    return "FOREIGN KEY (\(text.columns(key.columns)))\n"
      + "  REFERENCES \(text.table(parent)) (\(text.columns(key.parentColumns)))"
      + (key.isMatchedFull && text.engine == .postgres ? " MATCH FULL" : "")
      + clause("DELETE", action ?? key.onDelete) + update + timing(key)
  }

  /// MySQL and SQL Server check keys with every statement, whatever was declared.
  private func timing(_ key: PlannedKey) -> String {
    guard text.engine == .postgres || text.engine == .oracle else { return "" }
    return switch key.timing {
    case .immediate: ""
    case .deferrable: " DEFERRABLE"
    case .deferred: " DEFERRABLE INITIALLY DEFERRED"
    }
  }

  /// Adds a key between two tables for rows to come; those that are there are read by `check`, so that writers are not
  /// held up. MySQL always reads them, unless the session leaves keys unchecked.
  func add(
    _ key: PlannedKey, to child: PlacedName, _ parent: PlacedName, action: ReferentialAction? = nil
  ) -> String {
    let (table, name) = (text.table(child), text.name(key.name))
    let constraint = "ADD CONSTRAINT \(name) \(definition(key, to: parent, action: action))"
    return switch text.engine {
    case .mysql, .mariadb: "ALTER TABLE \(table) \(constraint);"
    case .postgres: "ALTER TABLE \(table) \(constraint) NOT VALID;"
    case .sqlserver: "ALTER TABLE \(table) WITH NOCHECK \(constraint);"
    case .oracle: "ALTER TABLE \(table) \(constraint) ENABLE NOVALIDATE;"
    }
  }

  /// Reads the rows of a key of the old database that was added without; nil where adding it did, or where the engine
  /// made up its name.
  func check(_ key: PlannedKey) -> String? {
    if key.isNamed { return check(key.name, on: key.child.source) }
    guard text.engine == .postgres else { return nil }
    // A key nobody dropped still has the name the server gave it.
    let child = text.literal(text.table(key.child.source))
    let body = """
      DECLARE found name;
      BEGIN
        FOR found IN SELECT conname FROM pg_catalog.pg_constraint
          WHERE contype = 'f' AND conrelid = \(child)::regclass AND conname = \(text.literal(key.name)) AND NOT convalidated
        LOOP
          EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', \(child)::regclass, found);
        END LOOP;
      END
      """
    return "DO \(text.dollarQuoted(body));"
  }

  /// Reads the rows of a key on the given table; nil on MySQL, which has no such statement.
  func check(_ name: String, on child: PlacedName) -> String? {
    let (table, name) = (text.table(child), text.name(name))
    return switch text.engine {
    case .mysql, .mariadb: nil
    case .postgres: "ALTER TABLE \(table) VALIDATE CONSTRAINT \(name);"
    case .sqlserver: "ALTER TABLE \(table) WITH CHECK CHECK CONSTRAINT \(name);"
    case .oracle: "ALTER TABLE \(table) ENABLE VALIDATE CONSTRAINT \(name);"
    }
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

  /// What happens to children when the parent's row is deleted or its key updated.
  private func clause(_ event: String, _ action: ReferentialAction) -> String {
    // Oracle knows no update of keys.
    if event == "UPDATE", text.engine == .oracle { return "" }
    return switch action {
    case .noAction: ""
    // SQL Server and Oracle have no word for what they do anyway.
    case .restrict: text.engine == .sqlserver || text.engine == .oracle ? "" : " ON \(event) RESTRICT"
    case .cascade: " ON \(event) CASCADE"
    case .setNull: " ON \(event) SET NULL"
    case .setDefault: " ON \(event) SET DEFAULT"
    }
  }

  /// Subqueries that count which of the keys are still there.
  func remaining(_ keys: [PlannedKey]) -> [String] {
    let looksUp = text.engine == .sqlserver || text.engine == .oracle
    let named = keys.filter { $0.isNamed || !looksUp }
    let unnamed = keys.filter { !$0.isNamed && looksUp }
    let rows = named.map { [$0.child.source.schema, $0.child.source.name, $0.name] }
    return (rows.isEmpty ? [] : ["(\(text.count(of: .foreignKeys, among: rows)))"])
      + unnamed.map { "(SELECT count(*) FROM \(lookup($0)))" }
  }

  /// Keys declared without a name are looked up: the engine's convention gives way to collisions.
  private func dropStatement(_ key: PlannedKey) -> String {
    if key.isNamed { return dropNamed(key.name, on: key.child.source) }
    return switch text.engine {
    case .postgres: dropUnnamedOnPostgres(key)
    case .mysql, .mariadb: dropUnnamedOnMySQL(key)
    case .sqlserver: dropUnnamedOnSQLServer(key)
    case .oracle: dropUnnamedOnOracle(key)
    }
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

  /// The catalog's rows of a key without a name, by its tables and columns in order; `c` is the key.
  private func lookup(_ key: PlannedKey) -> String {
    let (child, parent) = (key.child.source, key.parent.source)
    let columns = text.literal(key.columns.joined(separator: ","))
    if text.engine == .oracle {
      return """
        all_constraints c JOIN all_constraints p ON p.owner = c.r_owner AND p.constraint_name = c.r_constraint_name
          WHERE c.constraint_type = 'R' AND c.owner = \(text.literal(child.schema)) AND c.table_name = \(text.literal(child.name))
            AND p.owner = \(text.literal(parent.schema)) AND p.table_name = \(text.literal(parent.name))
            AND (SELECT listagg(k.column_name, ',') WITHIN GROUP (ORDER BY k.position) FROM all_cons_columns k
              WHERE k.owner = c.owner AND k.constraint_name = c.constraint_name) = \(columns)
        """
    }
    func table(_ place: PlacedName) -> String {
      "(SELECT t.object_id FROM sys.tables t JOIN sys.schemas n ON n.schema_id = t.schema_id"
        + " WHERE n.name = \(text.literal(place.schema)) AND t.name = \(text.literal(place.name)))"
    }
    return """
      sys.foreign_keys c
        WHERE c.parent_object_id = \(table(child))
          AND c.referenced_object_id = \(table(parent))
          AND (SELECT string_agg(k.name, N',') WITHIN GROUP (ORDER BY f.constraint_column_id)
            FROM sys.foreign_key_columns f
            JOIN sys.columns k ON k.object_id = f.parent_object_id AND k.column_id = f.parent_column_id
            WHERE f.constraint_object_id = c.object_id) = \(columns)
      """
  }

  private func dropUnnamedOnSQLServer(_ key: PlannedKey) -> String {
    """
    DECLARE @cleave_sql nvarchar(max) = (SELECT CONCAT(\(text.literal("ALTER TABLE \(text.table(key.child.source)) DROP CONSTRAINT ")), QUOTENAME(c.name))
      FROM \(lookup(key)));
    IF @cleave_sql IS NULL
    BEGIN
      THROW 51000, N'the foreign key was not found', 1;
    END;
    EXEC(@cleave_sql);
    GO
    """
  }

  private func dropUnnamedOnOracle(_ key: PlannedKey) -> String {
    let drop = text.literal("ALTER TABLE \(text.table(key.child.source)) DROP CONSTRAINT \"")
    return text.block(
      declarations: "cleave_key varchar2(128);",
      """
      SELECT c.constraint_name INTO cleave_key FROM \(lookup(key));
      EXECUTE IMMEDIATE \(drop) || cleave_key || '"';
      """)
  }
}
