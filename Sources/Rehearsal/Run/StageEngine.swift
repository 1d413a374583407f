import Foundation
import Migration

/// Streams that the Debezium engine reads, with the connector files of the plan.
extension RehearsalStage {
  /// Runs a connector file in a process of its own, or in the one that waits for it; returns when there is its slot.
  func runConnector(_ path: String, _ task: StreamTask, on side: PlanSide) throws {
    guard let engine else { return }
    let settings = ConnectorSettings.read("\(request.planFolder)/\(path)")
    guard let login = settings?.login else { throw MachineError(description: "\(path) is no connector's file") }
    let password = words.literal(engine.password)
    try machine.query("ALTER ROLE \(words.name(login)) PASSWORD \(password)", on: side)
    var job = WorkerJob(role: .capture, parent: getpid(), status: "")
    job.stream = task
    job.engine = engineTask(engine, path, on: side)
    let slot =
      "SELECT count(*) FROM pg_replication_slots WHERE confirmed_flush_lsn IS NOT NULL AND slot_name = "
      + words.literal(task.slot)
    let begin = Clock.now
    try machine.hand("capture-\(task.name)", job)
    try slowly {
      try wait("the slot of \(task.name)", seconds: 60) { try self.machine.query(slot, on: side).value != "0" }
    }
    engineStarts.append((task.name, Double(Clock.now - begin) / 1_000_000))
  }

  private func engineTask(_ engine: RunningEngine, _ path: String, on side: PlanSide) -> EngineTask {
    EngineTask(
      command: engine.command, connector: "\(request.planFolder)/\(path)", port: machine.server(side).port ?? 0,
      database: machine.databases[side] ?? "", password: engine.password)
  }

  /// Starts processes for the connectors that start while writers wait: Kafka Connect runs already, too, and has run
  /// connectors. These run the one of the stream forward for a moment, with a slot of their own.
  func readyEngines(of group: MovingGroup) throws {
    let paths = group.step(.capture)?.apply.compactMap { if case .connect(let path) = $0 { path } else { nil } }
    guard let engine, let path = paths?.first else { return }
    for name in readyNames(of: group) {
      var job = WorkerJob(role: .capture, parent: getpid(), status: "\(machine.folder)/\(name).ready")
      job.engine = engineTask(engine, path, on: .source)
      job.engine?.isWarmUp = true
      try machine.start(name, job)
    }
  }

  /// Waits until these processes could start a connector at once.
  func awaitEngines(of group: MovingGroup) throws {
    guard engine != nil else { return }
    let marks = readyNames(of: group).map { "\(machine.folder)/\($0).ready" }
    try slowly {
      try wait("processes of the engine", seconds: 60) { marks.allSatisfy(FileManager.default.fileExists) }
    }
  }

  private func readyNames(of group: MovingGroup) -> [String] {
    ["reverse", "events-\(PlanSide.target.rawValue)"].map { "capture-\(group.group.folder)-\($0)" }
  }

  /// Microseconds between two transactions while a process starts that writers would not wait for.
  private static let startPause = 100_000

  /// Slows down who writes meanwhile: seconds of full load are not what is to be seen while a process starts.
  private func slowly(_ body: () throws -> Void) rethrows {
    let orders = (groups.map(\.orderFile) + [otherOrders]).compactMap { file in
      JSONFile.read(file, as: WriterOrder.self).map { (file: file, order: $0) }
    }
    for (file, order) in orders where order.side >= 0 && order.pauseMicroseconds == 0 {
      var slow = order
      slow.pauseMicroseconds = Self.startPause
      JSONFile.write(slow, to: file)
    }
    defer { for (file, order) in orders { JSONFile.write(order, to: file) } }
    try body()
  }

  /// Waits until the engine has copied all rows. A first copy that was cut short is begun over with the step: Debezium
  /// would copy from a later moment, and what was deleted in between would stay.
  func finishCopy(_ step: PlanStep, of group: MovingGroup, _ entry: inout StepRehearsal) throws {
    guard engine != nil else { return }
    for _ in 0..<5 {
      guard let task = group.streams[.source] else { return }
      let name = "capture-\(task.name)"
      try slowly {
        try wait("the copy of \(group.group.service)", seconds: 120) {
          FileManager.default.fileExists(atPath: "\(task.topic)/copied") || self.machine.hasGivenUp(name)
        }
      }
      if !machine.hasGivenUp(name) { return }
      entry.notes.append("a first copy was cut short: the step was taken back and done again")
      say("\(group.group.service) S6: the copy was cut short, the step is done again")
      try run(step.rollback, of: group)
      try run(step.apply, of: group)
    }
    throw MachineError(description: "the copy of \(group.group.service) was cut short again and again")
  }

  /// What values lost on their way through the engine, as its process wrote it down.
  func noteLosses(of task: StreamTask) {
    for line in Programs.text("\(task.topic)/notes").split(separator: "\n") {
      let note = "Debezium: \(line)"
      if !report.notes.contains(note) { report.notes.append(note) }
    }
  }

  /// Ends the report: what read the log and how long its processes took to begin.
  func noteEngine() {
    guard engine != nil else { return }
    for task in groups.flatMap({ Array($0.streams.values) + Array($0.eventStreams.values) }) { noteLosses(of: task) }
    let starts = engineStarts.map { "\($0.stream) \($0.seconds.rounded(toPlaces: 1)) s" }
    if !starts.isEmpty {
      report.notes.append("from the start of a connector to its slot: \(starts.joined(separator: ", "))")
    }
  }
}

/// What a rehearsal needs to start processes of the engine.
struct RunningEngine {
  /// What starts a process, without its job.
  let command: [String]
  /// What the logins of connectors get as a password, drawn anew for each rehearsal.
  let password: String
}
