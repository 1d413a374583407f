/// The text a row is compared by: the same on every engine for the same values.
///
/// Key columns first, then per column `|` and `N` for NULL or `V` and the value; texts carry their length in bytes, so no
/// two different rows share a text. Where Oracle is one of the two, whose texts end at 4000 bytes, long values are
/// replaced by their MD5. Values the two engines print differently count as there or not there.
struct RowText {
  /// Longer values are hashed when Oracle takes part.
  static let longestPlainValue = 400

  let text: SQLText
  /// The table with the names and types of the side the text is made on.
  let table: PlannedTable
  /// The engine on the other side.
  let peer: PlanEngine

  private var engine: PlanEngine { text.engine }

  /// The key as an expression.
  func key() -> String { concatenated(pieces(table.key.columns)) }

  /// The whole row as an expression.
  func row() -> String { concatenated(pieces(table.key.columns) + pieces(table.plainColumns)) }

  private func concatenated(_ pieces: [String]) -> String {
    switch engine {
    case .postgres, .oracle: pieces.joined(separator: "\n    || ")
    case .mysql, .mariadb: "concat(\(pieces.joined(separator: ",\n    ")))"
    // The first operand says how long the whole may become and in which code page it is.
    case .sqlserver: "\(Self.utf8("N''"))\n    + \(pieces.joined(separator: "\n    + "))"
    }
  }

  private func pieces(_ columns: [String]) -> [String] {
    columns.map { name in
      let column = text.name(name)
      let kind = table.kind(of: name)
      let isNull = isNull(column, kind)
      if !table.isComparable(name) { return presence(isNull) }
      let value = isHashed(name, kind) ? hashed(column, kind) : value(column, kind)
      return switch engine {
      case .postgres, .oracle: "'|' || CASE WHEN \(isNull) THEN 'N' ELSE 'V' || \(value) END"
      case .mysql, .mariadb: "'|', if(\(isNull), 'N', concat('V', \(value)))"
      case .sqlserver: "'|' + CASE WHEN \(isNull) THEN 'N' ELSE 'V' + \(value) END"
      }
    }
  }

  private func presence(_ isNull: String) -> String {
    switch engine {
    case .postgres, .oracle: "'|' || CASE WHEN \(isNull) THEN 'N' ELSE 'V' END"
    case .mysql, .mariadb: "'|', if(\(isNull), 'N', 'V')"
    case .sqlserver: "'|' + CASE WHEN \(isNull) THEN 'N' ELSE 'V' END"
    }
  }

  /// Oracle takes an empty text for NULL: when it is one of the two, so does the other.
  private func isNull(_ column: String, _ kind: ValueKind) -> String {
    guard (engine == .oracle) != (peer == .oracle), kind == .text || kind == .padded else {
      return "\(column) IS NULL"
    }
    return switch engine {
    case .postgres: "coalesce(\(column)::text, '') = ''"
    case .mysql, .mariadb: "coalesce(length(\(column)), 0) = 0"
    case .sqlserver:
      kind == .padded ? "coalesce(rtrim(\(column)), N'') = N''" : "coalesce(datalength(\(column)), 0) = 0"
    case .oracle: kind == .padded ? "rtrim(\(column)) IS NULL" : "\(column) IS NULL"
    }
  }

  private func isHashed(_ name: String, _ kind: ValueKind) -> Bool {
    guard engine == .oracle || peer == .oracle else { return false }
    switch kind {
    case .text, .json, .binary: return table.maxBytes(of: name).map { $0 > Self.longestPlainValue } ?? true
    case .integer, .decimal, .money, .boolean, .float, .padded, .plain, .uuid, .date, .time, .timestamp, .timestampZone,
      .bits, .other:
      return false
    }
  }

  private func hashed(_ column: String, _ kind: ValueKind) -> String {
    let isBinary = kind == .binary
    return switch engine {
    case .postgres: isBinary ? "md5(\(column))" : "md5(convert_to(\(column)::text, 'UTF8'))"
    case .mysql, .mariadb: isBinary ? "md5(\(column))" : "md5(convert(\(column) USING utf8mb4))"
    case .sqlserver:
      "lower(convert(char(32), hashbytes('MD5', convert(varbinary(max), \(isBinary ? column : Self.utf8(column)))), 2))"
    // 2 is DBMS_CRYPTO.HASH_MD5, whose name SQL cannot say.
    case .oracle:
      "lower(rawtohex(dbms_crypto.hash(\(isBinary ? "to_blob(\(column))" : "to_clob(\(column))"), 2)))"
    }
  }

  private func value(_ column: String, _ kind: ValueKind) -> String {
    switch engine {
    case .postgres: postgres(column, kind)
    case .mysql, .mariadb: mysql(column, kind)
    case .sqlserver: sqlserver(column, kind)
    case .oracle: oracle(column, kind)
    }
  }

  // MARK: PostgreSQL

  private func postgres(_ column: String, _ kind: ValueKind) -> String {
    switch kind {
    case .integer, .uuid, .bits, .plain: "\(column)::text"
    case .float: postgresFloat("\(column)::float8")
    case .decimal(let scale): scale.map { "round(\(column), \($0))::text" } ?? "trim_scale(\(column))::text"
    case .money(let scale): "round(\(column)::numeric, \(scale))::text"
    case .boolean: "(\(column)::int)::text"
    case .text, .padded: "octet_length(convert_to(\(column)::text, 'UTF8')) || ':' || \(column)::text"
    case .other: "octet_length(convert_to(\(column)::text, 'UTF8')) || ':' || \(column)::text"
    case .json: "octet_length(convert_to(\(column)::jsonb::text, 'UTF8')) || ':' || \(column)::jsonb::text"
    case .binary: "encode(\(column), 'hex')"
    case .date: "to_char(\(column), 'YYYY-MM-DD')"
    case .time: "to_char(\(column), 'HH24:MI:SS.US')"
    case .timestamp: "to_char(\(column), 'YYYY-MM-DD HH24:MI:SS.US')"
    case .timestampZone: "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    }
  }

  /// Sign, the fewest digits that give the number back, and its magnitude: engines put points and exponents elsewhere.
  private func postgresFloat(_ number: String) -> String {
    let digits = "trim(BOTH '0' FROM regexp_replace(\(number)::text, '(e.*)|[.-]', '', 'g'))"
    return """
      CASE WHEN \(number) = 0 THEN '0' WHEN \(number)::text ~ '[a-df-z]' THEN \(number)::text
            ELSE sign(\(number))::int || ':' || \(digits) || ':' || round(log(abs(\(number)))::numeric, 3) END
      """
  }

  // MARK: MySQL and MariaDB

  private func mysql(_ column: String, _ kind: ValueKind) -> String {
    switch kind {
    case .integer, .boolean, .uuid, .plain: "cast(\(column) AS char)"
    case .float: mysqlFloat(column)
    case .decimal(nil): "trim(TRAILING '.' FROM trim(TRAILING '0' FROM cast(\(column) AS char)))"
    case .decimal, .money: "cast(\(column) AS char)"
    case .bits(let count): "lpad(bin(\(column)), \(count), '0')"
    case .text, .padded, .json, .other:
      "length(convert(\(column) USING utf8mb4)), ':', convert(\(column) USING utf8mb4)"
    case .binary: "lower(hex(\(column)))"
    case .date: "date_format(\(column), '%Y-%m-%d')"
    case .time: "time_format(\(column), '%H:%i:%s.%f')"
    case .timestamp, .timestampZone: "date_format(\(column), '%Y-%m-%d %H:%i:%s.%f')"
    }
  }

  /// The text of a single-precision number has 6 digits, which hides differences: it is made a double first.
  private func mysqlFloat(_ column: String) -> String {
    let plain = "replace(replace(substring_index(cast(\(column) + 0e0 AS char), 'e', 1), '.', ''), '-', '')"
    return "if(\(column) = 0, '0', concat(sign(\(column)), ':', trim(BOTH '0' FROM \(plain)), ':', "
      + "cast(log10(abs(\(column))) AS decimal(10,3))))"
  }

  // MARK: SQL Server

  /// A text in UTF-8, whatever code page its column has; SQL Server 2019 and later.
  private static func utf8(_ expression: String) -> String {
    "convert(varchar(max), convert(nvarchar(max), \(expression)) COLLATE Latin1_General_100_BIN2_UTF8)"
  }

  private func sqlserver(_ column: String, _ kind: ValueKind) -> String {
    func counted(_ value: String) -> String {
      "convert(varchar(20), datalength(\(Self.utf8(value)))) + ':' + \(Self.utf8(value))"
    }
    // Two equal engines compare every digit; the others have no more than six.
    let digits = peer == .sqlserver ? 7 : 6
    switch kind {
    case .integer, .boolean: return "convert(varchar(40), \(column))"
    case .float: return "convert(varchar(40), convert(float(53), \(column)), 3)"
    case .decimal(nil): return trimmed("convert(varchar(80), \(column))")
    case .decimal(.some(let scale)): return "convert(varchar(80), convert(decimal(38,\(scale)), \(column)))"
    case .money(let scale): return "convert(varchar(40), convert(decimal(19,\(scale)), \(column)))"
    case .bits, .plain: return Self.utf8(column)
    case .uuid: return "lower(convert(varchar(36), \(column)))"
    case .text: return counted(column)
    case .padded: return counted("rtrim(\(column))")
    case .json, .other: return counted("convert(nvarchar(max), \(column))")
    case .binary: return "lower(convert(varchar(max), convert(varbinary(max), \(column)), 2))"
    case .date: return "convert(char(10), \(column), 23)"
    case .time: return "left(convert(varchar(16), convert(time(7), \(column))), \(9 + digits))"
    case .timestamp: return "left(convert(varchar(27), convert(datetime2(7), \(column)), 121), \(20 + digits))"
    case .timestampZone:
      return
        "left(convert(varchar(27), convert(datetime2(7), switchoffset(\(column), '+00:00')), 121), \(20 + digits))"
    }
  }

  /// Without the zeros behind the point, and without the point when nothing follows it.
  private func trimmed(_ number: String) -> String {
    let kept = "replace(rtrim(replace(\(number), '0', ' ')), ' ', '0')"
    return "CASE WHEN right(\(kept), 1) = '.' THEN replace(\(kept), '.', '') ELSE \(kept) END"
  }

  // MARK: Oracle

  private func oracle(_ column: String, _ kind: ValueKind) -> String {
    let digits = peer == .oracle ? "FF9" : "FF6"
    switch kind {
    case .integer, .boolean, .decimal(.some(0)): return "to_char(\(column), 'TM9')"
    // `.5` is how it writes a half.
    case .decimal(nil): return "regexp_replace(to_char(\(column), 'TM9'), '^(-?)\\.', '\\10.')"
    case .decimal(.some(let scale)), .money(let scale):
      let format =
        String(repeating: "9", count: max(0, 37 - scale)) + "0." + String(repeating: "0", count: max(1, scale))
      return "to_char(\(column), 'FM\(format)')"
    case .float: return "to_char(\(column))"
    case .bits, .plain: return column
    case .uuid: return "lower(\(column))"
    case .text, .json, .other: return "lengthb(to_char(\(column))) || ':' || to_char(\(column))"
    case .padded: return "coalesce(lengthb(rtrim(\(column))), 0) || ':' || rtrim(\(column))"
    case .binary: return "lower(rawtohex(\(column)))"
    case .date: return "to_char(\(column), 'YYYY-MM-DD')"
    case .time: return "to_char(\(column), 'HH24:MI:SS.\(digits)')"
    case .timestamp: return "to_char(CAST(\(column) AS timestamp(9)), 'YYYY-MM-DD HH24:MI:SS.\(digits)')"
    case .timestampZone:
      return
        "to_char(sys_extract_utc(CAST(\(column) AS timestamp(9) with time zone)), 'YYYY-MM-DD HH24:MI:SS.\(digits)')"
    }
  }
}
