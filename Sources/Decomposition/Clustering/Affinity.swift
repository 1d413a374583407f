import Facts
import Graph

/// The undirected pull between nodes, with groups as extra vertices ("hubs") so that a folder of n files costs n edges.
///
/// Vertices below `hubStart` are the nodes of the dependency graph; hub `hubStart + g` is group g. Nodes left out have
/// no edges.
struct Affinity {
  let graph: DependencyGraph
  let hubStart: Int
  /// Edges among nodes, one a pair, sorted by ends.
  private(set) var pairs: [(left: Int, right: Int, weight: Double)] = []
  /// Edges from a node to the hub of a group it is in.
  private(set) var spokes: [(node: Int, hub: Int, weight: Double)] = []
  /// Sum of the weights of the pairs at each node; groups not counted.
  private(set) var strengths: [Double]
  /// Weight of the strongest pair, in units of `EvidenceWeights`.
  private var largest = 0.0
  /// Whether each node takes part.
  let isIncluded: [Bool]
  /// Whether each node is code that no reference ties to any table, such as a user interface: names alone do not bring it to data.
  private let isApart: [Bool]

  init(graph: DependencyGraph, isIncluded: [Bool]) {
    self.graph = graph
    self.isIncluded = isIncluded
    hubStart = graph.nodes.count
    isApart = Self.apart(graph)
    strengths = [Double](repeating: 0, count: graph.nodes.count)
    collectPairs()
    for pair in pairs {
      strengths[pair.left] += pair.weight
      strengths[pair.right] += pair.weight
    }
    collectSpokes()
  }

  var vertexCount: Int { hubStart + graph.groups.count }

  /// Whether one end is code and the other one a table.
  func isAccess(_ left: Int, _ right: Int) -> Bool {
    (graph.nodes[left].kind == .table) != (graph.nodes[right].kind == .table)
  }

  /// What ties code to tables. Code belongs where it writes before it belongs where it reads: a copy can serve a reader.
  func accesses(readShare: Double) -> [(code: Int, table: Int, weight: Double)] {
    graph.edges.compactMap { edge in
      guard isIncluded[edge.from], isIncluded[edge.to], isAccess(edge.from, edge.to) else { return nil }
      let isCode = graph.nodes[edge.to].kind == .table
      let weight = edge.evidence.reduce(0) { sum, part in
        if part.kind == .words, isApart[edge.from] || isApart[edge.to] { return sum }
        return sum + (part.kind == .read ? readShare * part.weight : part.weight)
      }
      return weight > 0 ? (isCode ? edge.from : edge.to, isCode ? edge.to : edge.from, normalised(weight)) : nil
    }
  }

  /// A weight as a share of the strongest pair, on a fixed grid: multiplying all evidence by a number changes nothing.
  func normalised(_ weight: Double) -> Double { WeightGrid.share(weight, of: largest) }

  private mutating func collectPairs() {
    var drafts: [(key: UInt64, weight: Double)] = []
    for edge in graph.edges where isIncluded[edge.from] && isIncluded[edge.to] {
      let weight = isApart[edge.from] || isApart[edge.to] ? firmWeight(edge) : edge.weight
      guard weight > 0 else { continue }
      drafts.append((UInt64(min(edge.from, edge.to)) << 32 | UInt64(max(edge.from, edge.to)), weight))
    }
    drafts.sort { $0.key != $1.key ? $0.key < $1.key : $0.weight < $1.weight }
    for draft in drafts {
      let left = Int(draft.key >> 32)
      let right = Int(draft.key & 0xffff_ffff)
      if let last = pairs.last, last.left == left, last.right == right {
        pairs[pairs.count - 1].weight += draft.weight
      } else {
        pairs.append((left, right, draft.weight))
      }
    }
    largest = pairs.map(\.weight).max() ?? 0
    for number in pairs.indices { pairs[number].weight = normalised(pairs[number].weight) }
  }

  private func firmWeight(_ edge: GraphEdge) -> Double {
    edge.evidence.reduce(0) { $1.kind == .words ? $0 : $0 + $1.weight }
  }

  /// Code in no part of the graph that holds a table, when parts tied by names or by common changes alone are not joined.
  private static func apart(_ graph: DependencyGraph) -> [Bool] {
    var ties = [[Int]](repeating: [], count: graph.nodes.count)
    for edge in graph.edges where edge.evidence.contains(where: { $0.kind != .words && $0.kind != .coChange }) {
      ties[edge.from].append(edge.to)
      ties[edge.to].append(edge.from)
    }
    var isApart = graph.nodes.map { $0.kind != .table }
    var open = graph.nodes.indices.filter { !isApart[$0] }
    while let node = open.popLast() {
      for other in ties[node] where isApart[other] {
        isApart[other] = false
        open.append(other)
      }
    }
    // Where no access is known names are all there is.
    let isKnown = graph.nodes.indices.contains { graph.nodes[$0].kind != .table && !isApart[$0] }
    return isKnown ? isApart : [Bool](repeating: false, count: graph.nodes.count)
  }

  /// Nodes nothing is known about are pulled as if they had a part of the usual strength of their kind.
  private mutating func collectSpokes() {
    let code = meanStrength { $0 != .table }
    let table = meanStrength { $0 == .table }
    for (number, group) in graph.groups.enumerated() {
      // A folder of such code may still be called like a table.
      let members = group.members.map(\.node).filter { graph.nodes[$0].kind != .table }
      let isNamesake = !members.isEmpty && members.allSatisfy { isApart[$0] }
      for member in group.members where isIncluded[member.node] {
        if member.kind == .name, isApart[member.node] { continue }
        let isTable = graph.nodes[member.node].kind == .table
        if isTable, isNamesake { continue }
        let least = isTable ? (table > 0 ? table : 1) : (code > 0 ? code : 1) * Self.shareOfUnknown
        spokes.append((member.node, hubStart + number, member.pull * max(strengths[member.node], least)))
      }
    }
  }

  /// Strength of code without evidence as a share of the mean (ours).
  private static let shareOfUnknown = 0.25

  private func meanStrength(_ isKind: (GraphNode.Kind) -> Bool) -> Double {
    var sum = 0.0
    var count = 0
    for (number, node) in graph.nodes.enumerated() where isIncluded[number] && isKind(node.kind) {
      sum += strengths[number]
      count += 1
    }
    return count > 0 ? sum / Double(count) : 0
  }
}

/// Weights on a fixed grid, so that the last digits of sums decide nothing.
enum WeightGrid {
  private static let steps = 1_048_576.0

  /// A weight as a share of the largest; never 0 for a weight that is more.
  static func share(_ weight: Double, of largest: Double) -> Double {
    guard largest > 0, weight > 0 else { return 0 }
    return max(1 / steps, (weight / largest * steps).rounded() / steps)
  }
}
