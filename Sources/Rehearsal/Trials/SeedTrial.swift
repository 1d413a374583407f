import Basics
import Facts
import Foundation
import Migration

/// What came of loading rows and running the workload on a real server.
package struct SeedOutcome: Hashable, Sendable {
  /// Rows that were loaded on each side.
  package var rows = 0
  /// Rows the server refused in every form.
  package var refusedRows = 0
  /// Rows that could not be made: no free key or no parent was left.
  package var skippedRows = 0
  /// Transactions that were run.
  package var transactions = 0
  /// Transactions that were refused.
  package var refusedTransactions = 0
  /// Changes of rows that were committed.
  package var changes = 0
  /// What the server said, of the first few refusals.
  package var refusals: [String] = []
  /// How much of the workload follows the code.
  package var evidence = WorkloadEvidence()
  /// Changes read from the binary log, and what differs once they are folded into the other server; MariaDB only.
  package var captured = 0
  /// Rows missing or different after folding.
  package var lost = 0
  /// Rows after folding that are not in the tables.
  package var ghosts = 0
  /// Some of them.
  package var examples: [String] = []
}

/// Loads rows for a schema and runs its workload, to see what the server makes of them; on MariaDB the binary log is read
/// meanwhile and carried to the other server.
package enum SeedTrial {
  /// Runs one trial to its end: `request.changes` changes, at least.
  package static func run(_ request: TrialRequest) throws -> SeedOutcome {
    let trial = try Trial(request)
    defer { trial.end() }
    var outcome = SeedOutcome()
    outcome.rows = trial.seeds.rows.count
    outcome.refusedRows = trial.refused
    outcome.refusals = trial.refusals
    outcome.skippedRows = trial.seeds.skipped.values.reduce(0, +)
    let begin = trial.words.kind == .mariadb ? try FoldTrial.end(of: trial) : nil
    try work(trial, &outcome)
    if let begin { try FoldTrial.run(trial, from: begin, &outcome) }
    return outcome
  }

  private static func work(_ trial: Trial, _ outcome: inout SeedOutcome) throws {
    let tables = trial.request.system.catalog.tables.map(\.name)
    var workload = Workload(
      seeds: trial.seeds, system: trial.request.system, seed: trial.request.seed, writer: 0, writers: 1, tables: tables)
    outcome.evidence = workload.evidence
    let connection = try trial.machine.endpoint(.source).connect()
    while outcome.changes < trial.request.changes {
      let transaction = workload.next()
      if transaction.statements.isEmpty { return }
      outcome.transactions += 1
      do {
        try connection.run(trial.words.kind == .postgres ? "BEGIN" : "START TRANSACTION")
        var changes = 0
        for statement in transaction.statements { changes += try connection.run(statement).affected }
        try connection.run(transaction.rollsBack ? "ROLLBACK" : "COMMIT")
        if !transaction.rollsBack { outcome.changes += changes }
      } catch {
        if error.isLost { throw error }
        try connection.run("ROLLBACK")
        outcome.refusedTransactions += 1
        if outcome.refusals.count < 10 { outcome.refusals.append("\(error)") }
        if outcome.transactions > 10_000 { return }
      }
    }
  }
}

/// Reads a binary log, stops and goes back on the way, and applies what it read to the other server.
enum FoldTrial {
  static func end(of trial: Trial) throws -> BinlogPlace {
    let row = try trial.machine.query(BinlogCapture.endQuery, on: .source).rows.first ?? []
    guard row.count > 1, let file = row[0], let position = row[1].flatMap({ UInt64($0) }) else {
      throw MachineError(description: "the server keeps no binary log")
    }
    return BinlogPlace(file: file, position: position)
  }

  static func run(_ trial: Trial, from begin: BinlogPlace, _ outcome: inout SeedOutcome) throws {
    let finish = try end(of: trial)
    // Another file, and what a crash leaves behind, on the way.
    try trial.machine.query("FLUSH BINARY LOGS", on: .source)
    let shape = trial.seeds.shape
    let applier = FoldApplier(shape: shape, database: trial.request.database)
    let names = shape.tables.values.map { (database: trial.request.database, table: $0.plainName) }
    let tables = BinlogTables(rows: try trial.machine.query(BinlogTables.query(names), on: .source).rows)
    let target = try trial.machine.endpoint(.target).connect()
    try target.run("SET SESSION foreign_key_checks = 0")
    // What triggers do on the source is in its log.
    let triggers = "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = database()"
    for name in try target.run(triggers).rows.compactMap({ $0[0] }) {
      try target.run("DROP TRIGGER \(trial.words.name(name))")
    }
    let socket = trial.machine.endpoint(.source)
    var place = begin
    var last: (UInt64, Int) = (0, -1)
    var round = 0
    let deadline = Clock.now + 120_000_000
    while true {
      let capture = try BinlogCapture(
        socket: socket.socket, login: socket.login, server: 77, tables: tables, from: place)
      // Stops after a while and goes back one batch, as a reader that was killed before it stored its place.
      for _ in 0..<3 {
        for transaction in try capture.next(limit: 300, waiting: 200) {
          for (index, change) in transaction.changes.enumerated() where (transaction.end.order, index) > last {
            last = (transaction.end.order, index)
            outcome.captured += 1
            for statement in applier.statements(change) { try target.run(statement) }
          }
        }
      }
      // Silence is no end: a busy machine takes its time to send.
      if capture.place.order >= finish.order { break }
      guard Clock.now < deadline else {
        throw MachineError(description: "the log was read up to \(capture.place), its end is \(finish)")
      }
      round += 1
      if round % 2 == 0 { place = capture.place }
    }
    let source = try trial.machine.endpoint(.source).connect()
    let compared = try TableComparison(shape: shape, words: trial.words).compare(source, target)
    outcome.lost = compared.lost
    outcome.ghosts = compared.ghosts
    outcome.examples = compared.examples
  }
}

/// Applies changes with all their columns to a table of the same structure that has triggers of its own: what those do
/// arrives in the log as well, so that every change here is a whole row put or removed.
struct FoldApplier {
  let shape: SchemaShape
  let database: String
  private let words = Wording(kind: .mariadb)
  private let byName: [String: TableShape]

  init(shape: SchemaShape, database: String) {
    self.shape = shape
    self.database = database
    byName = Dictionary(
      shape.tables.values.map { ($0.plainName.lowercased(), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  func statements(_ change: BinlogChange) -> [String] {
    guard let table = byName[change.table.lowercased()] else { return [] }
    var statements: [String] = []
    if !change.before.isEmpty {
      let key = table.key.isEmpty ? table.columns.map(\.name) : table.key
      let parts = key.map { "\(words.name($0)) <=> \(literal(change.before[$0]))" }
      statements.append("DELETE FROM \(table.path) WHERE \(parts.joined(separator: " AND ")) LIMIT 1")
    }
    if !change.after.isEmpty {
      let columns = table.columns.filter { !$0.isComputed }.map(\.name)
      statements.append(
        "INSERT INTO \(table.path) (\(columns.map(words.name).joined(separator: ", "))) VALUES "
          + "(\(columns.map { literal(change.after[$0]) }.joined(separator: ", ")))")
    }
    return statements
  }

  private func literal(_ value: BinlogValue?) -> String {
    switch value {
    case nil, .null: return "NULL"
    case .text(let text): return words.literal(text)
    case .bytes(let bytes):
      return "x'\(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())'"
    }
  }
}
