package import Basics
package import Facts
package import Migration
import SQL

/// A column as rows are made for it.
struct ColumnShape: Hashable, Sendable {
  var name: String
  var values: ValueShape
  var isNullable: Bool
  /// Whether the engine numbers it; a number may still be given.
  var isNumbered: Bool
  /// Whether the engine computes it; nothing may be given.
  var isComputed = false
  var hasDefault: Bool
  var rule = CheckRule()
  /// Share of NULL in a database that was measured; nil when none was.
  var nullFraction: Double?
  /// Bytes of a value there, on average.
  var width: Int?
}

/// A table as rows are made for it.
struct TableShape: Hashable, Sendable {
  var name: TableName
  /// The name as the server has it, without quotes and schema.
  var plainName: String
  /// The name as statements write it, quoted.
  var path: String
  var columns: [ColumnShape]
  /// Primary key first, when there is one; then the unique keys.
  var keys: [[String]]
  var hasPrimaryKey: Bool
  var foreignKeys: [ForeignKey]
  /// Whether triggers watch it or write it: numbers stay small, so that their arithmetic does not overflow.
  var isNearTriggers = false
  /// Whether triggers write it: rows may be there already.
  var isWrittenByTriggers = false

  /// The columns that name a row: the primary key, or a unique key without NULL; empty when there is none.
  var key: [String] {
    if hasPrimaryKey { return keys[0] }
    return keys.first { key in key.allSatisfy { name in columns.contains { $0.name == name && !$0.isNullable } } } ?? []
  }

  func index(of column: String) -> Int? {
    let wanted = column.lowercased()
    return columns.firstIndex { $0.name.lowercased() == wanted }
  }
}

/// The tables of a schema as rows are made for them: read from a catalog, sharpened by what a running server says.
package struct SchemaShape: Hashable, Sendable {
  /// The tables by name.
  private(set) var tables: [TableName: TableShape]
  let engine: PlanEngine
  /// Tables of the catalog the server does not have, sorted; they get no rows.
  package private(set) var missing: [TableName] = []

  /// Reads a catalog. `live` is what the server printed for `LiveSchema.query`, empty when nobody asked it.
  package init(catalog: Catalog, engine: PlanEngine, live: String = "", profile: SeedProfile = SeedProfile()) {
    self.engine = engine
    let isMySQL = Self.isMySQL(engine)
    let triggers = catalog.programs.filter { $0.kind == .trigger }
    let watched = Set(triggers.compactMap { $0.table?.baseKey })
    let written = Set(
      catalog.programs.filter { $0.kind != .view && !triggers.isEmpty }
        .flatMap { program in program.accesses.filter { $0.operation == .write }.map(\.table.baseKey) })
    tables = Dictionary(
      catalog.tables.map { table in
        var shape = TableShape(
          name: table.name, plainName: table.name.text.split(separator: ".").last.map(String.init) ?? "",
          path: SQLIdentifier.quotedPath(table.name.text, engine: isMySQL ? .mysql : .postgres),
          columns: table.columns.map { column in
            ColumnShape(
              name: column.name, values: ValueShape(column.type, isMySQL: isMySQL), isNullable: column.isNullable,
              isNumbered: column.isGenerated, hasDefault: column.defaultExpression != nil)
          },
          keys: (table.primaryKey.isEmpty ? [] : [table.primaryKey]) + table.uniqueKeys,
          hasPrimaryKey: !table.primaryKey.isEmpty, foreignKeys: table.foreignKeys)
        shape.isWrittenByTriggers = written.contains(table.name.baseKey)
        shape.isNearTriggers = shape.isWrittenByTriggers || watched.contains(table.name.baseKey)
        return (table.name, shape)
      }, uniquingKeysWith: { first, _ in first })
    if !live.isEmpty { refine(LiveSchema(live)) }
    for name in profile.tables.keys { tables[name] = tables[name].map { profile.applied(to: $0) } }
  }

  var isMySQL: Bool { Self.isMySQL(engine) }

  private static func isMySQL(_ engine: PlanEngine) -> Bool { engine == .mysql || engine == .mariadb }

  private var family: EngineFamily { isMySQL ? .mysql : .postgres }

  /// Prints a name.
  func name(_ text: String) -> String { SQLIdentifier.quoted(text, engine: family) }

  /// Prints a text literal.
  func literal(_ text: String) -> String { SQLLiteral.quoted(text, engine: family) }

  /// Tables that reference `table`, with the key.
  func children(of table: TableName) -> [(table: TableShape, key: ForeignKey)] {
    tables.values.sorted { $0.name < $1.name }.flatMap { child in
      child.foreignKeys.filter { $0.target == table }.map { (child, $0) }
    }
  }

  private mutating func refine(_ live: LiveSchema) {
    missing = tables.keys.filter { live.tables[$0.baseKey] == nil }.sorted()
    for name in missing { tables[name] = nil }
    for (name, old) in tables {
      guard let facts = live.tables[name.baseKey] else { continue }
      var table = old
      let spelled = Dictionary(facts.columns.map { ($0.name.lowercased(), $0.name) }) { first, _ in first }
      func spell(_ columns: [String]) -> [String] { columns.map { spelled[$0.lowercased()] ?? $0 } }
      table.plainName = facts.name
      table.path = self.name(facts.name)
      table.columns = facts.columns.map { column in
        var shape = ColumnShape(
          name: column.name, values: ValueShape(column.type, isMySQL: isMySQL, charBytes: column.charBytes),
          isNullable: column.isNullable, isNumbered: column.isNumbered, isComputed: column.isComputed,
          hasDefault: column.hasDefault)
        if let declared = old.columns.first(where: { $0.name.lowercased() == column.name.lowercased() }),
          declared.values == .json
        {
          shape.values = .json
        }
        return shape
      }
      for clause in facts.checks { CheckRule.apply(clause, to: &table.columns) }
      table.keys = facts.primaryKey.isEmpty ? facts.uniqueKeys : [facts.primaryKey] + facts.uniqueKeys
      table.hasPrimaryKey = !facts.primaryKey.isEmpty
      table.foreignKeys = old.foreignKeys.map { key in
        var key = key
        key.columns = spell(key.columns)
        return key
      }
      tables[name] = table
    }
  }
}
