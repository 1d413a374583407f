import Basics
import Decomposition
import Facts
import Graph
import Testing

/// Each layer of evidence on a small system that shows it and nothing else of its kind.
@Suite struct LayerTests {
  /// A shop in which every layer has something to say.
  private static func shop() -> SystemFacts {
    var builder = SystemBuilder()
    let names = ["Order", "Stock", "Mail", "Ledger"]
    for name in names {
      let word = name.lowercased()
      let folder = "src/\(word)"
      let controller = builder.function("\(name)Api.list", in: "\(folder)/\(name)Api.java", owner: "\(name)Api")
      let service = builder.function("\(name)Service.all", in: "\(folder)/\(name)Service.java", owner: "\(name)Service")
      let lines = builder.function("\(name)Lines.all", in: "\(folder)/\(name)Lines.java", owner: "\(name)Lines")
      let data = builder.type("\(name)Data", in: "\(folder)/\(name)Data.java")
      builder.table("\(word)s", in: "db/\(word).sql")
      builder.table("\(word)_lines", in: "db/\(word).sql")
      builder.table("\(word)_log", in: "db/\(word)_log.sql")
      builder.refer(controller, service)
      builder.refer(service, lines)
      builder.refer(service, data, .use)
      builder.access(service, .write, "\(word)s")
      builder.access(lines, .read, "\(word)_lines")
      builder.entry(controller)
      builder.migration("db/2_\(word).sql", changes: ["\(word)s", "\(word)_log"])
    }
    var system = builder.system
    system.hints = names.map { name in
      ModuleHint(source: .buildFile, name: "src/\(name.lowercased())", folders: ["src/\(name.lowercased())"])
    }
    system.coChanges = [
      CoChange(
        left: RepoPath("src/mail/MailApi.java"), right: RepoPath("src/stock/StockApi.java"), support: 5, confidence: 1)
    ]
    system.handles = [("orders", "A"), ("order_log", "A"), ("stocks", "B"), ("mails", "B")].map {
      TableHandle(table: TableName($0.0), handle: $0.1)
    }
    return system
  }

  /// Kinds of the evidence between two nodes, in either direction.
  private func kinds(_ system: SystemFacts, _ left: String, _ right: String) -> [EvidenceKind] {
    let graph = DependencyGraph(system: system)
    return graph.edges.filter { edge in
      Set([graph.nodes[edge.from].name, graph.nodes[edge.to].name]) == [left, right]
    }.flatMap { $0.evidence.map(\.kind) }
  }

  private func weight(
    _ kind: EvidenceKind, _ left: String, _ right: String, _ system: SystemFacts
  ) -> Double {
    let graph = DependencyGraph(system: system)
    return graph.edges.filter { edge in
      Set([graph.nodes[edge.from].name, graph.nodes[edge.to].name]) == [left, right]
    }.flatMap(\.evidence).filter { $0.kind == kind }.reduce(0) { $0 + $1.weight }
  }

  // MARK: Type use

  @Test func namedTypesWeighLessThanCalls() {
    var builder = SystemBuilder()
    let service = builder.typeWithMethod("Service")
    let data = builder.type("Data", in: "src/data.cpp")
    builder.refer(service, data, .use)
    #expect(kinds(builder.system, "Service", "src/data.cpp") == [.use], "a plain type stays with its file")
    let used = weight(.use, "Service", "src/data.cpp", builder.system)
    builder.refer(service, builder.typeWithMethod("Other"))
    #expect(used > 0 && used < weight(.call, "Service", "Other", builder.system))
  }

  // MARK: Same entry

  @Test func oneEntryTiesWhatItReaches() {
    #expect(kinds(Self.shop(), "orders", "order_lines") == [.sameEntry])
    #expect(kinds(Self.shop(), "orders", "stocks").isEmpty)
  }

  @Test func entryTiesLessThanOneFunction() {
    var builder = SystemBuilder()
    let entry = builder.typeWithMethod("Api")
    let deep = builder.typeWithMethod("Deep")
    for table in ["a", "b", "c"] { builder.table(table) }
    builder.refer(entry, deep)
    builder.entry(entry)
    builder.access(entry, .read, "a")
    builder.access(entry, .read, "b")
    builder.access(deep, .read, "c")
    let system = builder.system
    #expect(weight(.sameEntry, "a", "c", system) > 0)
    #expect(weight(.usedTogether, "a", "b", system) > 2 * weight(.sameEntry, "a", "c", system))
  }

  @Test(arguments: [(tables: 12, isTied: true), (tables: 13, isTied: false)])
  func entryThatReachesMuchSaysNothing(tables: Int, isTied: Bool) {
    var builder = SystemBuilder()
    let main = builder.typeWithMethod("Main")
    builder.entry(main)
    for number in 0..<tables {
      builder.table("t\(number)")
      let part = builder.typeWithMethod("Part\(number)")
      builder.refer(main, part)
      builder.access(part, .write, "t\(number)")
    }
    #expect((weight(.sameEntry, "t0", "t1", builder.system) > 0) == isTied)
  }

  @Test func entriesReachSoFarAndNotThroughTests() {
    var builder = SystemBuilder()
    builder.table("a")
    builder.table("b")
    let chain = (0..<6).map { builder.typeWithMethod("Step\($0)") }
    for (from, to) in zip(chain, chain.dropFirst()) { builder.refer(from, to) }
    builder.access(chain[0], .read, "a")
    builder.access(chain[5], .read, "b")
    builder.entry(chain[0])
    #expect(weight(.sameEntry, "a", "b", builder.system) == 0, "five calls away")
    builder.entry(chain[1])
    builder.access(chain[1], .read, "a")
    #expect(weight(.sameEntry, "a", "b", builder.system) > 0)
    builder.markTests(in: "src")
    #expect(weight(.sameEntry, "a", "b", builder.system) == 0, "tests")
  }

  @Test func tablesThatEverybodyReachesAreTiedLess() {
    var builder = SystemBuilder()
    for table in ["users", "orders", "lines"] { builder.table(table) }
    for number in 0..<9 {
      let entry = builder.typeWithMethod("Api\(number)")
      builder.entry(entry)
      builder.access(entry, .read, "users")
      guard number == 0 else { continue }
      builder.access(entry, .read, "orders")
      builder.access(entry, .read, "lines")
    }
    let system = builder.system
    #expect(weight(.sameEntry, "orders", "lines", system) > 2 * weight(.sameEntry, "orders", "users", system))
  }

  // MARK: Same change

  @Test func oneMigrationTiesWhatItChanges() {
    #expect(kinds(Self.shop(), "stocks", "stock_log") == [.sameChange])
    #expect(kinds(Self.shop(), "order_lines", "order_log").isEmpty)
  }

  @Test func migrationThatMakesMostOfTheSchemaSaysNothing() {
    var builder = SystemBuilder()
    for number in 0..<8 { builder.table("t\(number)") }
    builder.migration("all.sql", changes: (0..<8).map { "t\($0)" })
    builder.migration("most.sql", changes: (0..<5).map { "t\($0)" })
    #expect(kinds(builder.system, "t0", "t1").isEmpty)
    builder.migration("some.sql", changes: (0..<2).map { "t\($0)" })
    #expect(kinds(builder.system, "t0", "t1") == [.sameChange])
  }

  // MARK: History

  @Test func filesThatChangeTogetherAreTied() {
    #expect(kinds(Self.shop(), "src/mail/MailApi.java", "src/stock/StockApi.java") == [.coChange])
  }

  @Test func schemaFilesStandForTheFewTablesTheyCreate() {
    var builder = SystemBuilder()
    _ = builder.typeWithMethod("Order")
    for number in 0..<4 { builder.table("many\(number)", in: "db/many.sql") }
    builder.table("one", in: "db/one.sql")
    builder.table("two", in: "db/two.sql")
    builder.system.coChanges = [
      ("db/many.sql", "src/order.cpp"), ("db/one.sql", "src/order.cpp"), ("db/one.sql", "db/two.sql"),
    ].map { CoChange(left: RepoPath($0.0), right: RepoPath($0.1), support: 3, confidence: 1) }
    #expect(kinds(builder.system, "one", "src/order.cpp").contains(.coChange))
    #expect(!kinds(builder.system, "many0", "src/order.cpp").contains(.coChange))
    #expect(kinds(builder.system, "one", "two").isEmpty, "what people named is judged by the data")
  }

  // MARK: Handles

  @Test func oneConnectionAmongSeveralTiesItsTables() {
    #expect(kinds(Self.shop(), "orders", "order_log") == [.handle, .sameChange])
    #expect(kinds(Self.shop(), "stocks", "mails") == [.handle])
    #expect(kinds(Self.shop(), "orders", "stocks").isEmpty)
    var one = Self.shop()
    for place in one.handles.indices { one.handles[place].handle = "A" }
    #expect(kinds(one, "stocks", "mails").isEmpty)
  }

  @Test func largeDatabasesStayLinear() {
    var builder = SystemBuilder()
    for number in 0..<400 { builder.table("t\(number)") }
    builder.system.handles = (0..<400).map { TableHandle(table: TableName("t\($0)"), handle: $0 < 398 ? "A" : "B") }
    #expect(DependencyGraph(system: builder.system).edges.count < 1000)
  }

  // MARK: Words and modules

  @Test func rareWordsTieCodeToTables() {
    let graph = DependencyGraph(system: Self.shop())
    let own = weight(.words, "OrderLines", "order_lines", Self.shop())
    #expect(own > weight(.words, "OrderLines", "orders", Self.shop()))
    #expect(own > weight(.words, "OrderLines", "stock_lines", Self.shop()))
    #expect(weight(.words, "OrderLines", "stocks", Self.shop()) == 0)
    #expect(weight(.words, "OrderLines", "order_log", Self.shop()) == 0, "no code touches it")
    #expect(
      graph.edges.allSatisfy { edge in
        graph.nodes[edge.from].kind != .table || !edge.evidence.contains { $0.kind == .words }
      })
  }

  @Test func declaredModulesPullAsFarAsTheyHoldReferences() {
    let modules = DependencyGraph(system: Self.shop()).groups.filter { $0.kind == .module }
    #expect(modules.map(\.name) == ["src/ledger", "src/mail", "src/order", "src/stock"])
    #expect(modules.allSatisfy { $0.members.count == 7 })
    var layered = SystemBuilder()
    for number in 0..<6 {
      layered.refer(
        layered.typeWithMethod("Api\(number)", folder: "api"), layered.typeWithMethod("Data\(number)", folder: "data"))
    }
    layered.system.hints = ["api", "data"].map { ModuleHint(source: .buildFile, name: $0, folders: [$0]) }
    #expect(!DependencyGraph(system: layered.system).groups.contains { $0.kind == .module })
  }

  // MARK: All layers

  @Test func effectsOfLayersAddUp() {
    let effects = Decomposer.layerEffects(system: Self.shop())
    #expect(abs(effects.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    #expect(effects.allSatisfy { $0.pairs > 0 && (0...1).contains($0.inside) && $0.agreement <= 1 })
    #expect(effects.map(\.weight) == effects.map(\.weight).sorted(by: >))
    #expect(effects.contains { $0.kind == .write } && !effects.contains { $0.kind == .join })
    #expect(Decomposer.layerEffects(system: SystemFacts()).isEmpty)
  }

  @Test(arguments: EvidenceKind.allCases) func layerSwitchedOffLeavesNoTrace(kind: EvidenceKind) {
    let graph = DependencyGraph(system: Self.shop(), weights: EvidenceWeights.standard.without(kind))
    #expect(!graph.edges.contains { edge in edge.evidence.contains { $0.kind == kind } })
    #expect(!graph.groups.contains { group in group.members.contains { $0.kind == kind && $0.pull > 0 } })
  }

  @Test func factorsMultiplyTheirLayerAlone() {
    var weights = EvidenceWeights.standard
    weights.factors[.call] = 3
    let plain = DependencyGraph(system: Self.shop())
    let scaled = DependencyGraph(system: Self.shop(), weights: weights)
    for (left, right) in zip(plain.edges, scaled.edges) {
      for (before, after) in zip(left.evidence, right.evidence) {
        #expect(abs(after.weight - before.weight * (before.kind == .call ? 3 : 1)) < 1e-9)
      }
    }
  }

  @Test func factorOnEveryLayerOfEdgesChangesNothing() {
    var weights = EvidenceWeights.standard
    for kind in weights.base.keys { weights.factors[kind] = 7 }
    let system = Self.shop()
    #expect(propose(system).owners == propose(system, weights).owners)
    #expect(named(propose(system), system) == named(propose(system, weights), system))
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func orderOfInputChangesNothing(seed: UInt64) {
    let system = Self.shop()
    let other = shuffled(system, seed: seed)
    let left = DependencyGraph(system: system)
    let right = DependencyGraph(system: other)
    #expect(left.edges == right.edges)
    #expect(left.groups == right.groups)
    #expect(propose(system).owners == propose(other).owners)
  }

  @Test func layersHaveNamesAndSources() {
    let kinds = EvidenceKind.allCases
    #expect(Set(kinds.map(\.rawValue)).count == kinds.count)
    #expect(kinds.allSatisfy { !$0.source.isEmpty && $0.rawValue == $0.rawValue.lowercased() })
  }
}
