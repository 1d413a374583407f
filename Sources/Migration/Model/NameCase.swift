import Basics
import Facts

/// Whether PostgreSQL holds the names of a schema in lower case, and Oracle in capitals, although they are declared
/// otherwise.
///
/// The catalog keeps the spelling of the declaration but not whether it stood in quotes. Where one place spells a name
/// in another case than its declaration, quotes are impossible: the names were folded. Where a name with capitals is a
/// reserved word or has signs in it, it was quoted: the spelling stands. Without either, names count as folded: schemas
/// written by hand seldom quote. The gate of S0 looks every name up before anything is changed.
enum NameCase {
  /// Whether names of plain letters have to be written in lower case.
  static func isFolded(_ system: SystemFacts) -> Bool {
    switch system.catalog.engine {
    case .postgres: hasVariants(system) || !hasQuoted(system.catalog, reserved) { $0.lowercased() }
    case .oracle: hasVariants(system) || !hasQuoted(system.catalog, reservedOnOracle) { $0.uppercased() }
    case .mysql, .sqlite, .h2, .sqlserver: false
    }
  }

  /// Whether a name in another case than the engine's own can only have stood in quotes.
  private static func hasQuoted(
    _ catalog: Catalog, _ reserved: Set<String>, own: (String) -> String
  ) -> Bool {
    catalog.tables.contains { table in
      ([table.name.text] + table.columns.map(\.name)).contains { name in
        own(name) != name
          && (reserved.contains(name.lowercased())
            || name.utf8.contains { !isPlain($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "#") })
      }
    }
  }

  private static func hasVariants(_ system: SystemFacts) -> Bool {
    var columns: [TableName: [String: String]] = [:]
    var tables: [String: String] = [:]
    for table in system.catalog.tables {
      tables[table.name.key] = table.name.text
      columns[table.name] = Dictionary(
        table.columns.map { ($0.name.lowercased(), $0.name) }, uniquingKeysWith: { first, _ in first })
    }
    func differs(_ names: [String], of table: TableName) -> Bool {
      names.contains { name in columns[table]?[name.lowercased()].map { $0 != name } ?? false }
    }
    for table in system.catalog.tables {
      if differs(table.primaryKey + table.uniqueKeys.flatMap { $0 }, of: table.name) { return true }
      for key in table.foreignKeys {
        if let declared = tables[key.target.key], declared != key.target.text { return true }
        if differs(key.columns, of: table.name) || differs(key.targetColumns, of: key.target) { return true }
      }
    }
    if system.accesses.contains(where: { differs($0.columns, of: $0.table) }) { return true }
    return system.catalog.programs.contains { program in
      program.accesses.contains { access in
        tables[access.table.key].map { $0 != access.table.text } ?? false || differs(access.columns, of: access.table)
      }
    }
  }

  /// The name as the server holds it when names are folded; names that need quotes were quoted and stay.
  static func folded(_ name: String, on engine: PlanEngine) -> String {
    let bytes = name.utf8
    guard let first = bytes.first, !(48...57).contains(first), bytes.allSatisfy(isPlain) else { return name }
    return engine == .oracle ? name.uppercased() : name.lowercased()
  }

  /// A held name as another engine is to hold it: in the case that needs no quotes there, without signs it refuses.
  static func moved(_ name: String, from: PlanEngine, to: PlanEngine) -> String {
    if from.family == to.family { return name }
    if to == .oracle {
      // Oracle has no way to write a double quote in a name.
      let clean = name.contains("\"") ? name.replacing("\"", with: "_") + "_" + Naming.hash(name) : name
      return clean == clean.lowercased() ? folded(clean, on: to) : clean
    }
    let short = Naming.shortened(name)
    return from == .oracle && short == short.uppercased() ? folded(short, on: to) : short
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "$")
  }

  /// Words PostgreSQL takes as names in quotes only (appendix C of its manual, "reserved").
  private static let reserved: Set<String> = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check",
    "collate",
    "column", "constraint", "create", "current_date", "current_role", "current_time", "current_timestamp",
    "current_user",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign",
    "from",
    "grant", "group", "having", "in", "initially", "intersect", "into", "lateral", "leading", "limit", "localtime",
    "localtimestamp", "not", "null", "offset", "on", "only", "or", "order", "placing", "primary", "references",
    "returning",
    "select", "session_user", "some", "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "user",
    "using", "variadic", "when", "where", "window", "with",
  ]

  /// Words Oracle takes as names in quotes only (SQL Language Reference 19c, appendix E).
  private static let reservedOnOracle: Set<String> = [
    "access", "add", "all", "alter", "and", "any", "as", "asc", "audit", "between", "by", "char", "check", "cluster",
    "column", "comment", "compress", "connect", "create", "current", "date", "decimal", "default", "delete", "desc",
    "distinct", "drop", "else", "exclusive", "exists", "file", "float", "for", "from", "grant", "group", "having",
    "identified", "immediate", "in", "increment", "index", "initial", "insert", "integer", "intersect", "into", "is",
    "level", "like", "lock", "long", "maxextents", "minus", "mlslabel", "mode", "modify", "noaudit", "nocompress",
    "not", "nowait", "null", "number", "of", "offline", "on", "online", "option", "or", "order", "pctfree", "prior",
    "public", "raw", "rename", "resource", "revoke", "row", "rowid", "rownum", "rows", "select", "session", "set",
    "share", "size", "smallint", "start", "successful", "synonym", "sysdate", "table", "then", "to", "trigger", "uid",
    "union", "unique", "update", "user", "validate", "values", "varchar", "varchar2", "view", "whenever", "where",
    "with",
  ]
}
