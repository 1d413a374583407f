/// A table whose changes a stream carries.
struct CapturedTable: Hashable {
  let place: PlacedName
  /// The table as planned; nil for the migration's own.
  let table: PlannedTable?

  /// The key to send when the table has no primary one.
  var messageKey: [String]? { table.flatMap { $0.lacksPrimaryKey ? $0.key.columns : nil } }
}

/// One stream: the database whose log is read, the tables it carries and the names of what it sets up there.
struct CaptureSite {
  let context: GroupContext
  /// The side whose log is read.
  let side: PlanSide
  /// Tables whose rows the other side wants, in the order of the plan; the fence is among them on the way forward.
  let tables: [CapturedTable]
  /// Ends the names of files when a step has more than one form of the stream.
  var variant = ""

  /// Whether it carries the events of the outbox instead of rows.
  var isEvents = false

  var text: SQLText { context.text(on: side) }
  var names: ObjectNames { context.names }
  var isForward: Bool { side == .source }

  /// The tool that reads this side's log: what cannot read it, or cannot tell events from rows, is replaced by Debezium.
  var tool: CDCTool { text.isMySQL && !isEvents ? context.choices.cdc : .debezium }

  /// What the files of the stream are called.
  var label: String { name + variant }
  /// The name of the connector, instance or client.
  var name: String {
    isEvents ? names.eventConnector(on: side) : isForward ? names.connector : names.reverseConnector
  }
  var topicPrefix: String { isEvents ? name : isForward ? names.topicPrefix : names.reverseTopicPrefix }
  var slot: String { isEvents ? names.eventSlot(on: side) : isForward ? names.slot : names.reverseSlot }
  var publication: String {
    isEvents ? names.eventSlot(on: side) : isForward ? names.publication : names.reversePublication
  }
  /// Who logs in to read.
  var login: String { isEvents ? names.relayRole : names.captureRole }
  var signal: PlacedName { isForward ? context.signal : names.targetTable("cleave_signal") }
  var heartbeat: PlacedName {
    if isEvents { return EventLog(context: context).heartbeat(on: side) }
    return isForward ? context.heartbeat : names.targetTable("cleave_heartbeat")
  }
  /// The outbox of a stream of events.
  var outbox: PlacedName? { isEvents ? EventLog(context: context).outbox(on: side) : nil }
  /// The database a connector logs in to.
  var database: String { isForward ? context.databaseName : names.target }
  /// The schema of the control tables.
  var helper: String { isForward ? names.helper : names.target }

  /// The stream from the monolith's database into the service's own.
  ///
  /// - Parameter tables: what it carries; nil is everything the service needs.
  static func forward(
    _ context: GroupContext, tables: [PlannedTable]? = nil, variant: String = ""
  ) -> CaptureSite {
    CaptureSite(
      context: context, side: .source,
      tables: (tables ?? context.own + context.copies).map { CapturedTable(place: $0.source, table: $0) },
      variant: variant)
  }

  /// The stream back, from the service's own database into the old tables.
  static func reverse(_ context: GroupContext) -> CaptureSite {
    CaptureSite(
      context: context, side: .target, tables: context.own.map { CapturedTable(place: $0.target, table: $0) })
  }

  /// The stream of events out of the outbox: one of its own, as it stays when the migration is over.
  static func events(_ context: GroupContext, on side: PlanSide) -> CaptureSite {
    CaptureSite(context: context, side: side, tables: [], isEvents: true)
  }

  /// Tables of the tool itself: only Debezium keeps a heartbeat and is told by rows which tables to copy again.
  var control: [PlacedName] { tool == .debezium ? (isEvents ? [heartbeat] : [heartbeat, signal]) : [] }

  /// Every table whose changes reach the stream, data first.
  var included: [PlacedName] { tables.map(\.place) + control.reversed() + (outbox.map { [$0] } ?? []) }

  /// A name in the regular expressions of connector settings: `schema\.table` as the server holds it.
  func pattern(_ place: PlacedName) -> String { RegexText.escaped(plain(place)) }

  /// `schema.table` as the server holds it.
  func plain(_ place: PlacedName) -> String { "\(text.heldCase(place.schema)).\(text.heldCase(place.name))" }

  /// A name in signals: SQL Server and Oracle put the database in front.
  func collection(_ place: PlacedName) -> String {
    switch text.engine {
    case .postgres, .mysql, .mariadb: plain(place)
    case .sqlserver: "\(database).\(plain(place))"
    case .oracle: "\(OracleCapture.pluggable(self)).\(plain(place))"
    }
  }

  /// A number no other reader of the binary log is likely to use.
  var serverID: Int { names.serverID(name) }
}
