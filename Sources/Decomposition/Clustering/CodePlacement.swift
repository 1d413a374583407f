import Facts
import Graph

/// Places code with the data it works on.
///
/// Evidence flows from the tables through calls, inheritance, folders and names: every piece of code holds, for each group of tables,
/// the weighted mean of what its neighbours hold (the harmonic function of Zhu, Ghahramani and Lafferty 2003, with the groups as labels).
/// A folder that explains the references and works on one group alone is one vertex. Code that no data reaches forms clusters of its own.
struct CodePlacement {
  private let affinity: Affinity
  private let groups: DataGroups
  private let settings: DecompositionSettings
  private var graph: DependencyGraph { affinity.graph }

  /// Vertex of each node or hub; -1 for tables and what is left out.
  private let vertexOf: [Int]
  private let isModule: [Bool]
  private var flow: EvidenceFlow

  init(affinity: Affinity, groups: DataGroups, writes: WriteLedger, settings: DecompositionSettings) {
    let folders = ModuleFolders(affinity: affinity, groups: groups, writes: writes, settings: settings)
    let isPlace = affinity.graph.groups.map { $0.kind == .package || $0.kind == .module }
    // What is in a folder of all models or all controllers says where they belong, and not the folder: it speaks only when
    // most of what flows to its members without it comes from one group.
    let first = CodePlacement(
      affinity: affinity, groups: groups, settings: settings,
      contracted: [Bool](repeating: false, count: isPlace.count), silent: isPlace)
    let isMixed = first.mixedGroups().enumerated().map { number, isMixed in
      isPlace[number] && groups.groupOfModule[number] == nil && (isMixed || folders.isMixed[number])
    }
    self.init(
      affinity: affinity, groups: groups, settings: settings,
      contracted: zip(folders.isModule, isMixed).map { $0 && !$1 }, silent: isMixed)
  }

  private init(
    affinity: Affinity, groups: DataGroups, settings: DecompositionSettings, contracted: [Bool], silent: [Bool]
  ) {
    self.affinity = affinity
    self.groups = groups
    self.settings = settings
    (vertexOf, isModule) = Self.vertices(affinity, contracted)
    flow = EvidenceFlow(vertices: isModule.count, groups: groups.count)
    for pair in affinity.pairs where !affinity.isAccess(pair.left, pair.right) {
      bind(pair.left, pair.right, pair.weight)
    }
    bindAccesses()
    for spoke in affinity.spokes where !silent[spoke.hub - affinity.hubStart] {
      let isOwn = contracted[spoke.hub - affinity.hubStart] && graph.nodes[spoke.node].kind != .table
      if !isOwn { bind(spoke.node, spoke.hub, spoke.weight) }
    }
  }

  /// Whether each group of the graph holds code that belongs to several groups of tables, and to none of them for the most part.
  private func mixedGroups() -> [Bool] {
    let held = flow.held(homes: homes())
    return graph.groups.map { group in
      var sums: [Int: Double] = [:]
      for member in group.members {
        let vertex = vertexOf[member.node]
        guard vertex >= 0, let best = held[vertex].first, best.mass >= settings.codeBond else { continue }
        sums[best.group, default: 0] += 1
      }
      return sums.values.max() ?? 0 < settings.dominance * sums.values.sorted().reduce(0, +)
    }
  }

  private mutating func bindAccesses() {
    for access in affinity.accesses(readShare: settings.readShare) { bind(access.code, access.table, access.weight) }
  }

  private static func vertices(_ affinity: Affinity, _ contracted: [Bool]) -> (vertexOf: [Int], isModule: [Bool]) {
    var vertexOf = [Int](repeating: -1, count: affinity.vertexCount)
    var isModule: [Bool] = []
    for (number, isContracted) in contracted.enumerated() where isContracted {
      vertexOf[affinity.hubStart + number] = isModule.count
      isModule.append(true)
    }
    for node in 0..<affinity.hubStart where affinity.isIncluded[node] && affinity.graph.nodes[node].kind != .table {
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

  private mutating func bind(_ left: Int, _ right: Int, _ weight: Double) {
    let first = vertexOf[left]
    let second = vertexOf[right]
    if first < 0, second < 0 { return }
    if first >= 0, second >= 0 { return flow.bind(first, second, weight) }
    let (code, table) = first >= 0 ? (first, right) : (second, left)
    guard table < affinity.hubStart, groups.groupOf[table] >= 0 else { return }
    flow.add(groups.groupOf[table], to: code, weight)
  }

  /// Cluster of each node: tables in the cluster of their group, code where most of its evidence lies, other code in
  /// clusters numbered after the groups.
  func partition() -> Partition {
    let homes = homes()
    let held = flow.held(homes: homes)
    var clusterOfVertex = [Int](repeating: -1, count: isModule.count)
    for vertex in isModule.indices {
      if let home = homes[vertex] {
        clusterOfVertex[vertex] = home
      } else if let best = held[vertex].first, best.mass >= (isModule[vertex] ? settings.moduleBond : settings.codeBond)
      {
        clusterOfVertex[vertex] = best.group
      }
    }
    placeRest(&clusterOfVertex)
    return Partition(
      clusterOf: graph.nodes.indices.map { node in
        if graph.nodes[node].kind == .table { return groups.groupOf[node] }
        return vertexOf[node] >= 0 ? clusterOfVertex[vertexOf[node]] : -1
      })
  }

  /// Modules that divide the tables are at home in their group. For any other group it is the folder that works on it most among
  /// those that work on nothing more: it stays with its data however little of the folder that is.
  private func homes() -> [Int: Int] {
    var homes: [Int: Int] = [:]
    for (package, group) in groups.groupOfModule {
      let vertex = vertexOf[affinity.hubStart + package]
      if vertex >= 0, isModule[vertex] { homes[vertex] = group }
    }
    let housed = Set(homes.values)
    var best: [Int: (vertex: Int, weight: Double)] = [:]
    for vertex in isModule.indices where isModule[vertex] && homes[vertex] == nil {
      let main = flow.direct[vertex].max { ($0.value, $1.key) < ($1.value, $0.key) }
      if let main, !housed.contains(main.key), main.value > best[main.key]?.weight ?? 0 {
        best[main.key] = (vertex, main.value)
      }
    }
    for (group, claim) in best { homes[claim.vertex] = group }
    return homes
  }

  /// Code no data reaches: folders that are modules stay whole, the rest is clustered by itself.
  private func placeRest(_ clusterOfVertex: inout [Int]) {
    let rest = isModule.indices.filter { clusterOfVertex[$0] < 0 && !isModule[$0] }
    var next = groups.count
    for vertex in isModule.indices where clusterOfVertex[vertex] < 0 && isModule[vertex] {
      clusterOfVertex[vertex] = next
      next += 1
    }
    guard !rest.isEmpty else { return }
    let numberOf = Dictionary(uniqueKeysWithValues: rest.enumerated().map { ($0.element, $0.offset) })
    var loose = WeightedGraph(count: rest.count)
    for (number, vertex) in rest.enumerated() {
      for neighbour in flow.neighbours[vertex] where neighbour.vertex > vertex {
        if let other = numberOf[neighbour.vertex] { loose.add(number, other, neighbour.weight) }
      }
    }
    let clusters = Consensus(graph: loose, resolution: 1, settings: settings).clusters
    for (number, vertex) in rest.enumerated() { clusterOfVertex[vertex] = next + clusters[number] }
  }
}
