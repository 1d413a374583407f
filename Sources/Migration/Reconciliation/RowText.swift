/// The text a row is compared by: the same on PostgreSQL, MySQL and MariaDB for the same values.
///
/// Key columns first, then per column `|` and `N` for NULL or `V` and the value; texts carry their length in bytes, so no
/// two different rows share a text.
struct RowText {
  let text: SQLText
  let table: PlannedTable

  /// The key as an expression.
  func key() -> String { concatenated(pieces(table.key.columns)) }

  /// The whole row as an expression.
  func row() -> String { concatenated(pieces(table.key.columns) + pieces(table.plainColumns)) }

  private func concatenated(_ pieces: [String]) -> String {
    text.isMySQL ? "concat(\(pieces.joined(separator: ",\n    ")))" : pieces.joined(separator: "\n    || ")
  }

  private func pieces(_ columns: [String]) -> [String] {
    columns.map { name in
      let column = text.name(name)
      let value = text.isMySQL ? mysql(column, table.kind(of: name)) : postgres(column, table.kind(of: name))
      return text.isMySQL
        ? "'|', if(\(column) IS NULL, 'N', concat('V', \(value)))"
        : "'|' || CASE WHEN \(column) IS NULL THEN 'N' ELSE 'V' || \(value) END"
    }
  }

  private func postgres(_ column: String, _ kind: ValueKind) -> String {
    switch kind {
    case .integer, .float, .uuid, .bits: "\(column)::text"
    case .decimal(let scale): scale.map { "round(\(column), \($0))::text" } ?? "trim_scale(\(column))::text"
    case .boolean: "(\(column)::int)::text"
    case .text: "octet_length(convert_to(\(column)::text, 'UTF8')) || ':' || \(column)::text"
    case .other: "octet_length(convert_to(\(column)::text, 'UTF8')) || ':' || \(column)::text"
    case .json: "octet_length(convert_to(\(column)::jsonb::text, 'UTF8')) || ':' || \(column)::jsonb::text"
    case .binary: "encode(\(column), 'hex')"
    case .date: "to_char(\(column), 'YYYY-MM-DD')"
    case .time: "to_char(\(column), 'HH24:MI:SS.US')"
    case .timestamp: "to_char(\(column), 'YYYY-MM-DD HH24:MI:SS.US')"
    case .timestampZone: "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    }
  }

  private func mysql(_ column: String, _ kind: ValueKind) -> String {
    switch kind {
    case .integer, .boolean, .float, .uuid: "cast(\(column) AS char)"
    case .decimal: "cast(\(column) AS char)"
    case .bits: "bin(\(column))"
    case .text, .json, .other:
      "length(convert(\(column) USING utf8mb4)), ':', convert(\(column) USING utf8mb4)"
    case .binary: "lower(hex(\(column)))"
    case .date: "date_format(\(column), '%Y-%m-%d')"
    case .time: "time_format(\(column), '%H:%i:%s.%f')"
    case .timestamp, .timestampZone: "date_format(\(column), '%Y-%m-%d %H:%i:%s.%f')"
    }
  }
}
