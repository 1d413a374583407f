/// What LogMiner needs on Oracle: supplemental logging per table, and a common user that may read the log.
struct OracleCapture {
  let site: CaptureSite

  private var text: SQLText { site.text }

  /// The pluggable database, in the case Oracle holds it.
  static func pluggable(_ site: CaptureSite) -> String { site.database.uppercased() }

  /// The common user of the connector: LogMiner reads the log of the whole container database.
  var commonUser: String { "C##\(site.names.captureRole.uppercased())" }

  /// All columns of the captured tables go into the log; the inverse leaves them, as another stream may need them.
  func logging() -> Script {
    let up = site.included.map { place in
      let owner = text.literal(text.heldCase(place.schema))
      let name = text.literal(text.heldCase(place.name))
      return text.unlessPresent(
        "all_log_groups WHERE owner = \(owner) AND table_name = \(name) AND log_group_type = 'ALL COLUMN LOGGING'",
        ["ALTER TABLE \(text.table(place)) ADD SUPPLEMENTAL LOG DATA (ALL) COLUMNS"])
    }
    return Script(
      up: up.joined(separator: "\n"),
      down: "-- stays until the teardown: the stream of another service may read the same tables\nSELECT 0 FROM dual;")
  }

  /// For the end, when no stream reads the tables any more.
  func loggingOff() -> String {
    (["-- only when no other service's stream reads these tables"]
      + site.included.map { "ALTER TABLE \(text.table($0)) DROP SUPPLEMENTAL LOG DATA (ALL) COLUMNS;" }).joined(
        separator: "\n")
  }

  private static let procedures = ["DBMS_LOGMNR", "DBMS_LOGMNR_D"]
  private static let views = [
    "V_$DATABASE", "V_$LOG", "V_$LOG_HISTORY", "V_$LOGMNR_LOGS", "V_$LOGMNR_CONTENTS", "V_$LOGMNR_PARAMETERS",
    "V_$LOGFILE", "V_$ARCHIVED_LOG", "V_$ARCHIVE_DEST_STATUS", "V_$TRANSACTION", "V_$MYSTAT", "V_$STATNAME",
  ]

  /// Run once by an administrator in the root container; rights on data come per table, in the pluggable database.
  func user() -> String {
    let user = text.name(commonUser)
    let rights =
      ["CREATE SESSION", "SET CONTAINER", "SELECT_CATALOG_ROLE", "EXECUTE_CATALOG_ROLE", "LOGMINING", "CREATE TABLE"]
      .map { "GRANT \($0) TO \(user) CONTAINER = ALL;" }
      + Self.procedures.map { "GRANT EXECUTE ON SYS.\($0) TO \(user) CONTAINER = ALL;" }
      + Self.views.map { "GRANT SELECT ON SYS.\($0) TO \(user) CONTAINER = ALL;" }
    return """
      -- run as SYSDBA in CDB$ROOT; then ALTER USER \(user) IDENTIFIED BY a password only the connector knows
      -- CREATE TABLE is for the flush table, which makes the log writer catch up
      CREATE USER \(user) NO AUTHENTICATION CONTAINER = ALL;
      ALTER USER \(user) QUOTA UNLIMITED ON USERS;
      \(rights.joined(separator: "\n"))
      """
  }

  /// Adds the administrator's scripts to a step.
  func addUser(to draft: inout StepDraft) {
    let side = site.side.rawValue
    let make = draft.add("logminer-user.\(side).sql", user())
    let drop = draft.add("logminer-user-drop.\(side).sql", dropUser())
    draft.act(
      .manual("an administrator runs \(make) in the root container"),
      undo: .manual("an administrator runs \(drop) in the root container"))
  }

  /// The inverse of `user`.
  func dropUser() -> String { "-- run as SYSDBA in CDB$ROOT\nDROP USER \(text.name(commonUser)) CASCADE;" }

  /// Rights on the tables of the stream and on nothing else.
  func grants() -> Script {
    let user = text.name(commonUser)
    var grants = site.included.map { ("SELECT, FLASHBACK", text.table($0)) }
    grants += [("INSERT, DELETE", text.table(site.signal)), ("INSERT, UPDATE", text.table(site.heartbeat))]
    return Script(
      up: grants.map { "GRANT \($0.0) ON \($0.1) TO \(user);" }.joined(separator: "\n"),
      down: grants.reversed().map { "REVOKE \($0.0) ON \($0.1) FROM \(user);" }.joined(separator: "\n"))
  }
}
