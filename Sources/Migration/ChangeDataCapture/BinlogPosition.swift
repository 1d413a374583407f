/// The place in the binary log a stream begins at, and whether its reader is connected.
struct BinlogPosition {
  let site: CaptureSite

  /// Run before any row is copied: a copy older than the start of the stream would miss what happened in between.
  func record() -> String {
    // MySQL 8.4 knows SHOW BINARY LOG STATUS only, older servers and MariaDB SHOW MASTER STATUS only.
    site.text.engine == .mariadb
      ? "-- before any row is copied; file and position go into the settings of the reader\nSHOW MASTER STATUS;"
      : "-- before any row is copied; file and position go into the settings of the reader\n"
        + "-- on 8.4 and later: SHOW BINARY LOG STATUS\nSHOW MASTER STATUS;"
  }

  /// How many connections read the log as the stream's login: 1 while it runs; the tool's own metrics tell the lag.
  func connected() -> String {
    """
    SELECT count(*) AS readers FROM information_schema.processlist
    WHERE command LIKE 'Binlog Dump%' AND user = \(site.text.literal(site.names.captureRole));
    """
  }
}
