package import Migration

/// What a rehearsal counted; every count is of rows or events that were really compared.
package struct RehearsalCounts: Hashable, Sendable {
  /// Committed changes of rows the workload made.
  package var changes = 0
  /// Processes that were killed and started again.
  package var kills = 0
  /// Committed changes missing on the other side.
  package var lost = 0
  /// Changes on the other side that were never committed.
  package var ghosts = 0
  /// Events delivered more than once and absorbed.
  package var duplicates = 0
  /// Events of one aggregate applied against the order of their commits.
  package var orderBreaks = 0

  /// Nothing counted yet.
  package init() {}

  /// Whether nothing went wrong; kills and absorbed duplicates are no fault.
  package var isClean: Bool { lost == 0 && ghosts == 0 && orderBreaks == 0 }

  /// Adds what another part counted.
  package mutating func add(_ other: RehearsalCounts) {
    changes += other.changes
    kills += other.kills
    lost += other.lost
    ghosts += other.ghosts
    duplicates += other.duplicates
    orderBreaks += other.orderBreaks
  }
}

/// One step of a service, carried out or taken back.
package struct StepRehearsal: Hashable, Sendable {
  /// Which way a step is taken.
  package enum Direction: String, Hashable, Sendable { case forward, back }

  /// The service.
  package var service: String
  /// The step.
  package var step: StepID
  /// Which way.
  package var direction: Direction
  /// Whether its gate held; nil where there was none to look at.
  package var gateMet: Bool?
  /// What happened while it was taken.
  package var counts = RehearsalCounts()
  /// Seconds from commit to arrival on the other side, the mean since the stream began; nil where nothing streamed.
  package var meanLag: Double?
  /// The longest of them.
  package var longestLag: Double?
  /// Seconds writers were refused, at most; nil where nobody was.
  package var writeBlock: Double?
  /// Seconds the step took.
  package var seconds = 0.0
  /// Rows compared on both sides.
  package var rowsCompared = 0
  /// What a reader should know.
  package var notes: [String] = []

  /// A step nothing is known of yet.
  package init(service: String, step: StepID, direction: Direction) {
    self.service = service
    self.step = step
    self.direction = direction
  }
}

/// What came of a rehearsal.
package struct RehearsalReport: Hashable, Sendable {
  /// Writers may be refused for this long, in seconds: what people in front of a form do not notice as an outage.
  package static let usualBlockLimit = 2.0

  /// The engine of both databases.
  package var engine: PlanEngine
  /// What all chance was drawn from.
  package var seed: UInt64
  /// What read the log: cleave itself, or Debezium with its version.
  package var capture = ""
  /// Writers may be refused for this long, in seconds.
  package var writeBlockLimit = RehearsalReport.usualBlockLimit
  /// Steps in the order they were taken.
  package var steps: [StepRehearsal] = []
  /// Why the rehearsal ended before its end; nil when it did not.
  package var failure: String?
  /// Whether the structure of the old database was the same after everything was taken back; nil when it did not
  /// come to that.
  package var isSourceRestored: Bool?
  /// Rows of the old database that were the same after the last script was taken back as when its last stream ended.
  package var rowsKept: Int?
  /// Tables whose rows were not.
  package var changedTables: [String] = []
  /// Processes killed, by kind.
  package var killed: [String: Int] = [:]
  /// Transactions the databases refused for other reasons than the lock of the cutover.
  package var refused = 0
  /// What the same workload came to without the plan; nil when it was not run.
  package var dualWrites: DualWriteOutcome?
  /// What a live database told; nil when none was asked.
  package var source: SourceReport?
  /// What a reader should know of the whole.
  package var notes: [String] = []

  /// A report without steps.
  package init(engine: PlanEngine, seed: UInt64) {
    self.engine = engine
    self.seed = seed
  }

  /// All steps together.
  package var totals: RehearsalCounts {
    steps.reduce(into: RehearsalCounts()) { $0.add($1.counts) }
  }

  /// The longest time writers were refused.
  package var writeBlock: Double? { steps.compactMap(\.writeBlock).max() }

  /// Why the plan did not pass, in words; empty when it did.
  package var faults: [String] {
    var faults = failure.map { [$0] } ?? []
    let totals = totals
    if totals.lost > 0 { faults.append("\(totals.lost) rows or events were lost") }
    if totals.ghosts > 0 { faults.append("\(totals.ghosts) rows or events were never committed") }
    if totals.orderBreaks > 0 { faults.append("\(totals.orderBreaks) changes were applied out of order") }
    for step in steps where step.gateMet == false {
      faults.append("the gate of \(step.step.text) of \(step.service) did not hold (\(step.direction.rawValue))")
    }
    if let block = writeBlock, block > writeBlockLimit {
      faults.append("writers were refused for longer than \(writeBlockLimit) seconds")
    }
    faults += source?.faults ?? []
    if isSourceRestored == false { faults.append("the old database has not the structure it had") }
    if !changedTables.isEmpty {
      let names = Set(changedTables).sorted().joined(separator: ", ")
      faults.append("scripts that take steps back changed rows of \(names)")
    }
    return faults
  }
}
