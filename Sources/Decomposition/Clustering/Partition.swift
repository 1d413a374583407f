import Facts
import Graph

/// Which cluster each node is in, while clusters are still being made.
struct Partition {
  /// Cluster of each node; -1 for shared code and for tables nothing points at.
  var clusterOf: [Int]

  /// Number of clusters, empty ones included.
  var count: Int { (clusterOf.max() ?? -1) + 1 }

  /// Members of each cluster, sorted.
  func members() -> [[Int]] {
    var members = [[Int]](repeating: [], count: count)
    for (node, cluster) in clusterOf.enumerated() where cluster >= 0 { members[cluster].append(node) }
    return members
  }

  /// Clusters numbered by their first member, without gaps.
  func renumbered() -> Partition {
    var numbers: [Int: Int] = [:]
    return Partition(
      clusterOf: clusterOf.map { cluster in
        guard cluster >= 0 else { return -1 }
        if let known = numbers[cluster] { return known }
        numbers[cluster] = numbers.count
        return numbers.count - 1
      })
  }

  /// The cluster with most of the code of each package, ties by number.
  func clusterOfPackage(_ graph: DependencyGraph) -> [Int: Int] {
    var counts: [Int: [Int: Int]] = [:]
    for (node, package) in graph.packageOfNode.enumerated() {
      if let package, clusterOf[node] >= 0 { counts[package, default: [:]][clusterOf[node], default: 0] += 1 }
    }
    return counts.compactMapValues { clusters in
      clusters.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
  }

  /// Every cluster split into its connected parts; being in one group of places or names, or in one that people made of
  /// tables, counts as a connection.
  func splitByConnection(_ affinity: Affinity, _ groups: DataGroups) -> Partition {
    var forest = DisjointSets(count: clusterOf.count)
    var firstOfGroup: [Int: Int] = [:]
    for (table, group) in groups.groupOf.enumerated() where group >= 0 && groups.isNamed {
      if let first = firstOfGroup[group] { forest.join(first, table) } else { firstOfGroup[group] = table }
    }
    for pair in affinity.pairs where clusterOf[pair.left] == clusterOf[pair.right] {
      forest.join(pair.left, pair.right)
    }
    var firstOf: [Int: [Int: Int]] = [:]
    for spoke in affinity.spokes where spoke.weight > 0 && clusterOf[spoke.node] >= 0 {
      let cluster = clusterOf[spoke.node]
      if let first = firstOf[spoke.hub]?[cluster] {
        forest.join(first, spoke.node)
      } else {
        firstOf[spoke.hub, default: [:]][cluster] = spoke.node
      }
    }
    return Partition(clusterOf: clusterOf.indices.map { clusterOf[$0] < 0 ? -1 : forest.root($0) }).renumbered()
  }
}

/// Union-find with path halving.
struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func root(_ element: Int) -> Int {
    var current = element
    while parents[current] != current {
      parents[current] = parents[parents[current]]
      current = parents[current]
    }
    return current
  }

  /// Joins the sets of two elements; the smaller root stays.
  mutating func join(_ left: Int, _ right: Int) {
    let first = root(left)
    let second = root(right)
    parents[max(first, second)] = min(first, second)
  }
}
