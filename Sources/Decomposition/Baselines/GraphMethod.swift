import CIGraph

/// A way to find communities in a graph; the same seed gives the same answer.
package struct GraphMethod: Sendable {
  /// Name in tables.
  package let name: String
  /// Above this many edges it takes minutes and is left out.
  let edgeLimit: Int
  /// Cluster number of each vertex.
  let clusters: @Sendable (WeightedGraph, _ seed: UInt64) -> [Int]

  private init(
    _ name: String, edgeLimit: Int = .max, _ clusters: @escaping @Sendable (WeightedGraph, UInt64) -> [Int]
  ) {
    self.name = name
    self.edgeLimit = edgeLimit
    self.clusters = clusters
  }

  /// Every method, sorted by name.
  package static let all = [infomap, labelPropagation, leidenCPM, leidenCPMDensity, leidenModularity, louvain]

  /// Infomap (Rosvall and Bergstrom 2008) on edges without direction.
  static let infomap = GraphMethod("infomap", edgeLimit: infomapLimit) { graph, seed in
    run(graph) { cleave_infomap($0, $1, $2, $3, false, seed, infomapTrials, $4) }
  }

  /// Infomap, each edge from its first end to its second.
  static let infomapOfArcs = GraphMethod("infomap", edgeLimit: infomapLimit) { graph, seed in
    run(graph) { cleave_infomap($0, $1, $2, $3, true, seed, infomapTrials, $4) }
  }

  /// Label propagation (Raghavan, Albert and Kumara 2007) from one label a vertex.
  static let labelPropagation = GraphMethod("label_propagation") { graph, seed in
    run(graph) { cleave_label_propagation($0, $1, $2, $3, seed, $4) }
  }

  /// Leiden on the constant Potts model with a resolution between the density of the whole and that of neighbourhoods.
  static let leidenCPM = GraphMethod("leiden_cpm") { Leiden.clustersBetweenDensities(of: $0, seed: $1) }

  /// Leiden on the constant Potts model with the density of the whole as resolution.
  static let leidenCPMDensity = GraphMethod("leiden_cpm_density") { graph, seed in
    let density = GraphDensity(graph)
    return Leiden.clusters(of: graph, weightPerPair: density.meanWeight * density.whole, seed: seed)
  }

  /// Leiden on modularity.
  static let leidenModularity = GraphMethod("leiden_modularity") { graph, seed in
    Leiden.clusters(of: graph, vertexWeights: graph.strengths(), resolution: 1, seed: seed)
  }

  /// Louvain on modularity (Blondel et al. 2008).
  static let louvain = GraphMethod("louvain") { graph, seed in
    run(graph) { cleave_louvain($0, $1, $2, $3, seed, $4) }
  }

  /// Runs of Infomap of which the best one counts, as many as its authors advise.
  private static let infomapTrials: Int64 = 10
  private static let infomapLimit = 200_000

  private static func run(
    _ graph: WeightedGraph,
    _ call: (Int64, Int64, [Int64], [Double], UnsafeMutablePointer<Int64>?) -> Int32
  ) -> [Int] {
    let singles = Array(0..<graph.count)
    guard graph.count > 1, graph.edgeCount > 0 else { return singles }
    var membership = [Int64](repeating: 0, count: graph.count)
    let code = membership.withUnsafeMutableBufferPointer { buffer in
      call(Int64(graph.count), Int64(graph.edgeCount), graph.ends, graph.weights, buffer.baseAddress)
    }
    return code == 0 ? membership.map(Int.init) : singles
  }
}
