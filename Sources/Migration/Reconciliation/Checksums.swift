import Basics

/// Counts, bucket checksums and row digests of a set of tables on one side.
struct Checksums {
  /// Buckets per table: small enough to read, large enough to find a row quickly.
  static let buckets = 64

  let text: SQLText
  /// The engine on the other side.
  let peer: PlanEngine
  /// Tables as this side writes them, with the place to read them from, and whether deleted rows stand beside live ones
  /// there.
  let tables: [(table: PlannedTable, place: PlacedName, hasTombstones: Bool)]

  private var head: String {
    switch text.engine {
    case .postgres: "SET TimeZone = 'UTC';\nSET DateStyle = 'ISO';\n"
    case .mysql, .mariadb: "SET NAMES utf8mb4;\nSET time_zone = '+00:00';\n"
    case .sqlserver: "SET NOCOUNT ON;\n"
    case .oracle:
      """
      -- long values are hashed by DBMS_CRYPTO: the login needs the right to execute it; the character set is AL32UTF8
      ALTER SESSION SET TIME_ZONE = 'UTC';
      ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';

      """
    }
  }

  private func live(_ hasTombstones: Bool) -> String {
    hasTombstones ? " WHERE \(text.fails("cleave_deleted"))" : ""
  }

  /// Columns of a result; sqlplus pads them, so on Oracle they are one text.
  private func output(_ columns: [(value: String, name: String)]) -> String {
    if text.engine == .oracle { return columns.map(\.value).joined(separator: " || '|' || ") }
    return columns.map { $0.name == $0.value ? $0.value : "\($0.value) AS \($0.name)" }.joined(separator: ", ")
  }

  /// Rows per table, one line each.
  func counts() -> String {
    head
      + tables.map { entry in
        let columns = output([(text.literal(entry.table.name.text), "table_name"), ("count(*)", "n")])
        return "SELECT \(columns) FROM \(text.table(entry.place))\(live(entry.hasTombstones));"
      }.joined(separator: "\n")
  }

  /// Per table and bucket: count and two sums of digest parts. Sums, as equal rows would cancel under exclusive or.
  func bucketSums() -> String {
    head + tables.map { bucketSum($0.table, $0.place, $0.hasTombstones) }.joined(separator: "\n")
  }

  private func digests(_ table: PlannedTable, _ place: PlacedName, _ hasTombstones: Bool) -> String {
    let row = RowText(text: text, table: table, peer: peer)
    let digest =
      switch text.engine {
      case .postgres: "md5(convert_to(\(row.row()), 'UTF8'))"
      case .mysql, .mariadb: "md5(\(row.row()))"
      case .sqlserver: "lower(convert(char(32), hashbytes('MD5', convert(varbinary(max), \(row.row()))), 2))"
      case .oracle: "lower(rawtohex(standard_hash(\(row.row()), 'MD5')))"
      }
    return """
      SELECT \(row.key()) AS key_text,
          \(digest) AS digest
        FROM \(text.table(place))\(live(hasTombstones))
      """
  }

  private var bucket: String {
    switch text.engine {
    case .postgres: "('x' || substr(md5(convert_to(key_text, 'UTF8')), 1, 4))::bit(16)::int % \(Self.buckets)"
    case .mysql, .mariadb: "conv(substr(md5(key_text), 1, 4), 16, 10) % \(Self.buckets)"
    case .sqlserver:
      "convert(int, substring(hashbytes('MD5', convert(varbinary(max), key_text)), 1, 2)) % \(Self.buckets)"
    case .oracle:
      "mod(to_number(substr(rawtohex(standard_hash(key_text, 'MD5')), 1, 4), 'XXXX'), \(Self.buckets))"
    }
  }

  /// Eight hexadecimal digits of the digest as a number, summed.
  private func part(_ start: Int) -> String {
    switch text.engine {
    case .postgres: "sum(('x' || substr(digest, \(start), 8))::bit(32)::bigint)"
    case .mysql, .mariadb: "sum(cast(conv(substr(digest, \(start), 8), 16, 10) AS unsigned))"
    case .sqlserver: "sum(convert(bigint, convert(varbinary(4), substring(digest, \(start), 8), 2)))"
    case .oracle: "sum(to_number(substr(digest, \(start), 8), 'XXXXXXXX'))"
    }
  }

  private func bucketSum(_ table: PlannedTable, _ place: PlacedName, _ hasTombstones: Bool) -> String {
    let name = text.literal(table.name.text)
    let rows = digests(table, place, hasTombstones)
    if text.engine == .sqlserver || text.engine == .oracle {
      let columns = output([
        (name, "table_name"), ("bucket", "bucket"), ("count(*)", "n"), (part(1), "s1"), (part(9), "s2"),
      ])
      return """
        SELECT \(columns)
        FROM (SELECT \(bucket) AS bucket, digest FROM (\(rows)) d) e
        GROUP BY bucket ORDER BY bucket;
        """
    }
    return """
      SELECT \(name) AS table_name, cast(\(bucket) AS \(text.isMySQL ? "signed" : "int")) AS bucket,
        count(*) AS n, \(part(1)) AS s1, \(part(9)) AS s2
      FROM (\(rows)) AS d
      GROUP BY 2 ORDER BY 2;
      """
  }

  /// The bucket a session wants to look into, or the row's own when it wants none.
  private var wantedBucket: String {
    switch text.engine {
    case .postgres: "coalesce(nullif(current_setting('cleave.bucket', true), '')::int, \(bucket))"
    case .mysql, .mariadb: "coalesce(@bucket, \(bucket))"
    case .sqlserver: "coalesce(convert(int, session_context(N'cleave.bucket')), \(bucket))"
    case .oracle: "coalesce(to_number(sys_context('CLIENTCONTEXT', 'cleave_bucket')), \(bucket))"
    }
  }

  /// Key and digest per row; set `cleave.bucket` (MySQL: `@bucket`, SQL Server and Oracle: the session's context) to look
  /// into one bucket only.
  func rows() -> String {
    head
      + tables.map { entry in
        let columns = output([
          (text.literal(entry.table.name.text), "table_name"), ("key_text", "key_text"), ("digest", "digest"),
        ])
        // Engines sort texts differently; digests are plain.
        let order = text.engine == peer ? "2" : "digest"
        return """
          SELECT \(columns)
          FROM (\(digests(entry.table, entry.place, entry.hasTombstones)))\(text.engine == .oracle ? "" : " AS") d
          WHERE \(bucket) = \(wantedBucket)
          ORDER BY \(text.engine == .oracle ? "digest" : order);
          """
      }.joined(separator: "\n")
  }
}
