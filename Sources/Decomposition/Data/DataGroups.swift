import Facts
import Graph

/// Groups of tables that belong together, found before any code is placed.
///
/// People have usually divided the tables already: by schema, by module, by file, by prefix. Each of these divisions is judged by
/// the data: how much more of the affinity it keeps inside its groups than chance would (modularity), and by how many standard
/// deviations. The best one that cannot be chance is taken; when there is none, the groups are those that Leiden finds in the affinity itself.
struct DataGroups {
  /// Where the groups come from.
  enum Origin {
    /// A division people made.
    case naming(TableNaming.Source)
    /// The data alone.
    case affinity
  }

  /// Group of each node; -1 for code.
  let groupOf: [Int]
  /// Number of groups.
  let count: Int
  let origin: Origin

  /// Whether people made these groups.
  var isNamed: Bool {
    switch origin {
    case .naming: true
    case .affinity: false
    }
  }

  init(system: SystemFacts, graph: DependencyGraph, writes: WriteLedger, settings: DecompositionSettings) {
    let affinity = TableAffinity(graph: graph)
    let namings = settings.usesNamings
      ? TableNamings(system: system, graph: graph, writes: writes, affinity: affinity).all() : []
    var groups: [Int]
    if let naming = Self.best(namings, affinity, settings) {
      groups = naming.groupOf
      origin = .naming(naming.source)
    } else {
      groups = Self.communities(affinity, settings)
      origin = .affinity
    }
    count = (groups.max() ?? -1) + 1
    var groupOf = [Int](repeating: -1, count: graph.nodes.count)
    for (table, node) in affinity.nodes.enumerated() { groupOf[node] = groups[table] }
    self.groupOf = groupOf
  }

  /// The division that fits the data best among those that are no accident; of two that fit alike the more binding.
  private static func best(
    _ namings: [TableNaming], _ affinity: TableAffinity, _ settings: DecompositionSettings
  ) -> TableNaming? {
    let judged = namings.compactMap { naming -> (naming: TableNaming, quality: Double)? in
      let groups = naming.groupOf
      let quality = affinity.modularity(groups)
      let least = naming.source == .schema ? settings.schemaSignificance : settings.namingSignificance
      guard quality > 0, affinity.significance(groups) >= least else { return nil }
      return (naming, quality)
    }
    let best = judged.map(\.quality).max() ?? 0
    return judged.first { judgement in
      judgement.quality >= best * (judgement.naming.source == .schema ? settings.schemaTolerance : settings.namingTolerance)
    }?.naming
  }

  private static func communities(_ affinity: TableAffinity, _ settings: DecompositionSettings) -> [Int] {
    var graph = WeightedGraph(count: affinity.count)
    for tie in affinity.ties { graph.add(tie.left, tie.right, tie.weight) }
    return Consensus(graph: graph, vertexWeights: affinity.strengths, resolution: 1, settings: settings).clusters
  }
}
