import Basics

/// Counts, bucket checksums and row digests of a set of tables on one side.
struct Checksums {
  /// Buckets per table: small enough to read, large enough to find a row quickly.
  static let buckets = 64

  let text: SQLText
  /// Tables with the place to read them from, and whether deleted rows stand beside live ones there.
  let tables: [(table: PlannedTable, place: PlacedName, hasTombstones: Bool)]

  private var head: String {
    text.isMySQL ? "SET NAMES utf8mb4;\nSET time_zone = '+00:00';\n" : "SET TimeZone = 'UTC';\nSET DateStyle = 'ISO';\n"
  }

  private func live(_ hasTombstones: Bool) -> String { hasTombstones ? " WHERE NOT cleave_deleted" : "" }

  /// Rows per table, one line each.
  func counts() -> String {
    head
      + tables.map { entry in
        "SELECT \(text.literal(entry.table.name.text)) AS table_name, count(*) AS n FROM \(text.table(entry.place))\(live(entry.hasTombstones));"
      }.joined(separator: "\n")
  }

  /// Per table and bucket: count and two sums of digest parts. Sums, as equal rows would cancel under exclusive or.
  func bucketSums() -> String {
    head + tables.map { bucketSum($0.table, $0.place, $0.hasTombstones) }.joined(separator: "\n")
  }

  private func digests(_ table: PlannedTable, _ place: PlacedName, _ hasTombstones: Bool) -> String {
    let row = RowText(text: text, table: table)
    if text.isMySQL {
      return """
        SELECT \(row.key()) AS key_text,
            md5(\(row.row())) AS digest
          FROM \(text.table(place))\(live(hasTombstones))
        """
    }
    return """
      SELECT \(row.key()) AS key_text,
          md5(convert_to(\(row.row()), 'UTF8')) AS digest
        FROM \(text.table(place))\(live(hasTombstones))
      """
  }

  private var bucket: String {
    text.isMySQL
      ? "conv(substr(md5(key_text), 1, 4), 16, 10) % \(Self.buckets)"
      : "('x' || substr(md5(convert_to(key_text, 'UTF8')), 1, 4))::bit(16)::int % \(Self.buckets)"
  }

  private func part(_ start: Int) -> String {
    text.isMySQL
      ? "sum(cast(conv(substr(digest, \(start), 8), 16, 10) AS unsigned))"
      : "sum(('x' || substr(digest, \(start), 8))::bit(32)::bigint)"
  }

  private func bucketSum(_ table: PlannedTable, _ place: PlacedName, _ hasTombstones: Bool) -> String {
    """
    SELECT \(text.literal(table.name.text)) AS table_name, cast(\(bucket) AS \(text.isMySQL ? "signed" : "int")) AS bucket,
      count(*) AS n, \(part(1)) AS s1, \(part(9)) AS s2
    FROM (\(digests(table, place, hasTombstones))) AS d
    GROUP BY 2 ORDER BY 2;
    """
  }

  /// Key and digest per row; set `cleave.bucket` (MySQL: `@bucket`) to look into one bucket only.
  func rows() -> String {
    let wanted =
      text.isMySQL
      ? "coalesce(@bucket, \(bucket))" : "coalesce(nullif(current_setting('cleave.bucket', true), '')::int, \(bucket))"
    return head
      + tables.map { entry in
        """
        SELECT \(text.literal(entry.table.name.text)) AS table_name, key_text, digest
        FROM (\(digests(entry.table, entry.place, entry.hasTombstones))) AS d
        WHERE \(bucket) = \(wanted)
        ORDER BY 2;
        """
      }.joined(separator: "\n")
  }
}
