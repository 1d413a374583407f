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
    let types = MessageTypes(engine: text.engine)
    let table = text.table(outbox(on: side))
    let columns = (isPolled ? polledColumns(types) : ["id \(types.eventID) PRIMARY KEY"]) + eventColumns(types, side)
    var up = [
      "\(text.comment(head))\nCREATE TABLE \(table) (\n  \(columns.joined(separator: ",\n  "))\n)\(types.tableEnd);"
    ]
    var down = ["DROP TABLE \(table);"]
    if isPolled {
      up += [index(table, types, side), laneTable(text, types, side)]
      down.insert("DROP TABLE \(text.table(lanes(on: side)));", at: 0)
    }
    return Script(up: up.joined(separator: "\n"), down: down.joined(separator: "\n"))
  }

  private var head: String {
    isPolled
      ? "insert the event after locking the aggregate's own row: seq then follows the order of commits of each aggregate"
      : "rows may be deleted in the transaction that inserts them: the log has them anyway"
  }

  private func eventColumns(_ types: MessageTypes, _ side: PlanSide) -> [String] {
    let text = context.text(on: side)
    return [
      "aggregatetype \(types.filled(types.text(255)))", "aggregateid \(types.filled(types.text(255)))",
      "type \(types.filled(types.text(255)))", "payload \(types.filled(types.json))",
      "source \(types.filled(types.text(255), default: text.literal(CloudEvents.source(of: context, on: side))))",
      "specversion \(types.filled(types.text(10), default: "'1.0'"))",
      "datacontenttype \(types.filled(types.text(100), default: "'application/json'"))",
      "created_at \(types.filled(types.moment, default: types.defaultNow))",
    ]
  }

  private func polledColumns(_ types: MessageTypes) -> [String] {
    let lane = "aggregateid"
    let count = Self.laneCount
    var columns = ["seq \(types.numberedKey)", "id \(types.eventID) UNIQUE"]
    switch types.engine {
    case .postgres:
      columns += [
        "txid xid8 NOT NULL DEFAULT pg_current_xact_id()",
        "lane smallint GENERATED ALWAYS AS (('x' || substr(md5(\(lane)), 1, 7))::bit(28)::int % \(count)) STORED",
      ]
    case .mysql, .mariadb: columns.append("lane smallint GENERATED ALWAYS AS (crc32(\(lane)) % \(count)) STORED")
    case .sqlserver: columns.append("lane AS CAST(checksum(\(lane)) & \(count - 1) AS smallint) PERSISTED")
    case .oracle: columns.append("lane number(5) GENERATED ALWAYS AS (ora_hash(\(lane), \(count - 1))) VIRTUAL")
    }
    return columns + ["published_at \(types.moment)\(types.engine == .oracle ? "" : " NULL")"]
  }

  private func index(_ table: String, _ types: MessageTypes, _ side: PlanSide) -> String {
    switch types.engine {
    case .postgres:
      """
      CREATE INDEX outbox_open ON \(table) (lane, seq) WHERE published_at IS NULL;
      CREATE INDEX outbox_replay ON \(table) (txid, seq);
      """
    case .mysql, .mariadb, .sqlserver: "CREATE INDEX outbox_open ON \(table) (lane, published_at, seq);"
    // Index names of Oracle live in the schema, not in the table.
    case .oracle:
      "CREATE INDEX \(context.text(on: side).table(place("outbox_open", on: side))) ON \(table) (lane, published_at, seq);"
    }
  }

  private func laneTable(_ text: SQLText, _ types: MessageTypes, _ side: PlanSide) -> String {
    let table = text.table(lanes(on: side))
    let number = types.engine == .oracle ? "number(5)" : "smallint"
    let rows =
      switch types.engine {
      case .oracle: "SELECT level - 1 FROM dual CONNECT BY level <= \(Self.laneCount)"
      case .postgres, .mysql, .mariadb, .sqlserver:
        "VALUES " + (0..<Self.laneCount).map { "(\($0))" }.joined(separator: ", ")
      }
    return """
      CREATE TABLE \(table) (
        lane \(number) NOT NULL PRIMARY KEY
      )\(types.tableEnd);
      INSERT INTO \(table) (lane) \(rows);
      """
  }

  /// Forgets what was published; rows a log tailer reads can go at once.
  func purge(on side: PlanSide) -> String {
    let text = context.text(on: side)
    let types = MessageTypes(engine: text.engine)
    let moment = isPolled ? "published_at" : "created_at"
    return "DELETE FROM \(text.table(outbox(on: side))) WHERE \(moment) < \(types.ago(days: Self.keptDays));"
  }
}
