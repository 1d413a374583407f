package import Graph

/// Figures of one boundary.
package struct ServiceFigures: Hashable, Sendable {
  /// Weight of the edges inside it.
  package var inside: Double
  /// Weight of the edges to other boundaries; edges to shared code are in neither.
  package var outside: Double
  /// Afferent coupling Ca: number of boundaries that refer to it or touch its tables.
  package var afferent: Int
  /// Efferent coupling Ce: number of boundaries it refers to or whose tables it touches.
  package var efferent: Int
  /// Outside / min(volume, volume of all others), volume = 2 inside + outside; 0 for the only boundary.
  /// Source: Kannan, Vempala, Vetta 2004.
  package var conductance: Double

  /// Share of its weight that stays inside: inside / (inside + outside), 0 to 1; 1 when it has no edges.
  /// Source: CARGO (Nitin et al. 2022), the formula of the paper's text.
  package var cohesion: Double { inside + outside > 0 ? inside / (inside + outside) : 1 }

  /// Instability Ce / (Ca + Ce), 0 to 1; 0 when coupled to nothing. Source: Martin 1994.
  package var instability: Double {
    afferent + efferent > 0 ? Double(efferent) / Double(afferent + efferent) : 0
  }
}

/// Figures of a partition of the graph; edges that touch nodes outside every boundary are not counted.
package struct PartitionMetrics: Hashable, Sendable {
  /// Figures by cluster number.
  package let services: [ServiceFigures]
  /// Newman modularity Q = Σ_c (in_c / m - (vol_c / 2m)²) over the weighted undirected edges, -0.5 to 1; 0 without edges.
  /// Source: Newman and Girvan 2004; weighted: Newman 2004.
  package let modularity: Double

  /// Measures `clusterOf` (cluster of each node, -1 for none) on a graph. Linear in the edges.
  package init(graph: DependencyGraph, clusterOf: [Int]) {
    let count = (clusterOf.max() ?? -1) + 1
    var inside = [Double](repeating: 0, count: count)
    var outside = [Double](repeating: 0, count: count)
    var users = [Set<Int>](repeating: [], count: count)
    var used = [Set<Int>](repeating: [], count: count)
    for edge in graph.edges {
      let from = clusterOf[edge.from]
      let to = clusterOf[edge.to]
      guard from >= 0, to >= 0 else { continue }
      if from == to {
        inside[from] += edge.weight
      } else {
        outside[from] += edge.weight
        outside[to] += edge.weight
        users[to].insert(from)
        used[from].insert(to)
      }
    }
    let total = inside.reduce(0, +) + outside.reduce(0, +) / 2
    let volumes = (0..<count).map { 2 * inside[$0] + outside[$0] }
    services = (0..<count).map { cluster in
      let smaller = min(volumes[cluster], 2 * total - volumes[cluster])
      return ServiceFigures(
        inside: inside[cluster], outside: outside[cluster], afferent: users[cluster].count,
        efferent: used[cluster].count,
        conductance: outside[cluster] > 0 && smaller > 0 ? outside[cluster] / smaller : 0)
    }
    modularity =
      total > 0
      ? (0..<count).reduce(0) { sum, cluster in
        let share = volumes[cluster] / (2 * total)
        return sum + inside[cluster] / total - share * share
      } : 0
  }
}
