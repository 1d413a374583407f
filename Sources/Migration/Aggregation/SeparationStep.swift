import Basics

/// S1: code of others stops reaching into the group's tables; read contracts replace direct reads.
struct SeparationStep {
  let context: GroupContext

  /// Nil when nobody else reads the tables and no statement joins across the boundary.
  func make() -> PlanStep? {
    guard !context.readers.isEmpty || !context.joins.isEmpty else { return nil }
    var draft = StepDraft(context, id: .separateLogic, name: "separate-logic")
    draft.add("join-rewrites.yaml", joinRewrites())
    draft.act(
      .manual("rewrite the joins listed in join-rewrites.yaml; route reads through the views or the owner's interface"),
      undo: .manual("revert the rewrites; the views only add"))
    for reader in context.readers { draft.run(view(for: reader), named: "view-\(fileName(reader))", on: .source) }
    let views = context.readers.map { viewName($0) }
    let columns = context.readers.reduce(0) { $0 + $1.columns.count }
    let gate = draft.gate(gateQuery(views), on: .source, expect: String(columns))
    return draft.step(
      .separateLogic, title: "Separate the logic",
      goal: "code of other services reads \(context.service) only through read-only contracts",
      preconditions: ["S0 is in force"], gate: gate,
      hold: "7 days without a foreign statement on these tables, in the query log and in the static scan")
  }

  private func gateQuery(_ views: [PlacedName]) -> String {
    if views.isEmpty { return "SELECT 0;" }
    return "SELECT count(*) FROM information_schema.columns\n"
      + "WHERE (table_schema, table_name) IN (\(context.text.pairs(views)));"
  }

  private func fileName(_ reader: ForeignUse) -> String {
    "\(context.slug(reader.service))-reads-\(context.stem(reader.table))"
  }

  /// The read contract of one reader: only the columns it really reads.
  func viewName(_ reader: ForeignUse) -> PlacedName {
    context.names.helperTable("\(context.slug(reader.service))_reads_\(reader.table.target.name)")
  }

  private func view(for reader: ForeignUse) -> Script {
    let text = context.text
    let view = text.table(viewName(reader))
    return Script(
      up: """
        \(text.comment("\(reader.service) reads \(reader.table.name.text): \(reader.columns.count) of \(reader.table.columns.count) columns"))
        CREATE VIEW \(view) AS
        SELECT \(text.columns(reader.columns))
        FROM \(text.table(reader.table.source));
        """,
      down: "DROP VIEW \(view);")
  }

  private func joinRewrites() -> String {
    let rows = context.joins.map { join in
      YAMLNode.map([
        ("place", .text(join.span.description)), ("unit", .text(join.unit)), ("own", .text(join.own.text)),
        ("foreign", .text(join.foreign.text)), ("foreignService", .text(join.foreignService)),
        ("filtersOnBothSides", .flag(join.needsBothSides)), ("rule", .text(join.rule)),
        ("rewrite", .text(rewrite(join))),
      ])
    }
    return YAMLText.document(
      .map([
        (
          "order",
          .texts(["delete", "simplify", "copy a stable column", "small extra table", "composition or read model"])
        ),
        ("joins", .list(rows)),
      ]))
  }

  private func rewrite(_ join: PlannedJoin) -> String {
    join.needsBothSides
      ? "filters, sorts or aggregates over both sides: read model or a copied column"
      : "key lookup: read \(join.own.text) first, then fetch \(join.foreign.text) in one batch by key"
  }
}
