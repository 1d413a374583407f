import Foundation

/// Copies rows as they stand at one moment into a topic; begun again after a kill, which only repeats.
struct BackfillWorker {
  private let job: WorkerJob
  private let task: StreamTask

  init(_ job: WorkerJob) throws {
    guard let task = job.stream else { throw MachineError(description: "copying needs a stream") }
    self.job = job
    self.task = task
  }

  /// Rows fetched at a time.
  private static let chunk = 500

  /// Runs until all tables are copied.
  func run() throws {
    let connection = try job.databases[0].connect()
    let topic = try TopicWriter("\(task.topic)/rows.jsonl")
    let words = Wording(kind: job.databases[0].kind)
    try connection.run(
      words.kind == .postgres
        ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    for table in task.tables {
      let columns = table.columns.map { words.text(of: $0, isBinary: table.binaryColumns.contains($0)) }
      let query =
        "SELECT \(columns.joined(separator: ", ")) FROM \(words.table(table.fromSchema, table.fromTable))"
      switch words.kind {
      case .postgres:
        try connection.run("DECLARE cleave_rows NO SCROLL CURSOR FOR \(query)")
        while true {
          let rows = try connection.run("FETCH \(Self.chunk) FROM cleave_rows").rows
          if rows.isEmpty || WorkerProgram.isOrphaned(job) { break }
          try topic.append(records(rows, of: table, words))
        }
        try connection.run("CLOSE cleave_rows")
      case .mariadb:
        let rows = try connection.run(query).rows
        for start in stride(from: 0, to: rows.count, by: Self.chunk) {
          try topic.append(records(Array(rows[start..<min(rows.count, start + Self.chunk)]), of: table, words))
        }
      }
    }
    try connection.run("COMMIT")
    var status = WorkerStatus()
    status.isFinished = true
    JSONFile.write(status, to: job.status)
  }

  private func records(_ rows: [[String?]], of table: StreamTable, _ words: Wording) -> [ChangeRecord] {
    rows.map { row in
      var values: [String: ChangeValue] = [:]
      for (column, value) in zip(table.columns, row) {
        let isHex = words.kind == .mariadb && table.binaryColumns.contains(column)
        values[column] = value.map { isHex ? .hex($0) : .text($0) } ?? .null
      }
      return ChangeRecord(
        schema: table.fromSchema, table: table.fromTable, operation: .read, version: "0", commit: 0, index: 0,
        committedAt: Clock.now, values: values)
    }
  }
}
