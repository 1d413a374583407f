import Basics

/// S4: changes others have to learn of leave through a transactional outbox, and transactions that span services get
/// what replaces them.
struct TransactionsStep {
  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .transactions, name: "outbox")
    let outbox = OutboxArtifacts(context: context)
    outbox.add(to: &draft)
    let gate = draft.gate(outbox.gateQuery(), on: .source)
    return draft.step(
      .transactions, title: "Replace cross-boundary transactions",
      goal: "every change others depend on leaves \(context.service) as an event of the same transaction",
      preconditions: ["aggregates are locked before the outbox insert, so events of one aggregate keep their order"],
      gate: gate, hold: "no difference between the old write and the consumers' effect over 10000 operations or 7 days")
  }
}
