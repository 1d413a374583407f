import Basics
import Decomposition
import Facts

/// Takes a transaction apart into the steps of a saga.
struct SagaBuilder {
  let group: SpanningGroup
  let context: GroupContext

  private static let statusNames: Set<String> = ["status", "state", "phase"]

  /// The saga of a variant; nil when one participant is left after those that must not be parted are one.
  func saga(_ variant: TransactionVariant) -> SagaPlan? {
    let model = variant.model
    let writes = model.writes
    let news = writes.filter { context.isNews($0) && label($0.owner) != label(group.service) }
    let steps = steps(writes.filter { !news.contains($0) }, reads: model.touches.filter { !$0.isWrite })
    guard Set(steps.map(\.services)).count > 1 else { return nil }
    let (pivot, reason) = pivot(steps)
    return SagaPlan(
      name: variant.name, places: variant.places, unit: model.unit, steps: steps, pivot: pivot, pivotReason: reason,
      announced: news, ownerless: model.touches.filter { $0.isWrite && $0.owner.isEmpty }, isOrdered: model.isOrdered,
      exposures: steps.dropLast().flatMap(exposures),
      style: SagaStyle.fitting(participants: group.decision.locals))
  }

  /// The participant a service belongs to: itself, or those it has to become one with.
  private func label(_ service: String) -> [String] {
    group.decision.merged.first { $0.contains(service) } ?? [service]
  }

  /// Neighbouring writes of one participant are one local transaction.
  private func steps(_ writes: [Touch], reads: [Touch]) -> [SagaStep] {
    var runs: [(services: [String], touches: [Touch])] = []
    for touch in writes {
      let services = label(touch.owner)
      if runs.last?.services == services {
        runs[runs.count - 1].touches.append(touch)
      } else {
        runs.append((services, [touch]))
      }
    }
    return runs.enumerated().map { place, run in
      SagaStep(
        number: place + 1, services: run.services, changes: changes(run.touches),
        refusal: refusal(run.touches, reads: reads))
    }
  }

  private func changes(_ touches: [Touch]) -> [SagaChange] {
    var order: [TableName] = []
    var byTable: [TableName: [Touch]] = [:]
    for touch in touches {
      if byTable[touch.table] == nil { order.append(touch.table) }
      byTable[touch.table, default: []].append(touch)
    }
    return order.map { change($0, byTable[$0] ?? []) }
  }

  private func change(_ name: TableName, _ touches: [Touch]) -> SagaChange {
    let table = context.planned[name]
    let verbs = Set(touches.map(\.reading.verb))
    let named = Set(touches.flatMap(\.columns).map { $0.lowercased() })
    let isKnown = verbs == [.update] && !named.contains("*") && !named.isEmpty
    let plain = table?.plainColumns ?? []
    let setsKey = (table?.key.columns ?? []).contains { named.contains($0.lowercased()) }
    let columns = isKnown ? plain.filter { named.contains($0.lowercased()) } : plain
    // A column is relative only when every statement that may set it adds to it.
    let relative = touches.map { Set($0.reading.relative) }
    let always = relative.dropFirst().reduce(relative.first ?? []) { $0.intersection($1) }
    let isNumeric = { (column: String) in
      switch table?.kind(of: column) {
      case .integer, .decimal, .money: true
      case .boolean, .float, .text, .padded, .plain, .binary, .json, .uuid, .date, .time, .timestamp, .timestampZone,
        .bits, .other, nil:
        false
      }
    }
    return SagaChange(
      table: name, planned: table, verbs: WriteVerb.allCases.filter(verbs.contains),
      columns: columns.isEmpty ? plain : columns,
      relative: verbs == [.update] ? columns.filter { always.contains($0.lowercased()) && isNumeric($0) } : [],
      mayMoveKey: verbs.contains(.update) && (setsKey || !isKnown), touches: touches,
      compensation: compensation(table, verbs))
  }

  private func compensation(_ table: PlannedTable?, _ verbs: Set<WriteVerb>) -> SagaCompensation {
    guard let table else { return .byHand("the table is not in the catalog, so that its key and columns are unknown") }
    if table.isSurrogate { return .byHand("nothing tells its rows apart before S6 numbers them") }
    if verbs.contains(.truncate) { return .byHand("it empties the table without looking at the rows") }
    return .images
  }

  /// Why a step may say no.
  private func refusal(_ touches: [Touch], reads: [Touch]) -> String? {
    if let taken = touches.first(where: \.reading.isGuarded) {
      return "\(taken.table.text) is changed only while enough is left (\(taken.span))"
    }
    // What is looked at before it is changed may be found wanting.
    let looked = reads.first { read in touches.contains { $0.table == read.table && $0.span != read.span } }
    if let looked { return "\(looked.table.text) is read before it is changed (\(looked.span))" }
    if let unknown = touches.first(where: { $0.reading.verb == .unknown || $0.reading.verb == .upsert }) {
      return "what is done to \(unknown.table.text) is not fully known (\(unknown.span))"
    }
    if let insert = touches.first(where: { touch in
      touch.reading.verb == .insert && !(context.planned[touch.table]?.uniqueKeys.isEmpty ?? true)
    }) {
      return "a unique key of \(insert.table.text) may refuse the row (\(insert.span))"
    }
    return nil
  }

  /// The last step that may say no decides; what follows is repeated until it succeeds.
  private func pivot(_ steps: [SagaStep]) -> (Int, String) {
    guard let last = steps.last(where: { $0.refusal != nil }), let why = last.refusal else {
      return (1, "no later step shows a reason to refuse, so the first one decides")
    }
    return (last.number, "last step that may refuse: \(why)")
  }

  private func exposures(_ step: SagaStep) -> [Exposure] {
    step.changes.compactMap { change in
      let readers = (context.tableOwners[change.table]?.readers ?? []).filter { !$0.service.isEmpty }.map {
        ExposedReader(service: $0.service, columns: $0.columns, evidence: $0.evidence)
      }
      guard !readers.isEmpty else { return nil }
      return Exposure(
        table: change.table, columns: change.columns, step: step.number, readers: readers,
        counterMeasure: counterMeasure(change))
    }
  }

  private func counterMeasure(_ change: SagaChange) -> String {
    if !change.relative.isEmpty, change.relative == change.columns {
      return
        "commutative update: \(change.relative.joined(separator: ", ")) is given back by the same amount, whatever "
        + "others did in between; readers see a value that may be given back"
    }
    if let status = (change.planned?.columns ?? []).first(where: { Self.statusNames.contains($0.name.lowercased()) }) {
      return
        "semantic lock: write a pending value to \(status.name) first and the final one when the saga ends; readers "
        + "treat pending rows as not there"
    }
    if change.verbs == [.insert] {
      return "semantic lock: readers leave out rows whose saga is not finished, through the images of the step"
    }
    return
      "reread value: the compensation checks that nobody changed the row since and stops otherwise; a semantic lock "
      + "needs a status column the table does not have"
  }
}
