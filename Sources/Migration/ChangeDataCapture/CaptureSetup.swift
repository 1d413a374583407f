/// Control tables, grants and what makes the server hand out the changes of exactly the tables of a stream.
struct CaptureSetup {
  let site: CaptureSite

  private var text: SQLText { site.text }
  private var names: ObjectNames { site.names }

  /// Signals, heartbeat and fence; the first two in the layout and order Debezium expects.
  func controlTables() -> Script {
    var tables: [(place: PlacedName, lines: [String])] = []
    if site.tool == .debezium {
      tables.append(
        (
          site.signal,
          [
            "id \(text.type(.text(64))) NOT NULL PRIMARY KEY", "type \(text.type(.text(32))) NOT NULL",
            "data \(text.engine == .oracle ? "varchar2(2048)" : text.type(.text(2048))) NULL",
          ]
        ))
      tables.append(
        (
          site.heartbeat,
          ["id \(text.type(.integer)) NOT NULL PRIMARY KEY", "ts \(text.type(.moment)) NOT NULL"]
        ))
    }
    if site.isForward { tables.append((site.context.fence, ["id \(text.type(.text(64))) NOT NULL PRIMARY KEY"])) }
    return Script(
      up: tables.map { text.createTable($0.place, $0.lines) }.joined(separator: "\n"),
      down: tables.reversed().map { "DROP TABLE \(text.table($0.place));" }.joined(separator: "\n"))
  }

  /// What the reader's login may do; nil when an administrator's script says it.
  func grants() -> Script {
    switch text.engine {
    case .postgres: postgresGrants()
    case .mysql, .mariadb: binlogGrants()
    case .sqlserver: SQLServerCapture(site: site).grants()
    case .oracle: OracleCapture(site: site).grants()
    }
  }

  /// The binary log holds all tables: what a reader may see there cannot be limited, what it may query can.
  private func binlogGrants() -> Script {
    let role = names.captureRole
    let user = text.role(role, isLogin: true)
    let server = BinlogLogin(site: site)
    let grants =
      [text.grant(server.rights, on: "*.*", to: role, isLogin: true)]
      + server.objects.map { text.grant($0.rights, on: $0.object, to: role, isLogin: true) }
    // MariaDB renames some global rights on the way in, so all of them go at once. The way back has the login of the
    // way forward, on the same server perhaps: it gives back what it was given on tables.
    let revoke =
      site.isForward
      ? ["REVOKE ALL PRIVILEGES, GRANT OPTION FROM \(user);"]
      : server.objects.reversed().map { text.revoke($0.rights, on: $0.object, from: role, isLogin: true) }
    return Script(
      up: (server.prelude + grants).joined(separator: "\n"),
      down: (revoke + server.removal).joined(separator: "\n"))
  }

  private func postgresGrants() -> Script {
    let schemas = Set(site.included.map(\.schema)).sorted()
    let data = site.tables.map(\.place) + (site.outbox.map { [$0] } ?? [])
    let grants =
      schemas.map { ("USAGE", "SCHEMA \(text.name($0))") } + data.map { ("SELECT", text.table($0)) } + [
        ("SELECT, INSERT, DELETE", text.table(site.signal)),
        ("SELECT, INSERT, UPDATE", text.table(site.heartbeat)),
      ]
    return Script(
      up: grants.map { text.grant($0.0, on: $0.1, to: names.captureRole, isLogin: true) }.joined(separator: "\n"),
      down: grants.reversed().map { text.revoke($0.0, on: $0.1, from: names.captureRole, isLogin: true) }.joined(
        separator: "\n"))
  }

  /// What makes exactly these tables readable: a publication, change tables, supplemental logging; nil for a binary
  /// log, which holds everything.
  func exposure() -> (script: Script, name: String)? {
    switch text.engine {
    case .postgres: (publication(), "publication")
    case .mysql, .mariadb: nil
    case .sqlserver: (SQLServerCapture(site: site).changeTables(), "change-tables")
    case .oracle: (OracleCapture(site: site).logging(), "supplemental-logging")
    }
  }

  /// Exactly these tables: a publication of all tables would stop updates of every table without a key.
  func publication() -> Script {
    let tables = site.included.map { text.table($0) }.joined(separator: ",\n  ")
    return Script(
      up: "CREATE PUBLICATION \(text.name(site.publication)) FOR TABLE\n  \(tables);",
      down: "DROP PUBLICATION \(text.name(site.publication));")
  }

  /// Removes the slot, which has to be free within ten seconds: one that stays keeps the log until the disk is full. Nil on
  /// engines without slots.
  func dropSlot() -> String? {
    guard text.engine == .postgres else { return nil }
    let slot = "pg_catalog.pg_replication_slots WHERE slot_name = \(text.literal(site.slot))"
    let body = """
      BEGIN
        FOR attempt IN 1..100 LOOP
          EXIT WHEN NOT EXISTS (SELECT 1 FROM \(slot) AND active);
          PERFORM pg_sleep(0.1);
        END LOOP;
        PERFORM pg_drop_replication_slot(slot_name) FROM \(slot);
      END
      """
    return
      "\(text.comment("a reader that was stopped lets go of its slot within seconds"))\nDO \(text.dollarQuoted(body));"
  }

  /// Asks the running connector to copy the tables again, chunk by chunk, while changes go on.
  func snapshotSignal(tables: [PlannedTable]) -> String {
    // Collections are regular expressions over `schema.table`; a text column of 2048 holds a limited number.
    tables.map { table in
      let collection = RegexText.escaped(site.collection(site.isForward ? table.source : table.target))
      var data = "{\"data-collections\": [\(JSONText.string(collection))], \"type\": \"incremental\""
      if table.isSurrogate { data += ", \"surrogate-key\": \(JSONText.string(PlannedTable.surrogateColumn))" }
      data += "}"
      return
        "INSERT INTO \(text.table(site.signal)) (id, type, data)\nVALUES (\(text.newID), 'execute-snapshot', \(text.literal(data)));"
    }.joined(separator: "\n")
  }

  /// How far the stream is behind, as the side whose log is read sees it.
  func lagQuery() -> String {
    let beat = text.table(site.heartbeat)
    switch text.engine {
    case .postgres:
      return """
        SELECT slot_name, active, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) AS bytes_behind,
          pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS bytes_kept
        FROM pg_catalog.pg_replication_slots WHERE slot_name = \(text.literal(site.slot));
        """
    case .mysql, .mariadb:
      return "SELECT timestampdiff(SECOND, max(ts), utc_timestamp(6)) AS seconds_since_heartbeat FROM \(beat);"
    case .sqlserver:
      return """
        SELECT DATEDIFF(second, max(ts), sysutcdatetime()) AS seconds_since_heartbeat,
          (SELECT max(latency) FROM sys.dm_cdc_log_scan_sessions) AS capture_latency_seconds
        FROM \(beat);
        """
    case .oracle:
      return """
        SELECT extract(DAY FROM age) * 86400 + extract(HOUR FROM age) * 3600 + extract(MINUTE FROM age) * 60
          + extract(SECOND FROM age) AS seconds_since_heartbeat
        FROM (SELECT sys_extract_utc(systimestamp) - max(ts) AS age FROM \(beat));
        """
    }
  }

  /// Wrong settings, and captured tables whose changes do not reach the stream.
  func gateQuery() -> String {
    let included = site.included
    let rows = included.map { [text.heldCase($0.schema), text.heldCase($0.name)] }
    switch text.engine {
    case .postgres:
      return """
        SELECT (SELECT count(*) FROM pg_catalog.pg_settings WHERE name = 'wal_level' AND setting <> 'logical')
          + \(included.count) - (SELECT count(*) FROM pg_catalog.pg_publication_tables
            WHERE pubname = \(text.literal(site.publication)) AND (schemaname, tablename) IN (\(text.pairs(included))))
          + (SELECT count(*) FROM pg_catalog.pg_replication_slots
            WHERE slot_name = \(text.literal(site.slot)) AND wal_status IN ('unreserved', 'lost'));
        """
    case .mysql, .mariadb:
      return """
        SELECT (@@global.log_bin <> 1) + (@@global.binlog_format <> 'ROW') + (@@global.binlog_row_image <> 'FULL')
          + \(included.count) - (SELECT count(*) FROM information_schema.tables
            WHERE (table_schema, table_name) IN (\(text.pairs(included))));
        """
    case .sqlserver:
      return """
        SELECT \(included.count) - count(DISTINCT t.object_id)
        FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id
          JOIN cdc.change_tables c ON c.source_object_id = t.object_id
        WHERE \(text.among(["s.name", "t.name"], rows));
        """
    case .oracle:
      return """
        SELECT \(included.count) - count(*) FROM all_log_groups
        WHERE log_group_type = 'ALL COLUMN LOGGING' AND \(text.among(["owner", "table_name"], rows));
        """
    }
  }
}

/// Writes names into the regular expressions of connector settings.
enum RegexText {
  /// `name` so that it matches itself; commas are escaped too, as they separate list items.
  static func escaped(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      if "\\.[]{}()*+?^$|,".unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
