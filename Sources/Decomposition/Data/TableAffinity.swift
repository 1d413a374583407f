import Basics
import Graph

/// How strongly the data itself ties tables together: undirected pull between tables, the strongest 1, from what statements, functions,
/// transactions, keys and stored programs do. Names and places are left out, so that they can be judged by it.
struct TableAffinity {
  /// Nodes of the tables, ascending; the position of a node here is the number of its table.
  let nodes: [Int]
  /// One entry a pair of tables, sorted; `left` is the smaller number.
  let ties: [(left: Int, right: Int, weight: Double)]
  /// Sum of the weights at each table.
  let strengths: [Double]
  /// Sum of all weights.
  let total: Double
  /// The strongest tie, in units of `EvidenceWeights`.
  private let largest: Double

  init(graph: DependencyGraph) {
    nodes = graph.nodes.indices.filter { graph.nodes[$0].kind == .table }
    let numberOf = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($0.element, $0.offset) })
    var weights: [UInt64: [Double]] = [:]
    for edge in graph.edges {
      guard let from = numberOf[edge.from], let to = numberOf[edge.to] else { continue }
      weights[UInt64(min(from, to)) << 32 | UInt64(max(from, to)), default: []].append(edge.weight)
    }
    let sums = weights.mapValues { $0.sorted().reduce(0, +) }
    largest = sums.values.max() ?? 0
    let largest = largest
    ties = sums.sorted { $0.key < $1.key }.map { key, weight in
      (Int(key >> 32), Int(key & 0xffff_ffff), WeightGrid.share(weight, of: largest))
    }
    var strengths = [Double](repeating: 0, count: nodes.count)
    for tie in ties {
      strengths[tie.left] += tie.weight
      strengths[tie.right] += tie.weight
    }
    self.strengths = strengths
    total = ties.reduce(0) { $0 + $1.weight }
  }

  var count: Int { nodes.count }

  /// A weight of the graph in the unit of the ties.
  func normalised(_ weight: Double) -> Double { WeightGrid.share(weight, of: largest > 0 ? largest : 1) }

  /// Modularity of a partition of the tables (Newman and Girvan 2004): share of the weight inside the groups less the
  /// share expected by chance; -0.5 to 1, 0 without ties. `groupOf` gives a group number from 0 to each table.
  func modularity(_ groupOf: [Int]) -> Double {
    guard total > 0 else { return 0 }
    var inside = 0.0
    var strengthOf = [Double](repeating: 0, count: (groupOf.max() ?? -1) + 1)
    for tie in ties where groupOf[tie.left] == groupOf[tie.right] { inside += tie.weight }
    for (table, group) in groupOf.enumerated() { strengthOf[group] += strengths[table] }
    return inside / total - strengthOf.reduce(0) { $0 + ($1 / (2 * total)) * ($1 / (2 * total)) }
  }

  /// Share of the weight that lies inside the groups, 0 to 1; 0 without ties.
  func coverage(_ groupOf: [Int]) -> Double {
    guard total > 0 else { return 0 }
    return ties.reduce(0) { groupOf[$1.left] == groupOf[$1.right] ? $0 + $1.weight : $0 } / total
  }

  /// By how many standard deviations the modularity of a partition exceeds that of the same group sizes dealt out at random.
  func significance(_ groupOf: [Int]) -> Double {
    var random = SplitMix64(state: 1)
    var dealt = groupOf
    var values: [Double] = []
    for _ in 0..<Self.deals {
      dealt.shuffle(using: &random)
      values.append(modularity(dealt))
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return variance > 0 ? (modularity(groupOf) - mean) / variance.squareRoot() : 0
  }

  /// Enough for a deviation known to a tenth (ours).
  private static let deals = 200
}
