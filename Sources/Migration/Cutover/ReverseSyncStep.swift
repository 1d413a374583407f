import Basics

/// S10: the old tables stay fresh for remaining readers and for the way back.
struct ReverseSyncStep {
  let context: GroupContext

  private var text: SQLText { context.text }
  private var names: ObjectNames { context.names }
  private var channels: [ApplyChannel] { context.own.map { ApplyChannel.reverse($0, context: context) } }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .reverseSync, name: "reverse-sync")
    draft.run(targetControl(), named: "capture", on: .target)
    draft.run(applyTables(), named: "apply-tables", on: .source)
    draft.run(applyGrants(), named: "apply-grants", on: .source)
    if let silent = TriggersBehind(context: context).silence() {
      draft.run(silent, named: "own-triggers", on: .source)
    }
    if let inner = innerKeys() { draft.run(inner, named: "inner-keys", on: .source) }
    for channel in channels {
      draft.job("merge-\(context.stem(channel.table))", channel.merge(), on: .source)
    }
    draft.add("applier.yaml", ApplierGuide(site: reverse).text(channels: channels))
    addConnectors(&draft)
    let gate = gate(&draft)
    return draft.step(
      .reverseSync, title: "Reverse sync and soak", goal: "the old tables follow the service's own database",
      preconditions: ["the forward stream no longer carries these tables, so nothing runs in circles"], gate: gate,
      hold:
        "two release cycles with a month's end; comparison of S7 clean with sides exchanged; no reader of the old tables in the query log; "
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
        "stop writes of the service and wait until the gate of this step holds; writes go on after the rollback of S9"))
  }

  /// Control tables, rights and what makes the service's own tables readable for the stream back.
  private func targetControl() -> Script {
    let setup = CaptureSetup(site: reverse)
    let target = reverse.text
    // Unchanged out-of-line values would be missing from the log.
    let wide = target.engine == .postgres ? context.own.filter(\.mayToast).map { target.table($0.target) } : []
    let identity = Script(
      up: wide.map { "ALTER TABLE \($0) REPLICA IDENTITY FULL;" }.joined(separator: "\n"),
      down: wide.map { "ALTER TABLE \($0) REPLICA IDENTITY DEFAULT;" }.joined(separator: "\n"))
    let scripts = [setup.controlTables(), identity] + (setup.exposure().map { [$0.script] } ?? []) + [setup.grants()]
    return Script(
      up: scripts.map(\.up).filter { !$0.isEmpty }.joined(separator: "\n"),
      down: scripts.reversed().map(\.down).filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  private func applyTables() -> Script {
    let positions = ApplyChannel.appliedTable(names.helperTable("cleave_applied"), text: text)
    let scripts = channels.map { $0.tables() }
    return Script(
      up: ([positions.up] + scripts.map(\.up)).joined(separator: "\n"),
      down: (scripts.reversed().map(\.down) + [positions.down]).joined(separator: "\n"))
  }

  private func applyGrants() -> Script {
    let role = names.applyRole
    var grants: [SQLGrant] = []
    if text.needsSchemaRights {
      for schema in Set(context.own.map(\.source.schema) + [names.helper]).sorted() {
        grants.append(SQLGrant("USAGE", "SCHEMA \(text.name(schema))", role))
      }
    }
    // Rows keep their numbers: SQL Server lets those insert them who may alter the table.
    let rights = text.engine == .sqlserver ? "\(SQLGrant.all), ALTER" : SQLGrant.all
    grants += zip(context.own, channels).map { table, channel in
      SQLGrant(channel.isNumbered ? rights : SQLGrant.all, text.table(table.source), role)
    }
    if !text.isMySQL { grants += TriggersBehind(context: context).grants().map { SQLGrant($0.0, $0.1, role) } }
    grants += ApplyGrants(text: text, role: role).grants(channels)
    return Script(
      up: (grants.map { text.grant($0.rights, on: $0.object, to: role, isLogin: true) } + acceptNumbers())
        .joined(separator: "\n"),
      down: grants.reversed().map { text.revoke($0.rights, on: $0.object, from: role, isLogin: true) }
        .joined(separator: "\n"))
  }

  /// Oracle's GENERATED ALWAYS takes no numbers from outside; it stays relaxed when the step is undone.
  private func acceptNumbers() -> [String] {
    guard text.engine == .oracle else { return [] }
    return context.own.flatMap { table in
      table.columns.filter(\.isNumbered).map { column in
        let alter =
          "ALTER TABLE \(text.table(table.source)) MODIFY (\(text.name(column.name)) GENERATED BY DEFAULT AS IDENTITY)"
        return text.ifPresent(
          "all_tab_identity_cols WHERE owner = \(text.literal(table.source.schema)) AND table_name = \(text.literal(table.source.name))"
            + " AND column_name = \(text.literal(column.name)) AND generation_type = 'ALWAYS'", [alter])
      }
    }
  }

  /// Tables are fed one by one now: keys between them would refuse children that arrive before their parents.
  private func innerKeys() -> Script? {
    let keys = KeyScripts(text: text)
    let scripts = context.inner.map { keys.drop($0) }
    if scripts.isEmpty { return nil }
    return Script(
      up: scripts.map(\.up).joined(separator: "\n"), down: scripts.reversed().map(\.down).joined(separator: "\n"))
  }
}
