import Basics
import Decomposition
import Facts
import Foundation
import Migration
import Testing

/// What replaces transactions besides sagas.
@Suite struct TransactionStyleTests {
  private static let name = "checkout_placeorder"

  private func artifacts(_ plan: MigrationPlan) -> [PlanFile] { plan.groups.flatMap(\.steps).flatMap(\.artifacts) }

  /// S4 with everything it makes for a style goes up and down, and so do the coordinator's own tables.
  @Test(arguments: ServerKind.allCases, TransactionStyle.allCases)
  func scriptsOfEveryStyleRun(_ kind: ServerKind, _ style: TransactionStyle) throws {
    let stage = try Stage(kind, transactions: style, name: "st\(style.rawValue)")
    defer { stage.clean() }
    for group in stage.plan.groups {
      for step in group.steps where step.id < .transactions { try stage.run(step.apply) }
      let step = group.steps.first { $0.id == .transactions }!
      let before = try stage.server.structure(stage.source, tag: stage.tag)
      try stage.run(step.apply)
      for file in step.artifacts where file.path.contains("/job-") && file.path.hasSuffix(".source.sql") {
        _ = try stage.output(file.path, on: .source)
      }
      try stage.run(step.rollback)
      let isBack = try stage.server.structure(stage.source, tag: stage.tag) == before
      #expect(isBack, "\(group.service) \(style)")
      try stage.run(step.apply)
    }
    let server = artifacts(stage.plan).filter { $0.path.hasSuffix("/seata-server.up.sql") }
    #expect(server.count == (style == .saga ? 0 : 1))
    guard let up = server.first,
      let down = artifacts(stage.plan).first(where: { $0.path.hasSuffix("/seata-server.down.sql") })
    else { return }
    let scratch = "seata_\(style.rawValue)"
    try stage.server.create(scratch)
    let empty = try stage.server.structure(scratch, tag: "none")
    _ = try stage.server.sql(up.contents, database: scratch)
    #expect(try stage.server.sql("SELECT count(*) FROM distributed_lock", database: scratch) == "4")
    _ = try stage.server.sql(down.contents, database: scratch)
    #expect(try stage.server.structure(scratch, tag: "none") == empty)
  }

  /// What the service's own database and the orchestrator get, made and removed again.
  @Test(arguments: ServerKind.allCases) func ownTablesRun(_ kind: ServerKind) throws {
    let server = try kind.server()
    var system = Shop.system(kind == .postgres ? .postgres : .mysql)
    var proposal = Shop.proposal()
    // A fourth participant: events alone are not enough any more.
    for index in proposal.services.indices { proposal.services[index].tables.removeAll { $0 == TableName("session") } }
    proposal.services.append(ServiceBoundary(name: "login", units: [], tables: [TableName("session")], cohesion: 1))
    for index in proposal.owners.indices where proposal.owners[index].table == TableName("session") {
      proposal.owners[index].service = "login"
    }
    system.coverage.unread = []
    var found: Set<String> = []
    for style in [TransactionStyle?.none, .seata, .tcc] {
      let plan = try Planner.plan(
        system: system, proposal: proposal, options: PlanOptions(engine: server.engine, transactions: style),
        factsDigest: "d")
      for group in plan.groups {
        let files = group.steps.flatMap(\.artifacts)
        for up in files {
          guard let name = ["saga_engine", "undo_log", "tcc_fence"].first(where: { up.path.hasSuffix("__\($0).sql") }),
            up.path.contains("/V")
          else { continue }
          let isSource = up.path.contains("/source/")
          let down = files.first { $0.path == up.path.replacingOccurrences(of: "/V", with: "/U") }!
          found.insert("\(name) \(isSource ? "source" : "target")")
          try rehearse(up.contents, down.contents, in: (isSource ? "cleave_" : "") + group.folder, server)
        }
      }
    }
    #expect(found == ["saga_engine source", "undo_log target", "tcc_fence source", "tcc_fence target"])
  }

  private func rehearse(_ up: String, _ down: String, in schema: String, _ server: any TestServer) throws {
    let isMySQL = server.engine != .postgres
    let scratch = "own_scratch"
    if try !server.sql(
      isMySQL ? "SHOW DATABASES" : "SELECT datname FROM pg_database", database: isMySQL ? "mysql" : "postgres"
    )
    .split(separator: "\n").contains(Substring(scratch)) {
      try server.create(scratch)
    }
    _ = try server.sql(isMySQL ? "CREATE DATABASE `\(schema)`" : "CREATE SCHEMA \"\(schema)\"", database: scratch)
    let count = "SELECT count(*) FROM information_schema.tables WHERE table_schema = '\(schema)'"
    _ = try server.sql(up, database: scratch)
    #expect(try server.sql(count, database: scratch) != "0")
    _ = try server.sql(down, database: scratch)
    #expect(try server.sql(count, database: scratch) == "0")
    _ = try server.sql(isMySQL ? "DROP DATABASE `\(schema)`" : "DROP SCHEMA \"\(schema)\"", database: scratch)
  }

  /// Reserve, then confirm or cancel; a cancel without a try closes the branch, a try after it is refused.
  @Test(arguments: ServerKind.allCases) func reservationsAreConfirmedOrCancelled(_ kind: ServerKind) throws {
    let stage = try Stage(kind, transactions: .tcc, name: "tcc")
    defer { stage.clean() }
    for group in stage.plan.groups {
      for step in group.steps where step.id <= .transactions { try stage.run(step.apply) }
    }
    let bench = try SagaBench(stage: stage, saga: Self.name, kind: "tcc", work: SagaTests.work(on: stage))
    let before = try bench.rows()
    let after = try bench.rowsAfterAll()
    for step in bench.steps { #expect(try bench.forward(step, saga: "x1")) }
    #expect(try bench.rows() == after)
    #expect(try bench.reserved(3) == "1|2")
    for step in bench.steps.reversed() { #expect(try bench.undo(step, saga: "x1")) }
    #expect(try bench.rows() == before)
    #expect(try bench.reserved(3).isEmpty)
    #expect(try bench.undo(3, saga: "x2"))
    #expect(try !bench.forward(3, saga: "x2"))
    #expect(try bench.rows() == before)
    for step in bench.steps {
      #expect(try bench.forward(step, saga: "x3"))
      try bench.confirm(step, saga: "x3")
      #expect(try bench.undo(step, saga: "x3"))
    }
    #expect(try bench.rows() == after)
  }

  /// javac accepts the skeletons against the interfaces they are written for.
  @Test func skeletonsCompile() throws {
    try Command.require("javac", package: "openjdk-17-jdk-headless")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-tcc-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let stubs = folder.appendingPathComponent("org/apache/seata/rm/tcc/api")
    try FileManager.default.createDirectory(at: stubs, withIntermediateDirectories: true)
    let annotation = "import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface"
    let types = [
      "LocalTCC": "\(annotation) LocalTCC {}",
      "TwoPhaseBusinessAction":
        "\(annotation) TwoPhaseBusinessAction { String name(); String commitMethod() default \"commit\"; "
        + "String rollbackMethod() default \"rollback\"; boolean useTCCFence() default false; }",
      "BusinessActionContextParameter":
        "\(annotation) BusinessActionContextParameter { String paramName() default \"\"; }",
      "BusinessActionContext": "public class BusinessActionContext { public String getXid() { return null; } }",
    ]
    for (name, text) in types {
      try Data("package org.apache.seata.rm.tcc.api; \(text)".utf8).write(
        to: stubs.appendingPathComponent("\(name).java"))
    }
    let sources = artifacts(try Shop.plan(.postgres, transactions: .tcc)).filter { $0.path.hasSuffix(".java") }
    #expect(sources.count == 4)
    var paths: [String] = []
    for source in sources {
      let file = folder.appendingPathComponent(String(source.path.split(separator: "/").last!))
      try Data(source.contents.utf8).write(to: file)
      paths.append(file.path)
    }
    let result = try Command.run(
      [
        "javac", "-Xlint:all", "-Werror", "-proc:none", "-d", folder.path, "-cp", folder.path, "-sourcepath",
        folder.path,
      ]
        + paths)
    #expect(result.status == 0, "\(result.errors)")
  }

  /// Files with an unknown key, a forbidden word or a broken machine are refused by the product's own check.
  @Test func faultyFilesAreFound() throws {
    let files = artifacts(try Shop.plan(.mysql, transactions: .seata))
    let client = files.first { $0.path.contains("/seata-client-") }!
    func problems(_ path: String, _ text: String) -> [String] {
      PlanChecks.check([PlanFile(path: path, contents: text)]).flatMap(\.problems)
    }
    #expect(problems(client.path, client.contents) == [])
    #expect(!problems(client.path, client.contents.replacingOccurrences(of: "retry-times", with: "retry-time")).isEmpty)
    #expect(!problems(client.path, client.contents.replacingOccurrences(of: ": AT", with: ": BT")).isEmpty)
    let saga = artifacts(try Shop.plan(.mysql)).first { $0.path.hasSuffix("/saga-\(Self.name).json") }!
    #expect(problems(saga.path, saga.contents) == [])
    let first = saga.contents.range(of: "\"Undo1")
    let broken = saga.contents.replacingOccurrences(of: "\"Undo1", with: "\"Redo1", options: [], range: first)
    #expect(!problems(saga.path, broken).isEmpty)
  }

  @Test func limitsOfAutomaticBranchesAreListed() throws {
    let files = artifacts(try Shop.plan(.postgres, transactions: .seata))
    let text = files.first { $0.path.hasSuffix("/at-\(Self.name).yaml") }!.contents
    for words in ["no primary key", "unsafe while the monolith still writes", "deletes reach", "lockTable"] {
      #expect(text.contains(words), "\(words)")
    }
  }

  private func plan(
    _ change: (inout SystemFacts, inout Proposal) -> Void, transactions: TransactionStyle? = nil
  ) throws -> MigrationPlan {
    var system = Shop.system(.postgres)
    var proposal = Shop.proposal()
    change(&system, &proposal)
    return try Planner.plan(
      system: system, proposal: proposal, options: PlanOptions(engine: .postgres, transactions: transactions),
      factsDigest: "d")
  }

  private func decision(_ plan: MigrationPlan, from: String, to: String) -> PlanDecision? {
    plan.groups.flatMap(\.decisions).first { $0.kind == "transaction" && $0.from == from && $0.to == to }
  }

  /// Tables that most transactions write together are not parted, and the numbers are given.
  @Test func whatBelongsTogetherIsNotCut() throws {
    func again(_ system: inout SystemFacts, _ proposal: inout Proposal) {
      system.transactions.append(system.transactions.first { $0.writes.contains(TableName("stock")) }!)
    }
    let kept = try plan(again)
    let decision = decision(kept, from: "ordering", to: "goods")!
    #expect(decision.rule == "R0" && decision.action.contains("2 of 2"))
    let step = kept.groups[0].steps.first { $0.id == .transactions }!
    #expect(step.preconditions.contains { $0.hasPrefix("stop before S5") })
    #expect(!artifacts(kept).contains { $0.path.hasSuffix(".json") && $0.path.contains("saga-") })
    let forced = try plan(again, transactions: .saga)
    #expect(forced.groups.flatMap(\.steps).flatMap(\.preconditions).contains { $0.contains("do not cut here (R0)") })
    #expect(artifacts(forced).contains { $0.path.hasSuffix("/saga-\(Self.name).json") })
  }

  @Test func rulesFollowTheEvidence() throws {
    let plan = try plan { _, _ in }
    #expect(decision(plan, from: "ordering", to: "goods")?.rule == "R5")
    // Its own table and a line in the log of everybody: nothing to undo.
    #expect(decision(plan, from: "crm", to: "ordering")?.rule == "R4a")
    let saga = artifacts(plan).filter { $0.path.contains("/saga-") }
    #expect(saga.count == 2)
    let text = saga.first { $0.path.hasSuffix(".yaml") }!.contents
    for words in ["pivot: 4", "commutative update", "by hand: nothing tells its rows apart", "src/ordering.cpp:101"] {
      #expect(text.contains(words), "\(words)")
    }
    let reserving = try self.plan { system, proposal in
      let kept: Set = [TableName("customer"), TableName("Order")]
      system.transactions[0].touches.removeAll { !kept.contains($0.access.table) }
      system.transactions[0].writes = kept.sorted()
      proposal.seams.removeAll { $0.kind == .transaction && $0.from == "ordering" && $0.table != TableName("customer") }
    }
    #expect(decision(reserving, from: "ordering", to: "crm")?.rule == "R6")
    #expect(artifacts(reserving).contains { $0.path.hasSuffix("/tcc-\(Self.name).yaml") })
  }

  /// A use of TX-LCN is converted, never introduced.
  @Test func otherCoordinatorsAreConverted() throws {
    let plan = try plan { system, _ in
      system.coverage.unread = [UnreadSource(kind: .framework, name: "TX-LCN", files: 3)]
    }
    let found = artifacts(plan).filter { $0.path.hasSuffix("/txlcn-conversion.yaml") }
    #expect(found.count == 1 && found[0].contents.contains("3 files import it"))
    #expect(!artifacts(try self.plan { _, _ in }).contains { $0.path.contains("txlcn") })
  }
}
