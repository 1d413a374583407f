import Facts
import Graph

/// Finds code that everybody uses and that belongs to nobody: libraries, wrappers, the core of a plug-in system.
///
/// Shared code is used by many packages (or, where folders say nothing, by much of the code), leans on few others, and
/// is the main writer of no table.
struct SharedLibraries {
  let graph: DependencyGraph
  let settings: DecompositionSettings
  /// Whether each node writes some table more than any other package or node does, or is the only one to touch it.
  private let ownsTable: [Bool]

  init(graph: DependencyGraph, writes: WriteLedger, settings: DecompositionSettings) {
    self.graph = graph
    self.settings = settings
    ownsTable = Self.mainWriters(of: graph, writes)
  }

  /// Shared nodes judged by packages or, without packages, by single nodes.
  func byFanIn() -> [Bool] {
    var isShared = [Bool](repeating: false, count: graph.nodes.count)
    let packages = graph.groups.indices.filter { graph.groups[$0].kind == .package }
    if packages.count >= settings.sharedFanInCount + 1 {
      markPackages(packages, in: &isShared)
    } else {
      markNodes(in: &isShared)
    }
    return isShared
  }

  /// Nodes that at least half of the clusters with tables use, judged after clustering. `clusterOf` is -1 for nodes without one;
  /// clusters below `withTables` have tables, and where none has, all count.
  func byClusters(_ clusterOf: [Int], withTables: Int) -> [Bool] {
    let count = withTables > 0 ? withTables : (clusterOf.max() ?? -1) + 1
    let threshold = max(settings.sharedFanInCount, (count + 1) / 2)
    let flow = fan(
      from: { clusterOf[$0] < count ? clusterOf[$0] : -1 }, to: { $0 }, isSame: { clusterOf[$0] == clusterOf[$1] })
    return graph.nodes.indices.map { node in
      graph.nodes[node].kind != .table && !ownsTable[node] && flow.users[node, default: []].count >= threshold
        && isStable(users: flow.users[node], used: flow.used[node])
    }
  }

  private func markPackages(_ packages: [Int], in isShared: inout [Bool]) {
    let packageOf = graph.packageOfNode.map { $0 ?? -1 }
    let threshold = settings.sharedFanIn(among: packages.count)
    let flow = fan(from: { packageOf[$0] }, to: { packageOf[$0] }, isSame: { packageOf[$0] == packageOf[$1] })
    for package in packages {
      let members = graph.groups[package].members.map(\.node)
      let hasTables = members.contains { graph.nodes[$0].kind == .table || ownsTable[$0] }
      guard !hasTables, flow.users[package, default: []].count >= threshold,
        isStable(users: flow.users[package], used: flow.used[package])
      else { continue }
      for node in members { isShared[node] = true }
    }
  }

  private func markNodes(in isShared: inout [Bool]) {
    let codeCount = graph.nodes.count { $0.kind != .table }
    let threshold = max(settings.sharedNodeCount, Int((Double(codeCount) * settings.sharedNodeShare).rounded(.up)))
    let flow = fan(from: { $0 }, to: { $0 }, isSame: { _, _ in false })
    for node in graph.nodes.indices where graph.nodes[node].kind != .table && !ownsTable[node] {
      isShared[node] =
        flow.users[node, default: []].count >= threshold && isStable(users: flow.users[node], used: flow.used[node])
    }
  }

  private func isStable(users: Set<Int>?, used: Set<Int>?) -> Bool {
    let afferent = Double(users?.count ?? 0)
    let efferent = Double(used?.count ?? 0)
    return efferent <= settings.sharedInstability * (afferent + efferent)
  }

  /// Who uses each target and whom each target uses, both as sets of `from` numbers; negative numbers are left out.
  private func fan(
    from: (Int) -> Int, to: (Int) -> Int, isSame: (Int, Int) -> Bool
  ) -> (users: [Int: Set<Int>], used: [Int: Set<Int>]) {
    var users: [Int: Set<Int>] = [:]
    var used: [Int: Set<Int>] = [:]
    for edge in graph.edges where isUse(edge) && !isSame(edge.from, edge.to) && !graph.isTest(edge.from) {
      if to(edge.to) >= 0, from(edge.from) >= 0 { users[to(edge.to), default: []].insert(from(edge.from)) }
      if to(edge.from) >= 0, from(edge.to) >= 0 { used[to(edge.from), default: []].insert(from(edge.to)) }
    }
    return (users, used)
  }

  private func isUse(_ edge: GraphEdge) -> Bool {
    edge.evidence.contains { evidence in
      switch evidence.kind {
      case .call, .inherit, .global, .include: true
      case .use, .read, .write, .ddl, .usedTogether, .sameEntry, .join, .foreignKey, .sameTransaction, .trigger,
        .sameChange,
        .handle, .coChange, .sameFile, .sameStem, .samePackage, .module, .schemaFile, .name, .words:
        false
      }
    }
  }

  /// Code whose package (or that alone, without packages) has the strongest claim on some table it writes.
  private static func mainWriters(of graph: DependencyGraph, _ writes: WriteLedger) -> [Bool] {
    var owns = [Bool](repeating: false, count: graph.nodes.count)
    let party = { (node: Int) in graph.packageOfNode[node] ?? (graph.groups.count + node) }
    for (table, entries) in writes.writes {
      let shares = writes.ownerShares(ofTable: table, partyOf: party, partyOfPackage: { $0 })
      guard let main = shares.first else { continue }
      for entry in entries where party(entry.node) == main.cluster { owns[entry.node] = true }
    }
    return owns
  }
}
