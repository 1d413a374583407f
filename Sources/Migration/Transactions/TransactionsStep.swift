import Basics

/// S4: changes others have to learn of leave through a transactional outbox, and transactions that span services get
/// what replaces them.
struct TransactionsStep {
  /// State machines made for one group of transactions; the others have the same participants and are listed.
  static let mostVariants = 6

  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .transactions, name: "outbox")
    let outbox = OutboxArtifacts(context: context)
    outbox.add(to: &draft)
    SagaArtifacts(context: context).add(to: &draft)
    SeataArtifacts(context: context).add(to: &draft)
    let gate = draft.gate(outbox.gateQuery(), on: .source)
    return draft.step(
      .transactions, title: "Replace cross-boundary transactions", goal: goal, preconditions: preconditions, gate: gate,
      hold: "no difference between the old write and the consumers' effect over 10000 operations or 7 days")
  }

  private var goal: String {
    let events = "every change others depend on leaves \(context.service) as an event of the same transaction"
    guard !context.spanning.isEmpty else { return events }
    return events + "; no transaction writes tables of \(context.service) and of another service"
  }

  private var preconditions: [String] {
    ["aggregates are locked before the outbox insert, so events of one aggregate keep their order"]
      + TransactionWords(context: context).preconditions
  }
}
