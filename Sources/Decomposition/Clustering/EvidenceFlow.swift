/// Evidence for groups of tables that flows through ties: every vertex holds, for each group, the weighted mean of what its
/// neighbours hold and of its own evidence (the harmonic function of Zhu, Ghahramani and Lafferty 2003, with the groups as labels).
struct EvidenceFlow {
  /// Evidence of each vertex for groups of tables.
  private(set) var direct: [[Int: Double]]
  private(set) var neighbours: [[(vertex: Int, weight: Double)]]
  /// All evidence at each vertex, what binds it to itself included.
  private var strengths: [Double]
  private let groupCount: Int

  /// Rounds of the flow; more change no assignment on systems tried (ours).
  private static let rounds = 30
  /// How many groups a vertex remembers; the rest is less than a percent (ours).
  private static let groupsKept = 12

  /// What a vertex holds of a group, 0 to 1.
  struct Mass {
    let group: Int
    let mass: Double
  }

  init(vertices: Int, groups: Int) {
    direct = [[Int: Double]](repeating: [:], count: vertices)
    neighbours = [[(vertex: Int, weight: Double)]](repeating: [], count: vertices)
    strengths = [Double](repeating: 0, count: vertices)
    groupCount = groups
  }

  /// Ties two vertices; what ties a vertex to itself holds it back from others.
  mutating func bind(_ left: Int, _ right: Int, _ weight: Double) {
    strengths[left] += weight
    strengths[right] += weight
    guard left != right else { return }
    neighbours[left].append((right, weight))
    neighbours[right].append((left, weight))
  }

  /// Evidence of a vertex itself for a group of tables.
  mutating func add(_ group: Int, to vertex: Int, _ weight: Double) {
    direct[vertex][group, default: 0] += weight
    strengths[vertex] += weight
  }

  /// What each vertex holds of each group, most first, ties by number. Vertices with a home hold that alone.
  func held(homes: [Int: Int] = [:]) -> [[Mass]] {
    var held = [[Mass]](repeating: [], count: direct.count)
    var sums = [Double](repeating: 0, count: groupCount)
    for _ in 0..<Self.rounds {
      var next = held
      for vertex in direct.indices where strengths[vertex] > 0 {
        if let home = homes[vertex] {
          next[vertex] = [Mass(group: home, mass: 1)]
          continue
        }
        var touched: [Int] = []
        func add(_ group: Int, _ weight: Double) {
          if sums[group] == 0 { touched.append(group) }
          sums[group] += weight
        }
        for (group, weight) in direct[vertex] { add(group, weight) }
        for neighbour in neighbours[vertex] {
          for part in held[neighbour.vertex] { add(part.group, neighbour.weight * part.mass) }
        }
        let parts = touched.map { Mass(group: $0, mass: sums[$0] / strengths[vertex]) }
        for group in touched { sums[group] = 0 }
        next[vertex] = Array(
          parts.sorted { $0.mass != $1.mass ? $0.mass > $1.mass : $0.group < $1.group }.prefix(Self.groupsKept))
      }
      held = next
    }
    return held
  }
}
