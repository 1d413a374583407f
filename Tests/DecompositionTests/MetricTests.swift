import Basics
import Decomposition
import Facts
import Graph
import Testing

/// Each metric against a second implementation straight from its definition.
@Suite struct MetricTests {
  private let system = InvariantTests.Sample.random.system

  private func matrix(_ graph: DependencyGraph, _ clusterOf: [Int]) -> [[Double]] {
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: graph.nodes.count), count: graph.nodes.count)
    for edge in graph.edges where clusterOf[edge.from] >= 0 && clusterOf[edge.to] >= 0 {
      matrix[edge.from][edge.to] += edge.weight
      matrix[edge.to][edge.from] += edge.weight
    }
    return matrix
  }

  @Test(arguments: [1, 2, 5, 9]) func modularityIsNewmans(clusters: Int) {
    let graph = DependencyGraph(system: system)
    let clusterOf = graph.nodes.indices.map { $0 % 11 == 0 ? -1 : $0 % clusters }
    let weights = matrix(graph, clusterOf)
    let degrees = weights.map { $0.reduce(0, +) }
    let twoM = degrees.reduce(0, +)
    var quality = 0.0
    for left in weights.indices {
      for right in weights.indices where clusterOf[left] >= 0 && clusterOf[left] == clusterOf[right] {
        quality += weights[left][right] - degrees[left] * degrees[right] / twoM
      }
    }
    let metrics = PartitionMetrics(graph: graph, clusterOf: clusterOf)
    #expect(abs(metrics.modularity - quality / twoM) < 1e-9)
    if clusters == 1 { #expect(abs(metrics.modularity) < 1e-9) }
  }

  @Test(arguments: [2, 5]) func serviceFiguresFollowTheirDefinitions(clusters: Int) {
    let graph = DependencyGraph(system: system)
    let clusterOf = graph.nodes.indices.map { $0 % clusters }
    let weights = matrix(graph, clusterOf)
    let metrics = PartitionMetrics(graph: graph, clusterOf: clusterOf)
    let all = weights.flatMap { $0 }.reduce(0, +)
    for cluster in 0..<clusters {
      let members = Set(graph.nodes.indices.filter { clusterOf[$0] == cluster })
      var inside = 0.0
      var cut = 0.0
      for left in members {
        for right in weights.indices {
          if members.contains(right) { inside += weights[left][right] / 2 } else { cut += weights[left][right] }
        }
      }
      let volume = 2 * inside + cut
      let users = Set(graph.edges.filter { clusterOf[$0.to] == cluster }.map { clusterOf[$0.from] }).subtracting([
        cluster
      ])
      let used = Set(graph.edges.filter { clusterOf[$0.from] == cluster }.map { clusterOf[$0.to] }).subtracting([
        cluster
      ])
      let figures = metrics.services[cluster]
      #expect(abs(figures.cohesion - inside / (inside + cut)) < 1e-9)
      #expect(abs(figures.conductance - cut / min(volume, all - volume)) < 1e-9)
      #expect(figures.afferent == users.count)
      #expect(figures.efferent == used.count)
      #expect(abs(figures.instability - Double(used.count) / Double(users.count + used.count)) < 1e-9)
    }
  }

  @Test func proposalFiguresFollowTheirDefinitions() {
    let proposal = propose(system)
    let value = Dictionary(uniqueKeysWithValues: proposal.metrics.map { ($0.name, $0.value) })
    let written = Dictionary(grouping: system.accesses.filter { $0.operation == .write }) { $0.table }
    let ownerOf = Dictionary(uniqueKeysWithValues: proposal.owners.map { ($0.table, $0.service) })
    var serviceOfType: [String: String] = [:]
    for service in proposal.services {
      for unit in service.units { serviceOfType[system.units[unit].name] = service.name }
    }
    func crossing(_ operation: AccessOperation) -> Double {
      Double(
        system.accesses.count {
          $0.operation == operation && serviceOfType[system.units[$0.unit].owner] ?? "shared" != ownerOf[$0.table]
            && ownerOf[$0.table] != ""
        })
    }
    #expect(value["services"] == Double(proposal.services.count))
    #expect(value["tables"] == 20)
    #expect(value["cross_write"] == crossing(.write))
    #expect(value["cross_read"] == crossing(.read))
    #expect(value["unwritten_share"] == Double(20 - written.count) / 20)
    let units = proposal.services.flatMap(\.units).count
    #expect(value["unassigned_share"] == Double(proposal.shared.count) / Double(proposal.shared.count + units))
    let shares = ["single_writer_share", "joint_share", "common_share"].compactMap { value[$0] }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
  }

  @Test func emptySystemHasZeroes() {
    let proposal = propose(SystemFacts())
    #expect(proposal.services.isEmpty && proposal.owners.isEmpty && proposal.seams.isEmpty)
    #expect(proposal.metrics.allSatisfy { $0.value == 0 })
    #expect(Set(proposal.metrics.map(\.name)).count == proposal.metrics.count)
  }
}
