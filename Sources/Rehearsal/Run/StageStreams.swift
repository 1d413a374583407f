import Foundation
import Migration

/// Streams: what connectors and appliers do in a migration.
extension RehearsalStage {
  /// Starts what a connector's file asks for; the first time with what it needs on the server and a copy of the rows.
  func connect(_ path: String, of group: MovingGroup) throws {
    let name = (path.split(separator: "/").last ?? "").replacing(".json", with: "")
    let side: PlanSide = name == group.move.reverse.connector ? .target : .source
    try open(side, of: group, only: ConnectorTables.read("\(request.planFolder)/\(path)"), copiesRows: side == .source)
  }

  /// Gives a running connector another list of tables.
  func reconfigure(_ path: String, of group: MovingGroup) throws {
    guard let task = group.streams[.source] else { return }
    let stream = group.move.forward
    let names = ConnectorTables.read("\(request.planFolder)/\(path)")
    let changed = self.task(stream, of: group, only: names, topic: task.topic)
    machine.stop("capture-\(task.name)")
    group.streams[.source] = changed
    try startCapture(changed, side: .source)
  }

  /// Ends a stream for good.
  func disconnect(_ side: PlanSide, of group: MovingGroup) throws {
    guard let task = group.streams[side] else { return }
    for kind in ["capture", "backfill", "applier"] { machine.stop("\(kind)-\(task.name)") }
    group.streams[side] = nil
    let applying: PlanSide = side == .source ? .target : .source
    for channel in group.stream(from: side).channels {
      let table = words.table(channel.memory ?? channel.data)
      if let number = watches.removeValue(forKey: table) {
        try machine.query(ScratchBook.unwatch(table, number: number, words: words), on: applying)
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
    let outbox = isForward ? group.move.outboxes?.source : group.move.outboxes?.target
    let inbox = isForward ? group.move.inboxes.target : group.move.inboxes.source
    let signal = isForward ? group.move.signals.source : group.move.signals.target
    return StreamTask(
      name: "\(group.group.folder)-\(isForward ? "forward" : "reverse")", slot: stream.slot,
      publication: stream.publication, topic: topic,
      tables: channels.map {
        StreamTable(
          fromSchema: $0.from.schema, fromTable: $0.from.name, stage: words.table($0.stage),
          merge: "\(request.planFolder)/\($0.merge)", key: $0.key, columns: $0.columns, binaryColumns: $0.binaryColumns)
      },
      outbox: outbox.map { [$0.schema, $0.name] } ?? [], inbox: words.table(inbox), mark: [signal.schema, signal.name],
      serverID: UInt32(1000 + group.group.position * 2 + (isForward ? 0 : 1)),
      fault: isForward ? request.fault : nil)
  }

  private func open(_ side: PlanSide, of group: MovingGroup, only names: Set<String>?, copiesRows: Bool) throws {
    let stream = group.stream(from: side)
    let applying: PlanSide = side == .source ? .target : .source
    let name = "\(group.group.folder)-\(side == .source ? "forward" : "reverse")"
    let topic = "\(machine.folder)/topic-\(name)"
    try? FileManager.default.removeItem(atPath: topic)
    try FileManager.default.createDirectory(atPath: topic, withIntermediateDirectories: true)
    let task = task(stream, of: group, only: names, topic: topic)
    try begin(task, stream, side)
    for table in ["position", "received", "mark"] {
      try machine.query(
        "DELETE FROM \(ScratchBook.name).\(table) WHERE stream = \(words.literal(name))", on: applying)
    }
    for channel in stream.channels {
      let table = words.table(channel.memory ?? channel.data)
      watches[table] = watches.count
      try machine.query(
        ScratchBook.watch(table, stream: name, number: watches[table] ?? 0, words: words), on: applying)
    }
    var applier = WorkerJob(role: .applier, parent: getpid(), status: "\(topic)/applier.status")
    applier.databases = [machine.endpoint(side), machine.endpoint(applying)]
    if side == .target {
      for statement in ScratchBook.grant(stream.applyRole, words: words) { try machine.query(statement, on: .source) }
      if let inbox = group.move.outboxes == nil ? nil : group.move.inboxes.source {
        try machine.query(words.grantInbox(inbox, to: stream.applyRole), on: .source)
      }
      applier.databases[1] = machine.endpoint(applying, login: stream.applyRole)
    }
    applier.stream = task
    group.streams[side] = task
    try startCapture(task, side: side)
    try machine.start("applier-\(name)", applier)
    if copiesRows {
      var copy = WorkerJob(role: .backfill, parent: getpid(), status: "\(topic)/backfill.status")
      copy.databases = [machine.endpoint(side)]
      copy.stream = task
      try machine.start("backfill-\(name)", copy)
    }
  }

  /// The place in the log is fixed before the first row is copied.
  private func begin(_ task: StreamTask, _ stream: PlanStream, _ side: PlanSide) throws {
    guard words.kind == .postgres else {
      let row = try machine.query(BinlogCapture.endQuery, on: side).rows.first
      guard let file = row?[0], let position = row?[1].flatMap({ UInt64($0) }) else {
        throw MachineError(description: "the \(side.rawValue) has no binary log")
      }
      JSONFile.write(BinlogPlace(file: file, position: position), to: "\(task.topic)/place.json")
      return
    }
    try machine.query(
      "SELECT pg_create_logical_replication_slot(\(words.literal(stream.slot)), 'pgoutput')", on: side)
  }

  private func startCapture(_ task: StreamTask, side: PlanSide) throws {
    var job = WorkerJob(role: .capture, parent: getpid(), status: "\(task.topic)/capture.status")
    job.databases = [machine.endpoint(side)]
    job.stream = task
    try machine.start("capture-\(task.name)", job)
  }

  /// Waits until everything committed before now has arrived; writers should pause.
  func drain(_ side: PlanSide, of group: MovingGroup) throws {
    guard let task = group.streams[side] else { return }
    let applying: PlanSide = side == .source ? .target : .source
    let signal = side == .source ? group.move.signals.source : group.move.signals.target
    if side == .source {
      try wait("the copy of \(group.group.service)", seconds: 120) { self.machine.isOver("backfill-\(task.name)") }
    }
    var sent: Int64 = 0
    let begin = marks
    try wait("\(task.name) to drain", seconds: 90) {
      // A stream that lost a mark loses rows too: comparing tells, so another mark is sent.
      if Clock.now - sent > 8_000_000 {
        self.marks += 1
        sent = Clock.now
        try self.machine.query(
          "INSERT INTO \(self.words.table(signal)) (id, type, data) VALUES ('rehearsal-\(self.marks)', 'rehearsal', NULL)",
          on: side)
      }
      let marked = (begin + 1...self.marks).map { "'rehearsal-\($0)'" }.joined(separator: ", ")
      let arrived = try self.machine.query(
        "SELECT count(*) FROM \(ScratchBook.name).mark WHERE stream = \(self.words.literal(task.name)) AND id IN (\(marked))",
        on: applying)
      guard arrived.value != "0" else { return false }
      let stages = task.tables.map { "(SELECT count(*) FROM \($0.stage))" }.joined(separator: " + ")
      return try self.machine.query("SELECT \(stages)", on: applying).value == "0" && self.isCopyTaken(task, applying)
    }
  }

  /// Whether the applier has taken all copied rows.
  private func isCopyTaken(_ task: StreamTask, _ side: PlanSide) throws -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(task.topic)/rows.jsonl")
    guard let size = (attributes?[.size] as? NSNumber)?.int64Value, size > 0 else { return true }
    let text = ApplierText(task: task, words: words)
    return try machine.query(text.position(of: "rows"), on: side).value.flatMap { Int64($0) } == size
  }
}

/// The tables a connector's file names.
enum ConnectorTables {
  private struct File: Decodable { let config: [String: String] }

  /// `schema.table` of each; nil when the file says nothing about tables.
  static func read(_ path: String) -> Set<String>? {
    guard let list = JSONFile.read(path, as: File.self)?.config["table.include.list"] else { return nil }
    var names: Set<String> = []
    var current = ""
    var isEscaped = false
    for character in list {
      if isEscaped {
        current.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "," {
        names.insert(current)
        current = ""
      } else {
        current.append(character)
      }
    }
    names.insert(current)
    return names
  }
}

extension Wording {
  /// Lets the login of an applier use the inbox.
  func grantInbox(_ inbox: PlanPlace, to login: String) -> String {
    let role = kind == .postgres ? name(login) : "\(literal(login))@'%'"
    return "GRANT SELECT, INSERT ON \(table(inbox)) TO \(role)"
  }
}
