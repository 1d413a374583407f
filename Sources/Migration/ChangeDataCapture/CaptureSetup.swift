/// Settings, control tables, grants and the publication of the forward stream.
struct CaptureSetup {
  let context: GroupContext

  private var text: SQLText { context.text }
  private var names: ObjectNames { context.names }

  /// What the server has to be set to, as a count of settings that are wrong.
  func prerequisites() -> String {
    if text.isMySQL {
      return """
        SELECT (@@global.log_bin <> 1)
          + (@@global.binlog_format <> 'ROW')
          + (@@global.binlog_row_image <> 'FULL') AS wrong_settings;
        """
    }
    return """
      SELECT count(*) AS wrong_settings FROM pg_catalog.pg_settings
      WHERE (name = 'wal_level' AND setting <> 'logical')
         OR (name = 'max_replication_slots' AND setting::int < 3)
         OR (name = 'max_wal_senders' AND setting::int < 3);
      """
  }

  /// A fragment of the server's configuration file.
  func serverSettings() -> String {
    if text.isMySQL {
      return """
        [mysqld]
        server_id = 1
        log_bin = binlog
        binlog_format = ROW
        binlog_row_image = FULL
        # longer than the longest outage of the connector
        \(text.engine == .mariadb ? "expire_logs_days = 10" : "binlog_expire_logs_seconds = 864000")
        """
    }
    return """
      wal_level = logical
      max_replication_slots = 10
      max_wal_senders = 10
      # bounds what a dead connector can keep; passing it means a new snapshot
      max_slot_wal_keep_size = '10GB'
      """
  }

  /// Signals, heartbeat and fence, with the columns Debezium expects in their order.
  func controlTables() -> Script {
    let engine = text.isMySQL ? " ENGINE = InnoDB" : ""
    let moment = text.isMySQL ? "datetime(6)" : "timestamptz"
    return Script(
      up: """
        CREATE TABLE \(text.table(context.signal)) (
          id varchar(64) NOT NULL PRIMARY KEY,
          type varchar(32) NOT NULL,
          data varchar(2048) NULL
        )\(engine);
        CREATE TABLE \(text.table(context.heartbeat)) (
          id int NOT NULL PRIMARY KEY,
          ts \(moment) NOT NULL
        )\(engine);
        CREATE TABLE \(text.table(context.fence)) (
          id varchar(64) NOT NULL PRIMARY KEY
        )\(engine);
        """,
      down: [context.fence, context.heartbeat, context.signal].map { "DROP TABLE \(text.table($0));" }
        .joined(separator: "\n"))
  }

  /// What the connector's login may do.
  func captureGrants() -> Script {
    let tables = context.captured.map(\.source) + [context.fence]
    if text.isMySQL {
      let user = text.literal(names.captureRole) + "@'%'"
      let all = "SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES"
      let grants = [
        (all, "*.*"), ("INSERT, DELETE", text.table(context.signal)),
        ("INSERT, UPDATE", text.table(context.heartbeat)),
      ]
      // MariaDB renames some global rights on the way in, so all of them go at once.
      return Script(
        up: grants.map { "GRANT \($0.0) ON \($0.1) TO \(user);" }.joined(separator: "\n"),
        down: "REVOKE ALL PRIVILEGES, GRANT OPTION FROM \(user);")
    }
    let role = text.name(names.captureRole)
    let schemas = Set(tables.map(\.schema) + [names.helper]).sorted()
    let grants =
      schemas.map { ("USAGE", "SCHEMA \(text.name($0))") } + tables.map { ("SELECT", text.table($0)) } + [
        ("SELECT, INSERT, DELETE", text.table(context.signal)),
        ("SELECT, INSERT, UPDATE", text.table(context.heartbeat)),
      ]
    return Script(
      up: grants.map { "GRANT \($0.0) ON \($0.1) TO \(role);" }.joined(separator: "\n"),
      down: grants.reversed().map { "REVOKE \($0.0) ON \($0.1) FROM \(role);" }.joined(separator: "\n"))
  }

  /// Every table whose changes have to reach the stream.
  var publishedTables: [PlacedName] {
    context.captured.map(\.source) + [context.fence, context.heartbeat, context.signal]
  }

  /// Exactly these tables: a publication of all tables would stop updates of every table without a key.
  func publication() -> Script {
    let tables = publishedTables.map { text.table($0) }.joined(separator: ",\n  ")
    return Script(
      up: "CREATE PUBLICATION \(text.name(names.publication)) FOR TABLE\n  \(tables);",
      down: "DROP PUBLICATION \(text.name(names.publication));")
  }

  /// Removes the slot when nobody uses it; nil on engines without slots.
  func dropSlot(_ slot: String) -> String? {
    if text.isMySQL { return nil }
    return """
      SELECT pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots
      WHERE slot_name = \(text.literal(slot)) AND NOT active;
      """
  }

  /// Asks the running connector to copy the tables again, chunk by chunk, while changes go on.
  func snapshotSignal(tables: [PlannedTable]) -> String {
    // Collections are regular expressions over `schema.table`; a text column of 2048 holds a limited number.
    return tables.map { table in
      let name = "\(table.source.schema).\(table.source.name)"
      var data = "{\"data-collections\": [\(JSONText.string(RegexText.escaped(name)))], \"type\": \"incremental\""
      if table.isSurrogate { data += ", \"surrogate-key\": \(JSONText.string(PlannedTable.surrogateColumn))" }
      data += "}"
      let id = text.isMySQL ? "uuid()" : "gen_random_uuid()::text"
      return
        "INSERT INTO \(text.table(context.signal)) (id, type, data)\nVALUES (\(id), 'execute-snapshot', \(text.literal(data)));"
    }.joined(separator: "\n")
  }

  /// How far the stream is behind.
  func lagQuery() -> String {
    if text.isMySQL {
      return
        "SELECT timestampdiff(SECOND, max(ts), utc_timestamp(6)) AS seconds_since_heartbeat FROM \(text.table(context.heartbeat));"
    }
    return """
      SELECT slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) AS bytes_behind,
        pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS bytes_kept
      FROM pg_catalog.pg_replication_slots WHERE slot_name = \(text.literal(names.slot));
      """
  }

  /// Wrong settings, and captured tables that are not published or cannot be.
  func gateQuery() -> String {
    let published = publishedTables
    if text.isMySQL {
      return """
        SELECT (@@global.log_bin <> 1) + (@@global.binlog_format <> 'ROW') + (@@global.binlog_row_image <> 'FULL')
          + \(published.count) - (SELECT count(*) FROM information_schema.tables
            WHERE (table_schema, table_name) IN (\(text.pairs(published))));
        """
    }
    return """
      SELECT (SELECT count(*) FROM pg_catalog.pg_settings WHERE name = 'wal_level' AND setting <> 'logical')
        + \(published.count) - (SELECT count(*) FROM pg_catalog.pg_publication_tables
          WHERE pubname = \(text.literal(names.publication)) AND (schemaname, tablename) IN (\(text.pairs(published))))
        + (SELECT count(*) FROM pg_catalog.pg_replication_slots
          WHERE slot_name = \(text.literal(names.slot)) AND wal_status IN ('unreserved', 'lost'));
      """
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
