import Basics
import Facts
import Graph

/// Final answer of clustering with names: which boundary every unit and table belongs to.
struct Assignment {
  let system: SystemFacts
  let graph: DependencyGraph
  /// Cluster of each node; -1 for shared code and tables without owner.
  let clusterOf: [Int]
  /// Unique name of each cluster.
  let names: [String]

  /// The boundary of a unit; `shared` when it belongs to none.
  func service(ofUnit unit: Int) -> String {
    guard let node = graph.node(ofUnit: unit), clusterOf[node] >= 0 else { return ServiceNames.shared }
    return names[clusterOf[node]]
  }

  /// The owner of a table; nil when the catalog does not know it or nothing points at any boundary.
  func owner(of table: TableName) -> String? {
    guard let node = graph.node(ofTable: table), clusterOf[node] >= 0 else { return nil }
    return names[clusterOf[node]]
  }

  /// Whether the unit's code runs as part of a boundary or of shared code; stored programs and tests do not.
  func isCode(_ unit: Int) -> Bool { graph.node(ofUnit: unit) != nil && !system.isTest(unit) }
}
