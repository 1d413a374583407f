import Basics
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

  /// Weights as shares of the largest.
  func normalised() -> WeightedGraph {
    let largest = weights.max() ?? 0
    return reweighted { WeightGrid.share(weights[$0], of: largest) }
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
  /// Above this many edges one pass has to do: the second one costs seconds and moves one vertex in ten thousand.
  private static let edgesForOnePass = 1_000_000

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
      graph.edgeCount > edgesForOnePass ? 1 : iterations, &membership)
    return code == 0 ? membership.map(Int.init) : singles
  }

  /// Cluster number of each vertex by the constant Potts model (Traag, Van Dooren and Nesterov 2011): sum over pairs of
  /// w_ij - γ. Two clusters are joined when the pairs between them weigh more than γ on average, however large the
  /// graph is, so small clusters of a large graph stay apart where modularity merges them.
  static func clusters(of graph: WeightedGraph, weightPerPair: Double, seed: UInt64) -> [Int] {
    clusters(
      of: graph, vertexWeights: [Double](repeating: 1, count: graph.count),
      resolution: weightPerPair * Double(graph.count), seed: seed)
  }

  /// The constant Potts model at the resolution that lies between the graph as a whole and its neighbourhoods:
  /// γ = w √(p t), w the mean weight of an edge, p the density, t the transitivity, see `GraphDensity`. Where the
  /// neighbourhoods are no denser than the whole, that is the density.
  static func clustersBetweenDensities(of graph: WeightedGraph, seed: UInt64) -> [Int] {
    let density = GraphDensity(graph)
    let scale = (density.whole * max(density.whole, density.transitivity)).squareRoot()
    return clusters(of: graph, weightPerPair: density.meanWeight * scale, seed: seed)
  }
}

/// How dense a graph is as a whole and near a vertex.
struct GraphDensity {
  /// Edges / pairs of the vertices that have any.
  let whole: Double
  /// Share of the paths of two edges whose ends are linked as well, on a sample where there are many.
  let transitivity: Double
  /// Mean weight of an edge.
  let meanWeight: Double

  /// Enough to know a share of three percent to a tenth of it.
  private static let samples = 20_000

  init(_ graph: WeightedGraph) {
    var offsets = [Int](repeating: 0, count: graph.count + 1)
    for end in graph.ends { offsets[Int(end) + 1] += 1 }
    let linked = Double(offsets.count { $0 > 0 })
    for vertex in 0..<graph.count { offsets[vertex + 1] += offsets[vertex] }
    var next = offsets
    var neighbours = [Int32](repeating: 0, count: graph.ends.count)
    for number in graph.weights.indices {
      let (left, right) = graph.edge(number)
      neighbours[next[left]] = Int32(right)
      neighbours[next[right]] = Int32(left)
      next[left] += 1
      next[right] += 1
    }
    let edges = Double(graph.edgeCount)
    whole = linked > 1 ? min(1, 2 * edges / (linked * (linked - 1))) : 0
    meanWeight = edges > 0 ? graph.weights.reduce(0, +) / edges : 0
    transitivity = Self.transitivity(offsets, neighbours)
  }

  private static func transitivity(_ offsets: [Int], _ neighbours: [Int32]) -> Double {
    // Running number of pairs of neighbours, to draw each with the same chance.
    var pairs = [0]
    for (start, end) in zip(offsets, offsets.dropFirst()) {
      pairs.append((pairs.last ?? 0) + (end - start) * (end - start - 1) / 2)
    }
    guard let all = pairs.last, all > 0 else { return 0 }
    var random = SplitMix64(state: 1)
    var paths = 0
    var closed = 0
    for _ in 0..<samples {
      let vertex = position(of: Int.random(in: 0..<all, using: &random), in: pairs)
      let row = neighbours[offsets[vertex]..<offsets[vertex + 1]]
      let first = row.startIndex + Int.random(in: 0..<row.count, using: &random)
      let second = row.startIndex + Int.random(in: 0..<(row.count - 1), using: &random)
      let left = row[first]
      let right = row[second < first ? second : second + 1]
      // Parallel edges lead to the same neighbour twice.
      guard left != right else { continue }
      paths += 1
      if neighbours[offsets[Int(left)]..<offsets[Int(left) + 1]].contains(right) { closed += 1 }
    }
    return paths > 0 ? Double(closed) / Double(paths) : 0
  }

  /// The last position whose value is not above `number`, of those with the same value the last one.
  private static func position(of number: Int, in sums: [Int]) -> Int {
    var low = 0
    var high = sums.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if sums[middle] <= number { low = middle } else { high = middle }
    }
    return low
  }
}
