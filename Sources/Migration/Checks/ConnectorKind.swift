extension ConfigFileKind {
  /// A connector of Kafka Connect.
  static let connector = ConfigFileKind(
    name: "Kafka Connect connector", format: .connector,
    matches: { path in
      path.hasSuffix("-forward.json") || path.hasSuffix("-forward-whole.json") || path.hasSuffix("-reverse.json")
    },
    layers: { DebeziumRules.layers($0, prefix: "") },
    rules: { DebeziumRules.rules($0, prefix: "") })
}

/// Which keys a Debezium source takes and what it has to be told, by its class and what it refers to.
enum DebeziumRules {
  /// The short name of a connector class the lists know.
  enum Connector: String, CaseIterable {
    case postgres = "io.debezium.connector.postgresql.PostgresConnector"
    case mysql = "io.debezium.connector.mysql.MySqlConnector"
    case mariadb = "io.debezium.connector.mariadb.MariaDbConnector"
    case sqlserver = "io.debezium.connector.sqlserver.SqlServerConnector"
    case oracle = "io.debezium.connector.oracle.OracleConnector"

    /// Its own keys.
    var keys: KeyList {
      switch self {
      case .postgres: .debeziumPostgres
      case .mysql: .debeziumMySQL
      case .mariadb: .debeziumMariaDB
      case .sqlserver: .debeziumSQLServer
      case .oracle: .debeziumOracle
      }
    }
  }

  private static func value(_ key: String, in entries: [ConfigEntry]) -> String? {
    entries.first { $0.key == key }?.value
  }

  /// The lists for the keys below `prefix`; a class nobody knows gets the common ones, and its own keys are unknown.
  static func layers(_ entries: [ConfigEntry], prefix: String) -> [KeyLayer] {
    let connector = value(prefix + "connector.class", in: entries).flatMap(Connector.init)
    var layers = [KeyLayer(prefix: prefix, list: connector?.keys ?? .debeziumCommon)]
    layers += [KeyLayer(prefix: prefix, list: .debeziumCommon), KeyLayer(prefix: prefix, list: .connect)]
    if connector != .postgres { layers += history(entries, prefix) }
    return layers + parts(entries, prefix)
  }

  private static func history(_ entries: [ConfigEntry], _ prefix: String) -> [KeyLayer] {
    let store = value(prefix + "schema.history.internal", in: entries) ?? ""
    let keys: [KeyLayer] =
      store.hasSuffix(".FileSchemaHistory")
      ? [KeyLayer(prefix: prefix, list: .debeziumFileHistory)]
      : store.hasSuffix(".RedisSchemaHistory")
        ? [KeyLayer(prefix: prefix + "schema.history.internal.redis.", list: .debeziumRedisHistory)]
        : [KeyLayer(prefix: prefix, list: .debeziumKafkaHistory)]
    return keys + [KeyLayer(prefix: prefix, list: .debeziumHistory)]
  }

  /// Transforms and predicates by the names the file gives them.
  static func parts(_ entries: [ConfigEntry], _ prefix: String) -> [KeyLayer] {
    var layers: [KeyLayer] = []
    for kind in ["transforms", "predicates"] {
      for name in (value(prefix + kind, in: entries) ?? "").split(separator: ",") {
        let below = "\(prefix)\(kind).\(name)."
        layers.append(KeyLayer(prefix: below, list: .transform))
        switch value(below + "type", in: entries) {
        case "io.debezium.transforms.outbox.EventRouter": layers.append(KeyLayer(prefix: below, list: .eventRouter))
        case "io.debezium.transforms.ExtractNewRecordState":
          layers.append(KeyLayer(prefix: below, list: .extractNewRecordState))
        case "org.apache.kafka.connect.transforms.predicates.TopicNameMatches":
          layers.append(KeyLayer(prefix: below, list: .topicNameMatches))
        default: break
        }
      }
    }
    return layers
  }

  /// Settings whose default or other value loses data or stops the monolith.
  static func rules(_ entries: [ConfigEntry], prefix: String) -> [SafetyRule] {
    guard let type = value(prefix + "connector.class", in: entries), let connector = Connector(rawValue: type) else {
      return [
        SafetyRule(prefix + "connector.class", .oneOf(Connector.allCases.map(\.rawValue)), "no keys are known for it")
      ]
    }
    func rule(_ key: String, _ demand: SafetyRule.Demand, _ why: String) -> SafetyRule {
      SafetyRule(prefix + key, demand, why)
    }
    var rules = [
      rule("table.include.list", .present, "without it every table of the monolith is streamed"),
      rule("table.exclude.list", .absent, "a list of what is left out takes tables nobody thought of"),
      rule("event.processing.failure.handling.mode", .oneOf(["fail"]), "an event that cannot be read would be skipped"),
      rule("errors.tolerance", .notOneOf(["all"]), "records that fail would be dropped"),
      rule("decimal.handling.mode", .oneOf(["string", "precise"]), "double loses digits"),
      rule("time.precision.mode", .notOneOf(["connect"]), "connect cuts times to milliseconds"),
      rule("snapshot.mode", .oneOf(["initial", "no_data"]), "other modes skip rows or copy again without being asked"),
      rule("skipped.operations", .notOneOf(["c", "u", "d", "c,u,d", "u,d"]), "changes would be skipped"),
      rule("heartbeat.interval.ms", .atLeast(1), "a quiet stream would never confirm its position"),
      rule("signal.data.collection", .present, "tables could not be copied again"),
      rule("column.exclude.list", .absent, "a column left out is lost in the copy"),
    ]
    switch connector {
    case .postgres:
      rules += [
        rule(
          "publication.autocreate.mode", .oneOf(["disabled"]),
          "the default publishes all tables, and updates of tables without a key then fail in the monolith"),
        rule("plugin.name", .oneOf(["pgoutput"]), "the default needs a plugin servers do not have"),
        rule("slot.drop.on.stop", .oneOf(["false"]), "a slot dropped on stop loses what happens until the restart"),
        rule("slot.name", .present, "connectors that share a slot lose changes"),
        rule("publication.name", .present, "connectors that share a publication take each other's tables"),
        rule("lsn.flush.timeout.action", .notOneOf(["ignore"]), "the position would move without being stored"),
        rule("heartbeat.action.query", .present, "a quiet table would keep the log of the whole server"),
      ]
    case .mysql, .mariadb:
      rules += [
        rule(
          "event.deserialization.failure.handling.mode", .oneOf(["fail"]),
          "an event that cannot be read would be skipped"),
        rule("inconsistent.schema.handling.mode", .oneOf(["fail"]), "rows of a changed table would be skipped"),
        rule("bigint.unsigned.handling.mode", .oneOf(["precise"]), "long wraps above 2^63"),
        rule(
          "schema.history.internal.skip.unparseable.ddl", .notOneOf(["true"]),
          "later rows would be read with the old columns"),
        // The login may read the captured tables alone: statements on others are none of its business.
        rule(
          "schema.history.internal.store.only.captured.tables.ddl", .oneOf(["true"]),
          "a statement on a table the login cannot see would end the stream"),
        rule("database.server.id", .atLeast(1), "readers of the binary log that share a number stop each other"),
      ]
    case .sqlserver:
      rules += [
        rule("snapshot.isolation.mode", .oneOf(["snapshot"]), "others lock the tables or read what is not committed"),
        rule("database.names", .present, "the connector does not start without"),
      ]
    case .oracle:
      rules += [
        rule("log.mining.transaction.retention.ms", .oneOf(["0"]), "transactions longer than that are dropped"),
        rule("lob.enabled", .oneOf(["true"]), "large values would be missing from changes"),
        rule("log.mining.strategy", .notOneOf(["hybrid"]), "hybrid refuses large values"),
      ]
    }
    return rules + routerRules(entries, prefix)
  }

  /// What the event router has to be told.
  static func routerRules(_ entries: [ConfigEntry], _ prefix: String) -> [SafetyRule] {
    (value(prefix + "transforms", in: entries) ?? "").split(separator: ",").flatMap { name -> [SafetyRule] in
      let below = "\(prefix)transforms.\(name)."
      guard value(below + "type", in: entries) == "io.debezium.transforms.outbox.EventRouter" else { return [] }
      return [
        SafetyRule(
          below + "table.expand.json.payload", .oneOf(["false"]),
          "expanding loses empty arrays and nulls of the payload"),
        SafetyRule(
          below + "table.op.invalid.behavior", .oneOf(["fatal"]),
          "changed outbox rows would be passed over with a warning"),
        SafetyRule(below + "predicate", .present, "events of other tables would go through the router"),
      ]
    }
  }
}
