import Basics

/// The tables and views of a catalog by the names that statements call them.
struct DeclaredTables {
  private var exact: [String: TableName] = [:]
  private var byBase: [String: [TableName]] = [:]

  /// `names` in the order in which they win where a bare name may mean several.
  init(_ names: [TableName]) {
    for name in names where exact[name.key] == nil {
      exact[name.key] = name
      byBase[name.baseKey, default: []].append(name)
    }
  }

  /// The declared name of what a statement names. A name without schema is the same as one with any; `a.t` and `b.t` are
  /// two tables. A database in front of the schema does not count.
  subscript(name: TableName) -> TableName? {
    if let found = exact[name.key] { return found }
    guard let same = byBase[name.baseKey] else { return nil }
    guard name.key != name.baseKey else { return same.first }
    let parts = name.key.split(separator: ".")
    if parts.count > 2, let found = exact[parts.suffix(2).joined(separator: ".")] { return found }
    return same.first { $0.key == $0.baseKey }
  }
}
