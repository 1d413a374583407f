import Foundation
import Migration

/// A database server in a folder of its own, reached through its socket alone unless a program can do with ports only;
/// the identity of its process.
final class ScratchServer {
  let side: PlanSide
  let kind: Endpoint.Kind
  let folder: String
  /// Where programs leave their output.
  private let scratch: String
  private var process: ChildProcess?
  /// Where it listens on the loopback device; nil when it does not.
  let port: Int?

  /// Makes the folder and the empty cluster.
  init(_ kind: Endpoint.Kind, side: PlanSide, below root: String, isReachable: Bool) throws(MachineError) {
    port = isReachable ? try LoopbackPort.free() : nil
    self.kind = kind
    self.side = side
    folder = "\(root)/\(side.rawValue)"
    scratch = root
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw MachineError(description: "\(folder) cannot be made: \(error.localizedDescription)")
    }
    if getuid() == 0 { chown(folder, Programs.nobody, Programs.nobody) }
    try makeCluster()
  }

  /// The port, which is part of the socket's name on PostgreSQL.
  private var number: Int { port ?? 5432 }
  private var data: String { "\(folder)/d" }
  private var socket: String { kind == .postgres ? folder : "\(folder)/s" }
  private var log: String { "\(folder)/server.log" }

  private func makeCluster() throws(MachineError) {
    let command: [String]
    switch kind {
    case .postgres:
      command = [
        try Programs.path("initdb", package: "postgresql"), "-D", data, "--auth-local=trust",
        "--auth-host=scram-sha-256", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8",
      ]
    case .mariadb:
      command = [
        try Programs.path("mariadb-install-db", package: "mariadb-server"), "--no-defaults", "--datadir=\(data)",
        "--auth-root-authentication-method=normal", "--skip-test-db",
      ]
    }
    let made = try Programs.run(try Programs.unprivileged(command), scratch: scratch)
    guard made.status == 0 else {
      throw MachineError(description: "no \(kind.rawValue) cluster could be made: \(made.errors.suffix(1500))")
    }
  }

  private func command() throws(MachineError) -> [String] {
    switch kind {
    case .postgres:
      // The page cache survives the death of a process: nothing is lost without fsync unless the machine stops.
      let settings = [
        "listen_addresses=\(port == nil ? "" : "127.0.0.1")", "port=\(number)", "wal_level=logical", "fsync=off",
        "full_page_writes=off", "max_replication_slots=20",
        "max_wal_senders=20", "max_connections=80", "deadlock_timeout=200ms", "max_wal_size=4GB",
        "checkpoint_timeout=30s", "password_encryption=scram-sha-256",
      ]
      return [try Programs.path("postgres", package: "postgresql"), "-D", data, "-k", folder]
        + settings.flatMap { ["-c", $0] }
    case .mariadb:
      return [
        try Programs.path("mariadbd", package: "mariadb-server"), "--no-defaults", "--datadir=\(data)",
        // A server that starts removes temporary tables from the folder for them, also those of others.
        "--tmpdir=\(data)",
        "--socket=\(socket)", "--skip-networking", "--server-id=\(side == .source ? 1 : 2)", "--log-bin=binlog",
        "--binlog-format=ROW", "--binlog-row-image=FULL", "--binlog-row-metadata=FULL",
        "--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0", "--innodb-log-file-size=32M",
        "--innodb-lock-wait-timeout=5", "--skip-name-resolve", "--character-set-server=utf8mb4",
      ]
    }
  }

  /// Starts the server and waits until it answers; after a kill it may need more than one attempt.
  func start() throws(MachineError) {
    let deadline = Clock.now + 60_000_000
    let arguments = try Programs.unprivileged(try command())
    while Clock.now < deadline {
      if process?.isRunning != true {
        process = try ChildProcess(arguments, input: nil, output: log, errors: log)
      }
      if (try? endpoint(database: kind == .postgres ? "postgres" : "").connect()) != nil { return }
      usleep(30_000)
    }
    throw MachineError(description: "the \(side.rawValue) server did not start: \(Programs.text(log).suffix(1500))")
  }

  /// Ends the server and everything it started at once, as a crash would.
  func kill() {
    guard let process else { return }
    let children = ProcessTable.children(of: process.id)
    Glibc.kill(process.id, SIGKILL)
    for child in children { Glibc.kill(child, SIGKILL) }
    process.kill()
    self.process = nil
  }

  /// How to reach a database of the server.
  func endpoint(database: String, login: String? = nil) -> Endpoint {
    Endpoint(
      kind: kind, socket: socket, port: number, database: database,
      login: login ?? (kind == .postgres ? "postgres" : "root"))
  }

  /// Runs a file with the engine's own client, as a reader of the plan would; what it printed.
  func runScript(_ path: String, database: String, login: String? = nil) throws(MachineError) -> String {
    try runScripts([path], database: database, login: login)
  }

  /// Runs files in order with one client, as the administrator when no login is given.
  func runScripts(_ paths: [String], database: String, login: String? = nil) throws(MachineError) -> String {
    try begin(paths, database: database, login: login).output()
  }

  /// Files that run.
  struct RunningScripts {
    fileprivate let program: Programs.Running
    fileprivate let what: String

    /// What they printed, when they have come to their end.
    func output() throws(MachineError) -> String {
      let outcome = program.end()
      guard outcome.status == 0 else {
        throw MachineError(description: "\(what): \(outcome.errors.prefix(1500))")
      }
      return outcome.trimmed
    }
  }

  /// Starts files in order with one client.
  func begin(_ paths: [String], database: String, login: String? = nil) throws(MachineError) -> RunningScripts {
    let login = endpoint(database: database, login: login).login
    let program: Programs.Running
    switch kind {
    case .postgres:
      program = try Programs.begin(
        [
          try Programs.path("psql", package: "postgresql-client"), "-h", socket, "-p", String(number), "-U", login,
          "-d", database, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
        ] + paths.flatMap { ["-f", $0] }, scratch: scratch)
    case .mariadb:
      program = try Programs.begin(
        [
          try Programs.path("mariadb", package: "mariadb-client"), "--no-defaults", "--socket=\(socket)", "-u", login,
          "--default-character-set=utf8mb4", "--batch", "--skip-column-names",
        ] + (database.isEmpty ? [] : [database]), input: try joined(paths), scratch: scratch)
    }
    return RunningScripts(
      program: program, what: "\(paths.joined(separator: ", ")) failed on the \(side.rawValue)")
  }

  /// One file with what all hold; the client knows where a statement ends.
  private func joined(_ paths: [String]) throws(MachineError) -> String {
    if paths.count == 1 { return paths[0] }
    let path = "\(scratch)/scripts-\(side.rawValue).sql"
    try TextFile.write(paths.map { Programs.text($0) + "\n" }.joined(), to: path)
    return path
  }

  /// The structure of a database as text, without what a rehearsal adds for itself and without counters.
  func structure(_ database: String) throws(MachineError) -> String {
    let outcome: Programs.Outcome
    switch kind {
    case .postgres:
      outcome = try Programs.run(
        [
          try Programs.path("pg_dump", package: "postgresql-client"), "-h", socket, "-p", String(number), "-U",
          "postgres", "-s",
          "--exclude-schema=cleave_rehearsal", database,
        ], scratch: scratch)
    case .mariadb:
      outcome = try Programs.run(
        [
          try Programs.path("mariadb-dump", package: "mariadb-client"), "--no-defaults", "--socket=\(socket)", "-u",
          "root", "--no-data", "--routines", "--triggers", "--skip-dump-date", "--skip-comments", database,
        ], scratch: scratch)
    }
    guard outcome.status == 0 else {
      throw MachineError(description: "the structure of the \(side.rawValue) cannot be read: \(outcome.errors)")
    }
    return StructureText.plain(outcome.output)
  }
}

/// Dumps in a form that is equal when the structure is.
enum StructureText {
  /// Without the random tokens newer dumps carry, and without counters; keys of a table sorted, as restored ones come last.
  static func plain(_ dump: String) -> String {
    var lines: [String] = []
    var keys: [String] = []
    for line in dump.split(separator: "\n") {
      if line.hasPrefix("\\restrict") || line.hasPrefix("\\unrestrict") || line.hasPrefix("--") { continue }
      let words = line.split(separator: " ").filter { !$0.hasPrefix("AUTO_INCREMENT=") }.joined(separator: " ")
      let bare = words.hasSuffix(",") ? String(words.dropLast()) : words
      if bare.hasPrefix("CONSTRAINT `") || bare.hasPrefix("KEY `") || bare.hasPrefix("UNIQUE KEY `") {
        keys.append(bare)
      } else {
        lines += keys.sorted() + [bare]
        keys = []
      }
    }
    return (lines + keys.sorted()).joined(separator: "\n")
  }
}
