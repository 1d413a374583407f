/// The inbox of a service: what makes a message that arrives twice count once.
///
/// Every consumer of the service has its own name in it; the pair is inserted in the transaction of the effect.
struct InboxTable {
  let context: GroupContext

  /// Longer than brokers keep messages and longer than anybody replays them.
  private static let keptDays = 30

  private func text(_ side: PlanSide) -> SQLText { context.text(on: side) }

  private func place(on side: PlanSide) -> PlacedName {
    side == .source ? context.names.helperTable("inbox") : context.names.targetTable("inbox")
  }

  /// The table.
  func script(on side: PlanSide) -> Script {
    let text = text(side)
    let create = text.createTable(
      place(on: side),
      [
        "consumer \(text.filled(.key(100)))", "message_id \(text.filled(.key(100)))", "received_at \(text.filledNow)",
        "PRIMARY KEY (consumer, message_id)",
      ])
    return Script(
      up: """
        \(text.comment("In the transaction of the effect, which runs only when one row was inserted:"))
        \(text.comment(insert(on: side)))
        \(create)
        """,
      down: "DROP TABLE \(text.table(place(on: side)));")
  }

  /// Takes a message in unless it was taken before; the number of rows says which.
  func insert(on side: PlanSide) -> String {
    let text = text(side)
    let table = text.table(place(on: side))
    let (consumer, message) = (text.parameter(1), text.parameter(2))
    switch text.engine {
    case .postgres:
      return "INSERT INTO \(table) (consumer, message_id) VALUES (\(consumer), \(message)) ON CONFLICT DO NOTHING"
    case .mysql, .mariadb:
      // Not ON DUPLICATE KEY: drivers that count found rows report 1 for a message that was there already.
      return "INSERT IGNORE INTO \(table) (consumer, message_id) VALUES (\(consumer), \(message))"
    case .sqlserver:
      // The range lock keeps two deliveries at the same moment apart.
      return
        "INSERT INTO \(table) (consumer, message_id) SELECT \(consumer), \(message) WHERE NOT EXISTS (SELECT 1 FROM \(table) "
        + "WITH (UPDLOCK, HOLDLOCK) WHERE consumer = \(consumer) AND message_id = \(message))"
    case .oracle:
      return
        "INSERT /*+ IGNORE_ROW_ON_DUPKEY_INDEX(i (consumer, message_id)) */ INTO \(table) i (consumer, message_id) VALUES (\(consumer), \(message))"
    }
  }

  /// Forgets what nobody sends again.
  func purge(on side: PlanSide) -> String {
    let text = text(side)
    return """
      \(text.comment("\(Self.keptDays) days: longer than the broker keeps messages and longer than anybody replays them"))
      DELETE FROM \(text.table(place(on: side))) WHERE received_at < \(text.ago(.days(Self.keptDays)));
      """
  }
}
