/// The settings of Debezium without Kafka Connect: as a server of its own that writes to Redis or RocketMQ, or as an
/// engine inside the applier.
struct DebeziumServerFile {
  let site: CaptureSite
  var snapshot = "initial"

  private var connector: ConnectorFile { ConnectorFile(site: site, snapshot: snapshot) }

  /// `application.properties` of Debezium Server; nil for brokers it is not used with.
  func properties() -> String? {
    guard let sink = sink() else { return nil }
    let source = connector.source() + offsets()
    // The server reads `${…}` itself: the router's own placeholder is escaped.
    let router = connector.router(to: "debezium.").map { ($0.key, $0.value.replacing("${routed", with: "\\${routed")) }
    return PropertiesText.document(
      source.map { ("debezium.source.\($0.key)", $0.value) } + sink + format() + router,
      comment: "Debezium Server: conf/application.properties\nwhat stands in ${} comes from the environment")
  }

  /// What an embedded engine is told beside the connector's settings.
  func engine() -> String {
    PropertiesText.document(
      [
        ("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore"),
        ("offset.storage.file.filename", "${CLEAVE_STATE}/\(site.name)-offsets.dat"),
        // Kept after every batch: what is not kept is delivered again.
        ("offset.flush.interval.ms", "0"), ("record.processing.order", "ORDERED"),
      ],
      comment:
        "beside \(site.name).json, for the engine inside the applier; one process only, its files are its place in the log"
    )
  }

  private func offsets() -> [ConnectorFile.Setting] {
    switch site.context.broker {
    case .redis:
      [
        ("offset.storage", "io.debezium.storage.redis.offset.RedisOffsetBackingStore"),
        ("offset.storage.redis.address", "${CLEAVE_REDIS}"),
        ("offset.storage.redis.key", "cleave:\(site.name):offsets"), ("offset.flush.interval.ms", "0"),
      ]
    case .rocketmq, .kafka, .none:
      [
        ("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore"),
        ("offset.storage.file.filename", "${CLEAVE_STATE}/\(site.name)-offsets.dat"),
        ("offset.flush.interval.ms", "0"),
      ]
    }
  }

  private func sink() -> [ConnectorFile.Setting]? {
    switch site.context.broker {
    case .redis:
      [
        ("debezium.sink.type", "redis"), ("debezium.sink.redis.address", "${CLEAVE_REDIS}"),
        ("debezium.sink.redis.message.format", "extended"), ("debezium.sink.redis.batch.size", "500"),
        ("debezium.sink.redis.skip.heartbeat.messages", "true"),
      ]
    case .rocketmq:
      [
        ("debezium.sink.type", "rocketmq"), ("debezium.sink.rocketmq.producer.name.srv.addr", "${CLEAVE_ROCKETMQ}"),
        ("debezium.sink.rocketmq.producer.group", "\(site.name)-producer"),
        ("debezium.sink.rocketmq.producer.send.msg.timeout", "10000"),
        ("debezium.sink.rocketmq.producer.max.message.size", "4194304"),
      ]
    case .kafka, .none: nil
    }
  }

  private func format() -> [ConnectorFile.Setting] {
    if site.isEvents {
      // Key and payload are texts already: another format would put them into quotes.
      return [
        ("debezium.format.key", "simplestring"), ("debezium.format.value", "simplestring"),
        ("debezium.format.header", "json"), ("debezium.format.header.schemas.enable", "false"),
      ]
    }
    return [
      ("debezium.format.key", "json"), ("debezium.format.key.schemas.enable", "false"),
      ("debezium.format.value", "json"), ("debezium.format.value.schemas.enable", "false"),
      ("debezium.format.header", "json"), ("debezium.format.header.schemas.enable", "false"),
    ]
  }
}
