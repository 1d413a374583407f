import Basics
import Decomposition

/// The events of a service: one kind of event per change of a table others use.
struct EventCatalogue {
  let context: GroupContext

  /// The catalogue as YAML.
  var text: String {
    let events = context.own.compactMap(entry)
    let silent = context.own.filter { table in !context.readers.contains { $0.table.name == table.name } }.map(
      \.name.text)
    return YAMLText.document(
      .map([
        ("service", .text(context.service)), ("delivery", .text("at least once; consumers keep an inbox")),
        ("key", .text("aggregateid: the key columns joined by |")), ("events", .list(events)),
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

  private func entry(_ table: PlannedTable) -> YAMLNode? {
    let readers = context.readers.filter { $0.table.name == table.name }
    guard !readers.isEmpty else { return nil }
    let wanted = Set(readers.flatMap(\.columns)).union(table.key.columns)
    let writers = context.owners.first { $0.table == table.name }?.writers ?? []
    let stem = context.stem(table)
    return .map([
      ("aggregate", .text(stem)), ("table", .text(table.name.text)),
      ("types", .texts(["\(stem).created", "\(stem).updated", "\(stem).deleted"])),
      ("key", .texts(table.key.columns)), ("payload", .texts(table.columnNames.filter(wanted.contains))),
      ("consumers", .texts(readers.map(\.service))),
      (
        "publishedAt",
        .list(
          writers.map { use in
            .map([("writer", .text(use.service)), ("places", .texts(use.evidence.map(\.description)))])
          })
      ),
    ])
  }
}
