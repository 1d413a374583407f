import Facts
import Graph

/// The graph Leiden runs on: trusted folders contracted to one vertex each, everything else as it is.
///
/// Plain modularity merges small communities once there are many of them (the resolution limit, Fortunato and Barthélemy
/// 2007), and a resolution high enough to keep them apart tears large ones. A folder that explains its references is
/// therefore one vertex that cannot be torn, and the resolution is set from the number of such folders, so that two
/// average ones merge only when `mergeShare` of the weight of one goes to the other.
struct ModuleGraph {
  let graph: WeightedGraph
  /// Strength including what is inside a contracted folder; capped for large ones, which would repel all others.
  let vertexWeights: [Double]
  let resolution: Double
  /// Vertex of each node or hub of the affinity, or -1 for what is left out.
  let vertexOf: [Int]

  /// Cap of the weight of a contracted folder as a multiple of their mean.
  private static let weightCap = 1.5

  init(affinity: Affinity, settings: DecompositionSettings) {
    let contracted = Self.contractedGroups(affinity, settings)
    let (vertexOf, isModule) = Self.vertices(affinity, contracted)
    var draft = WeightedGraph(count: isModule.count)
    var inside = [Double](repeating: 0, count: isModule.count)
    func add(_ left: Int, _ right: Int, _ weight: Double) {
      if vertexOf[left] == vertexOf[right] { inside[vertexOf[left]] += 2 * weight }
      draft.add(vertexOf[left], vertexOf[right], weight)
    }
    for pair in affinity.pairs { add(pair.left, pair.right, pair.weight) }
    for spoke in affinity.spokes {
      let isOwn = contracted[spoke.hub - affinity.hubStart] && affinity.graph.nodes[spoke.node].kind != .table
      if !isOwn { add(spoke.node, spoke.hub, spoke.weight) }
    }
    graph = Self.normalised(draft)
    let scale = draft.weights.max() ?? 1
    let strengths = graph.strengths().enumerated().map { $0.element + inside[$0.offset] / scale }
    vertexWeights = Self.capped(strengths, isModule: isModule)
    self.vertexOf = vertexOf
    resolution = Self.resolution(affinity, modules: isModule.count { $0 }, settings)
  }

  /// Packages small enough to be one vertex, where folders are to be trusted.
  private static func contractedGroups(_ affinity: Affinity, _ settings: DecompositionSettings) -> [Bool] {
    let graph = affinity.graph
    let codeCount = graph.nodes.count { $0.kind != .table }
    let largest = max(settings.leastNodesWithoutTables, Int(Double(codeCount) * settings.largestWholePackage))
    return graph.groups.map { group in
      guard group.kind == .package, graph.packageQuality >= settings.trustedPackageQuality else { return false }
      let members = group.members.count { graph.nodes[$0.node].kind != .table && affinity.isIncluded[$0.node] }
      return members > 0 && members <= largest
    }
  }

  private static func vertices(_ affinity: Affinity, _ contracted: [Bool]) -> (vertexOf: [Int], isModule: [Bool]) {
    var vertexOf = [Int](repeating: -1, count: affinity.vertexCount)
    var isModule: [Bool] = []
    for (number, isContracted) in contracted.enumerated() where isContracted {
      vertexOf[affinity.hubStart + number] = isModule.count
      isModule.append(true)
    }
    for node in 0..<affinity.hubStart where affinity.isIncluded[node] {
      if let package = affinity.graph.packageOfNode[node], contracted[package] {
        vertexOf[node] = vertexOf[affinity.hubStart + package]
      } else {
        vertexOf[node] = isModule.count
        isModule.append(false)
      }
    }
    for spoke in affinity.spokes where vertexOf[spoke.hub] < 0 {
      vertexOf[spoke.hub] = isModule.count
      isModule.append(false)
    }
    return (vertexOf, isModule)
  }

  /// Weights as shares of the largest, on a fixed grid: multiplying all evidence by a number changes nothing.
  private static func normalised(_ graph: WeightedGraph) -> WeightedGraph {
    guard let largest = graph.weights.max(), largest > 0 else { return graph }
    let grid = 1_048_576.0
    return graph.reweighted { max(1 / grid, (graph.weights[$0] / largest * grid).rounded() / grid) }
  }

  private static func capped(_ strengths: [Double], isModule: [Bool]) -> [Double] {
    let modules = strengths.indices.filter { isModule[$0] }
    guard !modules.isEmpty else { return strengths }
    let cap = weightCap * modules.reduce(0) { $0 + strengths[$1] } / Double(modules.count)
    return strengths.indices.map { isModule[$0] ? min(cap, strengths[$0]) : strengths[$0] }
  }

  private static func resolution(_ affinity: Affinity, modules: Int, _ settings: DecompositionSettings) -> Double {
    if modules > 0 { return max(settings.leastResolution, settings.mergeShare * Double(modules)) }
    let families = affinity.graph.groups.count { group in
      group.kind == .nameFamily && group.members.contains { affinity.graph.nodes[$0.node].kind == .table }
    }
    return max(settings.leastResolution, settings.familyShare * Double(families))
  }
}
