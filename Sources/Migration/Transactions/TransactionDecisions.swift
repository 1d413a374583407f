import Facts

/// The decisions about transactions as `plan.yaml` lists them: one for each service a group of transactions reaches.
struct TransactionDecisions {
  let groups: [SpanningGroup]

  /// Decisions in order of group and service.
  func decisions() -> [PlanDecision] { groups.flatMap(decisions) }

  private func decisions(_ group: SpanningGroup) -> [PlanDecision] {
    let writes = group.variants.flatMap(\.model.writes)
    let own = writes.filter { $0.owner == group.service }.map(\.table).min()
    return Set(writes.map(\.owner)).subtracting([group.service]).sorted().compactMap { owner in
      guard let table = writes.filter({ $0.owner == owner }).map(\.table).min() else { return nil }
      return PlanDecision(
        from: group.service, to: owner, kind: "transaction", table: table, otherTable: own, rule: group.decision.rule,
        action: ([group.decision.action] + group.decision.limits).joined(separator: "; "),
        inputs: [PlanInput(name: "group", value: group.name)] + group.decision.inputs,
        alternatives: group.decision.alternatives, evidence: group.places)
    }
  }
}
