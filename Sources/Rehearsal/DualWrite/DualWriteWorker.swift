import Foundation

/// What a program does that writes to two databases and a broker without a plan.
package enum DualWriteStyle: String, Hashable, Sendable, Codable, CaseIterable {
  /// Commits in the first database, then in the second, then publishes.
  case publishAfterCommit
  /// Writes to the second database and publishes while the first transaction is still open.
  case publishInsideTransaction
}

/// What a naive writer runs.
package struct DualWriteTask: Hashable, Sendable, Codable {
  /// Its number among all writers.
  package var number: Int
  /// File with its transactions, one JSON object a line.
  package var script: String
  /// File that stands for the broker.
  package var broker: String
  /// File whose appearance ends the writer between two transactions.
  package var stop: String
  /// What is done when.
  package var style: DualWriteStyle
}

/// Writes every transaction to both databases and tells the broker, one after the other, as programs without a plan do.
///
/// It is as careful as such programs are: a deadlock is tried again, a lost connection is opened once more, and what
/// then fails is given up, because a user waits.
final class DualWriteWorker {
  private let job: WorkerJob
  private let task: DualWriteTask
  private let script: [Substring]
  private let broker: DeliveryLog
  private let words: Wording
  private var connections: [Int: any DatabaseConnection] = [:]
  private var next = 0
  private var status = WorkerStatus()

  init(_ job: WorkerJob) throws {
    guard let task = job.dualWrite, job.databases.count == 2 else {
      throw MachineError(description: "a naive writer needs two databases")
    }
    self.job = job
    self.task = task
    script = Programs.text(task.script).split(separator: "\n")
    broker = try DeliveryLog(task.broker)
    words = Wording(kind: job.databases[0].kind)
  }

  /// Runs until the script or the trial ends.
  func run() throws {
    connections = [:]
    for side in 0..<2 { next = max(next, try lastBooked(side) + 1) }
    let decoder = JSONDecoder()
    while !WorkerProgram.isOrphaned(job), script.indices.contains(next), access(task.stop, F_OK) != 0 {
      let transaction = try decoder.decode(ScriptedTransaction.self, from: Data(script[next].utf8))
      perform(transaction)
      status.done += 1
      next += 1
    }
    status.isFinished = true
    JSONFile.write(status, to: job.status)
  }

  private func connection(_ side: Int) throws(DatabaseError) -> any DatabaseConnection {
    if let open = connections[side] { return open }
    let made = try job.databases[side].connect()
    // Both databases would take their own time; that is not what is looked at here.
    try made.run(words.stopClock)
    connections[side] = made
    return made
  }

  private func lastBooked(_ side: Int) throws(DatabaseError) -> Int {
    let sql = "SELECT coalesce(max(number), -1) FROM \(ScratchBook.name).ledger WHERE writer = \(task.number)"
    return try connection(side).run(sql).value.flatMap { Int($0) } ?? -1
  }

  private func perform(_ transaction: ScriptedTransaction) {
    switch task.style {
    case .publishAfterCommit:
      guard let sequence = write(transaction, to: 0, beforeEnd: { _ in }) else { return }
      if transaction.rollsBack { return }
      _ = write(transaction, to: 1, beforeEnd: { _ in })
      publish(transaction, sequence)
    case .publishInsideTransaction:
      _ = write(transaction, to: 0) { sequence in
        var committed = transaction
        committed.rollsBack = false
        _ = self.write(committed, to: 1, beforeEnd: { _ in })
        self.publish(transaction, sequence)
      }
    }
  }

  private func publish(_ transaction: ScriptedTransaction, _ sequence: Int) {
    if transaction.aggregate.isEmpty { return }
    try? broker.append([
      DeliveredEvent(id: "\(task.number)-\(next)", aggregate: transaction.aggregate, sequence: sequence)
    ])
  }

  /// Attempts a program makes before it tells its user that something went wrong.
  private static let attempts = 4

  /// Runs a transaction on one side; the number of its event, nil when it was given up.
  private func write(
    _ transaction: ScriptedTransaction, to side: Int, beforeEnd: (Int) -> Void
  ) -> Int? {
    for _ in 0..<Self.attempts {
      do {
        return try attempt(transaction, on: try connection(side), side: side, beforeEnd: beforeEnd)
      } catch {
        if error.isLost {
          connections[side] = nil
        } else {
          _ = try? connections[side]?.run("ROLLBACK")
        }
        guard error.isLost || error.isRetryable else {
          status.refused += 1
          status.lastRefusal = error.description
          return nil
        }
        usleep(5000)
      }
    }
    return nil
  }

  private func attempt(
    _ transaction: ScriptedTransaction, on connection: any DatabaseConnection, side: Int, beforeEnd: (Int) -> Void
  ) throws(DatabaseError) -> Int {
    try connection.run(words.kind == .postgres ? "BEGIN" : "START TRANSACTION")
    var sequence = 0
    if side == 0, !transaction.aggregate.isEmpty {
      sequence = try connection.run(words.advance(transaction.aggregate)).value.flatMap { Int($0) } ?? 0
    }
    var changes = 0
    for statement in transaction.statements { changes += try connection.run(statement).affected }
    try connection.run(
      "INSERT INTO \(ScratchBook.name).ledger (writer, number, changes) VALUES (\(task.number), \(next), \(changes))")
    beforeEnd(sequence)
    try connection.run(transaction.rollsBack ? "ROLLBACK" : "COMMIT")
    return sequence
  }
}

extension Wording {
  /// Numbers an event of an aggregate, and locks the aggregate until the transaction ends.
  func advance(_ aggregate: String) -> String {
    let id = literal(aggregate)
    let table = "\(ScratchBook.name).aggregate"
    switch kind {
    case .postgres:
      return "INSERT INTO \(table) AS a (id, sequence) VALUES (\(id), 1) "
        + "ON CONFLICT (id) DO UPDATE SET sequence = a.sequence + 1 RETURNING sequence"
    case .mariadb:
      return "INSERT INTO \(table) (id, sequence) VALUES (\(id), 1) ON DUPLICATE KEY UPDATE sequence = sequence + 1; "
        + "SELECT sequence FROM \(table) WHERE id = \(id)"
    }
  }
}
