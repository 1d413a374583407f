extension ConfigFileKind {
  /// Debezium Server.
  static let debeziumServer = ConfigFileKind(
    name: "Debezium Server", format: .properties,
    matches: { path in
      ["forward", "forward-whole", "reverse", "events", "events-own"].contains {
        path.hasSuffix("-\($0)/application.properties")
      }
    },
    layers: { entries in
      DebeziumRules.layers(entries, prefix: "debezium.source.") + DebeziumRules.parts(entries, "debezium.") + [
        KeyLayer(prefix: "debezium.source.", list: .debeziumEngine), KeyLayer(prefix: "", list: .debeziumServer),
        KeyLayer(prefix: "debezium.source.offset.storage.redis.", list: .debeziumRedis, requires: false),
        KeyLayer(prefix: "debezium.sink.redis.", list: .debeziumRedisSink),
        KeyLayer(prefix: "debezium.sink.redis.", list: .debeziumRedis, requires: false),
        KeyLayer(prefix: "debezium.sink.rocketmq.", list: .debeziumRocketMQSink, requires: false),
      ]
    },
    rules: { entries in
      // An outbox has nothing to copy again, so it needs no signals.
      let isEvents = entries.contains { $0.key.hasPrefix("debezium.transforms.") }
      return DebeziumRules.rules(entries, prefix: "debezium.source.").filter {
        !isEvents || $0.key != "debezium.source.signal.data.collection"
      } + DebeziumRules.routerRules(entries, "debezium.") + [
        SafetyRule("debezium.source.offset.storage", .present, "the default keeps the position in memory"),
        SafetyRule(
          "debezium.source.record.processing.order", .notOneOf(["unordered"]),
          "changes of one row would pass each other"),
        SafetyRule(
          "debezium.sink.redis.message.format", .notOneOf(["compact"]), "it has no headers, so no event types"),
      ]
    })

  /// The engine inside the applier.
  static let debeziumEngine = ConfigFileKind(
    name: "Debezium engine", format: .properties, matches: { $0.hasSuffix(".engine.properties") },
    layers: { _ in [KeyLayer(prefix: "", list: .debeziumEngine)] },
    rules: { _ in
      [
        SafetyRule("offset.storage", .present, "the default keeps the position in memory"),
        SafetyRule("offset.storage.file.filename", .present, "without a file the position is lost with the process"),
        SafetyRule("record.processing.order", .oneOf(["ORDERED"]), "changes of one row would pass each other"),
      ]
    })

  /// Canal's server.
  static let canalServer = ConfigFileKind(
    name: "Canal server", format: .properties, matches: { fileName($0) == "canal.properties" },
    layers: { _ in [KeyLayer(prefix: "", list: .canalServer)] },
    rules: { entries in
      let rules = [
        SafetyRule(
          "canal.auto.reset.latest.pos.mode", .oneOf(["false"]), "a purged position would be jumped over without a word"
        ),
        SafetyRule("canal.instance.tsdb.enable", .oneOf(["true"]), "rows before an ALTER TABLE could not be read"),
        SafetyRule(
          "canal.instance.global.spring.xml", .notOneOf(["classpath:spring/memory-instance.xml"]),
          "a position in memory is lost with the process"),
      ]
      guard entries.contains(where: { $0.key == "canal.serverMode" && $0.value != "tcp" }) else { return rules }
      return rules + [
        SafetyRule("canal.mq.flatMessage", .oneOf(["true"]), "the applier reads JSON"),
        SafetyRule("kafka.acks", .notOneOf(["0", "1"]), "an acknowledged change could be lost with one broker"),
      ]
        + (entries.contains { $0.value == "kafka" }
          ? [SafetyRule("kafka.retries", .atLeast(1000), "the default gives up at the first failure")] : [])
    })

  /// Canal's instance.
  static let canalInstance = ConfigFileKind(
    name: "Canal instance", format: .properties, matches: { fileName($0) == "instance.properties" },
    layers: { _ in [KeyLayer(prefix: "", list: .canalInstance)] },
    rules: { _ in
      [
        SafetyRule(
          "canal.instance.master.journal.name", .present, "Canal would begin at the end of the log, after the copy"),
        SafetyRule(
          "canal.instance.master.position", .present, "Canal would begin at the end of the log, after the copy"),
        SafetyRule(
          "canal.instance.filter.regex", .notOneOf(["", #".*\..*"#]), "the default takes every table of the server"),
        SafetyRule("canal.instance.filter.regex", .present, "the default takes every table of the server"),
        SafetyRule(
          "canal.instance.filter.regex", .lowerCase, "Canal compares with names in lower case: capitals match nothing"),
        SafetyRule(
          "canal.instance.filter.table.error", .oneOf(["false"]), "tables whose columns cannot be read would be skipped"
        ),
        SafetyRule("canal.instance.filter.rows", .notOneOf(["true"]), "rows would be skipped"),
        SafetyRule("canal.instance.filter.dml.insert", .notOneOf(["true"]), "inserts would be skipped"),
        SafetyRule("canal.instance.filter.dml.update", .notOneOf(["true"]), "updates would be skipped"),
        SafetyRule("canal.instance.filter.dml.delete", .notOneOf(["true"]), "deletes would be skipped"),
        SafetyRule("canal.instance.binlog.format", .oneOf(["ROW"]), "a server with another format has to fail at once"),
        SafetyRule(
          "canal.instance.binlog.image", .oneOf(["FULL"]), "a server that logs parts of rows has to fail at once"),
        SafetyRule("canal.mq.partition", .absent, "it would take the place of the hash"),
      ]
    })

  /// Canal's client adapter in its present layout; that of its README is of 1.1.1 and is not read.
  static let canalAdapter = ConfigFileKind(
    name: "Canal client adapter", format: .yaml, matches: { $0.hasSuffix("/adapter/application.yml") },
    layers: { _ in
      [
        KeyLayer(prefix: "", list: .canalAdapter),
        KeyLayer(prefix: "canal.conf.srcDataSources.source.", list: .canalDataSource),
      ]
    },
    rules: { _ in
      [
        SafetyRule("canal.conf.retries", .oneOf(["-1"]), "after the last try a message is acknowledged and dropped"),
        SafetyRule("canal.conf.terminateOnException", .oneOf(["true"]), "a message that fails would be dropped"),
        SafetyRule("canal.conf.canalAdapters[].instance", .present, "nothing would be read"),
        SafetyRule(
          "canal.conf.canalAdapters[].groups[].outerAdapters[].properties.threads", .oneOf(["1"]),
          "changes of one row could pass each other"),
      ]
    })

  /// A mapping of one table.
  static let canalTableMapping = ConfigFileKind(
    name: "Canal table mapping", format: .yaml, matches: { $0.contains("/adapter/rdb/") && $0.hasSuffix(".yml") },
    layers: { _ in [KeyLayer(prefix: "", list: .canalTableMapping)] },
    rules: { _ in
      [
        SafetyRule("concurrent", .oneOf(["false"]), "changes of rows that depend on each other would pass each other"),
        SafetyRule("dbMapping.mirrorDb", .oneOf(["false"]), "it repeats every statement on the whole database"),
        SafetyRule("groupId", .present, "the mapping would not be found"),
      ]
    })

  /// Maxwell.
  static let maxwell = ConfigFileKind(
    name: "Maxwell", format: .properties, matches: { fileName($0) == "config.properties" },
    layers: { _ in [KeyLayer(prefix: "", list: .maxwell)] },
    rules: { entries in
      let rules = [
        SafetyRule(
          "ignore_producer_error", .oneOf(["false"]), "the default writes a failed message to the log and goes on"),
        SafetyRule("ignore_missing_schema", .notOneOf(["true"]), "rows of tables it cannot see would be skipped"),
        SafetyRule("filter", .present, "the default takes every table of the server"),
        SafetyRule("filter", .startsWith("exclude: *.*"), "tables nobody named would be taken"),
        SafetyRule("javascript", .absent, "a script may drop rows"),
        SafetyRule("exclude_columns", .absent, "a column left out is lost in the copy"),
        SafetyRule("output_binlog_position", .oneOf(["true"]), "versions are made of it"),
        SafetyRule("output_xoffset", .oneOf(["true"]), "versions are made of it"),
        SafetyRule("output_nulls", .oneOf(["true"]), "a null would look like a missing column"),
        SafetyRule("replica_server_id", .atLeast(1), "readers that share a number stop each other"),
        SafetyRule("client_id", .present, "two of one name share a position"),
        SafetyRule("producer", .oneOf(["kafka", "redis"]), "nothing else keeps what it was given"),
      ]
      guard entries.contains(where: { $0.key == "producer" && $0.value == "kafka" }) else {
        return rules + [
          SafetyRule("redis_type", .oneOf(["xadd"]), "pubsub loses what nobody listens to, lists have no groups")
        ]
      }
      return rules + [
        SafetyRule("kafka.acks", .oneOf(["all"]), "an acknowledged change could be lost with one broker"),
        SafetyRule("kafka.retries", .atLeast(1000), "the default gives up"),
        SafetyRule(
          "producer_partition_by", .oneOf(["primary_key", "column"]), "the default puts a database on one partition"),
        SafetyRule("dead_letter_topic", .present, "a row too large would leave no trace"),
      ]
    })

  /// SpinalTap.
  static let spinalTap = ConfigFileKind(
    name: "SpinalTap", format: .yaml, matches: { fileName($0) == "spinaltap_standalone.yaml" },
    layers: { _ in [KeyLayer(prefix: "", list: .spinalTap)] },
    rules: { _ in
      [
        SafetyRule("mysql-sources[].port", .oneOf(["3306"]), "the default is the port of another protocol"),
        SafetyRule("mysql-sources[].tables[]", .present, "nothing would be read"),
        SafetyRule(
          "mysql-sources[].schema_version_enabled", .oneOf(["true"]), "rows before an ALTER TABLE could not be read"),
        SafetyRule(
          "mysql-sources[].initial_binlog_position.fileName", .present, "it would begin at the end of the log"),
        SafetyRule(
          "mysql-sources[].initial_binlog_position.position", .present, "it would begin at the end of the log"),
      ]
    })
}
