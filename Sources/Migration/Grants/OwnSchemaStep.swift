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
    let schema = text.name(names.facade)
    let kind = text.isMySQL ? "DATABASE" : "SCHEMA"
    let views = context.own.map { view($0) }
    let create = zip(views, context.own).map { view, table in
      "CREATE VIEW \(text.table(view)) AS SELECT \(text.columns(table.columns.map(\.name))) FROM \(text.table(table.source));"
    }
    let drop = views.map { "DROP VIEW \(text.table($0));" }
    return Script(
      up: (["CREATE \(kind) \(schema);"] + create).joined(separator: "\n"),
      down: (drop + ["DROP \(kind) \(schema);"]).joined(separator: "\n"))
  }

  private func view(_ table: PlannedTable) -> PlacedName {
    PlacedName(schema: names.facade, name: table.target.name)
  }

  private func roles() -> Script {
    let groups = [names.readWriteRole, names.readOnlyRole, names.monolithRole]
    let logins = [names.captureRole, names.applyRole]
    if text.isMySQL {
      let users = logins.map { text.literal($0) + "@'%'" }
      return Script(
        up: (["-- Locked until somebody sets a password: ALTER USER … IDENTIFIED BY … ACCOUNT UNLOCK"]
          + groups.map { "CREATE ROLE \(text.literal($0));" } + users.map { "CREATE USER \($0) ACCOUNT LOCK;" })
          .joined(separator: "\n"),
        down: (users.map { "DROP USER \($0);" } + groups.map { "DROP ROLE \(text.literal($0));" }).joined(
          separator: "\n"))
    }
    return Script(
      up: (groups.map { "CREATE ROLE \(text.name($0)) NOLOGIN;" } + [
        "-- Without a password nobody gets in; set one with \\password.",
        "CREATE ROLE \(text.name(names.captureRole)) LOGIN REPLICATION;",
        "CREATE ROLE \(text.name(names.applyRole)) LOGIN;",
      ]).joined(separator: "\n"),
      down: (groups + logins).map { "DROP ROLE \(text.name($0));" }.joined(separator: "\n"))
  }

  private func role(_ name: String) -> String { text.isMySQL ? text.literal(name) : text.name(name) }

  private func grants() -> Script {
    var grants: [(rights: String, object: String, role: String)] = []
    if !text.isMySQL {
      let schemas = Set(context.own.map(\.source.schema) + OutboxLayout(context: context).schemas(on: .source)).sorted()
      for name in [names.readWriteRole, names.readOnlyRole, names.monolithRole] {
        for schema in schemas + [names.facade, names.helper] {
          grants.append(("USAGE", "SCHEMA \(text.name(schema))", name))
        }
      }
    }
    for table in context.own {
      grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(table.source), names.readWriteRole))
      grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(view(table)), names.readWriteRole))
      grants.append(("SELECT", text.table(view(table)), names.readOnlyRole))
      grants.append(("SELECT", text.table(table.source), names.readOnlyRole))
      grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(table.source), names.monolithRole))
    }
    let separation = SeparationStep(context: context)
    for reader in context.readers {
      grants.append(("SELECT", text.table(separation.viewName(reader)), names.monolithRole))
    }
    for table in messageTables() {
      for name in [names.readWriteRole, names.monolithRole] {
        grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(table), name))
      }
    }
    let sequences = sequenceGrants()
    return Script(
      up: (grants.map { "GRANT \($0.rights) ON \($0.object) TO \(role($0.role));" } + sequences.up).joined(
        separator: "\n"),
      down: (sequences.down + grants.reversed().map { "REVOKE \($0.rights) ON \($0.object) FROM \(role($0.role));" })
        .joined(separator: "\n"))
  }

  private func messageTables() -> [PlacedName] { OutboxLayout(context: context).tables(on: .source) }

  /// Numbers come from sequences that PostgreSQL guards apart from their tables; only their owner knows their names.
  private func sequenceGrants() -> (up: [String], down: [String]) {
    guard !text.isMySQL else { return ([], []) }
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
    let tables = context.own.map { "(\(text.literal(text.table($0.source))))" }.joined(separator: ", ")
    let role = text.literal(names.readWriteRole)
    return """
      SELECT count(*) FROM (VALUES \(tables)) AS expected(name)
      WHERE NOT has_table_privilege(\(role), name, 'INSERT') OR NOT has_table_privilege(\(role), name, 'UPDATE');
      """
  }
}
