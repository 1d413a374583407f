import Basics
import Foundation
import Migration

/// Publishes an outbox by polling, under load and kills, and counts what consumers get.
package enum RelayTrial {
  /// Transactions that publish at the same time.
  private static let writers = 4
  /// Aggregates all events are about; few, so that each has many.
  private static let aggregates: UInt64 = 20
  /// How many relays work side by side.
  private static let relays = 3

  /// Runs one trial to its end: `request.changes` events, at least.
  package static func run(_ request: TrialRequest, kind: RelayKind) throws -> RehearsalCounts {
    let trial = try Trial(request)
    defer { trial.end() }
    let words = trial.words
    let layout = PolledOutbox(kind: words.kind)
    for statement in layout.tables { try trial.machine.query(statement, on: .source) }
    let settings = "\(trial.machine.folder)/relay.json"
    JSONFile.write(layout.settings, to: settings)
    let orders = "\(trial.machine.folder)/orders.json"
    JSONFile.write(WriterOrder(side: 0, pauseMicroseconds: 0, outbox: layout.outbox), to: orders)
    try startWriters(trial, orders: orders)
    // A backlog: relays that wait for events do not get in each other's way.
    let backlog = kind == .lastSeen ? 0 : request.changes / 2
    try trial.wait(seconds: 30) { try layout.count(trial) >= backlog }
    let broker = "\(trial.machine.folder)/broker.jsonl"
    for number in 0..<(kind == .lastSeen ? 1 : relays) {
      var job = WorkerJob(
        role: .relay, parent: getpid(), status: "\(trial.machine.folder)/relay-\(number).status")
      job.databases = [trial.machine.endpoint(.source)]
      job.relay = RelayTask(kind: kind, settings: settings, outbox: layout.outbox, broker: broker)
      try trial.machine.start("relay-\(number)", job)
    }
    try trial.soak(servers: [.source]) { try layout.count(trial) >= request.changes }
    JSONFile.write(WriterOrder(side: -1, pauseMicroseconds: 0, outbox: ""), to: orders)
    try drain(trial, layout, kind: kind, broker: broker)
    let committed = Set(
      try trial.machine.query("SELECT id FROM \(layout.outbox)", on: .source).rows.compactMap { $0[0] })
    var counts = EventAudit.of(broker, committed: committed)
    counts.changes = committed.count
    counts.kills = trial.kills
    return counts
  }

  private static func startWriters(_ trial: Trial, orders: String) throws {
    var random = SplitMix64(state: trial.request.seed)
    for number in 0..<writers {
      let transactions = (0..<(trial.request.changes * 4)).map { _ in
        ScriptedTransaction(
          statements: [], rollsBack: random.next(upperBound: 15) == 0,
          aggregate: "order:\(random.next(upperBound: aggregates))")
      }
      var job = WorkerJob(
        role: .writer, parent: getpid(), status: "\(trial.machine.folder)/writer-\(number).status")
      job.databases = [trial.machine.endpoint(.source)]
      job.writer = WriterTask(
        number: number, script: try trial.write(transactions, to: "events-\(number).jsonl"), orders: orders,
        preludes: [""])
      try trial.machine.start("writer-\(number)", job)
    }
  }

  /// Waits until the relays have nothing left to do, as they see it.
  private static func drain(_ trial: Trial, _ layout: PolledOutbox, kind: RelayKind, broker: String) throws {
    var size = -1
    var quiet = 0
    try trial.wait(seconds: 20) {
      usleep(50_000)
      let now = Programs.text(broker).utf8.count
      quiet = now == size ? quiet + 1 : 0
      size = now
      // What is marked is no proof for a relay that marks nothing.
      return try quiet > 10 && (kind == .lastSeen || layout.openCount(trial) == 0)
    }
  }
}

/// The outbox of a polling relay, laid out as plans do.
struct PolledOutbox {
  let kind: Endpoint.Kind

  /// How many relays can work side by side.
  private static let lanes = 32

  /// Quoted name of the outbox.
  var outbox: String { "\(ScratchBook.name).outbox" }
  private var laneTable: String { "\(ScratchBook.name).outbox_lane" }

  /// What makes it.
  var tables: [String] {
    let isMySQL = kind == .mariadb
    let engine = isMySQL ? " ENGINE = InnoDB" : ""
    let number =
      isMySQL ? "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY" : "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    let lane =
      isMySQL
      ? "crc32(aggregateid) % \(Self.lanes)"
      : "('x' || substr(md5(aggregateid), 1, 7))::bit(28)::int % \(Self.lanes)"
    let lanes = (0..<Self.lanes).map { "(\($0))" }.joined(separator: ", ")
    return [
      """
      CREATE TABLE \(outbox) (
        seq \(number), id char(36) NOT NULL UNIQUE, aggregatetype varchar(255) NOT NULL,
        aggregateid varchar(255) NOT NULL, type varchar(255) NOT NULL, payload \(isMySQL ? "json" : "jsonb") NOT NULL,
        lane smallint GENERATED ALWAYS AS (\(lane)) STORED, published_at \(isMySQL ? "datetime(6)" : "timestamptz") NULL
      )\(engine)
      """,
      "CREATE INDEX outbox_open ON \(outbox) (lane, published_at, seq)",
      "CREATE TABLE \(laneTable) (lane int NOT NULL PRIMARY KEY)\(engine)",
      "INSERT INTO \(laneTable) (lane) VALUES \(lanes)",
      "INSERT INTO \(ScratchBook.name).position (stream, file, offset_bytes, last_commit, last_index, duplicates, repeated) VALUES ('relay', 'cursor', 0, 0, 0, 0, 0)",
    ]
  }

  /// The settings of a relay, as plans write them.
  struct Settings: Encodable {
    var setup: [String]
    var candidates: String
    var lock: String
    var read: String
    var mark: String
  }

  /// The statements of the relay.
  var settings: Settings {
    let setup =
      kind == .postgres
      ? "SET default_transaction_isolation = 'read committed'"
      : "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
    return Settings(
      setup: [setup],
      candidates: "SELECT DISTINCT lane FROM \(outbox) WHERE published_at IS NULL ORDER BY lane",
      lock: "SELECT lane FROM \(laneTable) WHERE lane = %s FOR UPDATE SKIP LOCKED",
      read: "SELECT seq, id, aggregatetype, aggregateid, type, payload FROM \(outbox) "
        + "WHERE lane = %s AND published_at IS NULL ORDER BY seq LIMIT 100",
      mark: "UPDATE \(outbox) SET published_at = CURRENT_TIMESTAMP WHERE seq = %s AND published_at IS NULL")
  }

  func count(_ trial: Trial) throws -> Int {
    try trial.machine.query("SELECT count(*) FROM \(outbox)", on: .source).value.flatMap { Int($0) } ?? 0
  }

  func openCount(_ trial: Trial) throws -> Int {
    try trial.machine.query("SELECT count(*) FROM \(outbox) WHERE published_at IS NULL", on: .source).value
      .flatMap { Int($0) } ?? 0
  }
}
