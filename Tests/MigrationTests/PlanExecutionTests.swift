import Basics
import Foundation
import Migration
import Testing

/// Which server a test runs on.
enum ServerKind: String, CaseIterable, Sendable {
  case postgres, mariadb

  func server() throws -> any TestServer {
    switch self {
    case .postgres: try PostgresServer.shared.get()
    case .mariadb: try MariaDBServer.shared.get()
    }
  }
}

/// A plan written to disk with two databases to run it on.
struct Stage {
  let server: any TestServer
  let plan: MigrationPlan
  let source: String
  /// Ends the names of roles and schemas, so that tests can share a server.
  let tag: String
  let target: String
  let folder: URL

  init(
    _ kind: ServerKind, outbox: OutboxKind = .debezium, transactions: TransactionStyle? = nil, name: String
  ) throws {
    try self.init(on: kind.server(), outbox: outbox, transactions: transactions, name: name)
  }

  init(
    on server: any TestServer, outbox: OutboxKind = .debezium, cdc: CDCTool? = nil, broker: Broker? = nil,
    transactions: TransactionStyle? = nil, name: String
  ) throws {
    try self.init(
      on: server, name: name,
      plan: { engine, database, tag in
        try Shop.plan(
          engine, outbox: outbox, cdc: cdc, broker: broker, database: database, tag: tag, transactions: transactions)
      },
      schema: { engine, database in Shop.schema(engine, database: database) })
  }

  /// A stage for any plan: `plan` gets the engine, the monolith's database and what ends the services' names.
  init(
    on server: any TestServer, name: String, plan make: (PlanEngine, String, String) throws -> MigrationPlan,
    schema: (PlanEngine, String) -> String
  ) throws {
    self.server = server
    source = "shop_\(name)"
    target = server.engine == .postgres ? "own_\(name)" : source
    tag = "zq\(name)"
    plan = try make(server.engine, source, tag)
    try server.create(source)
    if target != source { try server.create(target) }
    _ = try server.sql(schema(server.engine, source), database: source)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "cleave-plan-\(server.engine)-\(name)-\(getpid())")
    for file in plan.files() {
      let url = folder.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.contents.utf8).write(to: url)
    }
  }

  func clean() { try? FileManager.default.removeItem(at: folder) }

  var isMySQL: Bool { server.engine != .postgres }

  /// Runs actions as a reader of the plan would: the command lines, in a shell.
  func run(_ actions: [PlanAction]) throws {
    let commands = actions.compactMap { action -> String? in
      if case .sql = action { plan.command(for: action) } else { nil }
    }
    let result = try Command.run(
      ["sh", "-e", "-c", commands.joined(separator: "\n")],
      environment: server.environment(source: source, target: target), folder: folder)
    if result.status != 0 { throw CommandFailure(description: "\(commands)\n\(result.errors)") }
  }

  func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// What a file prints on a side.
  func output(_ path: String, on side: PlanSide) throws -> String {
    try server.sql(try text(path), database: side == .source ? source : target)
  }

  /// Whether a gate holds.
  func holds(_ gate: PlanGate) throws -> Bool {
    switch gate.place {
    case .source: try output(gate.file, on: .source) == gate.expect
    case .target: try output(gate.file, on: .target) == gate.expect
    case .both: try output(gate.file, on: .source) == output(gate.targetFile!, on: .target)
    }
  }

  func quoted(_ name: String) -> String {
    isMySQL
      ? "`\(name.replacingOccurrences(of: "`", with: "``"))`"
      : "\"\(name.replacingOccurrences(of: "\"", with: "\"\""))\""
  }

  /// A table of the old database.
  func old(_ table: String) -> String { "\(quoted(isMySQL ? source : "public")).\(quoted(table))" }

  /// Puts all rows of an old table into a stage of the service's database, as a snapshot would.
  func load(_ table: String, columns: [String], into stage: String, version: Int = 0) throws {
    let list = columns.map(quoted).joined(separator: ", ")
    if isMySQL {
      _ = try server.sql(
        "INSERT INTO \(stage) (\(list), cleave_version) SELECT \(list), \(version) FROM \(old(table))", database: source
      )
      return
    }
    let rows = try server.sql("COPY (SELECT \(list), \(version) FROM \(old(table))) TO STDOUT", database: source)
    if rows.isEmpty { return }
    _ = try server.sql("COPY \(stage) (\(list), cleave_version) FROM STDIN;\n\(rows)\n\\.\n", database: target)
  }

  /// Plays the applier: loads every table of the group and merges.
  func copyRows(_ group: PlanGroup) throws {
    for (table, columns) in try stagedColumns(group) {
      let slug = table.stage
      try load(table.name, columns: columns, into: "\(quoted(group.folder)).\(quoted("cleave_in_\(slug)"))")
    }
    try merge(group)
  }

  /// Runs the merge jobs of the group's capture step.
  func merge(_ group: PlanGroup) throws {
    let step = group.steps.first { $0.id == .capture }!
    for file in step.artifacts where file.path.contains("/job-merge-") { _ = try output(file.path, on: .target) }
  }

  private func stagedColumns(_ group: PlanGroup) throws -> [((name: String, stage: String), [String])] {
    var result: [((name: String, stage: String), [String])] = []
    for table in group.tables + group.replicas {
      let stage = "cleave_in_\(table.text)"
      let short = stage.utf8.count > 63 ? try existingStage(group, like: String(stage.prefix(50))) : stage
      let query =
        "SELECT column_name FROM information_schema.columns WHERE table_schema = '\(group.folder)' AND table_name = "
        + "'\(escape(short))' AND column_name NOT IN ('cleave_seq', 'cleave_version', 'cleave_deleted') ORDER BY ordinal_position"
      let columns = try server.sql(query, database: target).split(separator: "\n").map(String.init)
      #expect(!columns.isEmpty, "\(short)")
      result.append(((table.text, String(short.dropFirst("cleave_in_".count))), columns))
    }
    return result
  }

  private func existingStage(_ group: PlanGroup, like prefix: String) throws -> String {
    try server.sql(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = '\(group.folder)' AND table_name LIKE '\(prefix)%'",
      database: target)
  }

  private func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "'", with: "''").replacingOccurrences(of: "\\", with: "\\\\")
  }
}

@Suite struct PlanExecutionTests {
  /// Every step in order: apply, gate, rollback, structure as before, apply again.
  @Test(arguments: ServerKind.allCases, OutboxKind.allCases)
  func everyStepRunsAndCanBeUndone(_ kind: ServerKind, _ outbox: OutboxKind) throws {
    let stage = try Stage(kind, outbox: outbox, name: "s\(outbox.rawValue.prefix(2))")
    defer { stage.clean() }
    // The outboxes differ in S4, S6 and S9 alone: only one goes the whole way, the others with one service.
    let isShort = outbox != .debezium
    for group in stage.plan.groups.prefix(outbox == .modulith ? 2 : isShort ? 1 : 3) {
      for step in group.steps where step.id <= (isShort ? .switchWrites : .reverseSync) {
        try check(step, of: group, stage)
      }
    }
    if isShort { return }
    // The end of one service's move waits for the others: their copies are fed from its old tables.
    for group in stage.plan.groups {
      for step in group.steps where step.id > .reverseSync { try check(step, of: group, stage) }
    }
    for group in stage.plan.groups {
      try stage.run(group.teardown)
      let left = try stage.server.sql(
        "SELECT count(*) FROM information_schema.schemata WHERE schema_name IN ('cleave_\(group.folder)', '\(group.folder)_svc')",
        database: stage.source)
      #expect(left == "0")
    }
  }

  private func check(_ step: PlanStep, of group: PlanGroup, _ stage: Stage) throws {
    let before = try structures(stage, step)
    try stage.run(step.apply)
    try prepareGate(step, group, stage)
    #expect(try stage.holds(step.gate), "gate of \(group.service) \(step.id.text)")
    try runLooseFiles(step, group, stage)
    try stage.run(step.rollback)
    let after = try structures(stage, step)
    // S10 leaves the rows of keys to be checked by the rollback of S9, which comes after it.
    let waits = step.id == .reverseSync ? " NOT VALID" : "\u{0}"
    func isSame(_ old: String, _ new: String, _ side: String) -> Bool {
      let (old, new) = (old.replacing(waits, with: ""), new.replacing(waits, with: ""))
      if old != new { print(group.service, step.id.text, side, difference(old, new)) }
      return old == new
    }
    #expect(isSame(before.source, after.source, "source"))
    #expect(isSame(before.target, after.target, "target"))
    try stage.run(step.apply)
    try prepareGate(step, group, stage)
    #expect(try stage.holds(step.gate), "gate of \(group.service) \(step.id.text) again")
  }

  private func structures(_ stage: Stage, _ step: PlanStep) throws -> (source: String, target: String) {
    let source = try stage.server.structure(stage.source, tag: stage.tag)
    let isTargetTouched = step.apply.contains { if case .sql(_, .target) = $0 { true } else { false } }
    return (
      source,
      stage.target == stage.source || !isTargetTouched
        ? source : try stage.server.structure(stage.target, tag: stage.tag)
    )
  }

  /// Gates that wait for the stream get what the stream would have brought.
  private func prepareGate(_ step: PlanStep, _ group: PlanGroup, _ stage: Stage) throws {
    switch step.id {
    case .splitTables:
      for file in step.artifacts where file.path.contains("/job-backfill-") {
        _ = try stage.output(file.path, on: .source)
      }
    case .capture: try stage.copyRows(group)
    case .switchWrites:
      try stage.load(
        "cleave_fence", columns: ["id"], into: "\(stage.quoted(group.folder)).cleave_in_cleave_fence", version: 1,
        of: group)
      try stage.merge(group)
    default: break
    }
  }

  /// Files that are not part of the way forward or back run too: jobs, reports, checks.
  private func runLooseFiles(_ step: PlanStep, _ group: PlanGroup, _ stage: Stage) throws {
    for file in step.artifacts
    where file.path.hasSuffix(".sql") && !file.isNumberedScript {
      if step.id == .reverseSync, file.path.contains("/job-merge-") {
        try stage.mergeBack(file.path, group)
      } else {
        _ = try stage.output(file.path, on: file.path.hasSuffix(".target.sql") ? .target : .source)
        // A copy that was emptied is filled again by a snapshot.
        if file.path.contains("/job-rebuild-") { try stage.copyRows(group) }
      }
    }
  }

  private func difference(_ left: String, _ right: String) -> String {
    let old = Set(left.split(separator: "\n"))
    let new = Set(right.split(separator: "\n"))
    return "gone: \(old.subtracting(new).sorted().prefix(8)) new: \(new.subtracting(old).sorted().prefix(8))"
  }
}

extension Stage {
  /// Merges into the locked old tables as the one login the lock lets through.
  func mergeBack(_ path: String, _ group: PlanGroup) throws {
    if isMySQL { _ = try server.sql("ALTER USER '\(group.folder)_apply'@'%' ACCOUNT UNLOCK", database: source) }
    _ = try server.sql(try text(path), database: source, login: "\(group.folder)_apply")
  }

  /// Loads from the helper schema of a group.
  func load(_ table: String, columns: [String], into stage: String, version: Int, of group: PlanGroup) throws {
    let list = columns.map(quoted).joined(separator: ", ")
    let from = "\(quoted("cleave_\(group.folder)")).\(quoted(table))"
    if isMySQL {
      _ = try server.sql(
        "INSERT INTO \(stage) (\(list), cleave_version) SELECT \(list), \(version) FROM \(from)", database: source)
      return
    }
    let rows = try server.sql("COPY (SELECT \(list), \(version) FROM \(from)) TO STDOUT", database: source)
    if rows.isEmpty { return }
    _ = try server.sql("COPY \(stage) (\(list), cleave_version) FROM STDIN;\n\(rows)\n\\.\n", database: target)
  }
}
