/// The plain outbox table, with the columns Debezium's event router knows and those CloudEvents need.
struct OutboxTable {
  let context: GroupContext
  /// Whether a relay polls it; a log tailer needs neither order numbers nor marks.
  let isPolled: Bool

  /// How many relays can work side by side; events of one aggregate always share a lane.
  static let laneCount = 32
  /// How long published events stay for readers that start over.
  private static let keptDays = 7

  private func place(_ name: String, on side: PlanSide) -> PlacedName {
    side == .source ? context.names.helperTable(name) : context.names.targetTable(name)
  }

  /// The outbox on a side.
  func outbox(on side: PlanSide) -> PlacedName { place("outbox", on: side) }

  /// One row per lane; a relay works on a lane while it holds the lock of its row.
  func lanes(on side: PlanSide) -> PlacedName { place("outbox_lane", on: side) }

  /// Tables, filled lanes and the index of a poller.
  func script(on side: PlanSide) -> Script {
    let text = context.text(on: side)
    let columns = (isPolled ? polledColumns(text) : ["id \(text.eventID) PRIMARY KEY"]) + eventColumns(text, side)
    var up = [text.comment(head), text.createTable(outbox(on: side), columns)]
    var down = ["DROP TABLE \(text.table(outbox(on: side)));"]
    if isPolled {
      up += [indexes(text, side), laneTable(text, side)]
      down.insert("DROP TABLE \(text.table(lanes(on: side)));", at: 0)
    }
    return Script(up: up.joined(separator: "\n"), down: down.joined(separator: "\n"))
  }

  private var head: String {
    isPolled
      ? "insert the event after locking the aggregate's own row: seq then follows the order of commits of each aggregate"
      : "rows may be deleted in the transaction that inserts them: the log has them anyway"
  }

  private func eventColumns(_ text: SQLText, _ side: PlanSide) -> [String] {
    [
      "aggregatetype \(text.filled(.text(255)))", "aggregateid \(text.filled(.text(255)))",
      "type \(text.filled(.text(255)))", "payload \(text.filled(.json))",
      "source \(text.filled(.text(255), default: text.literal(CloudEvents.source(of: context, on: side))))",
      "specversion \(text.filled(.text(10), default: "'1.0'"))",
      "datacontenttype \(text.filled(.text(100), default: "'application/json'"))",
      // MySQL keeps this type in UTC whatever the zone of the session.
      text.isMySQL
        ? "created_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)" : "created_at \(text.filledNow)",
    ]
  }

  private func polledColumns(_ text: SQLText) -> [String] {
    let count = Self.laneCount
    let lane =
      switch text.engine {
      case .postgres:
        "lane smallint GENERATED ALWAYS AS (('x' || substr(md5(aggregateid), 1, 7))::bit(28)::int % \(count)) STORED"
      case .mysql, .mariadb: "lane smallint GENERATED ALWAYS AS (crc32(aggregateid) % \(count)) STORED"
      case .sqlserver: "lane AS CAST(checksum(aggregateid) & \(count - 1) AS smallint) PERSISTED"
      case .oracle: "lane number(5) GENERATED ALWAYS AS (ora_hash(aggregateid, \(count - 1))) VIRTUAL"
      }
    let transaction = text.engine == .postgres ? ["txid xid8 NOT NULL DEFAULT pg_current_xact_id()"] : []
    return [text.numberedKey("seq"), "id \(text.eventID) UNIQUE"] + transaction + [
      lane, "published_at \(text.type(.moment))\(text.engine == .oracle ? "" : " NULL")",
    ]
  }

  private func indexes(_ text: SQLText, _ side: PlanSide) -> String {
    let table = text.table(outbox(on: side))
    switch text.engine {
    case .postgres:
      return """
        CREATE INDEX outbox_open ON \(table) (lane, seq) WHERE published_at IS NULL;
        CREATE INDEX outbox_replay ON \(table) (txid, seq);
        """
    case .mysql, .mariadb, .sqlserver: return "CREATE INDEX outbox_open ON \(table) (lane, published_at, seq);"
    case .oracle:
      // Index names of Oracle live in the schema, not in the table.
      return "CREATE INDEX \(text.table(place("outbox_open", on: side))) ON \(table) (lane, published_at, seq);"
    }
  }

  private func laneTable(_ text: SQLText, _ side: PlanSide) -> String {
    let rows =
      text.engine == .oracle
      ? "SELECT level - 1 FROM dual CONNECT BY level <= \(Self.laneCount)"
      : "VALUES " + (0..<Self.laneCount).map { "(\($0))" }.joined(separator: ", ")
    return """
      \(text.createTable(lanes(on: side), ["lane \(text.type(.integer)) NOT NULL PRIMARY KEY"]))
      INSERT INTO \(text.table(lanes(on: side))) (lane) \(rows);
      """
  }

  /// Forgets what was published; rows a log tailer reads can go at once.
  func purge(on side: PlanSide) -> String {
    let text = context.text(on: side)
    let moment = isPolled ? "published_at" : "created_at"
    return "DELETE FROM \(text.table(outbox(on: side))) WHERE \(moment) < \(text.ago(.days(Self.keptDays)));"
  }
}
