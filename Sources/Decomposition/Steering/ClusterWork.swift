import Graph

/// A division while clusters are merged and split; bundles stay whole and apart from what they have to be apart from.
struct ClusterWork {
  let graph: DependencyGraph
  private(set) var clusterOf: [Int]
  private(set) var members: [[Int]] = []
  private(set) var tableCounts: [Int] = []
  private(set) var isLabelled: [Bool]
  /// Pull between clusters; symmetric.
  private(set) var bonds: [[Int: Double]] = []
  private var inside: [Double] = []
  /// Bundle of each node; -1 for free ones.
  private let bundleOf: [Int]
  private let bundles: [Constraints.Bundle]

  init(graph: DependencyGraph, bundles: BundlePlacement, clusterOf: [Int], labelled: Set<Int>) {
    self.graph = graph
    self.clusterOf = clusterOf
    self.bundles = bundles.bundles
    var bundleOf = [Int](repeating: -1, count: clusterOf.count)
    for (number, bundle) in bundles.bundles.enumerated() {
      for node in bundle.nodes { bundleOf[node] = number }
    }
    self.bundleOf = bundleOf
    let count = max(bundles.nextCluster, (clusterOf.max() ?? -1) + 1)
    isLabelled = (0..<count).map(labelled.contains)
    measure()
  }

  /// Number of clusters with members.
  var count: Int { members.count { !$0.isEmpty } }

  private mutating func measure() {
    let count = max(isLabelled.count, (clusterOf.max() ?? -1) + 1)
    isLabelled += [Bool](repeating: false, count: count - isLabelled.count)
    members = [[Int]](repeating: [], count: count)
    tableCounts = [Int](repeating: 0, count: count)
    bonds = [[Int: Double]](repeating: [:], count: count)
    inside = [Double](repeating: 0, count: count)
    for (node, cluster) in clusterOf.enumerated() where cluster >= 0 {
      members[cluster].append(node)
      if isTable(node) { tableCounts[cluster] += 1 }
    }
    for edge in graph.edges {
      let left = clusterOf[edge.from]
      let right = clusterOf[edge.to]
      guard left >= 0, right >= 0 else { continue }
      if left == right {
        inside[left] += edge.weight
      } else {
        bonds[left][right, default: 0] += edge.weight
        bonds[right][left, default: 0] += edge.weight
      }
    }
  }

  private func isTable(_ node: Int) -> Bool { graph.nodes[node].kind == .table }

  private func outside(_ cluster: Int) -> Double { bonds[cluster].values.sorted().reduce(0, +) }

  /// Whether bundles of the two clusters have to be apart.
  private func areEnemies(_ left: [Int], _ right: [Int]) -> Bool {
    let bundlesRight = Set(right.map { bundleOf[$0] })
    return left.contains { node in
      bundleOf[node] >= 0 && !bundles[bundleOf[node]].apart.isDisjoint(with: bundlesRight)
    }
  }

  private func canMerge(_ left: Int, _ right: Int, mostTables: Int?) -> Bool {
    guard left != right, !members[left].isEmpty, !members[right].isEmpty else { return false }
    if isLabelled[left], isLabelled[right] { return false }
    if let mostTables, tableCounts[left] + tableCounts[right] > mostTables { return false }
    return !areEnemies(members[left], members[right])
  }

  // MARK: Merging

  /// Merges the two clusters that are tied most for their size; false when none may be merged.
  mutating func mergeMostTied(mostTables: Int?) -> Bool {
    let volumes = members.indices.map { 2 * inside[$0] + outside($0) }
    var ties: [(left: Int, right: Int, score: Double)] = []
    for left in bonds.indices {
      for (right, weight) in bonds[left] where right > left {
        let least = min(volumes[left], volumes[right])
        ties.append((left, right, least > 0 ? weight / least : 0))
      }
    }
    ties.sort { $0.score != $1.score ? $0.score > $1.score : ($0.left, $0.right) < ($1.left, $1.right) }
    if let tie = ties.first(where: { canMerge($0.left, $0.right, mostTables: mostTables) }) {
      merge(tie.left, tie.right)
      return true
    }
    // Nothing is tied any more: the smallest go together.
    let small = members.indices.filter { !members[$0].isEmpty }.sorted {
      (members[$0].count, $0) < (members[$1].count, $1)
    }
    for (position, left) in small.enumerated() {
      for right in small[(position + 1)...] where canMerge(left, right, mostTables: mostTables) {
        merge(left, right)
        return true
      }
    }
    return false
  }

  /// The labelled one stays, else the one with more tables, else the larger, else the first.
  private mutating func merge(_ left: Int, _ right: Int) {
    let claim = { (work: ClusterWork, cluster: Int) in
      (work.isLabelled[cluster] ? 1 : 0, work.tableCounts[cluster], work.members[cluster].count, -cluster)
    }
    let (kept, gone) = claim(self, left) > claim(self, right) ? (left, right) : (right, left)
    for node in members[gone] { clusterOf[node] = kept }
    members[kept] = (members[kept] + members[gone]).sorted()
    members[gone] = []
    tableCounts[kept] += tableCounts[gone]
    tableCounts[gone] = 0
    inside[kept] += inside[gone] + (bonds[gone][kept] ?? 0)
    for (neighbour, weight) in bonds[gone] where neighbour != kept {
      bonds[kept][neighbour, default: 0] += weight
      bonds[neighbour][kept, default: 0] += weight
      bonds[neighbour][gone] = nil
    }
    bonds[kept][gone] = nil
    bonds[gone] = [:]
  }

  // MARK: Splitting

  /// Splits the cluster with the least cohesion in two; false when none can be split.
  mutating func splitLeastCohesive(leastTables: Int) -> Bool {
    let order = members.indices.filter { members[$0].count > 1 }.sorted { left, right in
      let first = cohesion(left)
      let second = cohesion(right)
      return first != second ? first < second : left < right
    }
    for isByTables in [true, false] {
      for cluster in order {
        guard let parts = ClusterSplit(work: self, cluster: cluster, isByTables: isByTables)?.parts() else { continue }
        let counts = parts.map { $0.count(where: isTable) }
        guard counts.allSatisfy({ $0 == 0 || $0 >= leastTables }) else { continue }
        split(cluster, parts)
        return true
      }
    }
    return false
  }

  /// Splits the cluster with the most tables in two; false when none can be split.
  mutating func splitLargest() -> Bool {
    let order = members.indices.filter { members[$0].count > 1 }.sorted { left, right in
      (tableCounts[right], members[right].count, left) < (tableCounts[left], members[left].count, right)
    }
    for isByTables in [true, false] {
      for cluster in order {
        guard let parts = ClusterSplit(work: self, cluster: cluster, isByTables: isByTables)?.parts() else { continue }
        split(cluster, parts)
        return true
      }
    }
    return false
  }

  private func cohesion(_ cluster: Int) -> Double {
    let whole = inside[cluster] + outside(cluster)
    return whole > 0 ? inside[cluster] / whole : 0
  }

  /// The part with what people named stays where it is, else the one with more tables, else the larger, else the first.
  private mutating func split(_ cluster: Int, _ parts: [[Int]]) {
    let claims = parts.map { part in
      let isNamed = part.contains { bundleOf[$0] >= 0 && bundles[bundleOf[$0]].label != nil }
      return (isNamed ? 1 : 0, part.count(where: isTable), part.count)
    }
    let kept = parts.indices.max { claims[$0] != claims[$1] ? claims[$0] < claims[$1] : $0 > $1 } ?? 0
    var next = members.count
    for (number, part) in parts.enumerated() where number != kept {
      for node in part { clusterOf[node] = next }
      next += 1
    }
    measure()
  }

  /// Bundles and free nodes of a cluster, in order of their first nodes.
  func atoms(of cluster: Int) -> [[Int]] {
    var numberOf: [Int: Int] = [:]
    var atoms: [[Int]] = []
    for node in members[cluster] {
      if bundleOf[node] >= 0, let known = numberOf[bundleOf[node]] {
        atoms[known].append(node)
      } else {
        if bundleOf[node] >= 0 { numberOf[bundleOf[node]] = atoms.count }
        atoms.append([node])
      }
    }
    return atoms
  }

  // MARK: Sizes

  /// Brings the number of tables of every cluster that has any into `range`; false when that was not found.
  mutating func fit(_ range: CountRange) -> Bool {
    let most = range.most ?? .max
    // Every step brings a table nearer to its last place; more steps than this go in circles.
    var steps = 4 * graph.nodes.count(where: { $0.kind == .table }) + 4
    while steps > 0 {
      steps -= 1
      if let large = tableCounts.indices.first(where: { tableCounts[$0] > most }) {
        guard let parts = ClusterSplit(work: self, cluster: large, isByTables: true)?.parts() else { return false }
        split(large, parts)
        continue
      }
      let small = tableCounts.indices.filter { tableCounts[$0] > 0 && tableCounts[$0] < range.least }
      guard let smallest = small.min(by: { (tableCounts[$0], $0) < (tableCounts[$1], $1) }) else { return true }
      guard mergeInto(smallest, most) || pull(to: smallest, range) || scatter(smallest, range) else { return false }
    }
    return false
  }

  private mutating func mergeInto(_ cluster: Int, _ most: Int) -> Bool {
    let others = members.indices.filter { tableCounts[$0] > 0 && canMerge(cluster, $0, mostTables: most) }
    let best = others.max { left, right in
      let first = bonds[cluster][left] ?? 0
      let second = bonds[cluster][right] ?? 0
      return first != second ? first < second : left > right
    }
    guard let best else { return false }
    merge(cluster, best)
    return true
  }

  /// The most tied table of a cluster that can spare it.
  private mutating func pull(to cluster: Int, _ range: CountRange) -> Bool {
    var best: (atom: [Int], weight: Double)?
    let ties = ties { clusterOf[$0] == cluster }
    for donor in members.indices where donor != cluster && tableCounts[donor] > range.least {
      for atom in atoms(of: donor) where canMove(atom, to: cluster) {
        let tables = atom.count(where: isTable)
        guard tables > 0, tableCounts[donor] - tables >= range.least,
          tableCounts[cluster] + tables <= range.most ?? .max
        else { continue }
        let weight = atom.reduce(0) { $0 + (ties[$1] ?? 0) }
        if weight > best?.weight ?? -1 { best = (atom, weight) }
      }
    }
    guard let best else { return false }
    move(best.atom, to: cluster)
    return true
  }

  /// Deals the tables of a cluster out to others with room; its code goes with them.
  private mutating func scatter(_ cluster: Int, _ range: CountRange) -> Bool {
    let saved = self
    for atom in atoms(of: cluster) where atom.contains(where: isTable) {
      let tables = atom.count(where: isTable)
      let rooms = members.indices.filter { other in
        other != cluster && tableCounts[other] > 0 && tableCounts[other] + tables <= range.most ?? .max
          && canMove(atom, to: other)
      }
      let nodes = Set(atom)
      var weights = [Double](repeating: 0, count: members.count)
      for (node, weight) in ties(nodes.contains).sorted(by: { $0.key < $1.key }) where clusterOf[node] >= 0 {
        weights[clusterOf[node]] += weight
      }
      let best = rooms.max { left, right in
        weights[left] != weights[right] ? weights[left] < weights[right] : left > right
      }
      guard let best else {
        self = saved
        return false
      }
      move(atom, to: best)
    }
    return true
  }

  private func canMove(_ atom: [Int], to cluster: Int) -> Bool {
    if let first = atom.first, bundleOf[first] >= 0, bundles[bundleOf[first]].label != nil { return false }
    return !areEnemies(atom, members[cluster])
  }

  /// How hard nodes that `isInside` refuses are tied to those that it takes.
  private func ties(_ isInside: (Int) -> Bool) -> [Int: Double] {
    var ties: [Int: Double] = [:]
    for edge in graph.edges where isInside(edge.from) != isInside(edge.to) {
      ties[isInside(edge.from) ? edge.to : edge.from, default: 0] += edge.weight
    }
    return ties
  }

  private mutating func move(_ atom: [Int], to cluster: Int) {
    for node in atom { clusterOf[node] = cluster }
    measure()
  }
}
