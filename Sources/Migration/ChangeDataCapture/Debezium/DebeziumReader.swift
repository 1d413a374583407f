import Basics

/// Debezium: a connector of Kafka Connect, a server of its own or an engine inside the applier, by broker.
struct DebeziumReader: LogReader {
  let site: CaptureSite
  let snapshot: String

  private var broker: Broker { site.context.broker }
  private var text: SQLText { site.text }

  func files() -> [(name: String, contents: String)] {
    let server = DebeziumServerFile(site: site, snapshot: snapshot)
    if let properties = server.properties() { return [("\(site.label)/application.properties", properties)] }
    let json = ("\(site.label).json", ConnectorFile(site: site, snapshot: snapshot).json())
    return broker == .none ? [json, ("\(site.label).engine.properties", server.engine())] : [json]
  }

  func start(_ main: String) -> PlanAction {
    switch broker {
    case .kafka: .connect(path: main)
    case .redis, .rocketmq:
      .manual("start Debezium Server with \(main) as conf/application.properties; one process, watched by a supervisor")
    case .none: .manual("start the applier with the engine inside it, on \(main) and the engine.properties beside it")
    }
  }

  func change(_ main: String) -> PlanAction {
    switch broker {
    case .kafka: .reconfigure(name: site.name, path: main)
    case .redis, .rocketmq: .manual("stop Debezium Server \(site.name), put \(main) in its place and start it again")
    case .none: .manual("stop the engine \(site.name), put \(main) in its place and start it again")
    }
  }

  func stop() -> PlanAction {
    switch broker {
    case .kafka: .disconnect(name: site.name)
    case .redis, .rocketmq: .manual("stop Debezium Server \(site.name) and delete its offsets and schema history")
    case .none: .manual("stop the engine \(site.name) and delete its offsets and schema history")
    }
  }

  func jobs() -> [(name: String, sql: String)] {
    let setup = CaptureSetup(site: site)
    let copied = site.tables.compactMap(\.table).filter { $0.source != site.context.fence }
    var jobs = [("lag", setup.lagQuery())]
    if site.isForward { jobs.insert(("snapshot", setup.snapshotSignal(tables: copied)), at: 0) }
    if text.engine == .sqlserver { jobs.append(("schema-change", SQLServerCapture(site: site).schemaChange())) }
    return jobs
  }

  func copy(into draft: inout StepDraft) {}

  var preconditions: [String] {
    let name = site.names.captureRole
    switch text.engine {
    case .postgres:
      return [
        "the login \(name) has a password known to the connector only, and pg_hba.conf lets it in to the database itself: the word replication there is for physical streams"
      ]
    case .mysql, .mariadb: return ["the login \(name) has a password known to the connector only"]
    case .sqlserver:
      return [
        "the login \(name) has a password known to the connector only",
        "SQL Server Agent runs: without it the change tables stay empty",
      ]
    case .oracle:
      return [
        "logminer-user.\(site.side.rawValue).sql was run in the root container",
        "no captured table changes its columns while the stream runs: the online catalog knows today's columns only",
      ]
    }
  }

  func topic(_ place: PlacedName) -> String {
    text.engine == .sqlserver
      ? "\(site.topicPrefix).\(site.database).\(site.plain(place))" : "\(site.topicPrefix).\(site.plain(place))"
  }

  var shape: MessageShape {
    let place =
      switch broker {
      case .kafka, .none: "the value of the record; the key holds the key columns"
      case .redis: "field value of the stream entry; field key holds the key columns"
      case .rocketmq: "the body of the message; KEYS holds the key columns"
      }
    return MessageShape(
      version: version,
      mapping: [
        ("message", place), ("operation", "op: r and c insert, u updates, d deletes"),
        ("row", "after; for d only the key, from before"),
        ("absent", "__debezium_unavailable_value means: keep what the copy has"),
      ],
      rules: [
        "a changed key arrives as a delete and an insert", "ignore topics of the signal and heartbeat tables",
        "ignore messages without a value: they let topics be compacted",
        "to repair rows: delete them from the table and its memory, then signal a snapshot",
      ])
  }

  /// Larger for later changes of the same row: its lock orders them, so the place of the change in the log does too.
  private var version: String {
    switch text.engine {
    case .postgres: "source.lsn; 0 for snapshot rows (op r), also when an incremental snapshot leaves lsn empty"
    case .mysql, .mariadb:
      "number in source.file * 10^22 + source.pos * 10^6 + source.row; 0 for snapshot rows (op r)"
    case .sqlserver:
      "source.change_lsn as one hexadecimal number without its colons * 10^12 + source.event_serial_no; 0 for snapshot rows (op r)"
    case .oracle:
      "source.scn * 10^18 + second part of source.rs_id * 10^8 + third part * 10^3 + source.ssn, the parts of rs_id as hexadecimal numbers; 0 for snapshot rows (op r)"
    }
  }

  var risks: [PlanRisk] {
    var risks: [PlanRisk] = []
    if broker == .rocketmq {
      risks.append(
        PlanRisk(
          code: "rocketmq-sink-order",
          text:
            "the RocketMQ sink of Debezium Server sends without waiting for the message before: a send that is tried again may pass "
            + "a later one of the same key; copies are guarded by versions, consumers of outbox events are not, and a failed send can "
            + "stop it without ending the process: watch the lag", evidence: []))
    }
    // Its parser of statements ends a quoted name at the first backtick.
    let unreadable = site.tables.compactMap(\.table).filter { table in
      text.isMySQL && ([table.source.name] + table.columnNames).contains { $0.contains("`") }
    }
    if !unreadable.isEmpty {
      risks.append(
        PlanRisk(
          code: "debezium-backticks",
          text:
            "Debezium does not read statements with a backtick inside a name and ends with an error: rename before S6, or choose another reader, for "
            + unreadable.map(\.name.text).joined(separator: ", "), evidence: unreadable.map(\.span).sorted()))
    }
    if text.engine == .oracle {
      risks.append(
        PlanRisk(
          code: "oracle-columns",
          text: "changes are read with today's columns: a table altered while the stream runs has to be copied again",
          evidence: []))
    }
    return risks
  }
}
