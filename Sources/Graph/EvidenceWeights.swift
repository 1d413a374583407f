package import Facts

/// How much each kind of evidence pulls two nodes together; all weights of the graph live here.
///
/// Unit: one call to a function nobody else calls pulls with 1. Only proportions matter: multiplying all fields of
/// `base` by the same number changes no partition. Values marked "ours" were set by hand and checked on planted systems.
package struct EvidenceWeights: Hashable, Sendable {
  /// Pull of one piece of evidence, by kind; kinds that pull through groups alone have none.
  package var base: [EvidenceKind: Double]
  /// What a user multiplies a layer with, by kind: 0 switches it off; 1 where nothing is said.
  package var factors: [EvidenceKind: Double] = [:]
  /// Share of its pull that an access keeps, by confidence.
  package var confidence: [Confidence: Double]
  /// A callee with k calling nodes pulls with k to the minus this.
  package var referencePopularity: Double
  /// A table with k reading (or writing) nodes pulls with k to the minus this.
  package var tablePopularity: Double
  /// Pull of a package on its members, as a multiple of the strength of the member when folders explain all references.
  package var packagePull: Double
  /// Pull of a declared module on its code, as a multiple of the strength of the member when modules hold all references.
  package var modulePull: Double
  /// Pull of the file that creates a table on tables created in it, as a multiple of the table's strength.
  package var schemaFilePull: Double
  /// Pull of a package on tables whose schema file is named after it or lies in it, as a multiple of the table's strength.
  package var schemaPackagePull: Double
  /// Pull of a package on tables named after it, as a multiple of the table's strength.
  package var namePackagePull: Double
  /// What a schema file named after a package, or lying in it, counts toward owning its tables when no
  /// exact writer is known, in exact accesses.
  package var schemaClaim: Double
  /// What a table name that starts with the name of a package counts toward owning it then, in exact accesses.
  package var nameClaim: Double
  /// Pull among tables whose names start with the same word, as a multiple of the table's strength.
  package var familyPull: Double
  /// Pull of such a family of tables on types named after it, as a multiple of the strength of the type.
  package var familyTypePull: Double

  /// The weights used unless told otherwise.
  package static let standard = EvidenceWeights(
    base: [
      // The unit. Counts enter as log2(1 + n): the hundredth call says little (ours, as ICP in Mono2Micro, ln v + 1).
      .call: 1,
      // A subtype cannot live without its base, and cannot be reached over a network (ours).
      .inherit: 3,
      // Shared memory is harder to cut than a call, but is often a flag or a counter (ours).
      .global: 1,
      // A type that is named is needed to compile, yet moves to the other side as a copy, which a call does not; half
      // a call, so that holders of data follow the code that fills them and never the other way round (ours).
      .use: 0.5,
      // Includes are transitive and generous; they matter only where nothing else is known (ours).
      .include: 0.25,
      // A write decides who owns data, the thing that is hardest to cut (playbook I1: one writer per row).
      .write: 6,
      // A read can be served by a copy (playbook R2, R3).
      .read: 2,
      // Creating or altering a table is administration, often done by one installer for all (ours).
      .ddl: 0.5,
      // Tables one function or type touches are one concern more often than not; two writes weigh four times two reads (ours).
      .usedTogether: 1,
      // One request that reaches two tables through several functions: a use case, not yet one concern. Half of one
      // function that uses both, and less the more requests reach a table (ours).
      .sameEntry: 0.5,
      // A join across a cut needs a composition or a view (playbook R3).
      .join: 1.5,
      // A foreign key alone moves to code without messaging (playbook R1).
      .foreignKey: 1.5,
      // Tables written in one transaction need a saga when cut (playbook R5, I2).
      .sameTransaction: 4,
      // A trigger writes unseen by the code (playbook R4b).
      .trigger: 3,
      // Who alters two tables in one step had one change in mind, but releases bundle changes (ours).
      .sameChange: 0.5,
      // People divide systems by database, but one connection often serves several concerns (ours).
      .handle: 1,
      // Evolutionary coupling follows releases and people as much as design; three common commits out of three weigh
      // about as much as one call (ours).
      .coChange: 0.5,
      // A shared name is a convention; a fourth of a read at most, so that any access outweighs it (ours).
      .words: 0.5,
      // A type and the file that holds its code are one thing (ours).
      .sameFile: 4,
      // `order.c` and `order.h` are one thing (ours).
      .sameStem: 4,
    ],
    // Literal SQL, partly built SQL, a name alone (ours; recall rises and precision falls in this order).
    confidence: [.exact: 1, .inferred: 0.7, .guessed: 0.3],
    // A function everybody calls says nothing about who belongs together: its callers share one unit (ours).
    referencePopularity: 1,
    // A table everybody reads still belongs somewhere, so it is softened less (ours).
    tablePopularity: 0.5,
    // Equal to everything else a node has, when the folders explain every reference (ours).
    packagePull: 1,
    // Half a folder: what people declare often is how a system is built and not what it is about (ours).
    modulePull: 0.5,
    // Tables declared side by side, where the schema is spread over files (ours).
    schemaFilePull: 0.5,
    // A schema file that carries the name of a module was written by the owner of that module (ours).
    schemaPackagePull: 1,
    // Names are conventions, weaker than files (ours).
    namePackagePull: 0.35,
    // Ten guesses from a name, or four inferred writes, outweigh who declares the table; they count as log2(1 + n) (ours).
    schemaClaim: 2,
    // Three guesses (ours).
    nameClaim: 1,
    // `guild_ranks` and `guild_wars` (ours).
    familyPull: 0.5,
    // `guild_ranks` and the type `Guild` (ours).
    familyTypePull: 0.15
  )

  /// Weights with all their parts.
  package init(
    base: [EvidenceKind: Double], confidence: [Confidence: Double], referencePopularity: Double,
    tablePopularity: Double, packagePull: Double, modulePull: Double, schemaFilePull: Double, schemaPackagePull: Double,
    namePackagePull: Double, schemaClaim: Double, nameClaim: Double, familyPull: Double, familyTypePull: Double
  ) {
    self.base = base
    self.confidence = confidence
    self.referencePopularity = referencePopularity
    self.tablePopularity = tablePopularity
    self.packagePull = packagePull
    self.modulePull = modulePull
    self.schemaFilePull = schemaFilePull
    self.schemaPackagePull = schemaPackagePull
    self.namePackagePull = namePackagePull
    self.schemaClaim = schemaClaim
    self.nameClaim = nameClaim
    self.familyPull = familyPull
    self.familyTypePull = familyTypePull
  }

  /// What a user multiplies a layer with, at least 0.
  package func factor(_ kind: EvidenceKind) -> Double { max(0, factors[kind] ?? 1) }

  /// Pull of one piece of evidence of that kind, as the user wants it.
  func pull(_ kind: EvidenceKind) -> Double { (base[kind] ?? 0) * factor(kind) }

  /// The standard weights with layers multiplied by factors, by the names of the layers; nil for an unknown name, and
  /// for a factor that is negative or no number.
  package init?(factors: [String: Double]) {
    self = .standard
    for (name, factor) in factors {
      guard let kind = EvidenceKind(rawValue: name), factor >= 0, factor.isFinite else { return nil }
      self.factors[kind] = factor
    }
  }

  /// The same weights without one layer.
  package func without(_ kind: EvidenceKind) -> EvidenceWeights {
    var weights = self
    weights.factors[kind] = 0
    return weights
  }

  /// The share an access of that confidence keeps, 0 to 1.
  package func share(_ level: Confidence) -> Double { confidence[level] ?? 0 }
}
