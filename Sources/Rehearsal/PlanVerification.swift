package import Migration

/// Runs every script of a plan on scratch servers, forward, back and forward again, and says which files nothing ran.
package struct PlanVerification {
  /// The plan.
  package var plan: MigrationPlan
  /// The folder with its files.
  package var planFolder: String
  /// Files that make the old schema, in order; empty to make it from the catalog.
  package var schema: [String]
  /// Name of the old database.
  package var database: String
  /// Where scratch servers live.
  package var scratchRoot: String
  /// The program that becomes the watchdog, with what precedes the path of its job.
  package var worker: [String]
  /// Told what happens, for people.
  package var progress: @Sendable (String) -> Void

  /// A verification with all its parts.
  package init(
    plan: MigrationPlan, planFolder: String, schema: [String], database: String, scratchRoot: String,
    worker: [String], progress: @escaping @Sendable (String) -> Void
  ) {
    self.plan = plan
    self.planFolder = planFolder
    self.schema = schema
    self.database = database
    self.scratchRoot = scratchRoot
    self.worker = worker
    self.progress = progress
  }

  /// One entry per file, sorted by path; servers are started only for engines that have one.
  package func run() throws(MachineError) -> [FileProof] {
    let proofs = PlanChecks.proofs(of: plan)
    guard let source = Endpoint.Kind(plan.engine), let target = Endpoint.Kind(plan.targetEngine) else { return proofs }
    progress("starting scratch servers")
    let machine = try RehearsalMachine(
      source, target: target, root: scratchRoot, program: worker,
      databases: [.source: database, .target: target == .postgres ? "own" : ""], keepsFolder: false)
    defer { machine.end() }
    var trial = ScriptTrial(verification: self, machine: machine)
    try trial.prepare()
    // The old tables go when every service that copies them has moved.
    for group in plan.groups { trial.take(group, steps: StepID.guardrails...StepID.reverseSync) }
    for group in plan.groups { trial.take(group, steps: StepID.enforce...StepID.contract) }
    for group in plan.groups { trial.tearDown(group) }
    return proofs.map { trial.outcome(for: $0) }
  }
}

/// Runs scripts one by one and remembers what came of each.
private struct ScriptTrial {
  let verification: PlanVerification
  let machine: RehearsalMachine
  private var versions: [PlanSide: String] = [:]
  private var runs: [String: Int] = [:]
  private var failures: [String: String] = [:]
  private var skipped: [String: String] = [:]
  /// Services whose later steps make no sense.
  private var failed: Set<String> = []
  /// What the old schema was made from.
  private var origin = "the schema files"

  init(verification: PlanVerification, machine: RehearsalMachine) {
    self.verification = verification
    self.machine = machine
  }

  /// Makes the databases and the old schema.
  mutating func prepare() throws(MachineError) {
    for side in [PlanSide.source, .target] {
      versions[side] = try wrapped { () throws in
        let name = side == .source ? machine.databases[.source] ?? "" : machine.databases[.target] ?? ""
        let kind = machine.server(side).kind
        let connection = try machine.server(side).endpoint(database: kind == .postgres ? "postgres" : "").connect()
        if !name.isEmpty { try connection.run("CREATE DATABASE \(Wording(kind: kind).name(name))") }
        let number = try connection.run(kind == .postgres ? "SHOW server_version" : "SELECT version()").value ?? ""
        return "\(kind == .postgres ? "PostgreSQL" : "MariaDB") \(number.split(separator: " ").first ?? "")"
      }
    }
    origin = try OldSchema(
      machine: machine, database: verification.database, files: verification.schema,
      catalog: verification.plan.catalogScript
    ).load(say: verification.progress)
  }

  private func wrapped<Value>(_ body: () throws -> Value) throws(MachineError) -> Value {
    do { return try body() } catch { throw MachineError(description: "\(error)") }
  }

  /// Every step: forward, what stands beside, back, forward again.
  mutating func take(_ group: PlanGroup, steps: ClosedRange<StepID>) {
    if failed.contains(group.service) { return }
    for step in group.steps where steps.contains(step.id) {
      verification.progress("\(group.service) \(step.id.text): \(step.title)")
      guard run(step.apply), runLoose(step, of: group), run(step.rollback), run(step.apply) else {
        let rest = group.steps.filter { $0.id >= step.id }.flatMap(\.artifacts)
        for file in rest where runs[file.path] == nil && failures[file.path] == nil {
          skipped[file.path] = "not executed: a script before it failed"
        }
        failed.insert(group.service)
        return
      }
    }
  }

  mutating func tearDown(_ group: PlanGroup) {
    if !failed.contains(group.service) { _ = run(group.teardown) }
  }

  /// Jobs, gates and reports; what takes back comes after what it takes back.
  private mutating func runLoose(_ step: PlanStep, of group: PlanGroup) -> Bool {
    let files = step.artifacts.map(\.path).filter {
      $0.hasSuffix(".sql") && !PlanFile(path: $0, contents: "").isNumberedScript
    }
    for path in files.filter({ !$0.contains(".down.") }) + files.filter({ $0.contains(".down.") }) {
      // The old tables refuse everybody but the applier of the reverse stream.
      let isReverseMerge = step.id == .reverseSync && path.contains("/job-merge-")
      guard run(path, on: PlanFile.side(of: path), login: isReverseMerge ? group.move.reverse.applyRole : nil) else {
        return false
      }
    }
    return true
  }

  private mutating func run(_ actions: [PlanAction]) -> Bool {
    for action in actions {
      if case .sql(let path, let side) = action, !run(path, on: side, login: nil) { return false }
    }
    return true
  }

  private mutating func run(_ path: String, on side: PlanSide, login: String?) -> Bool {
    let server = machine.server(side)
    do {
      if let login, server.kind == .mariadb {
        let name = Wording(kind: .mariadb).literal(login)
        try server.endpoint(database: "").connect().run("ALTER USER \(name)@'%' ACCOUNT UNLOCK")
      }
      _ = try server.runScript(
        "\(verification.planFolder)/\(path)", database: login == nil ? machine.databases[side] ?? "" : database(side),
        login: login)
      runs[path, default: 0] += 1
      return true
    } catch {
      failures[path] = "\(error)".replacing("\(verification.planFolder)/", with: "")
      return false
    }
  }

  /// What the applier connects to: nothing by name on MariaDB, whose databases it names itself.
  private func database(_ side: PlanSide) -> String {
    machine.server(side).kind == .mariadb ? "" : machine.databases[side] ?? ""
  }

  /// What a file's entry becomes.
  func outcome(for proof: FileProof) -> FileProof {
    let version = versions[PlanFile.side(of: proof.path)] ?? ""
    if let failure = failures[proof.path] {
      return FileProof(path: proof.path, kind: .executed, means: version, problems: [failure])
    }
    if let count = runs[proof.path] {
      let times = count == 1 ? "once" : "\(count) times"
      return FileProof(
        path: proof.path, kind: .executed, means: "\(version), \(times), on \(origin)", problems: proof.problems)
    }
    guard let reason = skipped[proof.path] else { return proof }
    return FileProof(path: proof.path, kind: proof.kind, means: reason, problems: proof.problems)
  }
}
