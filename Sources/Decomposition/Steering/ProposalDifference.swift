import Basics
package import Facts

/// What another proposal for the same system changes.
package struct ProposalDifference: Hashable, Sendable {
  /// A table or unit that changes its service; empty for none.
  package struct Move: Hashable, Sendable {
    /// Name of the table or unit.
    package let name: String
    /// Service before.
    package let from: String
    /// Service after.
    package let to: String
  }

  /// A figure before and after.
  package struct Figure: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// Its value before.
    package let before: Double
    /// Its value after.
    package let after: Double
  }

  /// Services that are the same but for their name, sorted.
  package let renamed: [Move]
  /// Tables with another owner, sorted; a new name alone does not count.
  package let tables: [Move]
  /// Types and files in another service, sorted.
  package let units: [Move]
  /// Seams that were not there before, in order of the proposal.
  package let newSeams: [Seam]
  /// Seams that are gone.
  package let goneSeams: [Seam]
  /// Figures of both: those that say what a decision costs, then those of the proposals.
  package let figures: [Figure]

  /// What `after` changes about `before`; linear but for sorting.
  package init(system: SystemFacts, before: Proposal, after: Proposal) {
    let renamed = Self.renamed(before, after)
    self.renamed = renamed.sorted { $0.key < $1.key }.map { Move(name: $0.key, from: $0.key, to: $0.value) }
    let owners = Dictionary(before.owners.map { ($0.table, $0.service) }) { first, _ in first }
    tables = after.owners.compactMap { owner in
      let from = owners[owner.table] ?? ""
      return renamed[from] ?? from == owner.service ? nil : Move(name: owner.table.text, from: from, to: owner.service)
    }
    let homes = Self.homes(before)
    let others = Self.homes(after)
    units = system.units.indices.filter { unit in homes[unit].map { renamed[$0] ?? $0 } != others[unit] }.map {
      Move(name: system.units[$0].name, from: homes[$0] ?? "", to: others[$0] ?? "")
    }.sorted { ($0.name, $0.from, $0.to) < ($1.name, $1.from, $1.to) }
    let known = Set(before.seams.map(Crossing.init))
    let wanted = Set(after.seams.map(Crossing.init))
    newSeams = after.seams.filter { !known.contains(Crossing($0)) }
    goneSeams = before.seams.filter { !wanted.contains(Crossing($0)) }
    var figures = zip(SteeringFigures(before).values, SteeringFigures(after).values).map {
      Figure(name: $0.name, before: $0.value, after: $1.value)
    }
    let values = Dictionary(before.metrics.map { ($0.name, $0.value) }) { first, _ in first }
    for metric in after.metrics where !figures.contains(where: { $0.name == metric.name }) {
      figures.append(Figure(name: metric.name, before: values[metric.name] ?? 0, after: metric.value))
    }
    self.figures = figures
  }

  /// New names of services that keep most of what they had and got little else.
  private static func renamed(_ before: Proposal, _ after: Proposal) -> [String: String] {
    func members(_ proposal: Proposal, without other: Proposal) -> [String: Set<String>] {
      let known = Set(other.services.map(\.name))
      return proposal.services.filter { !known.contains($0.name) }.reduce(into: [:]) { members, service in
        members[service.name] = Set(service.tables.map(\.key)).union(service.units.map { "\u{0}\($0)" })
      }
    }
    let old = members(before, without: after)
    let new = members(after, without: before)
    return old.reduce(into: [:]) { renamed, service in
      let heir = new.filter { candidate in
        let kept = candidate.value.intersection(service.value).count
        return kept * 2 > service.value.count && kept * 2 > candidate.value.count
      }
      if let name = heir.keys.min() { renamed[service.key] = name }
    }
  }

  private static func homes(_ proposal: Proposal) -> [Int: String] {
    var homes: [Int: String] = [:]
    for service in proposal.services {
      for unit in service.units { homes[unit] = service.name }
    }
    for unit in proposal.shared { homes[unit] = ServiceNames.shared }
    return homes
  }

  /// The place of a seam: one that only runs between other services is the same.
  private struct Crossing: Hashable {
    let kind: Seam.Kind
    let table: TableName
    let other: TableName?
    let span: SourceSpan

    init(_ seam: Seam) {
      kind = seam.kind
      table = seam.table
      other = seam.otherTable
      span = seam.span
    }
  }
}
