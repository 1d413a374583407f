import Facts
import Graph

/// From the graph to clusters of code and tables: groups of tables first, then the code that works on them.
struct Clusterer {
  let system: SystemFacts
  let graph: DependencyGraph
  let writes: WriteLedger
  let settings: DecompositionSettings

  /// Moving tables to writers and merging small clusters influence each other; they settle within a few rounds.
  private static let rounds = 6

  /// Clusters, numbered by first member. `groups` are the groups of tables to build them on.
  func partition(_ groups: DataGroups) -> Partition {
    let libraries = SharedLibraries(graph: graph, writes: writes, settings: settings)
    // Tests use everything and are never deployed: they must neither tie clusters together nor own tables.
    var isShared = libraries.byFanIn().enumerated().map { $0.element || graph.isTest($0.offset) }
    var affinity = Affinity(graph: graph, isIncluded: isShared.map { !$0 })
    var partition = CodePlacement(affinity: affinity, groups: groups, writes: writes, settings: settings).partition()
    let late = libraries.byClusters(partition.clusterOf, withTables: groups.count)
    if zip(isShared, late).contains(where: { !$0 && $1 }) {
      isShared = zip(isShared, late).map { $0 || $1 }
      affinity = Affinity(graph: graph, isIncluded: isShared.map { !$0 })
      partition = CodePlacement(affinity: affinity, groups: groups, writes: writes, settings: settings).partition()
    }
    return settled(partition, affinity, groups)
  }

  /// Nodes where requests, messages and jobs come in.
  private var entries: Set<Int> {
    Set(system.entryPoints.filter { $0.kind != .main }.compactMap { graph.node(ofUnit: $0.unit) })
  }

  private func settled(_ start: Partition, _ affinity: Affinity, _ groups: DataGroups) -> Partition {
    var partition = start
    let isSchemaCode = SchemaCode(system: system, graph: graph).isSchemaCode
    for _ in 0..<Self.rounds {
      let placed = Placement(
        affinity: affinity, partition: partition.splitByConnection(affinity, groups), groups: groups,
        writes: writes, entries: entries, isSchemaCode: isSchemaCode, settings: settings
      ).placed()
      if placed.clusterOf == partition.clusterOf { break }
      partition = placed
    }
    return partition
  }
}
