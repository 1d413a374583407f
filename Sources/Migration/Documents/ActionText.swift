/// Actions as command lines with variables for what differs between installations.
struct ActionText {
  let engine: PlanEngine

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

  /// Runs one script; `file` is a word of the shell.
  func script(file: String, _ side: PlanSide) -> String {
    let name = side == .source ? "SOURCE" : "TARGET"
    if engine.isMySQLFamily {
      return "\(client) --defaults-extra-file=\"$\(name)_CNF\" < \(file)"
    }
    return "psql \"$\(name)_URL\" -X -q -v ON_ERROR_STOP=1 -f \(file)"
  }

  /// A query whose output is compared: no headers, no alignment.
  private func query(_ path: String, _ side: PlanSide) -> String {
    let name = side == .source ? "SOURCE" : "TARGET"
    if engine.isMySQLFamily {
      return "\(client) --defaults-extra-file=\"$\(name)_CNF\" --batch --skip-column-names < \(ShellText.word(path))"
    }
    return "psql \"$\(name)_URL\" -X -q -A -t -v ON_ERROR_STOP=1 -f \(ShellText.word(path))"
  }

  private var client: String { engine == .mariadb ? "mariadb" : "mysql" }
}
