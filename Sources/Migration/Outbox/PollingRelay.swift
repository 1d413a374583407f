/// The relay that polls the outbox where the log cannot be read: its login, its statements and a program that runs them.
///
/// Events of one aggregate share a lane. A relay works on a lane only while it holds the lock of the lane's row, so the
/// lanes are shared out between relays and each lane is published in the order of its numbers. Skipping locked events
/// instead of lanes would let a second relay overtake the first within one aggregate.
struct PollingRelay {
  let context: GroupContext

  private var table: OutboxTable { OutboxTable(context: context, isPolled: true) }

  private static let columns = [
    "seq", "id", "aggregatetype", "aggregateid", "type", "payload", "source", "specversion", "datacontenttype",
    "created_at",
  ]

  /// The login and what it may do.
  func login(on side: PlanSide) -> Script {
    RelayLogin(context: context).script(
      on: side,
      grants: [("SELECT, UPDATE, DELETE", table.outbox(on: side)), ("SELECT, UPDATE", table.lanes(on: side))])
  }

  /// What the program reads: the statements of this database.
  func settings(on side: PlanSide) -> String {
    let engine = context.text(on: side).engine
    return JSONText.document(
      .map([
        ("engine", .text(engine.rawValue)), ("topic", .text(context.names.eventTopic("{aggregatetype}"))),
        ("batch", .number(Self.batch)), ("setup", .texts(setup(engine))), ("candidates", .text(candidates(side))),
        ("lock", .text(lock(side))), ("read", .text(read(side))), ("mark", .text(mark(side))),
      ]))
  }

  /// Events published between two commits.
  private static let batch = 100

  /// A marker for the first parameter, as the drivers of the program take it.
  private func marker(_ engine: PlanEngine) -> String {
    switch engine {
    case .postgres, .mysql, .mariadb: "%s"
    case .sqlserver: "?"
    case .oracle: ":1"
    }
  }

  /// Every statement has to see what was committed before it: a snapshot from before the lock would publish twice.
  private func setup(_ engine: PlanEngine) -> [String] {
    switch engine {
    case .postgres:
      ["SET default_transaction_isolation = 'read committed'", "SET idle_in_transaction_session_timeout = '60s'"]
    case .mysql, .mariadb: ["SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", "SET time_zone = '+00:00'"]
    case .sqlserver: ["SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "SET XACT_ABORT ON"]
    case .oracle: ["ALTER SESSION SET TIME_ZONE = '+00:00'"]
    }
  }

  private func name(_ place: PlacedName, _ side: PlanSide) -> String {
    // Drivers that take %s want every other % twice.
    let text = context.text(on: side)
    let name = text.table(place)
    return marker(text.engine) == "%s" ? name.replacing("%", with: "%%") : name
  }

  private func candidates(_ side: PlanSide) -> String {
    "SELECT DISTINCT lane FROM \(context.text(on: side).table(table.outbox(on: side))) WHERE published_at IS NULL ORDER BY lane"
  }

  private func lock(_ side: PlanSide) -> String {
    let engine = context.text(on: side).engine
    let lanes = name(table.lanes(on: side), side)
    if engine == .sqlserver { return "SELECT lane FROM \(lanes) WITH (UPDLOCK, READPAST, ROWLOCK) WHERE lane = ?" }
    return "SELECT lane FROM \(lanes) WHERE lane = \(marker(engine)) FOR UPDATE SKIP LOCKED"
  }

  private func read(_ side: PlanSide) -> String {
    let text = context.text(on: side)
    let columns = Self.columns.map { column in
      text.engine == .postgres && ["id", "payload"].contains(column) ? "\(column)::text" : column
    }
    return text.first(
      Self.batch, columns: columns.joined(separator: ", "),
      from: "\(name(table.outbox(on: side), side)) WHERE lane = \(marker(text.engine)) AND published_at IS NULL",
      order: "seq")
  }

  private func mark(_ side: PlanSide) -> String {
    let text = context.text(on: side)
    return
      "UPDATE \(name(table.outbox(on: side), side)) SET published_at = \(text.now) WHERE seq = \(marker(text.engine)) AND published_at IS NULL"
  }

  /// What is open, and for how long.
  func lagQuery(on side: PlanSide) -> String {
    let text = context.text(on: side)
    return
      "SELECT count(*) AS open_events, min(created_at) AS oldest FROM \(text.table(table.outbox(on: side))) WHERE published_at IS NULL;"
  }

  /// For readers with a position of their own on PostgreSQL; nil elsewhere.
  ///
  /// Numbers are taken before commits: `seq > last` would pass over events of slower transactions.
  func replay(on side: PlanSide) -> String? {
    let text = context.text(on: side)
    guard text.engine == .postgres else { return nil }
    return """
      -- For a reader that keeps its own position (txid, seq) and starts over: nothing below the horizon can still appear.
      -- It loses nothing, but (txid, seq) is not the order of commits: sort by seq within an aggregate, and guard by version.
      SELECT txid, \(Self.columns.joined(separator: ", "))
      FROM \(text.table(table.outbox(on: side)))
      WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) AND (txid, seq) > ('0'::xid8, 0)
      ORDER BY txid, seq LIMIT 1000;
      """
  }

  /// The program: standard library and one driver for the database, one for the broker.
  static func program(_ broker: Broker) -> String { RelayProgram.text(broker) }
}
