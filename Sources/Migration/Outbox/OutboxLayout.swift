/// What the chosen outbox consists of in a database: its tables, and who has to be allowed what.
struct OutboxLayout {
  let context: GroupContext

  private var table: OutboxTable { OutboxTable(context: context, isPolled: context.outbox == .polling) }

  /// The scripts that make it on `side`, in order, each with its name.
  func scripts(on side: PlanSide) -> [(name: String, script: Script)] {
    let own: [(name: String, script: Script)]
    switch context.outbox {
    case .killbill:
      let bus = KillBillOutbox(context: context)
      own = (bus.prelude(on: side).map { [("bus-prelude", $0)] } ?? []) + [("bus-tables", bus.tables(on: side))]
    case .debezium: own = [("outbox", table.script(on: side))]
    case .polling: own = [("outbox", table.script(on: side))]
    case .eventuate: own = EventuateOutbox(context: context).scripts(on: side)
    case .modulith: own = ModulithOutbox(context: context).script(on: side).map { [("event-publications", $0)] } ?? []
    }
    return [("inbox", InboxTable(context: context).script(on: side))] + own
  }

  /// The tables producers and consumers write, on `side`.
  func tables(on side: PlanSide) -> [PlacedName] {
    let own: [PlacedName]
    switch context.outbox {
    case .killbill: own = KillBillOutbox(context: context).places(on: side)
    case .debezium, .polling: own = [table.outbox(on: side)]
    case .eventuate: own = EventuateOutbox(context: context).producerPlaces(on: side)
    case .modulith: own = ModulithOutbox(context: context).places(on: side)
    }
    return own + [side == .source ? context.names.helperTable("inbox") : context.names.targetTable("inbox")]
  }

  /// Columns numbered from sequences that PostgreSQL guards apart from their tables, on `side`.
  func sequences(on side: PlanSide) -> [(table: PlacedName, column: String)] {
    switch context.outbox {
    case .killbill: KillBillOutbox(context: context).places(on: side).map { ($0, "record_id") }
    // Identity columns need no right on their sequence.
    case .debezium, .polling, .eventuate, .modulith: []
    }
  }

  /// Schemas of those tables besides the migration's own and the service's.
  func schemas(on side: PlanSide) -> [String] {
    let known = side == .source ? context.names.helper : context.names.target
    return Set(tables(on: side).map(\.schema)).subtracting([known]).sorted()
  }
}
