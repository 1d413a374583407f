import Basics

/// Canal's client adapter: writes changes straight into the tables of the other database, without stages and versions.
struct CanalAdapter {
  let reader: CanalReader

  private var site: CaptureSite { reader.site }
  private var context: GroupContext { site.context }
  /// The database written to.
  private var goal: SQLText { site.isForward ? context.targetText : context.text }
  private var goalSide: PlanSide { site.isForward ? .target : .source }
  private static let key = "service"

  /// The adapter quotes names with the engine's quote but does not double it inside.
  private func isWritable(_ table: PlannedTable) -> Bool {
    let place = site.isForward ? table.target : table.source
    return ([place.schema, place.name, table.source.name] + table.columnNames).allSatisfy { name in
      !name.contains { "`\"".contains($0) }
    }
  }

  private var mapped: [PlannedTable] { site.tables.compactMap(\.table).filter(isWritable) }

  /// Launcher and one mapping per table, below the folder of the stream.
  func files() -> [(name: String, contents: String)] {
    [("\(site.label)/adapter/application.yml", launcher()), ("\(site.label)/adapter/es8/example.yml.txt", search())]
      + mapped.map { ("\(site.label)/adapter/rdb/\(context.stem($0)).yml", mapping($0)) }
  }

  private func launcher() -> String {
    let source =
      "jdbc:mysql://\(site.side.rawValue)-db:3306/\(site.tables.first?.place.schema ?? "")?useUnicode=true&characterEncoding=UTF-8"
    let adapter: YAMLNode = .map([
      ("name", .text("rdb")), ("key", .text(Self.key)),
      (
        "properties",
        .map([
          ("jdbc.driverClassName", .text(driver)), ("jdbc.url", .text(url)),
          ("jdbc.username", .text(site.names.applyRole)),
          ("jdbc.password", .text("${CLEAVE_APPLY_PASSWORD}")), ("druid.stat.enable", .text("false")),
          // More threads would let changes of one row pass each other.
          ("threads", .text("1")),
        ])
      ),
    ])
    return YAMLText.document(
      .map([
        ("server", .map([("port", .number(8081))])),
        (
          "canal.conf",
          .map([
            ("mode", .text("tcp")), ("flatMessage", .flag(true)), ("syncBatchSize", .number(1000)),
            // Any other number drops a message that failed so often.
            ("retries", .number(-1)), ("terminateOnException", .flag(true)), ("timeout", .number(500)),
            (
              "consumerProperties",
              .map([
                ("canal.tcp.server.host", .text("canal:11111")), ("canal.tcp.batch.size", .number(500)),
                ("canal.tcp.username", .text("")), ("canal.tcp.password", .text("")),
              ])
            ),
            (
              "srcDataSources",
              .map([
                (
                  "source",
                  .map([
                    ("url", .text(source)), ("username", .text(site.names.captureRole)),
                    ("password", .text("${CLEAVE_\(site.side.rawValue.uppercased())_PASSWORD}")),
                  ])
                )
              ])
            ),
            (
              "canalAdapters",
              .list([
                .map([
                  ("instance", .text(reader.destination)),
                  ("groups", .list([.map([("groupId", .text("g1")), ("outerAdapters", .list([adapter]))])])),
                ])
              ])
            ),
          ])
        ),
      ]))
  }

  private var driver: String {
    switch goal.engine {
    case .mysql, .mariadb: "com.mysql.cj.jdbc.Driver"
    case .postgres: "org.postgresql.Driver"
    case .sqlserver: "com.microsoft.sqlserver.jdbc.SQLServerDriver"
    case .oracle: "oracle.jdbc.OracleDriver"
    }
  }

  private var url: String {
    let host = "\(goalSide.rawValue)-db"
    let database = goalSide == .target ? site.names.target : context.databaseName
    switch goal.engine {
    case .mysql, .mariadb: return "jdbc:mysql://\(host):3306/\(database)?useUnicode=true&characterEncoding=UTF-8"
    case .postgres: return "jdbc:postgresql://\(host):5432/\(database)"
    case .sqlserver: return "jdbc:sqlserver://\(host):1433;databaseName=\(database)"
    case .oracle: return "jdbc:oracle:thin:@//\(host):1521/\(database)"
    }
  }

  private func mapping(_ table: PlannedTable) -> String {
    let from = site.isForward ? table.source : table.target
    let to = site.isForward ? table.target : table.source
    func same(_ columns: [String]) -> YAMLNode { .map(columns.map { ($0, .text($0)) }) }
    return YAMLText.document(
      .map([
        ("dataSourceKey", .text("source")), ("destination", .text(reader.destination)), ("groupId", .text("g1")),
        ("outerAdapterKey", .text(Self.key)), ("concurrent", .flag(false)),
        (
          "dbMapping",
          .map([
            ("mirrorDb", .flag(false)), ("database", .text(from.schema)), ("table", .text(from.name)),
            ("targetDb", .text(to.schema)), ("targetTable", .text(to.name)), ("targetPk", same(table.key.columns)),
            ("mapAll", .flag(false)), ("targetColumns", same(table.columnNames)), ("readBatch", .number(5000)),
            ("commitBatch", .number(5000)),
          ])
        ),
      ]))
  }

  /// A search index is nothing the plan can justify from the code: the lines are there for who wants one.
  private func search() -> String {
    guard let table = mapped.first else { return "# no table\n" }
    let columns = table.columnNames.map { "a.\($0)" }.joined(separator: ", ")
    let lines = [
      "A search index fed by the same stream: rename to es8/NAME.yml, take the comment signs away and add an outer adapter",
      "es8 to application.yml. Its SQL takes one main table without WHERE, and LEFT JOIN on equal keys only.",
      "dataSourceKey: source", "destination: \(reader.destination)", "groupId: g1", "outerAdapterKey: search",
      "esMapping:", "  _index: \(context.stem(table))", "  _id: _id", "  upsert: true",
      "  sql: \(JSONText.string("select a.\(table.key.columns[0]) as _id, \(columns) from \(table.source.name) a"))",
      "  commitBatch: 3000",
    ]
    return lines.map { goal.comment($0).replacing("-- ", with: "# ", maxReplacements: 1) }.joined(separator: "\n")
      + "\n"
  }

  /// The rows that were there before are copied by the adapter itself, before it applies the first change.
  func copy(into draft: inout StepDraft) {
    draft.add("position.\(site.side.rawValue).sql", BinlogPosition(site: site).record())
    guard site.isForward else {
      draft.act(.manual("start the client adapter of \(site.name)"))
      return
    }
    let requests = mapped.map { "curl -fsS -X POST http://adapter:8081/etl/rdb/\(Self.key)/\(context.stem($0)).yml" }
    let script = draft.add(
      "etl.sh",
      """
      #!/bin/sh
      # After position.source.sql was run and Canal stands at that position. The stream of the adapter is off meanwhile:
      # a copied row must not overwrite a later change. It is switched on at the end and repeats what was copied.
      set -eu
      curl -fsS -X PUT http://adapter:8081/syncSwitch/\(reader.destination)/off
      \(requests.joined(separator: "\n"))
      curl -fsS -X PUT http://adapter:8081/syncSwitch/\(reader.destination)/on
      """)
    draft.act(.manual("run sh \(script): it copies the rows that were there before, then lets the changes in"))
  }

  var risks: [PlanRisk] {
    var risks = [
      PlanRisk(
        code: "canal-adapter",
        text:
          "without a broker the client adapter writes straight into the tables: no versions, no tombstones, no stages, an insert that is repeated is "
          + "passed over by the text of the error; a gate that counts stages holds at once, so the comparison of S7 is what tells",
        evidence: [])
    ]
    let refused = site.tables.compactMap(\.table).filter { !isWritable($0) }
    if !refused.isEmpty {
      risks.append(
        PlanRisk(
          code: "canal-adapter-names",
          text:
            "the client adapter cannot write names with quotes: choose a broker, or nothing feeds \(refused.map(\.name.text).joined(separator: ", "))",
          evidence: refused.map(\.span).sorted()))
    }
    return risks
  }
}
