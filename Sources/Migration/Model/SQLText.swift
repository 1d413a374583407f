import Facts
import SQL

/// A table's place in a database: schema and name on PostgreSQL and SQL Server, database and name on MySQL, user and
/// name on Oracle.
struct PlacedName: Hashable, Comparable {
  let schema: String
  let name: String

  static func < (left: PlacedName, right: PlacedName) -> Bool {
    left.schema == right.schema ? left.name < right.name : left.schema < right.schema
  }
}

/// Prints names, texts and lists of them in the syntax of one engine; the only place where SQL is quoted.
struct SQLText: Hashable {
  let engine: PlanEngine

  private var family: EngineFamily { engine.family }

  var isMySQL: Bool { engine.isMySQLFamily }

  /// An identifier.
  ///
  /// Oracle holds names written without quotes in capitals: the migration's own columns are among them.
  func name(_ name: String) -> String {
    let held = engine == .oracle && Self.isOwn(name) ? name.uppercased() : name
    return SQLIdentifier.quoted(held, engine: family)
  }

  /// Whether a column was added by the migration.
  private static func isOwn(_ name: String) -> Bool {
    name.hasPrefix("cleave_") && name.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// A qualified name.
  func table(_ table: PlacedName) -> String { "\(name(table.schema)).\(name(table.name))" }

  /// A text literal.
  func literal(_ text: String) -> String {
    let quoted = SQLLiteral.quoted(text, engine: family)
    // Without the prefix SQL Server turns what its code page lacks into question marks.
    return engine == .sqlserver ? "N\(quoted)" : quoted
  }

  /// Column names joined by commas, each after `prefix.` when given.
  func columns(_ names: [String], of prefix: String = "") -> String {
    names.map { column($0, of: prefix) }.joined(separator: ", ")
  }

  /// One column, after `prefix.` when given.
  func column(_ column: String, of prefix: String) -> String {
    prefix.isEmpty ? name(column) : "\(prefix).\(name(column))"
  }

  /// `left.a = right.x AND …` for columns paired by position.
  func equal(_ columns: [String], of left: String, to others: [String], of right: String) -> String {
    zip(columns, others)
      .map { "\(column($0, of: left)) = \(column($1, of: right))" }
      .joined(separator: " AND ")
  }

  /// `('schema', 'name'), …` for lookups in the information schema.
  func pairs(_ tables: [PlacedName]) -> String {
    tables.map { "(\(literal($0.schema)), \(literal($0.name)))" }.joined(separator: ", ")
  }

  /// A comment line; line breaks inside would end it early and become spaces.
  func comment(_ text: String) -> String {
    "-- "
      + String(
        String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  /// A dollar-quoted body for PostgreSQL with a tag that does not occur in it.
  func dollarQuoted(_ body: String) -> String {
    var tag = "$cleave$"
    var number = 0
    while body.contains(tag) {
      number += 1
      tag = "$cleave\(number)$"
    }
    return "\(tag)\n\(body)\n\(tag)"
  }

  /// A limit on how long a statement waits for a table lock, in seconds, for the rest of the session.
  func lockTimeout(seconds: Int) -> String {
    switch engine {
    case .postgres: "SET lock_timeout = '\(seconds)s';"
    case .mysql, .mariadb: "SET SESSION lock_wait_timeout = \(seconds);"
    case .sqlserver: "SET LOCK_TIMEOUT \(seconds * 1000);"
    case .oracle: "ALTER SESSION SET DDL_LOCK_TIMEOUT = \(seconds);"
    }
  }
}
