import Basics
import Facts

/// Makes a copy's structure on a scratch server; what does not load is told and left.
struct SourceLoad {
  let copy: SourceCopy
  let machine: RehearsalMachine
  let database: String

  /// Refusals that are told one by one.
  private static let told = 6

  /// Runs everything; returns what was refused, in words.
  func run() throws(MachineError) -> [String] {
    let refused: [String]
    switch copy.form {
    case .archive(let path, let list): refused = try restore(path, list)
    case .statements(let statements): refused = try run(statements)
    case .script(let path): refused = try run(script: path)
    }
    let rest = refused.count - Self.told
    return refused.prefix(Self.told).map { "not loaded: \($0.prefix(240))" }
      + (rest > 0 ? ["not loaded: \(rest) more statements"] : [])
  }

  private var endpoint: Endpoint { machine.source.endpoint(database: database) }

  private func restore(_ path: String, _ list: String) throws(MachineError) -> [String] {
    let place = PostgresConnection.text(of: [
      ("host", endpoint.socket), ("port", String(endpoint.port)), ("dbname", database), ("user", endpoint.login),
    ])
    let outcome = try Programs.run(
      [
        try Programs.path("pg_restore", package: "postgresql-client"), "--dbname=\(place)", "--no-owner",
        "--no-privileges", "--use-list=\(list)", path,
      ], scratch: machine.folder)
    let start = "pg_restore: error: "
    let errors = outcome.errors.split(separator: "\n").filter { $0.hasPrefix(start) }
      .map { String($0.dropFirst(start.count).replacing("could not execute query: ERROR:  ", with: "")) }
    // It ends with 1 when statements were refused, which it lists.
    if outcome.status != 0, errors.isEmpty {
      throw MachineError(description: "pg_restore: \(outcome.errors.prefix(300))")
    }
    return errors
  }

  private func run(_ statements: [String]) throws(MachineError) -> [String] {
    var refused: [String] = []
    do {
      let connection = try endpoint.connect()
      for statement in statements {
        do {
          try connection.run(statement)
        } catch {
          if error.isLost { throw error }
          refused.append("\(error.message.split(separator: "\n").first ?? "") (\(statement.prefix(80)))")
        }
      }
    } catch {
      throw MachineError(description: "the copy could not be loaded: \(error)")
    }
    return refused
  }

  private func run(script: String) throws(MachineError) -> [String] {
    // In binary mode the client takes nothing of a script for a command of its own.
    let outcome = try Programs.run(
      [
        try Programs.path("mariadb", package: "mariadb-client"), "--no-defaults", "--socket=\(endpoint.socket)", "-u",
        endpoint.login, "--default-character-set=utf8mb4", "--batch", "--binary-mode", "--force", "--", database,
      ], input: script, scratch: machine.folder)
    return outcome.errors.split(separator: "\n").filter { $0.hasPrefix("ERROR") }.map(String.init)
  }

  /// Tables of the scratch database, under the names schema files would have for them.
  func tables() throws(MachineError) -> Set<TableName> {
    let sql =
      endpoint.kind == .postgres
      ? "SELECT schemaname, tablename FROM pg_catalog.pg_tables"
      : "SELECT '', table_name FROM information_schema.tables WHERE table_schema = database()"
    do {
      return Set(
        try endpoint.connect().run(sql).rows.map { row in
          row[0]?.isEmpty == false ? SourceNames.postgres(row) : TableName(row[1] ?? "")
        })
    } catch {
      throw MachineError(description: "\(error)")
    }
  }
}
