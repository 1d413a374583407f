/// The outbox layout that was chosen, with the events it carries and the inbox of every consumer.
struct OutboxArtifacts {
  let context: GroupContext

  private var text: SQLText { context.text }

  /// Adds the files and actions to S4.
  func add(to draft: inout StepDraft) {
    draft.add("events.yaml", EventCatalogue(context: context).text)
    draft.run(DebeziumOutbox(context: context).inbox(on: .source), named: "inbox", on: .source)
    switch context.outbox {
    case .killbill: addKillBill(&draft)
    case .debezium, .eventuate, .modulith, .polling:
      draft.run(DebeziumOutbox(context: context).outbox(on: .source), named: "outbox", on: .source)
    }
    if context.broker == .rocketmq { RocketMQMessages(context: context).add(to: &draft) }
    draft.act(
      .manual(
        "publish the events of events.yaml inside the transaction that changes the rows; keep the old write beside it"),
      undo: .manual("switch publication off; the old write is still there"))
  }

  private func addKillBill(_ draft: inout StepDraft) {
    let bus = KillBillOutbox(context: context)
    if let prelude = bus.prelude(on: .source) { draft.run(prelude, named: "bus-prelude", on: .source) }
    draft.run(bus.tables(on: .source), named: "bus-tables", on: .source)
    draft.add("queue.properties", bus.properties(on: .source))
    draft.job("purge-history", bus.purge(), on: .source)
  }

  /// Counts what is wrong with the outbox: 0 when events leave.
  func gateQuery() -> String {
    let old = text.isMySQL ? "utc_timestamp() - INTERVAL 5 MINUTE" : "(now() AT TIME ZONE 'UTC') - interval '5 minutes'"
    switch context.outbox {
    case .killbill:
      return """
        SELECT count(*) FROM \(text.table(context.names.helperTable("bus_events")))
        WHERE processing_state IN ('AVAILABLE', 'IN_PROCESSING') AND created_date < \(old);
        """
    case .debezium, .eventuate, .modulith, .polling:
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
