/// What steers a decomposition. Everything has a default that was checked on planted systems.
package struct DecompositionSettings: Hashable, Sendable {
  /// Seeds of the runs that vote; also the order they run in.
  package var seeds: [UInt64]
  /// Factors of the base resolution that vote.
  package var resolutions: [Double]
  /// Folders are trusted as units when they explain the references at least this well (modularity, 0 to 1).
  package var trustedPackageQuality: Double
  /// A trusted folder with more than this share of the code is clustered inside and not taken as one, 0 to 1.
  package var largestWholePackage: Double
  /// Code is shared when at least this many times the square root of the number of packages (or clusters) use it, ...
  package var sharedFanInFactor: Double
  /// ... and at least this many of them.
  package var sharedFanInCount: Int
  /// Where folders say nothing: a single type or file is shared when this share of all code uses it, 0 to 1, ...
  package var sharedNodeShare: Double
  /// ... and at least this many types and files.
  package var sharedNodeCount: Int
  /// Shared code leans on others at most this much: instability Ce/(Ca+Ce), 0 to 1.
  package var sharedInstability: Double
  /// A boundary without tables needs at least this many types and files to stand alone, and the square
  /// root of their number.
  package var leastNodesWithoutTables: Int
  /// A boundary without tables joins a neighbour that holds at least this share of its weight, 0 to 1.
  package var strongBond: Double
  /// A small boundary without tables whose best neighbour holds less than this share of its ties to others joins no one,
  /// 0 to 1.
  package var weakBond: Double
  /// A small boundary with tables joins a neighbour that holds most of its weight when less than this share of its weight
  /// is inside, 0 to 1.
  package var leastDataCohesion: Double
  /// Ownership is common when at least this share of the boundaries writes a table, 0 to 1, ...
  package var commonShare: Double
  /// ... and at least this many of them.
  package var commonCount: Int
  /// A writer with at least this share of the write evidence dominates, 0 to 1.
  package var dominance: Double
  /// Services are consolidated when at least this share of the writes of both goes to tables of the other, 0 to 1.
  package var consolidation: Double

  /// Whether divisions of the tables that people made (schemas, modules, files, prefixes) are considered.
  package var usesNamings: Bool
  /// Such a division counts when the ties among the tables bear it out by at least this many standard deviations.
  package var namingSignificance: Double
  /// Divisions that fit less than this (assortativity, at most 1) leave the word to the modules of the code.
  package var clearAssortativity: Double
  /// Of two divisions the more binding one is taken when it fits at least this share of the best, 0 to 1.
  package var namingTolerance: Double

  /// A folder joins a group of tables when at least this share of its evidence, its inside included, flows from there, 0 to 1.
  package var moduleBond: Double
  /// The same for a single type or file.
  package var codeBond: Double
  /// A table nobody writes is reference data when at least this many boundaries read it.
  package var referenceReaders: Int
  /// Share of its weight that a read has where code is placed, next to a write, 0 to 1.
  package var readShare: Double

  /// Settings with all their parts.
  package init(
    seeds: [UInt64] = [1, 2, 3, 5, 8], resolutions: [Double] = [0.75, 1, 1.33],
    trustedPackageQuality: Double = 0.3,
    largestWholePackage: Double = 0.25, sharedFanInFactor: Double = 1.7, sharedFanInCount: Int = 4,
    sharedNodeShare: Double = 0.2, sharedNodeCount: Int = 8, sharedInstability: Double = 0.5,
    leastNodesWithoutTables: Int = 8, strongBond: Double = 0.5,
    weakBond: Double = 0.2, leastDataCohesion: Double = 0.15,
    commonShare: Double = 0.6, commonCount: Int = 4, dominance: Double = 0.6, consolidation: Double = 0.5,
    usesNamings: Bool = true, namingSignificance: Double = 3,
    clearAssortativity: Double = 0.2, namingTolerance: Double = 0.98, moduleBond: Double = 0.3, codeBond: Double = 0.02,
    readShare: Double = 0.25, referenceReaders: Int = 2
  ) {
    self.seeds = seeds
    self.resolutions = resolutions
    self.trustedPackageQuality = trustedPackageQuality
    self.largestWholePackage = largestWholePackage
    self.sharedFanInFactor = sharedFanInFactor
    self.sharedFanInCount = sharedFanInCount
    self.sharedNodeShare = sharedNodeShare
    self.sharedNodeCount = sharedNodeCount
    self.sharedInstability = sharedInstability
    self.leastNodesWithoutTables = leastNodesWithoutTables
    self.strongBond = strongBond
    self.weakBond = weakBond
    self.leastDataCohesion = leastDataCohesion
    self.commonShare = commonShare
    self.commonCount = commonCount
    self.dominance = dominance
    self.consolidation = consolidation
    self.usesNamings = usesNamings
    self.namingSignificance = namingSignificance
    self.clearAssortativity = clearAssortativity
    self.namingTolerance = namingTolerance
    self.moduleBond = moduleBond
    self.codeBond = codeBond
    self.readShare = readShare
    self.referenceReaders = referenceReaders
  }

  /// How many of `count` packages or clusters must use shared code: most of a few, a tenth of hundreds.
  func sharedFanIn(among count: Int) -> Int {
    max(sharedFanInCount, Int((sharedFanInFactor * Double(count).squareRoot()).rounded(.up)))
  }
}
