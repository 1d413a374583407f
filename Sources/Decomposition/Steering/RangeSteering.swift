import Graph

/// Brings the number of services, and of tables in each, into the wanted ranges: the most tied clusters are merged, the
/// least cohesive split, tables moved where nothing else helps.
struct RangeSteering {
  let graph: DependencyGraph
  let bundles: BundlePlacement
  let start: [Int]

  /// The division in range. What no division found has is taken out of `constraints`, and said there.
  func bent(_ constraints: inout Constraints) -> [Int] {
    let services = constraints.services?.range
    let tables = constraints.tables?.range
    guard services != nil || tables != nil else { return start }
    let labelled = labelledClusters(constraints)
    if let result = attempt(services, tables, labelled) { return result }
    if services != nil, tables != nil {
      if let result = attempt(services, nil, labelled) {
        constraints.leaveOutCounts(services: false)
        return result
      }
      if let result = attempt(nil, tables, labelled) {
        constraints.leaveOutCounts(services: true)
        return result
      }
    }
    constraints.leaveOutCounts(services: false)
    constraints.leaveOutCounts(services: true)
    return start
  }

  /// Clusters people named, which are not merged with each other.
  private func labelledClusters(_ constraints: Constraints) -> Set<Int> {
    var clusters: Set<Int> = []
    let pinned = Set(bundles.bundles.compactMap(\.label))
    for (number, bundle) in bundles.bundles.enumerated() where bundle.label != nil {
      clusters.insert(bundles.clusterOf[number])
    }
    for (label, cluster) in constraints.clusterOfLabel.enumerated() where !pinned.contains(label) {
      if let cluster { clusters.insert(cluster) }
    }
    return clusters
  }

  private func attempt(_ services: CountRange?, _ tables: CountRange?, _ labelled: Set<Int>) -> [Int]? {
    var work = ClusterWork(graph: graph, bundles: bundles, clusterOf: start, labelled: labelled)
    if let tables, !work.fit(tables) { return nil }
    let most = services?.most ?? .max
    while work.count > most, work.mergeMostTied(mostTables: tables?.most) {}
    if work.count > most {
      guard let coloured = ClusterColouring(work: work, bundles: bundles).division(most: most) else { return nil }
      work = ClusterWork(graph: graph, bundles: bundles, clusterOf: coloured, labelled: labelled)
      if let tables, !work.fit(tables) { return nil }
    }
    while work.count < services?.least ?? 0, work.splitLeastCohesive(leastTables: tables?.least ?? 0) {}
    guard services?.contains(work.count) ?? true else { return nil }
    if let tables, !work.tableCounts.allSatisfy({ $0 == 0 || tables.contains($0) }) { return nil }
    return work.clusterOf
  }
}
