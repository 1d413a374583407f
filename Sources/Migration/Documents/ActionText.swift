/// Actions as command lines with variables for what differs between installations.
struct ActionText {
  let engine: PlanEngine
  let targetEngine: PlanEngine

  /// The command line, or what people do.
  func command(_ action: PlanAction) -> String {
    switch action {
    case .sql(let path, let side): script(file: ShellText.word(path), side)
    case .connect(let path):
      "curl -fsS -X POST -H 'Content-Type: application/json' --data @\(ShellText.word(path)) \"$CONNECT_URL/connectors\""
    case .reconfigure(let name, let path):
      "python3 -c 'import json,sys; print(json.dumps(json.load(open(sys.argv[1]))[\"config\"]))' \(ShellText.word(path))"
        + " | curl -fsS -X PUT -H 'Content-Type: application/json' --data @- \"$CONNECT_URL/connectors/\(name)/config\""
    case .disconnect(let name): "curl -fsS -X DELETE \"$CONNECT_URL/connectors/\(name)\""
    case .compare(let source, let target):
      "\(query(source, .source)) > source.txt && \(query(target, .target)) > target.txt && diff source.txt target.txt"
    case .manual(let text): "by hand: \(text)"
    }
  }

  private func engine(of side: PlanSide) -> PlanEngine { side == .source ? engine : targetEngine }

  private func name(_ side: PlanSide) -> String { side == .source ? "SOURCE" : "TARGET" }

  /// Runs one script and stops at the first error; `file` is a word of the shell.
  func script(file: String, _ side: PlanSide) -> String {
    let name = name(side)
    return switch engine(of: side) {
    case .postgres: "psql \"$\(name)_URL\" -X -q -v ON_ERROR_STOP=1 -f \(file)"
    case .mysql, .mariadb: "\(client(side)) --defaults-extra-file=\"$\(name)_CNF\" < \(file)"
    // Without -I the quotes of names are those of texts, without -x a text may hold $(…).
    case .sqlserver: "sqlcmd -S \"$\(name)_SERVER\" -d \"$\(name)_DATABASE\" -b -I -x -i \(file)"
    case .oracle: sqlplus([], file, name)
    }
  }

  /// A query whose output is compared: no headers, no alignment.
  private func query(_ path: String, _ side: PlanSide) -> String {
    let name = name(side)
    let file = ShellText.word(path)
    // Engines put different marks between columns; `|` is everybody's here.
    let marks = engine == targetEngine || engine(of: side) == .oracle ? "" : " | tr '\\t' '|'"
    return switch engine(of: side) {
    case .postgres: "psql \"$\(name)_URL\" -X -q -A -t -v ON_ERROR_STOP=1 -f \(file)"
    case .mysql, .mariadb:
      "\(client(side)) --defaults-extra-file=\"$\(name)_CNF\" --batch --skip-column-names < \(file)\(marks)"
    case .sqlserver:
      "sqlcmd -S \"$\(name)_SERVER\" -d \"$\(name)_DATABASE\" -b -I -x -h -1 -W -s '|' -i \(file)"
    case .oracle: sqlplus(["SET HEADING OFF FEEDBACK OFF PAGESIZE 0 LINESIZE 32767 TRIMOUT ON COLSEP |"], file, name)
    }
  }

  /// sqlplus goes on after errors, ends statements at blank lines and replaces what follows `&` unless it is told not to.
  private func sqlplus(_ settings: [String], _ file: String, _ name: String) -> String {
    let lines =
      [
        "WHENEVER SQLERROR EXIT FAILURE ROLLBACK", "WHENEVER OSERROR EXIT FAILURE ROLLBACK",
        "SET DEFINE OFF SQLBLANKLINES ON",
      ] + settings + ["@\"%s\"", "EXIT"]
    return "printf '\(lines.joined(separator: "\\n"))\\n' \(file) | sqlplus -S -L \"$\(name)_LOGON\""
  }

  private func client(_ side: PlanSide) -> String { engine(of: side) == .mariadb ? "mariadb" : "mysql" }

  /// What the variables of the commands hold.
  var variables: String {
    if engine == targetEngine || (engine.isMySQLFamily && targetEngine.isMySQLFamily) {
      return switch engine {
      case .postgres: "`SOURCE_URL` and `TARGET_URL` name the monolith's and the service's database"
      case .mysql, .mariadb:
        "`SOURCE_CNF` and `TARGET_CNF` name option files of the client for the monolith's and the service's server"
      case .sqlserver:
        "`SOURCE_SERVER`, `SOURCE_DATABASE`, `TARGET_SERVER` and `TARGET_DATABASE` name the monolith's and the service's "
          + "server and database; the client takes the login from `SQLCMDUSER` and `SQLCMDPASSWORD` or from the system"
      case .oracle:
        "`SOURCE_LOGON` and `TARGET_LOGON` are what sqlplus logs on with at the monolith's and the service's database, "
          + "such as `/@alias` of a wallet"
      }
    }
    return "\(variable(.source)) the monolith's database; \(variable(.target)) the service's database"
  }

  private func variable(_ side: PlanSide) -> String {
    let name = name(side)
    return switch engine(of: side) {
    case .postgres: "`\(name)_URL` names"
    case .mysql, .mariadb: "`\(name)_CNF` names an option file of the client for"
    case .sqlserver:
      "`\(name)_SERVER` and `\(name)_DATABASE` (login: `SQLCMDUSER` and `SQLCMDPASSWORD`, or the system's) name"
    case .oracle: "`\(name)_LOGON` (such as `/@alias` of a wallet) is what sqlplus logs on with at"
    }
  }
}
