import Foundation
import Migration

/// The way forward.
extension RehearsalStage {
  /// Shares of load and faults: while rows are copied, while reads move, after the cutover, after the way back.
  static let shares = [0.35, 0.15, 0.3, 0.2]

  func quota(_ phase: Int) -> Int { Int(Double(request.changes) * Self.shares[phase]) / groups.count + 1 }

  /// Kills are dealt out one by one: first one while writers of each group are refused, then by phases.
  func killQuota(_ phase: Int, of group: MovingGroup) -> Int {
    let place = place(of: group) * Self.shares.count + phase
    let all = groups.count * Self.shares.count
    let rest = max(0, request.kills - groups.count)
    return rest / all + (place < rest % all ? 1 : 0)
  }

  /// Whether something is killed while writers of a group are refused.
  func isKilledInTheLock(_ group: MovingGroup) -> Bool { place(of: group) < request.kills }

  private func place(of group: MovingGroup) -> Int { groups.firstIndex { $0 === group } ?? 0 }

  /// All steps of a group up to the reverse stream.
  func forward(_ group: MovingGroup) throws {
    for step in group.group.steps where step.id <= .reverseSync {
      try take(step, of: group, .forward) { entry in
        switch step.id {
        case .guardrails, .separateLogic, .splitTables, .transactions, .ownSchema:
          try run(step.apply, of: group)
          if step.id == .transactions { publish(group, on: .source) }
          entry.gateMet = try waitForGate(step.gate, seconds: 10)
        case .foreignKeys:
          try run(step.apply, of: group)
          group.looseJobs = step.artifacts.map(\.path).filter { $0.contains("/job-worker-") }
          entry.gateMet = try waitForGate(step.gate, seconds: 10)
        case .capture: try capture(step, of: group, &entry)
        case .verify: try verify(step, of: group, &entry)
        case .switchReads:
          try run(step.apply, of: group)
          try readyEngines(of: group)
          try soak(
            changes: quota(1), kills: killQuota(1, of: group), what: "\(group.group.service) S8, reads have moved")
          entry.gateMet = try waitForGate(step.gate, seconds: 30)
          try compareQuietly(.source, of: group, &entry)
        case .switchWrites: try cutOver(step, of: group, &entry)
        case .reverseSync:
          try soak(
            changes: quota(2), kills: killQuota(2, of: group), what: "\(group.group.service) S10, the service writes")
          entry.gateMet = try waitForGate(step.gate, seconds: 30)
          try compareQuietly(.target, of: group, &entry)
        case .enforce, .contract: break
        }
      }
    }
  }

  /// Takes one step and writes down what happened meanwhile.
  func take(
    _ step: PlanStep, of group: MovingGroup, _ direction: StepRehearsal.Direction,
    _ body: (inout StepRehearsal) throws -> Void
  ) throws {
    say("\(group.group.service) \(step.id.text) \(direction.rawValue): \(step.title)")
    var entry = StepRehearsal(service: group.group.service, step: step.id, direction: direction)
    let (begin, changes) = (Clock.now, try committed())
    kills = 0
    defer {
      entry.seconds = Double(Clock.now - begin) / 1_000_000
      entry.counts.kills = kills
      entry.counts.changes = max(0, ((try? committed()) ?? changes) - changes)
      report.steps.append(entry)
    }
    do {
      try body(&entry)
    } catch {
      entry.gateMet = false
      entry.notes.append("\(error)")
      throw error
    }
    noteLag(&entry, of: group)
  }

  private func noteLag(_ entry: inout StepRehearsal, of group: MovingGroup) {
    for (_, task) in group.streams {
      let status = machine.status("applier-\(task.name)")
      if status.copied > 0 { copies[task.name] = (status.copied, status.copySeconds) }
      guard status.lagCount > 0 else { continue }
      entry.meanLag = max(entry.meanLag ?? 0, status.lagSum / Double(status.lagCount))
      entry.longestLag = max(entry.longestLag ?? 0, status.lagMax)
    }
  }

  // MARK: Actions

  /// Runs actions in order; what people would do is done by the step itself.
  func run(_ actions: [PlanAction], of group: MovingGroup, manual: (PlanAction) throws -> Void = { _ in }) throws {
    var waiting: [String] = []
    var waitingSide = PlanSide.source
    func runWaiting() throws {
      let paths = waiting.map { "\(request.planFolder)/\($0)" }
      waiting = []
      if paths.isEmpty { return }
      // Where nobody waits, scripts run one by one: one that waited for a lock in vain is run again.
      let isUrgent = paths.contains { $0.contains("/S9-") || $0.contains("/S10-") }
      for part in isUrgent ? [paths] : paths.map({ [$0] }) { try runAgain(part, on: waitingSide, isUrgent ? 1 : 5) }
    }
    for action in actions {
      // Scripts of one side that follow each other share a client: while writers wait every process counts.
      if case .sql(let path, let side) = action {
        if side != waitingSide { try runWaiting() }
        waitingSide = side
        waiting.append(path)
        continue
      }
      try runWaiting()
      switch action {
      case .sql: break
      case .connect(let path): try connect(path, of: group)
      case .reconfigure(let name, let path):
        if name == group.move.forward.connector { try reconfigure(path, of: group) }
      case .disconnect(let name):
        try disconnect(name, of: group)
      case .compare(let source, let target):
        let printed = try printed(source, target)
        guard printed.left == printed.right else {
          throw MachineError(
            description: "\(source) and \(target) differ: \(Self.difference(printed.left, printed.right))")
        }
      case .manual: try manual(action)
      }
    }
    try runWaiting()
  }

  static func difference(_ left: String, _ right: String) -> String {
    let old = Set(left.split(separator: "\n"))
    let new = Set(right.split(separator: "\n"))
    return "\(old.subtracting(new).sorted().prefix(3)) against \(new.subtracting(old).sorted().prefix(3))"
  }

  /// Whether a gate holds now.
  func holds(_ gate: PlanGate) throws -> Bool {
    switch gate.place {
    case .source: return try machine.query(planText(gate.file), on: .source).value == gate.expect
    case .target: return try machine.query(planText(gate.file), on: .target).value == gate.expect
    case .both:
      let printed = try printed(gate.file, gate.targetFile ?? "")
      return printed.left == printed.right
    }
  }

  private func runAgain(_ paths: [String], on side: PlanSide, _ attempts: Int) throws {
    for attempt in 1...attempts {
      do {
        _ = try machine.server(side).runScripts(paths, database: machine.databases[side] ?? "")
        return
      } catch {
        let words = error.description
        let isLockWait = words.contains("ERROR 1205") || words.contains("canceling statement due to lock timeout")
        guard isLockWait, attempt < attempts else { throw error }
        try machine.tend()
        usleep(200_000)
      }
    }
  }

  /// What two files of the plan print, one on each side; they run at the same time.
  private func printed(_ source: String, _ target: String) throws -> (left: String, right: String) {
    let left = try machine.source.begin(["\(request.planFolder)/\(source)"], database: request.database)
    let right = try machine.target.begin(
      ["\(request.planFolder)/\(target)"], database: machine.databases[.target] ?? "")
    return (try left.output(), try right.output())
  }

  private func planText(_ path: String) -> String { Programs.text("\(request.planFolder)/\(path)") }

  /// Whether a gate holds within some time.
  func waitForGate(_ gate: PlanGate, seconds: Int64) throws -> Bool {
    let deadline = Clock.now + seconds * 1_000_000
    while true {
      try runLooseJobs()
      if try holds(gate) { return true }
      if Clock.now > deadline { return false }
      try machine.tend()
      usleep(30_000)
    }
  }

  // MARK: Steps

  /// Lets the writers of a group publish to the outbox of a side from now on.
  private func publish(_ group: MovingGroup, on side: PlanSide) {
    var order = group.order
    order.outbox = group.outbox(on: side, words)
    give(order, to: group)
  }

  private func capture(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    try run(step.apply, of: group)
    if group.streams[.source] == nil {
      throw MachineError(description: "no action of S6 starts a stream that can be rehearsed")
    }
    try soak(
      changes: quota(0), kills: killQuota(0, of: group), what: "\(group.group.service) S6, rows are copied")
    try finishCopy(step, of: group, &entry)
    entry.gateMet = try waitForGate(step.gate, seconds: 30)
    try compareQuietly(.source, of: group, &entry)
  }

  private func verify(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    try pauseAll()
    try runLooseJobs()
    try drainAll()
    try run(step.apply, of: group)
    entry.gateMet = try holds(step.gate)
    try compare(.source, of: group, &entry)
    resumeAll()
  }

  /// Compares both sides while nobody writes.
  func compareQuietly(_ truth: PlanSide, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    try pauseAll()
    try runLooseJobs()
    try drainAll()
    try compare(truth, of: group, &entry)
    resumeAll()
  }

  /// Waits until every stream is empty. Streams back come first: what they write in the old tables, and what triggers do
  /// there, leaves with the streams forward.
  func drainAll() throws {
    for side in [PlanSide.target, .source] {
      for group in groups { try drain(side, of: group) }
    }
    for group in groups {
      for side in [PlanSide.source, .target] { try drainEvents(side, of: group) }
    }
  }

  /// Compares rows and events of what streams now; writers must pause and streams be drained.
  func compare(_ truth: PlanSide, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    let comparison = RowComparison(machine: machine, words: words)
    for (side, task) in group.streams.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      // Tables that no longer travel that way have another truth.
      let travelling = Set(task.tables.map(\.stage))
      let channels = group.stream(from: side).channels.filter { travelling.contains(words.table($0.stage)) }
      let outcome = try comparison.compare(channels, truth: side)
      entry.rowsCompared += outcome.rows
      entry.counts.lost += outcome.lost
      entry.counts.ghosts += outcome.ghosts
      entry.notes += outcome.examples
      try count(task, on: side == .source ? .target : .source, RehearsalCounts(), of: group, &entry)
    }
    for events in group.move.events {
      guard let task = group.eventStreams[events.side] else { continue }
      let found = try EventComparison(machine: machine, words: words).compare(
        outbox: events.outbox, on: events.side, stream: task.name)
      try count(task, on: events.side, found, of: group, &entry)
    }
  }

  /// Adds what is new since the last look at a stream.
  private func count(
    _ task: StreamTask, on applying: PlanSide, _ found: RehearsalCounts, of group: MovingGroup,
    _ entry: inout StepRehearsal
  ) throws {
    let name = words.literal(task.name)
    var counts = found
    let repeats = try machine.query(
      "SELECT coalesce(sum(duplicates + repeated), 0) FROM \(ScratchBook.name).position WHERE stream = \(name)",
      on: applying)
    counts.duplicates = repeats.value.flatMap { Int($0) } ?? 0
    let breaks = try machine.query(
      "SELECT count(*) FROM \(ScratchBook.name).order_break WHERE stream = \(name)", on: applying)
    counts.orderBreaks += breaks.value.flatMap { Int($0) } ?? 0
    let before = group.counted[task.name] ?? RehearsalCounts()
    group.counted[task.name] = counts
    entry.counts.lost += max(0, counts.lost - before.lost)
    entry.counts.ghosts += max(0, counts.ghosts - before.ghosts)
    entry.counts.duplicates += max(0, counts.duplicates - before.duplicates)
    entry.counts.orderBreaks += max(0, counts.orderBreaks - before.orderBreaks)
  }
}
