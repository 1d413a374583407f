import Foundation
import Migration
import Rehearsal
package import Reporting

extension Workbench {
  /// Runs every script of a plan on scratch servers and tells what was done with each file.
  ///
  /// - Parameter out: where the plan is written; nil for a folder that vanishes.
  package static func prove(
    _ request: AnalysisRequest, options choices: PlanRequest, out: String?,
    progress: @escaping @Sendable (String) -> Void
  ) async throws(PipelineError) -> PlanProofText {
    let made = try await makePlan(request, options: choices)
    let scratch = PlanScratch()
    defer { scratch.remove() }
    let folder = out ?? scratch.path
    _ = try write(made.plan, to: folder, progress: request.progress)
    let verification = PlanVerification(
      plan: made.plan, planFolder: URL(fileURLWithPath: folder).path, schema: made.schemaFiles,
      database: options(choices).databaseName, scratchRoot: PlanScratch.root, worker: PlanScratch.worker,
      progress: progress)
    do {
      return PlanProofText(
        try verification.run().map {
          PlanProofText.File(path: $0.path, kind: $0.kind.rawValue, by: $0.means, problems: $0.problems)
        })
    } catch {
      throw .planUnsupported(
        reason: error.description, nextStep: "--verify needs the servers of PostgreSQL or MariaDB: see `cleave doctor`")
    }
  }
}
