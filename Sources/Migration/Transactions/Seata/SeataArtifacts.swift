import Basics

/// The files of S4 for everything that runs under a coordinator: orchestrated sagas, TCC, AT and XA.
struct SeataArtifacts {
  let context: GroupContext

  /// Adds what no earlier group has set up.
  func add(to draft: inout StepDraft) {
    let groups = context.replaced.filter(\.needsCoordinator)
    addConversion(&draft)
    guard !groups.isEmpty else { return }
    if !context.hasCoordinator { addServer(&draft) }
    for (slug, service, mode) in clients(groups) {
      let config = SeataConfig(
        service: service, slug: slug, mode: mode, engine: context.targetText.engine, fence: fenceName)
      draft.add("seata-client-\(slug)\(mode == .saga ? "" : "-\(mode)").yml", config.client())
    }
    let schema = context.names.helper
    if groups.contains(where: { $0.uses(.tcc) }) {
      draft.run(SeataTables(text: context.text, schema: schema).fence(), named: "tcc-fence", on: .source)
    }
    if groups.contains(where: \.hasSagas) {
      draft.run(SeataTables(text: context.text, schema: schema).saga(), named: "saga-engine", on: .source)
      draft.act(
        .manual(
          "point the orchestrator's state machine engine at \(schema) (tablePrefix of DbStateMachineConfig: "
            + "\(schema).seata_) and load the saga files into it"))
    }
    for group in groups { add(group, to: &draft) }
  }

  private var fenceName: String { "\(context.names.helper).tcc_fence_log" }

  private func addConversion(_ draft: inout StepDraft) {
    // Once a plan is enough: the use is the whole system's.
    guard context.position == 1, let text = LcnConversion(system: context.system).document else { return }
    draft.add("txlcn-conversion.yaml", text)
    draft.act(.manual("keep TX-LCN running and convert it transaction by transaction as txlcn-conversion.yaml says"))
  }

  private func addServer(_ draft: inout StepDraft) {
    let tables = context.planned.values.sorted { $0.name < $1.name }
    let script = SeataTables(text: context.text, schema: nil).server(lock: LockWidths(for: tables))
    draft.add("seata-server.up.sql", script.up)
    draft.add("seata-server.down.sql", script.down)
    draft.add("seata-server.yml", SeataConfig.server(engine: context.text.engine))
    draft.act(
      .manual(
        "start a Seata server with seata-server.yml over a database of its own made by seata-server.up.sql; it serves all "
          + "services of the plan"),
      undo: .manual("stop the Seata server when global_table is empty"))
  }

  /// One file for each participant and mode; initiators of sagas alone need one.
  private func clients(_ groups: [SpanningGroup]) -> [(slug: String, service: String, mode: SeataConfig.Mode)] {
    var seen: Set<String> = []
    var result: [(slug: String, service: String, mode: SeataConfig.Mode)] = []
    for group in groups {
      let mode: SeataConfig.Mode =
        group.uses(.seata) ? .at : group.uses(.xa) ? .xa : group.uses(.tcc) ? .tcc : .saga
      let services = mode == .saga ? [group.service] : group.participants
      for service in services where !service.isEmpty {
        let slug = context.slug(service)
        if seen.insert("\(slug)-\(mode)").inserted { result.append((slug, service, mode)) }
      }
    }
    return result
  }

  private func add(_ group: SpanningGroup, to draft: inout StepDraft) {
    switch group.decision.answer {
    case .replace(.seata):
      let limits = ATLimits(group: group, context: context)
      draft.add("at-\(group.name).yaml", limits.document)
      draft.act(
        .manual(
          "leave the transaction as it is until S9 of all of \(group.participants.joined(separator: ", ")); then begin it "
            + "under Seata AT as at-\(group.name).yaml says"),
        undo: .manual("take @GlobalTransactional away again"))
    case .replace(.xa):
      draft.add("xa-\(group.name).yaml", XADocument(group: group, context: context).document)
      draft.job("xa-in-doubt", XADocument.inDoubt(context.text.engine), on: .source)
      draft.act(
        .manual(
          "settle what beforeItStarts of xa-\(group.name).yaml asks for, then begin the transaction under Seata XA; an alarm "
            + "watches job-xa-in-doubt"),
        undo: .manual("take @GlobalTransactional away again; end what is in doubt first"))
    case .replace(.tcc): addTCC(group, to: &draft)
    case .keepTogether, .tell, .replace(.saga): break
    }
  }

  private func addTCC(_ group: SpanningGroup, to draft: inout StepDraft) {
    for saga in context.sagas(of: group).sagas {
      draft.add(
        "tcc-\(saga.name).yaml",
        SagaDocument(reserves: true, saga: saga, group: group, context: context).text)
      for step in saga.steps {
        let source = TCCSource(saga: saga, step: step, context: context)
        draft.add("tcc-\(saga.name)/\(source.className).java", source.text)
      }
      draft.act(
        .manual(
          "replace \(saga.unit.isEmpty ? saga.places[0].description : saga.unit) by a global transaction over the actions of "
            + "tcc-\(saga.name)"), undo: .manual("switch \(saga.name) off: the old transaction is still there"))
    }
  }
}
