import Graph

/// Finds a division into few clusters when merging two at a time got stuck on what has to be apart: a colouring of the
/// graph of those pairs, looked for by backtracking from the most constrained bundle on (DSATUR, Brélaz 1979).
struct ClusterColouring {
  private let work: ClusterWork
  private let bundles: BundlePlacement
  /// Bundles that are pinned or have to be apart from others.
  private let vertices: [Int]

  /// Steps before giving up: the question is NP-hard, and what people write is answered in hundreds (ours).
  private static let budget = 100_000

  init(work: ClusterWork, bundles: BundlePlacement) {
    self.work = work
    self.bundles = bundles
    vertices = bundles.bundles.indices.filter {
      bundles.bundles[$0].label != nil || !bundles.bundles[$0].apart.isEmpty
    }
  }

  /// The division, or nil when none with at most that many clusters was found.
  func division(most: Int) -> [Int]? {
    // A named cluster without anything pinned to it has no vertex that would keep it.
    let pinned = Set(vertices.filter { bundles.bundles[$0].label != nil }.map { bundles.clusterOf[$0] })
    guard work.isLabelled.indices.allSatisfy({ !work.isLabelled[$0] || pinned.contains($0) }) else { return nil }
    guard most > 0, !vertices.isEmpty, let colourOf = colours(most) else { return nil }
    var clusterOfColour: [Int: Int] = [:]
    var next = max(bundles.nextCluster, (work.clusterOf.max() ?? -1) + 1)
    // The cluster of a pinned bundle stands for its colour; two pinned ones never share one.
    for vertex in vertices where bundles.bundles[vertex].label != nil {
      clusterOfColour[colourOf[vertex] ?? 0] = bundles.clusterOf[vertex]
    }
    for vertex in vertices {
      guard let colour = colourOf[vertex], clusterOfColour[colour] == nil else { continue }
      clusterOfColour[colour] = next
      next += 1
    }
    let homes = homesOfClusters(colourOf, clusterOfColour)
    var result = work.clusterOf.map { $0 < 0 ? -1 : homes[$0] ?? -1 }
    for vertex in vertices {
      for node in bundles.bundles[vertex].nodes { result[node] = clusterOfColour[colourOf[vertex] ?? 0] ?? -1 }
    }
    return result
  }

  /// Where the rest of each cluster goes: to the colour of a bundle in it, else to the first.
  private func homesOfClusters(_ colourOf: [Int: Int], _ clusterOfColour: [Int: Int]) -> [Int: Int] {
    var homes: [Int: Int] = [:]
    for vertex in vertices {
      guard let node = bundles.bundles[vertex].nodes.first, work.clusterOf[node] >= 0, let colour = colourOf[vertex]
      else { continue }
      if homes[work.clusterOf[node]] == nil { homes[work.clusterOf[node]] = clusterOfColour[colour] }
    }
    let known = homes
    for cluster in work.members.indices where !work.members[cluster].isEmpty && homes[cluster] == nil {
      let ties = work.bonds[cluster].filter { known[$0.key] != nil }
      let best = ties.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      homes[cluster] = best.flatMap { known[$0] } ?? known.values.min()
    }
    return homes
  }

  private func colours(_ most: Int) -> [Int: Int]? {
    var enemies: [Int: Set<Int>] = [:]
    let pinned = Set(vertices.filter { bundles.bundles[$0].label != nil })
    for vertex in vertices {
      enemies[vertex] = bundles.bundles[vertex].apart
      if pinned.contains(vertex) { enemies[vertex]?.formUnion(pinned.subtracting([vertex])) }
    }
    var colourOf: [Int: Int] = [:]
    var budget = Self.budget
    /// Depth is the number of vertices, which people wrote.
    func colour(used: Int) -> Bool {
      budget -= 1
      guard budget > 0 else { return false }
      let open = vertices.filter { colourOf[$0] == nil }
      func saturation(_ vertex: Int) -> Int { Set((enemies[vertex] ?? []).compactMap { colourOf[$0] }).count }
      let next = open.max { left, right in
        let first = (saturation(left), enemies[left]?.count ?? 0, -left)
        return first < (saturation(right), enemies[right]?.count ?? 0, -right)
      }
      guard let next else { return true }
      let taken = Set((enemies[next] ?? []).compactMap { colourOf[$0] })
      // A colour nobody has yet is like any other such: trying one is enough.
      for candidate in 0..<min(most, used + 1) where !taken.contains(candidate) {
        colourOf[next] = candidate
        if colour(used: max(used, candidate + 1)) { return true }
        colourOf[next] = nil
      }
      return false
    }
    return colour(used: 0) ? colourOf : nil
  }
}
