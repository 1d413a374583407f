import Basics
import SQL

/// The read models of a service: scripts, the queries over them, and what feeds them.
struct ReadModels {
  let context: GroupContext

  private var text: SQLText { context.targetText }

  /// The models, in order of place.
  var models: [ReadModel] {
    context.queries.filter { $0.composition == nil && $0.rule != "R3c" }.map { ReadModel(query: $0, context: context) }
  }

  /// Copies some model reads, sorted by name, each with the models that do.
  private var copies: [(table: PlannedTable, models: [ReadModel])] {
    var users: [TableName: [ReadModel]] = [:]
    for model in models { for table in model.copies { users[table.name, default: []].append(model) } }
    return context.replicas.filter { users[$0.name] != nil }.sorted { $0.name < $1.name }
      .map { ($0, users[$0.name] ?? []) }
  }

  // MARK: Scripts

  /// Scripts with the names of their files, in the order they run.
  func scripts() -> [(name: String, script: Script)] {
    var scripts: [(name: String, script: Script)] = []
    let indexes = indexes()
    if !indexes.isEmpty {
      scripts.append(
        (
          "read-model-indexes",
          Script(
            up: indexes.map { "CREATE INDEX \(text.name($0.name)) ON \(text.table($0.table.target)) (\($0.columns));" }
              .joined(separator: "\n"),
            down: indexes.reversed().map { drop($0.name, on: $0.table.target) }.joined(separator: "\n"))
        ))
    }
    let live = copies.filter { _, models in
      models.contains { if case .view = $0.form { false } else { true } }
    }.map(\.table)
    for table in live { scripts.append(("live-\(context.stem(table))", liveScript(table))) }
    for model in models {
      guard case .view(let shape) = model.form else { continue }
      scripts.append(("read-model-\(model.query.name)", granted(model.script(shape), model.view)))
    }
    return scripts
  }

  private func liveScript(_ table: PlannedTable) -> Script {
    let view = ReadModel.liveView(table, context)
    return granted(
      Script(
        up: text.comment("rows of the copy of \(table.name.text) that are not deleted") + "\n"
          + text.view(
            view,
            as: """
              SELECT \(text.columns(table.columns.map(\.name)))
              FROM \(text.table(table.target)) c
              WHERE \(ReadModel.isLive("c", text))
              """),
        down: "DROP VIEW \(text.table(view));"), view)
  }

  /// Readers of the service may read the view.
  private func granted(_ script: Script, _ view: PlacedName) -> Script {
    let roles = [context.names.readWriteRole, context.names.readOnlyRole]
    return Script(
      up: script.up + "\n" + roles.map { text.grant("SELECT", on: text.table(view), to: $0) }.joined(separator: "\n"),
      down: roles.map { text.revoke("SELECT", on: text.table(view), from: $0) }.joined(separator: "\n") + "\n"
        + script.down)
  }

  private struct Index {
    let name: String
    let table: PlannedTable
    let columns: String
  }

  /// Indexes on what joins and filters look copies up by, beyond their keys.
  private func indexes() -> [Index] {
    var found: [Index] = []
    for (table, models) in copies {
      var columns: Set<String> = []
      for model in models {
        guard let shape = model.query.shape else { continue }
        for (source, part) in shape.sources.enumerated() where part.table == table.name {
          let ties = (shape.filters + shape.sources.flatMap(\.conditions)).filter { $0.equality != nil }
          columns.formUnion(ties.flatMap { $0.columns(of: source) }.map(context.held))
        }
      }
      for column in table.columns where columns.contains(column.name) && table.key.columns.first != column.name {
        guard let part = indexed(column) else { continue }
        found.append(
          Index(name: Naming.shortened("rm_\(table.target.name)_\(column.name)"), table: table, columns: part))
      }
    }
    return found
  }

  /// The column as part of an index; nil when the engine can not index its type.
  private func indexed(_ column: PlannedColumn) -> String? {
    switch column.type.kind {
    case .json, .other, .plain, .binary, .bits: return nil
    case .integer, .decimal, .money, .boolean, .float, .text, .padded, .uuid, .date, .time, .timestamp,
      .timestampZone:
      break
    }
    guard column.type.maxBytes == nil || column.type.maxBytes.map({ $0 > 1020 }) ?? false else {
      return text.name(column.name)
    }
    switch text.engine {
    case .postgres: return column.type.maxBytes == nil ? nil : text.name(column.name)
    case .mysql, .mariadb: return "\(text.name(column.name))(191)"
    case .sqlserver, .oracle: return nil
    }
  }

  private func drop(_ index: String, on table: PlacedName) -> String {
    switch text.engine {
    case .postgres, .oracle: "DROP INDEX \(text.table(PlacedName(schema: table.schema, name: index)));"
    case .mysql, .mariadb, .sqlserver: "DROP INDEX \(text.name(index)) ON \(text.table(table));"
    }
  }

  /// Jobs that empty a copy before it is filled again, by the stem of its table.
  func rebuildJobs() -> [(name: String, sql: String)] {
    copies.map { table, _ in
      (
        "rebuild-\(context.stem(table))",
        """
        \(text.comment("empties the copy of \(table.name.text); only while no read is answered from it, see read-models.yaml"))
        DELETE FROM \(text.table(table.target));
        """
      )
    }
  }

  // MARK: Document

  /// `read-models.yaml`.
  func document() -> String {
    YAMLText.document(
      .map([
        ("service", .text(context.service)),
        (
          "rules",
          .texts([
            "detail rows are kept, joins and sums are made when the view is read: late, repeated and reordered changes spoil nothing",
            "each copy carries the version of the last change of each row; a change that is not newer is ignored",
            "a delete leaves a tombstone, so that a late change can not bring the row back; views hide it",
            "a row whose partner has not come yet stands in the view with cleave_whole = 0; the query leaves it out until then",
          ])
        ),
        ("models", .list(models.map(model))), ("subscriptions", .list(copies.map(subscription))),
        ("pushedToOwner", .list(context.queries.filter { $0.rule == "R3c" }.map(pushed))),
      ]))
  }

  private func model(_ model: ReadModel) -> YAMLNode {
    let query = model.query
    var entries: [(key: String, value: YAMLNode)] = [
      ("name", .text(query.name)), ("place", .text(query.span.description)), ("unit", .text(query.unit)),
      ("reader", .text(query.reader)), ("statement", .text(query.statement.isEmpty ? "unknown" : query.statement)),
      ("rule", .text(query.rule)), ("advice", .text(query.advice)), ("notByKeyBecause", .texts(query.rejections)),
    ]
    switch model.form {
    case .view(let shape):
      entries += [
        ("view", .text("\(model.view.schema).\(model.view.name)")), ("parameters", parameters(shape.parameters)),
        ("query", .text(model.rewritten(shape))),
      ]
      if query.isDerived {
        entries.append(
          ("known", .text("only the foreign key and the columns read: filter, order and sums of the code go on top")))
      }
    case .live(let text):
      entries += [("parameters", parameters(text.parameters)), ("query", .text(model.live(text)))]
    case .byHand(let why): entries.append(("byHand", .text(why)))
    }
    if let open = query.openParts { entries.append(("openParts", .text(open))) }
    if context.text.engine != text.engine {
      entries.append(
        (
          "dialect",
          .text("functions stand as \(context.text.engine.rawValue) spells them; translate for \(text.engine.rawValue)")
        ))
    }
    entries += [
      ("sources", .list(query.tables.map { source($0) })),
      (
        "estimate",
        .map([
          ("queriesBefore", .text("1\(query.inLoop ? " for each round of a loop; rounds unknown" : "")")),
          ("queriesAfter", .text("1\(query.inLoop ? " for each round of a loop; rounds unknown" : "")")),
          ("callsAfter", .number(0)),
          ("rowsBefore", .text("what the query reads: unknown")), ("rowsAfter", .text("the same, in the own database")),
          (
            "staleness",
            .text(
              query.rule == "R2"
                ? "none while nobody writes it" : "lag of the stream; S6 asks for less than 5 s at the 99th percentile")
          ),
        ])
      ),
    ]
    return .map(entries)
  }

  private func parameters(_ parameters: [QueryParameter]) -> YAMLNode {
    .list(
      parameters.map { parameter in
        .map([("name", .text(parameter.name)), ("from", .text(parameter.origin.rawValue))])
      })
  }

  private func source(_ name: TableName) -> YAMLNode {
    let owner = context.aggregation.tables.serviceOf[name] ?? "unknown"
    let place = context.placed(name).map { "\($0.target.schema).\($0.target.name)" } ?? "unknown"
    return .map([
      ("table", .text(name.text)), ("owner", .text(owner)), ("read", .text(place)),
      ("kind", .text(context.owns(name) ? "own table" : "read-only copy")),
    ])
  }

  private func subscription(_ copy: (table: PlannedTable, models: [ReadModel])) -> YAMLNode {
    let table = copy.table
    let owner = context.aggregation.tables.serviceOf[table.name] ?? "unknown"
    let upsert = EventUpsert(table: table, text: text)
    let channel = ApplyChannel.forward(table, isCopy: true, context: context)
    let stem = context.stem(table)
    return .map([
      ("table", .text(table.name.text)), ("owner", .text(owner)),
      ("usedBy", .texts(copy.models.map(\.query.name))),
      ("duringMigration", .text("\(context.names.topicPrefix).\(table.source.schema).\(table.source.name)")),
      (
        "afterwards",
        .text("events of \(owner) about \(table.name.text), with a version that grows with every change of a row")
      ),
      ("copy", .text("\(table.target.schema).\(table.target.name)")),
      ("stage", .text("\(channel.stage.schema).\(channel.stage.name)")),
      ("key", .texts(table.key.columns)), ("columns", .texts(table.columnNames)),
      ("bytesPerRow", .text(bytes(table))),
      (
        "upsert",
        .map([
          (
            "parameters",
            .list(
              upsert.parameters.map { .map([("name", .text($0.name)), ("column", .text($0.column))]) })
          ), ("sql", .text(upsert.sql)),
          (
            "onDelete", .text("the same statement with the key, the version, cleave_deleted true and NULL for the rest")
          ),
        ])
      ),
      (
        "rebuild",
        .texts([
          "read-flags.yaml: 0 percent for every read above",
          "job-rebuild-\(stem).target.sql", "signal a snapshot of \(table.source.schema).\(table.source.name) (S6)",
          "gate of S7", "read-flags.yaml: back",
        ])
      ),
    ])
  }

  /// The widest a row gets, by its types; rows are not counted here.
  private func bytes(_ table: PlannedTable) -> String {
    var sum = 0
    for column in table.columns {
      guard let bytes = column.type.maxBytes else { return "not bounded: \(column.name) has no length; rows unknown" }
      sum += bytes
    }
    return "\(sum) at most; rows unknown"
  }

  private func pushed(_ query: CrossQuery) -> YAMLNode {
    let owners = Set(query.tables.compactMap { context.aggregation.tables.serviceOf[$0] }).sorted()
    return .map([
      ("name", .text(query.name)), ("place", .text(query.span.description)), ("unit", .text(query.unit)),
      ("statement", .text(query.statement)), ("owners", .texts(owners)), ("why", .texts(query.rejections)),
      (
        "todo",
        .text(
          "by hand: the service that owns what is written takes the whole operation; a column of the other side it needs is copied there by events, or both stay together (R0)"
        )
      ),
    ])
  }
}
