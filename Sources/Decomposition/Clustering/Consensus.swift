/// One answer from many Leiden runs.
///
/// Every seed and resolution votes on every edge: together or not. A last Leiden run on the graph whose weights are
/// multiplied by the square of the agreement gives the answer (after Lancichinetti and Fortunato 2012, kept to the edges
/// that exist so it stays linear). Edges on whose ends the runs disagree lose their weight, so the answer depends little
/// on any seed.
struct Consensus {
  /// Above this many edges fewer seeds vote; each run costs seconds there.
  private static let manyEdges = 400_000
  private static let seedsForManyEdges = 2

  /// Cluster number of each vertex, numbered by first member.
  let clusters: [Int]

  /// Communities of `graph` by modularity with that resolution.
  init(graph given: WeightedGraph, resolution: Double, settings: DecompositionSettings) {
    let graph = given.normalised()
    let vertexWeights = graph.strengths()
    let seeds = graph.edgeCount > Self.manyEdges ? Array(settings.seeds.prefix(Self.seedsForManyEdges)) : settings.seeds
    var votes = [Int](repeating: 0, count: graph.edgeCount)
    var runs = 0
    for factor in settings.resolutions {
      for seed in seeds {
        let clusters = Leiden.clusters(
          of: graph, vertexWeights: vertexWeights, resolution: resolution * factor, seed: seed)
        runs += 1
        for number in votes.indices {
          let (left, right) = graph.edge(number)
          if clusters[left] == clusters[right] { votes[number] += 1 }
        }
      }
    }
    let agreed = graph.reweighted { number in
      let agreement = Double(votes[number]) / Double(max(1, runs))
      return graph.weights[number] * agreement * agreement
    }
    let last = Leiden.clusters(
      of: agreed, vertexWeights: vertexWeights, resolution: resolution, seed: settings.seeds.first ?? 1)
    clusters = Self.renumbered(last)
  }

  private static func renumbered(_ clusters: [Int]) -> [Int] {
    var numbers: [Int: Int] = [:]
    return clusters.map { cluster in
      if let known = numbers[cluster] { return known }
      numbers[cluster] = numbers.count
      return numbers.count - 1
    }
  }
}
