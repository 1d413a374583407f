import Basics
import Decomposition

/// S6: the log is tapped first, then rows are copied; changes are applied idempotently.
struct CaptureStep {
  let context: GroupContext

  private var text: SQLText { context.text }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .capture, name: "capture")
    let setup = CaptureSetup(context: context)
    draft.add("prerequisites.source.sql", setup.prerequisites())
    draft.add("server.conf", setup.serverSettings())
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
    draft.run(setup.captureGrants(), named: "capture-grants", on: .source)
    if !text.isMySQL { draft.run(setup.publication(), named: "publication", on: .source) }
    addTarget(&draft)
    addStream(&draft, setup)
    let gate = draft.gate(setup.gateQuery(), on: .source)
    return draft.step(
      .capture, title: "Capture changes, then copy",
      goal: "every change of the group's tables reaches the service's own database",
      preconditions: splits + [
        "prerequisites.source.sql counts 0; a changed wal_level or log_bin needs a restart of the server",
        "the login \(context.names.captureRole) has a password known to the connector only",
        "an alarm watches job-lag.source.sql: a forgotten slot or a purged binary log ends the stream",
      ],
      gate: gate, hold: "snapshot finished; lag under 5 seconds at the 99th percentile for 24 hours", maxBlockSeconds: 2
    )
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
      ApplyChannel.appliedTable(context.names.targetTable("cleave_applied"), text: context.targetText), named: "positions",
      on: .target)
    for part in OutboxLayout(context: context).scripts(on: .target) {
      draft.run(part.script, named: part.name, on: .target)
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
    draft.add("applier.yaml", ApplierGuide(context: context).text(channels: channels))
  }

  /// Positions of different databases cannot be compared: a copy starts over when its owner's own stream takes over.
  private func newSource(_ table: PlannedTable) -> String {
    "-- run once, when the old stream has drained and before the first event of the owner's own database is applied\n"
      + "UPDATE \(context.targetText.table(table.target)) SET cleave_version = 0;"
  }

  private func addStream(_ draft: inout StepDraft, _ setup: CaptureSetup) {
    let connector = ConnectorFile(context: context)
    let path = draft.add("\(context.names.connector).json", connector.forward(tables: context.own + context.copies))
    draft.act(.connect(path: path), undo: nil)
    draft.job("snapshot", setup.snapshotSignal(tables: context.own + context.replicas), on: .source)
    draft.job("lag", setup.lagQuery(), on: .source)
    if let stop = setup.dropSlot(context.names.slot) {
      // Undone first: a slot nobody reads keeps every log segment.
      draft.act(.manual("start the applier: it fills the stages and runs the merge jobs"), undo: nil)
      draft.undoFirst(.sql(path: draft.add("drop-slot.source.sql", stop), on: .source))
    } else {
      draft.act(.manual("start the applier: it fills the stages and runs the merge jobs"), undo: nil)
    }
    draft.undoFirst(.disconnect(name: context.names.connector))
  }
}
