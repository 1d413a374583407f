package import Facts
package import Graph

/// What baselines see: the same facts and the same graph as the decomposer.
package struct BaselineInput: Sendable {
  /// The facts.
  package let system: SystemFacts
  /// Their graph.
  package let graph: DependencyGraph
  /// Their calls and use cases.
  package let measured: MeasuredSystem
  /// How many services with tables to cut to where a method does not choose itself.
  package let serviceCount: Int

  /// Everything a baseline sees.
  package init(system: SystemFacts, graph: DependencyGraph, measured: MeasuredSystem, serviceCount: Int) {
    self.system = system
    self.graph = graph
    self.measured = measured
    self.serviceCount = serviceCount
  }
}

/// A known way to decompose a system, to compare with.
package struct Baseline: Sendable {
  /// Name in tables.
  package let name: String
  /// Service of each node, negative for none; nil where it takes too long or has nothing to work on.
  package let partition: @Sendable (BaselineInput) -> [Int]?

  private init(_ name: String, _ partition: @escaping @Sendable (BaselineInput) -> [Int]?) {
    self.name = name
    self.partition = partition
  }

  /// Every baseline: the trivial ones first, then by name.
  package static let all: [Baseline] = [
    Baseline("one_service") { input in input.graph.nodes.indices.map { input.graph.isTest($0) ? -1 : 0 } },
    Baseline("one_per_table") { TableGroups($0).onePerTable },
    Baseline("foreign_key_components") { TableGroups($0).foreignKeyComponents },
    Baseline("table_prefix") { TableGroups($0).prefixes },
    Baseline("access_similarity") { AccessSimilarity($0).partition },
    Baseline("infomap") { CallCommunities($0).partition(by: .infomapOfArcs) },
    Baseline("label_propagation") { CallCommunities($0).propagatedLabels },
    Baseline("leiden_cpm") { CallCommunities($0).partition(by: .leidenCPM) },
    Baseline("leiden_modularity") { CallCommunities($0).partition(by: .leidenModularity) },
    Baseline("louvain") { CallCommunities($0).partition(by: .louvain) },
  ]
}
