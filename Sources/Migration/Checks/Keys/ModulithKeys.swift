extension KeyList {
  /// Keys of the event publication registry, below `spring.modulith.events.`.
  static let modulithEvents = KeyList(
    system: "Spring Modulith events", version: "2.2.0-SNAPSHOT at fc0a547c",
    source: "spring-configuration-metadata.json of events-core, -jdbc and -kafka, JdbcConfigurationProperties",
    text: """
      completion-mode text(update|delete|archive) = update
      externalization.enabled flag = true
      externalization.mode text(module-listener|outbox) = module-listener
      externalization.serialize-externalization flag = false
      jdbc.schema text
      jdbc.schema-initialization.enabled flag = false
      jdbc.use-legacy-structure flag = false
      kafka.enable-json flag = true
      registry-trigger-annotation text
      republish-outstanding-events-on-restart flag = false
      staleness.processing text
      staleness.published text
      staleness.resubmission text
      staleness.resubmitted text
      """)
}
