import Foundation
import Migration

/// The cutover, and everything back.
extension RehearsalStage {
  /// S9 and the scripts of S10: what only prepares while everybody writes, then from the lock until the service writes.
  func cutOver(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    let watch = Stopwatch()
    try awaitEngines(of: group)
    try run(step.apply, of: group) { action in
      switch action {
      case .awaitStream:
        try self.settle(.source, of: group)
        watch.start()
      case .awaitFence:
        watch.lap("lock and fence")
        try self.crashInTheLock(of: group)
        entry.gateMet = try self.waitForFence(step.gate)
        watch.lap("the stream to drain")
      default: break
      }
    }
    if entry.gateMet == nil { entry.gateMet = try waitForFence(step.gate) }
    guard entry.gateMet == true else { throw MachineError(description: "the fence did not arrive") }
    watch.lap("comparison, constraints and numbers")
    func open() throws {
      var order = group.order
      order.side = 1
      order.outbox = group.outbox(on: .target, words)
      give(order, to: group)
      watch.lap("the reverse stream")
      watch.lap("the first commit of every writer", at: try waitForWriters(group))
      hold(pause: 0)
    }
    var isOpen = false
    try run(group.step(.reverseSync)?.apply ?? [], of: group) { action in
      guard action == .openWrites else { return }
      try open()
      isOpen = true
    }
    if !isOpen { try open() }
    entry.notes.append("writers waited: \(watch.text)")
    // A writer that was refused waited as long as it says; one that rested just then would have waited from the lock on.
    entry.writeBlock = group.writers.reduce(watch.seconds) { max($0, machine.status($1).blocked) }
  }

  /// Waits until a stream keeps up: what it is behind would be added to the time writers wait. Writers that write as fast
  /// as they can leave every stream behind, so the load is that of a quiet hour until the cutover is over.
  private func settle(_ side: PlanSide, of group: MovingGroup) throws {
    guard let task = group.streams[side] else { return }
    hold(pause: Self.quietPause)
    let deadline = Clock.now + Self.settleSeconds * 1_000_000
    while Clock.now < deadline {
      let sent = Clock.now
      let mark = try sendMark(side, of: group)
      try wait("\(task.name) to keep up", seconds: 60) { try self.hasArrived([mark], of: task, from: side) }
      if Clock.now - sent < (engine == nil ? Self.smallLag : Self.planLag) { return }
    }
  }

  /// Seconds after which a cutover begins whatever the stream is behind, and microseconds nobody waits for.
  private static let (settleSeconds, smallLag) = (Int64(20), Int64(250_000))

  /// Microseconds the plan lets a stream be behind: a connector looks for changes a few times a second only.
  private static let planLag: Int64 = 1_000_000

  /// Microseconds between two transactions of a writer in a quiet hour.
  private static let quietPause = 20_000

  /// Something of the stream dies when that hurts most.
  private func crashInTheLock(of group: MovingGroup) throws {
    guard isKilledInTheLock(group), let task = group.streams[.source] else { return }
    // A Java process takes longer to start than writers may wait: there the plan says to abort.
    let isCapture = engine == nil && random.next(upperBound: 2) == 0
    let victim = "\(isCapture ? "capture" : "applier")-\(task.name)"
    say("kill -9 \(victim) while writers are refused")
    kills += 1
    report.killed[victim.split(separator: "-").first.map(String.init) ?? victim, default: 0] += 1
    machine.crash(victim, restartAfter: 50_000)
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

  /// Waits until every writer of the group has committed where it writes now; when the last of them did.
  private func waitForWriters(_ group: MovingGroup) throws -> Int64 {
    var last: Int64 = 0
    try wait("writers of \(group.group.service) to go on", seconds: 30) {
      let all = group.writers.map { self.machine.status($0) }
      last = all.map(\.firstCommit).max() ?? 0
      return all.allSatisfy { $0.side == group.order.side && ($0.firstCommit > 0 || $0.isFinished) }
    }
    return last > 0 ? last : Clock.now
  }

  /// S11 and S12, and back at once: nobody writes meanwhile, and the streams back stay, so that there is a way back.
  func retire(_ group: MovingGroup) throws {
    let steps = group.group.steps.filter { $0.id > .reverseSync }
    try pauseAll()
    try runLooseJobs()
    try drainAll()
    for step in steps {
      try take(step, of: group, .forward) { entry in
        try run(step.apply, of: group)
        entry.gateMet = try holds(step.gate)
      }
    }
    for step in steps.reversed() { try take(step, of: group, .back) { _ in try run(step.rollback, of: group) } }
    resumeAll()
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
    try compareRows(of: group)
    resumeAll()
  }

  /// What was there when the last stream ended is there when the last script is taken back.
  private func compareRows(of group: MovingGroup) throws {
    let after = try oldRows.sums(machine)
    report.rowsKept = after.values.reduce(0) { $0 + $1.count }
    report.changedTables += after.keys.filter { after[$0] != group.rowsBefore[$0] }
  }

  private func stopReverse(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    try settle(.target, of: group)
    let watch = Stopwatch()
    watch.start()
    group.wayBack = watch
    try pause(group)
    try drain(.target, of: group)
    // What the stream back wrote must lie behind the stream forward before that carries these tables again.
    try drain(.source, of: group)
    entry.gateMet = try waitForGate(step.gate, seconds: 20)
    watch.lap("the stream to drain")
    try compareReverse(group, &entry)
    // The plan asks for no comparison here: it is the rehearsal that wants to know.
    watch.leaveOut()
    try run(step.rollback, of: group)
    watch.lap("the reverse stream to end")
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
    // Scripts that only remove what nobody needs run on while writers write.
    group.wayBack?.lap("unlocking and the first commit of every writer", at: try waitForWriters(group))
    hold(pause: 0)
    if let watch = group.wayBack {
      entry.notes.append("writers waited: \(watch.text)")
      entry.writeBlock = watch.seconds
    }
  }

  /// From here on nobody writes: what is taken back must change no row.
  private func stopCapture(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    try compareQuietly(.source, of: group, &entry)
    var order = group.order
    order.outbox = ""
    give(order, to: group)
    try pauseAll()
    try runLooseJobs()
    group.rowsBefore = try oldRows.sums(machine)
    try run(step.rollback, of: group)
  }
}

/// What the time in which writers wait is spent on.
final class Stopwatch {
  private var last: Int64 = 0
  private var laps: [(what: String, time: Int64)] = []

  func start() { last = Clock.now }

  /// Ends a stretch, now or at a moment before.
  func lap(_ what: String, at moment: Int64? = nil) {
    let now = moment ?? Clock.now
    laps.append((what, now - last))
    last = now
  }

  /// Leaves out what passed since the last lap.
  func leaveOut() { last = Clock.now }

  var seconds: Double { Double(laps.reduce(0) { $0 + $1.time }) / 1_000_000 }

  var text: String {
    laps.map { "\((Double($0.time) / 1_000_000).rounded(toPlaces: 2)) s for \($0.what)" }.joined(separator: ", ")
  }
}

extension Double {
  /// Rounded for people.
  func rounded(toPlaces places: Int) -> Double {
    let factor = [1.0, 10, 100, 1000][min(max(places, 0), 3)]
    return (self * factor).rounded() / factor
  }
}
