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

  /// A class that everybody uses but that uses even more is a knot, not a library.
  @Test func godClassIsNotShared() {
    var builder = SystemBuilder()
    let god = builder.typeWithMethod("God")
    var all: [Int] = []
    for group in ["Ant", "Bee", "Cat", "Dog", "Elk"] {
      let methods = (0..<5).map { builder.typeWithMethod("\(group)\($0)") }
      for (position, method) in methods.enumerated() {
        for other in methods[(position + 1)...] { builder.refer(method, other, count: 5) }
      }
      builder.table(group)
      builder.access(methods[0], .write, group)
      all += methods
    }
    for method in all { builder.refer(god, method) }
    for method in all.prefix(20) { builder.refer(method, god) }
    let shared = propose(builder.system).shared.map { builder.system.units[$0].name }
    #expect(!shared.contains("God"))
  }

  /// Two groups that only share foreign tables are two services once these tables lie with their writer.
  @Test func groupsTiedOnlyByForeignTablesAreSplit() {
    var builder = SystemBuilder()
    let writer = builder.typeWithMethod("Ledger")
    let clerk = builder.typeWithMethod("Clerk")
    builder.refer(writer, clerk, count: 900)
    builder.table("own")
    builder.access(clerk, .write, "own", times: 99)
    builder.access(writer, .write, "own", times: 99)
    let readers = ["Alpha", "Beta"].map { builder.typeWithMethod($0) }
    for (reader, own) in zip(readers, ["alphas", "betas"]) {
      builder.table(own)
      builder.access(reader, .write, own)
    }
    for table in ["red", "green", "blue", "white"] {
      builder.table(table)
      builder.access(writer, .write, table, .guessed)
      for reader in readers { builder.access(reader, .read, table, times: 4) }
    }
    let proposal = propose(builder.system)
    let owner = Dictionary(uniqueKeysWithValues: proposal.owners.map { ($0.table.text, $0.service) })
    #expect(owner["red"] == owner["own"])
    #expect(owner["alphas"] != owner["betas"])
    #expect(owner["alphas"] != owner["own"])
  }

  /// With many modules the resolution is high and leaves weakly tied tables alone; they are placed afterwards.
  @Test func looseTableOfAModularSystemFollowsOneOfItsKeys() {
    var builder = SystemBuilder()
    var planted = PlantedSystems.modules(60)
    let targets = planted.moduleOfTable.keys.sorted().filter { $0.hasSuffix("_data0") }.prefix(6)
    builder.table("orphan", in: "db/rest.sql")
    for target in targets { builder.key("orphan", to: target) }
    planted.system.catalog = Catalog(tables: planted.system.catalog.tables + builder.system.catalog.tables)
    let owner = propose(planted.system).owners.first { $0.table == TableName("orphan") }
    #expect(targets.compactMap { planted.moduleOfTable[$0] }.contains(owner?.service ?? ""))
  }

  /// Tests touch everything; they neither own tables, nor make ownership joint, nor are seams.
  @Test func testsCountForNothing() {
    var two = TwoServices()
    let plain = two.proposal
    let test = two.builder.typeWithMethod("EverythingTest", folder: "src/tests")
    for table in ["orders", "order_lines", "stocks", "stock_moves"] {
      two.builder.access(test, .write, table, times: 20)
    }
    two.builder.refer(test, two.order, count: 50)
    two.builder.refer(test, two.stock, count: 50)
    two.builder.join(test, "orders", "stocks")
    two.builder.transaction(test, writes: ["orders", "stocks"])
    two.builder.markTests(in: "src/tests")
    let proposal = two.proposal
    #expect(proposal.owners == plain.owners)
    #expect(proposal.seams.isEmpty)
    #expect(proposal.shared.map { two.builder.system.units[$0].name }.contains("EverythingTest"))
  }

  /// A service is named after the folder most of its tables come from, not after a folder that touches one of them.
  @Test func folderOfOneTableDoesNotNameTheService() {
    var builder = SystemBuilder()
    for group in ["user", "cart", "mail"] {
      let methods = (0..<6).map { builder.typeWithMethod("\(group)\($0)", folder: "src/\(group)") }
      for (position, method) in methods.enumerated() {
        for other in methods[(position + 1)...] { builder.refer(method, other, count: 6) }
      }
      for table in 0..<4 {
        builder.table("\(group)x\(table)")
        builder.access(methods[table], .write, "\(group)x\(table)", times: 3)
      }
      if group == "cart" {
        let tiny = builder.typeWithMethod("Tiny", folder: "src/tiny")
        for method in methods { builder.refer(tiny, method, count: 99) }
        builder.table("zap")
        builder.access(tiny, .write, "zap")
      }
    }
    #expect(propose(builder.system).services.map(\.name).contains("cart"))
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
