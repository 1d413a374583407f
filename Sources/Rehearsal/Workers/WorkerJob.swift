import Foundation

/// What a process of a rehearsal is told to do, as a file.
package struct WorkerJob: Hashable, Sendable, Codable {
  /// What a process does.
  package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    /// Ends servers and removes the folder when the rehearsal is gone.
    case watchdog
    /// Runs transactions.
    case writer
    /// Reads the log into a topic.
    case capture
    /// Copies rows into a topic.
    case backfill
    /// Moves a topic into a database.
    case applier
    /// Writes to two databases without a plan.
    case dualWriter
    /// Publishes an outbox by polling it.
    case relay
  }

  /// What it does.
  package var role: Role
  /// The process that started it; it ends when that one is gone.
  package var parent: Int32
  /// Where it keeps its status.
  package var status: String
  /// Where it works: the writer on either side, capture and copying on the first, the applier on the second.
  package var databases: [Endpoint] = []
  /// The folder to remove, of the watchdog.
  package var folder = ""
  /// The script of a writer.
  package var writer: WriterTask?
  /// What is captured or copied.
  package var stream: StreamTask?
  /// The engine that captures in place of the program itself.
  package var engine: EngineTask?
  /// What a writer without a plan runs.
  package var dualWrite: DualWriteTask?
  /// What a relay publishes.
  package var relay: RelayTask?
}

/// What a writer runs.
package struct WriterTask: Hashable, Sendable, Codable {
  /// Its number among all writers.
  package var number: Int
  /// File with its transactions, one JSON object a line.
  package var script: String
  /// File that says where to write or to pause, a `WriterOrder`.
  package var orders: String
  /// Statements at the start of a session, per side.
  package var preludes: [String]
}

/// Where writers write, and whether at all.
package struct WriterOrder: Hashable, Sendable, Codable {
  /// Index into the databases of the writer; negative to pause.
  package var side: Int
  /// Transactions between two looks at the clock; slows writers down.
  package var pauseMicroseconds: Int
  /// The outbox to publish to; empty for none.
  package var outbox: String
}

/// A transaction as a writer's script holds it.
package struct ScriptedTransaction: Hashable, Sendable, Codable {
  /// Statements in order.
  package var statements: [String]
  /// Whether the program changes its mind at the end.
  package var rollsBack: Bool
  /// What its event is about; empty for none.
  package var aggregate: String
}

/// What a process of the Debezium engine runs.
package struct EngineTask: Hashable, Sendable, Codable {
  /// What starts the process, without its job.
  package var command: [String]
  /// The plan's connector file.
  package var connector = ""
  /// Whether the connector is run for a moment only, with a slot of its own, so that the next one starts fast.
  package var isWarmUp = false
  /// Where the server listens on the loopback device.
  package var port = 0
  /// The database.
  package var database = ""
  /// What the login of the connector was given as a password.
  package var password = ""
}

/// A table of a stream, as capture and applier need it.
package struct StreamTable: Hashable, Sendable, Codable {
  /// Where changes come from.
  package var fromSchema: String
  /// Name of the table changes come from.
  package var fromTable: String
  /// Quoted name of the stage.
  package var stage: String
  /// The merge job.
  package var merge: String
  /// What identifies a row.
  package var key: [String]
  /// Columns that travel, the key included.
  package var columns: [String]
  /// Columns whose values are bytes.
  package var binaryColumns: [String]
}

/// One direction of a group.
package struct StreamTask: Hashable, Sendable, Codable {
  /// Name of the stream, for its positions.
  package var name: String
  /// Replication slot, on PostgreSQL.
  package var slot: String
  /// Publication, on PostgreSQL.
  package var publication: String
  /// Folder of the topic files.
  package var topic: String
  /// Tables that travel.
  package var tables: [StreamTable]
  /// The outbox, as `schema` and `name`; empty for none.
  package var outbox: [String]
  /// Quoted name of the inbox where the applier works; empty for none.
  package var inbox: String
  /// The table whose rows mark a place in the stream, as `schema` and `name`.
  package var mark: [String]
  /// A number no other reader of a binary log uses.
  package var serverID: UInt32
  /// What the applier is made to do wrong, for tests.
  package var fault: ApplierFault?
}

/// A mistake an applier is made to make, to see that it is found.
package enum ApplierFault: String, Hashable, Sendable, Codable, CaseIterable {
  /// The position is stored before the rows.
  case positionBeforeRows
  /// Versions are not looked at: whatever comes last stays.
  case noVersionGuard
  /// Deletes are dropped.
  case ignoresDeletes
}

/// What a process says about itself, written from time to time.
package struct WorkerStatus: Hashable, Sendable, Codable {
  /// Units of work done since it started.
  package var done = 0
  /// Whether it has nothing to do at the moment.
  package var isIdle = false
  /// Whether it will never have anything to do again.
  package var isFinished = false
  /// Seconds between commit and arrival, summed up.
  package var lagSum = 0.0
  /// How many changes that is the sum of.
  package var lagCount = 0
  /// The longest of them.
  package var lagMax = 0.0
  /// Copied rows taken over by an applier.
  package var copied = 0
  /// Seconds that took.
  package var copySeconds = 0.0
  /// Statements the database refused.
  package var refused = 0
  /// The last refusal.
  package var lastRefusal = ""
  /// The order the process works by, as its place in the row of orders.
  package var side = 0
  /// Seconds between the first refusal by a lock and the first commit after it.
  package var blocked = 0.0
  /// When the first transaction after the last order was committed, in microseconds since 1970; 0 before.
  package var firstCommit: Int64 = 0
  /// Microseconds since 1970.
  package var at: Int64 = 0

  /// Nothing done.
  package init() {}
}

/// Files of JSON, replaced whole.
enum JSONFile {
  static func read<Value: Decodable>(_ path: String, as type: Value.Type) -> Value? {
    (try? Data(contentsOf: URL(fileURLWithPath: path))).flatMap { try? JSONDecoder().decode(type, from: $0) }
  }

  static func write(_ value: some Encodable, to path: String) {
    guard let data = try? JSONEncoder().encode(value) else { return }
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
