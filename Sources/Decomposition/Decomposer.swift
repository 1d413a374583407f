import Basics
package import Facts
package import Graph

/// Proposes service boundaries, one owner per table, and the seams of the cut.
package enum Decomposer {
  /// A proposal for a system. Pure: the same facts give the same proposal in any order of units and on any machine.
  /// Close to linear in references and accesses, times the number of seeds and resolutions.
  package static func propose(
    system: SystemFacts, graph: DependencyGraph, settings: DecompositionSettings = DecompositionSettings(),
    weights: EvidenceWeights = .standard
  ) -> Proposal {
    let ledger = WriteLedger(system: system, graph: graph, weights: weights)
    let groups = DataGroups(system: system, graph: graph, writes: ledger, settings: settings)
    let partition = Clusterer(system: system, graph: graph, writes: ledger, settings: settings).partition(groups)
    let names = ServiceNames(graph: graph, writes: ledger, groups: groups, members: partition.members()).names()
    let assignment = Assignment(system: system, graph: graph, clusterOf: partition.clusterOf, names: names)
    let measured = MeasuredSystem(system: system, graph: graph)
    var result = proposal(assignment, ledger, measured, settings, weights)
    result.divisions = groups.divisions
    return result
  }

  /// Owners, seams and figures of a partition that was made elsewhere: the service of each node of the graph, negative for
  /// none. Tables belong to the service they are in, whoever writes them.
  package static func judge(
    serviceOf: [Int], system: SystemFacts, graph: DependencyGraph, measured: MeasuredSystem,
    settings: DecompositionSettings = DecompositionSettings(), weights: EvidenceWeights = .standard
  ) -> Proposal {
    let ledger = WriteLedger(system: system, graph: graph, weights: weights)
    let partition = Partition(clusterOf: serviceOf).renumbered()
    let names = (0..<partition.count).map { "service-\($0 + 1)" }
    let assignment = Assignment(system: system, graph: graph, clusterOf: partition.clusterOf, names: names)
    return proposal(assignment, ledger, measured, settings, weights)
  }

  private static func proposal(
    _ assignment: Assignment, _ ledger: WriteLedger, _ measured: MeasuredSystem, _ settings: DecompositionSettings,
    _ weights: EvidenceWeights
  ) -> Proposal {
    let figures = PartitionMetrics(graph: assignment.graph, clusterOf: assignment.clusterOf)
    var proposal = Proposal()
    (proposal.services, proposal.shared) = services(assignment, figures)
    proposal.owners = OwnershipRules(assignment: assignment, ledger: ledger, settings: settings, weights: weights)
      .owners()
    proposal.seams = SeamFinder(assignment: assignment, owners: proposal.owners).seams()
    proposal.metrics =
      ProposalMetrics(
        system: assignment.system, figures: figures,
        split: MeasuredSplit(measured, serviceOf: assignment.clusterOf), proposal: proposal
      ).values
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
