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
    case .mariadb: try runMariaDB()
    }
  }

  private func runPostgres() throws {
    let topic = try TopicWriter("\(task.topic)/changes.jsonl")
    let stream = try SlotStream(job.databases[0], task: task)
    while !WorkerProgram.isOrphaned(job) {
      let batch = try stream.next(limit: Self.batch, waiting: 20)
      guard let end = batch.end else {
        status.isIdle = true
        tell()
        continue
      }
      guard batch.truncated.isEmpty else { throw MachineError(description: "a captured table was truncated") }
      status.isIdle = false
      try topic.append(batch.records)
      try stream.confirm(end)
      status.done += batch.records.count
      tell()
    }
  }

  // MARK: MariaDB

  private var placeFile: String { "\(task.topic)/place.json" }

  private func runMariaDB() throws {
    let connection = try job.databases[0].connect()
    let places = task.keys.keys.sorted().compactMap { name -> (database: String, table: String)? in
      guard let dot = name.firstIndex(of: ".") else { return nil }
      return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }
    let tables = BinlogTables(rows: try connection.run(BinlogTables.query(places)).rows)
    let topic = try TopicWriter("\(task.topic)/changes.jsonl")
    guard var place = JSONFile.read(placeFile, as: BinlogPlace.self) else {
      throw MachineError(description: "nobody wrote down where the log is to be read from")
    }
    while !WorkerProgram.isOrphaned(job) {
      do {
        let capture = try BinlogCapture(
          socket: job.databases[0].socket, login: job.databases[0].login, server: task.serverID, tables: tables,
          from: place)
        while !WorkerProgram.isOrphaned(job) { place = try take(from: capture, to: topic) ?? place }
      } catch let error as BinlogError {
        // A crash cut the file short: what comes next stands in the file the server began when it came back.
        if BinlogCapture.isCutShort(error), let next = try nextFile(after: place) {
          place = BinlogPlace(file: next, position: 4)
          JSONFile.write(place, to: placeFile)
        }
        status.refused += 1
        status.lastRefusal = error.description
        tell()
        usleep(50_000)
      }
    }
  }

  private func take(from capture: BinlogCapture, to topic: TopicWriter) throws -> BinlogPlace? {
    let transactions = try capture.next(limit: Self.batch)
    status.isIdle = transactions.isEmpty
    defer { tell() }
    guard let last = transactions.last else { return nil }
    let records = transactions.flatMap { BinlogText.records($0, keys: task.keys) }
    if !records.isEmpty { try topic.append(records) }
    JSONFile.write(last.end, to: placeFile)
    status.done += records.count
    return last.end
  }

  private func nextFile(after place: BinlogPlace) throws -> String? {
    let files = try job.databases[0].connect().run(BinlogCapture.filesQuery).rows.compactMap { $0.first ?? nil }
    return files.first { BinlogPlace(file: $0, position: 4).number > place.number }
  }

  private func tell() {
    let now = Clock.now
    if now - told < 50_000 { return }
    told = now
    status.at = now
    JSONFile.write(status, to: job.status)
  }
}

/// Changes of a binary log as records of a topic.
enum BinlogText {
  /// The changes of a transaction; a changed key is a delete and an insert.
  static func records(_ transaction: BinlogTransaction, keys: [String: [String]]) -> [ChangeRecord] {
    var records: [ChangeRecord] = []
    for change in transaction.changes {
      guard let key = keys["\(change.database).\(change.table)"] else { continue }
      func add(_ operation: ChangeRecord.Operation, _ values: [String: BinlogValue]) {
        records.append(
          ChangeRecord(
            schema: change.database, table: change.table, operation: operation, version: change.version,
            commit: transaction.end.order, index: records.count, committedAt: Int64(transaction.seconds) * 1_000_000,
            values: values.mapValues(value)))
      }
      let old = change.before.filter { key.contains($0.key) }
      switch change.operation {
      case .insert: add(.insert, change.after)
      case .delete: add(.delete, old)
      case .update:
        if old != change.after.filter({ key.contains($0.key) }) { add(.delete, old) }
        add(.update, change.after)
      }
    }
    return records
  }

  private static func value(_ value: BinlogValue) -> ChangeValue {
    switch value {
    case .null: .null
    case .text(let text): .text(text)
    case .bytes(let bytes): .hex(bytes.map { HexText.pair($0) }.joined())
    }
  }
}

/// Bytes as hexadecimal digits.
enum HexText {
  static func pair(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
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
