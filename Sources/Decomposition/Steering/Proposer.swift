import Basics
package import Facts
package import Graph

/// Makes proposals for one system: with and without what people decided, and of divisions made elsewhere.
struct Proposer {
  private let system: SystemFacts
  private let graph: DependencyGraph
  private let settings: DecompositionSettings
  private let weights: EvidenceWeights
  private let ledger: WriteLedger
  private let measured: MeasuredSystem

  init(system: SystemFacts, graph: DependencyGraph, settings: DecompositionSettings, weights: EvidenceWeights) {
    self.system = system
    self.graph = graph
    self.settings = settings
    self.weights = weights
    ledger = WriteLedger(system: system, graph: graph, weights: weights)
    measured = MeasuredSystem(system: system, graph: graph)
  }

  /// A proposal that obeys `steering`.
  func proposal(_ steering: Steering) -> Proposal { proposal(steering, from: start(steering)) }

  /// The division before anything is grouped by `steering`: what is shared alone counts. The dear part of a proposal.
  func start(_ steering: Steering) -> Division { start(sharing: sharedNodes(steering)) }

  /// The division before steering; nodes in `shared` tie nothing together.
  private func start(sharing shared: Set<Int>) -> Division {
    let graph = shared.isEmpty ? graph : graph.isolating(shared)
    let groups = DataGroups(system: system, graph: graph, writes: ledger, settings: settings, weights: weights)
    let partition = Clusterer(system: system, graph: graph, writes: ledger, settings: settings).partition(groups)
    let names = ServiceNames(graph: graph, writes: ledger, groups: groups, members: partition.members()).names()
    var clusterOfGroup: [Int: Int] = [:]
    for (node, group) in groups.groupOf.enumerated() where group >= 0 && partition.clusterOf[node] >= 0 {
      clusterOfGroup[group] = clusterOfGroup[group] ?? partition.clusterOf[node]
    }
    return Division(
      clusterOf: partition.clusterOf, names: names, weighed: groups.divisions,
      clusterOfModule: groups.groupOfModule.compactMapValues { clusterOfGroup[$0] })
  }

  private func judged(_ division: Division) -> Proposal {
    Decomposer.judged(
      division, system: system, graph: graph, ledger: ledger, measured: measured, settings: settings,
      weights: weights)
  }

  /// The same from the division that `start` gave for it, or for a steering that shares the same.
  func proposal(_ steering: Steering, from start: Division) -> Proposal {
    guard !steering.entries.isEmpty else { return judged(start) }
    var constraints = Constraints(
      steering: steering, system: system, graph: graph, clusterOf: start.clusterOf, names: start.names)
    let shared = constraints.shared
    let division = SteeredDivision(
      system: system, graph: shared.isEmpty ? graph : graph.isolating(shared), ledger: ledger, settings: settings
    ).bent(start, to: &constraints)
    let check = SteeringCheck(steering: steering, constraints: constraints, graph: graph, division: division)
    let violations = check.violations()
    let broken = Set(check.broken(among: constraints.obeyed))
    var proposal = judged(division)
    proposal.diagnostics = (constraints.diagnostics + violations).sorted()
    proposal.constraints = applied(steering, constraints) { constraints.obeyed.contains($0) && !broken.contains($0) }
    sayDecisions(in: &proposal)
    return proposal
  }

  private func applied(
    _ steering: Steering, _ constraints: Constraints, isObeyed: (Int) -> Bool
  ) -> [AppliedConstraint] {
    steering.entries.enumerated().map { number, entry in
      let nodes = constraints.nodesOf[number].map { graph.nodes[$0] }
      return AppliedConstraint(
        entry: entry, isObeyed: entry.rule == .ignore || isObeyed(number), tables: nodes.compactMap(\.table).sorted(),
        units: nodes.filter { $0.kind != .table }.compactMap(\.unit).sorted(), price: [])
    }
  }

  /// Tables whose owner people decided say so first.
  private func sayDecisions(in proposal: inout Proposal) {
    var reasons: [TableName: String] = [:]
    for constraint in proposal.constraints where constraint.isObeyed {
      let because = constraint.entry.because.isEmpty ? "" : ": \(constraint.entry.because)"
      let decided: String
      switch constraint.entry.rule {
      case .pin: decided = "pinned by \(constraint.entry.span)\(because)"
      case .shared: decided = "shared by \(constraint.entry.span)\(because)"
      case .mustLink, .cannotLink, .name, .ignore, .services, .tablesPerService: continue
      }
      for table in constraint.tables where reasons[table] == nil { reasons[table] = decided }
    }
    for (place, owner) in proposal.owners.enumerated() {
      guard let decided = reasons[owner.table] else { continue }
      proposal.owners[place].proof.flip = .decided(decided, instead: owner.proof.flip)
      proposal.owners[place].reason = owner.service.isEmpty ? decided : "\(decided); \(owner.reason)"
    }
  }

  private func sharedNodes(_ steering: Steering) -> Set<Int> {
    guard steering.entries.contains(where: { $0.rule == .shared }) else { return [] }
    let index = SelectorIndex(system: system, graph: graph)
    var shared: [Set<Int>] = []
    var grouped: Set<Int> = []
    for entry in steering.entries {
      let nodes = Set(entry.selectors.flatMap { index.nodes(of: $0) })
      switch entry.rule {
      case .shared: shared.append(nodes)
      case .pin, .mustLink, .cannotLink: grouped.formUnion(nodes)
      case .name, .ignore, .services, .tablesPerService: break
      }
    }
    // One of two that contradict is left out, and which is not known yet.
    return shared.filter { $0.isDisjoint(with: grouped) }.reduce(into: []) { $0.formUnion($1) }
  }

  // MARK: Prices

  /// Entries priced at most; every price is a proposal of its own.
  private static let pricedEntries = 40

  /// The proposal with the price of every entry that decides about groups.
  func priced(_ steering: Steering) -> Proposal {
    let start = start(steering)
    var proposal = proposal(steering, from: start)
    let figures = SteeringFigures(proposal)
    var left = Self.pricedEntries
    for (number, constraint) in proposal.constraints.enumerated() where constraint.isObeyed && left > 0 {
      let other = steering.without(number)
      let without: Proposal
      switch constraint.entry.rule {
      case .ignore, .name: continue
      case .shared: without = self.proposal(other)
      case .pin, .mustLink, .cannotLink, .services, .tablesPerService: without = self.proposal(other, from: start)
      }
      left -= 1
      proposal.constraints[number].price = figures.differences(from: SteeringFigures(without))
      proposal.constraints[number].isPriced = true
    }
    return proposal
  }

  // MARK: Changes

  /// The members of a service of `proposal` in `count` parts, the one that keeps the name first; nil when there are not
  /// so many things to put apart.
  func parts(
    of service: String, count: Int, in proposal: Proposal, _ steering: Steering, from start: Division
  ) -> [[Int]]? {
    let constraints = Constraints(
      steering: steering, system: system, graph: graph, clusterOf: start.clusterOf, names: start.names)
    let bundles = BundlePlacement(graph: graph, constraints: constraints, start: start.clusterOf)
    var clusterOf = [Int](repeating: -1, count: graph.nodes.count)
    for boundary in proposal.services where boundary.name == service {
      let nodes = boundary.tables.compactMap(graph.node(ofTable:)) + boundary.units.compactMap(graph.node(ofUnit:))
      for node in nodes { clusterOf[node] = 0 }
    }
    var work = ClusterWork(graph: graph, bundles: bundles, clusterOf: clusterOf, labelled: [])
    while work.count < count { guard work.splitLargest() else { return nil } }
    return work.members.filter { !$0.isEmpty }
  }

  // MARK: Divisions made elsewhere

  /// A division made elsewhere, judged as if it were the proposal; what it breaks of `steering` is a warning.
  func judgement(of split: ImportedSplit, _ steering: Steering) -> Proposal {
    let start = start(sharing: [])
    let imported = ImportedDivision(
      split: split, system: system, graph: graph, ledger: ledger, settings: settings, start: start)
    var proposal = judged(imported.division)
    let constraints = Constraints(
      steering: steering, system: system, graph: graph, clusterOf: start.clusterOf, names: start.names)
    let broken = SteeringCheck(
      steering: steering, constraints: constraints, graph: graph, division: imported.division
    ).broken(among: constraints.obeyed)
    proposal.constraints = applied(steering, constraints) {
      constraints.obeyed.contains($0) && !broken.contains($0)
    }
    let warnings = broken.map { number in
      Diagnostic(
        code: "split-breaks-steering", severity: .warning, span: steering.entries[number].span,
        message: "the split in \(split.source.text) does not keep to \(steering.entries[number].text)",
        nextStep: "change the split or the entry")
    }
    proposal.diagnostics = (imported.diagnostics + constraints.diagnostics + warnings).sorted()
    return proposal
  }
}

extension Decomposer {
  /// The same as `propose`, with the price of each entry of `steering`: one more proposal for each.
  package static func proposeWithPrices(
    system: SystemFacts, graph: DependencyGraph, settings: DecompositionSettings = DecompositionSettings(),
    weights: EvidenceWeights = .standard, steering: Steering
  ) -> Proposal {
    Proposer(system: system, graph: graph, settings: settings, weights: weights).priced(steering)
  }
}

extension DependencyGraph {
  /// The same graph with some nodes tied to nothing.
  func isolating(_ nodes: Set<Int>) -> DependencyGraph {
    var copy = self
    copy.edges.removeAll { nodes.contains($0.from) || nodes.contains($0.to) }
    for number in copy.groups.indices { copy.groups[number].members.removeAll { nodes.contains($0.node) } }
    for node in nodes { copy.packageOfNode[node] = nil }
    return copy
  }
}
