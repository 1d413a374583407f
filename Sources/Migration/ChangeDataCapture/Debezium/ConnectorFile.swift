/// Debezium settings: keys and values as the 3.6 connectors take them.
struct ConnectorFile {
  let site: CaptureSite
  /// `initial` copies all rows first, `no_data` begins with the changes.
  var snapshot = "initial"

  typealias Setting = (key: String, value: String)

  private var names: ObjectNames { site.names }
  private var text: SQLText { site.text }
  private var broker: Broker { site.context.broker }

  /// The file for Kafka Connect.
  func json() -> String { JSONText.connector(name: site.name, settings: source() + converters() + router(to: "")) }

  /// What every form of the connector is told, without converters and router.
  func source() -> [Setting] {
    let engine: [Setting] =
      switch text.engine {
      case .postgres: slot()
      case .mysql, .mariadb: binlog() + history()
      case .sqlserver: changeTables() + history()
      case .oracle: logMiner() + history()
      }
    return connection() + engine + tables() + values() + liveness()
  }

  private func connection() -> [Setting] {
    let (type, port): (DebeziumRules.Connector, Int) =
      switch text.engine {
      case .postgres: (.postgres, 5432)
      case .mysql: (.mysql, 3306)
      case .mariadb: (.mariadb, 3306)
      case .sqlserver: (.sqlserver, 1433)
      // The connector's own default is 1528.
      case .oracle: (.oracle, 1521)
      }
    return [
      ("connector.class", type.rawValue), ("tasks.max", "1"), ("topic.prefix", site.topicPrefix),
      ("database.hostname", "\(site.side.rawValue)-db"), ("database.port", String(port)),
      ("database.user", text.engine == .oracle ? OracleCapture(site: site).commonUser : site.login),
      ("database.password", password),
    ]
  }

  /// Secrets come from where the process runs.
  private var password: String {
    switch broker {
    case .kafka, .none: "${file:/etc/cleave/\(names.slug).properties:\(site.side.rawValue).password}"
    case .redis, .rocketmq: "${CLEAVE_\(site.side.rawValue.uppercased())_PASSWORD}"
    }
  }

  private func slot() -> [Setting] {
    [
      ("database.dbname", site.database), ("database.sslmode", "prefer"), ("plugin.name", "pgoutput"),
      ("slot.name", site.slot), ("slot.drop.on.stop", "false"), ("publication.name", site.publication),
      ("publication.autocreate.mode", "disabled"), ("unavailable.value.placeholder", "__debezium_unavailable_value"),
      ("schema.include.list", list(Set(site.included.map(\.schema)).sorted())),
    ]
  }

  private func binlog() -> [Setting] {
    [
      ("database.server.id", String(site.serverID)),
      ("database.include.list", list(Set(site.included.map(\.schema)).sorted())),
      ("database.ssl.mode", text.engine == .mariadb ? "disable" : "preferred"),
      ("include.schema.changes", "false"), ("snapshot.locking.mode", "minimal"),
      ("bigint.unsigned.handling.mode", "precise"), ("event.deserialization.failure.handling.mode", "fail"),
      ("inconsistent.schema.handling.mode", "fail"),
      ("schema.history.internal.store.only.captured.tables.ddl", "true"),
    ]
  }

  private func changeTables() -> [Setting] {
    [
      ("database.names", site.database), ("data.query.mode", "direct"), ("snapshot.isolation.mode", "snapshot"),
      ("include.schema.changes", "false"), ("max.iteration.transactions", "500"), ("driver.encrypt", "true"),
      ("driver.trustServerCertificate", "false"),
    ]
  }

  private func logMiner() -> [Setting] {
    [
      ("database.dbname", environment("CLEAVE_ORACLE_CDB")), ("database.pdb.name", OracleCapture.pluggable(site)),
      ("database.connection.adapter", "logminer"), ("log.mining.strategy", "online_catalog"),
      ("log.mining.query.filter.mode", "in"), ("log.mining.transaction.retention.ms", "0"), ("lob.enabled", "true"),
      ("include.schema.changes", "false"), ("snapshot.locking.mode", "shared"),
      ("unavailable.value.placeholder", "__debezium_unavailable_value"),
    ]
  }

  /// A value the process finds in its environment.
  private func environment(_ name: String) -> String {
    switch broker {
    case .kafka, .none: "${env:\(name)}"
    case .redis, .rocketmq: "${\(name)}"
    }
  }

  /// Where the connector remembers which columns tables had when.
  private func history() -> [Setting] {
    let key = "schema.history.internal"
    switch broker {
    case .kafka:
      return [
        (key, "io.debezium.storage.kafka.history.KafkaSchemaHistory"),
        ("\(key).kafka.bootstrap.servers", "${env:CLEAVE_KAFKA}"),
        ("\(key).kafka.topic", "\(site.name)-schema-history"),
      ]
    case .redis:
      return [
        (key, "io.debezium.storage.redis.history.RedisSchemaHistory"), ("\(key).redis.address", "${CLEAVE_REDIS}"),
        ("\(key).redis.key", "cleave:\(site.name):schema-history"),
      ]
    case .rocketmq, .none:
      return [
        (key, "io.debezium.storage.file.history.FileSchemaHistory"),
        ("\(key).file.filename", "\(environment("CLEAVE_STATE"))/\(site.name)-history.jsonl"),
      ]
    }
  }

  private func tables() -> [Setting] {
    let keyed = site.tables.compactMap { table in
      table.messageKey.map { "\(site.pattern(table.place)):\($0.joined(separator: ","))" }
    }
    return [("table.include.list", site.included.map(site.pattern).joined(separator: ","))]
      + (keyed.isEmpty ? [] : [("message.key.columns", keyed.joined(separator: ";"))]) + [
        ("snapshot.mode", snapshot), ("notification.enabled.channels", "log"),
      ] + (site.isEvents ? [] : signals())
  }

  /// How tables are copied again while changes go on; an outbox has nothing to copy.
  private func signals() -> [Setting] {
    [
      ("signal.data.collection", site.collection(site.signal)), ("signal.enabled.channels", "source"),
      ("incremental.snapshot.chunk.size", "1024"), ("incremental.snapshot.watermarking.strategy", "insert_delete"),
    ]
  }

  /// Values travel as text where binary floating point would change them.
  private func values() -> [Setting] {
    [
      ("decimal.handling.mode", "string"), ("time.precision.mode", "isostring"), ("binary.handling.mode", "hex"),
    ] + intervals + [
      // They let a Kafka topic be compacted; elsewhere they would be messages without a body.
      ("tombstones.on.delete", !site.isEvents && (broker == .kafka || broker == .none) ? "true" : "false"),
      ("extended.headers.enabled", "false"),
      ("event.processing.failure.handling.mode", "fail"),
    ]
  }

  /// As numbers, months and days would become a count of microseconds.
  private var intervals: [Setting] {
    switch text.engine {
    case .postgres, .oracle: [("interval.handling.mode", "string")]
    case .mysql, .mariadb, .sqlserver: []
    }
  }

  /// Kafka Connect turns values into bytes with these; engine and server have formats instead.
  private func converters() -> [Setting] {
    if site.isEvents {
      // Key and payload are texts already: another converter would put them into quotes.
      let text = "org.apache.kafka.connect.storage.StringConverter"
      return [("key.converter", text), ("value.converter", text)]
    }
    let json = "org.apache.kafka.connect.json.JsonConverter"
    return [
      ("key.converter", json), ("key.converter.schemas.enable", "false"), ("value.converter", json),
      ("value.converter.schemas.enable", "false"),
    ]
  }

  private func liveness() -> [Setting] {
    let beat = text.upsert(into: site.heartbeat, keys: ["id"], values: [("id", "1"), ("ts", text.now)])
    return [
      // Every change waits for the next look, and writers wait for the fence of a cutover.
      ("poll.interval.ms", "100"), ("heartbeat.interval.ms", "5000"),
      // One line, without the semicolon: it goes through a driver.
      ("heartbeat.action.query", beat.split(separator: "\n").joined(separator: " ").trimmingSemicolon()),
      ("errors.max.retries", "-1"), ("retriable.restart.connector.wait.ms", "10000"),
    ]
  }

  /// Rows of the outbox become events; the heartbeat table is kept out of the topics.
  ///
  /// - Parameter prefix: what stands before every key.
  func router(to prefix: String) -> [Setting] {
    guard let outbox = site.outbox else { return [] }
    func topic(_ table: PlacedName) -> String {
      let database = text.engine == .sqlserver ? "\(RegexText.escaped(site.database))\\." : ""
      return RegexText.escaped("\(site.topicPrefix).") + database + site.pattern(table)
    }
    let predicate = "org.apache.kafka.connect.transforms.predicates.TopicNameMatches"
    let settings: [Setting] =
      EventLog(context: site.context).router(prefix: "transforms.outbox.", predicate: "isOutbox") + [
        ("transforms", "quiet,outbox"), ("transforms.quiet.type", "org.apache.kafka.connect.transforms.Filter"),
        ("transforms.quiet.predicate", "isHeartbeat"), ("predicates", "isOutbox,isHeartbeat"),
        ("predicates.isOutbox.type", predicate), ("predicates.isOutbox.pattern", topic(outbox)),
        ("predicates.isHeartbeat.type", predicate), ("predicates.isHeartbeat.pattern", topic(site.heartbeat)),
      ]
    return settings.map { (prefix + $0.key, $0.value) }
  }

  private func list(_ names: [String]) -> String { names.map { RegexText.escaped($0) }.joined(separator: ",") }
}

extension String {
  /// The text without a semicolon at its end.
  fileprivate func trimmingSemicolon() -> String { hasSuffix(";") ? String(dropLast()) : self }
}
