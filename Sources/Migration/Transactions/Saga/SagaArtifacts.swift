import Basics

/// The files and actions of S4 for the sagas of a group.
struct SagaArtifacts {
  let context: GroupContext

  /// Adds tables, machines and documents for what no earlier group has replaced.
  func add(to draft: inout StepDraft) {
    let names = Set(context.replaced.map(\.name))
    let made = context.sagas { names.contains($0.name) }
    if !made.isEmpty { addTables(&draft, made.map(\.saga)) }
    for (group, saga) in made where group.hasSagas { add(saga, of: group, to: &draft) }
    for group in context.replaced { add(group, to: &draft) }
    let before = context.spanning.filter { context.replacedBefore.contains($0.name) }
    if !before.isEmpty {
      draft.act(
        .manual(
          "take part in what an earlier service of the plan has set up: \(before.map(\.name).joined(separator: ", "))"))
    }
  }

  private func addTables(_ draft: inout StepDraft, _ sagas: [SagaPlan]) {
    let places = SagaPlaces(context: context)
    let tables = SagaPlaces.imagedTables(sagas)
    draft.run(places.script(for: tables, of: context.service, on: .source), named: "saga-tables", on: .source)
    let maker = SagaTables(text: context.text, log: places.log(of: context.service, on: .source))
    draft.job(
      "forget-finished-sagas", maker.cleanup(images: tables.map { places.image(of: $0, on: .source) }), on: .source)
  }

  private func add(_ saga: SagaPlan, of group: SpanningGroup, to draft: inout StepDraft) {
    let machine = StateMachine(saga: saga, slug: context.slug).node
    draft.add("saga-\(saga.name).json", machine.document)
    draft.add("saga-\(saga.name).yaml", SagaDocument(saga: saga, group: group, context: context).text)
    let byHand = saga.steps.flatMap(\.changes).compactMap { change -> String? in
      if case .byHand(let why) = change.compensation { "\(change.table.text) (\(why))" } else { nil }
    }
    let rest = byHand.isEmpty ? "" : "; write the compensation yourself for \(byHand.joined(separator: ", "))"
    let merged = group.decision.merged.map { $0.joined(separator: " and ") }.joined(separator: ", ")
    let first = merged.isEmpty ? "" : "once \(merged) are one service, "
    draft.act(
      .manual(
        "\(first)replace \(places(saga)) by saga-\(saga.name).json: \(saga.steps.map(\.label).joined(separator: ", then ")); "
          + "each step is the old statements inside the local transaction of saga-\(saga.name).yaml\(rest)"),
      undo: .manual("switch \(saga.name) off: the old transaction is still there"))
  }

  private func places(_ saga: SagaPlan) -> String {
    let shown = saga.places.prefix(3).map(\.description).joined(separator: ", ")
    let more = saga.places.count > 3 ? " and \(saga.places.count - 3) more" : ""
    return saga.unit.isEmpty ? shown + more : "\(saga.unit) (\(shown)\(more))"
  }

  /// What is left to say about a group.
  private func add(_ group: SpanningGroup, to draft: inout StepDraft) {
    let words = TransactionWords(context: context)
    switch group.decision.answer {
    case .tell:
      draft.act(
        .manual("\(words.places(group)): \(group.decision.action)"),
        undo: .manual("write both sides in one transaction again"))
    case .keepTogether, .replace(.saga):
      let others = context.sagas(of: group).others
      guard !others.isEmpty else { return }
      let shown = others.prefix(6).map { "\($0.model.unit) (\($0.places[0]))" }.joined(separator: ", ")
      draft.act(
        .manual(
          "\(others.count) more transactions of the same participants need a machine of their own: \(shown)"
            + (others.count > 6 ? " and others in plan.yaml" : "")))
    case .replace(.tcc), .replace(.seata), .replace(.xa): break
    }
  }
}
