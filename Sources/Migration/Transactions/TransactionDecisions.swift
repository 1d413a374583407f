import Basics
import Facts

/// The decisions about transactions as `plan.yaml` lists them: one for each service a group of transactions reaches.
struct TransactionDecisions {
  let groups: [SpanningGroup]

  /// Decisions sorted by from, to and table, then by group.
  func decisions() -> [PlanDecision] {
    groups.flatMap(decisions).enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.from, a.to, a.table.key, left.offset) < (b.from, b.to, b.table.key, right.offset)
    }
    .map(\.element)
  }

  private func decisions(_ group: SpanningGroup) -> [PlanDecision] {
    let writes = group.variants.flatMap(\.model.writes)
    let own = writes.filter { $0.owner == group.service }.map(\.table).min()
    return Set(writes.map(\.owner)).subtracting([group.service]).sorted().compactMap { owner in
      guard let table = writes.filter({ $0.owner == owner }).map(\.table).min() else { return nil }
      let decision = group.decision
      let isApart = decision.answer == .keepTogether && !decision.merged.contains { $0.contains(owner) }
      return PlanDecision(
        from: group.service, to: owner, kind: "transaction", table: table, otherTable: own,
        rule: isApart ? "R5" : decision.rule,
        action: isApart ? rest(decision) : ([decision.action] + decision.limits).joined(separator: "; "),
        inputs: [PlanInput(name: "group", value: group.name)] + group.decision.inputs,
        alternatives: group.decision.alternatives, evidence: group.places)
    }
  }

  /// What is left to do for those that need not become one service.
  private func rest(_ decision: TransactionDecision) -> String {
    let sets = decision.merged.map { $0.joined(separator: " and ") }.joined(separator: "; ")
    return "split what is left into a saga, with \(sets) as one participant each: \(decision.action)"
  }
}
