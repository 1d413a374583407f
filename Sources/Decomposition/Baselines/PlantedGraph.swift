import Basics
/// A random graph whose communities are known (planted partition, Condon and Karp 2001): groups of equal size, a fixed
/// number of edges, a share of which leads to other groups. The same seed gives the same graph.
package struct PlantedGraph: Sendable {
  /// Group of each vertex.
  package let truth: [Int]
  private let graph: WeightedGraph

  /// Plants `groups` among `nodes` vertices and draws `edges`; `mixing` is the chance of an edge to leave its group.
  package init(groups: Int, nodes: Int, edges: Int, mixing: Double, seed: UInt64) {
    var random = SplitMix64(state: seed)
    // Shuffled, so that neighbours in memory say nothing about groups.
    let truth = (0..<nodes).map { $0 % groups }.shuffled(using: &random)
    var members = [[Int]](repeating: [], count: groups)
    for (node, group) in truth.enumerated() { members[group].append(node) }
    var graph = WeightedGraph(count: nodes)
    while graph.edgeCount < edges {
      let left = Int.random(in: 0..<nodes, using: &random)
      let leaves = Double.random(in: 0..<1, using: &random) < mixing
      let right =
        leaves
        ? Int.random(in: 0..<nodes, using: &random)
        : members[truth[left]][Int.random(in: 0..<members[truth[left]].count, using: &random)]
      // Loops, and strangers that turn out to be no strangers, are drawn again.
      if left == right || (leaves && groups > 1 && truth[left] == truth[right]) { continue }
      graph.add(left, right, 1)
    }
    self.truth = truth
    self.graph = graph
  }

  /// Cluster of each vertex by one method; nil where that takes too long.
  package func clusters(by method: GraphMethod, seed: UInt64) -> [Int]? {
    graph.edgeCount <= method.edgeLimit ? method.clusters(graph, seed) : nil
  }
}
