import Basics

/// S8: reads move to the service's own database, by percentage.
struct SwitchReadsStep {
  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .switchReads, name: "switch-reads")
    draft.add("read-flags.yaml", flags())
    draft.add("composition.yaml", composition())
    draft.act(
      .manual("raise the percentages of read-flags.yaml: 0 with shadow reads, then 1, 10, 50, 100"),
      undo: .manual("set every percentage of read-flags.yaml to 0; the data is still written in the monolith"))
    let text = context.targetText
    let old = text.isMySQL ? "utc_timestamp(6) - INTERVAL 60 SECOND" : "now() - interval '60 seconds'"
    let applied = text.table(context.names.targetTable("cleave_applied"))
    // Only a stream with changes waiting can be late: idle tables have old positions and no stage rows.
    let waiting = (context.own + context.copies).map { table in
      let isCopy = context.copies.contains { $0.name == table.name }
      let stage = ApplyChannel.forward(table, isCopy: isCopy, context: context).stage
      return "SELECT \(text.literal(table.name.text)) AS source FROM \(text.table(stage))"
    }
    let gate = draft.gate(
      """
      SELECT count(*) FROM \(applied) a
      WHERE a.applied_at < \(old)
        AND a.source IN (\(waiting.joined(separator: "\n    UNION ALL ")));
      """, on: .target)
    return draft.step(
      .switchReads, title: "Switch reads", goal: "reads of \(context.service) are answered from its own database",
      preconditions: [
        "the gate of S7 holds", "users who just wrote are read from the owner until the stream has caught up",
      ],
      gate: gate,
      hold:
        "shadow reads differ in fewer than 1 of 100000 requests outside the lag, 95th percentile within 10 % of before")
  }

  private func flags() -> String {
    let reads = context.own.map {
      YAMLNode.map([("table", .text($0.name.text)), ("percent", .number(0)), ("shadow", .flag(true))])
    }
    return YAMLText.document(.map([("service", .text(context.service)), ("reads", .list(reads))]))
  }

  /// Reads that go through the owner's interface instead of a copy, with their places.
  private func composition() -> String {
    let reads = context.decisions.filter { $0.rule.hasPrefix("R3") || $0.rule == "R2" }
    let rows = reads.map { decision in
      YAMLNode.map([
        ("reader", .text(decision.from)), ("owner", .text(decision.to)), ("table", .text(decision.table.text)),
        ("rule", .text(decision.rule)), ("action", .text(decision.action)),
        ("maxKeysPerRequest", .number(500)), ("onFailure", .text("omit")),
        ("places", .texts(decision.evidence.map(\.description))),
      ])
    }
    return YAMLText.document(.map([("reads", .list(rows))]))
  }
}
