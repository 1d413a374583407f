import Decomposition
import Graph
package import Reporting

extension Workbench {
  /// What each layer of evidence weighs in the proposal, heaviest first. Proposes once for each layer.
  package static func explainLayers(_ request: AnalysisRequest) async throws(PipelineError) -> LayerTable {
    let session = try AnalysisSession(request)
    let weights = try session.weights()
    let system = try await session.system()
    request.progress?(ProgressUpdate(stage: "weighing evidence", done: 0, total: 1))
    let rows = Decomposer.layerEffects(system: system, weights: weights).map { effect in
      var row = LayerRow()
      row.name = effect.kind.rawValue
      row.source = effect.kind.source
      row.pairs = effect.pairs
      row.weight = effect.weight
      row.share = effect.share
      row.inside = effect.inside
      row.agreement = effect.agreement
      return row
    }
    return LayerTable(rows)
  }
}
