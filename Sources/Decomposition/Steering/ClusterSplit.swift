import Graph

/// Splits a cluster in two where its ties are weakest: Leiden inside, at rising resolution.
struct ClusterSplit {
  private let graph: DependencyGraph
  private let atoms: [[Int]]
  /// Whether each part needs this atom or one like it.
  private let counts: [Bool]

  /// Resolutions tried, each this much finer than the one before.
  private static let step = 1.5
  private static let tries = 12
  private static let seed: UInt64 = 1
  /// More parts than this are not merged pair by pair, which is quadratic: one is cut off (ours).
  private static let mostParts = 96

  /// Nil when there are no two things to put apart; by tables, both parts have some.
  init?(work: ClusterWork, cluster: Int, isByTables: Bool) {
    graph = work.graph
    atoms = work.atoms(of: cluster)
    let nodes = work.graph.nodes
    counts = atoms.map { atom in !isByTables || atom.contains { nodes[$0].kind == .table } }
    guard counts.count(where: { $0 }) > 1 else { return nil }
  }

  /// Two parts, each in ascending order, the one with the first node first.
  func parts() -> [[Int]] {
    var atomOf: [Int: Int] = [:]
    for (number, atom) in atoms.enumerated() {
      for node in atom { atomOf[node] = number }
    }
    var ties = WeightedGraph(count: atoms.count)
    for edge in graph.edges {
      if let left = atomOf[edge.from], let right = atomOf[edge.to] { ties.add(left, right, edge.weight) }
    }
    var parts = communities(ties)
    if parts.count > Self.mostParts { parts = loosest(parts, ties) }
    while parts.count > 2 { mergeOne(&parts, ties) }
    return parts.map { $0.flatMap { atoms[$0] }.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// Atoms by community, at the first resolution that puts two that count apart.
  private func communities(_ ties: WeightedGraph) -> [[Int]] {
    let strengths = ties.strengths()
    var resolution = 1.0
    for _ in 0..<Self.tries {
      let clusters = Leiden.clusters(of: ties, vertexWeights: strengths, resolution: resolution, seed: Self.seed)
      var parts: [Int: [Int]] = [:]
      for (atom, cluster) in clusters.enumerated() { parts[cluster, default: []].append(atom) }
      if parts.values.count(where: { $0.contains { counts[$0] } }) > 1 {
        return parts.sorted { $0.key < $1.key }.map(\.value)
      }
      resolution *= Self.step
    }
    return atoms.indices.map { [$0] }
  }

  /// The part that counts and is tied least, and everything else.
  private func loosest(_ parts: [[Int]], _ ties: WeightedGraph) -> [[Int]] {
    let strengths = ties.strengths()
    let counting = parts.indices.filter { parts[$0].contains { counts[$0] } }
    let weight = { (part: Int) in parts[part].reduce(0) { $0 + strengths[$1] } }
    guard let loosest = counting.min(by: { (weight($0), $0) < (weight($1), $1) }) else { return parts }
    return [parts[loosest], parts.indices.filter { $0 != loosest }.flatMap { parts[$0] }.sorted()]
  }

  /// Merges a part that does not count with its best neighbour, else the two most tied ones for their size.
  private func mergeOne(_ parts: inout [[Int]], _ ties: WeightedGraph) {
    var partOf = [Int](repeating: 0, count: atoms.count)
    for (number, part) in parts.enumerated() {
      for atom in part { partOf[atom] = number }
    }
    var bonds = [Double](repeating: 0, count: parts.count * parts.count)
    for number in ties.weights.indices {
      let (left, right) = ties.edge(number)
      bonds[partOf[left] * parts.count + partOf[right]] += ties.weights[number]
      bonds[partOf[right] * parts.count + partOf[left]] += ties.weights[number]
    }
    let isPart = parts.map { $0.contains { counts[$0] } }
    let counting = isPart.count { $0 }
    var best: (left: Int, right: Int, score: Double)?
    for left in parts.indices {
      for right in parts.indices where right > left {
        // Two that count stay apart as long as something else can be merged.
        if isPart[left], isPart[right], counting < parts.count || counting <= 2 { continue }
        let score = bonds[left * parts.count + right] / Double(min(parts[left].count, parts[right].count))
        if score > best?.score ?? -1 { best = (left, right, score) }
      }
    }
    guard let best else { return }
    parts[best.left] = (parts[best.left] + parts[best.right]).sorted()
    parts.remove(at: best.right)
  }
}
