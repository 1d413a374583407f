import Basics
import Decomposition
import Facts

/// Turns the seams of a service into one decision per edge, and adds edges only the ownership table shows.
struct DecisionMaker {
  let proposal: Proposal
  let ownerOf: [TableName: TableOwner]
  let serviceOf: [TableName: String]
  let catalog: Catalog
  let aggregation: Aggregation
  /// Where transactions begin that are decided as a whole, beside the edges.
  let transactions: Set<SourceSpan>

  /// One edge; seams with the same edge are one decision with several places.
  private struct Edge: Hashable, Comparable {
    let kind: String
    let from: String
    let to: String
    let table: TableName
    let other: TableName?
    let rule: String

    private var sortKey: [String] { [kind, from, to, table.key, other?.key ?? "", rule] }

    static func < (left: Edge, right: Edge) -> Bool { left.sortKey.lexicographicallyPrecedes(right.sortKey) }
  }

  private struct Gathered {
    var columns: Set<String> = []
    var spans: Set<SourceSpan> = []
    var action = ""
    var source = "seam"
    var inputs: Set<PlanInput> = []
  }

  /// The decisions that touch `service`, sorted by kind, from, to and table.
  func decisions(for service: String) -> [PlanDecision] {
    var edges: [Edge: Gathered] = [:]
    var covered: Set<[String]> = []
    for seam in proposal.seams where (seam.from == service || seam.to == service) && seam.from != seam.to {
      if seam.kind == .transaction, transactions.contains(seam.span) {
        covered.insert([seam.from, seam.table.key])
        continue
      }
      let query = query(at: seam)
      let rule = query?.rule ?? (seam.rule.isEmpty ? DecisionRule.byDefault(kind: seam.kind.rawValue) : seam.rule)
      let edge = Edge(
        kind: seam.kind.rawValue, from: seam.from, to: seam.to, table: seam.table, other: seam.otherTable, rule: rule)
      edges[edge, default: Gathered()].columns.formUnion(seam.columns)
      edges[edge]?.spans.insert(seam.span)
      edges[edge]?.action = query?.action ?? seam.recommendation
      edges[edge]?.inputs.formUnion(query?.inputs ?? [])
      if seam.kind == .foreignKey {
        covered.insert(["", seam.table.key, seam.otherTable?.key ?? ""])
        covered.insert(["", seam.otherTable?.key ?? "", seam.table.key])
        continue
      }
      covered.insert([seam.from, seam.table.key])
      if let other = seam.otherTable { covered.insert([seam.from, other.key]) }
    }
    addKeys(of: service, to: &edges, unless: covered)
    for (kind, use, owner) in uncovered(by: covered, service: service) {
      let edge = Edge(
        kind: kind, from: use.service, to: owner.service, table: owner.table, other: nil,
        rule: DecisionRule.byDefault(kind: kind))
      edges[edge, default: Gathered()].columns.formUnion(use.columns)
      edges[edge]?.spans.formUnion(use.evidence)
      edges[edge]?.source = "ownership"
    }
    return edges.keys.sorted().map { decision($0, edges[$0] ?? Gathered()) }
  }

  /// The query a seam is part of, when it joins: its rule rests on the whole statement.
  private func query(at seam: Seam) -> CrossQuery? {
    switch seam.kind {
    case .join: aggregation.query(at: seam.span, joining: seam.table, seam.otherTable)
    case .nPlusOne, .read: nil
    case .write, .foreignKey, .transaction, .trigger: nil
    }
  }

  /// Foreign keys of the catalog that cross without a seam.
  private func addKeys(of service: String, to edges: inout [Edge: Gathered], unless covered: Set<[String]>) {
    for child in catalog.tables {
      guard let from = serviceOf[child.name] else { continue }
      for key in child.foreignKeys {
        guard let to = serviceOf[key.target], from != to, from == service || to == service,
          !covered.contains(["", key.target.key, child.name.key])
        else { continue }
        let edge = Edge(
          kind: "foreign_key", from: from, to: to, table: ownerOf[key.target]?.table ?? key.target, other: child.name,
          rule: DecisionRule.byDefault(kind: "foreign_key"))
        edges[edge, default: Gathered()].columns.formUnion(key.columns)
        edges[edge]?.spans.insert(key.span)
        edges[edge]?.source = "schema"
      }
    }
  }

  private func uncovered(
    by covered: Set<[String]>, service: String
  ) -> [(kind: String, use: TableUse, owner: TableOwner)] {
    var result: [(kind: String, use: TableUse, owner: TableOwner)] = []
    for owner in proposal.owners {
      let uses = owner.writers.map { ("write", $0) } + owner.readers.map { ("read", $0) }
      for (kind, use) in uses
      where use.service != owner.service && (use.service == service || owner.service == service)
        && !covered.contains([use.service, owner.table.key])
      {
        result.append((kind, use, owner))
      }
    }
    return result
  }

  private func decision(_ edge: Edge, _ gathered: Gathered) -> PlanDecision {
    let rule = DecisionRule.named(edge.rule)
    var inputs = [
      PlanInput(name: "kind", value: edge.kind),
      PlanInput(name: "places", value: String(gathered.spans.count)),
      PlanInput(
        name: "columns", value: gathered.columns.isEmpty ? "unknown" : gathered.columns.sorted().joined(separator: ", ")
      ),
      PlanInput(name: "found by", value: gathered.source),
    ]
    inputs += gathered.inputs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    if let owner = ownerOf[edge.table] {
      inputs.append(PlanInput(name: "ownership", value: owner.ownership.rawValue))
      inputs.append(PlanInput(name: "writers", value: String(owner.writers.count)))
    }
    return PlanDecision(
      from: edge.from, to: edge.to, kind: edge.kind, table: edge.table, otherTable: edge.other, rule: edge.rule,
      action: gathered.action.isEmpty ? rule?.action ?? "decide by hand: no rule of that name" : gathered.action,
      inputs: inputs, alternatives: rule?.alternatives ?? [], evidence: gathered.spans.sorted())
  }
}
