/// Looks on the live server for what the source code cannot tell: one row per obstacle with its code and object.
///
/// Needs rights to read the catalog alone. An empty answer means that nothing stands in the way but what PLAN.md lists.
struct PreflightQuery {
  /// One question: which objects have an obstacle.
  private struct Question {
    let code: String
    /// The object's name as an expression.
    let object: String
    let from: String
    /// Columns that hold schema and table.
    let place: [String]
    let condition: String

    init(_ code: String, _ object: String, from: String, place: [String], where condition: String) {
      self.code = code
      self.object = object
      self.from = from
      self.place = place
      self.condition = condition
    }
  }

  let context: GroupContext

  private var text: SQLText { context.text }

  /// The query.
  var sql: String {
    let rows = context.captured.map { [$0.source.schema, $0.source.name] }
    let selects = questions.map { question in
      "SELECT \(text.literal(question.code)) AS code, \(question.object) AS object\nFROM \(question.from)\n"
        + "WHERE \(question.condition)\n  AND \(text.among(question.place, rows))"
    }
    return selects.joined(separator: "\nUNION ALL\n") + "\nORDER BY 1, 2;"
  }

  private var questions: [Question] {
    switch text.engine {
    case .postgres: postgres
    case .mysql, .mariadb: mysql
    case .sqlserver: sqlserver
    case .oracle: oracle
    }
  }

  private var postgres: [Question] {
    let tables = "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    let place = ["n.nspname", "c.relname"]
    let name = "n.nspname || '.' || c.relname"
    return [
      Question(
        "no-primary-key", name, from: tables, place: place,
        where: "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)"),
      Question(
        "not-logged", name, from: tables, place: place,
        where: "c.relpersistence <> 'p'"),
      Question("no-plain-table", name, from: tables, place: place, where: "c.relkind <> 'r'"),
      Question("row-security", name, from: tables, place: place, where: "c.relrowsecurity"),
      Question(
        "child-of-another-table", name, from: tables, place: place,
        where: "EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent))"),
      Question(
        "trigger", "\(name) || ' ' || t.tgname", from: "\(tables) JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid",
        place: place, where: "NOT t.tgisinternal AND t.tgname NOT LIKE 'cleave%'"),
      Question(
        "key-updates", "\(name) || ' ' || k.conname",
        from: "\(tables) JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid", place: place,
        where: "k.contype = 'f' AND k.confupdtype <> 'a'"),
      Question(
        "computed-column", "\(name) || '.' || a.attname",
        from: "\(tables) JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid", place: place,
        where: "a.attnum > 0 AND a.attgenerated <> ''"),
      Question(
        "large-object", "\(name) || '.' || a.attname",
        from:
          "\(tables) JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid JOIN pg_catalog.pg_type y ON y.oid = a.atttypid",
        place: place, where: "a.attnum > 0 AND NOT a.attisdropped AND y.typname IN ('oid', 'lo')"),
    ]
  }

  private var mysql: [Question] {
    let place = ["t.table_schema", "t.table_name"]
    let name = "concat(t.table_schema, '.', t.table_name"
    return [
      Question(
        "no-primary-key", "\(name))", from: "information_schema.tables t", place: place,
        where:
          "NOT EXISTS (SELECT 1 FROM information_schema.table_constraints k WHERE k.table_schema = t.table_schema"
          + " AND k.table_name = t.table_name AND k.constraint_type = 'PRIMARY KEY')"),
      Question(
        "no-transactions", "\(name), ' is ', coalesce(t.engine, 'no table'))", from: "information_schema.tables t",
        place: place, where: "coalesce(t.engine, '') <> 'InnoDB'"),
      Question(
        "partitions", "\(name))", from: "information_schema.tables t", place: place,
        where: "t.create_options LIKE '%partitioned%'"),
      Question(
        "trigger", "concat(t.event_object_schema, '.', t.event_object_table, ' ', t.trigger_name)",
        from: "information_schema.triggers t", place: ["t.event_object_schema", "t.event_object_table"],
        where: "t.trigger_name NOT LIKE 'cleave%'"),
      Question(
        "key-updates", "concat(t.constraint_schema, '.', t.table_name, ' ', t.constraint_name)",
        from: "information_schema.referential_constraints t", place: ["t.constraint_schema", "t.table_name"],
        where: "t.update_rule NOT IN ('NO ACTION', 'RESTRICT')"),
      Question(
        "computed-column", "\(name), '.', t.column_name)", from: "information_schema.columns t", place: place,
        where: "t.extra LIKE '%GENERATED%' AND t.extra NOT LIKE '%DEFAULT_GENERATED%'"),
    ]
  }

  private var sqlserver: [Question] {
    let tables = "sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id"
    let place = ["s.name", "t.name"]
    let name = "concat(s.name, '.', t.name"
    return [
      Question(
        "no-primary-key", "\(name))", from: tables, place: place,
        where: "OBJECTPROPERTY(t.object_id, 'TableHasPrimaryKey') = 0"),
      Question("memory-optimized", "\(name))", from: tables, place: place, where: "t.is_memory_optimized = 1"),
      Question("system-versioned", "\(name))", from: tables, place: place, where: "t.temporal_type <> 0"),
      Question(
        "trigger", "\(name), ' ', g.name)", from: "\(tables) JOIN sys.triggers g ON g.parent_id = t.object_id",
        place: place, where: "g.name NOT LIKE 'cleave%'"),
      Question(
        "key-updates", "\(name), ' ', k.name)",
        from: "\(tables) JOIN sys.foreign_keys k ON k.parent_object_id = t.object_id", place: place,
        where: "k.update_referential_action <> 0"),
      Question(
        "computed-column", "\(name), '.', c.name)", from: "\(tables) JOIN sys.columns c ON c.object_id = t.object_id",
        place: place, where: "c.is_computed = 1"),
    ]
  }

  private var oracle: [Question] {
    let place = ["t.owner", "t.table_name"]
    let name = "t.owner || '.' || t.table_name"
    return [
      Question(
        "no-primary-key", name, from: "all_tables t", place: place,
        where:
          "NOT EXISTS (SELECT 1 FROM all_constraints k WHERE k.owner = t.owner AND k.table_name = t.table_name AND k.constraint_type = 'P')"
      ),
      Question("not-logged", name, from: "all_tables t", place: place, where: "t.logging = 'NO'"),
      Question("temporary", name, from: "all_tables t", place: place, where: "t.temporary = 'Y'"),
      Question("index-organized", name, from: "all_tables t", place: place, where: "t.iot_type IS NOT NULL"),
      Question(
        "trigger", "\(name) || ' ' || t.trigger_name", from: "all_triggers t",
        place: ["t.table_owner", "t.table_name"],
        where: "t.trigger_name NOT LIKE 'CLEAVE%' AND t.trigger_name NOT LIKE 'cleave%'"),
      Question(
        "large-value", "\(name) || '.' || t.column_name", from: "all_tab_columns t", place: place,
        where: "t.data_type IN ('LONG', 'LONG RAW', 'BFILE', 'XMLTYPE', 'SDO_GEOMETRY')"),
      Question(
        "computed-column", "\(name) || '.' || t.column_name", from: "all_tab_cols t", place: place,
        where: "t.virtual_column = 'YES' AND t.hidden_column = 'NO'"),
    ]
  }
}
