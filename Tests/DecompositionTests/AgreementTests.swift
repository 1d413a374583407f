import Decomposition
import Foundation
import Testing

/// Agreement of partitions against naive implementations: pairs one by one, and MoJo by search.
@Suite struct AgreementTests {
  private func sample(_ seed: UInt64, members: ClosedRange<Int>, groups: Int) -> (truth: [Int], found: [Int]) {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: members, using: &random)
    let (left, right) = (Int.random(in: 1...groups, using: &random), Int.random(in: 1...groups, using: &random))
    return (
      (0..<count).map { _ in Int.random(in: 0..<left, using: &random) },
      (0..<count).map { _ in Int.random(in: 0..<right, using: &random) }
    )
  }

  @Test(arguments: UInt64(1)...60) func pairsOneByOne(seed: UInt64) throws {
    let (truth, found) = sample(seed, members: 2...40, groups: 7)
    let agreement = try #require(PartitionAgreement(truth: truth, found: found))
    var (both, wanted, together, all) = (0.0, 0.0, 0.0, 0.0)
    for left in truth.indices {
      for right in truth.indices where left < right {
        all += 1
        if truth[left] == truth[right] { wanted += 1 }
        if found[left] == found[right] { together += 1 }
        if truth[left] == truth[right], found[left] == found[right] { both += 1 }
      }
    }
    let expected = wanted * together / all
    let greatest = (wanted + together) / 2
    let isSame = both == wanted && both == together
    let ari = isSame ? 1 : greatest == expected ? 0 : (both - expected) / (greatest - expected)
    #expect(abs(agreement.ari - ari) < 1e-9)
    let precision = together > 0 ? both / together : 1
    let recall = wanted > 0 ? both / wanted : 1
    #expect(abs(agreement.pairPrecision - precision) < 1e-9)
    #expect(abs(agreement.pairRecall - recall) < 1e-9)
    #expect(abs(agreement.pairF1 - (both > 0 ? 2 * precision * recall / (precision + recall) : 0)) < 1e-9)
    let count = Double(truth.count)
    func entropy(_ left: [Int], given right: [Int]) -> Double {
      var sum = 0.0
      for group in Set(right) {
        let inside = left.indices.filter { right[$0] == group }
        for other in Set(left) {
          let cell = Double(inside.count { left[$0] == other })
          if cell > 0 { sum -= cell / count * log(cell / Double(inside.count)) }
        }
      }
      return sum
    }
    let one = truth.map { _ in 0 }
    let (whole, own) = (entropy(truth, given: one), entropy(found, given: one))
    let homogeneity = Set(truth).count > 1 ? 1 - entropy(truth, given: found) / whole : 1
    let completeness = Set(found).count > 1 ? 1 - entropy(found, given: truth) / own : 1
    let sum = homogeneity + completeness
    #expect(abs(agreement.homogeneity - homogeneity) < 1e-9)
    #expect(abs(agreement.completeness - completeness) < 1e-9)
    #expect(abs(agreement.vMeasure - (sum > 1e-12 ? 2 * homogeneity * completeness / sum : 0)) < 1e-9)
  }

  /// Group numbers in order of their first member.
  private func canonical(_ groups: [Int]) -> [Int] {
    var numbers: [Int: Int] = [:]
    return groups.map { group in
      let number = numbers[group] ?? numbers.count
      numbers[group] = number
      return number
    }
  }

  /// Distance of every partition to `truth`, by breadth-first search backwards: a move undone is a move, a join undone
  /// is a split.
  private func distances(to truth: [Int]) -> [[Int]: Int] {
    var distances = [canonical(truth): 0]
    var queue = [canonical(truth)]
    var head = 0
    while head < queue.count {
      let current = queue[head]
      head += 1
      var next: [[Int]] = []
      let groups = (current.max() ?? 0) + 1
      for member in current.indices {
        for group in 0...groups where group != current[member] {
          var moved = current
          moved[member] = group
          next.append(moved)
        }
      }
      for mask in 1..<(1 << current.count) {
        let chosen = current.indices.filter { mask & (1 << $0) != 0 }
        guard Set(chosen.map { current[$0] }).count == 1 else { continue }
        var split = current
        for member in chosen { split[member] = groups }
        next.append(split)
      }
      for partition in next.map(canonical) where distances[partition] == nil {
        distances[partition] = (distances[current] ?? 0) + 1
        queue.append(partition)
      }
    }
    return distances
  }

  @Test(arguments: UInt64(1)...12) func mojoFMBySearch(seed: UInt64) throws {
    let (truth, _) = sample(seed, members: 2...6, groups: 5)
    let distances = distances(to: truth)
    let worst = try #require(distances.values.max())
    for (found, distance) in distances {
      let agreement = try #require(PartitionAgreement(truth: truth, found: found))
      let wanted = worst > 0 ? 1 - Double(distance) / Double(worst) : 1
      #expect(abs(agreement.mojoFM - wanted) < 1e-9, "truth \(truth), found \(found)")
    }
  }

  /// {a b c d} {e f} against {a b} {c d} {e f}: the large group stands for one half, two members move, nothing is joined.
  @Test func smallExample() throws {
    let agreement = try #require(PartitionAgreement(truth: [0, 0, 1, 1, 2, 2], found: [5, 5, 5, 5, 9, 9]))
    // Sizes 2, 2, 2 can be told apart by two groups at most: 6 - 2 is the greatest distance.
    #expect(abs(agreement.mojoFM - (1 - 2.0 / 4)) < 1e-12)
    #expect(agreement.pairRecall == 1)
    #expect(abs(agreement.pairPrecision - 3.0 / 7) < 1e-12)
    #expect((agreement.common, agreement.truthGroups, agreement.foundGroups) == (6, 3, 2))
    #expect(PartitionAgreement(truth: [0], found: [0]) == nil)
  }

  @Test func tablesAreMatchedByTheLastPartOfTheirNames() {
    let agreement = OwnerAgreement(
      truth: [("dbo.Orders", "a"), ("`stock`", "b"), ("users", ""), ("lost", "c")],
      found: [("ORDERS", "x"), ("[shop].[Stock]", "x"), ("users", "x")])
    #expect(agreement.common == 2)
    #expect(abs(agreement.owned - 2.0 / 3) < 1e-12)
    #expect(agreement.partition?.foundGroups == 1)
    #expect(OwnerAgreement(truth: [], found: []).partition == nil)
  }
}
