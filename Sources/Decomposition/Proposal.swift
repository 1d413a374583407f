package import Basics

/// A candidate service boundary.
package struct ServiceBoundary: Hashable, Sendable {
  /// Unique name, made from the folder, class prefix or table names its members share.
  package var name: String
  /// Members as indices into `SystemFacts.units`: types and files, sorted.
  package var units: [Int]
  /// Tables it owns, sorted.
  package var tables: [TableName]
  /// Share of its edge weight that stays inside, 0 to 1.
  package var cohesion: Double

  /// A boundary with all its parts.
  package init(name: String, units: [Int], tables: [TableName], cohesion: Double) {
    self.name = name
    self.units = units
    self.tables = tables
    self.cohesion = cohesion
  }
}

/// How a table is written across boundaries.
package enum OwnershipKind: String, Hashable, Sendable {
  /// One boundary writes it.
  case single
  /// Nearly every boundary writes it, as audit or log tables are.
  case common
  /// A few boundaries write it.
  case joint
  /// No writer was found; placed by its readers, keys or declaration.
  case unwritten
  /// No writer was found, and several boundaries read it or nothing places it: data to ship as a copy, not a possession.
  case reference
}

extension OwnershipKind {
  /// Whether no code and no stored program writes the table.
  package var hasNoWriter: Bool {
    switch self {
    case .unwritten, .reference: true
    case .single, .common, .joint: false
    }
  }
}

/// How joint ownership is resolved.
package enum OwnershipResolution: String, Hashable, Sendable {
  case none = ""
  case tableSplit = "table split"
  case dataDomain = "data domain"
  case delegate = "delegate"
  case serviceConsolidation = "service consolidation"
}

/// One boundary's use of a table, with the places that show it.
package struct TableUse: Hashable, Sendable {
  /// Name of the boundary.
  package var service: String
  /// Columns touched, sorted; `*` when all are.
  package var columns: [String]
  /// Places, sorted.
  package var evidence: [SourceSpan]

  /// A use with all its parts.
  package init(service: String, columns: [String], evidence: [SourceSpan]) {
    self.service = service
    self.columns = columns
    self.evidence = evidence
  }
}

/// The single source of truth proposed for one table.
package struct TableOwner: Hashable, Sendable {
  /// The table.
  package var table: TableName
  /// Name of the owning boundary; empty only when nothing in the system points at any boundary.
  package var service: String
  /// Lead over the runner-up as a share of all write evidence, 0 to 1.
  package var margin: Double
  /// The boundary that would own it next; empty when there is none.
  package var runnerUp: String
  /// How it is written.
  package var ownership: OwnershipKind
  /// How joint ownership is resolved.
  package var resolution: OwnershipResolution
  /// Writing boundaries, strongest first.
  package var writers: [TableUse]
  /// Reading boundaries, strongest first.
  package var readers: [TableUse]
  /// Why this boundary, in one sentence with counts.
  package var reason: String
  /// What shows it, column by column, and what would change it.
  package var proof = OwnerProof()

  /// An owner with all its parts.
  package init(
    table: TableName, service: String, margin: Double, runnerUp: String, ownership: OwnershipKind,
    resolution: OwnershipResolution, writers: [TableUse], readers: [TableUse], reason: String
  ) {
    self.table = table
    self.service = service
    self.margin = margin
    self.runnerUp = runnerUp
    self.ownership = ownership
    self.resolution = resolution
    self.writers = writers
    self.readers = readers
    self.reason = reason
  }
}

/// A place where the proposed cut goes through data.
package struct Seam: Hashable, Sendable {
  /// What crosses the boundary; raw values are the public spelling.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case write, read, join
    case foreignKey = "foreign_key"
    case transaction
    case nPlusOne = "n_plus_one"
    case trigger
  }

  /// What crosses.
  package var kind: Kind
  /// The boundary that reaches out.
  package var from: String
  /// The boundary that owns what is reached.
  package var to: String
  /// The table reached.
  package var table: TableName
  /// The other table of a join or foreign key, or nil.
  package var otherTable: TableName?
  /// Columns reached, sorted; `*` for all.
  package var columns: [String]
  /// Where.
  package var span: SourceSpan
  /// Identifier of the rule that recommends, such as `R1` of the decision table.
  package var rule: String
  /// What to do about it, one sentence.
  package var recommendation: String
  /// The statement, shortened, without its literals; empty when it has no text.
  package var statement = ""
  /// What the recommendation costs.
  package var costs: [SeamCost] = []

  /// A seam with all its parts.
  package init(
    kind: Kind, from: String, to: String, table: TableName, otherTable: TableName?, columns: [String],
    span: SourceSpan, rule: String, recommendation: String
  ) {
    self.kind = kind
    self.from = from
    self.to = to
    self.table = table
    self.otherTable = otherTable
    self.columns = columns
    self.span = span
    self.rule = rule
    self.recommendation = recommendation
  }
}

/// One figure of what a recommendation costs, beside what the seam costs today.
package struct SeamCost: Hashable, Sendable {
  /// What is counted; raw values are the public spelling.
  package enum Figure: String, Hashable, Sendable, CaseIterable {
    /// Database queries a request makes at this place today.
    case queriesNow = "queries_now"
    /// Calls of other services a request makes in their place.
    case callsAfter = "calls_after"
    /// Messages sent in their place.
    case messagesAfter = "messages_after"
    /// Columns kept as a copy.
    case replicaColumns = "replica_columns"
    /// Compensating steps of the saga.
    case compensations
    /// Services that become one.
    case mergedServices = "merged_services"
    /// How old what is read may be, in seconds: 0 where the owner is asked.
    case stalenessSeconds = "staleness_seconds"
  }

  /// What is counted.
  package var figure: Figure
  /// How many; nil where the code does not tell.
  package var value: Int?

  /// A figure.
  package init(_ figure: Figure, _ value: Int?) {
    self.figure = figure
    self.value = value
  }
}

/// A figure about a decomposition with the formula it stands for.
package struct MetricValue: Hashable, Sendable {
  /// Name of the metric, a standard term.
  package var name: String
  /// Its value.
  package var value: Double

  /// A figure.
  package init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}

/// One way to divide the tables, judged by the data alone.
package struct DivisionFigures: Hashable, Sendable {
  /// What it divides by.
  package var name: String
  /// Number of groups.
  package var groups: Int
  /// Tables in the largest group.
  package var largest: Int
  /// Share of the ties among the tables that lies inside the groups, 0 to 1.
  package var coverage: Double
  /// That share less the one expected by chance, -0.5 to 1 (Newman and Girvan 2004).
  package var modularity: Double
  /// Standard deviations by which that exceeds the same group sizes dealt out at random.
  package var significance: Double
  /// Joins in statements between groups.
  package var crossJoins: Int
  /// Foreign keys between groups.
  package var crossForeignKeys: Int
  /// Transactions that write in more than one group.
  package var crossTransactions: Int
  /// Whether the proposal is built on it.
  package var isTaken: Bool

  /// Modularity as a share of what it could be at most: the assortativity coefficient (Newman 2003), at most 1; 1 when every tie lies
  /// inside a group, 0 when no more do than by chance.
  package var assortativity: Double {
    let possible = 1 - (coverage - modularity)
    // Where one group holds all ties there is nothing to be right about, whatever the last digits say.
    return possible > 1e-9 ? modularity / possible : 0
  }

  /// A division with all its parts.
  package init(
    name: String, groups: Int, largest: Int, coverage: Double, modularity: Double, significance: Double,
    crossJoins: Int, crossForeignKeys: Int, crossTransactions: Int, isTaken: Bool
  ) {
    self.name = name
    self.groups = groups
    self.largest = largest
    self.coverage = coverage
    self.modularity = modularity
    self.significance = significance
    self.crossJoins = crossJoins
    self.crossForeignKeys = crossForeignKeys
    self.crossTransactions = crossTransactions
    self.isTaken = isTaken
  }
}

/// Everything decomposition proposes for a system.
package struct Proposal: Hashable, Sendable {
  /// Boundaries sorted by name.
  package var services: [ServiceBoundary] = []
  /// Units used from everywhere and forced into no boundary: indices into `SystemFacts.units`, sorted.
  package var shared: [Int] = []
  /// One owner per table of the catalog, sorted by table.
  package var owners: [TableOwner] = []
  /// Seams sorted by kind, from, to, table, place.
  package var seams: [Seam] = []
  /// Figures of the whole proposal.
  package var metrics: [MetricValue] = []
  /// The ways to divide the tables that were weighed, the more binding first.
  package var divisions: [DivisionFigures] = []
  /// What people decided, in their order, and what came of it.
  package var constraints: [AppliedConstraint] = []
  /// What of that could not be obeyed or stands for nothing, sorted.
  package var diagnostics: [Diagnostic] = []

  /// Nothing proposed.
  package init() {}
}
