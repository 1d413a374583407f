import Basics
import Decomposition
import Facts
import Graph
import Testing

/// What people decide is obeyed, or reported as contradictory.
@Suite struct SteeringTests {
  private static let file = RepoPath("cleave.yml")

  private func entry(
    _ rule: SteeringEntry.Rule, _ selectors: [Selector] = [], line: Int = 1, because: String = ""
  ) -> SteeringEntry {
    SteeringEntry(rule: rule, selectors: selectors, because: because, span: SourceSpan(file: Self.file, line: line))
  }

  private func tables(_ names: String...) -> [Selector] { names.map { Selector(.table, $0) } }

  private func propose(_ system: SystemFacts, _ entries: [SteeringEntry]) -> Proposal {
    Decomposer.propose(
      system: system, graph: DependencyGraph(system: system), steering: Steering(entries: entries))
  }

  private func owner(_ table: String, _ proposal: Proposal) -> String? {
    proposal.owners.first { $0.table == TableName(table) }?.service
  }

  private func service(of unit: String, _ proposal: Proposal, _ system: SystemFacts) -> String? {
    proposal.services.first { $0.units.contains { system.units[$0].name == unit } }?.name
  }

  // MARK: One decision at a time

  @Test func nothingDecidedChangesNothing() {
    let system = PlantedSystems.flat().system
    let graph = DependencyGraph(system: system)
    #expect(Decomposer.propose(system: system, graph: graph) == propose(system, []))
  }

  @Test func pinnedTableMovesAlone() {
    let system = PlantedSystems.flat().system
    let free = propose(system, [])
    let target = owner("houses", free)!
    let steered = propose(system, [entry(.pin(to: target), tables("guild_items"), because: "they said so")])
    #expect(owner("guild_items", steered) == target)
    #expect(owner("guild_items", free) != target)
    for owner in free.owners where owner.table != TableName("guild_items") {
      #expect(self.owner(owner.table.text, steered) == owner.service)
    }
    #expect(steered.owners.first { $0.table == TableName("guild_items") }?.reason.contains("they said so") == true)
  }

  @Test func newServiceIsMadeOfItsPins() {
    let system = PlantedSystems.flat().system
    let steered = propose(system, [entry(.pin(to: "brand-new"), tables("spells", "houses"))])
    #expect(steered.services.first { $0.name == "brand-new" }?.tables.map(\.text) == ["houses", "spells"])
  }

  @Test func codeFollowsTablesThatMove() {
    let system = PlantedSystems.flat().system
    let free = propose(system, [])
    let target = owner("houses", free)!
    let all = tables("guilds", "guild_items", "guild_history")
    let steered = propose(system, [entry(.pin(to: target), all)])
    #expect(service(of: "IOGuild", steered, system) == target)
    #expect(steered.services.count == free.services.count - 1)
  }

  @Test func pinnedCodeEndsWhereItIsPinned() {
    let system = PlantedSystems.flat().system
    let target = owner("houses", propose(system, []))!
    let steered = propose(
      system,
      [
        entry(.pin(to: target), [Selector(.unit, "IOGuild")]),
        entry(.pin(to: target), [Selector(.path, "src/spell*.cpp")], line: 2),
      ])
    #expect(service(of: "IOGuild", steered, system) == target)
    #expect(service(of: "SpellLoader", steered, system) == target)
    #expect(owner("guilds", steered) != target)
  }

  @Test func namesFollowTheTableTheyAreGivenBy() {
    let system = PlantedSystems.flat().system
    let free = propose(system, [])
    let old = owner("houses", free)!
    let byTable = propose(system, [entry(.name("estates"), tables("houses"))])
    let byName = propose(system, [entry(.name("estates"), [Selector(.any, old)])])
    for named in [byTable, byName] {
      #expect(
        named.services.map(\.name).sorted() == (free.services.map(\.name).filter { $0 != old } + ["estates"]).sorted())
    }
    let pinned = propose(
      system, [entry(.name("estates"), tables("houses")), entry(.pin(to: old), tables("guilds"), line: 2)])
    #expect(owner("guilds", pinned) == "estates")
  }

  @Test func sharedThingsBelongToNoService() {
    let system = PlantedSystems.flat().system
    let steered = propose(
      system, [entry(.shared, tables("players")), entry(.shared, [Selector(.unit, "Game")], line: 2)])
    #expect(owner("players", steered) == "")
    #expect(steered.shared.contains { system.units[$0].name == "Game" })
    #expect(steered.diagnostics == [])
  }

  @Test func ignoredThingsAreOut() {
    let system = PlantedSystems.flat().system
    let steering = Steering(entries: [
      entry(.ignore, tables("guild_*")), entry(.ignore, [Selector(.path, "src/spell.cpp")], line: 2),
      entry(.ignore, tables("nothing"), line: 3),
    ])
    let (kept, diagnostics) = steering.withoutIgnored(system)
    #expect(!kept.catalog.tables.contains { $0.name.text.hasPrefix("guild_") })
    #expect(kept.catalog.tables.contains { $0.name.text == "guilds" })
    #expect(!kept.units.contains { $0.span.file.text == "src/spell.cpp" })
    #expect(kept.accesses.allSatisfy { kept.units.indices.contains($0.unit) && !$0.table.text.hasPrefix("guild_") })
    #expect(diagnostics.map(\.code) == ["steering-no-match"])
  }

  @Test(arguments: [1, 2, 3, 4, 7, 9, 12, 18]) func asManyServicesAsWanted(count: Int) {
    let steered = propose(
      PlantedSystems.flat().system, [entry(.services(CountRange(least: count, most: count)))])
    #expect(steered.services.count == count)
    #expect(steered.diagnostics == [])
  }

  @Test(arguments: [(1, 2), (2, 4), (5, 9), (1, 1), (18, 18)]) func tablesPerServiceAsWanted(least: Int, most: Int) {
    let steered = propose(
      PlantedSystems.flat().system, [entry(.tablesPerService(CountRange(least: least, most: most)))])
    #expect(steered.services.allSatisfy { $0.tables.isEmpty || (least...most).contains($0.tables.count) })
    #expect(steered.diagnostics == [])
  }

  @Test(arguments: EvidenceKind.allCases) func everyLayerCanBeSwitchedOff(kind: EvidenceKind) {
    let steering = Steering(weights: [kind: 0])
    let system = PlantedSystems.modules(6).system
    #expect(
      DependencyGraph(system: system, weights: steering.adjusted(.standard))
        == DependencyGraph(system: system, weights: EvidenceWeights.standard.without(kind)))
  }

  // MARK: Contradictions

  @Test func contradictionsNameBothPlaces() {
    let system = PlantedSystems.flat().system
    let entries = [
      entry(.mustLink, tables("guilds", "houses"), line: 1),
      entry(.mustLink, tables("houses", "spells"), line: 2),
      entry(.cannotLink, tables("guilds", "spells"), line: 3),
      entry(.pin(to: "one"), tables("guilds"), line: 4),
      entry(.pin(to: "two"), tables("spells"), line: 5),
      entry(.pin(to: "two"), tables("markets"), line: 6),
      entry(.services(CountRange(most: 1)), line: 7),
    ]
    let steered = propose(system, entries)
    let said = steered.diagnostics.map { "\($0.span.line) \($0.message)" }
    #expect(steered.diagnostics.map(\.span.line) == [3, 5, 7])
    #expect(said[0].contains("cleave.yml:1") && said[0].contains("cleave.yml:2"))
    #expect(said[1].contains("cleave.yml:4"))
    #expect(said[2].contains("cleave.yml:6"))
    #expect(steered.constraints.map(\.isObeyed) == [true, true, false, true, false, true, false])
    #expect(owner("guilds", steered) == "one" && owner("spells", steered) == "one")
    #expect(owner("markets", steered) == "two")
  }

  @Test func moreServicesThanThingsIsAContradiction() {
    let steered = propose(PlantedSystems.flat().system, [entry(.services(CountRange(least: 5000)))])
    #expect(steered.diagnostics.map(\.code) == ["steering-contradiction"])
    #expect(steered.services.count == propose(PlantedSystems.flat().system, []).services.count)
  }

  @Test func unknownNamesSayWhatIsNear() {
    let steered = propose(PlantedSystems.flat().system, [entry(.pin(to: "a"), tables("guild"))])
    #expect(steered.diagnostics.map(\.code) == ["steering-no-match"])
    #expect(steered.diagnostics.first?.nextStep.contains("guilds") == true)
  }

  // MARK: Properties

  /// Random decisions about random systems: whatever is not reported holds.
  @Test(arguments: Array(1...40) as [UInt64]) func decisionsAreObeyedOrReported(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let system = Self.system(seed: seed, &random)
    let entries = Self.entries(system, &random)
    let graph = DependencyGraph(system: system)
    let steering = Steering(entries: entries)
    let proposal = Decomposer.propose(system: system, graph: graph, steering: steering)
    #expect(!proposal.diagnostics.contains { $0.code == "steering-violated" })
    #expect(proposal.constraints.map(\.entry) == entries)
    let reported = Set(proposal.diagnostics.map(\.span.line))
    for constraint in proposal.constraints {
      #expect(constraint.isObeyed != reported.contains(constraint.entry.span.line), "\(constraint.entry.text)")
      if constraint.isObeyed { #expect(holds(constraint.entry, proposal, system), "\(constraint.entry.text)") }
    }
    #expect(proposal.owners.map(\.table) == system.catalog.tables.map(\.name).sorted())
    let placed = (proposal.services.flatMap(\.units) + proposal.shared).sorted()
    #expect(placed == system.units.indices.filter { system.units[$0].kind != .function })
    #expect(proposal == Decomposer.propose(system: system, graph: graph, steering: steering))
    #expect(Set(proposal.services.map(\.name)).count == proposal.services.count)
  }

  @Test(arguments: Array(1...9) as [UInt64]) func orderOfInputChangesNothing(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let system = Self.system(seed: seed, &random)
    let entries = Self.entries(system, &random)
    let left = propose(system, entries)
    let other = shuffled(system, seed: seed)
    let right = propose(other, entries)
    #expect(left.owners == right.owners)
    #expect(left.seams == right.seams)
    #expect(left.diagnostics == right.diagnostics)
    let names = { (proposal: Proposal, system: SystemFacts) in
      proposal.services.map { service in [service.name] + service.units.map { system.units[$0].name }.sorted() }
    }
    #expect(names(left, system) == names(right, other))
  }

  /// A second reading of what an entry means, over the finished proposal.
  private func holds(_ entry: SteeringEntry, _ proposal: Proposal, _ system: SystemFacts) -> Bool {
    func homes(_ selector: Selector) -> Set<String> {
      if selector.kind == .table {
        return Set(proposal.owners.filter { selector.pattern.matches($0.table.text) }.map(\.service))
      }
      let units = system.units.indices.filter {
        system.units[$0].kind == .type && system.units[$0].name == selector.pattern.text
      }
      return Set(units.map { unit in proposal.services.first { $0.units.contains(unit) }?.name ?? "" })
    }
    let all = entry.selectors.reduce(into: Set<String>()) { $0.formUnion(homes($1)) }
    switch entry.rule {
    case .pin(let name), .name(let name): return all == [name]
    case .mustLink: return all.count == 1
    case .cannotLink:
      let sets = entry.selectors.map { homes($0).subtracting([""]) }
      return sets.indices.allSatisfy { left in
        sets.indices.allSatisfy { left == $0 || sets[left].isDisjoint(with: sets[$0]) }
      }
    case .shared: return all == [""]
    case .services(let range): return (range.least...(range.most ?? .max)).contains(proposal.services.count)
    case .tablesPerService(let range):
      return proposal.services.allSatisfy {
        $0.tables.isEmpty || (range.least...(range.most ?? .max)).contains($0.tables.count)
      }
    case .ignore: return true
    }
  }

  private static func system(seed: UInt64, _ random: inout SeededGenerator) -> SystemFacts {
    switch seed % 3 {
    case 0: return PlantedSystems.modules(6, seed: seed).system
    case 1: return PlantedSystems.flat().system
    default:
      var builder = SystemBuilder()
      let methods = (0..<25).map { builder.typeWithMethod("Type\($0)", folder: "src/part\($0 % 4)") }
      for number in 0..<12 { builder.table("table\(number)") }
      for _ in 0..<60 {
        builder.refer(methods.randomElement(using: &random)!, methods.randomElement(using: &random)!)
        builder.access(
          methods.randomElement(using: &random)!, Bool.random(using: &random) ? .write : .read,
          "table\(Int.random(in: 0..<12, using: &random))")
      }
      return builder.system
    }
  }

  private static func entries(_ system: SystemFacts, _ random: inout SeededGenerator) -> [SteeringEntry] {
    let tables = system.catalog.tables.map(\.name.text)
    let types = system.units.filter { $0.kind == .type }.map(\.name)
    func thing() -> Selector {
      if !types.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
        return Selector(.unit, types.randomElement(using: &random)!)
      }
      return Selector(.table, tables.randomElement(using: &random)!)
    }
    func things(_ count: ClosedRange<Int>) -> [Selector] {
      (0..<Int.random(in: count, using: &random)).map { _ in thing() }
    }
    return (1...Int.random(in: 2...10, using: &random)).map { line in
      let rule: SteeringEntry.Rule
      var selectors: [Selector] = []
      switch Int.random(in: 0..<12, using: &random) {
      case 0...3:
        rule = .pin(to: ["alpha", "beta", "gamma", "delta"].randomElement(using: &random)!)
        selectors = things(1...3)
      case 4, 5:
        rule = .mustLink
        selectors = things(2...4)
      case 6, 7, 8:
        rule = .cannotLink
        selectors = things(2...4)
      case 9:
        rule = .shared
        selectors = things(1...1)
      case 10:
        let least = Int.random(in: 1...8, using: &random)
        rule = .services(CountRange(least: least, most: least + Int.random(in: 0...4, using: &random)))
      default:
        let least = Int.random(in: 1...3, using: &random)
        rule = .tablesPerService(CountRange(least: least, most: least + Int.random(in: 2...6, using: &random)))
      }
      return SteeringEntry(rule: rule, selectors: selectors, span: SourceSpan(file: file, line: line))
    }
  }

  // MARK: Prices

  @Test func everyDecisionHasItsPrice() {
    let system = PlantedSystems.flat().system
    let graph = DependencyGraph(system: system)
    let target = owner("houses", propose(system, []))!
    let proposal = Decomposer.proposeWithPrices(
      system: system, graph: graph,
      steering: Steering(entries: [
        entry(.pin(to: target), tables("guild_items")),
        entry(.mustLink, tables("houses", "house_items"), line: 2),
      ]))
    #expect(proposal.constraints.allSatisfy { $0.isPriced })
    let price = proposal.constraints[0].price
    #expect(price.contains { $0.name == "cross_write" && $0.value > 0 })
    #expect(price.contains { $0.name == "modularity" && $0.value < 0 })
    #expect(proposal.constraints[1].price == [])
  }

  // MARK: Imported splits

  @Test func importedSplitIsTakenAsItIs() {
    let system = PlantedSystems.flat().system
    let rows = system.catalog.tables.map { table in
      ImportedSplit.Row(
        kind: .table, member: table.name.text, service: table.name.text.hasPrefix("guild") ? "Guild Team" : "rest",
        line: 2)
    }
    let split = ImportedSplit(rows: Array(rows.dropLast()), source: RepoPath("split.csv"))
    let judged = Decomposer.propose(system: system, graph: DependencyGraph(system: system), split: split)
    #expect(judged.services.map(\.name).sorted() == ["Guild Team", "rest"])
    #expect(
      judged.owners.filter { $0.service == "Guild Team" }.map(\.table.text) == [
        "guild_history", "guild_items", "guilds",
      ])
    #expect(service(of: "IOGuild", judged, system) == "Guild Team")
    #expect(judged.diagnostics.map(\.code) == ["split-incomplete"])
  }
}
