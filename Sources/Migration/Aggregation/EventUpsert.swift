import Basics

/// One statement that applies one event to a copy: a newer version wins, an older or repeated one changes nothing, a delete
/// leaves a tombstone. Parameters are `:column`, `:cleave_version` and `:cleave_deleted`; a delete gives the key only and NULL else.
struct EventUpsert {
  let table: PlannedTable
  let text: SQLText

  private var keys: [String] { table.key.columns }
  private var plain: [String] { table.columnNames.filter { !keys.contains($0) } }
  private var marks: [String] { plain + ["cleave_deleted", "cleave_version"] }

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

  private var all: [String] { table.columnNames + ["cleave_version", "cleave_deleted"] }

  private func values(_ part: (String, String) -> String) -> String {
    parameters.map { part($0.column, ":\($0.name)") }.joined(separator: ", ")
  }

  /// The statement.
  var sql: String {
    switch text.engine {
    case .postgres: postgres
    case .mysql, .mariadb: mysql
    case .sqlserver: merge(into: "\(text.table(table.target)) WITH (HOLDLOCK) AS t", using: "(SELECT \(values { "\($1) AS \(text.name($0))" })) AS s", guardInWhen: true)
    case .oracle: merge(into: "\(text.table(table.target)) t", using: "(SELECT \(values { "\($1) AS \(text.name($0))" }) FROM dual) s", guardInWhen: false)
    }
  }

  private var postgres: String {
    let sets = marks.map { "\(text.name($0)) = EXCLUDED.\(text.name($0))" }.joined(separator: ", ")
    return """
      INSERT INTO \(text.table(table.target)) AS t (\(text.columns(all)))
      VALUES (\(values { $1 }))
      ON CONFLICT (\(text.columns(keys))) DO UPDATE SET \(sets)
        WHERE t.cleave_version < EXCLUDED.cleave_version;
      """
  }

  /// The version comes last: assignments run from left to right and look at it.
  private var mysql: String {
    let sets = marks.map { column in
      let name = text.name(column)
      return "\(name) = IF(cleave_version < VALUES(cleave_version), VALUES(\(name)), \(name))"
    }
    return """
      INSERT INTO \(text.table(table.target)) (\(text.columns(all)))
      VALUES (\(values { $1 }))
      ON DUPLICATE KEY UPDATE \(sets.joined(separator: ",\n  "));
      """
  }

  private func merge(into target: String, using rows: String, guardInWhen: Bool) -> String {
    let sets = marks.map { "\(text.column($0, of: "t")) = \(text.column($0, of: "s"))" }.joined(separator: ", ")
    let older = "t.cleave_version < s.cleave_version"
    return """
      MERGE INTO \(target) USING \(rows) ON (\(text.equal(keys, of: "t", to: keys, of: "s")))
      WHEN MATCHED\(guardInWhen ? " AND \(older)" : "") THEN UPDATE SET \(sets)\(guardInWhen ? "" : " WHERE \(older)")
      WHEN NOT MATCHED THEN INSERT (\(text.columns(all))) VALUES (\(text.columns(all, of: "s")));
      """
  }
}
