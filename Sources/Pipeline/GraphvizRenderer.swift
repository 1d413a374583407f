import Dispatch
import Foundation

/// Why a picture could not be drawn.
package enum GraphvizError: Error, Hashable {
  /// The program is not installed.
  case missing
  /// It ran longer than the limit.
  case timedOut(seconds: Int)
  /// It refused its input; what it said.
  case failed(String)

  /// What went wrong, in words.
  package var message: String {
    switch self {
    case .missing: "graphviz is not installed"
    case .timedOut(let seconds): "graphviz did not finish in \(seconds) seconds"
    case .failed(let reason): "graphviz failed: \(reason)"
    }
  }

  /// What to do about it.
  package var nextStep: String {
    switch self {
    case .missing: "install the Debian package graphviz (apt install graphviz), or use --format dot"
    case .timedOut: "use --level service or table, or --format dot and a layout program of your choice"
    case .failed: "use --format dot and report the text that was refused"
    }
  }
}

/// Draws DOT as SVG with graphviz, which runs as a process of its own, without a shell.
package enum GraphvizRenderer {
  /// Time for one layout. `dot` is slow on dense graphs; the pictures are bounded, so this is rarely met.
  package static let timeLimit = 20

  /// SVG of `dot`. Tries the layered layout first and the force-directed one when that takes too long.
  package static func svg(dot: String) throws(GraphvizError) -> String {
    do {
      return try run("dot", input: dot, seconds: timeLimit)
    } catch .timedOut {
      return try run("sfdp", input: dot, seconds: timeLimit)
    }
  }

  /// Runs one layout program from PATH with `input` on standard input.
  package static func run(_ program: String, input: String, seconds: Int) throws(GraphvizError) -> String {
    guard let path = executable(named: program) else { throw .missing }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = program == "sfdp" ? ["-Tsvg", "-Goverlap=prism"] : ["-Tsvg"]
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    do { try process.run() } catch { throw .failed(error.localizedDescription) }

    // Three pipes at once: reading one to its end first would block a program that fills another.
    let (output, complaint) = (Collected(), Collected())
    let group = DispatchGroup()
    let queue = DispatchQueue(label: "graphviz", attributes: .concurrent)
    queue.async(group: group) { output.data = stdout.fileHandleForReading.readDataToEndOfFile() }
    queue.async(group: group) { complaint.data = stderr.fileHandleForReading.readDataToEndOfFile() }
    queue.async(group: group) {
      // A program that has ended closes its end; what it said tells more than the failed write.
      try? stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try? stdin.fileHandleForWriting.close()
    }
    guard group.wait(timeout: .now() + .seconds(seconds)) == .success else {
      process.terminate()
      throw .timedOut(seconds: seconds)
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0, !output.data.isEmpty else {
      let said = String(decoding: complaint.data, as: UTF8.self)
      throw .failed(said.split(separator: "\n").first.map(String.init) ?? "status \(process.terminationStatus)")
    }
    return String(decoding: output.data, as: UTF8.self)
  }

  /// Bytes one reader fills. Written before its task leaves the group and read after the group was waited for, so never
  /// by two threads at once.
  private final class Collected: @unchecked Sendable { var data = Data() }

  static func executable(named program: String) -> String? {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return folders.split(separator: ":").lazy.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
