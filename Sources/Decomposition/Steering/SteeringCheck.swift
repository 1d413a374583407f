import Basics
import Graph

/// Looks whether a division obeys the entries of a steering, by the entries alone and not by how they were applied.
struct SteeringCheck {
  let steering: Steering
  let constraints: Constraints
  let graph: DependencyGraph
  let division: Division

  /// The entries among `numbers` that the division breaks.
  func broken(among numbers: [Int]) -> [Int] { numbers.filter { !holds($0) } }

  /// An error for each broken entry, which has to be obeyed.
  func violations() -> [Diagnostic] {
    broken(among: constraints.obeyed).map { number in
      let entry = steering.entries[number]
      return Diagnostic(
        code: "steering-violated", severity: .error, span: entry.span, message: "\(entry.text) is not obeyed",
        nextStep: "this should not happen; leave the entry out and report the case")
    }
  }

  private func name(_ node: Int) -> String? {
    division.clusterOf[node] >= 0 ? division.names[division.clusterOf[node]] : nil
  }

  private func holds(_ number: Int) -> Bool {
    let nodes = constraints.nodesOf[number]
    let clusterOf = division.clusterOf
    switch steering.entries[number].rule {
    case .pin(let name): return nodes.allSatisfy { self.name($0) == constraints.renamed[name] ?? name }
    case .mustLink: return Set(nodes.map { clusterOf[$0] }).count <= 1
    case .cannotLink:
      let sets = constraints.nodesOfSelectors[number].map { Set($0.map { clusterOf[$0] }).subtracting([-1]) }
      return sets.enumerated().allSatisfy { place, set in sets[(place + 1)...].allSatisfy(set.isDisjoint) }
    case .name(let name):
      return nodes.isEmpty ? division.names.contains(name) : nodes.allSatisfy { self.name($0) == name }
    case .ignore: return nodes.isEmpty
    case .shared: return nodes.allSatisfy { clusterOf[$0] < 0 }
    case .services(let range): return range.contains(Set(clusterOf.filter { $0 >= 0 }).count)
    case .tablesPerService(let range):
      var counts: [Int: Int] = [:]
      for (node, cluster) in clusterOf.enumerated() where cluster >= 0 && graph.nodes[node].kind == .table {
        counts[cluster, default: 0] += 1
      }
      return counts.values.allSatisfy(range.contains)
    }
  }
}
