import Basics
import Decomposition

/// S6: the log is tapped first, then rows are copied; changes are applied idempotently.
struct CaptureStep {
  let context: GroupContext

  private var text: SQLText { context.text }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .capture, name: "capture")
    let site = CaptureSite.forward(context)
    let setup = CaptureSetup(site: site)
    let server = ServerSettings(site: site)
    draft.add("prerequisites.source.sql", server.prerequisites())
    draft.add(server.fileName, server.settings())
    draft.run(setup.controlTables(), named: "control-tables", on: .source)
    for table in context.needingIdentity {
      if let script = RowIdentity(text: text).script(for: table) {
        draft.run(script, named: "identity-\(context.stem(table))", on: .source)
      }
    }
    for (children, name) in [
      (LoggedCascades.Children.moved, "logged-cascades"), (.copied, "logged-cascades-of-copies"),
    ] {
      if let script = LoggedCascades(context: context, side: .source, children: children).script() {
        draft.run(script, named: name, on: .source)
      }
    }
    if let exposure = setup.exposure() { draft.run(exposure.script, named: exposure.name, on: .source) }
    if text.engine == .oracle { OracleCapture(site: site).addUser(to: &draft) }
    draft.run(setup.grants(), named: "capture-grants", on: .source)
    addTarget(&draft)
    addStream(&draft, site)
    let gate = draft.gate(setup.gateQuery(), on: .source)
    return draft.step(
      .capture, title: "Capture changes, then copy",
      goal: "every change of the group's tables reaches the service's own database",
      preconditions: splits + [
        "prerequisites.source.sql counts 0; \(server.fileName) sets what it counts, mostly with a restart"
      ]
        + site.reader().preconditions
        + ["an alarm watches job-lag.source.sql: a forgotten slot or a purged log ends the stream"],
      gate: gate, hold: "\(firstCopy); lag under 5 seconds at the 99th percentile for 24 hours", maxBlockSeconds: 2)
  }

  /// Debezium begins a copy that was cut short anew from a later moment: what was deleted in between would stay.
  private var firstCopy: String {
    guard context.choices.cdc == .debezium else { return "snapshot finished" }
    return
      "snapshot finished by a connector that was never restarted meanwhile (else roll this step back and begin again: "
      + "rows deleted between its two attempts would stay)"
  }

  /// Columns other services own leave a table before it is copied.
  private var splits: [String] {
    context.owners.filter { $0.resolution == .tableSplit }.map { owner in
      let others = owner.proof.joint.parts.map(\.service).filter { $0 != context.service }
      return "S3 of \(others.joined(separator: ", ")) has taken its columns out of \(owner.table.text)"
    }
  }

  private func addTarget(_ draft: inout StepDraft) {
    let copies = context.copies
    draft.run(TargetSchema(context: context).tables(), named: "tables", on: .target)
    draft.run(
      ApplyChannel.appliedTable(context.names.targetTable("cleave_applied"), text: context.targetText),
      named: "positions",
      on: .target)
    for part in OutboxLayout(context: context).scripts(on: .target) {
      draft.run(part.script, named: part.name, on: .target)
    }
    if context.broker == .rocketmq {
      draft.run(TransactionLog(context: context, side: .target).script(), named: "tx-log", on: .target)
    }
    for (name, script) in OwnTransactionTables(context: context).scripts() {
      draft.run(script, named: name, on: .target)
    }
    let channels =
      context.own.map { ApplyChannel.forward($0, isCopy: false, context: context) }
      + copies.map { ApplyChannel.forward($0, isCopy: true, context: context) }
    let scripts = channels.map { $0.tables() }
    draft.run(
      Script(
        up: scripts.map(\.up).joined(separator: "\n\n"), down: scripts.reversed().map(\.down).joined(separator: "\n")),
      named: "apply-tables", on: .target)
    for channel in channels {
      draft.job("merge-\(context.stem(channel.table))", channel.merge(), on: .target)
    }
    for table in context.replicas {
      draft.job(
        "new-source-\(context.stem(table))", newSource(table), on: .target)
    }
    draft.run(TargetGrants(context: context).script(), named: "target-roles", on: .target)
    draft.add("applier.yaml", ApplierGuide(site: .forward(context)).text(channels: channels))
  }

  /// Positions of different databases cannot be compared: a copy starts over when its owner's own stream takes over.
  private func newSource(_ table: PlannedTable) -> String {
    "-- run once, when the old stream has drained and before the first event of the owner's own database is applied\n"
      + "UPDATE \(context.targetText.table(table.target)) SET cleave_version = 0;"
  }

  private func addStream(_ draft: inout StepDraft, _ site: CaptureSite) {
    let reader = site.reader()
    let paths = reader.files().map { draft.add($0.name, $0.contents) }
    for job in reader.jobs() { draft.job(job.name, job.sql, on: .source) }
    let topics = site.tables.map { reader.topic($0.place) }
    if let notes = BrokerNotes(context: context).text(topics: topics) { draft.add("topics.md", notes) }
    draft.act(reader.start(paths[0]))
    reader.copy(into: &draft)
    if !reader.appliesItself {
      draft.act(.manual("start the applier: it fills the stages and runs the merge jobs"))
    }
    // Undone first: a slot nobody reads keeps every log segment.
    if let stop = CaptureSetup(site: site).dropSlot() {
      draft.undoFirst(.sql(path: draft.add("drop-slot.source.sql", stop), on: .source))
    }
    draft.undoFirst(reader.stop())
  }
}
