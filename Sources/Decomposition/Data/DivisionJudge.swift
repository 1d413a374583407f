import Basics
import Facts
import Graph

/// Judges a division of the tables by what the data says, without any code placed.
struct DivisionJudge {
  private let affinity: TableAffinity
  private let joins: [(left: Int, right: Int)]
  private let keys: [(left: Int, right: Int)]
  private let transactions: [[Int]]

  init(system: SystemFacts, graph: DependencyGraph, affinity: TableAffinity) {
    self.affinity = affinity
    let numberOf = Dictionary(uniqueKeysWithValues: affinity.nodes.enumerated().map { ($0.element, $0.offset) })
    func number(_ table: TableName) -> Int? { graph.node(ofTable: table).flatMap { numberOf[$0] } }
    func pair(_ left: TableName, _ right: TableName) -> (left: Int, right: Int)? {
      guard let left = number(left), let right = number(right) else { return nil }
      return (left, right)
    }
    joins = system.joins.filter { !system.isTest($0.unit) }.compactMap { pair($0.join.left, $0.join.right) }
    keys = system.catalog.tables.flatMap { table in table.foreignKeys.compactMap { pair(table.name, $0.target) } }
    transactions = system.transactions.filter { !system.isTest($0.unit) }.map { $0.writes.compactMap(number) }
  }

  /// The division with its figures. `groupOf` gives a group number from 0 to each table.
  func division(_ name: String, _ groupOf: [Int]) -> DivisionFigures {
    var sizes: [Int: Int] = [:]
    for group in groupOf { sizes[group, default: 0] += 1 }
    return DivisionFigures(
      name: name, groups: sizes.count, largest: sizes.values.max() ?? 0, coverage: affinity.coverage(groupOf),
      modularity: affinity.modularity(groupOf),
      significance: affinity.significance(groupOf),
      crossJoins: joins.count { groupOf[$0.left] != groupOf[$0.right] },
      crossForeignKeys: keys.count { groupOf[$0.left] != groupOf[$0.right] },
      crossTransactions: transactions.count { writes in Set(writes.map { groupOf[$0] }).count > 1 }, isTaken: false)
  }
}
