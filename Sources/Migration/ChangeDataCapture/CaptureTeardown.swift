/// Takes away what only the stream needed: its login, the tool's own database, change tables and supplemental logging.
struct CaptureTeardown {
  let site: CaptureSite

  private var text: SQLText { site.text }

  /// What to run on the side whose log was read; nil when nothing is left there.
  func sql() -> String? {
    let role = site.names.captureRole
    switch text.engine {
    case .postgres:
      // The role may hold rights in other databases of the server: it stays, without any here and without a way in.
      return text.block(
        "IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = \(text.literal(role))) THEN\n"
          + "  DROP OWNED BY \(text.role(role, isLogin: true));\n"
          + "  ALTER ROLE \(text.role(role, isLogin: true)) NOLOGIN NOREPLICATION;\nEND IF;")
    case .mysql, .mariadb:
      let database = BinlogLogin(site: site).ownDatabase.map { ["DROP DATABASE IF EXISTS \(text.name($0));"] } ?? []
      return (["DROP USER IF EXISTS \(text.role(role, isLogin: true));"] + database).joined(separator: "\n")
    case .sqlserver: return SQLServerCapture(site: site).changeTables().down
    case .oracle: return OracleCapture(site: site).loggingOff()
    }
  }
}
