import Facts
import SQL

/// A value out of a row event.
package enum BinlogValue: Hashable, Sendable {
  case null
  /// A text, a number, a moment, a label of an enumeration, as a client would see it; moments in UTC.
  case text(String)
  /// Bytes, and bits with the highest first.
  case bytes([UInt8])
}

/// What a row event does not say about a column.
struct BinlogColumn: Hashable, Sendable {
  var name: String
  var isUnsigned: Bool
  /// Labels of an enumeration or a set.
  var labels: [String]
  /// How texts are encoded; empty for bytes.
  var characterSet: String
  /// Width of a fixed number of bytes, which the log stores without its zeros.
  var fixedBytes: Int?
  /// Whether it holds text on the server; else strings are bytes.
  var isText: Bool { !characterSet.isEmpty && characterSet != "binary" }

  init(name: String, type: String, characterSet: String) {
    let words = TypeWords(type)
    self.name = name
    self.characterSet = characterSet
    isUnsigned = words.isUnsigned
    labels = words.texts
    fixedBytes = words.name == "binary" ? words.numbers.first ?? 1 : nil
  }
}

/// The columns of captured tables, as the server describes them.
package struct BinlogTables: Sendable {
  /// Columns by `database.table`.
  private(set) var columns: [String: [BinlogColumn]] = [:]

  /// The query to run before capture starts; prints `database.table`, column, type, character set, one column a row.
  package static func query(_ tables: [(database: String, table: String)]) -> String {
    let pairs = tables.map {
      "(\(SQLLiteral.quoted($0.database, engine: .mysql)), \(SQLLiteral.quoted($0.table, engine: .mysql)))"
    }
    return """
      SELECT concat(table_schema, '.', table_name), column_name, column_type, coalesce(character_set_name, '')
      FROM information_schema.columns WHERE (table_schema, table_name) IN (\(pairs.joined(separator: ", ")))
      ORDER BY table_schema, table_name, ordinal_position
      """
  }

  /// Reads the rows of `query`.
  package init(rows: [[String?]]) {
    for row in rows where row.count == 4 {
      guard let table = row[0], let name = row[1], let type = row[2] else { continue }
      columns[table, default: []].append(BinlogColumn(name: name, type: type, characterSet: row[3] ?? ""))
    }
  }
}

/// How a table's rows are stored in the events that follow its map.
struct BinlogTableMap {
  let database: String
  let table: String
  let types: [UInt8]
  /// The bytes that refine each type, lowest first.
  let details: [UInt16]

  /// Reads a table map; `identity` is the number row events use.
  static func read(_ bytes: inout BinlogBytes) throws(BinlogError) -> (identity: UInt64, map: BinlogTableMap) {
    let identity = try bytes.little(6)
    try bytes.skip(2)
    let database = try bytes.text(Int(try bytes.byte()))
    try bytes.skip(1)
    let table = try bytes.text(Int(try bytes.byte()))
    try bytes.skip(1)
    let types = Array(try bytes.take(Int(try bytes.packed())))
    _ = try bytes.packed()
    var details: [UInt16] = []
    for type in types {
      switch type {
      case 4, 5, 17, 18, 19, 249, 250, 251, 252, 255: details.append(UInt16(try bytes.byte()))
      case 15, 16, 246: details.append(UInt16(try bytes.little(2)))
      // Kind first, then length: kept in that order.
      case 247, 248, 253, 254: details.append(UInt16(try bytes.big(2)))
      default: details.append(0)
      }
    }
    return (identity, BinlogTableMap(database: database, table: table, types: types, details: details))
  }
}
