import Graph

/// Finds the cluster of every bundle: pinned ones in their service, others where they are tied most, those that have to
/// be apart in different ones.
struct BundlePlacement {
  let bundles: [Constraints.Bundle]
  /// Cluster of each bundle.
  private(set) var clusterOf: [Int] = []
  /// First number that no cluster has yet.
  private(set) var nextCluster: Int

  init(graph: DependencyGraph, constraints: Constraints, start: [Int]) {
    bundles = constraints.bundles()
    nextCluster = (start.max() ?? -1) + 1
    var clusterOfLabel = constraints.clusterOfLabel
    for label in clusterOfLabel.indices where clusterOfLabel[label] == nil {
      clusterOfLabel[label] = nextCluster
      nextCluster += 1
    }
    var placed = [Int?](repeating: nil, count: bundles.count)
    for (number, bundle) in bundles.enumerated() {
      if let label = bundle.label { placed[number] = clusterOfLabel[label] }
    }
    let ties = Self.ties(graph, bundles, start)
    // The strongest choose first, so that of two that have to be apart the weaker tied one moves.
    let order = bundles.indices.filter { placed[$0] == nil }.sorted { left, right in
      let first = ties[left].first?.weight ?? 0
      let second = ties[right].first?.weight ?? 0
      return first != second ? first > second : left < right
    }
    for number in order {
      let refused = Set(bundles[number].apart.compactMap { placed[$0] })
      if let target = ties[number].first(where: { !refused.contains($0.cluster) }) {
        placed[number] = target.cluster
      } else {
        placed[number] = nextCluster
        nextCluster += 1
      }
    }
    clusterOf = placed.map { $0 ?? -1 }
  }

  /// The division with every bundle in its place.
  func apply(to division: [Int]) -> [Int] {
    var result = division
    for (number, bundle) in bundles.enumerated() {
      for node in bundle.nodes { result[node] = clusterOf[number] }
    }
    return result
  }

  /// Clusters each bundle is tied to: the one most of it is in comes first, then by weight. A bundle that is in no
  /// cluster and not tied to any has none.
  private static func ties(
    _ graph: DependencyGraph, _ bundles: [Constraints.Bundle], _ start: [Int]
  ) -> [[(cluster: Int, weight: Double)]] {
    var bundleOf = [Int](repeating: -1, count: start.count)
    for (number, bundle) in bundles.enumerated() {
      for node in bundle.nodes { bundleOf[node] = number }
    }
    var weights = [[Int: [Double]]](repeating: [:], count: bundles.count)
    for edge in graph.edges where bundleOf[edge.from] != bundleOf[edge.to] {
      for (own, other) in [(edge.from, edge.to), (edge.to, edge.from)] where bundleOf[own] >= 0 && start[other] >= 0 {
        weights[bundleOf[own]][start[other], default: []].append(edge.weight)
      }
    }
    return bundles.enumerated().map { number, bundle in
      var sums = weights[number].mapValues { $0.sorted().reduce(0, +) }
      var homes: [Int: Int] = [:]
      for node in bundle.nodes where start[node] >= 0 {
        // Tables decide where a bundle is; its code follows.
        homes[start[node], default: 0] += graph.nodes[node].kind == .table ? bundle.nodes.count : 1
      }
      let home = homes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      for cluster in homes.keys where sums[cluster] == nil { sums[cluster] = 0 }
      return sums.map { (cluster: $0.key, weight: $0.value) }.sorted { left, right in
        if (left.cluster == home) != (right.cluster == home) { return left.cluster == home }
        return left.weight != right.weight ? left.weight > right.weight : left.cluster < right.cluster
      }
    }
  }
}
