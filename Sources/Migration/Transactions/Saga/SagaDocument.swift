import Basics
import Decomposition

/// `saga-<name>.yaml` and `tcc-<name>.yaml`: what the participants do, statement by statement, with where it comes from.
struct SagaDocument {
  /// Whether steps reserve first and are confirmed or cancelled (TCC).
  var reserves = false

  let saga: SagaPlan
  let group: SpanningGroup
  let context: GroupContext

  /// The document.
  var text: String {
    YAMLText.document(
      .map(
        [
          (reserves ? "tcc" : "saga", .text(saga.name)), ("beganBy", .text(group.service)),
          ("rule", .text(group.decision.rule)),
          ("replaces", .texts(saga.places.map(\.description))), ("function", .text(saga.unit)),
          (
            "order", .text(saga.isOrdered ? "as in the code" : "unknown: by name; put the steps in order by hand")
          ),
          ("style", .text(saga.style == .choreography ? "choreography" : "orchestration")),
          ("styleReason", .text(saga.style.reason)), ("pivot", .number(saga.pivot)),
          ("pivotReason", .text(saga.pivotReason)),
          (
            "idempotencyKey", .text("(saga_id, step): the key of the log of steps; saga_id is made once, by the caller")
          ),
          ("firstMerge", .list(group.decision.merged.map { .texts($0) })),
          ("steps", .list(saga.steps.map(step))), ("toldByEvent", .list(saga.announced.map(place))),
          ("tablesNobodyOwns", .texts(Set(saga.ownerless.map(\.table.text)).sorted())),
          ("visibleWhileItRuns", .list(saga.exposures.map(exposure))),
        ] + (saga.style == .choreography ? [("choreography", .list(choreography))] : [])))
  }

  private func place(_ touch: Touch) -> YAMLNode {
    .map([
      ("table", .text(touch.table.text)), ("owner", .text(touch.owner)), ("verb", .text(touch.reading.verb.rawValue)),
      ("at", .text(touch.span.description)), ("function", .text(touch.unit)),
      ("statement", .text(touch.statement.isEmpty ? "unknown" : touch.statement)),
    ])
  }

  private func step(_ step: SagaStep) -> YAMLNode {
    .map([
      ("number", .number(step.number)), ("service", .text(step.label)), ("kind", .text(saga.kind(step))),
      ("mayRefuse", .text(step.refusal ?? "no reason seen")),
      ("changes", .list(step.changes.map(change))),
      ("onSource", statements(step, on: .source)), ("onTarget", statements(step, on: .target)),
    ])
  }

  private func change(_ change: SagaChange) -> YAMLNode {
    var node: [(key: String, value: YAMLNode)] = [
      ("table", .text(change.table.text)), ("verbs", .texts(change.verbs.map(\.rawValue))),
      ("columns", .texts(change.columns)), ("addedToOnly", .texts(change.relative)),
      ("inLoop", .flag(change.touches.contains(where: \.inLoop))), ("places", .list(change.touches.map(place))),
    ]
    switch change.compensation {
    case .images:
      node.append(("compensation", .text("from the rows saved before and after")))
      node.append(
        (
          "parameters",
          .map(
            (change.planned?.key.columns ?? []).enumerated().map { number, column in
              ("key_\(number + 1)", YAMLNode.text(column))
            })
        ))
      if let status = statusAlternative(change) { node.append(("alternative", .text(status))) }
    case .byHand(let why): node.append(("compensation", .text("by hand: \(why)")))
    }
    return .map(node)
  }

  private func statusAlternative(_ change: SagaChange) -> String? {
    guard change.verbs.contains(.insert),
      let status = change.planned?.columns.first(where: { ["status", "state"].contains($0.name.lowercased()) })
    else { return nil }
    return "set \(status.name) to a cancelled value instead of deleting the row, when the row has to stay on record"
  }

  /// The statements of a step's local transaction and of its compensation, in the order they run.
  private func statements(_ step: SagaStep, on side: PlanSide) -> YAMLNode {
    let places = SagaPlaces(context: context)
    let service = step.services.first ?? ""
    let tables = SagaTables(text: context.text(on: side), log: places.log(of: service, on: side))
    let sql = SagaStatements(tables: tables, step: step.number)
    let changes = step.changes.compactMap { change -> (name: String, change: ImagedChange)? in
      guard change.compensation == .images, let table = change.planned else { return nil }
      return (change.table.text, places.imaged(change, table, on: side))
    }
    let undo = changes.reversed().map { name, change in
      let maker = CompensationSQL(text: tables.text, log: tables.log, step: step.number, change: change)
      return YAMLNode.map([
        ("table", .text(name)), ("mustCountZero", .texts(maker.checks())), ("statements", .texts(maker.statements())),
      ])
    }
    var node: [(key: String, value: YAMLNode)] = [
      ("claim", .text(sql.claim)), ("whenItRefuses", .text(sql.close)),
      (
        "aroundEachRow",
        .list(
          changes.map { name, change in
            .map([
              ("table", .text(name)), ("before", .text(sql.saveBefore(change))),
              ("after", .texts(sql.saveAfter(change))),
            ])
          })
      ),
    ]
    if reserves {
      node.append(("confirm", .texts(changes.map { sql.forget($0.change) })))
      let reserved = changes.filter { !$0.change.relative.isEmpty }
      node.append(("reservedNow", .texts(reserved.map { sql.reserved($0.change) })))
    }
    node.append(
      (
        reserves ? "cancel" : "compensate",
        .map([
          ("close", .text(sql.close)), ("lock", .text(sql.state)), ("undo", .list(undo)), ("finish", .text(sql.finish)),
        ])
      ))
    return .map(node)
  }

  private func exposure(_ exposure: Exposure) -> YAMLNode {
    .map([
      ("table", .text(exposure.table.text)), ("columns", .texts(exposure.columns)),
      ("from", .text("step \(exposure.step)")), ("until", .text("the saga ends")),
      (
        "readers",
        .list(
          exposure.readers.map { reader in
            .map([
              ("service", .text(reader.service)), ("columns", .texts(reader.columns)),
              ("places", .texts(reader.evidence.prefix(5).map(\.description))),
              ("morePlaces", .number(max(0, reader.evidence.count - 5))),
            ])
          })
      ), ("counterMeasure", .text(exposure.counterMeasure)),
    ])
  }

  /// Who listens to what when the participants talk by events alone.
  private var choreography: [YAMLNode] {
    saga.steps.map { step in
      let isLast = step.number == saga.steps.count
      return .map([
        ("service", .text(step.label)),
        ("startsOn", .texts(step.number == 1 ? ["the request"] : events(saga.steps[step.number - 2]))),
        ("publishes", .texts(events(step))), ("addToCatalogue", .texts(strangers(step))),
        ("onRefusal", .text(refused(step))),
        ("compensatesOn", .texts(saga.steps.filter { $0.number > step.number }.map(refused))),
        ("ends", .flag(isLast)),
      ])
    }
  }

  /// Messages as in `events.yaml` of the owner.
  private func events(_ step: SagaStep) -> [String] { step.changes.map(event) }

  private func event(_ change: SagaChange) -> String {
    let kind: EventModel.Change =
      switch change.verbs.first {
      case .insert, .upsert: .created
      case .delete, .truncate: .deleted
      case .update, .unknown, nil: .updated
      }
    let stem = change.planned.map(context.stem) ?? Naming.stem(change.table.text)
    let owner = context.slug(context.serviceOf(change.table))
    return "\(owner).\(stem).\(kind.rawValue).v\(EventModel.version)"
  }

  /// Messages of tables nobody else reads: the catalogue of their owner lacks them so far.
  private func strangers(_ step: SagaStep) -> [String] {
    step.changes.filter { change in
      let owner = context.tableOwners[change.table]
      return !(owner?.readers.contains { $0.service != owner?.service && !$0.service.isEmpty } ?? false)
    }.map(event)
  }

  private func refused(_ step: SagaStep) -> String { "\(saga.name).step\(step.number).refused" }
}
