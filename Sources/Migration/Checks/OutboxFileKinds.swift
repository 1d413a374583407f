extension ConfigFileKind {
  /// A connector that streams an outbox.
  static let eventConnector = ConfigFileKind(
    name: "Kafka Connect connector of an outbox", format: .connector,
    matches: { $0.hasSuffix("-events.json") || $0.hasSuffix("-events-own.json") },
    layers: { DebeziumRules.layers($0, prefix: "") },
    rules: { entries in
      // An outbox has nothing to copy again, so it needs no signals.
      DebeziumRules.rules(entries, prefix: "").filter { $0.key != "signal.data.collection" } + [
        SafetyRule("snapshot.mode", .oneOf(["no_data"]), "rows of the past would be published again"),
        SafetyRule("tombstones.on.delete", .oneOf(["false"]), "deleting an outbox row would publish a deletion"),
        SafetyRule(
          "value.converter", .oneOf(["org.apache.kafka.connect.storage.StringConverter"]),
          "payloads that are JSON already would be put into quotes"),
      ]
    })

  /// The registry of Spring Modulith.
  static let modulith = ConfigFileKind(
    name: "Spring Modulith event registry", format: .properties, matches: { $0.hasSuffix("application.properties") },
    layers: { _ in [KeyLayer(prefix: "spring.modulith.events.", list: .modulithEvents)] },
    rules: { _ in
      [
        SafetyRule(
          "spring.modulith.events.externalization.enabled", .oneOf(["true"]), "events would stay in the application"),
        SafetyRule(
          "spring.modulith.events.externalization.serialize-externalization", .oneOf(["true"]),
          "events of one aggregate would overtake each other"),
        SafetyRule(
          "spring.modulith.events.republish-outstanding-events-on-restart", .oneOf(["true"]),
          "events open at a crash would never leave"),
      ]
    })

  /// The environment of the Eventuate CDC service.
  static let eventuate = ConfigFileKind(
    name: "Eventuate CDC environment", format: .properties, matches: { $0.hasSuffix("cdc.env") },
    layers: { _ in
      [
        KeyLayer(prefix: "", list: .eventuateService),
        KeyLayer(prefix: "EVENTUATE_CDC_READER_READER1_", list: .eventuateReader),
        KeyLayer(prefix: "EVENTUATE_CDC_PIPELINE_PIPELINE1_", list: .eventuatePipeline),
        KeyLayer(prefix: "EVENTUATE_CDC_CLEANER_CLEANER1_", list: .eventuateCleaner),
      ]
    },
    rules: { entries in
      let isPostgres = entries.contains { $0.value == "postgres-wal" }
      let reader = "EVENTUATE_CDC_READER_READER1_"
      guard isPostgres else { return [] }
      return [
        SafetyRule(
          reader + "POSTGRESREPLICATIONSLOTNAME", .notOneOf(["eventuate_slot", ""]),
          "services that share the slot lose each other's messages"),
        SafetyRule(
          reader + "POSTGRESREPLICATIONSLOTNAME", .present, "services that share the slot lose each other's messages"),
        SafetyRule(
          reader + "ADDITIONALSERVICEREPLICATIONSLOTNAME", .present,
          "services that share it lose each other's positions"),
      ]
    })
}
