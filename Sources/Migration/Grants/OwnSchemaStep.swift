/// S5: the service gets a schema and roles of its own on the old server; the engine enforces who may do what.
struct OwnSchemaStep {
  let context: GroupContext

  private var text: SQLText { context.text }
  private var names: ObjectNames { context.names }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .ownSchema, name: "own-schema")
    draft.run(facade(), named: "schema", on: .source)
    draft.run(roles(), named: "roles", on: .source)
    draft.run(grants(), named: "grants", on: .source)
    draft.act(
      .manual(
        "make the monolith's login a member of \(names.monolithRole) and take its direct rights on these tables; "
          + "let the service connect as a member of \(names.readWriteRole) through schema \(names.facade)"),
      undo: .manual("give the monolith's login its direct rights back"))
    let gate = draft.gate(gateQuery(), on: .source)
    return draft.step(
      .ownSchema, title: "Own schema and roles",
      goal: "the service's code runs on its own schema while the monolith still hosts the data",
      preconditions: ["the gates of all earlier steps hold"], gate: gate,
      hold:
        "until the service passes its smoke tests on the shared tables; stop here and go on with S11 when team separation is all that is wanted (R9)"
    )
  }

  /// Views under the names the tables will have after the move, so the service's statements stay the same.
  private func facade() -> Script {
    let create = context.own.map { table in
      let view = text.table(view(table))
      let columns = text.columns(table.columns.map(\.name))
      return text.alone("CREATE VIEW \(view) AS SELECT \(columns) FROM \(text.table(table.source));")
    }
    let drop = context.own.map { "DROP VIEW \(text.table(view($0)));" }
    // A view of Oracle may show others only what its owner may pass on.
    let rights =
      text.engine == .oracle
      ? context.own.map {
        "GRANT \(SQLGrant.all) ON \(text.table($0.source)) TO \(text.name(names.facade)) WITH GRANT OPTION;"
      } : []
    return Script(
      up: ([text.createSchema(names.facade)] + rights + create).joined(separator: "\n"),
      down: (drop + [text.dropSchema(names.facade)]).joined(separator: "\n"))
  }

  private func view(_ table: PlannedTable) -> PlacedName {
    PlacedName(schema: names.facade, name: table.target.name)
  }

  private func roles() -> Script {
    let groups = [names.readWriteRole, names.readOnlyRole, names.monolithRole]
    let logins = [names.captureRole, names.applyRole]
    let note =
      switch text.engine {
      case .postgres: "-- Without a password nobody gets in; set one with \\password."
      case .mysql, .mariadb: "-- Locked until somebody sets a password: ALTER USER … IDENTIFIED BY … ACCOUNT UNLOCK"
      case .sqlserver:
        "-- Disabled until somebody sets a password: ALTER LOGIN … WITH PASSWORD = …; ALTER LOGIN … ENABLE"
      case .oracle: "-- Without a password nobody gets in: ALTER USER … IDENTIFIED BY …"
      }
    let roles = groups.map { text.createRole($0) }
    let users = [
      text.createLogin(names.captureRole, attributes: "REPLICATION"), text.createLogin(names.applyRole),
    ]
    let dropRoles = groups.map { text.dropRole($0, isLogin: false) }
    let dropUsers = logins.map { text.dropRole($0, isLogin: true) }
    return Script(
      up: (roles + [note] + users).joined(separator: "\n"), down: (dropUsers + dropRoles).joined(separator: "\n"))
  }

  private func grants() -> Script {
    var grants: [SQLGrant] = []
    if text.needsSchemaRights {
      let schemas = Set(context.own.map(\.source.schema) + OutboxLayout(context: context).schemas(on: .source)).sorted()
      for name in [names.readWriteRole, names.readOnlyRole, names.monolithRole] {
        for schema in schemas + [names.facade, names.helper] {
          grants.append(SQLGrant("USAGE", "SCHEMA \(text.name(schema))", name))
        }
      }
    }
    for table in context.own {
      grants.append(SQLGrant(SQLGrant.all, text.table(table.source), names.readWriteRole))
      grants.append(SQLGrant(SQLGrant.all, text.table(view(table)), names.readWriteRole))
      grants.append(SQLGrant("SELECT", text.table(view(table)), names.readOnlyRole))
      grants.append(SQLGrant("SELECT", text.table(table.source), names.readOnlyRole))
      grants.append(SQLGrant(SQLGrant.all, text.table(table.source), names.monolithRole))
    }
    let separation = SeparationStep(context: context)
    for reader in context.readers {
      grants.append(SQLGrant("SELECT", text.table(separation.viewName(reader)), names.monolithRole))
    }
    for table in messageTables() {
      for name in [names.readWriteRole, names.monolithRole] {
        grants.append(SQLGrant(SQLGrant.all, text.table(table), name))
      }
    }
    let sequences = sequenceGrants()
    return Script(
      up: (grants.map { text.grant($0.rights, on: $0.object, to: $0.role) } + sequences.up).joined(separator: "\n"),
      down: (sequences.down + grants.reversed().map { text.revoke($0.rights, on: $0.object, from: $0.role) })
        .joined(separator: "\n"))
  }

  private func messageTables() -> [PlacedName] { OutboxLayout(context: context).tables(on: .source) }

  /// Numbers come from sequences that PostgreSQL guards apart from their tables; only their owner knows their names.
  private func sequenceGrants() -> (up: [String], down: [String]) {
    guard text.engine == .postgres else { return ([], []) }
    var columns = context.own.flatMap { table in
      table.columns.filter(\.isNumbered).map { (text.table(table.source), $0.name) }
    }
    columns += OutboxLayout(context: context).sequences(on: .source).map { (text.table($0.table), $0.column) }
    guard !columns.isEmpty else { return ([], []) }
    let roles = "\(text.name(names.readWriteRole)), \(text.name(names.monolithRole))"
    func statement(_ verb: String, _ preposition: String) -> String {
      let rows = columns.map { "(\(text.literal($0.0)), \(text.literal($0.1)))" }.joined(separator: ", ")
      let body = """
        DECLARE owned record;
        BEGIN
          FOR owned IN SELECT pg_get_serial_sequence(t, c) AS name FROM (VALUES \(rows)) AS v(t, c)
            WHERE pg_get_serial_sequence(t, c) IS NOT NULL LOOP
            EXECUTE format('\(verb) USAGE ON SEQUENCE %s \(preposition) %s', owned.name, \(text.literal(roles)));
          END LOOP;
        END
        """
      return "DO \(text.dollarQuoted(body));"
    }
    return ([statement("GRANT", "TO")], [statement("REVOKE", "FROM")])
  }

  private func gateQuery() -> String {
    if text.isMySQL {
      return """
        SELECT \(context.own.count) - count(*) FROM mysql.tables_priv
        WHERE User = \(text.literal(names.readWriteRole)) AND find_in_set('Insert', Table_priv) > 0
          AND (Db, Table_name) IN (\(text.pairs(context.own.map(\.source))));
        """
    }
    if text.engine != .postgres {
      let granted = text.count(ofRight: "INSERT", to: names.readWriteRole, on: context.own.map(\.source))
      return text.select("\(context.own.count) - (\(granted))")
    }
    let tables = context.own.map { "(\(text.literal(text.table($0.source))))" }.joined(separator: ", ")
    let role = text.literal(names.readWriteRole)
    return """
      SELECT count(*) FROM (VALUES \(tables)) AS expected(name)
      WHERE NOT has_table_privilege(\(role), name, 'INSERT') OR NOT has_table_privilege(\(role), name, 'UPDATE');
      """
  }
}
