import Basics
import Decomposition
import Facts
import Graph
import Reporting

/// The proposal of a session: found, steered, or imported and judged beside the one found.
struct SystemDivision {
  let graph: DependencyGraph
  let proposal: Proposal
  /// The proposal beside an imported split; empty without one.
  let comparison: ReportComparison

  init(_ session: AnalysisSession, _ system: SystemFacts, withPrices: Bool) throws(PipelineError) {
    let weights = try session.weights()
    graph = DependencyGraph(system: system, weights: weights)
    guard let split = session.split else {
      proposal =
        withPrices
        ? Decomposer.proposeWithPrices(system: system, graph: graph, weights: weights, steering: session.steering)
        : Decomposer.propose(system: system, graph: graph, weights: weights, steering: session.steering)
      comparison = ReportComparison()
      return
    }
    proposal = Decomposer.propose(
      system: system, graph: graph, weights: weights, steering: session.steering, split: split)
    guard withPrices else {
      comparison = ReportComparison()
      return
    }
    let found = Decomposer.propose(system: system, graph: graph, weights: weights, steering: session.steering)
    comparison = ReportBuilder.comparison(
      ProposalDifference(system: system, before: found, after: proposal), source: split.source.text)
  }
}
