import Basics

/// What a live server has counted about its tables: numbers only, no value of any row.
package struct SourceStatistics: Hashable, Sendable {
  /// A column.
  package struct ColumnNumbers: Hashable, Sendable {
    /// Share of NULL, 0…1.
    package var nullFraction: Double
    /// Bytes of a value, on average; 0 when nobody measured.
    package var width: Int

    /// Numbers of a column.
    package init(nullFraction: Double, width: Int) {
      self.nullFraction = nullFraction
      self.width = width
    }
  }

  /// A table.
  package struct TableNumbers: Hashable, Sendable {
    /// Rows, roughly; nil when nobody counted yet.
    package var rows: Int?
    /// Bytes of the rows, without indexes.
    package var bytes: Int?
    /// By lower-case name.
    package var columns: [String: ColumnNumbers]

    /// Numbers of a table.
    package init(rows: Int?, bytes: Int? = nil, columns: [String: ColumnNumbers] = [:]) {
      self.rows = rows
      self.bytes = bytes
      self.columns = columns
    }
  }

  /// Tables under the names `SourceNames` gives them.
  private(set) var tables: [TableName: TableNumbers] = [:]

  init() {}

  /// Reads what the server has counted.
  init(_ session: SourceSession) throws(MachineError) {
    switch session.address.kind {
    case .postgres:
      for row in try session.rows(Self.postgresTables) {
        tables[SourceNames.postgres(row)] = TableNumbers(rows: Self.number(row[2]), bytes: Self.number(row[3]))
      }
      for row in try session.rows(Self.postgresColumns) { add(row, to: SourceNames.postgres(row), at: 2) }
    case .mariadb:
      for row in try session.rows(Self.mariadbTables) {
        tables[TableName(row[0] ?? "")] = TableNumbers(rows: Self.number(row[1]), bytes: Self.number(row[2]))
      }
      // Kept only where somebody ran ANALYZE … PERSISTENT, and readable only with a grant: without it there is less to go by.
      for row in (try? session.rows(Self.mariadbColumns)) ?? [] { add(row, to: TableName(row[0] ?? ""), at: 1) }
    }
  }

  private mutating func add(_ row: [String?], to table: TableName, at place: Int) {
    guard let name = row[place], let fraction = row[place + 1].flatMap(Double.init) else { return }
    let width = row[place + 2].flatMap(Double.init) ?? 0
    tables[table]?.columns[name.lowercased()] = ColumnNumbers(
      nullFraction: min(1, max(0, fraction)), width: max(0, Int(width)))
  }

  private static func number(_ text: String?) -> Int? { text.flatMap(Double.init).map { Int(max(0, $0)) } }

  /// Counted by vacuum and analyze, or else by the statistics of the running server; partitions belong to their table.
  private static let postgresTables = """
    WITH RECURSIVE part AS (
      SELECT oid AS root, oid AS leaf FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p')
      UNION ALL
      SELECT p.root, i.inhrelid FROM part p JOIN pg_catalog.pg_inherits i ON i.inhparent = p.leaf)
    SELECT n.nspname, c.relname,
        sum(CASE WHEN l.reltuples > 0 THEN l.reltuples
          WHEN l.reltuples < 0 AND pg_stat_get_live_tuples(l.oid) = 0 THEN NULL
          ELSE pg_stat_get_live_tuples(l.oid) END),
        sum((l.relpages + coalesce(t.relpages, 0))::numeric * current_setting('block_size')::int)
      FROM part JOIN pg_catalog.pg_class c ON c.oid = root JOIN pg_catalog.pg_class l ON l.oid = leaf
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_class t ON t.oid = l.reltoastrelid
      WHERE l.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname
    """

  /// The columns with values of rows (`most_common_vals`, `histogram_bounds`) are not asked for.
  private static let postgresColumns = """
    SELECT schemaname, tablename, attname, null_frac, avg_width FROM pg_catalog.pg_stats
      WHERE schemaname NOT LIKE 'pg\\_%' AND schemaname <> 'information_schema' ORDER BY inherited
    """

  private static let mariadbTables = """
    SELECT table_name, table_rows, data_length FROM information_schema.tables
      WHERE table_schema = database() AND table_type = 'BASE TABLE' ORDER BY table_name
    """

  private static let mariadbColumns = """
    SELECT table_name, column_name, nulls_ratio, avg_length FROM mysql.column_stats WHERE db_name = database()
    """
}

/// Names of the live database as the schema files would write them.
enum SourceNames {
  /// `schema` and `name` at the start of a row; what is in `public` goes without it.
  static func postgres(_ row: [String?]) -> TableName { name("\(row[0] ?? "").\(row[1] ?? "")") }

  /// A qualified name, without the schema everybody leaves out.
  static func name(_ text: String) -> TableName {
    TableName(text.lowercased().hasPrefix("public.") ? String(text.dropFirst("public.".count)) : text)
  }
}
