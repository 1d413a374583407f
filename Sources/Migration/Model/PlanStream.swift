package import Basics

/// A table's place in a database, for programs that carry a plan out.
package struct PlanPlace: Hashable, Sendable, Codable {
  /// Schema on PostgreSQL, database on MySQL.
  package let schema: String
  /// Name of the table.
  package let name: String

  /// A place.
  package init(schema: String, name: String) {
    self.schema = schema
    self.name = name
  }

  init(_ place: PlacedName) { self.init(schema: place.schema, name: place.name) }
}

/// The same thing in the old database and in the service's own.
package struct PlanPlacePair: Hashable, Sendable {
  /// In the old database.
  package let source: PlanPlace
  /// In the service's own database.
  package let target: PlanPlace
}

/// How the changes of one table travel: from where, through which stage, by which merge job.
package struct PlanChannel: Hashable, Sendable {
  /// The declared table.
  package let table: TableName
  /// The table whose changes are captured.
  package let from: PlanPlace
  /// The table the rows go to.
  package let data: PlanPlace
  /// Where changes land.
  package let stage: PlanPlace
  /// Version and tombstone per key; nil when the rows carry them.
  package let memory: PlanPlace?
  /// Path of the job that merges the stage into the rows.
  package let merge: String
  /// What identifies a row.
  package let key: [String]
  /// The columns that travel, the key included.
  package let columns: [String]
  /// Columns whose values are bytes.
  package let binaryColumns: [String]
}

/// A stream of changes of a group, in one direction.
package struct PlanStream: Hashable, Sendable {
  /// Where the changes are captured.
  package let from: PlanSide
  /// The replication slot, on engines that have them.
  package let slot: String
  /// The publication, on engines that have them.
  package let publication: String
  /// Name of its connector in the actions of the plan.
  package let connector: String
  /// Login of the applier.
  package let applyRole: String
  /// One channel a table.
  package let channels: [PlanChannel]
}

/// The events of one side, on their way out of its outbox.
package struct PlanEvents: Hashable, Sendable {
  /// Where the outbox is.
  package let side: PlanSide
  /// The replication slot, on engines that have them.
  package let slot: String
  /// The publication, on engines that have them.
  package let publication: String
  /// Name of its connector in the actions of the plan.
  package let connector: String
  /// The outbox.
  package let outbox: PlanPlace
  /// The inbox of consumers on that side.
  package let inbox: PlanPlace
}

/// Names and streams of a group, for programs that carry it out.
package struct PlanMove: Hashable, Sendable {
  /// Schema of the helper objects in the old database.
  package let helperSchema: String
  /// Schema of the service's own database.
  package let targetSchema: String
  /// The row that proves at the cutover that the stream has drained.
  package let fence: PlanPlace
  /// Events by side; empty when they do not leave by the log.
  package let events: [PlanEvents]
  /// The signal table of each side, whose rows travel with the stream.
  package let signals: PlanPlacePair
  /// From the monolith to the service: its tables, its copies, the fence.
  package let forward: PlanStream
  /// From the service back into the old tables.
  package let reverse: PlanStream
}

extension PlanMove {
  init(_ context: GroupContext, steps: [PlanStep]) {
    let names = context.names
    func path(_ table: PlannedTable, _ step: StepID, _ side: PlanSide) -> String {
      let name = "/job-merge-\(context.stem(table)).\(side.rawValue).sql"
      return steps.first { $0.id == step }?.artifacts.first { $0.path.hasSuffix(name) }?.path ?? ""
    }
    func channel(_ channel: ApplyChannel, from: PlacedName, merge: String) -> PlanChannel {
      let table = channel.table
      return PlanChannel(
        table: table.name, from: PlanPlace(from), data: PlanPlace(channel.data), stage: PlanPlace(channel.stage),
        memory: channel.memory.map { PlanPlace($0) }, merge: merge, key: table.key.columns, columns: table.columnNames,
        binaryColumns: table.columnNames.filter { table.kind(of: $0).isBytes })
    }
    let forward =
      context.own.map { ApplyChannel.forward($0, isCopy: false, context: context) }
      + context.copies.map { ApplyChannel.forward($0, isCopy: true, context: context) }
    let reverse = context.own.map { ApplyChannel.reverse($0, context: context) }
    self.init(
      helperSchema: names.helper, targetSchema: names.target, fence: PlanPlace(context.fence),
      events: Self.events(context),
      signals: PlanPlacePair(
        source: PlanPlace(context.signal), target: PlanPlace(names.targetTable("cleave_signal"))),
      forward: PlanStream(
        from: .source, slot: names.slot, publication: names.publication, connector: names.connector,
        applyRole: names.applyRole,
        channels: forward.map {
          channel($0, from: $0.table.source, merge: path($0.table, .capture, .target))
        }),
      reverse: PlanStream(
        from: .target, slot: names.reverseSlot, publication: names.reversePublication,
        connector: names.reverseConnector, applyRole: names.applyRole,
        channels: reverse.map { channel($0, from: $0.table.target, merge: path($0.table, .reverseSync, .source)) }))
  }

  private static func events(_ context: GroupContext) -> [PlanEvents] {
    guard context.outbox == .debezium else { return [] }
    let names = context.names
    return [PlanSide.source, .target].map { side in
      PlanEvents(
        side: side, slot: names.eventSlot(on: side), publication: names.eventSlot(on: side),
        connector: names.eventConnector(on: side), outbox: PlanPlace(EventLog(context: context).outbox(on: side)),
        inbox: PlanPlace(side == .source ? names.helperTable("inbox") : names.targetTable("inbox")))
    }
  }
}

extension ValueKind {
  /// Whether values are bytes or bits, which have no text of their own.
  fileprivate var isBytes: Bool {
    switch self {
    case .binary, .bits: true
    case .integer, .decimal, .money, .boolean, .float, .text, .padded, .plain, .json, .uuid, .date, .time, .timestamp,
      .timestampZone, .other:
      false
    }
  }
}
