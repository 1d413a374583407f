import Facts
import Graph

/// Figures of a whole proposal, by standard names.
struct ProposalMetrics {
  let system: SystemFacts
  let figures: PartitionMetrics
  let proposal: Proposal

  /// Every figure once, in a fixed order. Shares are 0 to 1, and 0 where there is nothing to divide by.
  var values: [MetricValue] {
    [
      MetricValue(name: "services", value: Double(proposal.services.count)),
      // Newman modularity Q; see PartitionMetrics.
      MetricValue(name: "modularity", value: figures.modularity),
      // Mean over services of inside / (inside + outside); see ServiceFigures.
      MetricValue(name: "mean_cohesion", value: mean(figures.services.map(\.cohesion))),
      // Mean over services of outside / min(volume, rest); see ServiceFigures.
      MetricValue(name: "mean_conductance", value: mean(figures.services.map(\.conductance))),
      // Mean over services of Ce / (Ca + Ce); see ServiceFigures.
      MetricValue(name: "mean_instability", value: mean(figures.services.map(\.instability))),
      MetricValue(name: "tables", value: Double(proposal.owners.count)),
      // Tables written by exactly one service / written tables.
      MetricValue(name: "single_writer_share", value: share(.single, of: written)),
      // Tables with joint ownership / written tables.
      MetricValue(name: "joint_share", value: share(.joint, of: written)),
      // Tables with common ownership / written tables.
      MetricValue(name: "common_share", value: share(.common, of: written)),
      // Tables without a writer / all tables.
      MetricValue(name: "unwritten_share", value: share(.unwritten, of: proposal.owners.count)),
      // Mean over written tables of (owner's write evidence - runner-up's) / all write evidence.
      MetricValue(
        name: "mean_owner_margin",
        value: mean(proposal.owners.filter { $0.ownership != .unwritten }.map(\.margin))),
    ]
      + Seam.Kind.allCases.map { kind in
        // Number of seams of that kind: places, keys, or pairs of transaction and foreign table.
        MetricValue(name: "cross_\(kind.rawValue)", value: Double(proposal.seams.count { $0.kind == kind }))
      } + [
        // Transactions that write tables of more than one owner / transactions that write.
        MetricValue(name: "distributed_transaction_share", value: distributedTransactions),
        // Types and files in no boundary / all types and files.
        MetricValue(name: "unassigned_share", value: unassigned),
      ]
  }

  private var written: Int { proposal.owners.count { $0.ownership != .unwritten } }

  private func share(_ kind: OwnershipKind, of total: Int) -> Double {
    total > 0 ? Double(proposal.owners.count { $0.ownership == kind }) / Double(total) : 0
  }

  private var distributedTransactions: Double {
    let owners = Dictionary(proposal.owners.map { ($0.table, $0.service) }) { first, _ in first }
    let writing = system.transactions.filter { !$0.writes.isEmpty && !system.isTest($0.unit) }
    guard !writing.isEmpty else { return 0 }
    let distributed = writing.count { scope in
      Set(scope.writes.compactMap { owners[$0] }.filter { !$0.isEmpty }).count > 1
    }
    return Double(distributed) / Double(writing.count)
  }

  private var unassigned: Double {
    let assigned = proposal.services.reduce(0) { $0 + $1.units.count }
    let total = assigned + proposal.shared.count
    return total > 0 ? Double(proposal.shared.count) / Double(total) : 0
  }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
