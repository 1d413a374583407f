import Facts
import Graph

/// Groups of tables that belong together, found before any code is placed.
///
/// People have usually divided the tables already: by schema, by module, by file, by prefix. Each of these divisions is judged by
/// the data: how much of the affinity it keeps inside its groups, how much more that is than chance would keep, as a share of what is
/// possible (assortativity), and by how many standard deviations it exceeds the same group sizes dealt out at random. Among those that
/// cannot be chance the one with the highest assortativity is taken. Where even that one fits badly, because it parts what the data
/// ties, its groups are joined as the data says. When there is none, the groups are those that Leiden finds in the affinity itself.
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

  /// Groups that were made elsewhere: one of `count` for each table node, -1 for code; `groupOfModule` where modules divide the tables.
  init(groupOf: [Int], count: Int, groupOfModule: [Int: Int] = [:]) {
    self.groupOf = groupOf
    labels = [String](repeating: "", count: count)
    divisions = []
    self.groupOfModule = groupOfModule
    isNamed = true
  }

  /// Groups found in the system.
  init(
    system: SystemFacts, graph: DependencyGraph, writes: WriteLedger, settings: DecompositionSettings,
    weights: EvidenceWeights
  ) {
    let affinity = TableAffinity(graph: graph)
    var namings =
      settings.usesNamings
      ? TableNamings(system: system, graph: graph, writes: writes, affinity: affinity, weights: weights).all() : []
    let judge = DivisionJudge(system: system, graph: graph, affinity: affinity)
    var divisions = namings.map { judge.division($0.source.name, $0.groupOf) }
    let free = Self.communities(affinity, graph, settings)
    let alone = judge.division(Self.dataAlone, free)
    var taken = Self.best(namings, divisions, next: alone, graph, settings)
    if let weak = taken, Self.isWeak(namings[weak], divisions[weak], next: alone, settings) {
      // Where joining does not reach what the data alone does, the habit says nothing.
      taken = nil
      if let joined = Self.joined(namings[weak], affinity) {
        let figures = judge.division("\(joined.source.name), joined", joined.groupOf)
        if figures.assortativity >= alone.assortativity {
          taken = namings.count
          namings.append(joined)
          divisions.append(figures)
        }
      }
    }
    divisions.append(alone)
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
    _ namings: [TableNaming], _ divisions: [DivisionFigures], next alone: DivisionFigures, _ graph: DependencyGraph,
    _ settings: DecompositionSettings
  ) -> Int? {
    let trusted = namings.indices.filter { divisions[$0].significance >= settings.namingSignificance }
    let best = trusted.map { divisions[$0].assortativity }.max() ?? 0
    if best < settings.clearAssortativity, graph.packageQuality >= settings.trustedPackageQuality,
      let modules = namings.firstIndex(where: { $0.source == .modules }), namings[modules].spread >= leastSpread,
      divisions[modules].assortativity >= moduleShare * alone.assortativity
    {
      return modules
    }
    return trusted.first {
      if namings[$0].source == .modules, best < settings.clearAssortativity { return false }
      return divisions[$0].assortativity > 0 && divisions[$0].assortativity >= best * settings.namingTolerance
    }
  }

  /// Modules that part the tables less than two equal halves do not decide where the data speaks against them (ours).
  private static let leastSpread = 2.0

  /// Naming and filing habits that fit less than this share of what the data alone reaches are joined (ours).
  private static let habitShare = 0.55
  /// Modules that fit less than this share of what the data alone reaches are layers or tools (ours).
  private static let moduleShare = 0.3

  /// Whether the data crosses a habit of naming or filing far more than it has to; schemas and modules are meant as boundaries and
  /// believed all the same.
  private static func isWeak(
    _ naming: TableNaming, _ figures: DivisionFigures, next alone: DivisionFigures, _ settings: DecompositionSettings
  ) -> Bool {
    switch naming.source {
    case .schema, .modules: return false
    case .writers, .declarations, .words: break
    }
    return figures.assortativity < max(settings.clearAssortativity, habitShare * alone.assortativity)
  }

  /// The groups of a division joined as long as that gains modularity, each under the name of its largest part; nil when all
  /// would be one.
  private static func joined(_ naming: TableNaming, _ affinity: TableAffinity) -> TableNaming? {
    let groups = naming.groupOf
    var merger = GroupMerger(groups, affinity)
    guard merger.count <= mostMerged else { return nil }
    while merger.mergeBest(leastGain: 0) {}
    guard merger.count > 1 else { return nil }
    var sizes: [Int: (tables: Int, strength: Double, label: String)] = [:]
    for (table, group) in groups.enumerated() {
      let known = sizes[group] ?? (0, 0, naming.labels[table])
      sizes[group] = (known.tables + 1, known.strength + affinity.strengths[table], known.label)
    }
    var names: [Int: (group: Int, claim: (Int, Double))] = [:]
    for (table, group) in groups.enumerated() {
      guard let size = sizes[group] else { continue }
      let claim = (size.tables, size.strength)
      if let known = names[merger.groupOf[table]], known.claim >= claim { continue }
      names[merger.groupOf[table]] = (group, claim)
    }
    return TableNaming(
      source: naming.source,
      labels: merger.groupOf.map { joint in names[joint].flatMap { sizes[$0.group]?.label } ?? "" })
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
