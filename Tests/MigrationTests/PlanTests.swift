import Basics
import Decomposition
import Facts
import Foundation
import Migration
import Testing

/// What every plan keeps to, whatever the system.
@Suite struct PlanTests {
  private static let engines: [PlanEngine] = [.postgres, .mysql, .mariadb]

  @Test(arguments: engines, OutboxKind.allCases)
  func everyPlanIsOrderedAndReversible(_ engine: PlanEngine, _ outbox: OutboxKind) throws {
    let plan = try Shop.plan(engine, outbox: outbox)
    #expect(plan.groups.count == 3)
    for group in plan.groups {
      let ids = group.steps.map(\.id)
      #expect(ids == ids.sorted() && Set(ids).count == ids.count)
      #expect(ids.first == .guardrails && ids.last == .contract)
      #expect(group.steps.filter(\.ponr).map(\.id) == [.reverseSync])
      for step in group.steps {
        #expect(!step.rollback.isEmpty, "\(step.id.text)")
        #expect(!step.gate.expect.isEmpty && !step.hold.isEmpty && !step.goal.isEmpty)
        #expect(step.gate.place == .both || !step.gate.query.isEmpty)
      }
      #expect(!group.teardown.isEmpty)
    }
  }

  @Test(arguments: engines, OutboxKind.allCases)
  func filesAreUniqueAndReferenced(_ engine: PlanEngine, _ outbox: OutboxKind) throws {
    let plan = try Shop.plan(engine, outbox: outbox)
    let files = plan.files()
    let paths = files.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(paths.allSatisfy { !$0.hasPrefix("/") && !$0.contains("..") && $0.utf8.allSatisfy { $0 > 32 && $0 < 127 } })
    let known = Set(paths)
    for group in plan.groups {
      for action in group.steps.flatMap({ $0.apply + $0.rollback + $0.finish }) + group.teardown {
        switch action {
        case .sql(let path, _), .connect(let path), .reconfigure(_, let path): #expect(known.contains(path), "\(path)")
        case .compare(let source, let target): #expect(known.isSuperset(of: [source, target]))
        case .disconnect, .manual: break
        }
      }
    }
    for file in files {
      #expect(!file.contents.isEmpty && file.contents.hasSuffix("\n"), "\(file.path)")
      let words = file.contents.lowercased()
      #expect(!words.contains("optimal") && !words.contains("complete "), "\(file.path)")
      #expect(!words.contains("identified by '") && !words.contains("password '"), "no credentials: \(file.path)")
    }
  }

  /// Tools that route no events get an outbox that needs none of them.
  @Test(arguments: [CDCTool.canal, .maxwell, .spinaltap]) func whereNoDebeziumRunsARelayPolls(_ cdc: CDCTool) throws {
    let plan = try Planner.plan(
      system: Shop.system(.mysql), proposal: Shop.proposal(engine: .mysql),
      options: PlanOptions(engine: .mysql, cdc: cdc),
      factsDigest: "d")
    #expect(plan.outbox == .polling && plan.outboxReason.contains("capture by \(cdc.rawValue)"))
    #expect(!plan.files().contains { $0.contents.contains("io.debezium") })
  }

  /// Shuffled facts give the same bytes.
  @Test(arguments: engines) func shuffledInputChangesNothing(_ engine: PlanEngine) throws {
    let family: EngineFamily = engine == .postgres ? .postgres : .mysql
    let options = PlanOptions(engine: engine)
    func files(_ system: SystemFacts, _ proposal: Proposal) throws -> [PlanFile] {
      try Planner.plan(system: system, proposal: proposal, options: options, factsDigest: "d").files()
    }
    let first = try files(Shop.system(family), Shop.proposal())
    for _ in 0..<3 {
      var proposal = Shop.proposal()
      proposal.seams.shuffle()
      #expect(try files(Shop.system(family), proposal) == first)
    }
  }

  /// The least risk first: others write no more than one table of `goods`, and fewest edges touch it.
  @Test func theServiceWithTheLeastRiskGoesFirst() throws {
    let plan = try Shop.plan(.postgres)
    #expect(plan.groups.map(\.service) == ["goods", "crm", "ordering"])
    #expect(plan.groups[0].orderReason.hasPrefix("least risk"))
    #expect(plan.groups[1].orderReason.contains("1 of 3 tables written by others too"))
    #expect(plan.groups.map(\.position) == [1, 2, 3])
  }

  /// A key is cut by the group that moves first and by no other.
  @Test func everyCrossingKeyIsCutOnce() throws {
    let plan = try Shop.plan(.postgres)
    let drops = plan.groups.flatMap { $0.steps.flatMap(\.artifacts) }.filter {
      $0.path.contains("/V") && $0.path.contains("__drop_")
    }
    #expect(drops.count == 3)
  }

  @Test func onlyOneServiceWhenAsked() throws {
    let plan = try Planner.plan(
      system: Shop.system(.postgres), proposal: Shop.proposal(), options: PlanOptions(service: "goods"),
      factsDigest: "d")
    #expect(plan.groups.map(\.service) == ["goods"])
    #expect(throws: PlanError.unknownService("nobody", known: ["crm", "goods", "ordering"])) {
      try Planner.plan(
        system: Shop.system(.postgres), proposal: Shop.proposal(), options: PlanOptions(service: "nobody"),
        factsDigest: "d")
    }
  }

  @Test(arguments: [
    PlanOptions(engine: .oracle, outbox: .killbill), PlanOptions(engine: .sqlserver, outbox: .killbill),
    PlanOptions(engine: .oracle, outbox: .eventuate),
  ]) func choicesWithoutArtifactsAreRefused(_ options: PlanOptions) throws {
    do {
      _ = try Planner.plan(system: Shop.system(.mysql), proposal: Shop.proposal(), options: options, factsDigest: "d")
      Issue.record("no error")
    } catch PlanError.unsupported(let option, let nextStep) {
      #expect(option.hasPrefix("--") && !nextStep.isEmpty)
    }
  }

  /// A reader gets the key and the columns it reads; one that takes all gets all.
  @Test func copiesHoldOnlyWhatIsRead() throws {
    let plan = try Shop.plan(.postgres)
    let group = plan.groups.first { $0.service == "ordering" }!
    #expect(group.replicas.map(\.text) == ["customer", "product"])
    let tables = group.steps.flatMap(\.artifacts).first {
      $0.path.contains("/target/V") && $0.path.hasSuffix("__tables.sql") && $0.contents.contains("\"customer\"")
    }!
    let customer = tables.contents.components(separatedBy: "CREATE TABLE \"ordering\".\"customer\"")[1].prefix(while: {
      $0 != ";"
    })
    #expect(customer.contains("\"name\"") && customer.contains("cleave_version") && customer.contains("cleave_deleted"))
    #expect(!customer.contains("\"email\"") && !customer.contains("\"credit\""))
    #expect(tables.contents.contains("\"weight\""))
  }

  /// R0 and key cycles are named, and what moves together stays together.
  @Test func closedGroupsAreNamed() throws {
    var proposal = Shop.proposal()
    proposal.seams.append(
      Seam(
        kind: .transaction, from: "crm", to: "ordering", table: TableName("Order"), otherTable: nil, columns: [],
        span: Shop.span(9, file: "src/crm.cpp"), rule: "R0", recommendation: ""))
    let plan = try Planner.plan(
      system: Shop.system(.postgres), proposal: proposal, options: PlanOptions(), factsDigest: "d")
    let together = Dictionary(uniqueKeysWithValues: plan.groups.map { ($0.service, $0.movesTogetherWith) })
    #expect(together["crm"] == ["ordering (R0 at src/crm.cpp:9)"])
    #expect(together["ordering"] == ["crm (R0 at src/crm.cpp:9)"])
    #expect(together["goods"] == [])
  }

  @Test func decisionsCarryRuleAndPlaces() throws {
    let group = try Shop.plan(.postgres).groups.first { $0.service == "goods" }!
    let write = group.decisions.first { $0.kind == "write" }!
    #expect(write.rule == "R5" && write.table == TableName("stock") && write.action == "split into a saga")
    #expect(write.evidence.map(\.description) == ["src/ordering.cpp:33"])
    #expect(!write.alternatives.isEmpty && !write.inputs.isEmpty)
    let found = group.decisions.first { $0.kind == "read" && $0.table == TableName("Order") }
    #expect(found?.rule == "R3a", "edges only the owners show are decided too")
  }

  @Test func keysWithoutSeamsAreDecided() throws {
    let group = try Shop.plan(.postgres).groups.first { $0.service == "crm" }!
    let keys = group.decisions.filter { $0.kind == "foreign_key" }
    #expect(
      keys.map { "\($0.from) \($0.to) \($0.table) \($0.rule)" } == [
        "crm ordering Order R1", "ordering crm customer R1",
      ])
    #expect(keys.map { $0.evidence.map(\.description) } == [["db/schema.sql:62"], ["db/schema.sql:12"]])
  }

  /// Tables and services whose names only differ in what file names cannot hold keep their own files.
  @Test func namesThatLookAlikeStayApart() throws {
    var system = SystemFacts()
    let names = ["a-b", "a_b", "a b", "x.t", "y.t", "cleave_fence", "outbox", "inbox"]
    system.catalog = Catalog(
      tables: names.map { name in
        Table(
          name: TableName(name), columns: [Column(name: "id", type: "integer", isNullable: false)], primaryKey: ["id"],
          source: Shop.span(1))
      }, engine: .postgres)
    var proposal = Proposal()
    proposal.services = [
      ServiceBoundary(name: "s-1", units: [], tables: names.map { TableName($0) }.sorted(), cohesion: 1),
      ServiceBoundary(name: "s_1", units: [], tables: [], cohesion: 1),
    ]
    proposal.owners = names.map { name in
      Shop.owner(
        name, "s-1", readers: [TableUse(service: "s_1", columns: ["id"], evidence: [Shop.span(3)])])
    }
    let plan = try Planner.plan(system: system, proposal: proposal, options: PlanOptions(), factsDigest: "d")
    let paths = plan.files().map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(Set(paths.map { $0.lowercased() }).count == paths.count)
    let tables = plan.files().filter { $0.path.contains("S6") && $0.path.contains("/target/V") }.map(\.contents)
      .joined()
    for name in ["x_t", "y_t", "a-b", "a_b", "a b"] { #expect(tables.contains("\"\(name)\" (")) }
    let made = tables.split(separator: "\n").filter { $0.hasPrefix("CREATE TABLE") }
    #expect(Set(made).count == made.count, "no table twice")
  }

  /// PostgreSQL holds unquoted names in lower case: without a sign of quotes, capitals are only the declaration's.
  @Test(arguments: [
    (["Client", "JobId"], "client", "jobid"), (["Client", "Order"], "Client", "Order"),
    (["Client", "has space X"], "Client", "has space X"),
    (["client", "jobid"], "client", "jobid"),
  ]) func capitalsAreFoldedUnlessQuoted(_ names: [String], _ table: String, _ column: String) throws {
    func source(_ foldsNames: Bool?) throws -> String {
      var system = SystemFacts()
      system.catalog = Catalog(
        tables: [
          Table(
            name: TableName(names[0]), columns: [Column(name: names[1], type: "integer", isNullable: false)],
            primaryKey: [names[1]], source: Shop.span(1))
        ], engine: .postgres)
      var proposal = Proposal()
      proposal.services = [ServiceBoundary(name: "s", units: [], tables: [TableName(names[0])], cohesion: 1)]
      proposal.owners = [Shop.owner(names[0], "s")]
      let plan = try Planner.plan(
        system: system, proposal: proposal, options: PlanOptions(foldsNames: foldsNames), factsDigest: "d")
      return plan.files().first { $0.path.hasSuffix("S5-own-schema/source/V01.05.001__schema.sql") }!.contents
    }
    #expect(try source(nil).contains("SELECT \"\(column)\" FROM \"public\".\"\(table)\""))
    #expect(try source(false).contains("SELECT \"\(names[1])\" FROM \"public\".\"\(names[0])\""))
  }

  /// A service whose tables the catalog does not declare is named, not planned with empty scripts.
  @Test func undeclaredServicesAreLeftOut() throws {
    var proposal = Shop.proposal()
    proposal.services.append(ServiceBoundary(name: "ghost", units: [], tables: [TableName("nowhere")], cohesion: 0))
    let plan = try Planner.plan(
      system: Shop.system(.postgres), proposal: proposal, options: PlanOptions(), factsDigest: "d")
    #expect(plan.groups.count == 3 && plan.groups.map(\.position) == [1, 2, 3])
    #expect(plan.leftOut == ["ghost: none of its 1 tables is declared in the catalog"])
    #expect(throws: PlanError.self) {
      try Planner.plan(
        system: Shop.system(.postgres), proposal: proposal, options: PlanOptions(service: "ghost"), factsDigest: "d")
    }
  }

  @Test func yamlReadsBack() throws {
    guard try Command.run(["python3", "-c", "import yaml"]).status == 0 else {
      throw CommandFailure(description: "PyYAML is missing: apt-get install python3-yaml")
    }
    for engine in Self.engines {
      let files = try Shop.plan(engine).files().filter { $0.path.hasSuffix(".yaml") }
      let input = String(decoding: try JSONEncoder().encode(files.map(\.contents)), as: UTF8.self)
      let result = try Command.run(
        [
          "python3", "-c", "import yaml,json,sys; print(json.dumps([yaml.safe_load(d) for d in json.load(sys.stdin)]))",
        ], input: input)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("\"schemaVersion\": 1"))
      let odd = String(decoding: try JSONEncoder().encode([Shop.oddTable]), as: UTF8.self).dropFirst().dropLast()
      #expect(result.output.contains(odd), "odd names survive")
    }
  }
}
