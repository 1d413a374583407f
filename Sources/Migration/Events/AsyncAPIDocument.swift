import Basics
import Decomposition

/// The events of a service as AsyncAPI 3.0: one channel per aggregate, who sends and who receives.
struct AsyncAPIDocument {
  let context: GroupContext

  private typealias Entry = (key: String, value: YAMLNode)

  private var model: EventModel { EventModel(context: context) }

  /// The document; nil when nobody consumes anything.
  var text: String? {
    let aggregates = model.aggregates
    guard !aggregates.isEmpty else { return nil }
    let root: [Entry] =
      [
        ("asyncapi", .text("3.0.0")),
        (
          "info",
          .map([
            ("title", .text("Events of \(context.service)")), ("version", .text("\(EventModel.version).0.0")),
            (
              "description",
              .text(
                "Delivered at least once, in order per key; consumers keep an inbox. Payloads hold only columns that other services read."
              )
            ),
          ])
        ), ("defaultContentType", .text("application/json")),
      ] + servers + [
        ("channels", .map(aggregates.map { ($0.name, channel($0)) })),
        ("operations", .map(aggregates.flatMap { operations($0) })),
        (
          "components",
          .map([
            ("messages", .map(aggregates.flatMap { messages($0) })),
            ("schemas", .map(aggregates.flatMap { schemas($0) })),
          ])
        ),
      ]
    return YAMLText.document(.map(root))
  }

  private var servers: [Entry] {
    let server: (name: String, host: String)? =
      switch context.broker {
      case .kafka: ("kafka", "kafka:9092")
      case .redis: ("redis", "redis:6379")
      case .rocketmq: ("rocketmq", "rocketmq:9876")
      case .none: nil
      }
    guard let server else { return [] }
    let node: [Entry] = [("host", .text(server.host)), ("protocol", .text(server.name))]
    return [("servers", .map([(server.name, .map(node))]))]
  }

  private func reference(_ path: String) -> YAMLNode { .map([("$ref", .text("#/" + path))]) }

  private func messageName(_ aggregate: EventModel.Aggregate, _ change: EventModel.Change) -> String {
    aggregate.typeName + JavaText.typeName(change.rawValue)
  }

  private func channel(_ aggregate: EventModel.Aggregate) -> YAMLNode {
    let topic = context.names.eventTopic(aggregate.name)
    let messages = EventModel.Change.allCases.map { change in
      let name = messageName(aggregate, change)
      return (name, reference("components/messages/\(name)"))
    }
    let entries: [Entry] = [
      ("address", .text(topic)), ("description", .text("Rows of \(aggregate.table.name.text), as others see them")),
      ("messages", .map(messages)), ("x-owner", .text(context.service)),
      ("x-source-table", .text(aggregate.table.name.text)),
    ]
    guard context.broker == .kafka else { return .map(entries) }
    let kafka: [Entry] = [
      ("topic", .text(topic)), ("partitions", .number(12)), ("replicas", .number(3)),
      (
        "topicConfiguration",
        .map([("cleanup.policy", .texts(["delete"])), ("retention.ms", .number(604_800_000))])
      ), ("bindingVersion", .text("0.5.0")),
    ]
    return .map(entries + [("bindings", .map([("kafka", .map(kafka))]))])
  }

  private func operations(_ aggregate: EventModel.Aggregate) -> [Entry] {
    func operation(_ action: String, _ service: String, _ more: [Entry]) -> YAMLNode {
      let messages = EventModel.Change.allCases.map {
        reference("channels/\(aggregate.name)/messages/\(messageName(aggregate, $0))")
      }
      return .map(
        [
          ("action", .text(action)), ("channel", reference("channels/\(aggregate.name)")),
          ("messages", .list(messages)), ("x-service", .text(service)),
        ] + more)
    }
    let places = aggregate.writers.flatMap { $0.evidence.map(\.description) }
    let sends = ("send_\(aggregate.name)", operation("send", context.service, [("x-places", .texts(places))]))
    var byService: [String: [String]] = [:]
    for consumer in aggregate.consumers {
      byService[consumer.service, default: []] += consumer.evidence.map(\.description)
    }
    return [sends]
      + byService.keys.sorted().map { service in
        (
          "receive_\(aggregate.name)_by_\(context.slug(service))",
          operation("receive", service, [("x-places", .texts(byService[service] ?? []))])
        )
      }
  }

  private func messages(_ aggregate: EventModel.Aggregate) -> [Entry] {
    EventModel.Change.allCases.map { change in
      let name = messageName(aggregate, change)
      var entries: [Entry] = [
        ("name", .text(model.type(change, of: aggregate))), ("title", .text("\(aggregate.name) \(change.rawValue)")),
        ("contentType", .text("application/json")), ("headers", reference("components/schemas/\(name)Headers")),
        (
          "payload",
          reference("components/schemas/\(aggregate.typeName)\(change.hasValues ? "Values" : "Key")")
        ),
      ]
      if context.broker == .kafka {
        let key = YAMLNode.map([("type", .text("string")), ("description", .text(keyText(aggregate)))])
        entries.append(("bindings", .map([("kafka", .map([("key", key), ("bindingVersion", .text("0.5.0"))]))])))
      }
      return (name, .map(entries))
    }
  }

  private func keyText(_ aggregate: EventModel.Aggregate) -> String {
    "the key columns joined by |: \(aggregate.table.key.columns.joined(separator: ", "))"
  }

  private func schemas(_ aggregate: EventModel.Aggregate) -> [Entry] {
    EventModel.Change.allCases.map { change in
      ("\(messageName(aggregate, change))Headers", headers(change, of: aggregate))
    } + [
      ("\(aggregate.typeName)Values", EventSchema.payload(aggregate.payload, of: aggregate.table)),
      ("\(aggregate.typeName)Key", EventSchema.payload(aggregate.key, of: aggregate.table)),
    ]
  }

  /// The attributes of CloudEvents in binary mode.
  private func headers(_ change: EventModel.Change, of aggregate: EventModel.Aggregate) -> YAMLNode {
    func text(_ more: [Entry] = []) -> YAMLNode { .map([("type", .text("string"))] + more) }
    let properties: [Entry] = [
      ("ce_id", text()), ("ce_source", text([("format", .text("uri-reference"))])),
      ("ce_specversion", text([("const", .text("1.0"))])),
      ("ce_type", text([("const", .text(model.type(change, of: aggregate)))])), ("ce_subject", text()),
      ("ce_partitionkey", text()), ("ce_time", text([("format", .text("date-time"))])),
      ("content-type", text([("const", .text("application/json"))])),
    ]
    return .map([
      ("type", .text("object")), ("required", .texts(["ce_id", "ce_source", "ce_specversion", "ce_type"])),
      ("properties", .map(properties)),
    ])
  }
}
