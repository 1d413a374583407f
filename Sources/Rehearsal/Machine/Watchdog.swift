import Foundation

/// Outlives a rehearsal for a moment: ends its servers and removes its folder, also when the rehearsal was killed.
enum Watchdog {
  /// Waits for the rehearsal to be gone, then cleans up.
  static func run(_ job: WorkerJob) {
    for ignored in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(ignored, SIG_IGN) }
    _ = setsid()
    while kill(job.parent, 0) == 0, getppid() == job.parent { usleep(300_000) }
    for _ in 0..<5 {
      let found = ProcessTable.processes(mentioning: job.folder).filter { $0 != getpid() }
      if found.isEmpty { break }
      for process in found { kill(process, SIGKILL) }
      usleep(200_000)
    }
    try? FileManager.default.removeItem(atPath: job.folder)
  }
}

/// What runs on this machine, from the kernel's own files.
enum ProcessTable {
  /// Processes whose command line holds `text`.
  static func processes(mentioning text: String) -> [Int32] {
    all().filter { command(of: $0).contains(text) }
  }

  /// Direct children of a process.
  static func children(of parent: Int32) -> [Int32] {
    all().filter { process in
      // The name in parentheses may hold blanks; the parent is the second field behind it.
      let line = Programs.text("/proc/\(process)/stat")
      guard let end = line.lastIndex(of: ")") else { return false }
      let fields = line[line.index(after: end)...].split(separator: " ")
      return fields.count > 1 && Int32(fields[1]) == parent
    }
  }

  private static func all() -> [Int32] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.sorted()
  }

  private static func command(of process: Int32) -> String {
    String(decoding: Programs.text("/proc/\(process)/cmdline").utf8.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
  }
}
