import Basics
import Facts

/// What the figures of a whole proposal are computed from. Shares are 0 to 1, and every figure is 0 where there is nothing
/// to divide by.
struct ProposalMetrics {
  let system: SystemFacts
  let figures: PartitionMetrics
  let split: MeasuredSplit
  let proposal: Proposal

  /// Every figure once, in the order of the registry.
  var values: [MetricValue] {
    DecompositionMetric.all.map { MetricValue(name: $0.name, value: $0.value(self)) }
  }

  // MARK: Boundaries

  /// Number of services, from 0 on.
  var services: Double { Double(proposal.services.count) }

  /// Mean over services of inside / (inside + outside), 0 to 1, higher is better. Source: CARGO (Nitin et al. 2022), the
  /// text of the paper.
  var meanCohesion: Double { mean(figures.services.map(\.cohesion)) }

  /// Mean over services of 2 inside / (2 inside + outside), 0 to 1, higher is better; 1 for a service without edges.
  /// Source: CARGO (Nitin et al. 2022), its code.
  var meanCohesionCARGO: Double {
    mean(
      figures.services.map { $0.inside + $0.outside > 0 ? 2 * $0.inside / (2 * $0.inside + $0.outside) : 1 })
  }

  /// Weight of the edges between services / weight of all edges, 0 to 1, lower is better. Source: CARGO (Nitin et al.
  /// 2022).
  var couplingCARGO: Double {
    // Each crossing edge is outside of both of its services.
    let across = figures.services.reduce(0) { $0 + $1.outside } / 2
    return ratio(across, figures.services.reduce(0) { $0 + $1.inside } + across)
  }

  /// Mean over services of outside / min(volume, volume of the others), 0 to 1, lower is better. Source: Kannan, Vempala
  /// and Vetta 2004.
  var meanConductance: Double { mean(figures.services.map(\.conductance)) }

  /// Mean over services of Ce / (Ca + Ce), 0 to 1. Source: Martin 1994.
  var meanInstability: Double { mean(figures.services.map(\.instability)) }

  /// Types and files in no boundary / all types and files, 0 to 1, lower is better. Ours.
  var unassignedShare: Double {
    let assigned = proposal.services.reduce(0) { $0 + $1.units.count }
    return ratio(Double(proposal.shared.count), Double(assigned + proposal.shared.count))
  }

  // MARK: Owners

  /// Number of tables, from 0 on.
  var tables: Double { Double(proposal.owners.count) }

  /// Tables written by exactly one service / written tables, 0 to 1, higher is better; writers known by a name alone count
  /// only where there are no others. Ours.
  var singleWriterShare: Double { share(.single, of: written) }

  /// Tables with joint ownership / written tables, 0 to 1, lower is better. Ours, after Ford et al. 2021.
  var jointShare: Double { share(.joint, of: written) }

  /// Tables with common ownership / written tables, 0 to 1. Ours, after Ford et al. 2021.
  var commonShare: Double { share(.common, of: written) }

  /// Tables without a writer / all tables, 0 to 1. Ours.
  var unwrittenShare: Double { proposal.owners.isEmpty ? 0 : 1 - Double(written) / Double(proposal.owners.count) }

  /// Mean over written tables of (owner's write evidence - runner-up's) / all write evidence, 0 to 1, higher is better.
  /// Ours.
  var meanOwnerMargin: Double {
    mean(proposal.owners.filter { !$0.ownership.hasNoWriter }.map(\.margin))
  }

  private var written: Int { proposal.owners.count { !$0.ownership.hasNoWriter } }

  private func share(_ kind: OwnershipKind, of total: Int) -> Double {
    ratio(Double(proposal.owners.count { $0.ownership == kind }), Double(total))
  }

  // MARK: The cut through data

  /// Seams of one kind: places, keys, or pairs of transaction and foreign table; from 0 on, lower is better. Ours.
  func seams(_ kind: Seam.Kind) -> Double { Double(proposal.seams.count { $0.kind == kind }) }

  /// Transactions that write tables of more than one owner / transactions that write, 0 to 1, lower is better. Ours.
  var distributedTransactionShare: Double {
    let writing = system.transactions.filter { !$0.writes.isEmpty && !system.isTest($0.unit) }
    let owners = owners
    let distributed = writing.count { scope in
      Set(scope.writes.compactMap { owners[$0] }.filter { !$0.isEmpty }).count > 1
    }
    return ratio(Double(distributed), Double(writing.count))
  }

  /// Foreign keys between tables of different owners / foreign keys between owned tables, 0 to 1, lower is better. Ours.
  var crossForeignKeyShare: Double {
    let ends = foreignKeyOwners()
    return ratio(Double(ends.count { $0.from != $0.to }), Double(ends.count))
  }

  /// Pairs of a writer that no code shows and a table it writes, from 0 on: triggers and routines of the database, and
  /// foreign keys that delete or change rows with the row they point to. Ours.
  var hiddenWriters: Double {
    let programs = system.catalog.programs.reduce(0) { $0 + Set($1.accesses.filter(Self.isWrite).map(\.table)).count }
    let keys = system.catalog.tables.reduce(0) { $0 + $1.foreignKeys.count { Self.writes($0.onDelete) } }
    return Double(programs + keys)
  }

  /// Hidden writers that act for one owner on the table of another, from 0 on, lower is better. A trigger acts for the
  /// owner of the table it watches, a routine for the owner of what it writes, else reads, first. Ours.
  var crossHiddenWriters: Double {
    let owners = owners
    let programs = system.catalog.programs.reduce(0) { sum, program in
      let home = program.table ?? program.accesses.first(where: Self.isWrite)?.table ?? program.accesses.first?.table
      guard let home, let from = owners[home], !from.isEmpty else { return sum }
      let foreign = Set(program.accesses.filter(Self.isWrite).map(\.table)).filter { table in
        owners[table].map { !$0.isEmpty && $0 != from } ?? false
      }
      return sum + foreign.count
    }
    return Double(programs + foreignKeyOwners().count { $0.from != $0.to && Self.writes($0.action) })
  }

  /// Pairs of a service and a table that it reads and does not own, from 0 on, lower is better: each is a copy to keep
  /// fresh or a call to make. Code in no service counts for none. Ours.
  var replicas: Double { Double(foreignReads().count) }

  /// Columns of these copies, each once a copy, from 0 on, lower is better; a statement that names none reads all columns.
  /// Ours.
  var replicatedColumns: Double {
    let columns = Dictionary(system.catalog.tables.map { ($0.name, $0.columns.count) }) { first, _ in first }
    return Double(
      foreignReads().reduce(0) { sum, read in
        let isWhole = read.use.columns.isEmpty || read.use.columns.contains("*")
        return sum + (isWhole ? columns[read.table] ?? 0 : Set(read.use.columns.map { $0.lowercased() }).count)
      })
  }

  private func foreignReads() -> [(table: TableName, use: TableUse)] {
    proposal.owners.flatMap { owner in
      owner.readers.filter {
        !owner.service.isEmpty && $0.service != owner.service && $0.service != ServiceNames.shared
      }
      .map { (table: owner.table, use: $0) }
    }
  }

  private func foreignKeyOwners() -> [(from: String, to: String, action: ReferentialAction)] {
    let owners = owners
    return system.catalog.tables.flatMap { table in
      table.foreignKeys.compactMap { key in
        guard let from = owners[table.name], let to = owners[key.target], !from.isEmpty, !to.isEmpty else { return nil }
        return (from, to, key.onDelete)
      }
    }
  }

  private var owners: [TableName: String] {
    Dictionary(proposal.owners.map { ($0.table, $0.service) }) { first, _ in first }
  }

  private static func isWrite(_ access: StatementAccess) -> Bool { access.operation == .write }

  private static func writes(_ action: ReferentialAction) -> Bool {
    switch action {
    case .cascade, .setNull, .setDefault: true
    case .noAction, .restrict: false
    }
  }

  private func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
