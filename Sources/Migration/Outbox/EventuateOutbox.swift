/// The tables of Eventuate Tram and the settings of the CDC service that publishes them.
struct EventuateOutbox {
  let context: GroupContext

  private var names: ObjectNames { context.names }

  /// Table names are fixed: in the service's own database they get a schema of their own, so that none is taken.
  private func schema(on side: PlanSide) -> String {
    side == .source ? names.helper : Naming.shortened("\(names.slug)_tram")
  }

  private func place(_ name: String, on side: PlanSide) -> PlacedName {
    PlacedName(schema: schema(on: side), name: name)
  }

  /// What producers and consumers write.
  func producerPlaces(on side: PlanSide) -> [PlacedName] {
    ["message", "received_messages"].map { place($0, on: side) }
  }

  /// What the CDC service keeps for itself.
  func readerPlaces(on side: PlanSide) -> [PlacedName] {
    ["offset_store", "cdc_monitoring"].map { place($0, on: side) }
  }

  /// The login of the CDC service: it publishes, cleans up and keeps its position.
  func login(on side: PlanSide) -> Script {
    let text = context.text(on: side)
    let isReadingLog = Self.readerType(text.engine) != "polling"
    return RelayLogin(context: context).script(
      on: side,
      grants: producerPlaces(on: side).map { ("SELECT, UPDATE, DELETE", $0) }
        + readerPlaces(on: side).map { ("SELECT, INSERT, UPDATE, DELETE", $0) },
      attributes: isReadingLog ? "REPLICATION" : "", isReadingLog: isReadingLog)
  }

  /// The scripts of a side.
  func scripts(on side: PlanSide) -> [(name: String, script: Script)] {
    let text = context.text(on: side)
    let schemas = side == .source ? [] : [("tram-schema", text.namespace(schema(on: side)))]
    return schemas + [("tram-tables", tables(on: side))]
  }

  /// Types and lengths as the project's own scripts have them, widened where an offset would not fit.
  private func tables(on side: PlanSide) -> Script {
    let text = context.text(on: side)
    let long = text.type(.longText)
    let bodies = [
      (
        "message",
        [
          "id \(key(text)) NOT NULL PRIMARY KEY", "destination \(long) NOT NULL", "headers \(long) NOT NULL",
          "payload \(long) NOT NULL", "published smallint DEFAULT 0", "message_partition smallint",
          "creation_time \(text.type(.bigint))",
        ]
      ),
      (
        "received_messages",
        [
          "consumer_id \(key(text)) NOT NULL", "message_id \(key(text)) NOT NULL",
          "creation_time \(text.type(.bigint))", "published smallint DEFAULT 0",
          "PRIMARY KEY (consumer_id, message_id)",
        ]
      ),
      ("offset_store", ["client_name \(text.type(.text(255))) NOT NULL PRIMARY KEY", "serialized_offset \(long)"]),
      ("cdc_monitoring", ["reader_id \(key(text)) NOT NULL PRIMARY KEY", "last_time \(text.type(.bigint))"]),
    ]
    let create = bodies.map { text.createTable(place($0.0, on: side), $0.1) }
    let index = "CREATE INDEX message_published_idx ON \(text.table(place("message", on: side))) (published, id);"
    return Script(
      up: (create + [index]).joined(separator: "\n"),
      down: bodies.reversed().map { "DROP TABLE \(text.table(place($0.0, on: side)));" }.joined(separator: "\n"))
  }

  /// Keys of PostgreSQL are as long as upstream has them; elsewhere two of them have to fit one index.
  private func key(_ text: SQLText) -> String {
    switch text.engine {
    case .postgres: text.type(.text(1000))
    case .mysql, .mariadb, .oracle: text.type(.text(255))
    case .sqlserver: text.type(.text(200))
    }
  }

  /// The environment of the CDC service: one reader and one pipeline per service, nothing shared with another one.
  func environment(on side: PlanSide) -> String {
    let engine = context.text(on: side).engine
    let reader = "EVENTUATE_CDC_READER_READER1_"
    let settings: [(String, String)] =
      [
        ("EVENTUATELOCAL_KAFKA_BOOTSTRAP_SERVERS", "${CLEAVE_KAFKA}"),
        ("EVENTUATELOCAL_ZOOKEEPER_CONNECTION_STRING", "${CLEAVE_ZOOKEEPER}"),
        (reader + "TYPE", Self.readerType(engine)), (reader + "DATASOURCEURL", url(on: side)),
        (reader + "DATASOURCEUSERNAME", names.relayRole), (reader + "DATASOURCEPASSWORD", "${CLEAVE_RELAY_PASSWORD}"),
        (reader + "DATASOURCEDRIVERCLASSNAME", Self.driver(engine)),
        (reader + "LEADERSHIPLOCKPATH", "/eventuate/cdc/leader/\(names.slug)-\(side.rawValue)"),
        (reader + "OUTBOXID", String(names.serverID("\(names.slug)-\(side.rawValue)-tram"))),
      ] + log(engine, reader, side) + [
        ("EVENTUATE_CDC_PIPELINE_PIPELINE1_TYPE", "eventuate-tram"),
        ("EVENTUATE_CDC_PIPELINE_PIPELINE1_READER", "READER1"),
        ("EVENTUATE_CDC_PIPELINE_PIPELINE1_EVENTUATEDATABASESCHEMA", schema(on: side)),
        ("EVENTUATE_CDC_CLEANER_CLEANER1_PIPELINE", "PIPELINE1"),
        ("EVENTUATE_CDC_CLEANER_CLEANER1_MESSAGE_CLEANING_ENABLED", "true"),
        ("EVENTUATE_CDC_CLEANER_CLEANER1_MESSAGES_MAX_AGE_IN_SECONDS", "604800"),
        ("EVENTUATE_CDC_CLEANER_CLEANER1_RECEIVED_MESSAGE_CLEANING_ENABLED", "true"),
        ("EVENTUATE_CDC_CLEANER_CLEANER1_RECEIVED_MESSAGES_MAX_AGE_IN_SECONDS", "2592000"),
        ("EVENTUATE_CDC_CLEANER_CLEANER1_INTERVAL_IN_SECONDS", "60"),
      ]
    return EnvironmentText.document(
      settings,
      comment: engine == .postgres
        ? "The reader needs the output plugin wal2json on the database server (Debian: postgresql-15-wal2json).\n"
          + "A slot nobody reads keeps every log segment: drop both slots with the reader."
        : "")
  }

  private static func readerType(_ engine: PlanEngine) -> String {
    switch engine {
    case .postgres: "postgres-wal"
    case .mysql, .mariadb: "mysql-binlog"
    case .sqlserver, .oracle: "polling"
    }
  }

  private static func driver(_ engine: PlanEngine) -> String {
    switch engine {
    case .postgres: "org.postgresql.Driver"
    case .mysql: "com.mysql.cj.jdbc.Driver"
    case .mariadb: "org.mariadb.jdbc.Driver"
    case .sqlserver: "com.microsoft.sqlserver.jdbc.SQLServerDriver"
    case .oracle: "oracle.jdbc.OracleDriver"
    }
  }

  private func url(on side: PlanSide) -> String {
    let host = "\(side.rawValue)-db"
    let database = side == .source ? context.databaseName : names.target
    switch context.text(on: side).engine {
    case .postgres: return "jdbc:postgresql://\(host):5432/\(database)"
    case .mysql: return "jdbc:mysql://\(host):3306/\(schema(on: side))"
    case .mariadb: return "jdbc:mariadb://\(host):3306/\(schema(on: side))"
    case .sqlserver: return "jdbc:sqlserver://\(host):1433;databaseName=\(database)"
    case .oracle: return "jdbc:oracle:thin:@\(host):1521/\(database)"
    }
  }

  private func log(_ engine: PlanEngine, _ reader: String, _ side: PlanSide) -> [(String, String)] {
    let stem = side == .source ? names.slug : "\(names.slug)_own"
    switch engine {
    case .postgres:
      // Both slots have fixed names by default: two services on one server would share them and lose messages.
      return [
        (reader + "POSTGRESREPLICATIONSLOTNAME", "eventuate_\(stem)"),
        (reader + "ADDITIONALSERVICEREPLICATIONSLOTNAME", "eventuate_offset_\(stem)"),
        (reader + "MONITORINGSCHEMA", schema(on: side)),
      ]
    case .mysql, .mariadb:
      return [
        (reader + "CDCDBUSERNAME", names.relayRole), (reader + "CDCDBPASSWORD", "${CLEAVE_RELAY_PASSWORD}"),
        (reader + "READOLDDEBEZIUMDBOFFSETSTORAGETOPIC", "false"),
        (reader + "MYSQLBINLOGCLIENTUNIQUEID", String(names.serverID("\(stem)-tram-binlog"))),
        (reader + "OFFSETSTOREKEY", "\(names.slug)-\(side.rawValue)"),
        (reader + "MONITORINGSCHEMA", schema(on: side)),
      ]
    case .sqlserver, .oracle:
      return [
        (reader + "POLLINGINTERVALINMILLISECONDS", "500"), (reader + "MAXEVENTSPERPOLLING", "1000"),
        (reader + "MAXATTEMPTSFORPOLLING", "100"),
      ]
    }
  }
}

/// Writes files of environment variables as containers read them: `NAME=value`, one a line.
enum EnvironmentText {
  /// The lines in the order given; values hold no line breaks.
  static func document(_ settings: [(name: String, value: String)], comment: String) -> String {
    let head = comment.split(separator: "\n").map { "# \($0)" }
    let lines = settings.map { name, value in
      "\(name)=\(String(value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : Character($0) }))"
    }
    return (head + lines).joined(separator: "\n") + "\n"
  }
}
