import Basics
import Decomposition

/// The events of a service at a glance: one kind of event per change of a table others use.
struct EventCatalogue {
  let context: GroupContext

  private var model: EventModel { EventModel(context: context) }

  /// The catalogue as YAML.
  var text: String {
    let silent = context.own.filter { table in !context.readers.contains { $0.table.name == table.name } }.map(
      \.name.text)
    return YAMLText.document(
      .map([
        ("service", .text(context.service)), ("delivery", .text("at least once; consumers keep an inbox")),
        ("key", .text("aggregateid: the key columns joined by |")),
        ("events", .list(model.aggregates.map(entry))),
        ("consumers", .list(model.consumers.map(consumer))),
        ("commands", .list(context.writers.map(command))), ("tablesNobodyElseReads", .texts(silent)),
      ]))
  }

  /// A write of another service, which has to become a request to the owner.
  private func command(_ use: ForeignUse) -> YAMLNode {
    .map([
      ("table", .text(use.table.name.text)), ("from", .text(use.service)), ("columns", .texts(use.columns)),
      ("places", .texts(use.evidence.map(\.description))),
    ])
  }

  private func entry(_ aggregate: EventModel.Aggregate) -> YAMLNode {
    let personal = aggregate.payload.compactMap { column in
      PersonalData.finding(column: column, table: aggregate.table.name.text).map { finding in
        YAMLNode.map([
          ("column", .text(column.name)), ("kind", .text(finding.kind.rawValue)), ("evidence", .text(finding.evidence)),
        ])
      }
    }
    return .map([
      ("aggregate", .text(aggregate.name)), ("table", .text(aggregate.table.name.text)),
      ("topic", .text(context.names.eventTopic(aggregate.name))),
      ("types", .texts(EventModel.Change.allCases.map { model.type($0, of: aggregate) })),
      ("key", .texts(aggregate.table.key.columns)), ("payload", .texts(aggregate.payload.map(\.name))),
      ("personalData", .list(personal)), ("consumers", .texts(aggregate.consumers.map(\.service))),
      (
        "publishedAt",
        .list(
          aggregate.writers.map { use in
            .map([("writer", .text(use.service)), ("places", .texts(use.evidence.map(\.description)))])
          })
      ),
    ])
  }

  /// What a consumer has to do with every message, in the one transaction of its effect.
  private func consumer(_ service: String, _ aggregates: [EventModel.Aggregate]) -> YAMLNode {
    let slug = context.slug(service)
    let places = aggregates.flatMap { aggregate in
      aggregate.consumers.filter { $0.service == service }.flatMap { $0.evidence.map(\.description) }
    }
    return .map([
      ("service", .text(service)), ("topics", .texts(aggregates.map { context.names.eventTopic($0.name) })),
      ("inboxName", .text("\(slug)-from-\(context.names.slug)")),
      (
        "inOneTransaction",
        .texts([
          "insert (inboxName, ce_id) into the inbox of \(service); no row inserted means: seen before, commit and go on",
          "apply the event only when it is newer than what is stored; a deletion leaves a tombstone",
          "commit, then confirm the message to the broker",
        ])
      ), ("places", .texts(places)),
    ])
  }
}
