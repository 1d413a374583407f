import Basics
import Decomposition
package import Reporting

extension Workbench {
  /// How firmly each table is placed: the proposal against as many `runs` on perturbed evidence.
  package static func stability(
    _ request: AnalysisRequest, runs: Int
  ) async throws(PipelineError) -> StabilityTable {
    let session = try AnalysisSession(request)
    let system = try await session.system()
    request.progress?(ProgressUpdate(stage: "perturbing the evidence", done: 0, total: 1))
    let division = try SystemDivision(session, system, withPrices: false)
    let stability = Decomposer.stability(
      of: division.proposal, system: system, graph: division.graph, weights: try session.weights(), runs: runs)
    var table = StabilityTable(runs: stability.runs)
    table.tables = stability.tables.map { share in
      StabilityRow(table: share.table.text, service: share.service, share: share.share, isDecided: share.isDecided)
    }
    table.services = stability.services.map { StabilityTable.Service(name: $0.name, share: $0.share) }
    return table
  }
}
