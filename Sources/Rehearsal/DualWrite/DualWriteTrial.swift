import Basics
import Facts
import Foundation
import Migration

/// What came of writing to two databases without a plan.
package struct DualWriteOutcome: Hashable, Sendable {
  /// What was done when.
  package var style: DualWriteStyle
  /// Rows and events together, counted as in a rehearsal of a plan.
  package var counts = RehearsalCounts()
  /// Rows of the first database that are missing or different in the second.
  package var lostRows = 0
  /// Rows of the second database the first does not have.
  package var ghostRows = 0
  /// Events that were committed and never published.
  package var lostEvents = 0
  /// Events that were published and never committed.
  package var ghostEvents = 0
  /// Rows that were compared.
  package var rowsCompared = 0
  /// Some of what differs.
  package var examples: [String] = []

  /// One paragraph for people.
  var text: String {
    "without the plan, programs writing to both databases (\(counts.changes) changes, \(counts.kills) kills): "
      + "\(lostRows) rows lost or different, \(ghostRows) never committed; \(lostEvents) events lost, "
      + "\(ghostEvents) never committed, \(counts.orderBreaks) out of order\n"
  }
}

/// Runs the workload of a plan without the plan: every program writes to both databases and publishes, while processes
/// and servers die.
package enum DualWriteTrial {
  /// Writers at the same time.
  private static let writers = 3

  /// Runs one trial to its end.
  package static func run(_ request: TrialRequest, style: DualWriteStyle) throws -> DualWriteOutcome {
    let trial = try Trial(request)
    defer { trial.end() }
    let broker = "\(trial.machine.folder)/broker.jsonl"
    let tables = request.system.catalog.tables.map(\.name)
    for number in 0..<writers {
      var job = WorkerJob(
        role: .dualWriter, parent: getpid(), status: "\(trial.machine.folder)/naive-\(number).status")
      job.databases = [trial.machine.endpoint(.source), trial.machine.endpoint(.target)]
      job.dualWrite = DualWriteTask(
        number: number, script: try trial.script(writer: number, of: writers, tables: tables), broker: broker,
        stop: "\(trial.machine.folder)/stop", style: style)
      try trial.machine.start("naive-\(number)", job)
    }
    try trial.soak(servers: [.source, .target]) {
      try trial.committed(.source) >= request.changes
        || (0..<writers).allSatisfy { trial.machine.isOver("naive-\($0)") }
    }
    // The programs end between two requests: what is half done now is no fault of dual writes.
    try Data().write(to: URL(fileURLWithPath: "\(trial.machine.folder)/stop"))
    try trial.wait(seconds: 20) { (0..<writers).allSatisfy { trial.machine.isOver("naive-\($0)") } }
    return try outcome(trial, style: style, broker: broker)
  }

  private static func outcome(_ trial: Trial, style: DualWriteStyle, broker: String) throws -> DualWriteOutcome {
    var outcome = DualWriteOutcome(style: style)
    let first = try trial.machine.endpoint(.source).connect()
    let second = try trial.machine.endpoint(.target).connect()
    let rows = try TableComparison(shape: trial.seeds.shape, words: trial.words).compare(first, second)
    let booked = try first.run("SELECT writer, number FROM \(ScratchBook.name).ledger").rows
    let committed = Set(booked.compactMap { row in row[0].flatMap { writer in row[1].map { "\(writer)-\($0)" } } })
    let silent = try trial.silentTransactions(writers: writers)
    let events = EventAudit.of(broker, committed: committed.subtracting(silent))
    outcome.lostRows = rows.lost
    outcome.ghostRows = rows.ghosts
    outcome.lostEvents = events.lost
    outcome.ghostEvents = events.ghosts
    outcome.rowsCompared = rows.rows
    outcome.examples = rows.examples
    outcome.counts = events
    outcome.counts.lost += rows.lost
    outcome.counts.ghosts += rows.ghosts
    outcome.counts.kills = trial.kills
    outcome.counts.changes = try trial.committed(.source)
    return outcome
  }
}

extension Trial {
  /// Transactions without an event, as events are named.
  func silentTransactions(writers: Int) throws -> Set<String> {
    var silent: Set<String> = []
    for writer in 0..<writers {
      let lines = Programs.text("\(machine.folder)/script-\(writer).jsonl").split(separator: "\n")
      for (number, line) in lines.enumerated() {
        let transaction = try JSONDecoder().decode(ScriptedTransaction.self, from: Data(line.utf8))
        if transaction.aggregate.isEmpty { silent.insert("\(writer)-\(number)") }
      }
    }
    return silent
  }

  /// Waits while dead processes are started again.
  func wait(seconds: Int64, until isDone: () throws -> Bool) throws {
    let deadline = Clock.now + seconds * 1_000_000
    while try !isDone(), Clock.now < deadline {
      try machine.tend()
      usleep(5000)
    }
  }
}
