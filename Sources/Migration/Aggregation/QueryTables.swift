import Basics
import Facts

/// What has to be known of tables to take a query apart along the cut.
struct QueryTables {
  let catalog: Catalog
  let serviceOf: [TableName: String]
  /// Tables no code and no stored program writes.
  let unwritten: Set<TableName>
  private let tables: [TableName: Table]

  init(catalog: Catalog, serviceOf: [TableName: String], unwritten: Set<TableName>) {
    self.catalog = catalog
    self.serviceOf = serviceOf
    self.unwritten = unwritten
    tables = Dictionary(catalog.tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(name: TableName) -> Table? { tables[name] }

  /// Whether the columns hold a key, so that they name one row at most.
  func isKey(_ columns: [String], of name: TableName) -> Bool {
    guard let table = tables[name] else { return false }
    let given = Set(columns.map { $0.lowercased() })
    return ([table.primaryKey] + table.uniqueKeys).contains { key in
      !key.isEmpty && given.isSuperset(of: key.map { $0.lowercased() })
    }
  }

  /// Whether every row of `child` has its partner in `parent`: a declared key over columns that are never empty.
  func hasPartner(_ child: TableName, _ columns: [String], in parent: TableName) -> Bool {
    guard let table = tables[child] else { return false }
    let given = columns.map { $0.lowercased() }.sorted()
    return table.foreignKeys.contains { key in
      key.target == parent && key.columns.map { $0.lowercased() }.sorted() == given
    } && columns.allSatisfy { table.column(named: $0)?.isNullable == false }
  }

  /// Whether a declared key of `child` names rows of `parent`.
  func refers(_ child: TableName, to parent: TableName) -> Bool {
    tables[child]?.foreignKeys.contains { $0.target == parent } ?? false
  }

  /// Names of all columns in order.
  func columns(of name: TableName) -> [String] { tables[name]?.columns.map(\.name) ?? [] }
}
