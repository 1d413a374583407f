import Foundation

/// Runs the transactions of a script and books each in the database it commits to.
///
/// Which transaction comes next stands in the book, written in the same transaction: a killed writer neither forgets
/// nor repeats one, and what the book says is what was committed.
final class WriterWorker {
  private let job: WorkerJob
  private let task: WriterTask
  private let script: [Data]
  private var connections: [Int: any DatabaseConnection] = [:]
  private var next = 0
  private var status = WorkerStatus()
  private var blockedSince: Int64?
  private var told: Int64 = 0

  init(_ job: WorkerJob) throws {
    guard let task = job.writer else { throw MachineError(description: "a writer needs a script") }
    self.job = job
    self.task = task
    script = (try Data(contentsOf: URL(fileURLWithPath: task.script))).split(separator: UInt8(ascii: "\n"))
    if let earlier = JSONFile.read(job.status, as: WorkerStatus.self) { status = earlier }
  }

  /// Runs until the rehearsal is gone.
  func run() throws {
    connections = [:]
    for side in job.databases.indices { next = max(next, try lastBooked(side) + 1) }
    while !WorkerProgram.isOrphaned(job) {
      guard let order = JSONFile.read(task.orders, as: WriterOrder.self) else { continue }
      if status.side != order.side {
        status.side = order.side
        status.firstCommit = 0
        tell(always: true)
      }
      guard order.side >= 0, script.indices.contains(next) else {
        status.isIdle = true
        status.isFinished = !script.indices.contains(next)
        tell()
        usleep(2000)
        continue
      }
      status.isIdle = false
      try work(order)
      tell()
      if order.pauseMicroseconds > 0 { usleep(UInt32(order.pauseMicroseconds)) }
    }
  }

  private func connection(_ side: Int) throws(DatabaseError) -> any DatabaseConnection {
    if let open = connections[side] { return open }
    let made = try job.databases[side].connect()
    if !task.preludes[side].isEmpty { try made.run(task.preludes[side]) }
    connections[side] = made
    return made
  }

  private func lastBooked(_ side: Int) throws(DatabaseError) -> Int {
    let sql = "SELECT coalesce(max(number), -1) FROM cleave_rehearsal.ledger WHERE writer = \(task.number)"
    // A session of its own: the service's schema may not be there yet.
    return try job.databases[side].connect().run(sql).value.flatMap { Int($0) } ?? -1
  }

  private func work(_ order: WriterOrder) throws {
    guard let transaction = try? JSONDecoder().decode(ScriptedTransaction.self, from: Data(script[next])) else {
      throw MachineError(description: "line \(next + 1) of \(task.script) is no transaction")
    }
    let connection = try connection(order.side)
    do {
      try perform(transaction, order, connection)
      if let since = blockedSince {
        status.blocked = max(status.blocked, Double(Clock.now - since) / 1_000_000)
        blockedSince = nil
      }
      status.done += 1
      next += 1
      if status.firstCommit == 0 {
        status.firstCommit = Clock.now
        tell(always: true)
      }
    } catch {
      if error.isLost { throw error }
      try connection.run("ROLLBACK")
      // Refused by the lock of the cutover, or unlucky: the same transaction again.
      if Self.isLock(error) {
        blockedSince = blockedSince ?? Clock.now
        usleep(8000)
      } else if !error.isRetryable {
        status.refused += 1
        status.lastRefusal = error.description
        next += 1
      }
    }
  }

  /// `read_only_sql_transaction` on PostgreSQL, a signal of a trigger on MariaDB: how plans refuse writes.
  private static func isLock(_ error: DatabaseError) -> Bool {
    error.code == "25006" || (error.code == "1644" && error.message.contains("has moved"))
  }

  private func perform(
    _ transaction: ScriptedTransaction, _ order: WriterOrder, _ connection: any DatabaseConnection
  ) throws(DatabaseError) {
    let words = Wording(kind: job.databases[order.side].kind)
    let publishes = !order.outbox.isEmpty && !transaction.aggregate.isEmpty
    try connection.run(words.kind == .postgres ? "BEGIN" : "START TRANSACTION")
    var sequence = ""
    if publishes {
      // Locks the aggregate, so that its events leave in the order of their numbers.
      sequence = try connection.run(Self.advance(transaction.aggregate, words)).value ?? ""
    }
    var changes = 0
    for statement in transaction.statements { changes += try connection.run(statement).affected }
    if publishes {
      let id = "00000000-\(order.side)\(Self.hex(task.number, 3))-4000-8000-\(Self.hex(next, 12))"
      let aggregate = words.literal(transaction.aggregate)
      try connection.run(
        "INSERT INTO \(order.outbox) (id, aggregatetype, aggregateid, type, payload) "
          + "VALUES ('\(id)', 'rehearsal', \(aggregate), 'rehearsal.changed', '{\"seq\": \(sequence)}')")
    }
    try connection.run(
      "INSERT INTO cleave_rehearsal.ledger (writer, number, changes) VALUES (\(task.number), \(next), \(changes))")
    try connection.run(transaction.rollsBack ? "ROLLBACK" : "COMMIT")
  }

  private static func advance(_ aggregate: String, _ words: Wording) -> String {
    let id = words.literal(aggregate)
    switch words.kind {
    case .postgres:
      return "INSERT INTO cleave_rehearsal.aggregate AS a (id, sequence) VALUES (\(id), 1) "
        + "ON CONFLICT (id) DO UPDATE SET sequence = a.sequence + 1 RETURNING sequence"
    case .mariadb:
      return "INSERT INTO cleave_rehearsal.aggregate (id, sequence) VALUES (\(id), 1) "
        + "ON DUPLICATE KEY UPDATE sequence = sequence + 1; "
        + "SELECT sequence FROM cleave_rehearsal.aggregate WHERE id = \(id)"
    }
  }

  private static func hex(_ number: Int, _ width: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private func tell(always: Bool = false) {
    let now = Clock.now
    if !always, now - told < 50_000 { return }
    told = now
    status.at = now
    JSONFile.write(status, to: job.status)
  }
}
