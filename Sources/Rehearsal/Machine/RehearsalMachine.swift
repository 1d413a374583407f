import Foundation
import Migration

/// The processes of a rehearsal: two servers, a watchdog, and workers that are started again when they end.
final class RehearsalMachine {
  /// One worker; the same name is the same work, whichever process does it.
  private final class Worker {
    var job: WorkerJob
    let path: String
    var process: ChildProcess?
    /// When it is started again; nil while it runs.
    var due: Int64?
    /// Ends nobody asked for, in a row.
    var failures = 0
    var isOver = false
    /// Whether it said that its work has to be begun over.
    var hasGivenUp = false

    init(_ job: WorkerJob, path: String) {
      self.job = job
      self.path = path
    }
  }

  let folder: String
  let source: ScratchServer
  let target: ScratchServer
  /// The database of each side.
  let databases: [PlanSide: String]
  private let program: [String]
  private var workers: [String: Worker] = [:]
  private var watchdog: ChildProcess?
  private var connections: [PlanSide: any DatabaseConnection] = [:]
  private let keepsFolder: Bool

  /// Makes the folder, its watchdog and the servers.
  ///
  /// - Parameter isReachable: whether programs without Unix sockets can reach the servers, through the loopback device.
  init(
    _ kind: Endpoint.Kind, target targetKind: Endpoint.Kind? = nil, root: String, program: [String],
    databases: [PlanSide: String], keepsFolder: Bool, isReachable: Bool = false
  ) throws(MachineError) {
    folder = "\(root)/cleave-rehearsal-\(getpid())-\(String(Clock.now, radix: 36))"
    self.program = program
    self.databases = databases
    self.keepsFolder = keepsFolder
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw MachineError(description: "\(folder) cannot be made: \(error.localizedDescription)")
    }
    chmod(folder, 0o755)
    if !keepsFolder {
      let job = WorkerJob(role: .watchdog, parent: getpid(), status: "", folder: folder)
      JSONFile.write(job, to: "\(folder)/watchdog.job")
      watchdog = try ChildProcess(
        program + ["\(folder)/watchdog.job"], input: nil, output: "/dev/null", errors: "/dev/null")
    }
    source = try ScratchServer(kind, side: .source, below: folder, isReachable: isReachable)
    target = try ScratchServer(targetKind ?? kind, side: .target, below: folder, isReachable: isReachable)
    try source.start()
    try target.start()
  }

  /// Ends everything; the folder goes too unless it is to be kept.
  func end() {
    connections = [:]
    for name in workers.keys.sorted() { stop(name) }
    source.kill()
    target.kill()
    watchdog?.kill()
    if !keepsFolder { try? FileManager.default.removeItem(atPath: folder) }
  }

  func server(_ side: PlanSide) -> ScratchServer { side == .source ? source : target }

  /// How to reach a side.
  func endpoint(_ side: PlanSide, login: String? = nil) -> Endpoint {
    server(side).endpoint(database: databases[side] ?? "", login: login)
  }

  /// Runs SQL on a side; a server that is away is waited for.
  @discardableResult func query(_ sql: String, on side: PlanSide) throws -> QueryResult {
    let deadline = Clock.now + 60_000_000
    while true {
      do {
        let connection = try connections[side] ?? endpoint(side).connect()
        connections[side] = connection
        return try connection.run(sql)
      } catch let error as DatabaseError {
        if error.isLost { connections[side] = nil }
        guard error.isLost, Clock.now < deadline else {
          throw MachineError(description: "\(side.rawValue): \(error) in \(sql.prefix(400))")
        }
        usleep(50_000)
      }
    }
  }

  // MARK: Workers

  /// Starts a worker under a name.
  func start(_ name: String, _ job: WorkerJob) throws(MachineError) {
    stop(name)
    let path = "\(folder)/\(name).job"
    JSONFile.write(job, to: path)
    let worker = Worker(job, path: path)
    workers[name] = worker
    try launch(worker)
  }

  /// Exit code of an engine whose first copy was cut short, the same as in its program.
  private static let beginOver: Int32 = 3

  private func launch(_ worker: Worker) throws(MachineError) {
    worker.due = nil
    let (command, log) = (worker.job.engine?.command ?? program, worker.path + ".log")
    worker.process = try ChildProcess(command + [worker.path], input: nil, output: log, errors: log)
  }

  /// Gives a worker that looks at its job from time to time another one; what does not run is started.
  func hand(_ name: String, _ job: WorkerJob) throws(MachineError) {
    guard let worker = workers[name], !worker.isOver else { return try start(name, job) }
    worker.job = job
    JSONFile.write(job, to: worker.path)
  }

  /// Ends a worker for good.
  func stop(_ name: String) {
    workers[name]?.process?.kill()
    workers[name] = nil
  }

  /// Names of workers that can be killed, sorted.
  var running: [String] {
    workers.filter { !$0.value.isOver && $0.value.process?.isRunning == true }.keys.sorted()
  }

  /// Ends a worker as a crash would; it is started again after a while.
  func crash(_ name: String, restartAfter microseconds: Int64) {
    guard let worker = workers[name] else { return }
    worker.process?.kill()
    worker.due = Clock.now + microseconds
  }

  /// Whether a worker said that its work has to be begun over.
  func hasGivenUp(_ name: String) -> Bool { workers[name]?.hasGivenUp ?? false }

  /// Whether a worker did all it had to.
  func isOver(_ name: String) -> Bool { workers[name]?.isOver ?? true }

  /// What a worker last said.
  func status(_ name: String) -> WorkerStatus {
    workers[name].flatMap { JSONFile.read($0.job.status, as: WorkerStatus.self) } ?? WorkerStatus()
  }

  /// Starts again what ended; a worker that ends by itself again and again stops the rehearsal.
  func tend() throws(MachineError) {
    for (name, worker) in workers.sorted(by: { $0.key < $1.key }) where !worker.isOver {
      if let due = worker.due {
        if Clock.now >= due { try launch(worker) }
        continue
      }
      guard let process = worker.process, !process.isRunning else { continue }
      if process.status == 0 {
        worker.isOver = true
        continue
      }
      if worker.job.engine != nil, process.status == Self.beginOver {
        (worker.isOver, worker.hasGivenUp) = (true, true)
        continue
      }
      worker.failures += 1
      if worker.failures > 5 {
        let words = Programs.text(worker.path + ".log").suffix(1200)
        throw MachineError(description: "\(name) ends by itself again and again: \(words)")
      }
      worker.due = Clock.now + 200_000
    }
  }
}
