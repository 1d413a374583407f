import Basics
import Decomposition
import Facts
import Graph
package import Reporting

/// What a planted graph looks like.
package struct PlantedRequest: Sendable {
  /// Number of groups.
  package var groups = 1000
  /// Number of vertices.
  package var nodes = 200_000
  /// Number of edges.
  package var edges = 2_000_000
  /// Chance of an edge to leave its group, 0 to 1.
  package var mixing = 0.3
  /// Seed of the generator.
  package var seed: UInt64 = 1

  /// The graph that figures are reported for.
  package init() {}
}

extension Workbench {
  /// The proposal beside known ways to decompose the same graph, one row each: agreement with the owners in the file
  /// `truth`, CPU seconds, and every metric. `assignment` adds an existing split.
  package static func benchDecomposition(
    _ request: AnalysisRequest, truth: String?, assignment: String?
  ) async throws(PipelineError) -> BenchTable {
    let known = try truth.map { path throws(PipelineError) in try OwnerFile(path: path) }
    let given = try assignment.map { path throws(PipelineError) in try AssignmentFile.read(path).split }
    let session = try AnalysisSession(request)
    let weights = try session.weights()
    let system = try await session.system()
    let graph = DependencyGraph(system: system, weights: weights)
    let measured = MeasuredSystem(system: system, graph: graph)
    var bench = DecompositionRows(known: known)
    let total = Baseline.all.count + 1
    request.progress?(ProgressUpdate(stage: "decomposing", done: 0, total: total))
    let own = ThreadClock.measure { Decomposer.propose(system: system, graph: graph, weights: weights) }
    bench.add("cleave", own.result, seconds: own.seconds)
    if let given {
      bench.add(
        "assignment", Decomposer.propose(system: system, graph: graph, weights: weights, split: given), seconds: nil)
    }
    let input = BaselineInput(
      system: system, graph: graph, measured: measured,
      serviceCount: own.result.services.count { !$0.tables.isEmpty })
    for (number, baseline) in Baseline.all.enumerated() {
      request.progress?(ProgressUpdate(stage: "decomposing", done: number + 1, total: total))
      let run = ThreadClock.measure { baseline.partition(input) }
      guard let serviceOf = run.result else { continue }
      bench.add(
        baseline.name,
        Decomposer.judge(serviceOf: serviceOf, system: system, graph: graph, measured: measured, weights: weights),
        seconds: run.seconds)
    }
    return bench.table
  }

  /// Methods for graphs on a random graph with known groups: the groups found, the agreement, and CPU seconds.
  package static func benchPlanted(_ request: PlantedRequest) -> BenchTable {
    let planted = PlantedGraph(
      groups: request.groups, nodes: request.nodes, edges: request.edges, mixing: request.mixing, seed: request.seed)
    var table = BenchTable(
      first: "method", columns: ["groups", "ari", "v_measure", "pair_f1", "mojofm", "cpu_seconds"])
    for method in GraphMethod.all {
      let run = ThreadClock.measure { planted.clusters(by: method, seed: request.seed) }
      guard let clusters = run.result, let agreement = PartitionAgreement(truth: planted.truth, found: clusters) else {
        continue
      }
      table.add(
        method.name,
        [
          Double(agreement.foundGroups), agreement.ari, agreement.vMeasure, agreement.pairF1, agreement.mojoFM,
          run.seconds,
        ])
    }
    return table
  }
}

extension ThreadClock {
  /// What `body` gives, and the seconds it took.
  fileprivate static func measure<Result>(_ body: () -> Result) -> (result: Result, seconds: Double) {
    let start = seconds
    let result = body()
    return (result, seconds - start)
  }
}

/// Rows of a bench in the making.
private struct DecompositionRows {
  private let known: OwnerFile?
  private(set) var table: BenchTable

  /// What people see; files hold every figure.
  private static let shown: Set<String> = [
    "ari", "pair_f1", "mojofm", "owned", "cpu_seconds", "services", "modularity", "single_writer_share",
    "mean_owner_margin",
    "distributed_transaction_share", "cross_join", "cross_foreign_key_share", "replicated_columns", "icp_cargo",
    "tp_entry",
  ]

  init(known: OwnerFile?) {
    self.known = known
    let agreement = [
      "ari", "v_measure", "homogeneity", "completeness", "pair_precision", "pair_recall", "pair_f1", "mojofm",
      "owned",
    ]
    table = BenchTable(
      first: "partition",
      columns: ["cpu_seconds"] + (known == nil ? [] : agreement) + DecompositionMetric.all.map(\.name),
      shown: Self.shown)
  }

  mutating func add(_ name: String, _ proposal: Proposal, seconds: Double?) {
    var values: [Double?] = [seconds]
    if let known {
      let found = proposal.owners.map { (table: $0.table.text, service: $0.service) }
      let agreement = OwnerAgreement(truth: known.tables, found: found)
      values +=
        agreement.partition.map { Workbench.figures($0).map { $0.value } } ?? [Double?](repeating: nil, count: 8)
      values.append(agreement.owned)
    }
    let figures = Dictionary(proposal.metrics.map { ($0.name, $0.value) }) { first, _ in first }
    table.add(name, values + DecompositionMetric.all.map { figures[$0.name] })
  }
}
