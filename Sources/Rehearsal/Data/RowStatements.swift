import Basics

/// Prints changes of one row.
struct RowStatements {
  let shape: SchemaShape

  /// An INSERT that names the columns it fills. Where triggers write the table too, a row that is there stays.
  func insert(_ cells: RowCells, _ table: TableShape) -> String {
    let given = zip(table.columns, cells).compactMap { column, cell in cell.map { (column, $0) } }
    let columns = given.map { shape.name($0.0.name) }.joined(separator: ", ")
    let values = given.map(\.1).joined(separator: ", ")
    if given.isEmpty {
      return shape.isMySQL ? "INSERT INTO \(table.path) () VALUES ()" : "INSERT INTO \(table.path) DEFAULT VALUES"
    }
    let numbered = !shape.isMySQL && given.contains { $0.0.isNumbered } ? " OVERRIDING SYSTEM VALUE" : ""
    var text = "INSERT INTO \(table.path) (\(columns))\(numbered) VALUES (\(values))"
    if table.isWrittenByTriggers, !table.keys.isEmpty {
      if shape.isMySQL {
        let first = shape.name(given[0].0.name)
        text += " ON DUPLICATE KEY UPDATE \(first) = \(table.path).\(first)"
      } else {
        text += " ON CONFLICT DO NOTHING"
      }
    }
    return text
  }

  /// An UPDATE of the row with the key of `cells`.
  func update(_ cells: RowCells, _ table: TableShape, set: [(Int, String)]) -> String {
    let sets = set.map { "\(shape.name(table.columns[$0.0].name)) = \($0.1)" }.joined(separator: ", ")
    return "UPDATE \(table.path) SET \(sets) WHERE \(condition(cells, table))"
  }

  /// A DELETE of the row with the key of `cells`.
  func delete(_ cells: RowCells, _ table: TableShape) -> String {
    "DELETE FROM \(table.path) WHERE \(condition(cells, table))"
  }

  /// Locks the row with the key of `cells`.
  func lock(_ cells: RowCells, _ table: TableShape) -> String {
    "SELECT 1 FROM \(table.path) WHERE \(condition(cells, table)) FOR UPDATE"
  }

  /// `key = value AND …`; without a key the first columns that tell rows apart, which may name several rows.
  func condition(_ cells: RowCells, _ table: TableShape) -> String {
    let key = table.key.isEmpty ? Self.likeKey(table) : table.key
    let parts = key.compactMap { name -> String? in
      guard let index = table.index(of: name), let value = cells[index] else { return nil }
      let column = shape.name(name)
      return value == "NULL" ? "\(column) IS NULL" : "\(column) = \(value)"
    }
    return parts.isEmpty ? "1 = 0" : parts.joined(separator: " AND ")
  }

  /// Whether the row can be addressed at all.
  func isAddressable(_ cells: RowCells, _ table: TableShape) -> Bool { condition(cells, table) != "1 = 0" }

  private static func likeKey(_ table: TableShape) -> [String] {
    let comparable = table.columns.filter { column in
      switch column.values {
      case .integer, .text(limit: .some, isFixed: _, charBytes: _), .date, .uuid, .choice: !column.isComputed
      default: false
      }
    }
    return comparable.prefix(3).map(\.name)
  }
}
