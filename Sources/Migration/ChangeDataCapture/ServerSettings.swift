/// What a server has to be set to before its log can be read.
struct ServerSettings {
  let site: CaptureSite

  private var text: SQLText { site.text }

  /// A count of settings that are wrong.
  func prerequisites() -> String {
    switch text.engine {
    case .postgres:
      """
      SELECT count(*) AS wrong_settings FROM pg_catalog.pg_settings
      WHERE (name = 'wal_level' AND setting <> 'logical')
         OR (name = 'max_replication_slots' AND setting::int < 3)
         OR (name = 'max_wal_senders' AND setting::int < 3)
         OR (name = 'max_slot_wal_keep_size' AND setting = '-1');
      """
    case .mysql, .mariadb: "SELECT \(wrongBinlog) AS wrong_settings;"
    case .sqlserver:
      """
      SELECT (CASE WHEN EXISTS (SELECT 1 FROM sys.dm_server_services
            WHERE servicename LIKE N'SQL Server Agent (%' AND status = 4) THEN 0 ELSE 1 END)
        + (SELECT count(*) FROM sys.databases WHERE database_id = DB_ID() AND (is_read_only = 1 OR compatibility_level < 130))
        AS wrong_settings;
      """
    case .oracle:
      """
      SELECT (CASE WHEN log_mode = 'ARCHIVELOG' THEN 0 ELSE 1 END)
        + (CASE WHEN supplemental_log_data_min = 'NO' THEN 1 ELSE 0 END) AS wrong_settings
      FROM v$database;
      """
    }
  }

  /// How many settings of the binary log are wrong, as an expression.
  var wrongBinlog: String {
    // A compressed log cannot be read by Debezium's MariaDB connector, partial JSON by none of the readers.
    let engine =
      text.engine == .mariadb
      ? "+ (@@global.log_bin_compress <> 0)"
      // Servers before 8.0.3 and MariaDB skip it: they have no such setting.
      : "/*!80003 + (@@global.binlog_row_value_options <> '') */"
    return """
      (@@global.log_bin <> 1)
        + (@@global.binlog_format <> 'ROW')
        + (@@global.binlog_row_image <> 'FULL')
        + (@@global.server_id = 0)
        \(engine)
      """
  }

  /// The name of the file that sets the server.
  var fileName: String {
    switch text.engine {
    case .postgres, .mysql, .mariadb: site.isForward ? "server.conf" : "server.target.conf"
    case .sqlserver, .oracle: "server-settings.\(site.side.rawValue).sql"
    }
  }

  /// A fragment of the server's configuration file, or what an administrator runs once.
  func settings() -> String {
    switch text.engine {
    case .postgres:
      """
      wal_level = logical
      max_replication_slots = 10
      max_wal_senders = 10
      # bounds what a dead connector can keep; passing it means a new snapshot
      max_slot_wal_keep_size = '10GB'
      """
    case .mysql, .mariadb:
      """
      [mysqld]
      server_id = 1
      log_bin = binlog
      binlog_format = ROW
      binlog_row_image = FULL
      \(text.engine == .mariadb ? "log_bin_compress = OFF" : "binlog_row_value_options = ''")
      # longer than the longest outage of the reader
      \(text.engine == .mariadb ? "expire_logs_days = 10" : "binlog_expire_logs_seconds = 864000")
      """
    case .sqlserver:
      """
      -- run by an administrator; the agent runs the jobs that fill the change tables
      -- on Linux: /opt/mssql/bin/mssql-conf set sqlagent.enabled true, then a restart
      EXEC master.dbo.xp_servicecontrol N'START', N'SQLServerAGENT';
      GO
      """
    case .oracle:
      """
      -- run as SYSDBA in the container database; needs a restart
      SHUTDOWN IMMEDIATE
      STARTUP MOUNT
      ALTER DATABASE ARCHIVELOG;
      ALTER DATABASE OPEN;
      ALTER PLUGGABLE DATABASE ALL OPEN;
      ALTER DATABASE ADD SUPPLEMENTAL LOG DATA;
      -- archived logs have to outlive the longest outage of the connector: 10 days
      -- RMAN: CONFIGURE ARCHIVELOG DELETION POLICY TO NONE; DELETE ARCHIVELOG ALL COMPLETED BEFORE 'SYSDATE-10'
      """
    }
  }
}
