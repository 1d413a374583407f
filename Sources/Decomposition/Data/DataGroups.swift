import Facts
import Graph

/// Groups of tables that belong together, found before any code is placed.
///
/// People have usually divided the tables already: by schema, by module, by file, by prefix. Each of these divisions is judged by
/// the data: how much of the affinity it keeps inside its groups, how much more that is than chance would keep, as a share of what is
/// possible (assortativity), and by how many standard deviations it exceeds the same group sizes dealt out at random. Among those that
/// cannot be chance the one with the highest assortativity is taken. When there is none, the groups are those that Leiden finds in the
/// affinity itself.
struct DataGroups {
  /// Group of each node; -1 for code.
  let groupOf: [Int]
  /// What people call each group; empty where nobody named it.
  let labels: [String]
  /// The group of tables of each module, where modules of the code divide them: package group of the graph to group of tables.
  let groupOfModule: [Int: Int]
  /// Every division considered, the one taken included.
  let divisions: [DivisionFigures]
  /// Whether people made these groups.
  let isNamed: Bool

  /// Number of groups.
  var count: Int { labels.count }

  /// Groups that were made elsewhere: one of `count` for each table node, -1 for code.
  init(groupOf: [Int], count: Int) {
    self.groupOf = groupOf
    labels = [String](repeating: "", count: count)
    divisions = []
    groupOfModule = [:]
    isNamed = true
  }

  /// Groups found in the system.
  init(
    system: SystemFacts, graph: DependencyGraph, writes: WriteLedger, settings: DecompositionSettings,
    weights: EvidenceWeights
  ) {
    let affinity = TableAffinity(graph: graph)
    let namings =
      settings.usesNamings
      ? TableNamings(system: system, graph: graph, writes: writes, affinity: affinity, weights: weights).all() : []
    let judge = DivisionJudge(system: system, graph: graph, affinity: affinity)
    var divisions = namings.map { judge.division($0.source.name, $0.groupOf) }
    let taken = Self.best(namings, divisions, graph, settings)
    let free = Self.communities(affinity, graph, settings)
    divisions.append(judge.division(Self.dataAlone, free))
    let groups = taken.map { namings[$0].groupOf } ?? free
    divisions += Self.coarser(groups, affinity).map { judge.division($0.name, $0.groupOf) }
    divisions[taken ?? namings.count].isTaken = true
    self.divisions = divisions
    isNamed = taken != nil
    var labels = [String](repeating: "", count: (groups.max() ?? -1) + 1)
    var groupOfModule: [Int: Int] = [:]
    if let taken {
      for (table, group) in groups.enumerated() { labels[group] = namings[taken].labels[table] }
      if namings[taken].source == .modules {
        let groupOfLabel = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for (number, module) in graph.groups.enumerated() where module.kind == .package {
          groupOfModule[number] = groupOfLabel[module.name]
        }
      }
      labels = GroupLabels.readable(labels, source: namings[taken].source)
    }
    self.labels = labels
    self.groupOfModule = groupOfModule
    var groupOf = [Int](repeating: -1, count: graph.nodes.count)
    for (table, node) in affinity.nodes.enumerated() { groupOf[node] = groups[table] }
    self.groupOf = groupOf
  }

  /// Name of the division nobody made.
  static let dataAlone = "data alone"

  /// The division that fits best among those that are no accident; of two that fit about alike the more binding. When none fits well,
  /// the data crosses all of them, and the modules decide if the references of the code bear them out.
  private static func best(
    _ namings: [TableNaming], _ divisions: [DivisionFigures], _ graph: DependencyGraph,
    _ settings: DecompositionSettings
  ) -> Int? {
    let trusted = namings.indices.filter { divisions[$0].significance >= settings.namingSignificance }
    let best = trusted.map { divisions[$0].assortativity }.max() ?? 0
    if best < settings.clearAssortativity, graph.packageQuality >= settings.trustedPackageQuality,
      let modules = namings.firstIndex(where: { $0.source == .modules })
    {
      return modules
    }
    return trusted.first {
      divisions[$0].assortativity > 0 && divisions[$0].assortativity >= best * settings.namingTolerance
    }
  }

  /// Communities of the tied tables; tables no statement ties to others go together when their code does.
  private static func communities(
    _ affinity: TableAffinity, _ graph: DependencyGraph, _ settings: DecompositionSettings
  ) -> [Int] {
    var ties = WeightedGraph(count: affinity.count)
    for tie in affinity.ties { ties.add(tie.left, tie.right, tie.weight) }
    var groups = Consensus(graph: ties, resolution: 1, settings: settings).clusters
    let untied = groups.indices.filter { affinity.strengths[$0] == 0 }
    guard !untied.isEmpty else { return groups }
    let around = codeCommunities(graph, settings)
    var tiedGroups: [Int: [Int: Int]] = [:]
    for table in groups.indices where affinity.strengths[table] > 0 {
      tiedGroups[around[affinity.nodes[table]], default: [:]][groups[table], default: 0] += 1
    }
    var groupAround = tiedGroups.compactMapValues { counts in
      counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
    for table in untied {
      let community = around[affinity.nodes[table]]
      if let known = groupAround[community] { groups[table] = known } else { groupAround[community] = groups[table] }
    }
    return TableNaming(source: .words, labels: groups.map(String.init)).groupOf
  }

  /// Communities of the whole graph, code and tables, places and names included.
  private static func codeCommunities(_ graph: DependencyGraph, _ settings: DecompositionSettings) -> [Int] {
    let affinity = Affinity(graph: graph, isIncluded: graph.nodes.indices.map { !graph.isTest($0) })
    var whole = WeightedGraph(count: affinity.vertexCount)
    for pair in affinity.pairs { whole.add(pair.left, pair.right, pair.weight) }
    for spoke in affinity.spokes { whole.add(spoke.node, spoke.hub, spoke.weight) }
    return Consensus(graph: whole, resolution: 1, settings: settings).clusters
  }

  /// Fewer services: the groups whose merger gains most modularity (or loses least) joined, down to half and a quarter of them.
  private static func coarser(_ groups: [Int], _ affinity: TableAffinity) -> [(name: String, groupOf: [Int])] {
    let count = (groups.max() ?? -1) + 1
    let wanted = [count / 2, count / 4].filter { $0 > 1 }
    guard count <= mostMerged, !wanted.isEmpty else { return [] }
    var merger = GroupMerger(groups, affinity)
    return wanted.map { size in
      while merger.count > size, merger.mergeBest() {}
      return ("merged", merger.groupOf)
    }
  }

  /// Merging is cubic in the groups.
  private static let mostMerged = 400
}

/// Merges groups of tables one pair at a time, always the pair with the highest gain of modularity (Clauset, Newman and Moore 2004).
struct GroupMerger {
  private(set) var groupOf: [Int]
  private(set) var count: Int
  private var bonds: [[Double]]
  private var strengths: [Double]
  private var isAlive: [Bool]
  private let total: Double

  init(_ groups: [Int], _ affinity: TableAffinity) {
    groupOf = groups
    count = (groups.max() ?? -1) + 1
    bonds = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    strengths = [Double](repeating: 0, count: count)
    isAlive = [Bool](repeating: true, count: count)
    total = affinity.total
    for tie in affinity.ties where groups[tie.left] != groups[tie.right] {
      bonds[groups[tie.left]][groups[tie.right]] += tie.weight
      bonds[groups[tie.right]][groups[tie.left]] += tie.weight
    }
    for (table, group) in groups.enumerated() { strengths[group] += affinity.strengths[table] }
  }

  /// Merges one pair; false when no two groups are tied.
  mutating func mergeBest() -> Bool {
    var best: (left: Int, right: Int, gain: Double)?
    for left in isAlive.indices where isAlive[left] {
      for right in (left + 1)..<isAlive.count where isAlive[right] && bonds[left][right] > 0 {
        let gain = bonds[left][right] / total - strengths[left] * strengths[right] / (2 * total * total)
        if gain > best?.gain ?? -.infinity { best = (left, right, gain) }
      }
    }
    guard let best else { return false }
    for other in isAlive.indices where isAlive[other] && other != best.left && other != best.right {
      bonds[best.left][other] += bonds[best.right][other]
      bonds[other][best.left] += bonds[other][best.right]
    }
    strengths[best.left] += strengths[best.right]
    isAlive[best.right] = false
    for table in groupOf.indices where groupOf[table] == best.right { groupOf[table] = best.left }
    count -= 1
    return true
  }
}
