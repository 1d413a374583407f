import Foundation
import Migration

/// A running database server that scripts of a plan can be run against.
protocol TestServer: Sendable {
  var engine: PlanEngine { get }
  /// The environment the commands of a plan expect.
  func environment(source: String, target: String) -> [String: String]
  /// Runs SQL as administrator and returns what it prints, columns separated by `|`.
  func sql(_ text: String, database: String) throws -> String
  /// Runs SQL as another login.
  func sql(_ text: String, database: String, login: String) throws -> String
  /// Everything about the structure of a database that a rollback has to restore, with roles and databases whose names hold `tag`.
  func structure(_ database: String, tag: String) throws -> String
  /// Makes an empty database.
  func create(_ database: String) throws
}

/// PostgreSQL 15 from Debian.
final class PostgresServer: TestServer {
  static let shared = Result { try PostgresServer() }
  private static let binaries = "/usr/lib/postgresql/15/bin"

  let process: ServerProcess
  let engine = PlanEngine.postgres

  private init() throws {
    try Command.require("\(Self.binaries)/postgres", package: "postgresql-15")
    process = try ServerProcess(name: "pg")
    let data = process.folder.appendingPathComponent("d").path
    let made = try Command.run(
      ServerProcess.unprivileged([
        "\(Self.binaries)/initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C",
      ]), folder: process.folder)
    guard made.status == 0 else { throw CommandFailure(description: made.errors) }
    try process.start([
      "\(Self.binaries)/postgres", "-D", data, "-p", String(process.port), "-k", process.folder.path,
      "-c", "listen_addresses=127.0.0.1", "-c", "wal_level=logical", "-c", "fsync=off", "-c",
      "max_replication_slots=10",
      "-c", "max_wal_senders=10",
    ])
    let probe = ["psql", url("postgres", "postgres"), "-X", "-c", "SELECT 1"]
    try process.wait("PostgreSQL") { try Command.run(probe).status == 0 }
  }

  func url(_ database: String, _ login: String) -> String {
    "postgresql://\(login)@127.0.0.1:\(process.port)/\(database)"
  }

  func environment(source: String, target: String) -> [String: String] {
    ["SOURCE_URL": url(source, "postgres"), "TARGET_URL": url(target, "postgres")]
  }

  func sql(_ text: String, database: String) throws -> String {
    try sql(text, database: database, login: "postgres")
  }

  func sql(_ text: String, database: String, login: String) throws -> String {
    let result = try Command.run(
      ["psql", url(database, login), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"], input: text)
    guard result.status == 0 else { throw CommandFailure(description: "\(result.errors)\nin \(text.prefix(1500))") }
    return result.trimmed
  }

  func structure(_ database: String, tag: String) throws -> String {
    let dump = try Command.run(["\(Self.binaries)/pg_dump", "-s", "-d", url(database, "postgres")])
    guard dump.status == 0 else { throw CommandFailure(description: dump.errors) }
    let roles = try sql("SELECT rolname FROM pg_roles WHERE rolname LIKE '%\(tag)%' ORDER BY 1", database: database)
    // Newer minor versions print a random token around the dump.
    let lines = dump.output.split(separator: "\n").filter {
      !$0.hasPrefix("\\restrict") && !$0.hasPrefix("\\unrestrict")
    }
    return lines.joined(separator: "\n") + roles
  }

  func create(_ database: String) throws {
    _ = try sql("CREATE DATABASE \"\(database)\"", database: "postgres")
  }
}

/// MariaDB 10.11 from Debian.
final class MariaDBServer: TestServer {
  static let shared = Result { try MariaDBServer() }
  /// The same server under the name of a MySQL, for readers that refuse MariaDB; the one version all of them take.
  static let asMySQL = Result { try MariaDBServer(version: "5.7.19-log") }

  let process: ServerProcess
  let engine: PlanEngine
  private let options: URL

  private init(version: String? = nil) throws {
    engine = version == nil ? .mariadb : .mysql
    try Command.require("/usr/sbin/mariadbd", package: "mariadb-server")
    try Command.require("mariadb", package: "mariadb-client")
    process = try ServerProcess(name: "my")
    let data = process.folder.appendingPathComponent("d").path
    let made = try Command.run(
      ServerProcess.unprivileged([
        "mariadb-install-db", "--no-defaults", "--datadir=\(data)", "--auth-root-authentication-method=normal",
        "--skip-test-db",
      ]), folder: process.folder)
    guard made.status == 0 else { throw CommandFailure(description: made.output + made.errors) }
    options = process.folder.appendingPathComponent("client.cnf")
    let socket = process.folder.appendingPathComponent("s").path
    try Data("[client]\nsocket=\(socket)\nuser=root\ndefault-character-set=utf8mb4\n".utf8).write(to: options)
    try process.start(
      [
        "/usr/sbin/mariadbd", "--no-defaults", "--datadir=\(data)", "--socket=\(socket)", "--port=\(process.port)",
        "--bind-address=127.0.0.1", "--server-id=7", "--log-bin=binlog", "--binlog-format=ROW",
        "--binlog-row-image=FULL",
        "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0", "--innodb-log-file-size=16M", "--innodb-doublewrite=0",
        "--skip-name-resolve", "--tmpdir=\(data)",
      ] + (version.map { ["--version=\($0)"] } ?? []))
    let probe = ["mariadb", "--defaults-extra-file=\(options.path)", "-e", "SELECT 1"]
    try process.wait("MariaDB") { try Command.run(probe).status == 0 }
  }

  func environment(source: String, target: String) -> [String: String] {
    ["SOURCE_CNF": options.path, "TARGET_CNF": options.path]
  }

  func sql(_ text: String, database: String) throws -> String {
    try run(["mariadb", "--defaults-extra-file=\(options.path)", "--batch", "--skip-column-names", database], text)
  }

  func sql(_ text: String, database: String, login: String) throws -> String {
    try run(
      [
        "mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", String(process.port), "-u", login, "--batch",
        "--skip-column-names", "--default-character-set=utf8mb4",
      ], text)
  }

  private func run(_ command: [String], _ text: String) throws -> String {
    let result = try Command.run(command, input: text)
    guard result.status == 0 else { throw CommandFailure(description: "\(result.errors)\nin \(text.prefix(1500))") }
    return result.trimmed.replacingOccurrences(of: "\t", with: "|")
  }

  func structure(_ database: String, tag: String) throws -> String {
    let dump = try Command.run([
      "mariadb-dump", "--defaults-extra-file=\(options.path)", "--no-data", "--routines", "--triggers",
      "--skip-dump-date",
      "--skip-comments", database,
    ])
    guard dump.status == 0 else { throw CommandFailure(description: dump.errors) }
    // Counters move with every row; keys come back at the end of the table: neither is structure.
    let lines = dump.output.split(separator: "\n").map { line in
      line.split(separator: " ").filter { !$0.hasPrefix("AUTO_INCREMENT=") }.joined(separator: " ")
        .trimmingCharacters(in: CharacterSet(charactersIn: ","))
        // A renamed table loses the database in front of its name in the text of its triggers.
        .replacingOccurrences(of: " ON `\(database)`.", with: " ON ")
    }
    var inTable: [String] = []
    var all: [String] = []
    for line in lines {
      if line.hasPrefix("CONSTRAINT") || line.hasPrefix("KEY") {
        inTable.append(line)
      } else {
        all += inTable.sorted() + [line]
        inTable = []
      }
    }
    let rights = try sql(
      "SHOW DATABASES LIKE '%\(tag)%'; SELECT user, is_role FROM mysql.user WHERE user LIKE '%\(tag)%' ORDER BY 1;"
        + "SELECT * FROM mysql.tables_priv WHERE user LIKE '%\(tag)%' ORDER BY 2, 3, 4",
      database: database)
    return all.joined(separator: "\n") + rights.split(separator: "\n").map { dropTimestamp($0) }.joined(separator: "\n")
  }

  private func dropTimestamp(_ line: Substring) -> String {
    line.split(separator: "|").filter { !($0.count == 19 && $0.contains(":")) }.joined(separator: "|")
  }

  func create(_ database: String) throws {
    _ = try sql("CREATE DATABASE `\(database)`", database: "mysql")
  }
}
