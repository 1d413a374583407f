import Basics
import Facts
import Graph

/// A division into clusters with names, before owners and seams are known.
struct Division {
  /// Cluster of each node; -1 for shared code and for tables without owner.
  var clusterOf: [Int]
  /// Unique name of each cluster.
  var names: [String]
  /// The ways to divide the tables that were weighed.
  var weighed: [DivisionFigures] = []
  /// Cluster of each module, where modules of the code divide the tables: package group of the graph to cluster.
  var clusterOfModule: [Int: Int] = [:]
}

/// Bends a division to what people decided.
///
/// It starts from the division without steering, so that only what a decision causes changes: bundles of nodes that
/// belong together are put in their place, code follows the data that moved, numbers and sizes are brought into range.
struct SteeredDivision {
  let system: SystemFacts
  let graph: DependencyGraph
  let ledger: WriteLedger
  let settings: DecompositionSettings

  /// The bent division, with what came of the constraints; `constraints` lose what cannot be had.
  func bent(_ start: Division, to constraints: inout Constraints) -> Division {
    var division = start
    if !constraints.groupsNothing {
      let bundles = BundlePlacement(graph: graph, constraints: constraints, start: start.clusterOf)
      let moved = bundles.apply(to: start.clusterOf)
      division.clusterOf = bundles.apply(to: following(moved, from: start))
      for node in constraints.shared { division.clusterOf[node] = -1 }
      division.clusterOf = RangeSteering(graph: graph, bundles: bundles, start: division.clusterOf).bent(&constraints)
    }
    return named(division.clusterOf, start, constraints)
  }

  /// Code follows its data: what the flow of evidence places elsewhere since tables moved goes there. Clusters that
  /// lost all their tables dissolve into the one that got most of them.
  private func following(_ moved: [Int], from division: Division) -> [Int] {
    let start = division.clusterOf
    let tables = graph.nodes.indices.filter { graph.nodes[$0].kind == .table }
    guard tables.contains(where: { moved[$0] != start[$0] }) else { return moved }
    let isIncluded = graph.nodes.indices.map { start[$0] >= 0 || graph.nodes[$0].kind == .table }
    let affinity = Affinity(graph: graph, isIncluded: isIncluded)
    let count = (max(start.max() ?? -1, moved.max() ?? -1)) + 1
    func placed(_ clusterOf: [Int]) -> [Int] {
      let groups = DataGroups(
        groupOf: graph.nodes.indices.map { graph.nodes[$0].kind == .table ? clusterOf[$0] : -1 }, count: count,
        groupOfModule: division.clusterOfModule)
      return CodePlacement(affinity: affinity, groups: groups, writes: ledger, settings: settings).partition().clusterOf
    }
    let before = placed(start)
    let after = placed(moved)
    var result = moved
    for node in graph.nodes.indices where graph.nodes[node].kind != .table && start[node] >= 0 {
      if moved[node] == start[node], after[node] != before[node], after[node] < count { result[node] = after[node] }
    }
    for (left, heir) in heirs(tables, moved, start) {
      for node in result.indices where result[node] == left && graph.nodes[node].kind != .table { result[node] = heir }
    }
    return result
  }

  /// For each cluster without its tables the cluster that has most of them now.
  private func heirs(_ tables: [Int], _ moved: [Int], _ start: [Int]) -> [(cluster: Int, heir: Int)] {
    var left: [Int: [Int: Int]] = [:]
    for table in tables where start[table] >= 0 && moved[table] >= 0 {
      left[start[table], default: [:]][moved[table], default: 0] += 1
    }
    let kept = Set(tables.map { moved[$0] })
    return left.sorted { $0.key < $1.key }.compactMap { cluster, heirs in
      guard !kept.contains(cluster), let heir = heirs.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
        return nil
      }
      return (cluster, heir.key)
    }
  }

  // MARK: Names

  /// Clusters without gaps, named as people want, else as before where most of a cluster stayed, else anew.
  private func named(_ clusterOf: [Int], _ start: Division, _ constraints: Constraints) -> Division {
    let labels = wantedNames(clusterOf, start, constraints)
    var numbers: [Int: Int] = [:]
    var order: [Int] = []
    let dense = clusterOf.map { cluster -> Int in
      guard cluster >= 0 else { return -1 }
      if let known = numbers[cluster] { return known }
      numbers[cluster] = order.count
      order.append(cluster)
      return order.count - 1
    }
    let groups = DataGroups(
      groupOf: graph.nodes.indices.map { graph.nodes[$0].kind == .table ? dense[$0] : -1 }, count: order.count)
    let automatic = ServiceNames(
      graph: graph, writes: ledger, groups: groups, members: Partition(clusterOf: dense).members()
    ).names()
    var names = [String](repeating: "", count: order.count)
    var taken: Set<String> = [ServiceNames.shared]
    for (number, cluster) in order.enumerated() {
      if let name = labels[cluster], taken.insert(name).inserted { names[number] = name }
    }
    let kept = keptNames(clusterOf, start)
    for (number, cluster) in order.enumerated() where names[number].isEmpty {
      if let name = kept[cluster], taken.insert(name).inserted { names[number] = name }
    }
    for number in order.indices where names[number].isEmpty {
      var name = automatic[number]
      var suffix = 2
      while !taken.insert(name).inserted {
        name = "\(automatic[number])-\(suffix)"
        suffix += 1
      }
      names[number] = name
    }
    return Division(clusterOf: dense, names: names, weighed: start.weighed)
  }

  private func wantedNames(_ clusterOf: [Int], _ start: Division, _ constraints: Constraints) -> [Int: String] {
    var names: [Int: String] = [:]
    let bundles = constraints.bundles()
    for (label, name) in constraints.labels.enumerated() {
      let bundle = bundles.first { $0.label == label }
      let cluster = bundle?.nodes.first.map { clusterOf[$0] } ?? constraints.clusterOfLabel[label] ?? -1
      if cluster >= 0, names[cluster] == nil { names[cluster] = name }
    }
    return names
  }

  /// Names of clusters that keep at least half of what they had.
  private func keptNames(_ clusterOf: [Int], _ start: Division) -> [Int: String] {
    var had = [Int](repeating: 0, count: start.names.count)
    var has = had
    for (node, cluster) in start.clusterOf.enumerated() where cluster >= 0 {
      had[cluster] += 1
      if clusterOf[node] == cluster { has[cluster] += 1 }
    }
    return start.names.indices.reduce(into: [:]) { kept, cluster in
      if has[cluster] * 2 >= had[cluster] { kept[cluster] = start.names[cluster] }
    }
  }
}
