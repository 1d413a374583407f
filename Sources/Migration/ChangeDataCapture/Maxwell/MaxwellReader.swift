/// Maxwell: one process that reads the binary log and writes JSON to a broker.
struct MaxwellReader: LogReader {
  let site: CaptureSite

  private var text: SQLText { site.text }
  private var broker: Broker { site.context.broker }
  /// Where Maxwell keeps schemas and positions.
  private var state: String { BinlogLogin(site: site).ownDatabase ?? "" }
  private var client: String { site.name }

  func files() -> [(name: String, contents: String)] { [("\(site.label)/config.properties", properties())] }

  private func properties() -> String {
    PropertiesText.document(
      [
        ("env_config_prefix", "CLEAVE_MAXWELL_"), ("host", "\(site.side.rawValue)-db"), ("port", "3306"),
        ("user", site.names.captureRole), ("ssl", "PREFERRED"), ("schema_database", state), ("client_id", client),
        ("replica_server_id", String(site.serverID)), ("gtid_mode", "false"), ("filter", filter()),
        ("ignore_missing_schema", "false"), ("bootstrapper", "async"), ("ignore_producer_error", "false"),
        ("producer_ack_timeout", "60000"),
      ] + producer() + [
        ("output_primary_keys", "true"), ("output_primary_key_columns", "true"), ("output_binlog_position", "true"),
        ("output_commit_info", "true"), ("output_xoffset", "true"), ("output_nulls", "true"), ("output_ddl", "false"),
      ],
      comment: "CLEAVE_MAXWELL_PASSWORD in the environment is the password of \(site.names.captureRole)\n"
        + "no javascript and no exclude_columns: both change or drop rows on the way")
  }

  private func producer() -> [(key: String, value: String)] {
    if broker == .redis {
      return [
        ("producer", "redis"), ("redis_host", "redis"), ("redis_port", "6379"), ("redis_type", "xadd"),
        ("redis_key", "\(site.topicPrefix).%{database}.%{table}"), ("redis_stream_json_key", "value"),
      ]
    }
    return [
      ("producer", "kafka"), ("kafka.bootstrap.servers", "kafka:9092"), ("kafka.acks", "all"),
      ("kafka.retries", "2147483647"), ("kafka.enable.idempotence", "true"),
      ("kafka.max.in.flight.requests.per.connection", "1"),
      ("kafka_topic", "\(site.topicPrefix).%{database}.%{table}"), ("kafka_key_format", "hash"),
      ("kafka_partition_hash", "murmur3"), ("dead_letter_topic", "\(site.name)-too-large"),
      ("producer_partition_by", "primary_key"),
    ]
  }

  /// Everything is left out, then exactly these tables are taken.
  private func filter() -> String {
    (["exclude: *.*"] + site.included.map { "include: \(word($0.schema)).\(word($0.name))" }).joined(separator: ", ")
  }

  /// A name in the filter: a regular expression between backticks, in which the backslash escapes.
  private func word(_ name: String) -> String {
    let pattern = RegexText.escaped(name)
    return "`" + pattern.replacing("\\", with: "\\\\").replacing("`", with: "\\`") + "`"
  }

  func start(_ main: String) -> PlanAction {
    .manual(
      "start bin/maxwell --config \(main), one process watched by a supervisor; its tables in \(state) tell that it runs"
    )
  }

  func change(_ main: String) -> PlanAction {
    .manual("stop Maxwell \(client), put \(main) in its place and start it again: it goes on where it stopped")
  }

  func stop() -> PlanAction { .manual("stop Maxwell \(client)") }

  func jobs() -> [(name: String, sql: String)] {
    let positions = text.table(PlacedName(schema: state, name: "positions"))
    let lag = """
      SELECT client_id, binlog_file, binlog_position,
        round(unix_timestamp(now(3)) * 1000) - last_heartbeat_read AS milliseconds_behind
      FROM \(positions) WHERE client_id = \(text.literal(client));
      """
    return site.isForward ? [("bootstrap", bootstrap()), ("lag", lag)] : [("lag", lag)]
  }

  /// Copies whole tables while changes wait; a process that dies begins the table again.
  private func bootstrap() -> String {
    let table = text.table(PlacedName(schema: state, name: "bootstrap"))
    let rows = site.tables.filter { $0.table != nil && $0.place != site.context.fence }.map { captured in
      "INSERT INTO \(table) (database_name, table_name, client_id)\nVALUES (\(text.literal(captured.place.schema)), \(text.literal(captured.place.name)), \(text.literal(client)));"
    }
    return (["-- once Maxwell has made its tables; is_complete of the row tells that a table is copied"] + rows).joined(
      separator: "\n")
  }

  func copy(into draft: inout StepDraft) {
    guard site.isForward else { return }
    draft.act(
      .manual(
        "once Maxwell has started, run job-bootstrap.\(site.side.rawValue).sql: it copies the rows that were there before"
      ))
  }

  var preconditions: [String] {
    [
      "the login \(site.names.captureRole) has a password known to Maxwell only",
      "topics exist: Maxwell learns their partitions when it starts",
    ]
  }

  func topic(_ place: PlacedName) -> String { "\(site.topicPrefix).\(place.schema).\(place.name)" }

  var shape: MessageShape {
    MessageShape(
      version:
        "number in the file name of position * 10^24 + its offset * 10^12 + xoffset, 0 without xoffset; 0 for type bootstrap-insert",
      mapping: [
        (
          "message",
          broker == .redis
            ? "field value of the stream entry, JSON"
            : "the value of the record, JSON; table names it when topics are shared"
        ),
        ("operation", "type: insert and bootstrap-insert insert, update updates, delete deletes"),
        ("row", "data: all columns; primary_key and primary_key_columns tell the key"),
        ("absent", "nothing: rows are logged whole (binlog_row_image FULL)"),
        ("bytes", "binary columns are texts in base64"),
      ],
      rules: [
        "an update of key columns arrives as one update: old holds the former values, so delete that key and insert the new one",
        "ignore types bootstrap-start and bootstrap-complete and every type that begins with table- or database-",
        "a table without primary key: what the plan takes as key stands in data",
        "to repair rows: delete them from the table and its memory, then bootstrap the table again",
        "\(site.name)-too-large holds keys of rows too large for the broker: copy them by hand, a row there is a gap in the copy",
      ])
  }

  var risks: [PlanRisk] {
    [
      PlanRisk(
        code: "maxwell-one-process",
        text:
          "Maxwell is one process: while it is down nothing is captured, and a binary log purged meanwhile means a new copy; "
          + "lost rows were reported upstream even with acks=all (#1443), so the comparison of S7 is not optional",
        evidence: [])
    ]
  }
}
