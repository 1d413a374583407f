/// The table that answers a broker's question whether a local transaction was committed.
struct TransactionLog {
  let context: GroupContext
  let side: PlanSide

  private var text: SQLText { context.text(on: side) }
  private var place: PlacedName {
    side == .source ? context.names.helperTable("tx_log") : context.names.targetTable("tx_log")
  }

  /// Status 1 is written by the local transaction itself, 2 by the check that came first: the key lets one of them win.
  func script() -> Script {
    let table = text.createTable(
      place,
      [
        "transaction_id \(text.type(.key(64))) NOT NULL PRIMARY KEY", "business_key \(text.type(.text(128))) NOT NULL",
        "status \(text.type(.integer)) NOT NULL CHECK (status IN (1, 2))",
        "created_at \(text.type(.moment)) \(text.defaultNow) NOT NULL",
      ])
    return Script(
      up: """
        -- status 1: committed with the business rows; 2: given up by a check, so that a late commit fails on the key
        \(table)
        CREATE INDEX tx_log_created ON \(text.table(place)) (created_at);
        """,
      down: "DROP TABLE \(text.table(place));")
  }

  /// Rows older than any half message a broker keeps.
  func purge() -> String { "DELETE FROM \(text.table(place)) WHERE created_at < \(text.ago(.days(7)));" }

  /// Adds the row of a transaction, with `?` for its identity and business key.
  func insert(status: String) -> String {
    "INSERT INTO \(text.table(place)) (transaction_id, business_key, status) VALUES (?, ?, \(status))"
  }

  /// Finds the status of a transaction, with `?` for its identity.
  var select: String { "SELECT status FROM \(text.table(place)) WHERE transaction_id = ?" }
}
