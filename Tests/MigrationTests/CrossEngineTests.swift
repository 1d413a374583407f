import Basics
import Decomposition
import Facts
import Foundation
import Migration
import Testing

/// Which way a plan moves data between engines.
enum Crossing: String, CaseIterable, Sendable {
  case mariadbToPostgres, postgresToMariaDB

  func servers() throws -> (source: any TestServer, target: any TestServer) {
    switch self {
    case .mariadbToPostgres: (try MariaDBServer.shared.get(), try PostgresServer.shared.get())
    case .postgresToMariaDB: (try PostgresServer.shared.get(), try MariaDBServer.shared.get())
    }
  }
}

/// A plan for two engines, written to disk, with a database on a server of each.
struct CrossStage {
  let source: any TestServer
  let target: any TestServer
  let sourceName: String
  let targetName: String
  let tag: String
  let plan: MigrationPlan
  let folder: URL

  init(
    _ crossing: Crossing, name: String, schema: (PlanEngine, String) -> String,
    plan: (_ source: PlanEngine, _ target: PlanEngine, _ database: String, _ tag: String) throws -> MigrationPlan
  ) throws {
    (source, target) = try crossing.servers()
    sourceName = "cross_\(name)_\(crossing == .mariadbToPostgres ? "mp" : "pm")"
    targetName = "\(sourceName)_own"
    tag = "zc\(name)\(crossing == .mariadbToPostgres ? "mp" : "pm")"
    self.plan = try plan(source.engine, target.engine, sourceName, tag)
    try source.create(sourceName)
    try target.create(targetName)
    _ = try source.sql(schema(source.engine, sourceName), database: sourceName)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-cross-\(sourceName)-\(getpid())")
    for file in self.plan.files() {
      let url = folder.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.contents.utf8).write(to: url)
    }
  }

  func clean() { try? FileManager.default.removeItem(at: folder) }

  private var environment: [String: String] {
    let from = source.environment(source: sourceName, target: sourceName).filter { $0.key.hasPrefix("SOURCE") }
    let to = target.environment(source: targetName, target: targetName).filter { $0.key.hasPrefix("TARGET") }
    return from.merging(to) { first, _ in first }
  }

  /// Runs the scripts and comparisons among the actions in a shell, as a reader of the plan would.
  func run(_ actions: [PlanAction]) throws {
    let commands = actions.compactMap { action -> String? in
      if case .sql = action { return plan.command(for: action) }
      if case .compare = action { return plan.command(for: action) }
      return nil
    }
    let result = try Command.run(
      ["sh", "-e", "-c", commands.joined(separator: "\n")], environment: environment, folder: folder)
    if result.status != 0 { throw CommandFailure(description: "\(commands)\n\(result.output)\n\(result.errors)") }
  }

  func output(_ path: String, on side: PlanSide, login: String? = nil) throws -> String {
    let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    let (server, database) = side == .source ? (source, sourceName) : (target, targetName)
    if let login { return try server.sql(text, database: database, login: login) }
    return try server.sql(text, database: database)
  }

  func holds(_ gate: PlanGate) throws -> Bool {
    switch gate.place {
    case .source: try output(gate.file, on: .source) == gate.expect
    case .target: try output(gate.file, on: .target) == gate.expect
    case .both: try output(gate.file, on: .source) == output(gate.targetFile!, on: .target)
    }
  }

  private func quoted(_ name: String, _ engine: PlanEngine) -> String {
    let quote = engine == .postgres ? "\"" : "`"
    return quote + name.replacingOccurrences(of: quote, with: quote + quote) + quote
  }

  private func literal(_ text: String) -> String { "'\(text.replacingOccurrences(of: "'", with: "''"))'" }

  /// Puts the rows of a table into a stage on the other side, with values as a stream carries them.
  func load(
    _ table: (schema: String, name: String), from side: PlanSide, into stage: (schema: String, name: String),
    version: Int
  ) throws {
    let (reader, readerName, writer, writerName) =
      side == .source ? (source, sourceName, target, targetName) : (target, targetName, source, sourceName)
    // The stage's columns: the copy has only those the service reads.
    let columns = try writer.sql(
      "SELECT column_name FROM information_schema.columns WHERE table_schema = \(literal(stage.schema)) AND table_name = "
        + "\(literal(stage.name)) AND column_name NOT IN ('cleave_seq', 'cleave_version', 'cleave_deleted') ORDER BY ordinal_position",
      database: writerName
    ).split(separator: "\n").map(String.init)
    #expect(!columns.isEmpty, "\(stage)")
    let types = try Dictionary(
      reader.sql(
        "SELECT data_type, column_name FROM information_schema.columns WHERE table_schema = \(literal(table.schema)) AND table_name = \(literal(table.name))",
        database: readerName
      ).split(separator: "\n").map { line in
        let parts = line.split(separator: "|", maxSplits: 1)
        return (String(parts[1]), String(parts[0]))
      }, uniquingKeysWith: { first, _ in first })
    let values = columns.map { value(quoted($0, reader.engine), types[$0] ?? "", reader.engine) }
    let place = "\(quoted(table.schema, reader.engine)).\(quoted(table.name, reader.engine))"
    let row =
      reader.engine == .postgres
      ? values.joined(separator: " || ', ' || ") : "concat(\(values.joined(separator: ", ', ', ")))"
    let zone = reader.engine == .postgres ? "SET TimeZone = 'UTC';" : "SET time_zone = '+00:00';"
    let rows = try reader.sql("\(zone) SELECT \(row) FROM \(place);", database: readerName).split(separator: "\n")
    guard !rows.isEmpty else { return }
    let list = columns.map { quoted($0, writer.engine) }.joined(separator: ", ")
    let lines = rows.map { line -> String in
      // The client of MariaDB doubles backslashes in what it prints.
      let text = reader.engine == .postgres ? String(line) : line.replacingOccurrences(of: "\\\\", with: "\\")
      return "(\(text), \(version))"
    }
    _ = try writer.sql(
      "INSERT INTO \(quoted(stage.schema, writer.engine)).\(quoted(stage.name, writer.engine)) (\(list), cleave_version) VALUES\n"
        + lines.joined(separator: ",\n"), database: writerName)
  }

  /// An expression that prints a value as a literal of the other engine.
  private func value(_ column: String, _ type: String, _ engine: PlanEngine) -> String {
    if engine == .postgres {
      let text =
        switch type {
        case "money": "quote_literal((\(column)::numeric)::text)"
        case "bytea": "'x''' || encode(\(column), 'hex') || ''''"
        case "boolean": "(\(column)::int)::text"
        case "bit": "'b''' || \(column)::text || ''''"
        case "timestamp with time zone":
          "'''' || to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || ''''"
        default: "quote_literal(\(column)::text)"
        }
      return "coalesce(\(text), 'NULL')"
    }
    let text =
      switch type {
      case "blob", "longblob", "mediumblob", "tinyblob", "binary", "varbinary":
        "concat('''\\\\x', hex(\(column)), '''')"
      case "bit": "concat('''', lpad(bin(\(column)), 3, '0'), '''')"
      case "timestamp": "concat('''', \(column), '+00''')"
      case "float": "concat('''', \(column) + 0e0, '''')"
      default: "if(\(column) IS NULL, NULL, concat('E', quote(cast(\(column) AS char))))"
      }
    return "coalesce(\(text), 'NULL')"
  }

  /// Where a table of the old database is.
  func old(_ table: String) -> (schema: String, name: String) {
    (source.engine == .postgres ? "public" : sourceName, table)
  }

  /// A stage in the service's own database, by the table's name; long names are cut.
  func stage(_ schema: String, _ table: String, on side: PlanSide) throws -> (schema: String, name: String) {
    let name = "cleave_in_\(table)"
    if name.utf8.count <= 63 { return (schema, name) }
    let (server, database) = side == .source ? (source, sourceName) : (target, targetName)
    let found = try server.sql(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = \(literal(schema)) AND table_name LIKE \(literal(String(name.prefix(50)) + "%"))",
      database: database)
    return (schema, found)
  }

  /// Plays the applier of the forward stream.
  func copyRows(_ group: PlanGroup) throws {
    for table in group.tables + group.replicas {
      try load(old(table.text), from: .source, into: stage(group.folder, table.text, on: .target), version: 0)
    }
    try merge(group)
  }

  func merge(_ group: PlanGroup) throws {
    for file in group.steps.first(where: { $0.id == .capture })!.artifacts
    where file.path.contains("/job-merge-") { _ = try output(file.path, on: .target) }
  }

  /// Plays the applier of the stream back, as the one login the lock lets through.
  func copyBack(_ group: PlanGroup, version: Int) throws {
    let login = "\(group.folder)_apply"
    if source.engine != .postgres {
      _ = try source.sql("ALTER USER '\(login)'@'%' ACCOUNT UNLOCK", database: sourceName)
    }
    for table in group.tables {
      try load(
        (group.folder, table.text), from: .target,
        into: stage("cleave_\(group.folder)", table.text, on: .source), version: version)
    }
    for file in group.steps.first(where: { $0.id == .reverseSync })!.artifacts
    where file.path.contains("/job-merge-") { _ = try output(file.path, on: .source, login: login) }
  }
}

/// Plans whose services move to another engine, run on a real server of each.
@Suite struct CrossEngineTests {
  private func shop(_ crossing: Crossing, _ name: String) throws -> CrossStage {
    try CrossStage(crossing, name: name, schema: { Shop.schema($0, database: $1) }) { source, target, database, tag in
      try Shop.plan(source, target: target, database: database, tag: tag)
    }
  }

  /// Every step in order on both servers: apply, gate, take back, apply again; rows agree by the plan's own checksums, on
  /// the way there and on the way back.
  @Test(arguments: Crossing.allCases) func everyStepRunsBetweenEngines(_ crossing: Crossing) throws {
    let stage = try shop(crossing, "a")
    defer { stage.clean() }
    for group in stage.plan.groups {
      for step in group.steps where step.id <= .reverseSync { try check(step, of: group, stage) }
    }
    for group in stage.plan.groups {
      for step in group.steps where step.id > .reverseSync { try check(step, of: group, stage) }
    }
    for group in stage.plan.groups { try stage.run(group.teardown) }
  }

  private func check(_ step: PlanStep, of group: PlanGroup, _ stage: CrossStage) throws {
    func structures() throws -> [String] {
      [
        try stage.source.structure(stage.sourceName, tag: stage.tag),
        try stage.target.structure(stage.targetName, tag: stage.tag),
      ]
    }
    let before = try structures()
    try stage.run(step.apply.filter { if case .compare = $0 { false } else { true } })
    try prepare(step, group, stage)
    #expect(try stage.holds(step.gate), "\(group.service) \(step.id.text)")
    if step.id == .verify { try stage.run(step.apply) }
    for file in step.artifacts where file.path.hasSuffix(".sql") && !file.path.contains("/job-merge-") {
      guard file.path.hasSuffix(".source.sql") || file.path.hasSuffix(".target.sql") else { continue }
      _ = try stage.output(file.path, on: file.path.hasSuffix(".target.sql") ? .target : .source)
    }
    try stage.run(step.rollback.filter { if case .sql = $0 { true } else { false } })
    let after = try structures()
    // Roles of the service stay: another service may share them.
    if step.id != .capture {
      let new = zip(before, after).map { Set($1.split(separator: "\n")).symmetricDifference($0.split(separator: "\n")) }
      // S10 leaves the rows of keys to be checked by the rollback of S9, which comes after it.
      let left = new.flatMap { $0 }.filter {
        !$0.contains("_relay") && !(step.id == .reverseSync && $0.contains(" ADD CONSTRAINT "))
      }
      #expect(left.isEmpty, "\(group.service) \(step.id.text) leaves nothing behind")
    }
    try stage.run(step.apply.filter { if case .compare = $0 { false } else { true } })
    try prepare(step, group, stage)
    if step.id == .reverseSync { try soak(group, stage) }
  }

  /// Gates that wait for a stream get what it would have brought.
  private func prepare(_ step: PlanStep, _ group: PlanGroup, _ stage: CrossStage) throws {
    if step.id == .splitTables {
      for file in step.artifacts where file.path.contains("/job-backfill-") {
        _ = try stage.output(file.path, on: .source)
      }
    }
    if step.id == .capture { try stage.copyRows(group) }
    if step.id == .switchWrites {
      try stage.load(
        ("cleave_\(group.folder)", "cleave_fence"), from: .source, into: (group.folder, "cleave_in_cleave_fence"),
        version: 1)
      try stage.merge(group)
    }
  }

  /// Rows of the service come back into the old tables and are equal there.
  private func soak(_ group: PlanGroup, _ stage: CrossStage) throws {
    try stage.copyBack(group, version: 7)
    #expect(try stage.holds(group.steps.first { $0.id == .reverseSync }!.gate))
    // Copies of tables of others are theirs: what moved is compared, as in S9.
    let files = group.steps.first { $0.id == .switchWrites }!.artifacts
    func moved(_ side: PlanSide) throws -> String {
      try stage.output(files.first { $0.path.hasSuffix("moved.\(side.rawValue).sql") }!.path, on: side)
    }
    let (old, new) = (try moved(.source), try moved(.target))
    #expect(!old.isEmpty && old == new, "\(group.service) after the way back")
  }

  private static let mysqlTypes = [
    "tinyint(1)", "tinyint unsigned", "smallint unsigned", "mediumint", "int(10) unsigned", "bigint unsigned",
    "decimal(20,6)", "decimal", "double", "float", "bit(3)", "char(5)", "varchar(40)", "text", "enum('a','b, (c)')",
    "set('x','y')", "blob", "binary(4)", "date", "time(3)", "datetime(6)", "timestamp", "year(4)",
  ]
  private static let mysqlRows = [
    [
      "1", "255", "65535", "-8388608", "4294967295", "18446744073709551615", "-12345678901234.123456", "9999999999",
      "0.1", "0.1", "b'101'", "'ab '", "'it''s \\\\ \"é\" 😀'", "'line | V3:'", "'b, (c)'", "'x,y'", "x'00ff'",
      "x'0102'", "'2026-02-28'", "'23:59:59.123'", "'2026-01-02 03:04:05.678901'", "'2026-01-02 03:04:05'", "2026",
    ],
    [
      "-128", "0", "0", "0", "0", "0", "0", "0", "1e300", "-1.5e-7", "b'000'", "''", "''", "''", "'a'", "''", "''",
      "x'00'", "'1000-01-01'", "'00:00:00'", "'1970-01-01 00:00:00'", "'2000-06-30 12:00:00'", "1901",
    ],
    [
      "2", "7", "7", "7", "7", "7", "0.000001", "7", "123456789012345680", "16777217", "b'001'", "'x'", "'a'", "'b'",
      "'a'", "'x'", "x'ff'", "x'ffffffff'", "'2099-12-31'", "'12:00:00.001'", "'2099-12-31 23:59:59.999999'",
      "'2037-12-31 23:59:59'", "2155",
    ],
    Array(repeating: "NULL", count: 23),
  ]
  private static let postgresTypes = [
    "smallint", "integer", "bigint", "numeric(20,6)", "numeric", "double precision", "real", "boolean", "bit(3)",
    "char(5)", "varchar(40)", "text", "bytea", "date", "time(3)", "timestamp", "timestamptz", "uuid", "money",
  ]
  private static let postgresRows = [
    [
      "-32768", "-2147483648", "9223372036854775807", "-12345678901234.123456", "0.500", "0.1", "0.1", "true", "'101'",
      "'ab '", "'it''s \"é\" 😀'", "'line | V3:'", "'\\x00ff'", "'2026-02-28'", "'23:59:59.123'",
      "'2026-01-02 03:04:05.678901'", "'2026-01-02 03:04:05.5+02'", "'6b3f2f0e-6a3e-4f0e-9b0a-1d2c3b4a5f60'", "12.34",
    ],
    [
      "0", "0", "0", "0", "100", "1e300", "-1.5e-7", "false", "'000'", "''", "''", "''", "''", "'1000-01-01'",
      "'00:00:00'", "'1970-01-01 00:00:00'", "'2000-06-30 12:00:00Z'", "'00000000-0000-0000-0000-000000000000'", "0",
    ],
    Array(repeating: "NULL", count: 19),
  ]

  /// Values at the edges of every type read the same on both sides, and one changed value does not.
  @Test(arguments: Crossing.allCases) func everyTypeAgreesBetweenEngines(_ crossing: Crossing) throws {
    let isMySQL = crossing == .mariadbToPostgres
    let types = isMySQL ? Self.mysqlTypes : Self.postgresTypes
    let rows = isMySQL ? Self.mysqlRows : Self.postgresRows
    let stage = try CrossStage(
      crossing, name: "t",
      schema: { _, _ in
        let columns = types.enumerated().map { "c\($0) \($1) NULL" }.joined(separator: ", ")
        let lines = rows.enumerated().map { "(\($0), \($1.joined(separator: ", ")))" }.joined(separator: ",\n")
        let suffix = isMySQL ? " CHARACTER SET utf8mb4" : ""
        return
          "CREATE TABLE things (id int NOT NULL PRIMARY KEY, \(columns))\(suffix); INSERT INTO things VALUES \(lines);"
      },
      plan: { source, target, database, tag in
        try self.plan(of: types, source, target, database, tag)
      })
    defer { stage.clean() }
    let group = stage.plan.groups[0]
    for step in group.steps where step.id <= .capture { try stage.run(step.apply) }
    try stage.copyRows(group)
    let verify = group.steps.first { $0.id == .verify }!
    func listing(_ side: PlanSide) throws -> String {
      try stage.output(verify.artifacts.first { $0.path.hasSuffix("rows.\(side.rawValue).sql") }!.path, on: side)
    }
    let (old, new) = (try listing(.source), try listing(.target))
    #expect(try stage.holds(verify.gate), "\(old)\n\(new)")
    for index in types.indices {
      let column = "c\(index)"
      let table = "\(group.folder).things"
      _ = try stage.target.sql("UPDATE \(table) SET \(column) = NULL WHERE id = 0", database: stage.targetName)
      #expect(try !stage.holds(verify.gate), "\(types[index]) is compared")
      _ = try stage.target.sql("DELETE FROM \(table)", database: stage.targetName)
      _ = try stage.target.sql("DELETE FROM \(group.folder).cleave_seen_things", database: stage.targetName)
      try stage.copyRows(group)
    }
  }

  private func plan(
    of types: [String], _ source: PlanEngine, _ target: PlanEngine, _ database: String, _ tag: String
  ) throws -> MigrationPlan {
    var columns = [Column(name: "id", type: "int", isNullable: false)]
    for (index, type) in types.enumerated() {
      columns.append(Column(name: "c\(index)", type: type, isNullable: true))
    }
    var system = SystemFacts()
    system.catalog = Catalog(
      tables: [Table(name: TableName("things"), columns: columns, primaryKey: ["id"], source: Shop.span(1))],
      engine: Shop.family(source))
    var proposal = Proposal()
    proposal.services = [ServiceBoundary(name: "t\(tag)", units: [], tables: [TableName("things")], cohesion: 1)]
    proposal.owners = [Shop.owner("things", "t\(tag)")]
    return try Planner.plan(
      system: system, proposal: proposal,
      options: PlanOptions(engine: source, targetEngine: target, databaseName: database), factsDigest: "d")
  }
}
