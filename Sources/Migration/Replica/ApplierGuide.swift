import Basics

/// What a program has to do to feed the stages: topic, stage and merge job per table, and how versions are made.
struct ApplierGuide {
  let context: GroupContext

  /// The guide as YAML.
  func text(channels: [ApplyChannel], back: Bool = false) -> String {
    let prefix = back ? context.names.reverseTopicPrefix : context.names.topicPrefix
    let version =
      context.text.isMySQL
      ? "number in source.file * 10^22 + source.pos * 10^6 + source.row; 0 for snapshot rows (op r)"
      : "source.lsn; 0 for snapshot rows (op r), also when an incremental snapshot leaves lsn empty"
    let tables = channels.map { channel in
      let from = back ? channel.table.target : channel.table.source
      let merge = context.stem(channel.table)
      return YAMLNode.map([
        ("topic", .text("\(prefix).\(from.schema).\(from.name)")),
        ("stage", .text("\(channel.stage.schema).\(channel.stage.name)")),
        ("merge", .text("job-merge-\(merge).\(back ? "source" : "target").sql")),
        ("key", .texts(channel.table.key.columns)),
        ("columns", .texts(channel.table.columnNames)),
      ])
    }
    return YAMLText.document(
      .map([
        ("version", .text(version)),
        (
          "rules",
          .texts([
            "insert each change into its stage; a delete sets cleave_deleted and only the key columns",
            "run the merge job in the transaction that stores the stream position",
            "a changed key arrives as a delete and an insert",
            "ignore topics of the signal and heartbeat tables",
            "to repair rows: delete them from the table and its memory, then signal a snapshot",
          ])
        ), ("tables", .list(tables)),
      ]))
  }
}
