import Migration

/// The rows of the old database, with queries of its own, in the columns there were before the first step.
struct OldRows {
  /// Rows of a table, in a form that is equal when they are.
  struct Sum: Hashable {
    let count: Int
    let sum: String
  }

  private struct Table {
    let name: String
    let sql: String
  }

  private var tables: [Table] = []

  /// No tables.
  init() {}

  /// The tables there are now, without what a rehearsal adds for itself.
  init(_ machine: RehearsalMachine) throws {
    let words = Wording(kind: machine.source.kind)
    let scope =
      words.kind == .postgres
      ? "c.table_schema NOT IN ('pg_catalog', 'information_schema', '\(ScratchBook.name)')"
      : "c.table_schema = \(words.literal(machine.databases[.source] ?? ""))"
    let rows = try machine.query(
      """
      SELECT c.table_schema, c.table_name, c.column_name FROM information_schema.columns c
      JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
      WHERE t.table_type = 'BASE TABLE' AND \(scope) ORDER BY c.table_schema, c.table_name, c.ordinal_position
      """, on: .source
    ).rows
    var columns: [PlanPlace: [String]] = [:]
    for row in rows { columns[PlanPlace(schema: row[0] ?? "", name: row[1] ?? ""), default: []].append(row[2] ?? "") }
    tables = columns.map { place, columns in
      let name = words.table(place)
      return Table(name: name, sql: Self.query(name, columns.map(words.name), words.kind))
    }
    .sorted { $0.name < $1.name }
  }

  /// What each table holds, by its quoted name.
  func sums(_ machine: RehearsalMachine) throws -> [String: Sum] {
    var sums: [String: Sum] = [:]
    for table in tables {
      let row = try machine.query(table.sql, on: .source).rows.first ?? []
      sums[table.name] = Sum(
        count: row.first.flatMap { $0 }.flatMap { Int($0) } ?? 0, sum: row.last.flatMap { $0 } ?? "")
    }
    return sums
  }

  /// Digests of rows are added up: that needs no order.
  private static func query(_ table: String, _ columns: [String], _ kind: Endpoint.Kind) -> String {
    switch kind {
    case .postgres:
      let row = "('x' || substr(md5(ROW(\(columns.joined(separator: ", ")))::text), 1, 15))::bit(60)::bigint"
      return "SELECT count(*), sum((\(row))::numeric) FROM \(table)"
    case .mariadb:
      let values = columns.map { "coalesce(hex(cast(\($0) AS binary)), 'NULL')" }.joined(separator: ", ")
      let row = "cast(conv(left(md5(concat_ws(',', \(values))), 15), 16, 10) AS unsigned)"
      return "SELECT count(*), sum(\(row)) FROM \(table)"
    }
  }
}
