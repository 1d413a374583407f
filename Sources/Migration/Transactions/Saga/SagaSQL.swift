import Basics
import Facts

/// The tables that make the steps of sagas repeatable and reversible, on one side.
struct SagaTables {
  let text: SQLText
  /// Which step of which saga has been done or taken back.
  let log: PlacedName

  /// Longest saga identifier: that of a global transaction of Seata (xid).
  static let identifierLength = 128

  /// The log of steps.
  func logTable() -> Script {
    let lines = [
      "cleave_saga \(text.type(.key(Self.identifierLength))) NOT NULL", "cleave_step \(text.type(.integer)) NOT NULL",
      "state \(text.type(.key(16))) NOT NULL CHECK (state IN ('done', 'compensated'))",
      "changed_at \(text.type(.moment)) \(text.defaultNow) NOT NULL", "PRIMARY KEY (cleave_saga, cleave_step)",
    ]
    let head = text.comment("which step of which saga is done or compensated: its key makes steps repeatable")
    return Script(up: "\(head)\n\(text.createTable(log, lines))", down: "DROP TABLE \(text.table(log));")
  }

  /// Rows of a table as they were before and after a step.
  func imageTable(_ image: PlacedName, of table: PlannedTable, at place: PlacedName) -> Script {
    let key = text.columns(["cleave_saga", "cleave_step", "cleave_image"] + table.key.columns)
    var lines = [
      "cleave_saga \(text.type(.key(Self.identifierLength))) NOT NULL", "cleave_step \(text.type(.integer)) NOT NULL",
      "cleave_image char(1) NOT NULL CHECK (cleave_image IN ('b', 'a'))",
    ]
    let head = text.comment("rows of \(table.name.text) before (b) and after (a) a step of a saga")
    let drop = "DROP TABLE \(text.table(image));"
    if text.isMySQL {
      // Copied from the table itself: a column compared with one of another collation is refused.
      lines.append("PRIMARY KEY (\(key))")
      return Script(
        up:
          "\(head)\nCREATE TABLE \(text.table(image)) (\n  \(lines.joined(separator: ",\n  "))\n)\(text.tableSuffix)\n"
          + "SELECT '' AS cleave_saga, 0 AS cleave_step, 'b' AS cleave_image, "
          + "\(text.columns(table.columns.map(\.name))) FROM \(text.table(place)) WHERE 1 = 0;", down: drop)
    }
    let keys = Set(table.key.columns)
    lines += table.columns.map {
      "\(text.name($0.name)) \($0.type.sql) \(keys.contains($0.name) ? "NOT NULL" : "NULL")"
    }
    lines.append("PRIMARY KEY (\(key))")
    return Script(up: "\(head)\n\(text.createTable(image, lines))", down: drop)
  }

  /// Forgets finished sagas.
  func cleanup(images: [PlacedName]) -> String {
    let rows = images.map { image in
      let name = text.table(image)
      return "DELETE FROM \(name) WHERE NOT EXISTS (SELECT 1 FROM \(text.table(log)) l WHERE l.cleave_saga = "
        + "\(name).cleave_saga AND l.changed_at >= \(text.ago(.days(7))));"
    }
    return (rows + ["DELETE FROM \(text.table(log)) WHERE changed_at < \(text.ago(.days(7)));"]).joined(separator: "\n")
  }
}

/// The statements around one step of a saga; `:saga_id` and `:key_1`… are parameters.
struct SagaStatements {
  let tables: SagaTables
  let step: Int

  private var text: SQLText { tables.text }
  private var log: String { text.table(tables.log) }

  /// Claims the step; no row means that it has been done or refused for good before.
  var claim: String { mark("done") }

  /// Marks the step as taken back when it never came: a late try is then refused.
  var close: String { mark("compensated") }

  private func mark(_ state: String) -> String {
    text.insertIfMissing(
      into: tables.log, keys: ["cleave_saga", "cleave_step"],
      values: [("cleave_saga", ":saga_id"), ("cleave_step", String(step)), ("state", text.literal(state))])
  }

  /// Reads and locks the state of the step.
  var state: String {
    let rows = "WHERE cleave_saga = :saga_id AND cleave_step = \(step)"
    return text.engine == .sqlserver
      ? "SELECT state FROM \(log) WITH (UPDLOCK, HOLDLOCK) \(rows)" : "SELECT state FROM \(log) \(rows) FOR UPDATE"
  }

  /// Ends the compensation.
  var finish: String {
    "UPDATE \(log) SET state = 'compensated', changed_at = \(text.now) WHERE cleave_saga = :saga_id AND cleave_step = "
      + "\(step) AND state = 'done'"
  }

  /// Saves a row before it is changed for the first time; run once for every row the statement is about to change.
  func saveBefore(_ change: ImagedChange) -> String {
    "INSERT INTO \(text.table(change.image)) (\(imageColumns(change))) SELECT :saga_id, \(step), 'b', \(columns(change)) "
      + "FROM \(text.table(change.place)) WHERE \(byKey(change)) AND NOT EXISTS (SELECT 1 FROM \(text.table(change.image)) "
      + "WHERE cleave_saga = :saga_id AND cleave_step = \(step) AND \(byKey(change)))"
  }

  /// Saves a row after it was changed; the last state wins.
  func saveAfter(_ change: ImagedChange) -> [String] {
    [
      "DELETE FROM \(text.table(change.image)) WHERE cleave_saga = :saga_id AND cleave_step = \(step) AND cleave_image = 'a' "
        + "AND \(byKey(change))",
      "INSERT INTO \(text.table(change.image)) (\(imageColumns(change))) SELECT :saga_id, \(step), 'a', \(columns(change)) "
        + "FROM \(text.table(change.place)) WHERE \(byKey(change))",
    ]
  }

  /// Forgets what was saved of a step: nothing can be taken back any more.
  func forget(_ change: ImagedChange) -> String {
    "DELETE FROM \(text.table(change.image)) WHERE cleave_saga = :saga_id AND cleave_step = \(step)"
  }

  /// What is taken and not yet confirmed or given back, for each row.
  func reserved(_ change: ImagedChange) -> String {
    let keys = change.table.key.columns
    let sums = change.relative.map { column in
      "sum(\(text.column(column, of: "b")) - \(text.column(column, of: "a"))) AS \(text.name(column))"
    }
    let image = text.table(change.image)
    let same = text.equal(
      ["cleave_saga", "cleave_step"] + keys, of: "a", to: ["cleave_saga", "cleave_step"] + keys, of: "b")
    return
      "SELECT \(text.columns(keys, of: "b")), \(sums.joined(separator: ", ")) FROM \(image) b JOIN \(image) a ON \(same) "
      + "AND a.cleave_image = 'a' WHERE b.cleave_image = 'b' AND EXISTS (SELECT 1 FROM \(log) l WHERE l.cleave_saga = "
      + "b.cleave_saga AND l.cleave_step = b.cleave_step AND l.state = 'done') GROUP BY \(text.columns(keys, of: "b"))"
  }

  private func imageColumns(_ change: ImagedChange) -> String {
    text.columns(["cleave_saga", "cleave_step", "cleave_image"] + change.table.columns.map(\.name))
  }

  private func columns(_ change: ImagedChange) -> String { text.columns(change.table.columns.map(\.name)) }

  private func byKey(_ change: ImagedChange) -> String {
    change.table.key.columns.enumerated().map { "\(text.name($1)) = :key_\($0 + 1)" }.joined(separator: " AND ")
  }
}

/// A change with the tables that hold its rows and their images.
struct ImagedChange {
  let table: PlannedTable
  let place: PlacedName
  let image: PlacedName
  let columns: [String]
  let relative: [String]
  let mayMoveKey: Bool
  let verbs: [WriteVerb]
}
