package import Basics
package import Facts
package import Graph

/// One piece of evidence that pulls a unit or table to a boundary.
package struct EvidenceLine: Hashable, Sendable {
  /// Why.
  package let kind: EvidenceKind
  /// The node at the other end: type, file, table, or the group both are in.
  package let other: String
  /// Whether the subject is the one that needs; groups count as needed.
  package let isOutgoing: Bool
  /// How many places show it.
  package let count: Int
  /// Its pull, in units of `EvidenceWeights`.
  package let weight: Double
  /// The first place that shows it, if any.
  package let span: SourceSpan?
}

/// How strongly everything in one boundary pulls the subject.
package struct ServiceEvidence: Hashable, Sendable {
  /// Name of the boundary, or `shared` for code in none.
  package let service: String
  /// Sum of the pulls.
  package let weight: Double
  /// Its part of all pulls, 0 to 1.
  package let share: Double
  /// The strongest lines, strongest first.
  package let lines: [EvidenceLine]
}

/// Why a unit or table is where it is, and why not elsewhere.
package struct Explanation: Hashable, Sendable {
  /// The node explained: for a function its type or file.
  package let subject: String
  /// The boundary it is in, `shared`, or empty for a table without owner.
  package let service: String
  /// Every boundary that pulls it, strongest first, ties by name.
  package let services: [ServiceEvidence]
}

extension Decomposer {
  /// What can be explained.
  package enum Subject: Hashable, Sendable {
    case table(TableName)
    /// Index into `SystemFacts.units`.
    case unit(Int)
  }

  /// Everything with that name: a table, or units by qualified name or path; tables first.
  package static func subjects(named name: String, in system: SystemFacts) -> [Subject] {
    let table = TableName(name)
    let tables = system.catalog.tables.contains { $0.name == table } ? [Subject.table(table)] : []
    return tables + system.units.indices.filter { system.units[$0].name == name }.map { Subject.unit($0) }
  }

  /// Evidence for every boundary that pulls the subject; nil when the subject is in no node of the graph.
  /// `lineLimit` is how many lines each boundary shows.
  package static func explain(
    _ subject: Subject, system: SystemFacts, graph: DependencyGraph, proposal: Proposal, lineLimit: Int = 5
  ) -> Explanation? {
    let node: Int? =
      switch subject {
      case .table(let table): graph.node(ofTable: table)
      case .unit(let unit): graph.node(ofUnit: unit)
      }
    guard let node else { return nil }
    return Explainer(system: system, graph: graph, proposal: proposal).explanation(of: node, lineLimit: lineLimit)
  }
}

private struct Explainer {
  let graph: DependencyGraph
  /// Boundary of each node; `shared` for code in none, empty for tables without owner.
  private let serviceOf: [String]

  init(system: SystemFacts, graph: DependencyGraph, proposal: Proposal) {
    self.graph = graph
    var serviceOf = graph.nodes.map { $0.kind == .table ? "" : ServiceNames.shared }
    for service in proposal.services {
      for unit in service.units {
        if let node = graph.node(ofUnit: unit) { serviceOf[node] = service.name }
      }
    }
    for owner in proposal.owners {
      if let node = graph.node(ofTable: owner.table) { serviceOf[node] = owner.service }
    }
    self.serviceOf = serviceOf
  }

  func explanation(of node: Int, lineLimit: Int) -> Explanation {
    var lines: [String: [EvidenceLine]] = [:]
    var strength = 0.0
    for edge in graph.edges where edge.from == node || edge.to == node {
      let other = edge.from == node ? edge.to : edge.from
      strength += edge.weight
      for evidence in edge.evidence {
        lines[serviceOf[other], default: []].append(
          EvidenceLine(
            kind: evidence.kind, other: graph.nodes[other].name, isOutgoing: edge.from == node,
            count: evidence.count, weight: evidence.weight, span: evidence.spans.first))
      }
    }
    for group in graph.groups { addLines(of: group, node: node, strength: strength, to: &lines) }
    lines[""] = nil
    return Explanation(
      subject: graph.nodes[node].name, service: serviceOf[node], services: ranked(lines, lineLimit))
  }

  /// A group pulls toward each boundary in proportion to the members it has there.
  private func addLines(
    of group: NodeGroup, node: Int, strength: Double, to lines: inout [String: [EvidenceLine]]
  ) {
    guard let own = group.members.first(where: { $0.node == node }) else { return }
    var counts: [String: Int] = [:]
    for member in group.members where member.node != node { counts[serviceOf[member.node], default: 0] += 1 }
    let total = counts.values.reduce(0, +)
    for (service, count) in counts {
      let weight = own.pull * max(strength, 1) * Double(count) / Double(total)
      lines[service, default: []].append(
        EvidenceLine(kind: own.kind, other: group.name, isOutgoing: true, count: count, weight: weight, span: nil))
    }
  }

  private func ranked(_ lines: [String: [EvidenceLine]], _ lineLimit: Int) -> [ServiceEvidence] {
    let sums = lines.mapValues { $0.map(\.weight).sorted().reduce(0, +) }
    let total = sums.values.sorted().reduce(0, +)
    return lines.map { service, lines in
      let sorted = lines.sorted { left, right in
        left.weight != right.weight
          ? left.weight > right.weight
          : (left.kind.rawValue, left.other, left.isOutgoing ? 0 : 1)
            < (right.kind.rawValue, right.other, right.isOutgoing ? 0 : 1)
      }
      let weight = sums[service] ?? 0
      return ServiceEvidence(
        service: service, weight: weight, share: total > 0 ? weight / total : 0,
        lines: Array(sorted.prefix(max(0, lineLimit))))
    }.sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.service < $1.service }
  }
}
