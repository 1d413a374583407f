/// How events carry the attributes of CloudEvents 1.0: as headers, or inside one document.
struct CloudEvents {
  let context: GroupContext

  /// The outbox columns that travel as headers, in the binary mode of the Kafka binding.
  static let columns: [(column: String, header: String)] = [
    ("id", "ce_id"), ("source", "ce_source"), ("specversion", "ce_specversion"), ("type", "ce_type"),
    ("aggregateid", "ce_subject"), ("aggregateid", "ce_partitionkey"), ("created_at", "ce_time"),
    ("datacontenttype", "content-type"),
  ]

  /// The context events of a side come from: the monolith's part until writes are switched, then the service.
  static func source(of context: GroupContext, on side: PlanSide) -> String {
    side == .source ? "/monolith/\(context.names.slug)" : "/svc/\(context.names.slug)"
  }

  private var model: EventModel { EventModel(context: context) }

  /// Where each attribute comes from in the chosen outbox.
  private var origins: [(attribute: String, origin: String)] {
    let constant = "constant 1.0"
    let sides =
      "\(Self.source(of: context, on: .source)) until writes are switched, then \(Self.source(of: context, on: .target))"
    switch context.outbox {
    case .debezium, .polling:
      return [
        ("id", "column id"), ("source", "column source: \(sides)"), ("specversion", "column specversion"),
        ("type", "column type"), ("subject", "column aggregateid"), ("partitionkey", "column aggregateid"),
        ("time", "column created_at"), ("datacontenttype", "column datacontenttype"),
      ]
    case .killbill:
      return [
        ("id", "column user_token"), ("source", sides), ("specversion", constant), ("type", "event_json, field type"),
        ("subject", "event_json, field aggregateId"), ("partitionkey", "event_json, field aggregateId"),
        ("time", "column created_date"), ("datacontenttype", "constant application/json"),
      ]
    case .eventuate:
      return [
        ("id", "header ID"), ("source", sides), ("specversion", constant), ("type", "header event-type"),
        ("subject", "header event-aggregate-id"), ("partitionkey", "header PARTITION_ID"), ("time", "header DATE"),
        ("datacontenttype", "constant application/json"),
      ]
    case .modulith:
      return [
        ("id", "field id of the event"), ("source", sides), ("specversion", constant),
        ("type", "field type of the event"), ("subject", "field aggregateId of the event"),
        ("partitionkey", "routing key behind :: in @Externalized"), ("time", "field time of the event"),
        ("datacontenttype", "constant application/json"),
      ]
    }
  }

  /// The mapping as YAML, with one example per event in both modes.
  var text: String {
    let events = model.aggregates.flatMap { aggregate in
      EventModel.Change.allCases.map { example(of: aggregate, $0) }
    }
    return YAMLText.document(
      .map([
        ("specversion", .text("1.0")), ("service", .text(context.service)),
        (
          "attributes",
          .list(origins.map { .map([("name", .text($0.attribute)), ("from", .text($0.origin))]) })
        ),
        (
          "binary",
          .map([
            ("headers", .text("ce_NAME for each attribute; content-type holds datacontenttype")),
            ("value", .text("the payload alone")), ("key", .text("partitionkey")),
          ])
        ),
        (
          "structured",
          .map([
            ("header", .text("content-type: application/cloudevents+json")),
            ("value", .text("one document with the attributes and the payload under data")),
            ("key", .text("partitionkey")),
          ])
        ),
        (
          "versions",
          .texts([
            "columns are only added: readers skip what they do not know",
            "a column that goes, or changes its meaning or type, makes a new type .v2 beside .v1 on the same topic",
            ".v1 is published until no consumer group reads it; dataschema names the version",
          ])
        ),
        ("examples", .list(events)),
      ]))
  }

  private func example(of aggregate: EventModel.Aggregate, _ change: EventModel.Change) -> YAMLNode {
    let columns = change.hasValues ? aggregate.payload : aggregate.key
    let data = YAMLNode.map(columns.map { ($0.name, EventSchema.example(of: $0)) })
    let subject = aggregate.key.map { EventSchema.exampleText(of: $0) }.joined(separator: "|")
    let attributes: [(key: String, value: YAMLNode)] = [
      ("id", .text("00000000-0000-4000-8000-000000000001")),
      ("source", .text(Self.source(of: context, on: .source))), ("specversion", .text("1.0")),
      ("type", .text(model.type(change, of: aggregate))), ("subject", .text(subject)),
      ("partitionkey", .text(subject)), ("time", .text("2026-01-02T03:04:05.678901Z")),
      ("datacontenttype", .text("application/json")),
      ("dataschema", .text(model.dataSchema(change, of: aggregate))),
    ]
    return .map([
      ("topic", .text(context.names.eventTopic(aggregate.name))), ("attributes", .map(attributes)), ("data", data),
    ])
  }
}
