import Basics
import Decomposition
import Facts
import Graph
import Testing

func propose(_ system: SystemFacts, _ weights: EvidenceWeights = .standard) -> Proposal {
  Decomposer.propose(system: system, graph: DependencyGraph(system: system, weights: weights), weights: weights)
}

@Suite struct QualityTests {
  @Test(arguments: [(20, 7), (60, 7), (60, 8), (120, 9)])
  func moduleFoldersAreRecovered(count: Int, seed: UInt64) {
    let planted = PlantedSystems.modules(count, seed: seed)
    let proposal = propose(planted.system)
    let f1 = pairF1(proposal, planted.moduleOfTable)
    #expect(f1 >= 0.95, "pair F1 \(f1), services \(proposal.services.count)")
    #expect(proposal.services.count == count)
    #expect(Set(proposal.services.map(\.name)) == Set(planted.moduleOfTable.values))
  }

  @Test func coreOfModulesIsShared() {
    let planted = PlantedSystems.modules(60)
    let shared = propose(planted.system).shared.map { planted.system.units[$0].span.file.text }
    #expect(shared.count == 21)
    #expect(shared.allSatisfy { $0.hasPrefix("src/core/") })
  }

  @Test func flatGroupsAreRecovered() {
    let planted = PlantedSystems.flat()
    let proposal = propose(planted.system)
    #expect(pairF1(proposal, planted.moduleOfTable) == 1)
    #expect(proposal.services.map(\.name) == ["account", "guild", "house", "market", "player", "spell"])
  }

  @Test func libraryOfFlatSystemIsShared() {
    let planted = PlantedSystems.flat()
    let shared = propose(planted.system).shared.map { planted.system.units[$0].name }
    #expect(shared.contains("Tools"))
    #expect(shared.contains("src/tools.cpp"))
    #expect(!shared.contains { $0.hasPrefix("IO") })
  }

  @Test func codeWithoutSchemaIsClusteredByItself() {
    var planted = PlantedSystems.flat()
    planted.system.accesses = []
    planted.system.catalog = Catalog()
    let proposal = propose(planted.system)
    #expect(proposal.owners.isEmpty)
    #expect(proposal.services.count == 6)
    for service in proposal.services {
      let words = Set(service.units.map { planted.system.units[$0].name.lowercased() })
      #expect(words.contains { $0.contains(service.name) }, "\(service.name): \(words.sorted())")
    }
  }

  /// A table name that is also an everyday word is guessed in many modules; the module that declares it keeps it.
  @Test func declaredTableIsKeptAgainstGuesses() {
    var builder = SystemBuilder()
    for module in ["alpha", "beta", "gamma", "delta", "omega"] {
      let functions = (0..<3).map { builder.function("\(module)_\($0)", in: "modules/\(module)/f\($0).c") }
      for (from, to) in zip(functions, functions.dropFirst()) { builder.refer(from, to, count: 4) }
      builder.table("\(module)_data", in: "db/\(module)-create.sql")
      builder.access(functions[0], .write, "\(module)_data", .guessed)
      builder.access(functions[1], .write, "uri", .guessed, times: module == "beta" ? 9 : 1)
    }
    builder.table("uri", in: "db/gamma-create.sql")
    let owner = propose(builder.system).owners.first { $0.table == TableName("uri") }
    #expect(owner?.service == "gamma")
  }

  /// Known limit: nothing but the name of the columns would tell that this table belongs to billing.
  @Test func FN_tableWithoutAnyEvidenceHasNoOwner() {
    var builder = SystemBuilder()
    let writer = builder.typeWithMethod("Billing")
    builder.table("invoices")
    builder.access(writer, .write, "invoices")
    builder.table("zz", in: "schema.sql", columns: ["invoice_total"])
    let owner = propose(builder.system).owners.first { $0.table == TableName("zz") }
    #expect(owner?.service == "")
    #expect(owner?.ownership == .unwritten)
  }
}
