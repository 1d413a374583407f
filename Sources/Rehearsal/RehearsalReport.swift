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
