/// S9: writers are fenced for seconds, the stream drains, numbers advance, writes go to the service.
struct SwitchWritesStep {
  let context: GroupContext

  private var text: SQLText { context.text }

  /// The row that proves the stream has drained.
  private var fenceID: String { "cutover-\(context.names.slug)" }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .switchWrites, name: "switch-writes")
    draft.add("runbook.md", runbook())
    let outbox = OutboxArtifacts(context: context)
    outbox.addRelay(to: &draft, on: .target)
    outbox.addJobs(to: &draft, on: .target)
    ReverseSetup(context: context).add(to: &draft)
    draft.act(.awaitStream)
    draft.run(WriteLock(context: context).script(), named: "lock", on: .source)
    draft.run(
      Script(
        up: "INSERT INTO \(text.table(context.fence)) (id) VALUES (\(text.literal(fenceID)));",
        down: "DELETE FROM \(text.table(context.fence)) WHERE id = \(text.literal(fenceID));"),
      named: "fence", on: .source)
    draft.act(.awaitFence)
    addComparison(&draft)
    if let constraints = TargetSchema(context: context).constraints() {
      draft.run(constraints, named: "constraints", on: .target)
    }
    if let cascades = LoggedCascades(context: context, side: .target, children: .moved).script() {
      draft.run(cascades, named: "logged-cascades", on: .target)
    }
    if let numbers = Numbers(context: context).script() { draft.run(numbers, named: "numbers", on: .target) }
    draft.act(
      .manual("flip the write flag: the monolith calls the service, which opens in S10: go on at once"),
      undo: .manual(
        "flip the write flag back before unlocking; after first writes of the service roll S10 back before this step"))
    let target = context.targetText
    let gate = draft.gate(
      "SELECT count(*) FROM \(target.table(context.fenceTable.target)) WHERE id = \(target.literal(fenceID)) AND \(target.fails("cleave_deleted"));",
      on: .target, expect: "1")
    return draft.step(
      .switchWrites, title: "Switch writes",
      goal: "\(context.service) is the one writer of its tables, in its own database",
      preconditions: [
        "this step and its rollback were rehearsed three times on a restored copy",
        "no transaction is older than the lock",
        "the forward stream is less than a second behind: what it is behind is added to the time writers wait",
        "the gates of S7 and S8 hold",
      ],
      gate: gate, hold: "until the first writes of the service are seen in its own database", maxBlockSeconds: 30)
  }

  /// Only what moves is compared: copies of tables of others go on changing while these are locked.
  private func addComparison(_ draft: inout StepDraft) {
    let (source, target) = VerifyStep.checksums(context, of: context.own)
    draft.act(
      .compare(
        source: draft.add("moved.source.sql", source.bucketSums()),
        target: draft.add("moved.target.sql", target.bucketSums())))
  }

  private func runbook() -> String {
    """
    # Cutover of \(MarkdownText.words(context.service))

    Abort before the flag is flipped means: run the rollback of this step. Nothing is lost.

    | Abort when | Limit |
    |---|---|
    | writers are blocked | 30 s |
    | the fence has not arrived | 20 s after it was inserted |
    | counts or checksums differ | any difference |
    | a transaction older than the lock is open | any |

    1. Before anything is locked: the scripts up to `lock` prepare the way back. Wait until the stream is less than a second
       behind; end transactions that have been open for long.
    2. Announce; run `lock`. From here writers of these tables are refused.
    3. Run `fence`; wait for it on the other side (gate).
    4. Compare what moves (moved.source.sql with moved.target.sql); copies of tables of others go on changing.
    5. Add the constraints and advance the numbers on the other side.
    6. Flip the write flag.
    7. Go on with S10: the reverse stream starts, then the service opens. Rows are checked against keys after that.

    What 4 and 5 take grows with the tables: they read every row that moves and build its unique indexes. Measure them on a
    restored copy. Where they take longer than writers may wait, compare before the lock, after a fence, as S7 does, and
    leave 4 out: the fence proves that the stream has drained, the comparison that it was right until then.
    """
  }
}
