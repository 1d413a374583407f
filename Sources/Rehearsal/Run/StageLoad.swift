import Basics
import Facts
import Foundation
import Migration

/// Rows, writers, load and faults.
extension RehearsalStage {
  /// Writers of each group, and of the tables that stay.
  private static let writersPerGroup = 2

  /// Fills the tables and starts the writers, which wait for orders.
  func load() throws {
    let printed = try machine.query(LiveSchema.query(engine: request.plan.engine), on: .source).rows
      .compactMap { $0.first ?? nil }.joined(separator: "\n")
    let seeds = SeedData(
      catalog: request.system.catalog, engine: request.plan.engine, seed: request.seed,
      rowsPerTable: request.rowsPerTable, live: printed)
    say("\(seeds.rows.count) rows to start from")
    try fill(seeds)
    var moving: Set<TableName> = []
    for group in groups { moving.formUnion(group.group.tables) }
    for group in groups {
      group.writers = try writers(
        named: group.group.folder, tables: group.group.tables, seeds: seeds, orders: group.orderFile,
        schema: group.move.targetSchema)
    }
    let staying = request.system.catalog.tables.map(\.name).filter { !moving.contains($0) }
    if !staying.isEmpty {
      otherWriters = try writers(named: "rest", tables: staying, seeds: seeds, orders: otherOrders, schema: nil)
    }
  }

  private func fill(_ seeds: SeedData) throws {
    let connection = try machine.endpoint(.source).connect()
    var refused = 0
    for row in seeds.rows {
      if seeds.isUnchecked(row.table) { try connection.run(seeds.checks(on: false)) }
      do {
        try connection.run(row.statement)
      } catch {
        if (try? connection.run(row.plain)) == nil { refused += 1 }
      }
      if seeds.isUnchecked(row.table) { try connection.run(seeds.checks(on: true)) }
    }
    for statement in seeds.closingStatements() where (try? connection.run(statement)) == nil { refused += 1 }
    if refused > 0 { report.notes.append("\(refused) rows to start from were refused by the schema") }
  }

  private func writers(
    named name: String, tables: [TableName], seeds: SeedData, orders: String, schema: String?
  ) throws -> [String] {
    let count = Self.writersPerGroup
    JSONFile.write(WriterOrder(side: -1, pauseMicroseconds: 0, outbox: ""), to: orders)
    let first = groups.reduce(0) { $0 + $1.writers.count }
    var names: [String] = []
    for number in 0..<count {
      let path = "\(machine.folder)/script-\(name)-\(number).jsonl"
      var workload = Workload(
        seeds: seeds, system: request.system, seed: request.seed, writer: number, writers: count, tables: tables)
      try writeScript(&workload, to: path)
      var job = WorkerJob(
        role: .writer, parent: getpid(), status: "\(machine.folder)/writer-\(name)-\(number).status")
      job.databases = [machine.endpoint(.source), machine.endpoint(.target)]
      job.writer = WriterTask(
        number: first + number, script: path, orders: orders,
        preludes: [words.use(request.database, isOld: true), schema.map { words.use($0, isOld: false) } ?? ""])
      names.append("writer-\(name)-\(number)")
      waitingJobs.append((names.last ?? "", job))
    }
    return names
  }

  /// Enough transactions for what one writer will do of all the load, with room for writers that are faster than others
  /// and for what goes on between the stretches that are counted.
  private func writeScript(_ workload: inout Workload, to path: String) throws {
    let writers = Self.writersPerGroup * (groups.count + 1)
    let wanted = 1500 + 3 * request.changes / writers
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    var bytes = Data()
    var changes = 0
    while changes < wanted {
      let next = workload.next()
      if next.statements.isEmpty { break }
      changes += max(1, next.changes)
      bytes += try encoder.encode(
        ScriptedTransaction(
          statements: next.statements, rollsBack: next.rollsBack, aggregate: String(next.aggregate.prefix(150))))
      bytes.append(UInt8(ascii: "\n"))
    }
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  /// Lets the writers begin.
  func startWriters() throws {
    for (name, job) in waitingJobs { try machine.start(name, job) }
    waitingJobs = []
    for group in groups { give(group.order, to: group) }
    JSONFile.write(WriterOrder(side: 0, pauseMicroseconds: pace, outbox: ""), to: otherOrders)
  }

  // MARK: Orders

  func give(_ order: WriterOrder, to group: MovingGroup) {
    group.order = order
    JSONFile.write(order, to: group.orderFile)
  }

  /// Stops writers without changing where they will go on; returns when nobody writes.
  func pause(_ group: MovingGroup) throws {
    var halt = group.order
    halt.side = -1
    JSONFile.write(halt, to: group.orderFile)
    try wait("writers to pause", seconds: 60) { group.writers.allSatisfy { self.machine.status($0).side == -1 } }
  }

  func resume(_ group: MovingGroup) { JSONFile.write(group.order, to: group.orderFile) }

  func pauseAll() throws {
    JSONFile.write(WriterOrder(side: -1, pauseMicroseconds: 0, outbox: ""), to: otherOrders)
    for group in groups { try pause(group) }
    try wait("writers to pause", seconds: 60) { self.otherWriters.allSatisfy { self.machine.status($0).side == -1 } }
  }

  func resumeAll() {
    JSONFile.write(WriterOrder(side: 0, pauseMicroseconds: pace, outbox: ""), to: otherOrders)
    for group in groups { resume(group) }
  }

  /// Lets writers rest between two transactions, or not.
  func hold(pause microseconds: Int) {
    pace = microseconds
    for group in groups { group.order.pauseMicroseconds = microseconds }
    resumeAll()
  }

  // MARK: Waiting

  /// Waits for something while dead processes are started again and jobs of the plan run.
  func wait(_ what: String, seconds: Int64, until isDone: () throws -> Bool) throws {
    let deadline = Clock.now + seconds * 1_000_000
    while try !isDone() {
      guard Clock.now < deadline else { throw MachineError(description: "waited \(seconds) s in vain for \(what)") }
      try machine.tend()
      usleep(5000)
    }
  }

  /// Committed changes so far, on both sides.
  func committed() throws -> Int {
    let sql = "SELECT coalesce(sum(changes), 0) FROM \(ScratchBook.name).ledger"
    return try [PlanSide.source, .target].reduce(0) { sum, side in
      sum + (try machine.query(sql, on: side).value.flatMap { Int($0) } ?? 0)
    }
  }

  /// Runs what replaces cascades; what a lock refuses waits in its queue.
  func runLooseJobs() throws {
    for path in groups.flatMap(\.looseJobs) {
      do {
        try machine.query(Programs.text("\(request.planFolder)/\(path)"), on: .source)
      } catch {
        try machine.query("ROLLBACK", on: .source)
        guard "\(error)".contains("has moved") || "\(error)".contains("40P01") || "\(error)".contains("1213") else {
          throw error
        }
      }
    }
  }

  // MARK: Load and faults

  /// Lets writers work until `changes` more are committed, while `kills` processes die at moments drawn by chance.
  func soak(changes: Int, kills wanted: Int, what: String) throws {
    say("\(what): \(changes) changes, \(wanted) kills")
    let start = try committed()
    let moments = (0..<wanted).map { _ in Int(random.next(upperBound: UInt64(max(1, changes)))) }.sorted()
    let deadline = Clock.now + Int64(request.soakSeconds ?? 300) * 1_000_000
    var killed = 0
    var lastLoose: Int64 = 0
    while true {
      try machine.tend()
      let done = try committed() - start
      while killed < wanted, done >= moments[killed] {
        try killSomething()
        killed += 1
      }
      if Clock.now - lastLoose > 300_000 {
        try runLooseJobs()
        lastLoose = Clock.now
      }
      if done >= changes, killed == wanted { return }
      let isScriptOver = (groups.flatMap(\.writers) + otherWriters).allSatisfy { machine.status($0).isFinished }
      if Clock.now > deadline || isScriptOver {
        report.notes.append(
          "\(what): \(isScriptOver ? "nothing was left to write" : "time was up") after \(done) changes and \(killed) kills"
        )
        return
      }
      usleep(20_000)
    }
  }

  private func killSomething() throws {
    let victims = machine.running + ["source", "target"]
    let victim = victims[Int(random.next(upperBound: UInt64(victims.count)))]
    let pause = Int64(random.next(upperBound: 300_000))
    say("kill -9 \(victim)")
    kills += 1
    let kind = victim.split(separator: "-").first.map(String.init) ?? victim
    report.killed[kind, default: 0] += 1
    guard victim == "source" || victim == "target" else {
      machine.crash(victim, restartAfter: pause)
      return
    }
    let server = machine.server(victim == "source" ? .source : .target)
    server.kill()
    usleep(UInt32(pause))
    try server.start()
  }
}

extension Wording {
  /// Makes unqualified names mean those of a schema.
  func use(_ schema: String, isOld: Bool) -> String {
    switch kind {
    case .postgres: isOld ? "" : "SET search_path = \(name(schema)), public"
    case .mariadb: "USE \(name(schema))"
    }
  }
}
