import Basics
import Facts

/// The order in which tables can be filled, parents first.
struct InsertOrder {
  /// Every table once.
  let tables: [TableName]
  /// Foreign keys whose parent comes later or is the table itself, by position in `TableShape.foreignKeys`.
  private(set) var late: [TableName: Set<Int>] = [:]

  /// Cycles are cut where a column may stay NULL first, else where the fewest parents are missing.
  init(_ shape: SchemaShape) {
    var left = shape.tables.keys.sorted()
    var placed: Set<TableName> = []
    var order: [TableName] = []
    func waits(_ name: TableName, nullableToo: Bool) -> Int {
      guard let table = shape.tables[name] else { return 0 }
      return table.foreignKeys.filter { key in
        guard key.target != name, !placed.contains(key.target), shape.tables[key.target] != nil else { return false }
        return nullableToo
          || !key.columns.contains { column in table.index(of: column).map { table.columns[$0].isNullable } ?? false }
      }.count
    }
    while !left.isEmpty {
      let ready =
        left.firstIndex { waits($0, nullableToo: true) == 0 } ?? left.firstIndex { waits($0, nullableToo: false) == 0 }
        ?? left.indices.min { waits(left[$0], nullableToo: false) < waits(left[$1], nullableToo: false) } ?? 0
      let name = left.remove(at: ready)
      let keys = shape.tables[name]?.foreignKeys ?? []
      late[name] = Set(
        keys.indices.filter { shape.tables[keys[$0].target] != nil && !placed.contains(keys[$0].target) })
      placed.insert(name)
      order.append(name)
    }
    tables = order
  }
}
