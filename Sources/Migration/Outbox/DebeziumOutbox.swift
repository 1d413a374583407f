/// The outbox as Debezium's event router reads it, and the inbox every consumer needs.
struct DebeziumOutbox {
  let context: GroupContext

  private var text: SQLText { context.text }

  /// Where a helper table lives on either side.
  private func place(_ name: String, on side: PlanSide) -> String {
    text.table(side == .source ? context.names.helperTable(name) : context.names.targetTable(name))
  }

  /// The outbox. Rows may be deleted in the transaction that inserts them: the log has them anyway.
  func outbox(on side: PlanSide) -> Script {
    let table = place("outbox", on: side)
    let columns =
      text.isMySQL
      ? """
        id char(36) CHARACTER SET ascii NOT NULL PRIMARY KEY,
        aggregatetype varchar(255) NOT NULL,
        aggregateid varchar(255) NOT NULL,
        type varchar(255) NOT NULL,
        payload json NOT NULL,
        created_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
      ) ENGINE = InnoDB;
      """
      : """
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        aggregatetype varchar(255) NOT NULL,
        aggregateid varchar(255) NOT NULL,
        type varchar(255) NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      """
    return Script(up: "CREATE TABLE \(table) (\n\(columns)", down: "DROP TABLE \(table);")
  }

  /// The inbox: inserting the pair in the transaction of the effect makes a repeated message fall through.
  func inbox(on side: PlanSide) -> Script {
    let table = place("inbox", on: side)
    let moment =
      text.isMySQL ? "datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)" : "timestamptz NOT NULL DEFAULT now()"
    let use =
      text.isMySQL
      ? "INSERT IGNORE INTO \(table) (consumer, message_id) VALUES (?, ?)"
      : "INSERT INTO \(table) (consumer, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
    return Script(
      up: """
        -- In the transaction of the effect; the effect runs only when one row was inserted:
        -- \(use)
        CREATE TABLE \(table) (
          consumer varchar(100) NOT NULL,
          message_id varchar(100) NOT NULL,
          received_at \(moment),
          PRIMARY KEY (consumer, message_id)
        )\(text.isMySQL ? " ENGINE = InnoDB" : "");
        """,
      down: "DROP TABLE \(table);")
  }
}
