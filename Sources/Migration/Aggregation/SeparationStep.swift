import Basics
import Decomposition

/// S1: code of others stops reaching into the group's tables; read contracts replace direct reads.
struct SeparationStep {
  let context: GroupContext

  /// Where the interface of a service stands below its folder.
  static let contractPath = "S1-separate-logic/openapi.yaml"

  /// Nil when nobody else reads the tables and no statement joins across the boundary.
  func make() -> PlanStep? {
    let contract = OpenAPIDocument(
      context: context, endpoints: context.endpoints.all.filter { $0.owner == context.service })
    guard !context.readers.isEmpty || !queries.isEmpty || !writes.isEmpty || contract.text != nil else { return nil }
    var draft = StepDraft(context, id: .separateLogic, name: "separate-logic")
    draft.add("join-rewrites.yaml", joinRewrites())
    draft.act(
      .manual("rewrite the joins listed in join-rewrites.yaml; route reads through the views or the owner's interface"),
      undo: .manual("revert the rewrites; the views only add"))
    if let text = contract.text {
      draft.add("openapi.yaml", text)
      draft.act(
        .manual(
          "let the module of \(context.service) answer openapi.yaml inside the monolith, for readers that move first"),
        undo: .manual("take the interface back once nobody calls it"))
    }
    for reader in context.readers { draft.run(view(for: reader), named: "view-\(fileName(reader))", on: .source) }
    let columns = context.readers.reduce(0) { $0 + $1.columns.count }
    let gate = draft.gate(gateQuery(context.readers), on: .source, expect: String(columns))
    return draft.step(
      .separateLogic, title: "Separate the logic",
      goal: "code of other services reads \(context.service) only through read-only contracts",
      preconditions: ["S0 is in force"], gate: gate,
      hold: "7 days without a foreign statement on these tables, in the query log and in the static scan")
  }

  private func gateQuery(_ readers: [ForeignUse]) -> String {
    if readers.isEmpty { return context.text.select("0") }
    let rows = readers.flatMap { reader in
      let view = viewName(reader)
      return reader.columns.map { [view.schema, view.name, $0] }
    }
    return context.text.count(of: .columns, among: rows) + ";"
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
    let view = viewName(reader)
    return Script(
      up: text.comment(
        "\(reader.service) reads \(reader.table.name.text): \(reader.columns.count) of \(reader.table.columns.count) columns"
      )
        + "\n"
        + text.view(
          view, as: "SELECT \(text.columns(reader.columns))\nFROM \(text.table(reader.table.source))"),
      down: "DROP VIEW \(text.table(view));")
  }

  /// Every join across the boundary in which a table of the service takes part, with what may become of it.
  private func joinRewrites() -> String {
    YAMLText.document(
      .map([
        (
          "order",
          .texts(JoinShortcut.Step.allCases.map(\.rawValue) + ["composition or read model"])
        ),
        ("joins", .list(queries.map(rewrite))), ("writesThroughJoins", .list(writes.map(write))),
      ]))
  }

  private var queries: [CrossQuery] {
    let own = Set(context.own.map(\.name))
    return context.aggregation.queries.filter { $0.home == context.service || $0.tables.contains(where: own.contains) }
  }

  /// Joins of statements that write: no query answers them.
  private var writes: [Seam] {
    context.seams.filter { seam in
      seam.kind == .join
        && context.aggregation.query(at: seam.span, joining: seam.table, seam.otherTable) == nil
    }
  }

  private func rewrite(_ query: CrossQuery) -> YAMLNode {
    let services = query.tables.map { table in
      let owner = context.aggregation.tables.serviceOf[table] ?? "unknown"
      return YAMLNode.map([("table", .text(table.text)), ("owner", .text(owner))])
    }
    let shortcuts = query.shortcuts.map { shortcut in
      YAMLNode.map([
        ("step", .text(shortcut.step.rawValue)), ("why", .text(shortcut.why)),
        ("sure", .flag(shortcut.isAdvised)), ("evidence", .texts(shortcut.evidence.map(\.description))),
      ])
    }
    let folder = "\(context.slug(query.home))/S8-switch-reads"
    let file = query.composition == nil ? "read-models.yaml" : "composition.yaml"
    return .map([
      ("place", .text(query.span.description)), ("unit", .text(query.unit)), ("reader", .text(query.reader)),
      ("statement", .text(query.statement.isEmpty ? "unknown" : query.statement)), ("tables", .list(services)),
      ("rewrite", .text(query.advice)), ("rule", .text(query.rule)), ("shortcuts", .list(shortcuts)),
      ("notByKeyBecause", .texts(query.rejections)), ("details", .text("\(folder)/\(file)#\(query.name)")),
    ])
  }

  private func write(_ seam: Seam) -> YAMLNode {
    .map([
      ("place", .text(seam.span.description)), ("reader", .text(seam.from)), ("owner", .text(seam.to)),
      ("table", .text(seam.table.text)), ("with", .text(seam.otherTable?.text ?? "unknown")),
      ("statement", .text(seam.statement.isEmpty ? "unknown" : seam.statement)),
      (
        "rewrite",
        .text(
          "by hand: read the keys of the rows first, then ask \(seam.to) to change them by key, as S4 decides for its transaction"
        )
      ),
    ])
  }
}
