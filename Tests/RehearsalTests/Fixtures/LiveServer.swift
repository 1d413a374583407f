import Foundation
import Rehearsal

/// A server that stands for one in production: with logins, passwords and a log of every statement; the identity of
/// its process.
final class LiveServer {
  let kind: Endpoint.Kind
  let folder: String
  private let process = Process()
  private static let nobody = 65534

  /// Makes an empty server that is reached through its socket.
  init(_ kind: Endpoint.Kind) throws {
    self.kind = kind
    let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    folder = "\(root)/cleave-live-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if getuid() == 0 { chown(folder, uid_t(Self.nobody), gid_t(Self.nobody)) }
    let start: [String]
    switch kind {
    case .postgres:
      let bin = try Self.newestPostgres()
      try Self.run(
        ["\(bin)/initdb", "-D", "\(folder)/d", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"])
      start =
        ["\(bin)/postgres", "-D", "\(folder)/d", "-k", folder]
        + ["listen_addresses=", "fsync=off", "log_statement=all", "log_line_prefix=%a|%u|", "autovacuum=off"]
        .flatMap { ["-c", $0] }
      let rules = "local all postgres trust\nlocal all all scram-sha-256\n"
      try Data(rules.utf8).write(to: URL(fileURLWithPath: "\(folder)/d/pg_hba.conf"))
    case .mariadb:
      try Self.run([
        "/usr/bin/mariadb-install-db", "--no-defaults", "--datadir=\(folder)/d",
        "--auth-root-authentication-method=normal", "--skip-test-db",
      ])
      start = [
        "/usr/sbin/mariadbd", "--no-defaults", "--datadir=\(folder)/d", "--socket=\(folder)/s", "--skip-networking",
        "--general-log=1", "--general-log-file=\(folder)/log", "--character-set-server=utf8mb4",
        "--innodb-flush-log-at-trx-commit=0",
      ]
    }
    let command = Self.unprivileged(start)
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    try Data().write(to: URL(fileURLWithPath: "\(folder)/output"))
    process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/output")
    process.standardError = process.standardOutput
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 30)
    while Date() < deadline {
      if (try? admin(kind == .postgres ? "postgres" : "").connect()) != nil { return }
      usleep(50_000)
    }
    stop()
    throw MachineError(description: "the live server did not start: \(log)")
  }

  /// Where sockets are found.
  var socket: String { kind == .postgres ? folder : "\(folder)/s" }

  /// Every statement so far.
  var log: String {
    let path = kind == .postgres ? "\(folder)/output" : "\(folder)/log"
    return (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// A way in for the owner.
  func admin(_ database: String) -> Endpoint {
    Endpoint(
      kind: kind, socket: socket, port: 5432, database: database, login: kind == .postgres ? "postgres" : "root")
  }

  /// Runs files with the client of MariaDB, which knows delimiters.
  func load(_ files: [String], into database: String) throws {
    for file in files {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/mariadb")
      process.arguments = ["--no-defaults", "--socket=\(socket)", "-u", "root", database]
      process.standardInput = FileHandle(forReadingAtPath: file)
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw MachineError(description: "\(file) does not load") }
    }
  }

  func stop() {
    if process.isRunning {
      process.terminate()
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func unprivileged(_ arguments: [String]) -> [String] {
    getuid() == 0
      ? ["/usr/bin/setpriv", "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"] + arguments : arguments
  }

  private static func run(_ arguments: [String]) throws {
    let command = unprivileged(arguments)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw MachineError(description: "\(arguments[0]) failed") }
  }

  private static func newestPostgres() throws -> String {
    let versions = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").compactMap(Int.init)
    return "/usr/lib/postgresql/\(versions.max() ?? 15)/bin"
  }
}
