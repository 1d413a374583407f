import Facts
import Graph

/// Finds the folders that can be taken as one thing, and those that cannot.
struct ModuleFolders {
  /// Whether each group of the graph is a folder that explains its references and works on one group of tables at most.
  let isModule: [Bool]
  /// Whether each group of the graph is a folder that works on several groups of tables, such as one of all repositories: that two
  /// things lie in it says nothing.
  let isMixed: [Bool]

  init(affinity: Affinity, groups: DataGroups, writes: WriteLedger, settings: DecompositionSettings) {
    let graph = affinity.graph
    let codeCount = graph.nodes.count { $0.kind != .table }
    let largest = max(settings.leastNodesWithoutTables, Int(Double(codeCount) * settings.largestWholePackage))
    let data = Self.dataOfPackages(graph, groups, writes)
    let isMixed = graph.groups.indices.map { number in
      guard groups.groupOfModule[number] == nil else { return false }
      let weights = data[number, default: [:]].values.sorted()
      return weights.last ?? 0 < settings.dominance * weights.reduce(0, +)
    }
    self.isMixed = isMixed
    isModule = graph.groups.enumerated().map { number, group in
      guard !isMixed[number], group.kind == .package, graph.packageQuality >= settings.trustedPackageQuality else {
        return false
      }
      let members = group.members.count { graph.nodes[$0.node].kind != .table && affinity.isIncluded[$0.node] }
      return members > 0 && members <= largest
    }
  }

  /// Writes of each package by group of tables, or reads where it writes nothing.
  private static func dataOfPackages(
    _ graph: DependencyGraph, _ groups: DataGroups, _ writes: WriteLedger
  ) -> [Int: [Int: Double]] {
    func sums(_ entries: [Int: [WriteLedger.Entry]]) -> [Int: [Int: Double]] {
      var sums: [Int: [Int: Double]] = [:]
      for (table, entries) in entries.sorted(by: { $0.key < $1.key }) {
        for entry in entries {
          guard let package = graph.packageOfNode[entry.node] else { continue }
          sums[package, default: [:]][groups.groupOf[table], default: 0] += entry.weight
        }
      }
      return sums
    }
    return sums(writes.writes).merging(sums(writes.reads)) { written, _ in written }
  }
}
