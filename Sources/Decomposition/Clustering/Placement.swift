import Facts
import Graph

/// Merges clusters that cannot stand alone: tables without code, small clusters without tables, and small clusters whose
/// weight lies mostly with one neighbour.
struct Placement {
  private let graph: DependencyGraph
  private let settings: DecompositionSettings
  private var partition: Partition
  private var members: [[Int]]
  /// Pull between clusters; symmetric.
  private var bonds: [[Int: Double]]
  /// Pull inside each cluster.
  private var inside: [Double]
  private var tableCount: [Int]
  private let hasTables: Bool
  private let writes: WriteLedger
  private let groups: DataGroups
  private let entries: Set<Int>
  private let isSchemaCode: [Bool]

  /// A group spread over more clusters than this says nothing about any two of them.
  private static let widestGroup = 64
  /// Without any table, clusters below this size are merged.
  private static let leastWithoutSchema = 3

  init(
    affinity: Affinity, partition: Partition, groups: DataGroups, writes: WriteLedger, entries: Set<Int>,
    isSchemaCode: [Bool], settings: DecompositionSettings
  ) {
    self.isSchemaCode = isSchemaCode
    self.entries = entries
    self.groups = groups
    graph = affinity.graph
    self.settings = settings
    self.partition = partition
    let nodes = affinity.graph.nodes
    members = partition.members()
    tableCount = members.map { $0.count { nodes[$0].kind == .table } }
    hasTables = tableCount.contains { $0 > 0 }
    self.writes = writes
    bonds = [[Int: Double]](repeating: [:], count: members.count)
    inside = [Double](repeating: 0, count: members.count)
    for pair in affinity.pairs {
      bind(partition.clusterOf[pair.left], partition.clusterOf[pair.right], pair.weight)
    }
    bindGroups(affinity)
  }

  /// The partition after merging.
  func placed() -> Partition {
    var work = self
    work.placeTablesWithoutCode()
    work.placeCodeWithoutEntries()
    work.placeSmallClusters()
    return work.partition.renumbered()
  }

  private mutating func bind(_ left: Int, _ right: Int, _ weight: Double) {
    guard left >= 0, right >= 0 else { return }
    if left == right {
      inside[left] += weight
    } else {
      bonds[left][right, default: 0] += weight
      bonds[right][left, default: 0] += weight
    }
  }

  /// A hub with spokes p to its clusters binds two of them with p_i p_j / sum of p.
  private mutating func bindGroups(_ affinity: Affinity) {
    var spokes: [Int: [Int: Double]] = [:]
    for spoke in affinity.spokes where partition.clusterOf[spoke.node] >= 0 {
      spokes[spoke.hub, default: [:]][partition.clusterOf[spoke.node], default: 0] += spoke.weight
    }
    for (_, pulls) in spokes.sorted(by: { $0.key < $1.key }) where pulls.count <= Self.widestGroup {
      let sorted = pulls.sorted { $0.key < $1.key }
      let total = sorted.reduce(0) { $0 + $1.value }
      guard total > 0 else { continue }
      for (position, left) in sorted.enumerated() {
        inside[left.key] += left.value * left.value / total / 2
        for right in sorted[(position + 1)...] { bind(left.key, right.key, left.value * right.value / total) }
      }
    }
  }

  /// Code of a cluster; what only makes its tables is none.
  private func codeCount(_ cluster: Int) -> Int {
    members[cluster].count { graph.nodes[$0].kind != .table && !isSchemaCode[$0] }
  }

  /// The neighbour with the strongest bond; ties go to the one with the first member.
  private func best(_ cluster: Int, where isWanted: (Int) -> Bool = { _ in true }) -> (cluster: Int, weight: Double)? {
    var best: (cluster: Int, weight: Double)?
    for (other, weight) in bonds[cluster] where !members[other].isEmpty && isWanted(other) {
      guard let known = best else {
        best = (other, weight)
        continue
      }
      if weight > known.weight || (weight == known.weight && members[other][0] < members[known.cluster][0]) {
        best = (other, weight)
      }
    }
    return best
  }

  private mutating func merge(_ cluster: Int, into other: Int) {
    for node in members[cluster] { partition.clusterOf[node] = other }
    members[other] = (members[other] + members[cluster]).sorted()
    tableCount[other] += tableCount[cluster]
    inside[other] += inside[cluster] + (bonds[cluster][other] ?? 0)
    for (neighbour, weight) in bonds[cluster] where neighbour != other {
      bonds[other][neighbour, default: 0] += weight
      bonds[neighbour][other, default: 0] += weight
      bonds[neighbour][cluster] = nil
    }
    bonds[other][cluster] = nil
    clear(cluster)
  }

  private mutating func clear(_ cluster: Int) {
    members[cluster] = []
    bonds[cluster] = [:]
    inside[cluster] = 0
    tableCount[cluster] = 0
  }

  private mutating func leaveOut(_ cluster: Int) {
    for node in members[cluster] { partition.clusterOf[node] = -1 }
    for neighbour in bonds[cluster].keys { bonds[neighbour][cluster] = nil }
    clear(cluster)
  }

  /// Tables nobody's code was clustered with go to the strongest neighbour, unless people keep several of them together;
  /// single ones without any neighbour stay without owner.
  private mutating func placeTablesWithoutCode() {
    for cluster in bySize() where tableCount[cluster] > 0 && codeCount(cluster) == 0 {
      if groups.isNamed, tableCount[cluster] > 1 { continue }
      if let writer = mainWriter(of: cluster) {
        merge(cluster, into: writer)
      } else if let target = best(cluster, where: { codeCount($0) > 0 }) ?? best(cluster) {
        merge(cluster, into: target.cluster)
      } else if members[cluster].count == 1 {
        leaveOut(cluster)
      }
    }
  }

  /// The cluster with the best claim to own the tables of a cluster: writes, or declarations where no write is sure.
  private func mainWriter(of cluster: Int) -> Int? {
    let homes = partition.clusterOfPackage(graph)
    var claims: [Int: Double] = [:]
    for node in members[cluster] where graph.nodes[node].kind == .table {
      let shares = writes.ownerShares(
        ofTable: node, partyOf: { partition.clusterOf[$0] }, partyOfPackage: { homes[$0] ?? -1 })
      for share in shares where share.cluster != cluster { claims[share.cluster, default: 0] += share.weight }
    }
    return claims.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// Code without tables that no request, message or job enters is no service: it goes where most of its ties go, or is a library.
  /// Where entries are hardly known, as in C, their absence says nothing.
  private mutating func placeCodeWithoutEntries() {
    let withData = members.indices.filter { tableCount[$0] > 0 && codeCount($0) > 0 }
    let entered = withData.count { cluster in members[cluster].contains(where: entries.contains) }
    guard hasTables, entered * Self.shareEntered >= withData.count, entered > 0 else { return }
    for cluster in bySize() where !members[cluster].isEmpty && tableCount[cluster] == 0 {
      guard !members[cluster].contains(where: entries.contains) else { continue }
      let outside = bonds[cluster].sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
      if let target = best(cluster), touchesData(cluster) || target.weight >= settings.strongBond * outside {
        merge(cluster, into: target.cluster)
      } else {
        leaveOut(cluster)
      }
    }
  }

  /// Entries are known when at least one of this many clusters with tables has one.
  private static let shareEntered = 3

  /// Below this many nodes a cluster does not stand alone without data: the square root of all, as a system of n nodes has
  /// about that many clusters of that size when it has both in balance (ours).
  private var leastNodes: Int {
    guard hasTables else { return Self.leastWithoutSchema }
    let code = partition.clusterOf.indices.count { partition.clusterOf[$0] >= 0 && graph.nodes[$0].kind != .table }
    return max(settings.leastNodesWithoutTables, Int(Double(code).squareRoot()))
  }

  private mutating func placeSmallClusters() {
    let least = leastNodes
    let isLibrary = libraries()
    for cluster in bySize() where !members[cluster].isEmpty && codeCount(cluster) < least {
      let outside = bonds[cluster].sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
      let whole = inside[cluster] + outside
      let target = best(cluster)
      let bond = whole > 0 ? (target?.weight ?? 0) / whole : 0
      if tableCount[cluster] > 0 {
        if groups.isNamed { continue }
        let isLoose = inside[cluster] < settings.leastDataCohesion * whole
        if isLoose, let target, bond >= settings.strongBond { merge(cluster, into: target.cluster) }
      } else if let target, bond >= settings.strongBond || touchesData(cluster) {
        merge(cluster, into: target.cluster)
      } else if let target, target.weight >= settings.weakBond * outside, !isLibrary[cluster] {
        merge(cluster, into: target.cluster)
      } else {
        leaveOut(cluster)
      }
    }
  }

  /// Whether code of the cluster touches any table, names alone not counted; such code is never left out.
  private func touchesData(_ cluster: Int) -> Bool { members[cluster].contains(where: writes.touchesTable.contains) }

  /// Whether each cluster is used by many others and uses few, before any merge.
  private func libraries() -> [Bool] {
    var users = [Set<Int>](repeating: [], count: members.count)
    var used = users
    for edge in graph.edges {
      let from = partition.clusterOf[edge.from]
      let to = partition.clusterOf[edge.to]
      guard from >= 0, to >= 0, from != to else { continue }
      users[to].insert(from)
      used[from].insert(to)
    }
    let threshold = settings.sharedFanIn(among: members.count)
    return members.indices.map { users[$0].count >= threshold && used[$0].count <= users[$0].count }
  }

  /// Clusters from small to large, ties by first member.
  private func bySize() -> [Int] {
    members.indices.sorted { left, right in
      (members[left].count, members[left].first ?? -1) < (members[right].count, members[right].first ?? -1)
    }
  }
}
