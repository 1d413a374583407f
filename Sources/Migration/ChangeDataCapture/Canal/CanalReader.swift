/// Canal: reads the binary log as a replica and writes JSON to Kafka or RocketMQ, or feeds a client adapter.
struct CanalReader: LogReader {
  let site: CaptureSite

  private var names: ObjectNames { site.names }
  private var broker: Broker { site.context.broker }
  /// The instance, which is the name of its folder too.
  var destination: String { site.name }

  func files() -> [(name: String, contents: String)] {
    var files = [
      ("\(site.label)/\(destination)/instance.properties", instance()), ("\(site.label)/canal.properties", server()),
    ]
    if broker == .none { files += CanalAdapter(reader: self).files() }
    return files
  }

  // MARK: Server

  private func server() -> String {
    let mode =
      switch broker {
      case .kafka: "kafka"
      case .rocketmq: "rocketMQ"
      case .redis, .none: "tcp"
      }
    return PropertiesText.document(
      [
        ("canal.serverMode", mode), ("canal.port", "11111"), ("canal.metrics.pull.port", "11112"),
        ("canal.admin.port", "11110"), ("canal.destinations", destination), ("canal.conf.dir", "../conf"),
        ("canal.auto.scan", "false"), ("canal.auto.reset.latest.pos.mode", "false"),
        ("canal.instance.global.mode", "spring"), ("canal.instance.global.lazy", "false"),
        ("canal.instance.global.spring.xml", "classpath:spring/file-instance.xml"),
        ("canal.file.data.dir", "${canal.conf.dir}"), ("canal.file.flush.period", "1000"),
      ] + timeline() + output(),
      comment: "conf/canal.properties; the file shipped with Canal is replaced by this one\n"
        + "position and schemas are kept below conf/\(destination): a disk that outlives the process")
  }

  /// Which columns tables had when: without it rows written before an ALTER TABLE cannot be read.
  private func timeline() -> [(key: String, value: String)] {
    [
      ("canal.instance.tsdb.enable", "true"),
      ("canal.instance.tsdb.dir", "${canal.file.data.dir:../conf}/${canal.instance.destination:}"),
      ("canal.instance.tsdb.url", "jdbc:h2:${canal.instance.tsdb.dir}/h2;CACHE_SIZE=1000;MODE=MYSQL;"),
      ("canal.instance.tsdb.dbUsername", "canal"), ("canal.instance.tsdb.dbPassword", "canal"),
      ("canal.instance.tsdb.spring.xml", "classpath:spring/tsdb/h2-tsdb.xml"),
      ("canal.instance.tsdb.snapshot.interval", "24"), ("canal.instance.tsdb.snapshot.expire", "360"),
    ]
  }

  private func output() -> [(key: String, value: String)] {
    let common = [
      ("canal.mq.flatMessage", "true"), ("canal.mq.canalBatchSize", "50"), ("canal.mq.canalGetTimeout", "100"),
      ("canal.mq.database.hash", "true"),
    ]
    switch broker {
    case .kafka:
      return common + [
        ("kafka.bootstrap.servers", "kafka:9092"), ("kafka.acks", "all"), ("kafka.retries", "1000000"),
        ("kafka.max.in.flight.requests.per.connection", "1"), ("kafka.max.request.size", "10485760"),
        ("kafka.compression.type", "none"),
      ]
    case .rocketmq:
      return common + [
        ("rocketmq.producer.group", "\(site.name)-producer"), ("rocketmq.namesrv.addr", "rocketmq:9876"),
        ("rocketmq.retry.times.when.send.failed", "10"), ("rocketmq.enable.message.trace", "false"),
      ]
    case .redis, .none: return []
    }
  }

  // MARK: Instance

  private func instance() -> String {
    PropertiesText.document(
      [
        ("canal.instance.mysql.slaveId", String(site.serverID)), ("canal.instance.gtidon", "false"),
        ("canal.instance.master.address", "\(site.side.rawValue)-db:3306"),
        ("canal.instance.master.journal.name", "${CLEAVE_BINLOG_FILE}"),
        ("canal.instance.master.position", "${CLEAVE_BINLOG_POSITION}"),
        ("canal.instance.master.sslMode", "PREFERRED"), ("canal.instance.dbUsername", names.captureRole),
        ("canal.instance.dbPassword", "${CLEAVE_\(site.side.rawValue.uppercased())_PASSWORD}"),
        ("canal.instance.connectionCharset", "UTF-8"), ("canal.instance.enableDruid", "false"),
        ("canal.instance.filter.regex", site.included.map(pattern).joined(separator: ",")),
        ("canal.instance.filter.black.regex", #"mysql\..*"#), ("canal.instance.filter.query.dml", "true"),
        ("canal.instance.filter.query.ddl", "false"), ("canal.instance.filter.table.error", "false"),
        ("canal.instance.filter.rows", "false"), ("canal.instance.binlog.format", "ROW"),
        ("canal.instance.binlog.image", "FULL"), ("canal.instance.tsdb.enable", "true"),
        ("canal.instance.transaction.size", "1024"),
      ] + topics(),
      comment: "conf/\(destination)/instance.properties\n"
        + "file and position as position.\(site.side.rawValue).sql printed them before any row was copied: left empty, Canal begins\n"
        + "at the end of the log; after the first start it goes on from its own meta.dat")
  }

  private func topics() -> [(key: String, value: String)] {
    guard broker == .kafka || broker == .rocketmq else { return [] }
    let topics = site.included.map { "\(topic($0)):\(pattern($0))" }
    return [
      ("canal.mq.topic", "\(site.topicPrefix)_other"), ("canal.mq.dynamicTopic", topics.joined(separator: ",")),
      ("canal.mq.partitionsNum", "8"), ("canal.mq.partitionHash", hashes().joined(separator: ",")),
    ]
  }

  /// What decides the partition of a change: tables not named would all go to the first one.
  private func hashes() -> [String] {
    site.tables.map { captured in
      let key = captured.table?.key.columns ?? ["id"]
      // The characters that separate parts of the list cannot be escaped.
      let isPlain = key.allSatisfy { column in !column.contains { ",:^$".contains($0) } }
      return "\(pattern(captured.place)):\(isPlain ? key.joined(separator: "^") : "$pk$")"
    }
  }

  /// The regular expression for a table.
  ///
  /// Canal compares it with the name in lower case, so capitals in it would match nothing at all; characters that
  /// separate items of a list match as any character.
  func pattern(_ place: PlacedName) -> String {
    var pattern = RegexText.escaped("\(place.schema).\(place.name)".lowercased())
    for separator in ["\\,", ";", ":"] { pattern = pattern.replacing(separator, with: ".") }
    return pattern
  }

  // MARK: Life

  /// Whether a client adapter writes into the other database, past the stages.
  var appliesItself: Bool { broker == .none }

  func start(_ main: String) -> PlanAction {
    .manual(
      "run position.\(site.side.rawValue).sql, export CLEAVE_BINLOG_FILE and CLEAVE_BINLOG_POSITION, and start Canal with the folder of "
        + "\(main) as conf/\(destination)"
        + (appliesItself ? "; the client adapter stays off until the rows are copied" : ""))
  }

  func change(_ main: String) -> PlanAction {
    .manual(
      "put \(main) in the place of conf/\(destination)/instance.properties and restart Canal: it goes on where it stopped"
    )
  }

  func stop() -> PlanAction {
    .manual(
      "stop Canal \(destination)\(appliesItself ? ", its client adapter" : "") and delete conf/\(destination): its place in the log and its schemas belong together"
    )
  }

  func jobs() -> [(name: String, sql: String)] { [("lag", BinlogPosition(site: site).connected())] }

  func copy(into draft: inout StepDraft) {
    if appliesItself { return CanalAdapter(reader: self).copy(into: &draft) }
    if site.isForward { return RowCopy(site: site).add(to: &draft) }
    draft.add("position.\(site.side.rawValue).sql", BinlogPosition(site: site).record())
  }

  var preconditions: [String] {
    [
      "the login \(names.captureRole) has a password known to Canal only",
      "the metric canal_instance_traffic_delay of port 11112 has an alarm: the database does not show the lag",
    ]
  }

  func topic(_ place: PlacedName) -> String {
    let table = site.tables.first { $0.place == place }?.table
    // Dots are no part of the names Canal makes.
    return "\(site.topicPrefix)_\(table.map(site.context.stem) ?? Naming.stem(place.name))"
  }

  var shape: MessageShape {
    let offset = broker == .rocketmq ? "queueOffset of the message" : "offset of the record"
    return MessageShape(
      version: "\(offset) * 10^6 + place of the row in data; 0 for rows copied by backfill.sh",
      mapping: [
        ("message", "the body, JSON (FlatMessage); it has no key"),
        (
          "operation",
          "type: INSERT inserts, UPDATE updates, DELETE deletes; isDdl stops the applier until somebody has looked"
        ),
        ("row", "each element of data: all columns, every value a text; for UPDATE old holds what changed"),
        ("absent", "nothing: rows are logged whole (binlog_row_image FULL)"),
        ("bytes", "a character of a binary column is one byte (ISO-8859-1)"),
      ],
      rules: [
        "never take es or ts as version: a statement that waited for a lock carries an older time than the change before it",
        "never change the number of partitions while the stream runs: offsets of one partition order the changes of a row",
        "a topic made anew begins at offset 0: set cleave_version of the copies to 0 first, as for a new source",
        "an update of key columns may go to another partition: delete the key in old and insert the new row, then compare (S7)",
        "a transaction may be cut into several messages",
        "to repair rows: delete them from the table and its memory, then run backfill.sh for that table",
      ])
  }

  var risks: [PlanRisk] {
    var risks = [
      PlanRisk(
        code: "canal-key-changes",
        text:
          "Canal spreads an update by its new key: the delete of the old key and changes after it may be applied in another order; "
          + "keys of these tables must not change while the stream runs", evidence: [])
    ]
    if site.text.engine == .mariadb {
      risks.append(
        PlanRisk(
          code: "canal-mariadb",
          text:
            "Canal is made for MySQL and known to read MariaDB up to 10.0 only: choose --cdc debezium unless a trial on a copy was clean",
          evidence: []))
    }
    if appliesItself { risks += CanalAdapter(reader: self).risks }
    return risks
  }
}
