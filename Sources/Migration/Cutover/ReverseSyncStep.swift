import Basics

/// S10: the old tables stay fresh for remaining readers and for the way back.
struct ReverseSyncStep {
  let context: GroupContext

  private var text: SQLText { context.text }
  private var channels: [ApplyChannel] { ReverseSetup(context: context).channels }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .reverseSync, name: "reverse-sync")
    if let silent = TriggersBehind(context: context).silence() {
      draft.run(silent, named: "own-triggers", on: .source)
    }
    if let inner = innerKeys() { draft.run(inner, named: "inner-keys", on: .source) }
    for channel in channels {
      draft.job("merge-\(context.stem(channel.table))", channel.merge(), on: .source)
    }
    draft.add("applier.yaml", ApplierGuide(site: reverse).text(channels: channels))
    addConnectors(&draft)
    draft.act(.openWrites)
    if let checks = checks() { draft.act(.sql(path: draft.add("check-keys.target.sql", checks), on: .target)) }
    let gate = gate(&draft)
    return draft.step(
      .reverseSync, title: "Reverse sync and soak", goal: "the old tables follow the service's own database",
      preconditions: ["the forward stream no longer carries these tables, so nothing runs in circles"], gate: gate,
      hold:
        "the first writes of the service are seen in its own database; two release cycles with a month's end; comparison of S7 clean with sides exchanged; no reader of the old tables in the query log; "
        + "leaving this step stops the reverse stream: that is the point of no return",
      ponr: true, maxBlockSeconds: 2)
  }

  private var reverse: CaptureSite { .reverse(context) }

  /// Nothing waits in the stages; a reader that writes past them is told by the rows themselves.
  private func gate(_ draft: inout StepDraft) -> PlanGate {
    guard reverse.reader().appliesItself else {
      let stages = channels.map { "(SELECT count(*) FROM \(text.table($0.stage)))" }
      return draft.gate(text.select(stages.joined(separator: "\n + ")), on: .source)
    }
    let (source, target) = (text, context.targetText)
    let old = Checksums(
      text: source, peer: target.engine, tables: context.own.map { ($0.on(.source), $0.source, false) })
    let new = Checksums(
      text: target, peer: source.engine, tables: context.own.map { ($0.on(.target), $0.target, false) })
    let file = draft.add("gate.source.sql", old.bucketSums())
    return PlanGate(
      place: .both, file: file, targetFile: draft.add("gate.target.sql", new.bucketSums()), query: "", expect: "equal")
  }

  private func addConnectors(_ draft: inout StepDraft) {
    let forward = CaptureSite.forward(context, tables: context.copies).reader(snapshot: false)
    let whole = CaptureSite.forward(context, variant: "-whole").reader(snapshot: false)
    let back = reverse.reader(snapshot: false)
    let forwardFiles = forward.files().map { draft.add($0.name, $0.contents) }
    let wholeFiles = whole.files().map { draft.add($0.name, $0.contents) }
    draft.act(forward.change(forwardFiles[0]))
    let backFiles = back.files().map { draft.add($0.name, $0.contents) }
    for job in back.jobs() { draft.job(job.name, job.sql, on: .target) }
    draft.act(back.start(backFiles[0]))
    back.copy(into: &draft)
    draft.finish = [back.stop()]
    if let stop = CaptureSetup(site: reverse).dropSlot() {
      let file = draft.add("drop-slot.target.sql", stop)
      draft.undoFirst(.sql(path: file, on: .target))
      draft.finish.append(.sql(path: file, on: .target))
    }
    // Undone first, in this order: stop writes, drain, stop the stream, restart forward; S9 then unlocks and flips back.
    draft.undoFirst(whole.change(wholeFiles[0]))
    if let numbers = Numbers(context: context).backwards() {
      draft.undoFirst(.sql(path: draft.add("numbers.source.sql", numbers), on: .source))
    }
    draft.undoFirst(back.stop())
    draft.undoFirst(
      .manual(
        "stop writes of the service and wait until the gate of this step holds, then until the forward stream has passed a row written to the signal table after that: "
          + "it must not bring back what the reverse stream wrote; writes go on after the rollback of S9"))
  }

  /// Tables are fed one by one now: keys between them would refuse children that arrive before their parents.
  private func innerKeys() -> Script? {
    let keys = KeyScripts(text: text)
    let scripts = context.inner.map { keys.drop($0, checksRows: false) }
    if scripts.isEmpty { return nil }
    return Script(
      up: scripts.map(\.up).joined(separator: "\n"), down: scripts.reversed().map(\.down).joined(separator: "\n"))
  }

  /// Reads the rows of all tables, which is why writers do not wait for it; they were compared with rows that kept the keys.
  private func checks() -> String? {
    let target = context.targetText
    let keys = KeyScripts(text: target)
    let checks = context.inner.map { $0.on(.target) }.compactMap { keys.check($0.name, on: $0.child.target) }
    return checks.isEmpty ? nil : checks.joined(separator: "\n")
  }
}
