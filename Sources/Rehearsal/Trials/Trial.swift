import Basics
package import Facts
import Foundation
package import Migration

/// What a trial runs on: a schema, the code that works with it, and how hard to try.
package struct TrialRequest: Sendable {
  /// The engine of both databases.
  package var engine: PlanEngine
  /// The facts, with the catalog.
  package var system: SystemFacts
  /// Files that make the schema, in order.
  package var schema: [String]
  /// Name of the database.
  package var database: String
  /// Committed changes of rows to make, at least.
  package var changes = 2000
  /// Processes to kill.
  package var kills = 4
  /// What all chance is drawn from.
  package var seed: UInt64 = 1
  /// Rows every table starts with, at most.
  package var rowsPerTable = 60
  /// Seconds after which a trial ends even when it did less.
  package var seconds: Int64 = 60
  /// Where scratch servers live.
  package var scratchRoot: String
  /// The program that becomes the processes of the trial, with what precedes the path of a job.
  package var worker: [String]

  /// A request; everything else has a default.
  package init(
    engine: PlanEngine, system: SystemFacts, schema: [String], database: String, scratchRoot: String, worker: [String]
  ) {
    self.engine = engine
    self.system = system
    self.schema = schema
    self.database = database
    self.scratchRoot = scratchRoot
    self.worker = worker
  }
}

/// Two scratch servers with the same schema and the same rows on both.
final class Trial {
  let request: TrialRequest
  let machine: RehearsalMachine
  let words: Wording
  private(set) var seeds: SeedData
  /// Rows the servers refused in every form, and what they said.
  private(set) var refused = 0
  private(set) var refusals: [String] = []
  var random: SplitMix64
  private(set) var kills = 0

  /// Starts the servers and fills them.
  init(_ request: TrialRequest) throws {
    self.request = request
    guard let kind = Endpoint.Kind(request.engine) else {
      throw MachineError(description: "there is no scratch server for \(request.engine.rawValue)")
    }
    machine = try RehearsalMachine(
      kind, root: request.scratchRoot, program: request.worker,
      databases: [.source: request.database, .target: request.database], keepsFolder: false)
    words = Wording(kind: kind)
    random = SplitMix64(state: request.seed)
    seeds = SeedData(catalog: Catalog(), engine: request.engine, seed: request.seed, rowsPerTable: 0)
    do {
      for side in [PlanSide.source, .target] { try make(side) }
      let printed = try machine.query(LiveSchema.query(engine: request.engine), on: .source).rows
        .compactMap { $0.first ?? nil }.joined(separator: "\n")
      seeds = SeedData(
        catalog: request.system.catalog, engine: request.engine, seed: request.seed,
        rowsPerTable: request.rowsPerTable, live: printed, leavesDefaults: false)
      for side in [PlanSide.source, .target] { try fill(side) }
    } catch {
      machine.end()
      throw error
    }
  }

  private func make(_ side: PlanSide) throws {
    let server = machine.server(side)
    let admin = try server.endpoint(database: words.kind == .postgres ? "postgres" : "").connect()
    try admin.run("CREATE DATABASE \(words.name(request.database))")
    for path in request.schema { _ = try server.runScript(path, database: request.database) }
    try machine.query(ScratchBook.create(words.kind), on: side)
  }

  private func fill(_ side: PlanSide) throws {
    let connection = try machine.endpoint(side).connect()
    func run(_ statement: String, else plain: String?) throws {
      do {
        try connection.run(statement)
      } catch {
        if let plain, (try? connection.run(plain)) != nil { return }
        refused += 1
        if refusals.count < 5 { refusals.append("\(error)") }
      }
    }
    try connection.run(words.stopClock)
    for row in seeds.rows {
      if seeds.isUnchecked(row.table) { try connection.run(seeds.checks(on: false)) }
      try run(row.statement, else: row.plain)
      if seeds.isUnchecked(row.table) { try connection.run(seeds.checks(on: true)) }
    }
    for statement in seeds.closingStatements() { try run(statement, else: nil) }
  }

  func end() { machine.end() }

  /// Writes the transactions of a writer to a file.
  func script(writer: Int, of writers: Int, tables: [TableName]) throws -> String {
    var workload = Workload(
      seeds: seeds, system: request.system, seed: request.seed, writer: writer, writers: writers, tables: tables)
    var transactions: [ScriptedTransaction] = []
    var changes = 0
    while changes < request.changes + 500 {
      let next = workload.next()
      if next.statements.isEmpty { break }
      changes += max(1, next.changes)
      transactions.append(
        ScriptedTransaction(
          statements: next.statements, rollsBack: next.rollsBack, aggregate: String(next.aggregate.prefix(150))))
    }
    return try write(transactions, to: "script-\(writer).jsonl")
  }

  func write(_ transactions: [ScriptedTransaction], to name: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    var bytes = Data()
    for transaction in transactions {
      bytes += try encoder.encode(transaction)
      bytes.append(UInt8(ascii: "\n"))
    }
    let path = "\(machine.folder)/\(name)"
    try bytes.write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Committed changes so far on a side.
  func committed(_ side: PlanSide) throws -> Int {
    try machine.query("SELECT coalesce(sum(changes), 0) FROM \(ScratchBook.name).ledger", on: side).value
      .flatMap { Int($0) } ?? 0
  }

  /// Lets workers work until `isDone`, while processes and `servers` die at moments drawn by chance.
  func soak(servers: [PlanSide], until isDone: () throws -> Bool) throws {
    let begin = Clock.now
    let deadline = begin + request.seconds * 1_000_000
    // Kills are spread over the first seconds, so that every trial has them.
    let span = UInt64(min(request.seconds * 500_000, 6_000_000))
    var moments = (0..<request.kills).map { _ in begin + Int64(random.next(upperBound: span)) }.sorted()
    while Clock.now < deadline {
      try machine.tend()
      if let next = moments.first, Clock.now >= next {
        moments.removeFirst()
        try killSomething(servers)
      }
      if moments.isEmpty, try isDone() { return }
      usleep(10_000)
    }
  }

  private func killSomething(_ servers: [PlanSide]) throws {
    let running = machine.running
    let number = Int(random.next(upperBound: UInt64(running.count + servers.count)))
    let pause = Int64(random.next(upperBound: 200_000))
    kills += 1
    if number < running.count { return machine.crash(running[number], restartAfter: pause) }
    let server = machine.server(servers[number - running.count])
    server.kill()
    usleep(UInt32(pause))
    try server.start()
  }
}

extension Wording {
  /// Makes what a session takes from the clock the same on both sides, where that is possible.
  var stopClock: String { kind == .postgres ? "SET TimeZone = 'UTC'" : "SET timestamp = 1750000000" }
}

extension Endpoint.Kind {
  /// The scratch server for an engine; nil when there is none.
  init?(_ engine: PlanEngine) {
    switch engine {
    case .postgres: self = .postgres
    case .mysql, .mariadb: self = .mariadb
    case .sqlserver, .oracle: return nil
    }
  }
}
