import Foundation
import Migration
import Rehearsal

/// What the reader of a rehearsal chose; nil leaves the choice to the rules.
package struct RehearseRequest: Sendable {
  /// What the plan is made with.
  package var plan = PlanRequest()
  /// Services to move; empty for the first two of the plan.
  package var services: [String] = []
  /// Committed changes of rows to make, at least.
  package var changes = 20_000
  /// Processes to kill.
  package var kills = 10
  /// What all chance is drawn from.
  package var seed: UInt64 = 1
  /// Seconds after which a soak ends even when there were fewer changes.
  package var soakSeconds: Int?
  /// Folder with the files of a plan, used in place of fresh ones.
  package var planFolder: String?
  /// URL of a live database that stands in for the schema files, or `env:NAME` for a variable that holds one.
  package var source: String?
  /// Whether the same workload is also run without the plan.
  package var showsDualWrites = true
  /// Whether the scratch servers' folder is kept.
  package var keepsFolder = false
  /// Folder with the jars of the Debezium engine, which then reads the log; nil when cleave reads it itself.
  package var debeziumFolder: String?
  /// Where the plan is written; nil for a folder that vanishes.
  package var out: String?
  /// Told what happens, for people.
  package var progress: @Sendable (String) -> Void = { _ in }

  /// Everything left to the rules.
  package init() {}
}

/// What came of a rehearsal.
package struct RehearseSummary: Sendable {
  /// A table for people.
  package var text: String
  /// One JSON object for programs.
  package var json: String
  /// Whether nothing was wrong.
  package var hasPassed: Bool
}

extension Workbench {
  /// Carries the plan of a system out on scratch servers.
  package static func rehearse(
    _ request: AnalysisRequest, _ choices: RehearseRequest
  ) async throws(PipelineError) -> RehearseSummary {
    let source = try sourceAddress(choices)
    let debezium = try choices.debeziumFolder.map { folder throws(PipelineError) in try debeziumEngine(in: folder) }
    var planning = choices.plan
    planning.only = choices.services
    let made = try await makePlan(request, options: planning)
    let plan = made.plan
    let scratch = PlanScratch()
    defer { scratch.remove() }
    let folder = choices.planFolder ?? choices.out ?? scratch.path
    if choices.planFolder == nil { _ = try write(plan, to: folder, progress: request.progress) }
    var rehearsal = RehearsalRequest(
      plan: plan, system: made.system, planFolder: URL(fileURLWithPath: folder).path, schema: made.schemaFiles,
      database: options(choices.plan).databaseName, scratchRoot: PlanScratch.root,
      worker: PlanScratch.worker, progress: choices.progress)
    rehearsal.services = choices.services
    rehearsal.source = source
    rehearsal.changes = choices.changes
    rehearsal.kills = choices.kills
    rehearsal.seed = choices.seed
    rehearsal.soakSeconds = choices.soakSeconds
    rehearsal.keepsFolder = choices.keepsFolder
    rehearsal.showsDualWrites = choices.showsDualWrites
    rehearsal.debezium = debezium
    let report: RehearsalReport
    do {
      report = try Rehearsal.run(rehearsal)
    } catch {
      throw .planUnsupported(
        reason: error.description,
        nextStep: source == nil
          ? "a rehearsal needs the servers of PostgreSQL or MariaDB"
          : "a rehearsal needs the servers of PostgreSQL or MariaDB here, and a login to the live database")
    }
    let text = RehearsalText(report)
    return RehearseSummary(text: text.text, json: text.json, hasPassed: report.faults.isEmpty)
  }

  /// The live database, before anything else is done; the words of an error do not repeat what was given.
  private static func sourceAddress(_ choices: RehearseRequest) throws(PipelineError) -> SourceAddress? {
    guard let given = choices.source else { return nil }
    let settings = ProcessInfo.processInfo.environment
    do {
      let address = try SourceAddress(given, environment: settings)
      if let warning = address.warning { choices.progress("warning: \(warning)") }
      return address
    } catch {
      throw .planUnsupported(
        reason: error.description, nextStep: "give --source postgres://user@host/database or env:NAME")
    }
  }

  private static func debeziumEngine(in folder: String) throws(PipelineError) -> DebeziumEngine {
    do {
      return try DebeziumEngine(folder: folder)
    } catch {
      throw .planUnsupported(
        reason: error.description, nextStep: "leave out --with-debezium, and cleave reads the log itself")
    }
  }

  /// Becomes one of the processes of a rehearsal.
  package static func becomeRehearsalWorker(job: String) -> Never { WorkerProgram.main([job]) }
}
