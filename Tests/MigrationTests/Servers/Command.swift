import Foundation
import Glibc

/// What a finished command left behind.
struct CommandResult {
  let status: Int32
  let output: String
  let errors: String

  var trimmed: String { output.trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// Something the machine lacks or a command that failed.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String
}

/// Runs programs; output goes through files, so that large output never blocks a pipe.
enum Command {
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: URL? = nil
  ) throws -> CommandResult {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = ["in", "out", "err"].map { scratch.appendingPathComponent($0) }
    try Data(input.utf8).write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    if let folder { process.currentDirectoryURL = folder }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
    return CommandResult(status: process.terminationStatus, output: try text(files[1]), errors: try text(files[2]))
  }

  /// Fails when the program is missing, naming the Debian package that has it.
  static func require(_ program: String, package: String) throws {
    let found =
      program.hasPrefix("/")
      ? FileManager.default.isExecutableFile(atPath: program)
      : try run(["sh", "-c", "command -v \(program)"]).status == 0
    if !found { throw CommandFailure(description: "\(program) is missing: apt-get install \(package)") }
  }
}

/// A server in a folder of its own, owned by a watchdog that stops it when the test process ends, however it ends.
final class ServerProcess: Sendable {
  let folder: URL
  let port: Int

  /// Makes the folder; servers refuse to run as root, so root hands it to `nobody`.
  init(name: String) throws {
    // Memory when there is some: the servers are thrown away anyway.
    let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
    folder = URL(fileURLWithPath: "\(root)/cleave-\(name)-\(getpid())-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if getuid() == 0 { _ = try Command.run(["chown", "nobody", folder.path]) }
    port = try Self.freePort()
  }

  /// The arguments, run without the rights of root.
  static func unprivileged(_ arguments: [String]) -> [String] {
    getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + arguments : arguments
  }

  /// Starts the server under its watchdog.
  func start(_ arguments: [String]) throws {
    let script = """
      parent=$1; folder=$2; shift 2
      "$@" >"$folder/server.log" 2>&1 &
      server=$!
      while kill -0 "$parent" 2>/dev/null && kill -0 "$server" 2>/dev/null; do sleep 0.3; done
      kill -QUIT "$server" 2>/dev/null; kill -KILL "$server" 2>/dev/null
      sleep 0.5; rm -rf "$folder"
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, "watchdog", String(getpid()), folder.path] + Self.unprivileged(arguments)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Waits until `probe` succeeds.
  func wait(_ what: String, probe: () throws -> Bool) throws {
    for _ in 0..<150 {
      if (try? probe()) == true { return }
      usleep(200_000)
    }
    let log = (try? String(contentsOf: folder.appendingPathComponent("server.log"), encoding: .utf8)) ?? ""
    throw CommandFailure(description: "\(what) did not start: \(log.suffix(2000))")
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(descriptor, raw, length) == 0 ? getsockname(descriptor, raw, &length) : -1
      }
    }
    guard status == 0 else { throw CommandFailure(description: "no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
