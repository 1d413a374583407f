import Basics

/// What a program has to do to feed the stages: topic, stage and merge job per table, and how versions are made.
struct ApplierGuide {
  let site: CaptureSite

  /// The guide as YAML.
  func text(channels: [ApplyChannel]) -> String {
    let reader = site.reader()
    let shape = reader.shape
    let tables = channels.map { channel in
      let from = site.isForward ? channel.table.source : channel.table.target
      let merge = site.context.stem(channel.table)
      return YAMLNode.map([
        ("topic", .text(reader.topic(from))), ("stage", .text("\(channel.stage.schema).\(channel.stage.name)")),
        ("merge", .text("job-merge-\(merge).\(site.isForward ? "target" : "source").sql")),
        ("key", .texts(channel.table.key.columns)), ("columns", .texts(channel.table.columnNames)),
      ])
    }
    return YAMLText.document(
      .map(
        [
          ("tool", .text(site.tool.rawValue)), ("broker", .text(site.context.broker.rawValue)),
          (
            "appliedBy",
            .text(
              reader.appliesItself
                ? "the client adapter of \(site.name), straight into the tables; the stages stay empty"
                : "a program that keeps to this file")
          ),
          ("version", .text(shape.version)), ("messages", .map(shape.mapping.map { ($0.key, .text($0.value)) })),
          ("rules", .texts(Self.rules + shape.rules)),
        ] + [("tables", .list(tables))]))
  }

  private static let rules = [
    "insert each change into its stage; a delete sets cleave_deleted and only the key columns",
    "run the merge job in the transaction that stores the stream position",
  ]
}
