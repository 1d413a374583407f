import Foundation

/// Moves a topic into a database: changes and the position in one transaction, then the plan's own merge jobs.
final class ApplierWorker {
  private let job: WorkerJob
  private let task: StreamTask
  private let endpoint: Endpoint
  private let merges: [String: String]
  private var status = WorkerStatus()
  private var told: Int64 = 0

  init(_ job: WorkerJob) throws {
    guard let task = job.stream, job.databases.count > 1 else {
      throw MachineError(description: "an applier needs a stream and a database")
    }
    self.job = job
    self.task = task
    endpoint = job.databases[1]
    merges = Dictionary(
      task.tables.map { ($0.stage, Programs.text($0.merge)) }, uniquingKeysWith: { first, _ in first })
    for (stage, text) in merges where text.isEmpty { throw MachineError(description: "\(stage) has no merge job") }
    if let earlier = JSONFile.read(job.status, as: WorkerStatus.self) { status = earlier }
  }

  /// Records taken in one transaction.
  private static let batch = 1500

  /// Runs until the rehearsal is gone.
  func run() throws {
    let connection = try endpoint.connect()
    let text = ApplierText(task: task, words: Wording(kind: endpoint.kind))
    var readers: [TopicReader] = []
    var commits: [Int: (UInt64, Int)] = [:]
    for (number, file) in ["changes", "rows"].enumerated() {
      let row = try connection.run(text.position(of: file)).rows.first
      readers.append(TopicReader(path: "\(task.topic)/\(file).jsonl", position: row?[0].flatMap { Int64($0) } ?? 0))
      commits[number] = (row?[1].flatMap { UInt64($0) } ?? 0, row?[2].flatMap { Int($0) } ?? -1)
    }
    // A killed predecessor may have left something in the stages.
    for table in task.tables { try merge(table.stage, connection) }
    while !WorkerProgram.isOrphaned(job) {
      var isIdle = true
      for (number, file) in ["changes", "rows"].enumerated() {
        let records = try readers[number].read(limit: Self.batch)
        if records.isEmpty { continue }
        isIdle = false
        var last = commits[number] ?? (0, -1)
        var duplicates = 0
        for record in records where file == "changes" {
          if (record.commit, record.index) <= last { duplicates += 1 } else { last = (record.commit, record.index) }
        }
        commits[number] = last
        let position = text.store(
          file: file, position: readers[number].position, commit: last.0, index: last.1, duplicates: duplicates)
        let begin = Clock.now
        try apply(records, storing: position, text, connection)
        if file == "rows" {
          status.copied += records.count
          status.copySeconds += Double(Clock.now - begin) / 1_000_000
        }
        note(records)
      }
      status.isIdle = isIdle
      tell()
      if isIdle { usleep(10_000) }
    }
  }

  private func apply(
    _ records: [ChangeRecord], storing position: String, _ text: ApplierText, _ connection: any DatabaseConnection
  ) throws {
    let plan = try text.plan(for: records)
    let begin = endpoint.kind == .postgres ? "BEGIN;" : "START TRANSACTION;"
    if task.fault == .positionBeforeRows {
      try connection.run("\(begin)\n\(position);\nCOMMIT")
      usleep(20_000)
      try connection.run("\(begin)\n\(plan.statements.joined(separator: ";\n"));\nCOMMIT")
    } else {
      try connection.run("\(begin)\n\((plan.statements + [position]).joined(separator: ";\n"));\nCOMMIT")
    }
    for stage in plan.stages { try merge(stage, connection) }
  }

  private func merge(_ stage: String, _ connection: any DatabaseConnection) throws {
    guard let job = merges[stage] else { return }
    do {
      try connection.run(job)
    } catch {
      if !error.isLost { try connection.run("ROLLBACK") }
      throw error.isLost || error.isRetryable
        ? error : DatabaseError(code: error.code, message: "merge of \(stage): \(error.message)", isLost: false)
    }
  }

  private func note(_ records: [ChangeRecord]) {
    status.done += records.count
    let now = Clock.now
    for record in records where record.operation != .read {
      let lag = Double(now - record.committedAt) / 1_000_000
      status.lagSum += lag
      status.lagCount += 1
      status.lagMax = max(status.lagMax, lag)
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
