import Foundation

/// Reads the log into a topic: what was read is written down first, then the log is told that it is not needed any more.
final class CaptureWorker {
  private let job: WorkerJob
  private let task: StreamTask
  private var status = WorkerStatus()
  private var told: Int64 = 0

  init(_ job: WorkerJob) throws {
    guard let task = job.stream else { throw MachineError(description: "capture needs a stream") }
    self.job = job
    self.task = task
  }

  /// Transactions are read whole; reading stops after the one that passes this many changes.
  private static let batch = 2000

  /// Runs until the rehearsal is gone.
  func run() throws {
    switch job.databases[0].kind {
    case .postgres: try runPostgres()
    case .mariadb: throw MachineError(description: "no capture for this server yet")
    }
  }

  private func runPostgres() throws {
    let connection = try job.databases[0].connect()
    let topic = try TopicWriter("\(task.topic)/changes.jsonl")
    var reader = LogMessageReader(keys: task.keys)
    let words = Wording(kind: .postgres)
    let peek =
      "SELECT lsn, encode(data, 'hex') FROM pg_logical_slot_peek_binary_changes(\(words.literal(task.slot)), NULL, "
      + "\(Self.batch), 'proto_version', '1', 'publication_names', \(words.literal(words.name(task.publication))))"
    while !WorkerProgram.isOrphaned(job) {
      let rows = try connection.run(peek).rows
      let messages = rows.map { (place: $0[0] ?? "", digits: $0[1] ?? "") }
      let batch = reader.read(messages)
      guard let end = batch.end else {
        status.isIdle = true
        tell()
        usleep(20_000)
        continue
      }
      guard batch.truncated.isEmpty else { throw MachineError(description: "a captured table was truncated") }
      status.isIdle = false
      try topic.append(batch.records)
      try connection.run("SELECT pg_replication_slot_advance(\(words.literal(task.slot)), \(words.literal(end)))")
      status.done += batch.records.count
      tell()
    }
  }

  private func tell() {
    let now = Clock.now
    if now - told < 50_000 { return }
    told = now
    status.at = now
    JSONFile.write(status, to: job.status)
  }
}

extension StreamTask {
  /// Key columns by `schema.table`, of everything that travels.
  var keys: [String: [String]] {
    var keys = Dictionary(
      tables.map { ("\($0.fromSchema).\($0.fromTable)", $0.key) }, uniquingKeysWith: { first, _ in first })
    for place in [outbox, mark] where place.count == 2 { keys["\(place[0]).\(place[1])"] = ["id"] }
    return keys
  }
}
