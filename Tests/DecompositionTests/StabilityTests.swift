import Basics
import Decomposition
import Facts
import Graph
import Testing

@Suite struct StabilityTests {
  private func stability(_ system: SystemFacts) -> Stability {
    let graph = DependencyGraph(system: system)
    return Decomposer.stability(
      of: Decomposer.propose(system: system, graph: graph), system: system, graph: graph, runs: 20)
  }

  @Test func plantedModulesAreDecidedAndTheSameEveryTime() {
    let planted = PlantedSystems.modules(6)
    let found = stability(planted.system)
    #expect(found.tables.count == planted.moduleOfTable.count)
    #expect(found.tables.filter { !$0.isDecided }.isEmpty)
    #expect(found == stability(planted.system))
  }

  /// A table that hangs on both sides by the same thin evidence is undecided.
  @Test func tableBetweenTwoServicesIsUndecided() {
    var two = TwoServices()
    two.builder.table("borders")
    for unit in [two.order, two.stock] { two.builder.access(unit, .read, "borders", times: 3) }
    for (table, other) in [("orders", "order_lines"), ("stocks", "stock_moves")] { two.builder.key(other, to: table) }
    let found = stability(two.builder.system)
    #expect(found.tables.filter { !$0.isDecided }.map(\.table) == [TableName("borders")])
  }

  /// Rounding in the last digit of a share is no agreement.
  @Test(arguments: [(1.0, 1e-17, 0.0), (1.0, 0.25, 1.0), (0.5, 0.25, 1.0 / 3)])
  func assortativityOfADivision(coverage: Double, modularity: Double, expected: Double) {
    let figures = DivisionFigures(
      name: "merged", groups: 2, largest: 7, coverage: coverage, modularity: modularity, significance: 1,
      crossJoins: 0, crossForeignKeys: 0, crossTransactions: 0, isTaken: false)
    #expect(abs(figures.assortativity - expected) < 1e-12)
  }
}
