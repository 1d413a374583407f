import Basics
import Decomposition

/// S3: columns with another owner move to a table of their own, which follows the old one until the writers have moved.
struct SplitTablesStep {
  let context: GroupContext

  /// Nil when the service gets no part of another one's table.
  func make() -> PlanStep? {
    guard !context.parts.isEmpty else { return nil }
    var draft = StepDraft(context, id: .splitTables, name: "split-tables")
    draft.add("split.yaml", description())
    for part in context.parts {
      let stem = context.stem(part.table)
      draft.run(
        PartScripts(text: context.text, part: part, context: context).tables(), named: "part-\(stem)", on: .source)
      draft.run(
        PartScripts(text: context.text, part: part, context: context).triggers(), named: "follow-\(stem)", on: .source)
      draft.job(
        "backfill-\(stem)", PartScripts(text: context.text, part: part, context: context).backfill(), on: .source)
    }
    draft.act(.manual("run job-backfill-*.source.sql again and again until the gate prints 0"), undo: nil)
    draft.act(
      .manual("move the readers named in split.yaml to the new tables, then the writers"),
      undo: .manual("move writers and readers back; the old columns are still there"))
    let differences = context.parts.map { PartScripts(text: context.text, part: $0, context: context).difference() }
    let gate = draft.gate(context.text.select(differences.joined(separator: "\n  + ")), on: .source)
    let origins = context.parts.map { "\($0.origin.name.text) of \($0.originOwner)" }.joined(separator: ", ")
    return draft.step(
      .splitTables, title: "Split tables",
      goal: "columns of \(origins) that \(context.service) owns lie in tables of its own",
      preconditions: [
        "no statement writes columns of both parts: split.yaml lists who writes what",
        "the owner of the rest has not moved yet: its S6 comes after this gate",
      ],
      gate: gate, hold: "until no statement reads or writes the old columns: then drop them as split.yaml says",
      maxBlockSeconds: 2)
  }

  private func description() -> String {
    let text = context.text
    let parts = context.parts.map { part in
      let owner = context.tableOwners[part.origin.name]
      let moved = Set((part.written + part.unwritten).map { $0.lowercased() })
      let readers = (owner?.readers ?? []).filter { use in
        use.columns.contains("*") || use.columns.contains { moved.contains($0.lowercased()) }
      }
      let writers = (owner?.writers ?? []).filter { use in use.columns.contains { moved.contains($0.lowercased()) } }
      let drops = part.table.plainColumns.map {
        "ALTER TABLE \(text.table(part.origin.source)) DROP COLUMN \(text.name($0));"
      }
      return YAMLNode.map([
        ("table", .text(part.origin.name.text)), ("owner", .text(part.originOwner)),
        ("part", .text(part.table.name.text)), ("key", .texts(part.table.key.columns)),
        ("columnsItWrites", .texts(part.written)), ("columnsNobodyWrites", .texts(part.unwritten)),
        ("writers", .list(writers.map(use))), ("readers", .list(readers.map(use))),
        ("dropWhenNobodyUsesThem", .texts(drops)),
      ])
    }
    return YAMLText.document(.map([("service", .text(context.service)), ("parts", .list(parts))]))
  }

  private func use(_ use: TableUse) -> YAMLNode {
    .map([
      ("service", .text(use.service)), ("columns", .texts(use.columns)),
      ("places", .texts(use.evidence.map(\.description))),
    ])
  }
}
