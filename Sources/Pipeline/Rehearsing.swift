import Decomposition
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
  /// Whether the same workload is also run without the plan.
  package var showsDualWrites = true
  /// Whether the scratch servers' folder is kept.
  package var keepsFolder = false
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
    _ = try await analyze(request)
    let session = try AnalysisSession(request)
    let system = try await session.system()
    let proposal = try SystemDivision(session, system, withPrices: false).proposal
    let plan: MigrationPlan
    do {
      var options = options(choices.plan)
      options.only = choices.services
      plan = try Planner.plan(system: system, proposal: proposal, options: options, factsDigest: session.digest)
    } catch {
      throw .planUnsupported(reason: error.description, nextStep: "see `cleave rehearse --help` for the choices")
    }
    let scratch = Scratch()
    defer { scratch.remove() }
    let folder = choices.planFolder ?? choices.out ?? scratch.path
    if choices.planFolder == nil {
      for file in plan.files() { try AtomicWriter.write(Array(file.contents.utf8), to: folder + "/" + file.path) }
    }
    var rehearsal = RehearsalRequest(
      plan: plan, system: system, planFolder: URL(fileURLWithPath: folder).path, schema: session.schemaFiles(),
      database: options(choices.plan).databaseName, scratchRoot: Scratch.root,
      worker: [ProcessInfo.processInfo.executable, "rehearse-worker"], progress: choices.progress)
    rehearsal.services = choices.services
    rehearsal.changes = choices.changes
    rehearsal.kills = choices.kills
    rehearsal.seed = choices.seed
    rehearsal.soakSeconds = choices.soakSeconds
    rehearsal.keepsFolder = choices.keepsFolder
    rehearsal.showsDualWrites = choices.showsDualWrites
    let report: RehearsalReport
    do {
      report = try Rehearsal.run(rehearsal)
    } catch {
      throw .planUnsupported(
        reason: error.description, nextStep: "a rehearsal needs the servers of PostgreSQL or MariaDB")
    }
    let text = RehearsalText(report)
    return RehearseSummary(text: text.text, json: text.json, hasPassed: report.faults.isEmpty)
  }

  /// Becomes one of the processes of a rehearsal.
  package static func becomeRehearsalWorker(job: String) -> Never { WorkerProgram.main([job]) }
}

/// A folder that goes when the rehearsal is over.
private struct Scratch {
  /// In memory when there is some: what lies there is thrown away anyway.
  static var root: String {
    FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  }

  let path = "\(root)/cleave-plan-\(UUID().uuidString)"

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

extension ProcessInfo {
  /// The program that runs, whatever name it was called by.
  fileprivate var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? arguments.first ?? ""
  }
}
