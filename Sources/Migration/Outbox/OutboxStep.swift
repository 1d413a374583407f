import Basics

/// S4: changes others have to learn of are published through a transactional outbox.
struct OutboxStep {
  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(group: context.folder, id: .transactions, name: "outbox")
    draft.add("events.yaml", EventCatalogue(context: context).text)
    draft.run(DebeziumOutbox(context: context).inbox(on: .source), named: "inbox", on: .source)
    switch context.outbox {
    case .killbill: addKillBill(&draft)
    default: draft.run(DebeziumOutbox(context: context).outbox(on: .source), named: "outbox", on: .source)
    }
    draft.act(
      .manual(
        "publish the events of events.yaml inside the transaction that changes the rows; keep the old write beside it"),
      undo: .manual("switch publication off; the old write is still there"))
    let gate = draft.gate(gateQuery(), on: .source)
    return draft.step(
      .transactions, title: "Replace cross-boundary transactions",
      goal: "every change others depend on leaves \(context.service) as an event of the same transaction",
      preconditions: ["aggregates are locked before the outbox insert, so events of one aggregate keep their order"],
      gate: gate, hold: "no difference between the old write and the consumers' effect over 10000 operations or 7 days")
  }

  private func addKillBill(_ draft: inout StepDraft) {
    let bus = KillBillOutbox(context: context)
    if let prelude = bus.prelude(on: .source) { draft.run(prelude, named: "bus-prelude", on: .source) }
    draft.run(bus.tables(on: .source), named: "bus-tables", on: .source)
    draft.add("queue.properties", bus.properties(on: .source))
    draft.job("purge-history", bus.purge(), on: .source)
  }

  private func gateQuery() -> String {
    let text = context.text
    let old = text.isMySQL ? "utc_timestamp() - INTERVAL 5 MINUTE" : "(now() AT TIME ZONE 'UTC') - interval '5 minutes'"
    switch context.outbox {
    case .killbill:
      return """
        SELECT count(*) FROM \(text.table(context.names.helperTable("bus_events")))
        WHERE processing_state IN ('AVAILABLE', 'IN_PROCESSING') AND created_date < \(old);
        """
    default:
      // A log tailer needs no polling state: the layout itself is what can be wrong.
      let columns = ["id", "aggregatetype", "aggregateid", "type", "payload"].map { text.literal($0) }
      return """
        SELECT 5 - count(*) FROM information_schema.columns
        WHERE table_schema = \(text.literal(context.outboxTable.schema)) AND table_name = \(text.literal(context.outboxTable.name))
          AND column_name IN (\(columns.joined(separator: ", ")));
        """
    }
  }
}
