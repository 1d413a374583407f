/// The queue tables of killbill-commons: a bus inside the database, claimed by the application's own threads.
struct KillBillOutbox {
  let context: GroupContext

  private var text: SQLText { context.text }

  private func schema(on side: PlanSide) -> String { side == .source ? context.names.helper : context.names.target }

  /// What the queue's statements rely on beyond tables; PostgreSQL only.
  func prelude(on side: PlanSide) -> Script? {
    if text.isMySQL { return nil }
    let schema = text.name(schema(on: side))
    let body = """
      DECLARE result bigint;
      BEGIN
        SELECT lastval() INTO result;
        RETURN result;
      EXCEPTION WHEN OTHERS THEN
        RETURN NULL;
      END
      """
    return Script(
      up: """
        -- Put this schema on the search_path of the application: the queue names neither.
        CREATE DOMAIN \(schema).datetime AS timestamp without time zone;
        CREATE FUNCTION \(schema).last_insert_id() RETURNS bigint LANGUAGE plpgsql AS \(text.dollarQuoted(body));
        """,
      down: "DROP FUNCTION \(schema).last_insert_id();\nDROP DOMAIN \(schema).datetime;")
  }

  /// The four tables.
  func tables(on side: PlanSide) -> Script {
    let plans = [
      Plan(name: "bus_events", isNotification: false, indexes: [Self.claim, Self.search]),
      Plan(name: "bus_events_history", isNotification: false, indexes: [Self.search]),
      Plan(
        name: "notifications", isNotification: true,
        indexes: [["effective_date"] + Self.claim, Self.claim, ["effective_date", "created_date"], Self.search]),
      Plan(name: "notifications_history", isNotification: true, indexes: [Self.search]),
    ]
    return Script(
      up: plans.map { create($0, on: side) }.joined(separator: "\n"),
      down: plans.reversed().map { "DROP TABLE \(table($0.name, on: side));" }.joined(separator: "\n"))
  }

  private struct Plan {
    let name: String
    let isNotification: Bool
    let indexes: [[String]]
  }

  private static let claim = ["processing_state", "processing_owner", "processing_available_date"]
  private static let search = ["search_key2", "search_key1"]

  private func table(_ name: String, on side: PlanSide) -> String {
    text.table(side == .source ? context.names.helperTable(name) : context.names.targetTable(name))
  }

  private func create(_ plan: Plan, on side: PlanSide) -> String {
    let unsigned = text.isMySQL ? " unsigned" : ""
    let moment = text.isMySQL ? "datetime" : "\(text.name(schema(on: side))).datetime"
    // Upstream caps payloads at 2048 characters; events of wide rows are longer.
    let payload = text.isMySQL ? "longtext" : "text"
    var columns = [
      text.isMySQL ? "record_id serial" : "record_id bigserial",
      "class_name varchar(\(plan.isNotification ? 256 : 128)) NOT NULL", "event_json \(payload) NOT NULL",
      "user_token varchar(36)", "created_date \(moment) NOT NULL", "creating_owner varchar(50) NOT NULL",
      "processing_owner varchar(50) DEFAULT NULL", "processing_available_date \(moment) DEFAULT NULL",
      "processing_state varchar(14) DEFAULT 'AVAILABLE'", "error_count int\(unsigned) DEFAULT 0",
      "search_key1 bigint\(unsigned) DEFAULT NULL", "search_key2 bigint\(unsigned) DEFAULT NULL",
    ]
    if plan.isNotification {
      columns += [
        "queue_name varchar(64) NOT NULL", "effective_date \(moment) NOT NULL", "future_user_token varchar(36)",
      ]
    }
    columns.append("PRIMARY KEY (record_id)")
    let tail = text.isMySQL ? " ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" : ""
    let body = columns.map { "  \($0)" }.joined(separator: ",\n")
    let indexes = plan.indexes.enumerated().map { number, columns in
      "CREATE INDEX \(plan.name)_idx\(number + 1) ON \(table(plan.name, on: side)) (\(columns.joined(separator: ", ")));"
    }
    return "CREATE TABLE \(table(plan.name, on: side)) (\n\(body)\n)\(tail);\n" + indexes.joined(separator: "\n")
  }

  /// The keys of the bus and of the notification queue; every default that differs from the manual is written out.
  func properties(on side: PlanSide) -> String {
    let bus = "org.killbill.persistent.bus.main."
    let queue = "org.killbill.notificationq.main."
    func place(_ name: String) -> String {
      let table = side == .source ? context.names.helperTable(name) : context.names.targetTable(name)
      return "\(table.schema).\(table.name)"
    }
    return PropertiesText.document(
      [
        (bus + "inMemory", "false"), (bus + "queue.mode", "POLLING"), (bus + "max.failure.retry", "3"),
        (bus + "claim.time", "5m"), (bus + "reapThreshold", "10m"), (bus + "sleep", "3000"), (bus + "off", "false"),
        // One thread: more would break the order of events of one aggregate.
        (bus + "nbThreads", "1"), (bus + "tableName", place("bus_events")),
        (bus + "historyTableName", place("bus_events_history")), (queue + "inMemory", "false"),
        (queue + "queue.mode", "POLLING"), (queue + "max.failure.retry", "3"), (queue + "claim.time", "5m"),
        (queue + "reapThreshold", "10m"), (queue + "sleep", "3000"), (queue + "notification.off", "false"),
        (queue + "tableName", place("notifications")),
        (queue + "historyTableName", place("notifications_history")),
        ("org.killbill.queue.creator.name", "\(context.names.slug)-1"),
      ],
      comment: "One creator name per node, at most 45 characters, stable across restarts.")
  }

  /// History grows for ever otherwise.
  func purge() -> String {
    ["bus_events_history", "notifications_history"].map { name in
      let limit =
        text.isMySQL ? "utc_timestamp() - INTERVAL 30 DAY" : "(now() AT TIME ZONE 'UTC') - interval '30 days'"
      return "DELETE FROM \(table(name, on: .source)) WHERE created_date < \(limit);"
    }.joined(separator: "\n")
  }
}
