import Foundation
import Migration

/// Streams: what connectors and appliers do in a migration.
extension RehearsalStage {
  /// Starts what a connector's file asks for; the first time with what it needs on the server and a copy of the rows.
  func connect(_ path: String, of group: MovingGroup) throws {
    let name = (path.split(separator: "/").last ?? "").replacing(".json", with: "")
    if let events = group.move.events.first(where: { $0.connector == name }) {
      return try openEvents(events, path, of: group)
    }
    let side: PlanSide = name == group.move.reverse.connector ? .target : .source
    try open(side, path, of: group)
  }

  /// Gives a running connector another list of tables.
  func reconfigure(_ path: String, of group: MovingGroup) throws {
    guard let task = group.streams[.source] else { return }
    let stream = group.move.forward
    let file = ConnectorSettings.read("\(request.planFolder)/\(path)")
    let changed = self.task(stream, of: group, only: file?.tables, topic: task.topic)
    if engine == nil { machine.stop("capture-\(task.name)") }
    group.streams[.source] = changed
    try startCapture(changed, path, side: .source)
  }

  /// Ends the stream of a connector for good.
  func disconnect(_ connector: String, of group: MovingGroup) throws {
    if let events = group.move.events.first(where: { $0.connector == connector }) {
      // People wait here until the consumers have everything.
      try drainEvents(events.side, of: group)
      guard let task = group.eventStreams.removeValue(forKey: events.side) else { return }
      for kind in ["capture", "applier"] { machine.stop("\(kind)-\(task.name)") }
      noteLosses(of: task)
      return
    }
    try disconnect(connector == group.move.reverse.connector ? .target : .source, of: group)
  }

  private func disconnect(_ side: PlanSide, of group: MovingGroup) throws {
    guard let task = group.streams[side] else { return }
    for kind in ["capture", "backfill", "applier"] { machine.stop("\(kind)-\(task.name)") }
    noteLosses(of: task)
    group.streams[side] = nil
    let applying: PlanSide = side == .source ? .target : .source
    for channel in group.stream(from: side).channels {
      let place = channel.memory ?? channel.data
      if let number = watches.removeValue(forKey: place) {
        try machine.query(ScratchBook.unwatch(place, number: number, words: words), on: applying)
      }
    }
    if side == .target {
      for statement in ScratchBook.revoke(group.move.reverse.applyRole, words: words) {
        try machine.query(statement, on: .source)
      }
    }
  }

  private func task(_ stream: PlanStream, of group: MovingGroup, only names: Set<String>?, topic: String) -> StreamTask
  {
    let channels = stream.channels.filter { names?.contains("\($0.from.schema).\($0.from.name)") ?? true }
    let isForward = stream.from == .source
    let signal = isForward ? group.move.signals.source : group.move.signals.target
    return StreamTask(
      name: "\(group.group.folder)-\(isForward ? "forward" : "reverse")", slot: stream.slot,
      publication: stream.publication, topic: topic,
      tables: channels.map {
        StreamTable(
          fromSchema: $0.from.schema, fromTable: $0.from.name, stage: words.table($0.stage),
          merge: "\(request.planFolder)/\($0.merge)", key: $0.key, columns: $0.columns, binaryColumns: $0.binaryColumns)
      },
      outbox: [], inbox: "", mark: [signal.schema, signal.name],
      serverID: UInt32(1000 + group.group.position * 2 + (isForward ? 0 : 1)),
      fault: isForward ? request.fault : nil)
  }

  private func open(_ side: PlanSide, _ path: String, of group: MovingGroup) throws {
    let stream = group.stream(from: side)
    let applying: PlanSide = side == .source ? .target : .source
    let name = "\(group.group.folder)-\(side == .source ? "forward" : "reverse")"
    let topic = "\(machine.folder)/topic-\(name)"
    try? FileManager.default.removeItem(atPath: topic)
    try FileManager.default.createDirectory(atPath: topic, withIntermediateDirectories: true)
    let names = ConnectorSettings.read("\(request.planFolder)/\(path)")?.tables
    let task = task(stream, of: group, only: names, topic: topic)
    try begin(task, side)
    for table in ["position", "received", "mark"] {
      try machine.query(
        "DELETE FROM \(ScratchBook.name).\(table) WHERE stream = \(words.literal(name))", on: applying)
    }
    for channel in stream.channels {
      let place = channel.memory ?? channel.data
      watchCount += 1
      watches[place] = watchCount
      try machine.query(ScratchBook.watch(place, stream: name, number: watchCount, words: words), on: applying)
    }
    var applier = WorkerJob(role: .applier, parent: getpid(), status: "\(topic)/applier.status")
    applier.databases = [machine.endpoint(side), machine.endpoint(applying)]
    if side == .target {
      for statement in ScratchBook.grant(stream.applyRole, words: words) { try machine.query(statement, on: .source) }
      applier.databases[1] = machine.endpoint(applying, login: stream.applyRole)
    }
    applier.stream = task
    group.streams[side] = task
    try startCapture(task, path, side: side)
    try machine.start("applier-\(name)", applier)
    // The engine copies rows itself, the way the connector's file says.
    if side == .source, engine == nil {
      var copy = WorkerJob(role: .backfill, parent: getpid(), status: "\(topic)/backfill.status")
      copy.databases = [machine.endpoint(side)]
      copy.stream = task
      try machine.start("backfill-\(name)", copy)
    }
  }

  /// Events leave through a stream of their own; the consumer keeps its inbox beside the outbox.
  private func openEvents(_ events: PlanEvents, _ path: String, of group: MovingGroup) throws {
    let name = "\(group.group.folder)-events-\(events.side.rawValue)"
    let topic = "\(machine.folder)/topic-\(name)"
    try? FileManager.default.removeItem(atPath: topic)
    try FileManager.default.createDirectory(atPath: topic, withIntermediateDirectories: true)
    let task = StreamTask(
      name: name, slot: events.slot, publication: events.publication, topic: topic, tables: [],
      outbox: [events.outbox.schema, events.outbox.name], inbox: words.table(events.inbox), mark: [],
      serverID: UInt32(5000 + group.group.position * 2 + (events.side == .source ? 0 : 1)), fault: nil)
    try begin(task, events.side)
    for table in ["position", "received"] {
      try machine.query(
        "DELETE FROM \(ScratchBook.name).\(table) WHERE stream = \(words.literal(name))", on: events.side)
    }
    group.counted[name] = nil
    group.eventStreams[events.side] = task
    try startCapture(task, path, side: events.side)
    var consumer = WorkerJob(role: .applier, parent: getpid(), status: "\(topic)/applier.status")
    consumer.databases = [machine.endpoint(events.side), machine.endpoint(events.side)]
    consumer.stream = task
    try machine.start("applier-\(name)", consumer)
  }

  /// Waits until the consumers have taken every event there is in the outbox of a side.
  func drainEvents(_ side: PlanSide, of group: MovingGroup) throws {
    for events in group.move.events where events.side == side {
      guard let task = group.eventStreams[events.side] else { continue }
      let deadline = Clock.now + 60_000_000
      let open =
        "SELECT count(*) FROM \(words.table(events.outbox)) o WHERE NOT EXISTS (SELECT 1 FROM "
        + "\(ScratchBook.name).received r WHERE r.stream = \(words.literal(task.name)) AND r.message = "
        + "\(words.kind == .postgres ? "o.id::text" : "o.id"))"
      // What does not come in time is counted as lost by the comparison.
      while try machine.query(open, on: events.side).value != "0", Clock.now < deadline {
        try machine.tend()
        usleep(10_000)
      }
    }
  }

  /// The place in the log is fixed before the first row is copied.
  private func begin(_ task: StreamTask, _ side: PlanSide) throws {
    guard words.kind == .postgres else {
      let row = try machine.query(BinlogCapture.endQuery, on: side).rows.first
      guard let file = row?[0], let position = row?[1].flatMap({ UInt64($0) }) else {
        throw MachineError(description: "the \(side.rawValue) has no binary log")
      }
      JSONFile.write(BinlogPlace(file: file, position: position), to: "\(task.topic)/place.json")
      return
    }
    // A connector makes its slot itself.
    if engine != nil { return }
    try machine.query(
      "SELECT pg_create_logical_replication_slot(\(words.literal(task.slot)), 'pgoutput')", on: side)
  }

  private func startCapture(_ task: StreamTask, _ path: String, side: PlanSide) throws {
    if engine != nil { return try runConnector(path, task, on: side) }
    var job = WorkerJob(role: .capture, parent: getpid(), status: "\(task.topic)/capture.status")
    job.databases = [machine.endpoint(side)]
    job.stream = task
    try machine.start("capture-\(task.name)", job)
  }

  /// Waits until everything committed before now has arrived; writers should pause.
  func drain(_ side: PlanSide, of group: MovingGroup) throws {
    guard let task = group.streams[side] else { return }
    let applying: PlanSide = side == .source ? .target : .source
    if side == .source {
      try wait("the copy of \(group.group.service)", seconds: 120) { self.machine.isOver("backfill-\(task.name)") }
    }
    var sent: Int64 = 0
    var sentMarks: [Int] = []
    try wait("\(task.name) to drain", seconds: 90) {
      // A stream that lost a mark loses rows too: comparing tells, so another mark is sent.
      if Clock.now - sent > 8_000_000 {
        sent = Clock.now
        sentMarks.append(try self.sendMark(side, of: group))
      }
      // First what has landed, then whether it is merged: the other way round rows could land in between.
      guard try self.hasArrived(sentMarks, of: task, from: side), try self.isCopyTaken(task, applying) else {
        return false
      }
      let stages = task.tables.map { "(SELECT count(*) FROM \($0.stage))" }.joined(separator: " + ")
      return try self.machine.query("SELECT \(stages)", on: applying).value == "0"
    }
  }

  /// Writes a row that travels with the stream; its number.
  func sendMark(_ side: PlanSide, of group: MovingGroup) throws -> Int {
    let signal = side == .source ? group.move.signals.source : group.move.signals.target
    marks += 1
    try machine.query(
      "INSERT INTO \(words.table(signal)) (id, type, data) VALUES ('rehearsal-\(marks)', 'rehearsal', NULL)", on: side)
    return marks
  }

  /// Whether one of the marks is on the other side.
  func hasArrived(_ marks: [Int], of task: StreamTask, from side: PlanSide) throws -> Bool {
    let marked = marks.map { "'rehearsal-\($0)'" }.joined(separator: ", ")
    let arrived = try machine.query(
      "SELECT count(*) FROM \(ScratchBook.name).mark WHERE stream = \(words.literal(task.name)) AND id IN (\(marked))",
      on: side == .source ? .target : .source)
    return arrived.value != "0"
  }

  /// Whether the applier has taken all copied rows.
  private func isCopyTaken(_ task: StreamTask, _ side: PlanSide) throws -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(task.topic)/rows.jsonl")
    guard let size = (attributes?[.size] as? NSNumber)?.int64Value, size > 0 else { return true }
    let text = ApplierText(task: task, words: words)
    return try machine.query(text.position(of: "rows"), on: side).value.flatMap { Int64($0) } == size
  }
}
