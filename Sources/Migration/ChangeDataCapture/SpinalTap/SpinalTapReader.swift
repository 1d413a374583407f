/// SpinalTap: reads the binary log and writes Thrift to Kafka; little maintained, for those who run it already.
struct SpinalTapReader: LogReader {
  let site: CaptureSite

  private var text: SQLText { site.text }
  private var store: String { BinlogLogin(site: site).ownDatabase ?? "" }

  func files() -> [(name: String, contents: String)] { [("\(site.label)/spinaltap_standalone.yaml", configuration())] }

  private func configuration() -> String {
    let source: [(key: String, value: YAMLNode)] = [
      ("name", .text(site.name)), ("host", .text("\(site.side.rawValue)-db")),
      // The default is 5672.
      ("port", .number(3306)), ("host_role", .text("MIGRATION")), ("server_id", .number(site.serverID)),
      ("socket_timeout_seconds", .number(90)), ("schema_version_enabled", .flag(true)),
      ("ssl_mode", .text("PREFERRED")),
      ("tables", .texts(site.included.map { "\($0.schema):\($0.name)" })),
      (
        "initial_binlog_position",
        .map([
          ("fileName", .text("${CLEAVE_BINLOG_FILE}")), ("position", .text("${CLEAVE_BINLOG_POSITION}")),
          ("nextPosition", .text("${CLEAVE_BINLOG_POSITION}")),
        ])
      ), ("destination", .map([("type", .text("kafka")), ("buffer_size", .number(1000)), ("pool_size", .number(0))])),
    ]
    return YAMLText.document(
      .map([
        ("zk-connection-string", .text("${CLEAVE_ZOOKEEPER}")), ("zk-namespace", .text("cleave-\(site.name)")),
        ("kafka-config", .map([("bootstrap_servers", .text("${CLEAVE_KAFKA}"))])),
        ("mysql-user", .text(site.names.captureRole)), ("mysql-password", .text("${CLEAVE_PASSWORD}")),
        ("mysql-server-id", .number(site.serverID)),
        (
          "mysql-schema-store",
          .map([
            ("host", .text("\(site.side.rawValue)-db")), ("port", .number(3306)), ("database", .text(store)),
            ("archive-database", .text(store)),
          ])
        ), ("mysql-sources", .list([.map(source)])),
      ]))
  }

  func start(_ main: String) -> PlanAction {
    .manual(
      "make the ZooKeeper node /cleave-\(site.name), fill \(main) from the environment (envsubst) with what "
        + "position.\(site.side.rawValue).sql printed, and start SpinalTap with it")
  }

  func change(_ main: String) -> PlanAction {
    .manual(
      "stop SpinalTap \(site.name), put \(main) in its place and start it again: its place in the log is in ZooKeeper")
  }

  func stop() -> PlanAction { .manual("stop SpinalTap \(site.name) and delete /cleave-\(site.name) from ZooKeeper") }

  func jobs() -> [(name: String, sql: String)] { [("lag", BinlogPosition(site: site).connected())] }

  func copy(into draft: inout StepDraft) {
    if site.isForward { RowCopy(site: site).add(to: &draft) }
  }

  var preconditions: [String] {
    [
      "the login \(site.names.captureRole) has a password known to SpinalTap only",
      "consumers can read Thrift: messages are no JSON",
    ]
  }

  /// The topic SpinalTap makes for sources with the role MIGRATION.
  func topic(_ place: PlacedName) -> String {
    "spinaltap_mysql_migration.\(site.name)-\(place.schema)-\(place.name)"
  }

  var shape: MessageShape {
    MessageShape(
      version:
        "number in the file name of binlog_header.pos * 10^24 + its offset * 10^12 + event_row_position, 0 when it is absent; 0 for rows copied by backfill.sh",
      mapping: [
        ("message", "the value of the record: a Mutation of spinaltap_v1.thrift in binary"),
        ("operation", "type: INSERT inserts, UPDATE updates, DELETE deletes; INVALID stops the applier"),
        ("row", "entity: bytes of a text per column; previous_entity holds the row before an update"),
        ("absent", "nothing: rows are logged whole (binlog_row_image FULL)"),
      ],
      rules: [
        "an update of key columns arrives as one update: delete the key of previous_entity and insert entity",
        "key parts of the record key stand in no fixed order: take the key from entity",
        "tables without primary key share one record key, so one partition",
        "to repair rows: delete them from the table and its memory, then run backfill.sh for that table",
      ])
  }

  var risks: [PlanRisk] {
    [
      PlanRisk(
        code: "spinaltap-unmaintained",
        text:
          "SpinalTap was last changed in June 2024 and needs Thrift 0.9.3 to build; messages carry no authentication, there is no copy of old rows and "
          + "no lag metric in the database: choose --cdc debezium unless SpinalTap runs here already", evidence: [])
    ]
  }
}
