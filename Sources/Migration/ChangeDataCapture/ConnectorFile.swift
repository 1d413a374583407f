/// Debezium connector files: keys and values as the 3.6 connectors take them.
struct ConnectorFile {
  let context: GroupContext

  private typealias Setting = (key: String, value: String)

  private var names: ObjectNames { context.names }
  private var isMySQL: Bool { context.text.isMySQL }

  /// What differs between the streams.
  private struct Stream {
    let name: String
    let prefix: String
    let side: String
    let database: String
    let tables: [(name: PlacedName, key: [String]?)]
    /// Nothing for a stream of events, which has no rows to copy again.
    let signal: PlacedName?
    let heartbeat: PlacedName
    let outbox: PlacedName?
    let login: String
    let slot: String
    let publication: String
    let snapshot: String
  }

  /// The stream from the monolith's database into the service's own.
  func forward(tables: [PlannedTable], snapshot: String = "initial") -> String {
    let stream = Stream(
      name: names.connector, prefix: names.topicPrefix, side: PlanSide.source.rawValue, database: context.databaseName,
      tables: tables.map { ($0.source, $0.lacksPrimaryKey ? $0.key.columns : nil) }, signal: context.signal,
      heartbeat: context.heartbeat, outbox: nil, login: names.captureRole, slot: names.slot,
      publication: names.publication, snapshot: snapshot)
    return file(stream)
  }

  /// The stream back, from the service's own database into the old tables.
  func reverse() -> String {
    let stream = Stream(
      name: names.reverseConnector, prefix: names.reverseTopicPrefix, side: PlanSide.target.rawValue,
      database: names.target, tables: context.own.map { ($0.target, nil) },
      signal: names.targetTable("cleave_signal"), heartbeat: names.targetTable("cleave_heartbeat"),
      outbox: nil, login: names.captureRole, slot: names.reverseSlot,
      publication: names.reversePublication, snapshot: "no_data")
    return file(stream)
  }

  /// The stream of events out of the outbox on `side`: a connector of its own, as it stays when the migration is over.
  func events(on side: PlanSide) -> String {
    let log = EventLog(context: context)
    return file(
      Stream(
        name: names.eventConnector(on: side), prefix: names.eventConnector(on: side), side: side.rawValue,
        database: side == .source ? context.databaseName : names.target, tables: [], signal: nil,
        heartbeat: log.heartbeat(on: side), outbox: log.outbox(on: side), login: names.relayRole,
        slot: names.eventSlot(on: side), publication: names.eventSlot(on: side), snapshot: "no_data"))
  }

  private func file(_ stream: Stream) -> String {
    let settings =
      connection(stream) + (isMySQL ? binlog(stream) : slot(stream)) + tables(stream) + values(stream)
      + liveness(stream)
      + router(stream)
    return JSONText.connector(name: stream.name, settings: settings)
  }

  private func connection(_ stream: Stream) -> [Setting] {
    let type =
      switch context.text.engine {
      case .mariadb: "io.debezium.connector.mariadb.MariaDbConnector"
      case .mysql: "io.debezium.connector.mysql.MySqlConnector"
      case .postgres, .sqlserver, .oracle: "io.debezium.connector.postgresql.PostgresConnector"
      }
    return [
      ("connector.class", type), ("tasks.max", "1"), ("topic.prefix", stream.prefix),
      ("database.hostname", "\(stream.side)-db"),
      ("database.port", isMySQL ? "3306" : "5432"),
      ("database.user", stream.login),
      ("database.password", "${file:/etc/cleave/\(names.slug).properties:\(stream.side).password}"),
    ]
  }

  private func slot(_ stream: Stream) -> [Setting] {
    [
      ("database.dbname", stream.database), ("database.sslmode", "prefer"), ("plugin.name", "pgoutput"),
      ("slot.name", stream.slot), ("slot.drop.on.stop", "false"), ("publication.name", stream.publication),
      ("publication.autocreate.mode", "disabled"), ("unavailable.value.placeholder", "__debezium_unavailable_value"),
      ("schema.include.list", list(Set(names(of: stream).map(\.schema)).sorted())),
    ]
  }

  private func binlog(_ stream: Stream) -> [Setting] {
    let settings: [Setting] = [
      ("database.server.id", String(names.serverID(stream.name))),
      ("database.include.list", list(Set(names(of: stream).map(\.schema)).sorted())),
      ("database.ssl.mode", context.text.engine == .mariadb ? "disable" : "preferred"),
      ("include.schema.changes", "false"), ("snapshot.locking.mode", "minimal"),
      ("bigint.unsigned.handling.mode", "precise"), ("event.deserialization.failure.handling.mode", "fail"),
      ("inconsistent.schema.handling.mode", "fail"),
    ]
    if context.broker == .none {
      return settings + [
        ("schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory"),
        ("schema.history.internal.file.filename", "${env:CLEAVE_STATE}/\(stream.name)-history.jsonl"),
      ]
    }
    return settings + [
      ("schema.history.internal.kafka.bootstrap.servers", "${env:CLEAVE_KAFKA}"),
      ("schema.history.internal.kafka.topic", "\(stream.name)-schema-history"),
    ]
  }

  private func names(of stream: Stream) -> [PlacedName] {
    stream.tables.map(\.name) + [stream.signal, stream.heartbeat, stream.outbox].compactMap { $0 }
  }

  private func tables(_ stream: Stream) -> [Setting] {
    let included = names(of: stream).map { "\($0.schema).\($0.name)" }
    let keyed = stream.tables.compactMap { table in
      table.key.map { "\(RegexText.escaped("\(table.name.schema).\(table.name.name)")):\($0.joined(separator: ","))" }
    }
    return [("table.include.list", list(included))]
      + (keyed.isEmpty ? [] : [("message.key.columns", keyed.joined(separator: ";"))]) + [
        ("snapshot.mode", stream.snapshot), ("notification.enabled.channels", "log"),
      ]
      + (stream.signal.map { signal in
        [
          ("signal.data.collection", "\(signal.schema).\(signal.name)"),
          ("signal.enabled.channels", "source"), ("incremental.snapshot.chunk.size", "1024"),
          ("incremental.snapshot.watermarking.strategy", "insert_delete"),
        ]
      } ?? [])
  }

  /// Values travel as text where binary floating point would change them.
  private func values(_ stream: Stream) -> [Setting] {
    let converters: [Setting] =
      stream.outbox == nil
      ? [
        ("tombstones.on.delete", "true"), ("key.converter", "org.apache.kafka.connect.json.JsonConverter"),
        ("key.converter.schemas.enable", "false"), ("value.converter", "org.apache.kafka.connect.json.JsonConverter"),
        ("value.converter.schemas.enable", "false"),
      ]
      // Key and payload are texts already: another converter would put them into quotes.
      : [
        ("tombstones.on.delete", "false"), ("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
        ("value.converter", "org.apache.kafka.connect.storage.StringConverter"),
      ]
    return [
      ("decimal.handling.mode", "string"), ("time.precision.mode", "isostring"), ("binary.handling.mode", "hex"),
    ] + converters + [
      ("extended.headers.enabled", "false"), ("event.processing.failure.handling.mode", "fail"),
    ]
  }

  private func liveness(_ stream: Stream) -> [Setting] {
    let table = context.text.table(stream.heartbeat)
    let beat =
      isMySQL
      ? "INSERT INTO \(table) (id, ts) VALUES (1, utc_timestamp(6)) ON DUPLICATE KEY UPDATE ts = VALUES(ts)"
      : "INSERT INTO \(table) (id, ts) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET ts = EXCLUDED.ts"
    return [
      ("heartbeat.interval.ms", "5000"), ("heartbeat.action.query", beat), ("errors.max.retries", "-1"),
      ("retriable.restart.connector.wait.ms", "10000"),
    ]
  }

  /// Rows of the outbox become events; the heartbeat table is kept out of the topics.
  private func router(_ stream: Stream) -> [Setting] {
    guard let outbox = stream.outbox else { return [] }
    func topic(_ table: PlacedName) -> String { RegexText.escaped("\(stream.prefix).\(table.schema).\(table.name)") }
    let predicate = "org.apache.kafka.connect.transforms.predicates.TopicNameMatches"
    return EventLog(context: context).router(prefix: "transforms.outbox.", predicate: "isOutbox") + [
      ("transforms", "quiet,outbox"), ("transforms.quiet.type", "org.apache.kafka.connect.transforms.Filter"),
      ("transforms.quiet.predicate", "isHeartbeat"), ("predicates", "isOutbox,isHeartbeat"),
      ("predicates.isOutbox.type", predicate), ("predicates.isOutbox.pattern", topic(outbox)),
      ("predicates.isHeartbeat.type", predicate), ("predicates.isHeartbeat.pattern", topic(stream.heartbeat)),
    ]
  }

  private func list(_ names: [String]) -> String { names.map { RegexText.escaped($0) }.joined(separator: ",") }
}
