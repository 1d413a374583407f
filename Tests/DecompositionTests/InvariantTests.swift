import Basics
import Decomposition
import Facts
import Graph
import Testing

/// What holds for every system: planted ones, random ones, and nonsense.
@Suite struct InvariantTests {
  enum Sample: String, CaseIterable, Sendable {
    case modules, flat, random, dense, hostile, empty

    var system: SystemFacts {
      switch self {
      case .modules: PlantedSystems.modules(15).system
      case .flat: PlantedSystems.flat().system
      case .random: Self.random(seed: 3, types: 60, calls: 120, accesses: 60)
      case .dense: Self.random(seed: 4, types: 40, calls: 900, accesses: 300)
      case .hostile: Self.nonsense
      case .empty: SystemFacts()
      }
    }

    private static func random(seed: UInt64, types: Int, calls: Int, accesses: Int) -> SystemFacts {
      var random = SeededGenerator(seed: seed)
      var builder = SystemBuilder()
      let methods = (0..<types).map { builder.typeWithMethod("Type\($0)", folder: "src/part\($0 % 4)") }
      for number in 0..<20 { builder.table("table\(number)_x") }
      for _ in 0..<calls {
        builder.refer(methods.randomElement(using: &random)!, methods.randomElement(using: &random)!)
      }
      for _ in 0..<accesses {
        builder.access(
          methods.randomElement(using: &random)!, AccessOperation.allCases.randomElement(using: &random)!,
          "table\(Int.random(in: 0..<20, using: &random))_x", Confidence.allCases.randomElement(using: &random)!)
      }
      for number in stride(from: 1, to: 20, by: 3) { builder.key("table\(number)_x", to: "table\(number - 1)_x") }
      return builder.system
    }

    /// Indices out of range, references to itself, tables nobody declares, strange names.
    private static var nonsense: SystemFacts {
      var builder = SystemBuilder()
      let one = builder.function("", in: "")
      let two = builder.function("::", in: "///", owner: "::")
      builder.refer(one, one)
      builder.refer(one, two, count: -5)
      builder.table("")
      builder.table("---")
      builder.key("---", to: "nowhere")
      builder.access(one, .write, "nowhere")
      builder.access(two, .write, "---")
      builder.transaction(two, writes: ["---", "", "nowhere"])
      var system = builder.system
      let span = system.units[one].span
      system.references.append(Reference(from: 99, to: -1, kind: .call, span: span, count: 1))
      system.references.append(Reference(from: one, to: 4_000_000, kind: .inherit, span: span, count: 1))
      var access = system.accesses[0]
      access.unit = 77
      system.accesses.append(access)
      access.unit = -3
      access.table = TableName("---")
      system.accesses.append(access)
      system.joins.append(
        JoinFact(
          unit: -1, join: StatementJoin(left: TableName("---"), right: TableName(""), needsBothSides: true), span: span)
      )
      return system
    }
  }

  @Test(arguments: Sample.allCases) func everyTableHasOneOwnerThatListsIt(sample: Sample) {
    let system = sample.system
    let proposal = propose(system)
    #expect(proposal.owners.map(\.table) == Set(system.catalog.tables.map(\.name)).sorted())
    for service in proposal.services {
      #expect(service.tables == proposal.owners.filter { $0.service == service.name }.map(\.table))
    }
    let names = Set(proposal.services.map(\.name))
    #expect(names.count == proposal.services.count)
    #expect(!names.contains("shared"))
    #expect(proposal.owners.allSatisfy { $0.service.isEmpty || names.contains($0.service) })
    #expect(
      proposal.owners.allSatisfy { (0...1).contains($0.margin) && $0.runnerUp != $0.service || $0.runnerUp == "" })
  }

  @Test(arguments: Sample.allCases) func everyUnitIsInOnePlace(sample: Sample) {
    let system = sample.system
    let proposal = propose(system)
    let placed = (proposal.services.flatMap(\.units) + proposal.shared).sorted()
    let wanted = system.units.indices.filter { system.units[$0].kind == .type || system.units[$0].kind == .file }
    #expect(placed == wanted)
    #expect(proposal.services.allSatisfy { $0.units == $0.units.sorted() && (0...1).contains($0.cohesion) })
  }

  @Test(arguments: Sample.allCases) func everyServiceIsConnected(sample: Sample) {
    let system = sample.system
    let graph = DependencyGraph(system: system)
    for service in Decomposer.propose(system: system, graph: graph).services {
      #expect(isConnected(service, graph), "\(service.name)")
    }
  }

  /// Breadth-first search over the edges and groups between members.
  private func isConnected(_ service: ServiceBoundary, _ graph: DependencyGraph) -> Bool {
    let nodes = Set(
      service.units.compactMap { graph.node(ofUnit: $0) } + service.tables.compactMap(graph.node(ofTable:)))
    guard let start = nodes.first else { return false }
    var links: [Int: Set<Int>] = [:]
    for edge in graph.edges where nodes.contains(edge.from) && nodes.contains(edge.to) {
      links[edge.from, default: []].insert(edge.to)
      links[edge.to, default: []].insert(edge.from)
    }
    for group in graph.groups {
      let members = group.members.map(\.node).filter(nodes.contains)
      for member in members { links[member, default: []].formUnion(members) }
    }
    var seen: Set<Int> = [start]
    var queue = [start]
    while let node = queue.popLast() {
      for next in links[node, default: []] where seen.insert(next).inserted { queue.append(next) }
    }
    return seen == nodes
  }

  @Test(arguments: Sample.allCases, [1, 2] as [UInt64]) func orderOfInputChangesNothing(sample: Sample, seed: UInt64) {
    guard sample != .hostile else { return }
    let system = sample.system
    let other = shuffled(system, seed: seed)
    let left = propose(system)
    let right = propose(other)
    #expect(named(left, system) == named(right, other))
    #expect(left.owners == right.owners)
    #expect(left.seams == right.seams)
    #expect(left.metrics == right.metrics)
  }

  @Test(arguments: Sample.allCases) func secondRunGivesTheSame(sample: Sample) {
    let system = sample.system
    #expect(DependencyGraph(system: system) == DependencyGraph(system: system))
    #expect(propose(system) == propose(system))
  }

  @Test(arguments: Sample.allCases, [0.25, 3, 1000]) func scaledWeightsChangeNothing(sample: Sample, factor: Double) {
    let system = sample.system
    var weights = EvidenceWeights.standard
    weights.base = weights.base.mapValues { $0 * factor }
    let left = propose(system)
    let right = propose(system, weights)
    #expect(named(left, system) == named(right, system))
    #expect(left.owners == right.owners)
  }
}
