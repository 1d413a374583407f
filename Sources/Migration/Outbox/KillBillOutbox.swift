/// The queue tables of killbill-commons: a bus inside the database, claimed by the application's own threads.
struct KillBillOutbox {
  let context: GroupContext

  private func schema(on side: PlanSide) -> String { side == .source ? context.names.helper : context.names.target }

  /// The four tables' places.
  func places(on side: PlanSide) -> [PlacedName] {
    ["bus_events", "bus_events_history", "notifications", "notifications_history"].map { place($0, on: side) }
  }

  /// Where one of them lies.
  func place(_ name: String, on side: PlanSide) -> PlacedName {
    side == .source ? context.names.helperTable(name) : context.names.targetTable(name)
  }

  /// What the queue's statements rely on beyond tables; PostgreSQL only.
  func prelude(on side: PlanSide) -> Script? {
    let text = context.text(on: side)
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
    context.text(on: side).table(place(name, on: side))
  }

  private func create(_ plan: Plan, on side: PlanSide) -> String {
    let text = context.text(on: side)
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

  /// The keys of the bus and of the notification queue, with every default that matters written out: the manual and the
  /// code disagree on some.
  func properties(on side: PlanSide) -> String {
    let bus = "org.killbill.persistent.bus.main."
    let queue = "org.killbill.notificationq.main."
    func name(_ table: String) -> String {
      let place = place(table, on: side)
      return "\(place.schema).\(place.name)"
    }
    func common(_ prefix: String) -> [(String, String)] {
      [
        (prefix + "inMemory", "false"), (prefix + "queue.mode", "POLLING"), (prefix + "max.failure.retry", "3"),
        (prefix + "claimed", "10"), (prefix + "claim.time", "5m"), (prefix + "sleep", "3000"),
        // The reaper gives events of dead nodes to others; a threshold below the claim time would be replaced silently.
        (prefix + "reapThreshold", "10m"), (prefix + "reapSchedule", "3m"), (prefix + "maxReDispatchCount", "10"),
        (prefix + "shutdownTimeout", "15s"),
      ]
    }
    return PropertiesText.document(
      common(bus) + [
        (bus + "off", "false"),
        // One thread: more would break the order of events of one aggregate.
        (bus + "nbThreads", "1"), (bus + "tableName", name("bus_events")),
        (bus + "historyTableName", name("bus_events_history")),
      ] + common(queue) + [
        (queue + "notification.off", "false"), (queue + "notification.nbThreads", "1"),
        (queue + "tableName", name("notifications")), (queue + "historyTableName", name("notifications_history")),
        ("org.killbill.queue.creator.name", "\(context.names.slug)-1"),
      ],
      comment: "One creator name per node, at most 45 characters, stable across restarts.\n"
        + "Never switch the bus off on a node that posts: it would drop events with a warning only.\n"
        + "Several nodes claim rows side by side: effects need the version guard beside the inbox.")
  }

  /// History grows for ever otherwise.
  func purge(on side: PlanSide) -> String {
    let limit =
      context.text(on: side).isMySQL
      ? "utc_timestamp() - INTERVAL 30 DAY" : "(now() AT TIME ZONE 'UTC') - interval '30 days'"
    return ["bus_events_history", "notifications_history"]
      .map { "DELETE FROM \(table($0, on: side)) WHERE created_date < \(limit);" }.joined(separator: "\n")
  }
}
