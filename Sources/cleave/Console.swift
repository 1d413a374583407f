import Foundation
import Pipeline
import Synchronization

/// Standard output and standard error.
enum Console {
  /// Writes a result. A closed reader ends the program quietly; any other failure is reported.
  static func show(_ text: String) throws(Stop) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      if isBrokenPipe(error) { exit(ProgramExit.fine.rawValue) }
      throw Stop(code: .usage, text: "cleave: cannot write to standard output: \(error.localizedDescription)")
    }
  }

  /// Writes a line to standard error; nobody is left to tell when that fails.
  static func say(_ text: String) {
    guard !text.isEmpty else { return }
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }

  private static func isBrokenPipe(_ error: any Error) -> Bool {
    let error = error as NSError
    if error.domain == NSPOSIXErrorDomain { return error.code == Int(EPIPE) }
    return (error.userInfo[NSUnderlyingErrorKey] as? NSError)?.code == Int(EPIPE)
  }
}

/// The progress line on a terminal, redrawn at most ten times a second.
final class ProgressLine: Sendable {
  // A class, because the analysis reports from several threads to the one line there is; the mutex guards its state.
  private struct State {
    var lastDrawn: ContinuousClock.Instant?
    var stage = ""
    var isDrawn = false
  }

  private let state = Mutex(State())
  private let interval = Duration.milliseconds(100)

  /// Nil when nobody would see it.
  init?(isQuiet: Bool) {
    guard !isQuiet, isatty(STDERR_FILENO) != 0 else { return nil }
  }

  /// Shows how far a stage is.
  func show(_ update: ProgressUpdate) {
    state.withLock { state in
      let now = ContinuousClock.now
      if update.stage == state.stage, let last = state.lastDrawn, now - last < interval { return }
      state.lastDrawn = now
      state.stage = update.stage
      state.isDrawn = true
      let count = update.total > 0 ? " \(bar(update)) \(update.done)/\(update.total)" : ""
      write("\r\u{1B}[2K\(update.stage)\(count)")
    }
  }

  /// Removes the line.
  func clear() {
    state.withLock { state in
      if state.isDrawn { write("\r\u{1B}[2K") }
      state.isDrawn = false
    }
  }

  private func bar(_ update: ProgressUpdate) -> String {
    let width = 24
    let filled = min(width, max(0, update.done * width / max(update.total, 1)))
    return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled) + "]"
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
