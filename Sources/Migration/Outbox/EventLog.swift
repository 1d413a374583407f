/// Publishes the plain outbox out of the transaction log: login, heartbeat, publication, and the event router.
struct EventLog {
  let context: GroupContext

  private var names: ObjectNames { context.names }

  /// The outbox on a side.
  func outbox(on side: PlanSide) -> PlacedName { OutboxTable(context: context, isPolled: false).outbox(on: side) }

  /// What keeps a quiet stream confirming its position.
  func heartbeat(on side: PlanSide) -> PlacedName {
    side == .source ? names.helperTable("outbox_heartbeat") : names.targetTable("outbox_heartbeat")
  }

  /// The options of the event router, below `prefix`.
  func router(prefix: String, predicate: String) -> [(key: String, value: String)] {
    let isUpper = context.text.engine == .oracle
    // Oracle holds names without quotes in capitals, and the router looks for them as they are held.
    func column(_ name: String) -> String { isUpper ? name.uppercased() : name }
    let headers = CloudEvents.columns.map { "\(column($0.column)):header:\($0.header)" }
    return [
      (prefix + "type", "io.debezium.transforms.outbox.EventRouter"), (prefix + "predicate", predicate),
      (prefix + "table.field.event.id", column("id")), (prefix + "table.field.event.key", column("aggregateid")),
      (prefix + "table.field.event.type", column("type")), (prefix + "table.field.event.payload", column("payload")),
      (prefix + "table.fields.additional.placement", headers.joined(separator: ",")),
      // Expanding loses empty arrays and nulls; the text travels as it is.
      (prefix + "table.expand.json.payload", "false"), (prefix + "table.op.invalid.behavior", "fatal"),
      (prefix + "route.by.field", column("aggregatetype")),
      (prefix + "route.topic.replacement", names.eventTopic("${routedByValue}")),
    ]
  }

  /// Heartbeat, login with its rights and the publication.
  func script(on side: PlanSide) -> Script {
    let text = context.text(on: side)
    let heartbeat = heartbeat(on: side)
    let create = text.createTable(
      heartbeat, ["id \(text.type(.integer)) NOT NULL PRIMARY KEY", "ts \(text.type(.moment)) NOT NULL"])
    let login = RelayLogin(context: context).script(
      on: side, grants: grants(text, side), attributes: "REPLICATION", isReadingLog: true)
    let published = publication(text, side)
    return Script(
      up: [create, login.up, published.up].filter { !$0.isEmpty }.joined(separator: "\n"),
      down: [published.down, login.down, "DROP TABLE \(text.table(heartbeat));"].filter { !$0.isEmpty }
        .joined(separator: "\n"))
  }

  private func grants(_ text: SQLText, _ side: PlanSide) -> [(rights: String, table: PlacedName)] {
    [("SELECT", outbox(on: side)), ("SELECT, INSERT, UPDATE", heartbeat(on: side))]
  }

  /// The two tables and no other; an outbox row is inserted and deleted, never changed.
  private func publication(_ text: SQLText, _ side: PlanSide) -> Script {
    let tables = [outbox(on: side), heartbeat(on: side)]
    let name = text.name(names.eventSlot(on: side))
    switch text.engine {
    case .postgres:
      return Script(
        up: "CREATE PUBLICATION \(name) FOR TABLE \(tables.map { text.table($0) }.joined(separator: ", ")) "
          + "WITH (publish = 'insert, update');",
        down: "DROP PUBLICATION \(name);")
    case .mysql, .mariadb: return Script(up: "", down: "")
    case .sqlserver:
      return Script(
        up: tables.map {
          "EXEC sys.sp_cdc_enable_table @source_schema = \(text.literal($0.schema)), @source_name = \(text.literal($0.name)), "
            + "@role_name = NULL, @supports_net_changes = 0;"
        }.joined(separator: "\n"),
        down: tables.reversed().map {
          "EXEC sys.sp_cdc_disable_table @source_schema = \(text.literal($0.schema)), @source_name = \(text.literal($0.name)), "
            + "@capture_instance = N'all';"
        }.joined(separator: "\n"))
    case .oracle:
      return Script(
        up: tables.map { "ALTER TABLE \(text.table($0)) ADD SUPPLEMENTAL LOG DATA (ALL) COLUMNS;" }
          .joined(separator: "\n"),
        down: tables.reversed().map { "ALTER TABLE \(text.table($0)) DROP SUPPLEMENTAL LOG DATA (ALL) COLUMNS;" }
          .joined(separator: "\n"))
    }
  }
}

/// The login of what publishes the outbox: it may touch the outbox and nothing else.
struct RelayLogin {
  let context: GroupContext

  /// Makes the login and its grants. The inverse takes the grants back; on the old side the login goes with them.
  func script(
    on side: PlanSide, grants: [(rights: String, table: PlacedName)], attributes: String = "",
    isReadingLog: Bool = false
  ) -> Script {
    let text = context.text(on: side)
    let role = context.names.relayRole
    var rights = Set(grants.map(\.table.schema)).sorted().filter { _ in text.needsSchemaRights }
      .map { (rights: "USAGE", object: "SCHEMA \(text.name($0))") }
    rights += grants.map { ($0.rights, text.table($0.table)) }
    // Reading the binary log is a right on the server.
    if isReadingLog, text.isMySQL {
      rights.append(("SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES", "*.*"))
    }
    let make =
      side == .source
      ? text.createLogin(role, attributes: attributes) : text.ensureRole(role, isLogin: true, attributes: attributes)
    // The login may serve both sides on one server: what was granted on all databases stays until it is dropped.
    let revoke = rights.reversed().filter { $0.object != "*.*" }.map {
      text.revoke($0.rights, on: $0.object, from: role, isLogin: true)
    }
    return Script(
      up: ([make] + rights.map { text.grant($0.rights, on: $0.object, to: role, isLogin: true) })
        .joined(separator: "\n"),
      down: (side == .source ? (text.isMySQL ? [] : revoke) + [text.dropRole(role, isLogin: true)] : revoke)
        .joined(separator: "\n"))
  }
}
