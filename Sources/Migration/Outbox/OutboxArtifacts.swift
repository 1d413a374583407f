/// The outbox layout that was chosen, with the events it carries and the inbox of every consumer.
struct OutboxArtifacts {
  let context: GroupContext

  /// Adds the files and actions to S4.
  func add(to draft: inout StepDraft) {
    draft.add("events.yaml", EventCatalogue(context: context).text)
    if let catalogue = AsyncAPIDocument(context: context).text { draft.add("asyncapi.yaml", catalogue) }
    draft.add("cloudevents.yaml", CloudEvents(context: context).text)
    for part in OutboxLayout(context: context).scripts(on: .source) {
      draft.run(part.script, named: part.name, on: .source)
    }
    addRelay(to: &draft, on: .source)
    addJobs(to: &draft, on: .source)
    if context.broker == .rocketmq { RocketMQMessages(context: context).add(to: &draft) }
    draft.act(
      .manual(
        "publish the events of events.yaml inside the transaction that changes the rows, after locking the aggregate's row; keep the old write beside it"
      ),
      undo: .manual("switch publication off; the old write is still there"))
  }

  /// What takes events out of the outbox on a side: in the monolith's database from S4 on, in the service's from S9 on.
  func addRelay(to draft: inout StepDraft, on side: PlanSide) {
    switch context.outbox {
    case .killbill:
      draft.add("queue.properties", KillBillOutbox(context: context).properties(on: side))
      if side == .source { addSources(KillBillSources(context: context).files(), to: &draft) }
    case .modulith:
      draft.add("application.properties", ModulithOutbox(context: context).properties(on: side))
      if side == .source { addSources(ModulithSources(context: context).files(), to: &draft) }
    case .debezium: addLog(to: &draft, on: side)
    case .eventuate:
      let outbox = EventuateOutbox(context: context)
      draft.run(outbox.login(on: side), named: "relay-login", on: side)
      draft.add("cdc.env", outbox.environment(on: side))
      draft.act(
        .manual("start the Eventuate CDC service with cdc.env"),
        undo: .manual("stop the Eventuate CDC service of cdc.env and drop its slots"))
    case .polling:
      let relay = PollingRelay(context: context)
      draft.run(relay.login(on: side), named: "relay-login", on: side)
      draft.add("relay.json", relay.settings(on: side))
      draft.add("relay.py", PollingRelay.program(context.broker))
      draft.act(
        .manual("start two or more relay.py, each supervised: one that ends is started again"),
        undo: .manual("stop every relay.py"))
    }
  }

  private func addLog(to draft: inout StepDraft, on side: PlanSide) {
    let log = EventLog(context: context)
    draft.run(log.script(on: side), named: "event-log", on: side)
    let site = CaptureSite.events(context, on: side)
    let reader = DebeziumReader(site: site, snapshot: "no_data")
    let paths = reader.files().map { draft.add($0.name, $0.contents) }
    draft.act(reader.start(paths[0]), undo: nil)
    if let stop = CaptureSetup(site: site).dropSlot() {
      draft.undoFirst(.sql(path: draft.add("drop-event-slot.\(side.rawValue).sql", stop), on: side))
    }
    draft.undoFirst(reader.stop())
    draft.undoFirst(.manual("wait until the consumers have taken every event of this outbox"))
  }

  /// Ends what publishes the old outbox; the service's own goes on.
  func tearDown(_ draft: inout StepDraft) {
    switch context.outbox {
    case .debezium:
      let site = CaptureSite.events(context, on: .source)
      draft.act(DebeziumReader(site: site, snapshot: "no_data").stop())
      if let drop = CaptureSetup(site: site).dropSlot() {
        draft.runOnce(drop, named: "event-slot", on: .source)
        draft.runOnce(
          "DROP PUBLICATION IF EXISTS \(context.text.name(site.publication));", named: "event-publication", on: .source)
      }
    case .eventuate: draft.act(.manual("stop the Eventuate CDC service of the old database and drop its two slots"))
    case .polling: draft.act(.manual("stop every relay.py of the old database"))
    case .modulith: draft.act(.manual("keep the registry of publications when the monolith goes on using it"))
    case .killbill: draft.act(.manual("stop the bus of the old database"))
    }
  }

  private func addSources(_ files: [PlanFile], to draft: inout StepDraft) {
    for file in files { draft.add(file.path, file.contents) }
  }

  /// Jobs that keep the tables from growing for ever.
  func addJobs(to draft: inout StepDraft, on side: PlanSide) {
    draft.job("purge-inbox", InboxTable(context: context).purge(on: side), on: side)
    switch context.outbox {
    case .killbill: draft.job("purge-history", KillBillOutbox(context: context).purge(on: side), on: side)
    case .modulith: draft.job("purge-archive", ModulithOutbox(context: context).purge(on: side), on: side)
    case .debezium:
      draft.job("purge-outbox", OutboxTable(context: context, isPolled: false).purge(on: side), on: side)
    case .polling:
      let relay = PollingRelay(context: context)
      draft.job("purge-outbox", OutboxTable(context: context, isPolled: true).purge(on: side), on: side)
      draft.job("outbox-lag", relay.lagQuery(on: side), on: side)
      if let replay = relay.replay(on: side) { draft.add("replay.\(side.rawValue).sql", replay) }
    // Its own cleaner does that.
    case .eventuate: break
    }
  }

  /// Counts what is wrong with the outbox: 0 when events leave.
  func gateQuery() -> String {
    let text = context.text
    let layout = OutboxLayout(context: context)
    switch context.outbox {
    case .killbill:
      let old =
        text.isMySQL ? "utc_timestamp() - INTERVAL 5 MINUTE" : "(now() AT TIME ZONE 'UTC') - interval '5 minutes'"
      return """
        SELECT count(*) FROM \(text.table(KillBillOutbox(context: context).place("bus_events", on: .source)))
        WHERE processing_state IN ('AVAILABLE', 'IN_PROCESSING') AND created_date < \(old);
        """
    case .polling:
      let outbox = OutboxTable(context: context, isPolled: true).outbox(on: .source)
      return
        "SELECT count(*) FROM \(text.table(outbox)) WHERE published_at IS NULL AND created_at < \(text.ago(.minutes(5)));"
    case .modulith:
      let table = ModulithOutbox(context: context).places(on: .source)[0]
      return
        "SELECT count(*) FROM \(text.table(table)) WHERE completion_date IS NULL AND publication_date < \(text.ago(.minutes(5)));"
    case .debezium, .eventuate:
      // A log tailer leaves no mark in the rows: the layout itself is what can be wrong.
      let rows = layout.tables(on: .source).map { [$0.schema, $0.name] }
      return text.select("\(rows.count) - (\(text.count(of: .tables, among: rows)))")
    }
  }
}
