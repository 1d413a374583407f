import Basics
package import Facts
package import Graph

/// What one layer of evidence weighs in a proposal, and what it decides.
package struct LayerEffect: Hashable, Sendable {
  /// The layer.
  package var kind: EvidenceKind
  /// Pairs of nodes it ties; for layers that pull through groups, nodes it pulls.
  package var pairs: Int
  /// Sum of its weights, in units of `EvidenceWeights`; for groups, pulls times the strengths of their members.
  package var weight: Double
  /// Its part of the weight of all layers, 0 to 1.
  package var share: Double
  /// The part of its weight that lies inside the proposed services, 0 to 1.
  package var inside: Double
  /// Agreement of the table owners with and without the layer: adjusted Rand index (Hubert and Arabie 1985), at most 1;
  /// 1 when it changes no owner.
  package var agreement: Double

  /// An effect with all its parts.
  package init(kind: EvidenceKind, pairs: Int, weight: Double, share: Double, inside: Double, agreement: Double) {
    self.kind = kind
    self.pairs = pairs
    self.weight = weight
    self.share = share
    self.inside = inside
    self.agreement = agreement
  }
}

extension Decomposer {
  /// The effect of every layer that has any evidence, in order of the weight. Proposes once for each such layer.
  package static func layerEffects(
    system: SystemFacts, settings: DecompositionSettings = DecompositionSettings(),
    weights: EvidenceWeights = .standard
  ) -> [LayerEffect] {
    let graph = DependencyGraph(system: system, weights: weights)
    let proposal = propose(system: system, graph: graph, settings: settings, weights: weights)
    let tallies = LayerTallies(graph: graph, proposal: proposal).tallies
    let total = tallies.values.map(\.weight).sorted().reduce(0, +)
    let owners = proposal.owners.map(\.service)
    return tallies.filter { $0.value.pairs > 0 }.map { kind, tally in
      let reduced = weights.without(kind)
      let other = propose(
        system: system, graph: DependencyGraph(system: system, weights: reduced), settings: settings, weights: reduced)
      return LayerEffect(
        kind: kind, pairs: tally.pairs, weight: tally.weight, share: total > 0 ? tally.weight / total : 0,
        inside: tally.weight > 0 ? tally.inside / tally.weight : 0,
        agreement: agreement(owners, other.owners.map(\.service)))
    }.sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.kind < $1.kind }
  }
}

private func agreement(_ left: [String], _ right: [String]) -> Double {
  let names = Dictionary(Set(left + right).sorted().enumerated().map { ($1, $0) }) { first, _ in first }
  let numbers = { (services: [String]) in services.map { names[$0] ?? -1 } }
  return PartitionAgreement(truth: numbers(left), found: numbers(right))?.ari ?? 1
}

/// Sums each layer of a graph.
private struct LayerTallies {
  struct Tally {
    var pairs = 0
    var weight = 0.0
    var inside = 0.0
  }

  private(set) var tallies: [EvidenceKind: Tally] = [:]

  init(graph: DependencyGraph, proposal: Proposal) {
    var serviceOf = [Int](repeating: -1, count: graph.nodes.count)
    for (number, service) in proposal.services.enumerated() {
      let nodes = service.units.compactMap(graph.node(ofUnit:)) + service.tables.compactMap(graph.node(ofTable:))
      for node in nodes { serviceOf[node] = number }
    }
    var strengths = [Double](repeating: 0, count: graph.nodes.count)
    for edge in graph.edges {
      strengths[edge.from] += edge.weight
      strengths[edge.to] += edge.weight
      let isInside = serviceOf[edge.from] >= 0 && serviceOf[edge.from] == serviceOf[edge.to]
      for evidence in edge.evidence { add(evidence.kind, evidence.weight, inside: isInside ? 1 : 0) }
    }
    for group in graph.groups {
      var counts: [Int: Int] = [:]
      for member in group.members where serviceOf[member.node] >= 0 { counts[serviceOf[member.node], default: 0] += 1 }
      for member in group.members where member.pull > 0 {
        let others = (counts[serviceOf[member.node]] ?? 1) - 1
        add(
          member.kind, member.pull * strengths[member.node],
          inside: Double(others) / Double(max(1, group.members.count - 1)))
      }
    }
  }

  private mutating func add(_ kind: EvidenceKind, _ weight: Double, inside: Double) {
    tallies[kind, default: Tally()].pairs += 1
    tallies[kind, default: Tally()].weight += weight
    tallies[kind, default: Tally()].inside += weight * inside
  }
}
