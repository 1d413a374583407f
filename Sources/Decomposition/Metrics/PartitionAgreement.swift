import Foundation

/// How well a partition agrees with a known one, over what both of them place.
package struct PartitionAgreement: Hashable, Sendable {
  /// Members placed by both.
  package let common: Int
  /// Groups of the known partition among them.
  package let truthGroups: Int
  /// Groups of the partition found among them.
  package let foundGroups: Int
  /// Adjusted Rand index (Hubert and Arabie 1985), -0.5 to 1, higher is better; 1 is agreement, 0 what chance gives.
  package let ari: Double
  /// Homogeneity 1 - H(truth | found) / H(truth), 0 to 1, higher is better. Source: Rosenberg and Hirschberg 2007.
  package let homogeneity: Double
  /// Completeness 1 - H(found | truth) / H(found), 0 to 1, higher is better. Source: Rosenberg and Hirschberg 2007.
  package let completeness: Double
  /// Harmonic mean of the two, 0 to 1, higher is better. Source: Rosenberg and Hirschberg 2007.
  package let vMeasure: Double
  /// Pairs together in both / pairs together in the one found, 0 to 1, higher is better.
  package let pairPrecision: Double
  /// Pairs together in both / pairs together in the truth, 0 to 1, higher is better.
  package let pairRecall: Double
  /// Harmonic mean of the two, 0 to 1, higher is better; 0 without a pair together in both.
  package let pairF1: Double
  /// MoJoFM = 1 - mno(found, truth) / max over partitions A of mno(A, truth), 0 to 1, higher is better; mno is the fewest
  /// moves of one member and joins of two groups that lead to the truth. Sources: Tzerpos and Holt 1999; Wen and Tzerpos
  /// 2003, 2004.
  package let mojoFM: Double

  /// Compares two partitions given as the group of each member, in the same order; nil below two members.
  package init?(truth: [Int], found: [Int]) {
    guard truth.count == found.count, truth.count > 1 else { return nil }
    let table = Contingency(truth: truth, found: found)
    common = truth.count
    truthGroups = table.truthSizes.count
    foundGroups = table.foundSizes.count
    let index = Self.pairs(table.cells.map(\.count))
    let wanted = Self.pairs(table.truthSizes)
    let together = Self.pairs(table.foundSizes)
    let expected = wanted * together / Self.pairs([truth.count])
    let mean = (wanted + together) / 2
    ari = wanted == together && together == index ? 1 : mean != expected ? (index - expected) / (mean - expected) : 0
    let truthEntropy = Self.entropy(table.truthSizes, of: common)
    let foundEntropy = Self.entropy(table.foundSizes, of: common)
    let mutual = truthEntropy + foundEntropy - Self.entropy(table.cells.map(\.count), of: common)
    homogeneity = truthEntropy > 0 ? mutual / truthEntropy : 1
    completeness = foundEntropy > 0 ? mutual / foundEntropy : 1
    vMeasure = Self.harmonic(homogeneity, completeness)
    pairPrecision = together > 0 ? index / together : 1
    pairRecall = wanted > 0 ? index / wanted : 1
    pairF1 = index > 0 ? Self.harmonic(pairPrecision, pairRecall) : 0
    let worst = MoJo.greatestDistance(to: table.truthSizes)
    mojoFM = worst > 0 ? 1 - Double(MoJo.distance(table)) / Double(worst) : 1
  }

  private static func pairs(_ counts: [Int]) -> Double { counts.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 } }

  private static func harmonic(_ left: Double, _ right: Double) -> Double {
    left + right > 0 ? 2 * left * right / (left + right) : 0
  }

  private static func entropy(_ counts: [Int], of total: Int) -> Double {
    // One group has no entropy: rounding must not leave a trace of it.
    guard counts.count > 1 else { return 0 }
    return counts.reduce(0) { sum, count in
      let share = Double(count) / Double(total)
      return sum - share * log(share)
    }
  }
}

/// How many members each pair of groups shares; groups numbered in order of their first member.
struct Contingency {
  /// Pairs of groups that share members, sorted by found and truth.
  let cells: [(found: Int, truth: Int, count: Int)]
  let truthSizes: [Int]
  let foundSizes: [Int]

  init(truth: [Int], found: [Int]) {
    var sizes: [[Int]] = []
    let labels = [truth, found].map { groups in
      var numbers: [Int: Int] = [:]
      let dense = groups.map { group in
        let number = numbers[group] ?? numbers.count
        numbers[group] = number
        return number
      }
      sizes.append(dense.reduce(into: [Int](repeating: 0, count: numbers.count)) { $0[$1] += 1 })
      return dense
    }
    truthSizes = sizes[0]
    foundSizes = sizes[1]
    let keys = zip(labels[1], labels[0]).map { found, truth in UInt64(found) << 32 | UInt64(truth) }.sorted()
    var cells: [(found: Int, truth: Int, count: Int)] = []
    var previous: UInt64?
    for key in keys {
      if key == previous {
        cells[cells.count - 1].count += 1
      } else {
        cells.append((Int(key >> 32), Int(key & 0xffff_ffff), 1))
      }
      previous = key
    }
    self.cells = cells
  }
}
