package import Facts
package import Migration

/// What a rehearsal is made of.
package struct RehearsalRequest: Sendable {
  /// The plan.
  package var plan: MigrationPlan
  /// Services to move, by name, in the order of the plan; empty for the first two.
  package var services: [String] = []
  /// The facts the plan was made from.
  package var system: SystemFacts
  /// The folder with the plan's files, which are used as they stand there.
  package var planFolder: String
  /// Files that make the old schema, in order.
  package var schema: [String]
  /// Name of the old database.
  package var database: String
  /// Committed changes of rows to make, at least.
  package var changes = 20_000
  /// Processes to kill.
  package var kills = 10
  /// What all chance is drawn from.
  package var seed: UInt64 = 1
  /// Rows every table starts with, at most.
  package var rowsPerTable = 120
  /// Seconds after which soaking ends even when there were fewer changes; nil for no limit.
  package var soakSeconds: Int?
  /// A live database whose structure and statistics stand in for the schema files.
  package var source: SourceAddress?
  /// Rows the largest table starts with when a live database says how tables compare.
  package var mostRows = SeedProfile.usualMost
  /// Where scratch servers live.
  package var scratchRoot: String
  /// Whether the same workload is also run without the plan, by programs that write to both databases.
  package var showsDualWrites = false
  /// Whether the scratch folder is kept.
  package var keepsFolder = false
  /// The program that becomes the processes of the rehearsal, with what precedes the path of a job.
  package var worker: [String]
  /// Writers may be refused for this long, in seconds.
  package var writeBlockLimit = RehearsalReport.usualBlockLimit
  /// The engine that reads the log with the plan's connector files; nil when cleave reads it itself.
  package var debezium: DebeziumEngine?
  /// A mistake the forward applier is made to make.
  package var fault: ApplierFault?
  /// Told what happens, for people.
  package var progress: @Sendable (String) -> Void

  /// A request; everything else has a default.
  package init(
    plan: MigrationPlan, system: SystemFacts, planFolder: String, schema: [String], database: String,
    scratchRoot: String, worker: [String], progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.plan = plan
    self.system = system
    self.planFolder = planFolder
    self.schema = schema
    self.database = database
    self.scratchRoot = scratchRoot
    self.worker = worker
    self.progress = progress
  }
}

/// Carries a plan out on scratch servers under load and faults.
package enum Rehearsal {
  /// Services that are moved when none is named.
  package static let defaultServices = 2

  /// Runs the rehearsal to its end; what goes wrong with the plan is in the report, what keeps it from starting is thrown.
  package static func run(_ request: RehearsalRequest) throws(MachineError) -> RehearsalReport {
    let kind: Endpoint.Kind
    switch request.plan.engine {
    case .postgres: kind = .postgres
    case .mysql, .mariadb: kind = .mariadb
    case .sqlserver, .oracle:
      throw MachineError(
        description: "\(request.plan.engine.rawValue) plans cannot be rehearsed: there is no scratch server for them")
    }
    if request.debezium != nil, kind == .mariadb {
      throw MachineError(
        description: "the Debezium engine takes part in rehearsals of PostgreSQL plans only: leave it out, and cleave "
          + "reads the binary log itself")
    }
    let groups =
      request.services.isEmpty
      ? Array(request.plan.groups.prefix(defaultServices))
      : request.plan.groups.filter { request.services.contains($0.service) }
    guard !groups.isEmpty else { throw MachineError(description: "the plan moves none of the services named") }
    // Asked before anything is started: an address that is wrong is told at once.
    let live = try request.source.map { address throws(MachineError) in
      request.progress("reading statistics of \(address.text), read-only")
      return try LiveSource(address, engine: request.plan.engine)
    }
    let machine = try RehearsalMachine(
      kind, root: request.scratchRoot, program: request.worker,
      databases: [.source: request.database, .target: kind == .postgres ? "own" : ""],
      keepsFolder: request.keepsFolder, isReachable: request.debezium != nil)
    let engine: RunningEngine?
    do {
      engine = try request.debezium.map { found throws(MachineError) in
        request.progress("compiling what runs connectors in Debezium \(found.version)")
        return RunningEngine(
          command: try found.command(compiledInto: machine.folder),
          password: String(UInt64.random(in: .min ... .max), radix: 16))
      }
    } catch {
      machine.end()
      throw error
    }
    let stage = RehearsalStage(request, machine: machine, groups: groups, live: consume live, engine: engine)
    stage.run()
    machine.end()
    var report = stage.report
    if request.showsDualWrites { showDualWrites(request, in: &report) }
    return report
  }

  /// Changes and kills that are enough to see what dual writes do.
  private static let (dualChanges, dualKills) = (4000, 12)

  /// The same code, schema and chance, without the plan; what comes of it says nothing of the plan.
  private static func showDualWrites(_ request: RehearsalRequest, in report: inout RehearsalReport) {
    request.progress("the same workload without the plan: programs that write to both databases")
    var trial = TrialRequest(
      engine: request.plan.engine, system: request.system, schema: request.schema, database: request.database,
      scratchRoot: request.scratchRoot, worker: request.worker)
    trial.changes = min(request.changes, dualChanges)
    trial.kills = dualKills
    trial.seed = request.seed
    trial.rowsPerTable = request.rowsPerTable
    trial.seconds = 20
    do {
      report.dualWrites = try DualWriteTrial.run(trial, style: .publishAfterCommit)
    } catch {
      report.notes.append("dual writes could not be shown: \(error)")
    }
  }
}
