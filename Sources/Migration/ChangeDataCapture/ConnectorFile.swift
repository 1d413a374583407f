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
    let signal: PlacedName
    let heartbeat: PlacedName
    let outbox: PlacedName?
    let slot: String
    let publication: String
    let snapshot: String
  }

  /// The stream from the monolith's database into the service's own.
  func forward(tables: [PlannedTable], snapshot: String = "initial") -> String {
    let stream = Stream(
      name: names.connector, prefix: names.topicPrefix, side: PlanSide.source.rawValue, database: context.databaseName,
      tables: tables.map { ($0.source, $0.lacksPrimaryKey ? $0.key.columns : nil) }, signal: context.signal,
      heartbeat: context.heartbeat, outbox: context.hasLogOutbox ? context.outboxTable : nil, slot: names.slot,
      publication: names.publication, snapshot: snapshot)
    return file(stream)
  }

  /// The stream back, from the service's own database into the old tables.
  func reverse() -> String {
    let stream = Stream(
      name: names.reverseConnector, prefix: names.reverseTopicPrefix, side: PlanSide.target.rawValue,
      database: names.target, tables: context.own.map { ($0.target, nil) },
      signal: names.targetTable("cleave_signal"), heartbeat: names.targetTable("cleave_heartbeat"),
      outbox: context.hasLogOutbox ? names.targetTable("outbox") : nil, slot: names.reverseSlot,
      publication: names.reversePublication, snapshot: "no_data")
    return file(stream)
  }

  private func file(_ stream: Stream) -> String {
    let settings =
      connection(stream) + (isMySQL ? binlog(stream) : slot(stream)) + tables(stream) + values() + liveness(stream)
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
      ("database.user", names.captureRole),
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
    stream.tables.map(\.name) + [stream.signal, stream.heartbeat] + (stream.outbox.map { [$0] } ?? [])
  }

  private func tables(_ stream: Stream) -> [Setting] {
    let included = names(of: stream).map { "\($0.schema).\($0.name)" }
    let keyed = stream.tables.compactMap { table in
      table.key.map { "\(RegexText.escaped("\(table.name.schema).\(table.name.name)")):\($0.joined(separator: ","))" }
    }
    return [("table.include.list", list(included))]
      + (keyed.isEmpty ? [] : [("message.key.columns", keyed.joined(separator: ";"))]) + [
        ("snapshot.mode", stream.snapshot), ("signal.data.collection", "\(stream.signal.schema).\(stream.signal.name)"),
        ("signal.enabled.channels", "source"), ("incremental.snapshot.chunk.size", "1024"),
        ("incremental.snapshot.watermarking.strategy", "insert_delete"),
        ("notification.enabled.channels", "log"),
      ]
  }

  /// Values travel as text where binary floating point would change them.
  private func values() -> [Setting] {
    [
      ("decimal.handling.mode", "string"), ("time.precision.mode", "isostring"), ("binary.handling.mode", "hex"),
      ("tombstones.on.delete", "true"), ("key.converter", "org.apache.kafka.connect.json.JsonConverter"),
      ("key.converter.schemas.enable", "false"), ("value.converter", "org.apache.kafka.connect.json.JsonConverter"),
      ("value.converter.schemas.enable", "false"), ("extended.headers.enabled", "false"),
      ("event.processing.failure.handling.mode", "fail"),
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

  /// Rows of the outbox become events; everything else passes by untouched.
  private func router(_ stream: Stream) -> [Setting] {
    guard let outbox = stream.outbox else { return [] }
    let topic = RegexText.escaped("\(stream.prefix).\(outbox.schema).\(outbox.name)")
    let router = "transforms.outbox."
    return [
      ("transforms", "outbox"), (router + "type", "io.debezium.transforms.outbox.EventRouter"),
      (router + "predicate", "isOutbox"), (router + "table.field.event.id", "id"),
      (router + "table.field.event.key", "aggregateid"), (router + "table.field.event.payload", "payload"),
      (router + "table.fields.additional.placement", "type:header:eventType"),
      // Expanding loses empty arrays and nulls; the text travels as it is.
      (router + "table.expand.json.payload", "false"), (router + "table.op.invalid.behavior", "fatal"),
      (router + "route.by.field", "aggregatetype"), (router + "route.topic.replacement", "${routedByValue}.events"),
      ("predicates", "isOutbox"),
      ("predicates.isOutbox.type", "org.apache.kafka.connect.transforms.predicates.TopicNameMatches"),
      ("predicates.isOutbox.pattern", topic),
    ]
  }

  private func list(_ names: [String]) -> String { names.map { RegexText.escaped($0) }.joined(separator: ",") }
}
