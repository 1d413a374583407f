package import Migration

/// What a running server says about its tables: types behind domains, character sets, computed columns, keys, checks.
package struct LiveSchema: Hashable, Sendable {
  struct LiveColumn: Hashable, Sendable {
    var name: String
    var type: String
    var isNullable: Bool
    var isNumbered: Bool
    var isComputed: Bool
    var hasDefault: Bool
    var charBytes: Int
  }

  struct LiveTable: Hashable, Sendable {
    var name: String
    var columns: [LiveColumn] = []
    var primaryKey: [String] = []
    var uniqueKeys: [[String]] = []
    var checks: [String] = []
  }

  /// Tables by lower-case name.
  private(set) var tables: [String: LiveTable] = [:]

  /// Reads what the server printed for `query`: one fact a line, fields in hexadecimal, joined by commas.
  package init(_ printed: String) {
    for line in printed.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(Self.text)
      guard fields.count >= 3 else { continue }
      let key = fields[1].lowercased()
      var table = tables[key] ?? LiveTable(name: fields[1])
      switch fields[0] {
      case "c" where fields.count == 9:
        table.columns.append(
          LiveColumn(
            name: fields[2], type: fields[3], isNullable: fields[4] == "1", isNumbered: fields[5] == "1",
            isComputed: fields[6] == "1", hasDefault: fields[7] == "1", charBytes: Int(fields[8]) ?? 4))
      case "p": table.primaryKey = Array(fields.dropFirst(2))
      case "u": table.uniqueKeys.append(Array(fields.dropFirst(2)))
      case "k": table.checks.append(fields[2])
      default: continue
      }
      tables[key] = table
    }
  }

  private static func text(_ hex: Substring) -> String {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in hex.utf8 {
      let value: UInt8
      switch digit {
      case 48...57: value = digit - 48
      case 65...70: value = digit - 55
      case 97...102: value = digit - 87
      default: continue
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The query to run in the database of the monolith: one statement, one column, in the order facts are read.
  ///
  /// Every field is hexadecimal, so that no client has to be asked how it prints line ends.
  package static func query(engine: PlanEngine, schema: String = "public") -> String {
    switch engine {
    case .postgres: postgres(schema: schema)
    case .mysql, .mariadb: mysql
    case .sqlserver, .oracle: ""
    }
  }

  private static let mysql = """
    SELECT fact FROM (
      SELECT 1 AS part, table_name AS place, ordinal_position AS number,
          concat_ws(',', hex('c'), hex(table_name), hex(column_name), hex(column_type),
            hex(if(is_nullable = 'YES', '1', '0')), hex(if(extra LIKE '%auto_increment%', '1', '0')),
            hex(if(coalesce(generation_expression, '') <> '', '1', '0')),
            hex(if(column_default IS NOT NULL, '1', '0')),
            hex(CASE WHEN character_set_name IN ('utf8mb3', 'utf8') THEN '3' WHEN character_set_name LIKE 'utf%' THEN '4'
              WHEN character_set_name IS NULL THEN '4' ELSE '1' END)) AS fact
        FROM information_schema.columns WHERE table_schema = database()
      UNION ALL
      SELECT 2, table_name, if(index_name = 'PRIMARY', 0, 1),
          concat_ws(',', hex(if(index_name = 'PRIMARY', 'p', 'u')), hex(table_name),
            group_concat(hex(column_name) ORDER BY seq_in_index))
        FROM information_schema.statistics WHERE table_schema = database() AND non_unique = 0
        GROUP BY table_name, index_name
      UNION ALL
      SELECT 3, table_name, 0, concat_ws(',', hex('k'), hex(table_name), hex(check_clause))
        FROM information_schema.check_constraints WHERE constraint_schema = database()
    ) AS facts ORDER BY part, place, number, fact
    """

  private static func postgres(schema: String) -> String {
    func hex(_ text: String) -> String { "encode(convert_to(\(text), 'UTF8'), 'hex')" }
    func flag(_ text: String) -> String { hex("CASE WHEN \(text) THEN '1' ELSE '0' END") }
    let place = "n.nspname = '\(schema.split(separator: "'").joined(separator: "''"))' AND c.relkind IN ('r', 'p')"
    let type = hex(
      """
      CASE t.typtype
        WHEN 'e' THEN (SELECT 'enum(' || string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) || ')'
          FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
        WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
        ELSE format_type(a.atttypid, a.atttypmod) END
      """)
    let numbered = flag("a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%'")
    return """
      SELECT fact FROM (
        SELECT 1 AS part, c.relname::text AS place, a.attnum::int AS number,
            concat_ws(',', \(hex("'c'")), \(hex("c.relname")), \(hex("a.attname")), \(type),
              \(flag("NOT a.attnotnull AND NOT t.typnotnull")), \(numbered), \(flag("a.attgenerated <> ''")),
              \(flag("a.atthasdef OR t.typdefault IS NOT NULL")), \(hex("'4'"))) AS fact
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE \(place) AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT 2, c.relname::text, CASE WHEN i.indisprimary THEN 0 ELSE 1 END,
            concat_ws(',', \(hex("CASE WHEN i.indisprimary THEN 'p' ELSE 'u' END")), \(hex("c.relname")),
              (SELECT string_agg(\(hex("a.attname")), ',' ORDER BY k.place)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                WHERE k.place <= i.indnkeyatts))
          FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE \(place) AND i.indisunique AND i.indexprs IS NULL
        UNION ALL
        SELECT 3, c.relname::text, 0,
            concat_ws(',', \(hex("'k'")), \(hex("c.relname")), \(hex("pg_get_constraintdef(k.oid)")))
          FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE \(place) AND k.contype = 'c'
      ) AS facts ORDER BY part, place, number, fact
      """
  }
}
