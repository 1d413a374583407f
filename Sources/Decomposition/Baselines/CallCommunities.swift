import Facts
import Graph

/// Baselines that look for communities among classes that call each other, as most published tools do.
struct CallCommunities {
  private let input: BaselineInput
  private static let seed: UInt64 = 1

  init(_ input: BaselineInput) { self.input = input }

  /// Communities of the calls alone, weighted by their number; every table lies with its strongest writer, without one
  /// with its strongest reader. Classes without calls and tables without users are in no service.
  func partition(by method: GraphMethod) -> [Int]? {
    var numbers = [Int](repeating: -1, count: input.graph.nodes.count)
    var count = 0
    for call in input.measured.calls where call.from != call.to {
      for node in [call.from, call.to] where numbers[node] < 0 {
        numbers[node] = count
        count += 1
      }
    }
    var calls = WeightedGraph(count: count)
    for call in input.measured.calls { calls.add(numbers[call.from], numbers[call.to], Double(call.volume)) }
    guard calls.edgeCount > 0, calls.edgeCount <= method.edgeLimit else { return nil }
    let clusters = method.clusters(calls, Self.seed)
    return withTablesAtUsers(numbers.map { $0 < 0 ? -1 : clusters[$0] })
  }

  /// Labels propagated over calls and accesses at once, as CARGO (Nitin et al. 2022) does from one label a class; without
  /// its contexts, which need a points-to analysis.
  var propagatedLabels: [Int]? {
    var edges = WeightedGraph(count: input.graph.nodes.count)
    for edge in input.graph.edges where !input.graph.isTest(edge.from) && !input.graph.isTest(edge.to) {
      edges.add(edge.from, edge.to, edge.evidence.filter { Self.isDependency($0.kind) }.reduce(0) { $0 + $1.weight })
    }
    guard edges.edgeCount > 0 else { return nil }
    let labels = GraphMethod.labelPropagation.clusters(edges, Self.seed)
    let strengths = edges.strengths()
    return labels.indices.map { strengths[$0] > 0 ? labels[$0] : -1 }
  }

  private static func isDependency(_ kind: EvidenceKind) -> Bool { kind == .call || kind == .read || kind == .write }

  private func withTablesAtUsers(_ serviceOf: [Int]) -> [Int] {
    let weights = EvidenceWeights.standard
    var pulls: [Int: [AccessOperation: [Int: Double]]] = [:]
    for access in input.system.accesses where access.operation != .ddl && !input.system.isTest(access.unit) {
      guard let table = input.graph.node(ofTable: access.table), let node = input.graph.node(ofUnit: access.unit),
        serviceOf[node] >= 0
      else { continue }
      pulls[table, default: [:]][access.operation, default: [:]][serviceOf[node], default: 0] += weights.share(
        access.confidence)
    }
    var result = serviceOf
    for (table, users) in pulls {
      let services = users[.write] ?? users[.read] ?? [:]
      result[table] = services.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? -1
    }
    return result
  }
}
