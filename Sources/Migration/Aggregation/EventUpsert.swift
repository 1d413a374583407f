import Basics

/// One statement that applies one event to a copy: a newer version wins, an older or repeated one changes nothing, a delete
/// leaves a tombstone. Parameters are `:column`, `:cleave_version` and `:cleave_deleted`; a delete gives the key only and NULL else.
struct EventUpsert {
  let table: PlannedTable
  let text: SQLText

  /// Parameter names by column, in the order of the columns.
  var parameters: [(column: String, name: String)] {
    var taken: Set<String> = []
    return (table.columnNames + ["cleave_version", "cleave_deleted"]).map { column in
      let wish = Naming.stem(column)
      var name = wish
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(wish)_\(number)"
        number += 1
      }
      return (column, name)
    }
  }

  /// The statement.
  var sql: String {
    text.upsert(
      into: table.target, keys: table.key.columns, values: parameters.map { ($0.column, ":\($0.name)") },
      newerBy: "cleave_version")
  }
}
