/// What the catalog of a server lists.
enum CatalogView {
  /// Tables and views: schema, name.
  case tables
  /// Columns: schema, table, name.
  case columns
  /// Foreign keys: schema, table, name.
  case foreignKeys
}

extension SQLText {
  /// How many of the rows the catalog has, as a query without a semicolon; each row holds names from the schema on.
  func count(of view: CatalogView, among rows: [[String]]) -> String {
    let (source, columns, condition) = layout(view)
    let wanted = among(columns, rows)
    return "SELECT count(*) FROM \(source)\nWHERE \(condition.isEmpty ? wanted : "\(condition)\n  AND \(wanted)")"
  }

  /// Where the catalog keeps it, under which columns, and what else has to hold.
  private func layout(_ view: CatalogView) -> (source: String, columns: [String], condition: String) {
    switch (view, engine) {
    case (.tables, .oracle):
      ("all_objects", ["owner", "object_name"], "object_type IN ('TABLE', 'VIEW')")
    case (.columns, .oracle): ("all_tab_columns", ["owner", "table_name", "column_name"], "")
    case (.foreignKeys, .oracle):
      ("all_constraints", ["owner", "table_name", "constraint_name"], "constraint_type = 'R'")
    case (.tables, _): ("information_schema.tables", ["table_schema", "table_name"], "")
    case (.columns, _): ("information_schema.columns", ["table_schema", "table_name", "column_name"], "")
    case (.foreignKeys, _):
      (
        "information_schema.table_constraints", ["table_schema", "table_name", "constraint_name"],
        "constraint_type = 'FOREIGN KEY'"
      )
    }
  }

  /// Whether the columns, as written, hold one of the rows of texts; `false` without rows.
  func among(_ columns: [String], _ rows: [[String]]) -> String {
    if rows.isEmpty { return "1 = 0" }
    if engine == .sqlserver {
      // It compares no rows.
      let each = rows.map { row in
        zip(columns, row).map { "\($0) = \(literal($1))" }.joined(separator: " AND ")
      }
      return "(\(each.map { "(\($0))" }.joined(separator: "\n  OR ")))"
    }
    let tuples = rows.map { "(\($0.map { literal($0) }.joined(separator: ", ")))" }
    return "(\(columns.joined(separator: ", "))) IN (\(tuples.joined(separator: ",\n  ")))"
  }

  /// How many of the tables a role may use in a way (`INSERT`), as a query without a semicolon; SQL Server and Oracle.
  func count(ofRight right: String, to role: String, on tables: [PlacedName]) -> String {
    let rows = tables.map { [$0.schema, $0.name] }
    if engine == .oracle {
      return
        "SELECT count(*) FROM dba_tab_privs\nWHERE grantee = \(loginLiteral(role)) AND privilege = \(literal(right))"
        + "\n  AND \(among(["owner", "table_name"], rows))"
    }
    return """
      SELECT count(*) FROM sys.database_permissions p
      JOIN sys.tables t ON t.object_id = p.major_id
      JOIN sys.schemas s ON s.schema_id = t.schema_id
      WHERE p.grantee_principal_id = DATABASE_PRINCIPAL_ID(\(literal(role))) AND p.permission_name = \(literal(right))
        AND p.state IN ('G', 'W') AND \(among(["s.name", "t.name"], rows))
      """
  }
}
