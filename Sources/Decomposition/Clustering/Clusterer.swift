import Facts
import Graph

/// From the graph to clusters of code and tables in which every table lies with its strongest writer.
struct Clusterer {
  let graph: DependencyGraph
  let writes: WriteLedger
  let settings: DecompositionSettings

  /// Moving tables to writers and merging small clusters influence each other; they settle within a few rounds.
  private static let rounds = 6

  /// Clusters, numbered by first member, and the affinity they were made on.
  func partition() -> (partition: Partition, affinity: Affinity) {
    let libraries = SharedLibraries(graph: graph, writes: writes, settings: settings)
    // Tests use everything and are never deployed: they must neither tie clusters together nor own tables.
    var isShared = libraries.byFanIn().enumerated().map { $0.element || graph.isTest($0.offset) }
    var affinity = Affinity(graph: graph, isIncluded: isShared.map { !$0 })
    var partition = clusters(of: affinity)
    let late = libraries.byClusters(partition.clusterOf)
    if zip(isShared, late).contains(where: { !$0 && $1 }) {
      isShared = zip(isShared, late).map { $0 || $1 }
      affinity = Affinity(graph: graph, isIncluded: isShared.map { !$0 })
      partition = clusters(of: affinity)
    }
    return (settled(partition, affinity), affinity)
  }

  private func clusters(of affinity: Affinity) -> Partition {
    let modules = ModuleGraph(affinity: affinity, settings: settings)
    let consensus = Consensus(
      graph: modules.graph, vertexWeights: modules.vertexWeights, resolution: modules.resolution, settings: settings)
    let clusterOf = graph.nodes.indices.map { node in
      modules.vertexOf[node] >= 0 ? consensus.clusters[modules.vertexOf[node]] : -1
    }
    return Partition(clusterOf: clusterOf).splitByConnection(affinity)
  }

  private func settled(_ start: Partition, _ affinity: Affinity) -> Partition {
    var partition = start
    for _ in 0..<Self.rounds {
      let moved = withTablesAtWriters(partition)
      let isSame = moved.clusterOf == partition.clusterOf
      let merged = Placement(
        affinity: affinity, partition: moved.splitByConnection(affinity), touchesTable: writes.touchesTable,
        settings: settings
      ).placed()
      if isSame, merged.clusterOf == partition.clusterOf { break }
      partition = merged
    }
    return partition
  }

  /// Every written table in the cluster that writes it most; a table that lies with a writer nearly as strong stays.
  private func withTablesAtWriters(_ partition: Partition) -> Partition {
    var result = partition
    let homes = partition.clusterOfPackage(graph)
    for node in graph.nodes.indices where graph.nodes[node].kind == .table {
      let shares = writes.ownerShares(
        ofTable: node, partyOf: { partition.clusterOf[$0] }, partyOfPackage: { homes[$0] ?? -1 })
      guard let best = shares.first else { continue }
      let total = shares.reduce(0) { $0 + $1.weight }
      let own = shares.first { $0.cluster == partition.clusterOf[node] }?.weight ?? 0
      if best.weight - own > settings.ownerTolerance * total { result.clusterOf[node] = best.cluster }
    }
    return result
  }
}
