import Basics

/// S10: the old tables stay fresh for remaining readers and for the way back.
struct ReverseSyncStep {
  let context: GroupContext

  private var text: SQLText { context.text }
  private var names: ObjectNames { context.names }
  private var channels: [ApplyChannel] { context.own.map { ApplyChannel.reverse($0, context: context) } }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .reverseSync, name: "reverse-sync")
    draft.run(targetControl(), named: "capture", on: .target)
    draft.run(applyTables(), named: "apply-tables", on: .source)
    draft.run(applyGrants(), named: "apply-grants", on: .source)
    if let inner = innerKeys() { draft.run(inner, named: "inner-keys", on: .source) }
    for channel in channels {
      draft.job("merge-\(context.stem(channel.table))", channel.merge(), on: .source)
    }
    draft.add("applier.yaml", ApplierGuide(context: context).text(channels: channels, back: true))
    addConnectors(&draft)
    let stages = channels.map { "(SELECT count(*) FROM \(text.table($0.stage)))" }
    let gate = draft.gate(text.select(stages.joined(separator: "\n + ")), on: .source)
    return draft.step(
      .reverseSync, title: "Reverse sync and soak", goal: "the old tables follow the service's own database",
      preconditions: ["the forward stream no longer carries these tables, so nothing runs in circles"], gate: gate,
      hold:
        "two release cycles with a month's end; comparison of S7 clean with sides exchanged; no reader of the old tables in the query log; "
        + "leaving this step stops the reverse stream: that is the point of no return",
      ponr: true, maxBlockSeconds: 2)
  }

  private func addConnectors(_ draft: inout StepDraft) {
    let connector = ConnectorFile(context: context)
    let forward = draft.add("\(names.connector).json", connector.forward(tables: context.copies, snapshot: "no_data"))
    let whole = draft.add(
      "\(names.connector)-whole.json", connector.forward(tables: context.own + context.copies, snapshot: "no_data"))
    draft.act(.reconfigure(name: names.connector, path: forward))
    let path = draft.add("\(names.reverseConnector).json", connector.reverse())
    draft.act(.connect(path: path))
    if let stop = CaptureSetup(context: context).dropSlot(names.reverseSlot) {
      let file = draft.add("drop-slot.target.sql", stop)
      draft.undoFirst(.sql(path: file, on: .target))
      draft.finish = [.disconnect(name: names.reverseConnector), .sql(path: file, on: .target)]
    } else {
      draft.finish = [.disconnect(name: names.reverseConnector)]
    }
    // Undone first, in this order: fence the service's side, drain, stop, flip back, restart forward.
    draft.undoFirst(.reconfigure(name: names.connector, path: whole))
    draft.undoFirst(.manual("flip the write flag back to the monolith and run the rollback of the lock of S9"))
    draft.undoFirst(.disconnect(name: names.reverseConnector))
    draft.undoFirst(.manual("stop writes of the service and wait until the stages of the old side are empty (gate)"))
  }

  private var target: SQLText { context.targetText }

  private func targetControl() -> Script {
    let engine = target.isMySQL ? " ENGINE = InnoDB" : ""
    let signal = target.table(names.targetTable("cleave_signal"))
    let heartbeat = target.table(names.targetTable("cleave_heartbeat"))
    let published = context.own.map { target.table($0.target) } + [heartbeat, signal]
    var up = """
      CREATE TABLE \(signal) (
        id varchar(64) NOT NULL PRIMARY KEY,
        type varchar(32) NOT NULL,
        data varchar(2048) NULL
      )\(engine);
      CREATE TABLE \(heartbeat) (
        id int NOT NULL PRIMARY KEY,
        ts \(target.isMySQL ? "datetime(6)" : "timestamptz") NOT NULL
      )\(engine);
      """
    var down = "DROP TABLE \(heartbeat);\nDROP TABLE \(signal);"
    let rights = target.isMySQL ? binlogRights(signal, heartbeat) : publicationRights(published, signal, heartbeat)
    up += "\n" + rights.up
    down = rights.down + "\n" + down
    return Script(up: up, down: down)
  }

  /// The login may be the forward stream's on the same server: only what was granted here on tables is taken back.
  private func binlogRights(_ signal: String, _ heartbeat: String) -> Script {
    let user = target.literal(names.captureRole) + "@'%'"
    return Script(
      up: """
        GRANT SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES ON *.* TO \(user);
        GRANT INSERT, DELETE ON \(signal) TO \(user);
        GRANT INSERT, UPDATE ON \(heartbeat) TO \(user);
        """,
      down: "REVOKE INSERT, UPDATE ON \(heartbeat) FROM \(user);\nREVOKE INSERT, DELETE ON \(signal) FROM \(user);")
  }

  private func publicationRights(_ published: [String], _ signal: String, _ heartbeat: String) -> Script {
    let role = target.name(names.captureRole)
    let tables = published.joined(separator: ", ")
    let wide = context.own.filter(\.mayToast).map { target.table($0.target) }
    let up =
      wide.map { "ALTER TABLE \($0) REPLICA IDENTITY FULL;" } + [
        "GRANT USAGE ON SCHEMA \(target.name(names.target)) TO \(role);", "GRANT SELECT ON \(tables) TO \(role);",
        "GRANT INSERT, DELETE ON \(signal) TO \(role);", "GRANT INSERT, UPDATE ON \(heartbeat) TO \(role);",
        "CREATE PUBLICATION \(target.name(names.reversePublication)) FOR TABLE \(tables);",
      ]
    let down =
      [
        "DROP PUBLICATION \(target.name(names.reversePublication));", "REVOKE SELECT ON \(tables) FROM \(role);",
        "REVOKE USAGE ON SCHEMA \(target.name(names.target)) FROM \(role);",
      ] + wide.map { "ALTER TABLE \($0) REPLICA IDENTITY DEFAULT;" }
    return Script(up: up.joined(separator: "\n"), down: down.joined(separator: "\n"))
  }

  private func applyTables() -> Script {
    let positions = ApplyChannel.appliedTable(names.helperTable("cleave_applied"), text: text)
    let scripts = channels.map { $0.tables() }
    return Script(
      up: ([positions.up] + scripts.map(\.up)).joined(separator: "\n"),
      down: (scripts.reversed().map(\.down) + [positions.down]).joined(separator: "\n"))
  }

  private func applyGrants() -> Script {
    let role = names.applyRole
    var grants: [SQLGrant] = []
    if text.needsSchemaRights {
      for schema in Set(context.own.map(\.source.schema) + [names.helper]).sorted() {
        grants.append(SQLGrant("USAGE", "SCHEMA \(text.name(schema))", role))
      }
    }
    // Rows keep their numbers: SQL Server lets those insert them who may alter the table.
    let rights = text.engine == .sqlserver ? "\(SQLGrant.all), ALTER" : SQLGrant.all
    grants += zip(context.own, channels).map { table, channel in
      SQLGrant(channel.isNumbered ? rights : SQLGrant.all, text.table(table.source), role)
    }
    grants += ApplyGrants(text: text, role: role).grants(channels)
    return Script(
      up: (grants.map { text.grant($0.rights, on: $0.object, to: role, isLogin: true) } + acceptNumbers())
        .joined(separator: "\n"),
      down: grants.reversed().map { text.revoke($0.rights, on: $0.object, from: role, isLogin: true) }
        .joined(separator: "\n"))
  }

  /// Oracle's GENERATED ALWAYS takes no numbers from outside; it stays relaxed when the step is undone.
  private func acceptNumbers() -> [String] {
    guard text.engine == .oracle else { return [] }
    return context.own.flatMap { table in
      table.columns.filter(\.isNumbered).map { column in
        let alter =
          "ALTER TABLE \(text.table(table.source)) MODIFY (\(text.name(column.name)) GENERATED BY DEFAULT AS IDENTITY)"
        return text.ifPresent(
          "all_tab_identity_cols WHERE owner = \(text.literal(table.source.schema)) AND table_name = \(text.literal(table.source.name))"
            + " AND column_name = \(text.literal(column.name)) AND generation_type = 'ALWAYS'", [alter])
      }
    }
  }

  /// Tables are fed one by one now: keys between them would refuse children that arrive before their parents.
  private func innerKeys() -> Script? {
    let keys = KeyScripts(text: text)
    let scripts = context.inner.map { keys.drop($0) }
    if scripts.isEmpty { return nil }
    return Script(
      up: scripts.map(\.up).joined(separator: "\n"), down: scripts.reversed().map(\.down).joined(separator: "\n"))
  }
}
