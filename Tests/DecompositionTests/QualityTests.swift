import Basics
import Decomposition
import Facts
import Graph
import Testing

@Suite struct QualityTests {
  private func propose(_ system: SystemFacts, _ weights: EvidenceWeights = .standard) -> Proposal {
    Decomposer.propose(system: system, graph: DependencyGraph(system: system, weights: weights), weights: weights)
  }

  @Test(arguments: [20, 60, 120]) func moduleFoldersAreRecovered(count: Int) {
    let planted = PlantedSystems.modules(count)
    let proposal = propose(planted.system)
    let f1 = pairF1(proposal, planted.moduleOfTable)
    #expect(f1 >= 0.9, "pair F1 \(f1), services \(proposal.services.count)")
    #expect(proposal.services.filter { !$0.tables.isEmpty }.count >= count * 8 / 10)
    for service in proposal.services { print(service.name, service.units.count, service.tables.map(\.text)) }
  }

  @Test func flatGroupsAreRecovered() {
    let planted = PlantedSystems.flat()
    let proposal = propose(planted.system)
    let f1 = pairF1(proposal, planted.moduleOfTable)
    for service in proposal.services { print(service.name, service.units.map { planted.system.units[$0].name }, service.tables.map(\.text)) }
    print("shared", proposal.shared.map { planted.system.units[$0].name })
    #expect(f1 >= 0.9, "pair F1 \(f1), services \(proposal.services.count)")
  }
}
