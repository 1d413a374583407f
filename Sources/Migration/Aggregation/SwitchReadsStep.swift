import Basics

/// S8: reads move to the service's own database, by percentage; joins across the cut become compositions and read models.
struct SwitchReadsStep {
  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .switchReads, name: "switch-reads")
    let models = ReadModels(context: context)
    for (name, script) in models.scripts() { draft.run(script, named: name, on: .target) }
    for (name, sql) in models.rebuildJobs() { draft.job(name, sql, on: .target) }
    draft.add("read-flags.yaml", flags())
    draft.add("composition.yaml", composition())
    if !models.models.isEmpty || context.queries.contains(where: { $0.rule == "R3c" }) {
      draft.add("read-models.yaml", models.document())
    }
    draft.act(
      .manual("raise the percentages of read-flags.yaml: 0 with shadow reads, then 1, 10, 50, 100"),
      undo: .manual("set every percentage of read-flags.yaml to 0; the data is still written in the monolith"))
    // Before the step is made: the gate is one of its files.
    let gate = gate(&draft)
    return draft.step(
      .switchReads, title: "Switch reads", goal: "reads of \(context.service) are answered from its own database",
      preconditions: preconditions(), gate: gate,
      hold:
        "shadow reads differ in fewer than 1 of 100000 requests outside the lag, 95th percentile within 10 % of before")
  }

  private func preconditions() -> [String] {
    let asked = Set(context.queries.compactMap(\.composition).flatMap(\.providers)).sorted()
    return [
      "the gate of S7 holds", "users who just wrote are read from the owner until the stream has caught up",
    ]
      + asked.map { owner in
        "\(owner) answers by key as \(context.slug(owner))/\(SeparationStep.contractPath) says, through the monolith until its own S8"
      }
  }

  private func gate(_ draft: inout StepDraft) -> PlanGate {
    let text = context.targetText
    let old = text.ago(.seconds(60))
    let applied = text.table(context.names.targetTable("cleave_applied"))
    // Only a stream with changes waiting can be late: idle tables have old positions and no stage rows.
    let waiting = (context.own + context.copies).map { table in
      let isCopy = context.copies.contains { $0.name == table.name }
      let stage = ApplyChannel.forward(table, isCopy: isCopy, context: context).stage
      return "SELECT \(text.literal(table.name.text)) AS source FROM \(text.table(stage))"
    }
    return draft.gate(
      """
      SELECT count(*) FROM \(applied) a
      WHERE a.applied_at < \(old)
        AND a.source IN (\(waiting.joined(separator: "\n    UNION ALL ")));
      """, on: .target)
  }

  private func flags() -> String {
    let reads = context.own.map {
      YAMLNode.map([("table", .text($0.name.text)), ("percent", .number(0)), ("shadow", .flag(true))])
    }
    let joins = context.queries.map {
      YAMLNode.map([
        ("query", .text($0.name)), ("place", .text($0.span.description)), ("percent", .number(0)),
        ("shadow", .flag(true)),
      ])
    }
    return YAMLText.document(
      .map([("service", .text(context.service)), ("reads", .list(reads)), ("queries", .list(joins))]))
  }

  /// Queries and reads that go through the owners' interfaces instead of a copy, with their places.
  private func composition() -> String {
    let joined = Set(context.queries.map(\.span))
    let reads = context.decisions.filter { decision in
      (decision.rule.hasPrefix("R3") || decision.rule == "R2") && decision.kind == "read"
        && decision.from == context.service && !decision.evidence.allSatisfy(joined.contains)
    }
    let rows = reads.map { decision in
      let operations = operations(decision)
      let isCopied = operations.isEmpty && decision.rule == "R3a"
      return YAMLNode.map([
        ("owner", .text(decision.to)), ("table", .text(decision.table.text)),
        ("rule", .text(decision.rule)),
        (
          "action",
          .text(isCopied ? "the read-only copy answers: the code does not ask by key alone" : decision.action)
        ), ("operations", .texts(operations)),
        ("maxKeysPerRequest", .number(CompositionPlanner.mostKeys)),
        ("onFailure", .text("the read-only copy answers, as old as the stream is late")),
        ("places", .texts(decision.evidence.map(\.description))),
      ])
    }
    return YAMLText.document(
      .map([
        ("service", .text(context.service)),
        ("compositions", .list(CompositionDocument(context: context).compositions())),
        ("loops", .list(LoopDocument(context: context).loops())), ("reads", .list(rows)),
      ]))
  }

  /// The owner's operations that answer these reads; none where the code does not ask by key: the copy serves then.
  private func operations(_ decision: PlanDecision) -> [String] {
    context.endpoints.all.filter { endpoint in
      endpoint.owner == decision.to && endpoint.table == decision.table
        && endpoint.places.contains { decision.evidence.contains($0) }
    }.map(\.operationID)
  }
}
