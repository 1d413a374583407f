/// Merges groups of tables one pair at a time, always the pair with the highest gain of modularity (Clauset, Newman and Moore 2004).
struct GroupMerger {
  private(set) var groupOf: [Int]
  private(set) var count: Int
  private var bonds: [[Double]]
  private var strengths: [Double]
  private var isAlive: [Bool]
  private let total: Double

  init(_ groups: [Int], _ affinity: TableAffinity) {
    groupOf = groups
    count = (groups.max() ?? -1) + 1
    bonds = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    strengths = [Double](repeating: 0, count: count)
    isAlive = [Bool](repeating: true, count: count)
    total = affinity.total
    for tie in affinity.ties where groups[tie.left] != groups[tie.right] {
      bonds[groups[tie.left]][groups[tie.right]] += tie.weight
      bonds[groups[tie.right]][groups[tie.left]] += tie.weight
    }
    for (table, group) in groups.enumerated() { strengths[group] += affinity.strengths[table] }
  }

  /// Merges one pair; false when no two groups are tied, or none gains more than `leastGain`.
  mutating func mergeBest(leastGain: Double = -.infinity) -> Bool {
    var best: (left: Int, right: Int, gain: Double)?
    for left in isAlive.indices where isAlive[left] {
      for right in (left + 1)..<isAlive.count where isAlive[right] && bonds[left][right] > 0 {
        let gain = bonds[left][right] / total - strengths[left] * strengths[right] / (2 * total * total)
        if gain > best?.gain ?? leastGain { best = (left, right, gain) }
      }
    }
    guard let best else { return false }
    for other in isAlive.indices where isAlive[other] && other != best.left && other != best.right {
      bonds[best.left][other] += bonds[best.right][other]
      bonds[other][best.left] += bonds[other][best.right]
    }
    strengths[best.left] += strengths[best.right]
    isAlive[best.right] = false
    for table in groupOf.indices where groupOf[table] == best.right { groupOf[table] = best.left }
    count -= 1
    return true
  }
}
