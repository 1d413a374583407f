import Basics
package import Facts
package import Graph

/// Proposes service boundaries, one owner per table, and the seams of the cut.
package enum Decomposer {
  /// A proposal for a system. Pure: the same facts give the same proposal in any order of units and on any machine.
  /// Close to linear in references and accesses, times the number of seeds and resolutions.
  ///
  /// - Parameter steering: what people decided; obeyed, or reported in the diagnostics of the proposal.
  /// - Parameter split: a division that is judged in place of the one found here.
  package static func propose(
    system: SystemFacts, graph: DependencyGraph, settings: DecompositionSettings = DecompositionSettings(),
    weights: EvidenceWeights = .standard, steering: Steering = Steering(), split: ImportedSplit? = nil
  ) -> Proposal {
    let proposer = Proposer(system: system, graph: graph, settings: settings, weights: weights)
    return split.map { proposer.judgement(of: $0, steering) } ?? proposer.proposal(steering)
  }

  /// Owners, seams and figures of a partition that was made elsewhere: the service of each node of the graph, negative for
  /// none. Tables belong to the service they are in, whoever writes them.
  package static func judge(
    serviceOf: [Int], system: SystemFacts, graph: DependencyGraph, measured: MeasuredSystem,
    settings: DecompositionSettings = DecompositionSettings(), weights: EvidenceWeights = .standard
  ) -> Proposal {
    let partition = Partition(clusterOf: serviceOf).renumbered()
    let names = (0..<partition.count).map { "service-\($0 + 1)" }
    return judged(
      Division(clusterOf: partition.clusterOf, names: names), system: system, graph: graph,
      ledger: WriteLedger(system: system, graph: graph, weights: weights), measured: measured, settings: settings,
      weights: weights)
  }

  /// Owners, seams and figures of a division.
  static func judged(
    _ division: Division, system: SystemFacts, graph: DependencyGraph, ledger: WriteLedger, measured: MeasuredSystem,
    settings: DecompositionSettings, weights: EvidenceWeights
  ) -> Proposal {
    let assignment = Assignment(
      system: system, graph: graph, clusterOf: division.clusterOf, names: division.names)
    let figures = PartitionMetrics(graph: graph, clusterOf: division.clusterOf)
    var proposal = Proposal()
    (proposal.services, proposal.shared) = services(assignment, figures)
    proposal.owners =
      OwnershipRules(
        assignment: assignment, ledger: ledger, settings: settings, weights: weights,
        division: division.weighed.first(where: \.isTaken)?.name ?? ""
      ).owners()
    proposal.seams = SeamFinder(assignment: assignment, owners: proposal.owners).seams()
    proposal.metrics =
      ProposalMetrics(
        system: assignment.system, figures: figures,
        split: MeasuredSplit(measured, serviceOf: assignment.clusterOf), proposal: proposal
      ).values
    proposal.divisions = division.weighed
    return proposal
  }

  private static func services(
    _ assignment: Assignment, _ figures: PartitionMetrics
  ) -> (services: [ServiceBoundary], shared: [Int]) {
    var units = [[Int]](repeating: [], count: assignment.names.count)
    var shared: [Int] = []
    for (unit, fact) in assignment.system.units.enumerated() where fact.kind == .type || fact.kind == .file {
      guard let node = assignment.graph.node(ofUnit: unit) else { continue }
      let cluster = assignment.clusterOf[node]
      if cluster >= 0 { units[cluster].append(unit) } else { shared.append(unit) }
    }
    var tables = [[TableName]](repeating: [], count: assignment.names.count)
    for (node, cluster) in assignment.clusterOf.enumerated() where cluster >= 0 {
      if let table = assignment.graph.nodes[node].table { tables[cluster].append(table) }
    }
    let services = assignment.names.enumerated().map { cluster, name in
      ServiceBoundary(
        name: name, units: units[cluster], tables: tables[cluster].sorted(),
        cohesion: figures.services[cluster].cohesion)
    }
    return (services.sorted { $0.name < $1.name }, shared)
  }
}
