import Foundation

/// A program that could not be found or did not do its work.
package struct MachineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What happened and what to do about it.
  package let description: String

  /// An error in words.
  package init(description: String) { self.description = description }
}

/// A child process; the identity of what the kernel runs, reaped here and nowhere else.
final class ChildProcess {
  /// Its number; also that of its group.
  let id: Int32
  /// How it ended; nil while it runs or nobody looked.
  private(set) var status: Int32?

  /// Starts a program with files for input and both outputs, in a group of its own and with few settings around it.
  init(_ arguments: [String], input: String?, output: String, errors: String) throws(MachineError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    let create = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, create, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, create, 0o600)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var words = Self.copies(arguments)
    var settings = Self.copies(["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "TZ=UTC"])
    defer { for text in words + settings { free(text) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, arguments.first ?? "", &actions, &attributes, &words, &settings)
    guard failure == 0 else {
      let reason = String(cString: strerror(failure))
      throw MachineError(description: "\(arguments.first ?? "nothing") could not be started: \(reason)")
    }
    id = child
  }

  /// Texts as C takes them, with the end marked; freed by the caller.
  private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    var copies: [UnsafeMutablePointer<CChar>?] = []
    for text in texts { copies.append(strdup(text)) }
    return copies + [nil]
  }

  /// Whether it still runs.
  var isRunning: Bool {
    if status == nil { reap(WNOHANG) }
    return status == nil
  }

  /// Waits for its end; 0 is success, what a signal ended is 128 and its number.
  func wait() -> Int32 {
    if status == nil { reap(0) }
    return status ?? -1
  }

  /// Ends it at once, with the group it leads.
  func kill() {
    if status != nil { return }
    Glibc.kill(-id, SIGKILL)
    Glibc.kill(id, SIGKILL)
    reap(0)
  }

  private func reap(_ options: Int32) {
    var raw: Int32 = 0
    var answer: pid_t
    repeat { answer = waitpid(id, &raw, options) } while answer < 0 && errno == EINTR
    if answer == id {
      let signal = raw & 0x7f
      status = signal == 0 ? (raw >> 8) & 0xff : 128 + signal
    } else if answer < 0 {
      status = -1
    }
  }
}

/// Finds and runs programs, without a shell.
enum Programs {
  /// What a program left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// What it printed, without blank ends.
    var trimmed: String { output.trimmingCharacters(in: .whitespacesAndNewlines) }
  }

  private static let folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"]

  /// The user without rights, by its usual number.
  static let nobody: UInt32 = 65534

  /// Folders of PostgreSQL's own programs, the newest version first.
  private static var postgresFolders: [String] {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return versions.compactMap(Int.init).sorted(by: >).map { "\(root)/\($0)/bin" }
  }

  /// The path of a program; `package` says what to install when there is none.
  static func path(_ name: String, package: String) throws(MachineError) -> String {
    // Wrappers of Debian choose a version by settings of the machine: the programs themselves come first.
    let found = (postgresFolders + folders).lazy.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else { throw MachineError(description: "\(name) is missing: apt install \(package)") }
    return found
  }

  /// The arguments, run without the rights of root, which database servers refuse.
  static func unprivileged(_ arguments: [String]) throws(MachineError) -> [String] {
    guard getuid() == 0 else { return arguments }
    let drop = try path("setpriv", package: "util-linux")
    return [drop, "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"] + arguments
  }

  /// A program that runs; output goes through files, so that much of it never blocks a pipe.
  struct Running {
    fileprivate let child: ChildProcess
    fileprivate let output: String
    fileprivate let errors: String

    /// Waits for its end; to be called once.
    func end() -> Outcome {
      defer { for file in [output, errors] { try? FileManager.default.removeItem(atPath: file) } }
      let status = child.wait()
      return Outcome(status: status, output: Programs.text(output), errors: Programs.text(errors))
    }
  }

  /// Starts a program.
  static func begin(_ arguments: [String], input: String? = nil, scratch: String) throws(MachineError) -> Running {
    let stem = "\(scratch)/run-\(UUID().uuidString)"
    let (output, errors) = ("\(stem).out", "\(stem).err")
    let child = try ChildProcess(arguments, input: input, output: output, errors: errors)
    return Running(child: child, output: output, errors: errors)
  }

  /// Runs a program to its end.
  static func run(_ arguments: [String], input: String? = nil, scratch: String) throws(MachineError) -> Outcome {
    try begin(arguments, input: input, scratch: scratch).end()
  }

  /// A file as text; empty when it cannot be read.
  static func text(_ path: String) -> String {
    (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
