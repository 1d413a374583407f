/// S7: both sides are compared until they agree.
struct VerifyStep {
  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .verify, name: "verify")
    let checksums = Self.checksums(context)
    let counts = pair(&draft, "counts", checksums.source.counts(), checksums.target.counts())
    let buckets = pair(&draft, "gate", checksums.source.bucketSums(), checksums.target.bucketSums())
    let rows = pair(&draft, "rows", checksums.source.rows(), checksums.target.rows())
    draft.act(.compare(source: counts.source, target: counts.target))
    draft.act(.compare(source: buckets.source, target: buckets.target))
    draft.act(
      .manual(
        "when buckets differ, compare \(rows.source) with \(rows.target); rows that still differ after the next fence are defects: "
          + "repair them as S6-capture/applier.yaml says, never by hand"),
      undo: .manual("nothing was changed; go back to the hold of S6"))
    let gate = PlanGate(
      place: .both, file: buckets.source, targetFile: buckets.target, query: "", expect: "equal")
    return draft.step(
      .verify, title: "Verify", goal: "the service's own database holds the same rows as the monolith's",
      preconditions: ["a fence row was inserted and has arrived, so that both sides are read at the same change"],
      gate: gate, hold: "3 passes in a row without a difference that survives the next fence")
  }

  private func pair(
    _ draft: inout StepDraft, _ name: String, _ source: String, _ target: String
  ) -> (source: String, target: String) {
    (draft.add("\(name).source.sql", source), draft.add("\(name).target.sql", target))
  }

  /// Checksums of both sides over the tables that move and the copies.
  static func checksums(_ context: GroupContext) -> (source: Checksums, target: Checksums) {
    checksums(context, of: context.own + context.replicas)
  }

  /// Checksums of both sides over some of them.
  static func checksums(
    _ context: GroupContext, of tables: [PlannedTable]
  ) -> (source: Checksums, target: Checksums) {
    let copies = Set(context.replicas.map(\.name))
    let (source, target) = (context.text, context.targetText)
    return (
      Checksums(
        text: source, peer: target.engine, tables: tables.map { ($0.on(.source), $0.source, false) }),
      Checksums(
        text: target, peer: source.engine,
        tables: tables.map { ($0.on(.target), $0.target, copies.contains($0.name)) })
    )
  }
}
