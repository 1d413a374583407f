/// Removes what the steps set up; made from their own inverses, so that nothing is forgotten.
struct Teardown {
  let context: GroupContext

  /// Files and actions, in order.
  func make() -> (artifacts: [PlanFile], actions: [PlanAction]) {
    var draft = StepDraft(teardownOf: context)
    let names = context.names
    let sites = [CaptureSite.reverse(context), .forward(context)]
    for site in sites { draft.act(site.reader().stop()) }
    for site in sites {
      if let slot = CaptureSetup(site: site).dropSlot() {
        draft.runOnce(slot, named: site.isForward ? "slot" : "reverse-slot", on: site.side)
      }
    }
    for site in sites {
      if let sql = CaptureTeardown(site: site).sql() {
        draft.runOnce(sql, named: site.isForward ? "capture" : "reverse-capture", on: site.side)
      }
    }
    OutboxArtifacts(context: context).tearDown(&draft)
    draft.runOnce(source(), named: "helper-objects", on: .source)
    draft.runOnce(target(), named: "apply-tables", on: .target)
    draft.act(
      .manual(
        "delete the topics that start with \(names.topicPrefix).\(context.text.isMySQL ? context.databaseName : "") and the schema history; "
          + "the outbox topics stay: they are the contract"))
    return (draft.artifacts.sorted { $0.path < $1.path }, draft.apply)
  }

  /// Helper objects in the old database. The retired tables stay until people drop them.
  private func source() -> String {
    let text = context.text
    let names = context.names
    if text.isMySQL {
      let roles = [names.readWriteRole, names.readOnlyRole, names.monolithRole].map {
        "DROP ROLE IF EXISTS \(text.literal($0));"
      }
      return
        (LooseKeys(context: context).queues.map { queue in
          "DROP TRIGGER IF EXISTS \(text.table(PlacedName(schema: queue.parent.source.schema, name: queue.triggerName)));"
        } + [
          "DROP DATABASE IF EXISTS \(text.name(names.facade));", "DROP DATABASE IF EXISTS \(text.name(names.helper));",
        ] + triggers() + cascades + roles).joined(separator: "\n")
    }
    return """
      DROP PUBLICATION IF EXISTS \(text.name(names.publication));
      DROP SCHEMA IF EXISTS \(text.name(names.facade)) CASCADE;
      -- takes the functions, and with them the triggers that call them
      DROP SCHEMA IF EXISTS \(text.name(names.helper)) CASCADE;
      """
  }

  /// MySQL keeps triggers with their tables: the lock goes by name.
  private func triggers() -> [String] {
    context.own.flatMap { table in
      ["insert", "update", "delete"].map { event in
        let name = Naming.shortened("cleave_refuse_\(event)_\(table.source.name)")
        return "DROP TRIGGER IF EXISTS \(context.text.table(PlacedName(schema: table.source.schema, name: name)));"
      }
    }
  }

  private var cascades: [String] {
    [LoggedCascades.Children.moved, .copied].flatMap {
      LoggedCascades(context: context, side: .source, children: $0).removal
    }
  }

  /// Stages, memories and control tables in the service's own database; its tables, copies, outbox and inbox stay.
  private func target() -> String {
    let text = context.text
    let names = context.names
    let channels =
      context.own.map { ApplyChannel.forward($0, isCopy: false, context: context) }
      + [ApplyChannel.forward(context.fenceTable, isCopy: true, context: context)]
    var tables = channels.flatMap { [$0.stage] + ($0.memory.map { [$0] } ?? []) }
    tables += ["cleave_fence", "cleave_signal", "cleave_heartbeat"].map { names.targetTable($0) }
    let publication = text.isMySQL ? [] : ["DROP PUBLICATION IF EXISTS \(text.name(names.reversePublication));"]
    return (publication + tables.map { "DROP TABLE IF EXISTS \(text.table($0));" }).joined(separator: "\n")
  }
}
