import Foundation

/// The processes of a rehearsal: one program, told by a file what to be.
package enum WorkerProgram {
  /// Runs until the work is done or the rehearsal is gone; the one argument is the path of a `WorkerJob`.
  package static func main(_ arguments: [String]) -> Never {
    guard let path = arguments.first, let job = JSONFile.read(path, as: WorkerJob.self) else {
      FileHandle.standardError.write(Data("a rehearsal starts this command itself\n".utf8))
      exit(2)
    }
    signal(SIGPIPE, SIG_IGN)
    switch job.role {
    case .watchdog: Watchdog.run(job)
    case .writer: supervised(job) { try WriterWorker(job).run() }
    case .capture: supervised(job) { try CaptureWorker(job).run() }
    case .backfill: supervised(job) { try BackfillWorker(job).run() }
    case .applier: supervised(job) { try ApplierWorker(job).run() }
    case .dualWriter: supervised(job) { try DualWriteWorker(job).run() }
    case .relay: supervised(job) { try RelayWorker(job).run() }
    }
    exit(0)
  }

  /// Works until done; a database that is away is waited for, anything else ends the process.
  private static func supervised(_ job: WorkerJob, _ work: () throws -> Void) {
    while !isOrphaned(job) {
      do {
        try work()
        return
      } catch let error as DatabaseError where error.isLost || error.isRetryable {
        usleep(50_000)
      } catch {
        FileHandle.standardError.write(Data("\(job.role.rawValue): \(error)\n".utf8))
        exit(1)
      }
    }
  }

  /// Whether the rehearsal that started this process is gone.
  static func isOrphaned(_ job: WorkerJob) -> Bool { getppid() != job.parent }
}

/// Time as the processes of a rehearsal tell it.
enum Clock {
  /// Microseconds since 1970.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
