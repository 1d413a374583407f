import Foundation
import Migration

/// The cutover, and everything back.
extension RehearsalStage {
  /// S9 with the scripts of S10: from the lock until the service writes, while everybody else goes on.
  func cutOver(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    let begin = Clock.now
    var arrived = false
    try run(step.apply, of: group) {
      // The first thing people do here is to wait for the fence; the last, to flip the flag, comes below.
      if arrived { return }
      arrived = true
      entry.gateMet = try self.waitForFence(step.gate)
    }
    if entry.gateMet == nil { entry.gateMet = try waitForFence(step.gate) }
    guard entry.gateMet == true else { throw MachineError(description: "the fence did not arrive") }
    if let reverse = group.step(.reverseSync) { try run(reverse.apply, of: group) }
    var order = group.order
    order.side = 1
    order.outbox = group.outbox(on: .target, words)
    give(order, to: group)
    let control = Double(Clock.now - begin) / 1_000_000
    entry.notes.append("from the lock to the flip: \(control.rounded(toPlaces: 2)) s")
    try waitForWriters(group)
    entry.writeBlock = group.writers.map { machine.status($0).blocked }.max() ?? control
  }

  private func waitForFence(_ gate: PlanGate) throws -> Bool {
    let deadline = Clock.now + 20_000_000
    while Clock.now < deadline {
      if try holds(gate) { return true }
      try machine.tend()
      usleep(3000)
    }
    return false
  }

  /// Waits until every writer of the group has committed where it writes now.
  private func waitForWriters(_ group: MovingGroup) throws {
    let before = group.writers.map { machine.status($0).done }
    try wait("writers of \(group.group.service) to go on", seconds: 30) {
      zip(group.writers, before).allSatisfy { name, done in
        let status = self.machine.status(name)
        return status.side == group.order.side && (status.done > done || status.isFinished)
      }
    }
  }

  /// Everything back to before S0: the reverse stream drains, writes return, scripts are taken back.
  func back(_ group: MovingGroup) throws {
    for step in group.group.steps.reversed() where step.id <= .reverseSync {
      try take(step, of: group, .back) { entry in
        switch step.id {
        case .reverseSync: try stopReverse(step, of: group, &entry)
        case .switchWrites: try returnWrites(step, of: group, &entry)
        case .switchReads:
          try soak(
            changes: quota(3), kills: killQuota(3, of: group),
            what: "\(group.group.service) S9 back, the monolith writes")
          try compareQuietly(.source, of: group, &entry)
          try run(step.rollback, of: group)
        case .capture: try stopCapture(step, of: group, &entry)
        case .foreignKeys:
          try runLooseJobs()
          try run(step.rollback, of: group)
          group.looseJobs = []
        case .guardrails, .separateLogic, .splitTables, .transactions, .ownSchema, .verify, .enforce, .contract:
          try run(step.rollback, of: group)
        }
      }
    }
    resumeAll()
  }

  private func stopReverse(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    group.returnBegin = Clock.now
    try pause(group)
    try drain(.target, of: group)
    try drainEvents(of: group)
    entry.gateMet = try waitForGate(step.gate, seconds: 20)
    try compareReverse(group, &entry)
    try run(step.rollback, of: group)
  }

  /// What went back is compared as it is, while writers of other tables go on.
  private func compareReverse(_ group: MovingGroup, _ entry: inout StepRehearsal) throws {
    let outcome = try RowComparison(machine: machine, words: words).compare(
      group.move.reverse.channels, truth: .target)
    entry.rowsCompared += outcome.rows
    entry.counts.lost += outcome.lost
    entry.counts.ghosts += outcome.ghosts
    entry.notes += outcome.examples
  }

  private func returnWrites(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    var order = group.order
    order.side = 0
    order.outbox = group.outbox(on: .source, words)
    give(order, to: group)
    try run(step.rollback, of: group)
    try waitForWriters(group)
    entry.writeBlock = Double(Clock.now - group.returnBegin) / 1_000_000
  }

  /// From here on nobody writes: what is taken back must change no row.
  private func stopCapture(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    try compareQuietly(.source, of: group, &entry)
    var order = group.order
    order.outbox = ""
    give(order, to: group)
    try pauseAll()
    try run(step.rollback, of: group)
  }
}

extension Double {
  /// Rounded for people.
  func rounded(toPlaces places: Int) -> Double {
    let factor = [1.0, 10, 100, 1000][min(max(places, 0), 3)]
    return (self * factor).rounded() / factor
  }
}
