package import Basics
package import Facts
package import Graph

/// How firmly the evidence places each table: the share of perturbed runs that give it the same owner.
package struct Stability: Hashable, Sendable {
  /// One table.
  package struct TableShare: Hashable, Sendable {
    /// The table.
    package let table: TableName
    /// Its owner in the proposal.
    package let service: String
    /// Share of the runs in which it keeps that owner, 0 to 1.
    package let share: Double

    /// Whether the owner is certain enough to be called decided.
    package var isDecided: Bool { share >= Stability.decided }
  }

  /// Tables with an owner, in the order of the proposal.
  package let tables: [TableShare]
  /// Number of perturbed runs.
  package let runs: Int

  /// A table is decided when it keeps its owner in at least this share of the runs.
  package static let decided = 0.9

  /// Mean share of the tables of each service, sorted by name.
  package var services: [(name: String, share: Double)] {
    Dictionary(grouping: tables, by: \.service).map { name, tables in
      (name, tables.reduce(0) { $0 + $1.share } / Double(tables.count))
    }.sorted { $0.name < $1.name }
  }
}

extension Decomposer {
  /// Runs the decomposition again and again on perturbed evidence: every kind of evidence is weighed up to a fifth more or less, one edge
  /// and one access in twenty is left out, and other seeds are used. Runs are independent; the same input gives the same figures.
  ///
  /// A cluster of a run stands for the service with which it shares most tables.
  package static func stability(
    of proposal: Proposal, system: SystemFacts, graph: DependencyGraph,
    settings: DecompositionSettings = DecompositionSettings(), weights: EvidenceWeights = .standard, runs: Int = 20
  ) -> Stability {
    let owners = proposal.owners.filter { !$0.service.isEmpty }
    let nodes = owners.map { graph.node(ofTable: $0.table) ?? -1 }
    var kept = [Int](repeating: 0, count: owners.count)
    for run in 0..<runs {
      var perturbation = Perturbation(seed: UInt64(run + 1))
      let graph = perturbation.graph(graph)
      let system = perturbation.system(system)
      var settings = settings
      settings.seeds = settings.seeds.map { $0 &+ UInt64(1000 * (run + 1)) }
      let ledger = WriteLedger(system: system, graph: graph, weights: weights)
      let groups = DataGroups(system: system, graph: graph, writes: ledger, settings: settings, weights: weights)
      let clusterOf = Clusterer(system: system, graph: graph, writes: ledger, settings: settings).partition(groups)
        .clusterOf
      var overlap: [Int: [String: Int]] = [:]
      for (owner, node) in zip(owners, nodes) where node >= 0 && clusterOf[node] >= 0 {
        overlap[clusterOf[node], default: [:]][owner.service, default: 0] += 1
      }
      let standsFor = overlap.mapValues { services in
        services.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
      }
      for (number, node) in nodes.enumerated() where node >= 0 && clusterOf[node] >= 0 {
        if standsFor[clusterOf[node]] == owners[number].service { kept[number] += 1 }
      }
    }
    return Stability(
      tables: owners.enumerated().map { number, owner in
        Stability.TableShare(
          table: owner.table, service: owner.service, share: Double(kept[number]) / Double(max(1, runs)))
      }, runs: runs)
  }
}

/// Evidence a little other than it was read.
private struct Perturbation {
  private var random: SplitMix64
  /// Every kind of evidence is multiplied by 1 ± at most this.
  private static let sway = 0.2
  /// Share of edges and accesses left out.
  private static let loss = 0.05

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  mutating func graph(_ graph: DependencyGraph) -> DependencyGraph {
    var factors: [EvidenceKind: Double] = [:]
    for kind in EvidenceKind.allCases {
      factors[kind] = Double.random(in: 1 - Self.sway...1 + Self.sway, using: &random)
    }
    var result = graph
    result.edges = graph.edges.compactMap { edge in
      guard Double.random(in: 0..<1, using: &random) >= Self.loss else { return nil }
      let evidence = edge.evidence.map { piece in
        var piece = piece
        piece.weight *= factors[piece.kind] ?? 1
        return piece
      }
      return GraphEdge(from: edge.from, to: edge.to, evidence: evidence)
    }
    return result
  }

  mutating func system(_ system: SystemFacts) -> SystemFacts {
    var result = system
    result.accesses = system.accesses.filter { _ in Double.random(in: 0..<1, using: &random) >= Self.loss }
    return result
  }
}
