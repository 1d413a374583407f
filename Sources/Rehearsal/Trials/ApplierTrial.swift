import Basics
import Decomposition
import Facts
import Foundation
import Migration

/// Feeds an applier a stream as connectors really deliver it: changes twice, copied rows that are older than changes that
/// arrived before, and kills. What the plan's merge jobs make of it is compared with what was sent.
package enum ApplierTrial {
  /// Rows the changes are about.
  private static let rows = 150
  /// Changes after which a connector that was killed goes back.
  private static let rewind = 400

  /// Runs one trial to its end, with an applier that makes a mistake or none.
  package static func run(
    fault: ApplierFault?, changes: Int, kills: Int, seed: UInt64, scratchRoot: String, worker: [String]
  ) throws -> RehearsalCounts {
    let plan = try plan()
    guard let group = plan.groups.first,
      let channel = group.move.forward.channels.first(where: { $0.table.key == "item" })
    else { throw MachineError(description: "the plan of the trial moves nothing") }
    let machine = try RehearsalMachine(
      .postgres, root: scratchRoot, program: worker, databases: [.source: "postgres", .target: "postgres"],
      keepsFolder: false)
    defer { machine.end() }
    let words = Wording(kind: .postgres)
    let folder = "\(machine.folder)/plan"
    try write(plan, to: folder)
    try machine.query(ScratchBook.create(.postgres), on: .target)
    for step in group.steps where step.id <= .capture {
      for case .sql(let path, .target) in step.apply {
        _ = try machine.target.runScript("\(folder)/\(path)", database: "postgres")
      }
    }
    let topic = "\(machine.folder)/topic"
    try FileManager.default.createDirectory(atPath: topic, withIntermediateDirectories: true)
    var task = StreamTask(
      name: "trial", slot: "", publication: "", topic: topic,
      tables: [
        StreamTable(
          fromSchema: channel.from.schema, fromTable: channel.from.name, stage: words.table(channel.stage),
          merge: "\(folder)/\(channel.merge)", key: channel.key, columns: channel.columns,
          binaryColumns: channel.binaryColumns)
      ], outbox: [], inbox: "", mark: [], serverID: 1)
    task.fault = fault
    var job = WorkerJob(role: .applier, parent: getpid(), status: "\(topic)/applier.status")
    job.databases = [machine.endpoint(.target), machine.endpoint(.target)]
    job.stream = task
    var stream = TrialStream(channel: channel, rows: rows, seed: seed)
    let writer = try TopicWriter("\(topic)/changes.jsonl")
    try machine.start("applier", job)
    var random = SplitMix64(state: seed)
    var sent: [ChangeRecord] = []
    let batches = max(kills * 2, 6)
    for batch in 0..<batches {
      let records = (0..<(changes / batches)).map { _ in stream.next() }
      sent += records
      try writer.append(records)
      // A killed connector goes back to its last stored place.
      if batch % 3 == 2 { try writer.append(Array(sent.suffix(rewind))) }
      guard batch % 2 == 1, batch / 2 < kills else { continue }
      try settle(machine, rounds: 2)
      // It dies while it works on the next few changes.
      let last = (0..<20).map { _ in stream.newRow() }
      sent += last
      try writer.append(last)
      usleep(UInt32(random.next(upperBound: 30_000)))
      machine.crash("applier", restartAfter: 1000)
    }
    // The copy arrives last, although it was made first.
    try settle(machine, rounds: 10)
    try TopicWriter("\(topic)/rows.jsonl").append(stream.copiedRows)
    try settle(machine, rounds: 10)
    var counts = try compare(machine, channel, stream, words)
    counts.changes = sent.count
    counts.kills = kills
    return counts
  }

  /// Waits until the applier says that it has nothing left to do, again and again.
  private static func settle(_ machine: RehearsalMachine, rounds: Int) throws {
    let deadline = Clock.now + 30_000_000
    let begin = Clock.now
    var quiet = 0
    var last: Int64 = 0
    while quiet < rounds, Clock.now < deadline {
      try machine.tend()
      let status = machine.status("applier")
      // What it said before it was asked counts for nothing.
      if status.at > max(begin, last) {
        last = status.at
        quiet = status.isIdle ? quiet + 1 : 0
      }
      usleep(5000)
    }
  }

  private static func compare(
    _ machine: RehearsalMachine, _ channel: PlanChannel, _ stream: TrialStream, _ words: Wording
  ) throws -> RehearsalCounts {
    var counts = RehearsalCounts()
    let found = try machine.query("SELECT id::text, label FROM \(words.table(channel.data))", on: .target).rows
    let labels = Dictionary(found.map { ($0[0] ?? "", $0[1] ?? "") }) { first, _ in first }
    for (id, label) in stream.state where labels[String(id)] != label { counts.lost += 1 }
    for id in labels.keys where Int(id).flatMap({ stream.state[$0] }) == nil { counts.ghosts += 1 }
    counts.duplicates =
      try machine.query("SELECT coalesce(sum(duplicates), 0) FROM \(ScratchBook.name).position", on: .target).value
      .flatMap { Int($0) } ?? 0
    return counts
  }

  private static func write(_ plan: MigrationPlan, to folder: String) throws {
    for file in plan.files() {
      let url = URL(fileURLWithPath: "\(folder)/\(file.path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.contents.utf8).write(to: url)
    }
  }

  /// One table that one service owns.
  private static func plan() throws -> MigrationPlan {
    let place = SourceSpan(file: RepoPath("schema.sql"), line: 1)
    let item = Table(
      name: TableName("item"),
      columns: [
        Column(name: "id", type: "bigint", isNullable: false), Column(name: "label", type: "text", isNullable: false),
      ], primaryKey: ["id"], source: place)
    var system = SystemFacts()
    system.catalog = Catalog(tables: [item], engine: .postgres)
    var proposal = Proposal()
    proposal.services = [ServiceBoundary(name: "stock", units: [], tables: [item.name], cohesion: 1)]
    proposal.owners = [
      TableOwner(
        table: item.name, service: "stock", margin: 1, runnerUp: "", ownership: .single, resolution: .none, writers: [],
        readers: [], reason: "the only service")
    ]
    return try Planner.plan(
      system: system, proposal: proposal, options: PlanOptions(engine: .postgres), factsDigest: "trial")
  }
}

/// Changes of one table in the order of their commits.
struct TrialStream {
  private let channel: PlanChannel
  private let rows: Int
  private var random: SplitMix64
  private var number = 0
  /// What the rows have to be in the end.
  private(set) var state: [Int: String] = [:]
  /// What was there when the copy was made: long before most changes.
  private(set) var copiedRows: [ChangeRecord] = []

  init(channel: PlanChannel, rows: Int, seed: UInt64) {
    self.channel = channel
    self.rows = rows
    random = SplitMix64(state: seed)
    for id in 0..<rows {
      state[id] = "copied \(id)"
      copiedRows.append(record(.read, id, "copied \(id)", version: "0", commit: 0))
    }
  }

  /// The next change: an update mostly, else a delete or an insert.
  mutating func next() -> ChangeRecord {
    number += 1
    let id = Int(random.next(upperBound: UInt64(rows)))
    let version = String(1000 + number)
    if state[id] != nil, random.next(upperBound: 6) == 0 {
      state[id] = nil
      return record(.delete, id, nil, version: version, commit: UInt64(number))
    }
    let operation: ChangeRecord.Operation = state[id] == nil ? .insert : .update
    state[id] = "change \(number)"
    return record(operation, id, "change \(number)", version: version, commit: UInt64(number))
  }

  /// A row no other change touches: when it is lost, nothing hides that.
  mutating func newRow() -> ChangeRecord {
    number += 1
    let id = rows + number
    state[id] = "change \(number)"
    return record(.insert, id, state[id], version: String(1000 + number), commit: UInt64(number))
  }

  private func record(
    _ operation: ChangeRecord.Operation, _ id: Int, _ label: String?, version: String, commit: UInt64
  ) -> ChangeRecord {
    var values: [String: ChangeValue] = ["id": .text(String(id))]
    if let label { values["label"] = .text(label) }
    return ChangeRecord(
      schema: channel.from.schema, table: channel.from.name, operation: operation, version: version, commit: commit,
      index: 0, committedAt: Clock.now, values: values)
  }
}
