import Foundation

/// How a relay chooses the events it publishes next.
package enum RelayKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// One relay at a time works on a lane, and an aggregate has one lane: what plans do.
  case lanes
  /// A mistake: everything behind the last number seen; numbers are taken before commits.
  case lastSeen
  /// A mistake: events nobody else holds; two relays overtake each other within an aggregate.
  case skipLocked
  /// A mistake: events are marked before they are published.
  case marksFirst
}

/// What a relay publishes.
package struct RelayTask: Hashable, Sendable, Codable {
  /// How it chooses.
  package var kind: RelayKind
  /// The settings of a plan's relay, a JSON file; the statements in it are used as they stand.
  package var settings: String
  /// Quoted name of the outbox.
  package var outbox: String
  /// File that stands for the broker.
  package var broker: String
}

/// The statements of a plan's relay; `%s` or `?` stands for a number.
private struct RelayStatements: Decodable {
  var setup: [String]
  var candidates: String
  var lock: String
  var read: String
  var mark: String

  /// A statement with its number filled in.
  static func filled(_ text: String, _ number: String) -> String {
    text.replacing("%%", with: "\u{0}").replacing("%s", with: number).replacing("?", with: number)
      .replacing("\u{0}", with: "%")
  }
}

/// Publishes an outbox by polling it, rightly or with a known mistake.
final class RelayWorker {
  private struct Payload: Decodable { let seq: Int }

  private let job: WorkerJob
  private let task: RelayTask
  private let statements: RelayStatements
  private let broker: DeliveryLog
  private let words: Wording

  /// Events between two commits; few, so that several relays have work at the same time.
  private static let batch = 5

  init(_ job: WorkerJob) throws {
    guard let task = job.relay, let database = job.databases.first,
      let statements = JSONFile.read(task.settings, as: RelayStatements.self)
    else { throw MachineError(description: "a relay needs a database and statements") }
    self.job = job
    self.task = task
    self.statements = statements
    broker = try DeliveryLog(task.broker)
    words = Wording(kind: database.kind)
  }

  /// Runs until the rehearsal is gone.
  func run() throws {
    let connection = try job.databases[0].connect()
    for statement in statements.setup { try connection.run(statement) }
    while !WorkerProgram.isOrphaned(job) {
      let moved =
        switch task.kind {
        case .lanes: try publishLanes(connection)
        case .lastSeen: try publishBehindCursor(connection)
        case .skipLocked, .marksFirst: try publishUnlocked(connection)
        }
      if moved == 0 { usleep(5000) }
    }
  }

  private func begin(_ connection: any DatabaseConnection) throws {
    try connection.run(words.kind == .postgres ? "BEGIN" : "START TRANSACTION")
  }

  /// Events of rows whose columns are `seq, id, aggregatetype, aggregateid, type, payload`.
  private func publish(_ rows: [[String?]]) throws {
    let events = try rows.map { row in
      guard row.count > 5, let id = row[1], let aggregate = row[3], let payload = row[5] else {
        throw MachineError(description: "an event has another shape than was published")
      }
      let sequence = try JSONDecoder().decode(Payload.self, from: Data(payload.utf8)).seq
      return DeliveredEvent(id: id, aggregate: aggregate, sequence: sequence)
    }
    try broker.append(events)
  }

  private func publishLanes(_ connection: any DatabaseConnection) throws -> Int {
    var moved = 0
    for lane in try connection.run(statements.candidates).rows.compactMap({ $0[0] }).shuffled() {
      try begin(connection)
      guard try !connection.run(RelayStatements.filled(statements.lock, lane)).rows.isEmpty else {
        try connection.run("ROLLBACK")
        continue
      }
      let rows = try connection.run(RelayStatements.filled(statements.read, lane)).rows
      try publish(rows)
      for row in rows { try connection.run(RelayStatements.filled(statements.mark, row[0] ?? "0")) }
      try connection.run("COMMIT")
      moved += rows.count
    }
    return moved
  }

  private var columns: String { "seq, id, aggregatetype, aggregateid, type, payload" }

  private func publishBehindCursor(_ connection: any DatabaseConnection) throws -> Int {
    let stream = "\(ScratchBook.name).position WHERE stream = 'relay' AND file = 'cursor'"
    let last = try connection.run("SELECT offset_bytes FROM \(stream)").value ?? "0"
    let rows = try connection.run(
      "SELECT \(columns) FROM \(task.outbox) WHERE seq > \(last) ORDER BY seq LIMIT 100"
    ).rows
    guard let seen = rows.last?[0] else { return 0 }
    try publish(rows)
    try connection.run(
      "UPDATE \(ScratchBook.name).position SET offset_bytes = \(seen) WHERE stream = 'relay' AND file = 'cursor'")
    return rows.count
  }

  private func publishUnlocked(_ connection: any DatabaseConnection) throws -> Int {
    try begin(connection)
    let rows = try connection.run(
      "SELECT \(columns) FROM \(task.outbox) WHERE published_at IS NULL ORDER BY seq LIMIT \(Self.batch) FOR UPDATE SKIP LOCKED"
    ).rows
    let marks = rows.compactMap { $0[0] }.joined(separator: ", ")
    let mark =
      "UPDATE \(task.outbox) SET published_at = CURRENT_TIMESTAMP WHERE seq IN (\(marks.isEmpty ? "0" : marks))"
    if task.kind == .marksFirst {
      try connection.run(mark)
      try connection.run("COMMIT")
      // What a broker far away needs.
      usleep(2000)
      try publish(rows)
    } else {
      try publish(rows)
      try connection.run(mark)
      try connection.run("COMMIT")
    }
    return rows.count
  }
}
