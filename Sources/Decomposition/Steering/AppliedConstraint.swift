package import Basics

/// What came of one entry of a steering.
package struct AppliedConstraint: Hashable, Sendable {
  /// The entry.
  package var entry: SteeringEntry
  /// Whether the proposal obeys it; those that are not are in the diagnostics.
  package var isObeyed: Bool
  /// Tables it is about, sorted.
  package var tables: [TableName]
  /// Units it is about as indices into `SystemFacts.units`, sorted: types and files.
  package var units: [Int]
  /// Figures with all constraints less the figures without this one; empty when nothing differs or it was not tried.
  package var price: [MetricValue]
  /// Whether the price was worked out.
  package var isPriced = false
}

/// The figures that say what a decision costs, worked out from owners and seams.
package struct SteeringFigures: Hashable, Sendable {
  /// Name and value, always the same names in the same order.
  package let values: [MetricValue]

  /// The figures of a proposal.
  package init(_ proposal: Proposal) {
    let crossing = { (kind: Seam.Kind) in Double(proposal.seams.count { $0.kind == kind }) }
    let written = proposal.owners.count { $0.ownership != .unwritten }
    let single = proposal.owners.count { $0.ownership == .single }
    // Names and meanings are those of the metrics of a proposal.
    values = [
      // Places that write a table of another service.
      MetricValue(name: "cross_write", value: crossing(.write)),
      // Pairs of a transaction and a table of another service that it writes.
      MetricValue(name: "cross_transaction", value: crossing(.transaction)),
      MetricValue(name: "cross_join", value: crossing(.join)),
      MetricValue(name: "cross_foreign_key", value: crossing(.foreignKey)),
      MetricValue(name: "cross_read", value: crossing(.read)),
      // Tables one service writes / tables any service writes.
      MetricValue(name: "single_writer_share", value: written > 0 ? Double(single) / Double(written) : 0),
      MetricValue(
        name: "modularity", value: proposal.metrics.first { $0.name == "modularity" }?.value ?? 0),
      MetricValue(name: "services", value: Double(proposal.services.count)),
    ]
  }

  /// What differs from `other`, this less that.
  func differences(from other: SteeringFigures) -> [MetricValue] {
    zip(values, other.values).compactMap { own, other in
      let difference = own.value - other.value
      // Below this the figures are the same but for rounding.
      return abs(difference) > 1e-9 ? MetricValue(name: own.name, value: difference) : nil
    }
  }
}
