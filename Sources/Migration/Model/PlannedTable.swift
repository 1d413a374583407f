import Basics
import Facts

/// A column as the service's own database gets it.
struct PlannedColumn: Hashable {
  let name: String
  let type: PlannedType
  let isNullable: Bool
  let defaultValue: DefaultValue
  /// Whether the engine numbers it.
  let isNumbered: Bool
}

/// What identifies a row when changes are applied.
enum RowKey: Hashable {
  /// The primary key.
  case primary([String])
  /// A unique key without nullable columns, or the numbered column; the table has no primary key.
  case unique([String])
  /// A column the migration adds to the old table, because nothing else tells rows apart.
  case surrogate(String)

  var columns: [String] {
    switch self {
    case .primary(let columns), .unique(let columns): columns
    case .surrogate(let column): [column]
    }
  }
}

/// A table that moves, or of which a read-only copy is kept.
struct PlannedTable: Hashable {
  /// Name of the column added to tables nothing identifies.
  static let surrogateColumn = "cleave_row"

  /// The declared name.
  let name: TableName
  /// Where it is now.
  let source: PlacedName
  /// Where it goes.
  let target: PlacedName
  /// Its columns in the new place, without the surrogate.
  let columns: [PlannedColumn]
  /// What identifies a row.
  let key: RowKey
  /// Unique keys besides the primary one whose columns all exist in the new place.
  let uniqueKeys: [[String]]
  /// Where it was declared.
  let span: SourceSpan

  /// Names of all columns that are copied, the surrogate first.
  var columnNames: [String] { (isSurrogate ? [Self.surrogateColumn] : []) + columns.map(\.name) }

  /// Names of the columns that are not part of the key.
  var plainColumns: [String] {
    let keys = Set(key.columns)
    return columns.map(\.name).filter { !keys.contains($0) }
  }

  /// Whether the migration has to add the key column to the old table.
  var isSurrogate: Bool { if case .surrogate = key { true } else { false } }

  /// Whether the old table has no primary key.
  var lacksPrimaryKey: Bool { if case .primary = key { false } else { true } }

  /// Whether a row may be too wide to be logged whole on update: PostgreSQL then leaves unchanged values out.
  ///
  /// PostgreSQL moves values out of line once a row passes about 2 kB (TOAST_TUPLE_THRESHOLD).
  var mayToast: Bool {
    var sum = 0
    for column in columns {
      guard let bytes = column.type.maxBytes else { return true }
      sum += bytes
    }
    return sum > 2000
  }

  /// The declared type of a key column, with the surrogate as a number.
  func type(of column: String) -> String {
    if column == Self.surrogateColumn, isSurrogate { return "bigint" }
    return columns.first { $0.name == column }?.type.sql ?? "bigint"
  }

  /// What a column holds.
  func kind(of column: String) -> ValueKind {
    if column == Self.surrogateColumn, isSurrogate { return .integer }
    return columns.first { $0.name == column }?.type.kind ?? .other
  }
}

/// Turns catalog tables into planned ones.
struct TablePlanner {
  let catalog: Catalog
  let text: SQLText
  let names: ObjectNames
  /// Whether declared names stand in lower case on the server.
  let isFolded: Bool
  private let duplicatedBases: Set<String>

  init(catalog: Catalog, text: SQLText, names: ObjectNames, isFolded: Bool) {
    self.catalog = catalog
    self.isFolded = isFolded
    self.text = text
    self.names = names
    var seen: Set<String> = []
    duplicatedBases = Set(catalog.tables.compactMap { seen.insert($0.name.baseKey).inserted ? nil : $0.name.baseKey })
  }

  /// A declared name as the server holds it.
  func held(_ name: String) -> String { isFolded ? NameCase.folded(name) : name }

  /// Where a table of the catalog lives now.
  func source(_ name: TableName) -> PlacedName {
    let place = declaredSource(name)
    return PlacedName(schema: held(place.schema), name: held(place.name))
  }

  private func declaredSource(_ name: TableName) -> PlacedName {
    guard let dot = name.text.utf8.lastIndex(of: UInt8(ascii: ".")) else {
      return PlacedName(schema: names.sourceSchema, name: name.text)
    }
    let schema = String(name.text[..<dot])
    let base = String(name.text[name.text.utf8.index(after: dot)...])
    guard !schema.isEmpty, !base.isEmpty else { return PlacedName(schema: names.sourceSchema, name: name.text) }
    return PlacedName(schema: schema, name: base)
  }

  /// The plan for a table; `limitedTo` names the columns a reader needs, nil takes all.
  func table(_ table: Table, limitedTo wanted: [String]? = nil) -> PlannedTable {
    let source = source(table.name)
    let key = key(of: table)
    let keys = Set(key.columns.map { $0.lowercased() })
    let kept = table.columns.filter { column in
      let name = column.name.lowercased()
      return keys.contains(name) || wanted.map { $0.contains { $0.lowercased() == name } } ?? true
    }
    let columns = kept.map { planned($0, isKey: keys.contains($0.name.lowercased())) }
    let present = Set(columns.map(\.name))
    let target = duplicatedBases.contains(table.name.baseKey) ? "\(source.schema)_\(source.name)" : source.name
    return PlannedTable(
      name: table.name, source: source, target: names.targetPlace(target), columns: columns, key: key,
      uniqueKeys: uniqueKeys(of: table, key: key).filter { present.isSuperset(of: $0) }, span: table.source)
  }

  private func planned(_ column: Column, isKey: Bool) -> PlannedColumn {
    var type = PlannedType(column, catalog: catalog.engine, engine: text.engine)
    if isKey, text.isMySQL, type.maxBytes == nil { type = PlannedType(keyTextOn: type) }
    return PlannedColumn(
      name: held(column.name), type: type, isNullable: column.isNullable && !isKey,
      defaultValue: DefaultValue(of: column, type: type, catalog: catalog.engine, text: text),
      isNumbered: column.isGenerated && type.kind == .integer)
  }

  private func key(of table: Table) -> RowKey {
    let primary = spelled(table.primaryKey, in: table)
    if !primary.isEmpty { return .primary(primary) }
    for unique in table.uniqueKeys {
      let columns = spelled(unique, in: table)
      let solid = columns.allSatisfy { table.column(named: $0)?.isNullable == false }
      if !columns.isEmpty, solid { return .unique(columns) }
    }
    if let numbered = table.columns.first(where: { $0.isGenerated && !$0.isNullable }) {
      return .unique([held(numbered.name)])
    }
    return .surrogate(PlannedTable.surrogateColumn)
  }

  private func uniqueKeys(of table: Table, key: RowKey) -> [[String]] {
    table.uniqueKeys.map { spelled($0, in: table) }.filter { !$0.isEmpty && Set($0) != Set(key.columns) }
  }

  /// The columns in the spelling of their declaration; empty when one is missing.
  private func spelled(_ columns: [String], in table: Table) -> [String] {
    let found = columns.compactMap { table.column(named: $0).map { held($0.name) } }
    return found.count == columns.count ? found : []
  }
}

extension PlannedType {
  /// MySQL can not index unbounded text: key columns of such types get a bounded one.
  init(keyTextOn type: PlannedType) {
    let isBinary = type.kind == .binary
    self.init(
      sql: isBinary ? "varbinary(255)" : "varchar(255)", kind: type.kind, maxBytes: 1020, fraction: nil,
      isUnknown: type.isUnknown)
  }
}
