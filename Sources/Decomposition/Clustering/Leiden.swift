import CIGraph

/// A weighted undirected graph as igraph takes it; vertices are numbers.
struct WeightedGraph {
  private(set) var ends: [Int64] = []
  private(set) var weights: [Double] = []
  let count: Int

  init(count: Int) { self.count = count }

  var edgeCount: Int { weights.count }

  /// Adds an edge; loops and edges without weight are left out.
  mutating func add(_ left: Int, _ right: Int, _ weight: Double) {
    guard left != right, weight > 0, weight.isFinite else { return }
    ends.append(Int64(left))
    ends.append(Int64(right))
    weights.append(weight)
  }

  func edge(_ number: Int) -> (left: Int, right: Int) { (Int(ends[2 * number]), Int(ends[2 * number + 1])) }

  /// Sum of the weights at each vertex.
  func strengths() -> [Double] {
    var strengths = [Double](repeating: 0, count: count)
    for number in weights.indices {
      let (left, right) = edge(number)
      strengths[left] += weights[number]
      strengths[right] += weights[number]
    }
    return strengths
  }

  /// The same edges with other weights; edges without weight are left out.
  func reweighted(_ weight: (Int) -> Double) -> WeightedGraph {
    var graph = WeightedGraph(count: count)
    for number in weights.indices {
      let (left, right) = edge(number)
      graph.add(left, right, weight(number))
    }
    return graph
  }
}

/// Leiden (Traag, Waltman and van Eck 2019) as igraph implements it.
enum Leiden {
  /// Leiden passes; two are what its authors use.
  private static let iterations: Int64 = 2

  /// Cluster number of each vertex. Quality: sum over pairs of w_ij - γ n_i n_j / 2m, where n are the vertex weights and
  /// 2m their sum; with n = strength that is modularity with resolution γ. The same seed gives the same answer.
  static func clusters(
    of graph: WeightedGraph, vertexWeights: [Double], resolution: Double, seed: UInt64
  ) -> [Int] {
    let singles = Array(0..<graph.count)
    let total = vertexWeights.reduce(0, +)
    guard graph.count > 1, graph.edgeCount > 0, total > 0 else { return singles }
    var membership = [Int64](repeating: 0, count: graph.count)
    let code = cleave_leiden(
      Int64(graph.count), Int64(graph.edgeCount), graph.ends, graph.weights, vertexWeights, resolution / total, seed,
      iterations, &membership)
    return code == 0 ? membership.map(Int.init) : singles
  }
}
