import Basics
import Facts

/// A column as it is in the monolith's database and as the service's own gets it.
struct PlannedColumn: Hashable {
  /// The name in the monolith's database.
  let name: String
  /// The type in the service's own database.
  let type: PlannedType
  let isNullable: Bool
  let defaultValue: DefaultValue
  /// Whether the engine numbers it.
  let isNumbered: Bool
  /// The name in the service's own database.
  let targetName: String
  /// The type in the monolith's database.
  let sourceType: PlannedType
  /// Whether both databases print equal values alike; where not, only NULLs are compared.
  let isComparable: Bool

  /// A column; without its own name and type in the monolith's database they are the same in both.
  init(
    name: String, type: PlannedType, isNullable: Bool, defaultValue: DefaultValue, isNumbered: Bool,
    targetName: String? = nil, sourceType: PlannedType? = nil, isComparable: Bool = true
  ) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
    self.defaultValue = defaultValue
    self.isNumbered = isNumbered
    self.targetName = targetName ?? name
    self.sourceType = sourceType ?? type
    self.isComparable = isComparable
  }

  /// The column with the name and type of one side in place of both.
  func on(_ side: PlanSide) -> PlannedColumn {
    PlannedColumn(
      name: side == .source ? name : targetName, type: side == .source ? sourceType : type, isNullable: isNullable,
      defaultValue: defaultValue, isNumbered: isNumbered, isComparable: isComparable)
  }
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

  /// Whether the engine numbers its rows, by a column of its own or by the one the migration adds.
  var isNumbered: Bool { isSurrogate || columns.contains(where: \.isNumbered) }

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

  /// The table as one side's SQL has to write it: names and types of its columns are those of that side.
  func on(_ side: PlanSide) -> PlannedTable {
    let names = Dictionary(columns.map { ($0.name, $0.targetName) }, uniquingKeysWith: { first, _ in first })
    func held(_ name: String) -> String { side == .source ? name : names[name] ?? name }
    let key: RowKey =
      switch key {
      case .primary(let columns): .primary(columns.map(held))
      case .unique(let columns): .unique(columns.map(held))
      case .surrogate: key
      }
    return PlannedTable(
      name: name, source: source, target: target, columns: columns.map { $0.on(side) }, key: key,
      uniqueKeys: uniqueKeys.map { $0.map(held) }, span: span)
  }

  /// The type of a column in the service's own database, with the surrogate as a number.
  func type(of column: String) -> String {
    if column == Self.surrogateColumn, isSurrogate { return "bigint" }
    return columns.first { $0.name == column }?.type.sql ?? "bigint"
  }

  /// The longest value of a column in bytes; nil when nothing limits it.
  func maxBytes(of column: String) -> Int? {
    if column == Self.surrogateColumn, isSurrogate { return 16 }
    return columns.first { $0.name == column }?.type.maxBytes
  }

  /// Whether both databases print equal values of a column alike.
  func isComparable(_ column: String) -> Bool { columns.first { $0.name == column }?.isComparable ?? true }

  /// What a column holds.
  func kind(of column: String) -> ValueKind {
    if column == Self.surrogateColumn, isSurrogate { return .integer }
    return columns.first { $0.name == column }?.type.kind ?? .other
  }
}

/// Turns catalog tables into planned ones.
struct TablePlanner {
  let catalog: Catalog
  /// How SQL is written for the monolith's database.
  let text: SQLText
  /// How SQL is written for the service's own database.
  let targetText: SQLText
  let names: ObjectNames
  /// Whether declared names stand in one case on the server: capitals on Oracle, small letters elsewhere.
  let isFolded: Bool
  private let duplicatedBases: Set<String>

  init(catalog: Catalog, text: SQLText, targetText: SQLText, names: ObjectNames, isFolded: Bool) {
    self.catalog = catalog
    self.isFolded = isFolded
    self.text = text
    self.targetText = targetText
    self.names = names
    var seen: Set<String> = []
    duplicatedBases = Set(catalog.tables.compactMap { seen.insert($0.name.baseKey).inserted ? nil : $0.name.baseKey })
  }

  /// A declared name as the server holds it.
  func held(_ name: String) -> String { isFolded ? NameCase.folded(name, on: text.engine) : name }

  /// A held name as the service's own database holds it.
  func moved(_ held: String) -> String { NameCase.moved(held, from: text.engine, to: targetText.engine) }

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
    let indexed = Set(table.uniqueKeys.flatMap { $0 }.map { $0.lowercased() })
    let keys = Set(key.columns.map { $0.lowercased() })
    let kept = table.columns.filter { column in
      let name = column.name.lowercased()
      return keys.contains(name) || wanted.map { $0.contains { $0.lowercased() == name } } ?? true
    }
    let columns = kept.map { column in
      let name = column.name.lowercased()
      return planned(column, isKey: keys.contains(name), isIndexed: keys.contains(name) || indexed.contains(name))
    }
    let present = Set(columns.map(\.name))
    let target = duplicatedBases.contains(table.name.baseKey) ? "\(source.schema)_\(source.name)" : source.name
    return PlannedTable(
      name: table.name, source: source, target: names.targetPlace(moved(target)), columns: columns, key: key,
      uniqueKeys: uniqueKeys(of: table, key: key).filter { present.isSuperset(of: $0) }, span: table.source)
  }

  private func planned(_ column: Column, isKey: Bool, isIndexed: Bool) -> PlannedColumn {
    let source = type(of: column, on: text.engine, isKey: isKey, isIndexed: false)
    let target = type(of: column, on: targetText.engine, isKey: isKey, isIndexed: isIndexed)
    // Oracle takes an empty text for NULL: it would refuse rows that are fine where they come from.
    let isEmptied = targetText.engine == .oracle && text.engine != .oracle && target.kind == .text
    let name = held(column.name)
    return PlannedColumn(
      name: name, type: target, isNullable: (column.isNullable || isEmptied) && !isKey,
      defaultValue: DefaultValue(of: column, type: target, catalog: catalog.engine, text: targetText),
      isNumbered: column.isGenerated && target.kind == .integer, targetName: moved(name), sourceType: source,
      isComparable: Comparability.holds(source.kind, text.engine, target.kind, targetText.engine))
  }

  private func type(of column: Column, on engine: PlanEngine, isKey: Bool, isIndexed: Bool) -> PlannedType {
    var type = PlannedType(column, catalog: catalog.engine, engine: engine)
    if isKey, engine != .postgres, type.isUnbounded { type = PlannedType(keyOf: type, engine: engine) }
    // Values that differ in case alone stay two rows.
    let isStrict = text.engine.comparesCase && engine.family != text.engine.family
    if isIndexed, isStrict { type = type.comparingCase(on: engine) }
    return type
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
  /// No engine but PostgreSQL indexes unbounded text: key columns of such types get a bounded one.
  init(keyOf type: PlannedType, engine: PlanEngine) {
    let isBinary = type.kind == .binary
    let sql =
      switch engine {
      case .postgres: type.sql
      case .mysql, .mariadb: isBinary ? "varbinary(255)" : "varchar(255)"
      case .sqlserver: isBinary ? "varbinary(255)" : "nvarchar(255)"
      case .oracle: isBinary ? "raw(255)" : "varchar2(255 char)"
      }
    self.init(
      sql: sql, kind: type.kind, maxBytes: 1020, fraction: nil, isUnknown: type.isUnknown,
      isNamed: type.isNamed, loss: type.loss ?? "keys longer than 255 do not fit")
  }

  /// Whether the type is one its engine takes for no key.
  var isUnbounded: Bool {
    let long: Set<String> = [
      "text", "tinytext", "mediumtext", "longtext", "blob", "tinyblob", "mediumblob", "longblob", "json", "clob",
      "nclob",
      "ntext", "image", "xml", "xmltype",
    ]
    return long.contains(sql) || sql.hasSuffix("(max)")
  }

  /// The type with a collation that tells capitals from small letters, where the engine's own may not.
  func comparingCase(on engine: PlanEngine) -> PlannedType {
    guard kind == .text || kind == .padded else { return self }
    let collation: String
    switch engine {
    case .postgres, .oracle: return self
    case .mysql, .mariadb: collation = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    case .sqlserver: collation = " COLLATE Latin1_General_100_BIN2"
    }
    return PlannedType(
      sql: sql + collation, kind: kind, maxBytes: maxBytes, fraction: fraction, isUnknown: isUnknown,
      isNamed: isNamed, loss: loss)
  }
}

/// Which values two engines print alike.
enum Comparability {
  static func holds(_ source: ValueKind, _ from: PlanEngine, _ target: ValueKind, _ to: PlanEngine) -> Bool {
    // What Oracle makes of its own types depends on the type.
    if from == to { return from != .oracle || source != .other }
    if source == .other || target == .other || source == .json || target == .json { return false }
    // The digits that give back a number are the fewest on PostgreSQL, MySQL and MariaDB alone.
    if source == .float { return [from, to].allSatisfy { $0 == .postgres || $0.isMySQLFamily } }
    return true
  }
}
