/// The distance MoJo between partitions (Tzerpos and Holt 1999), computed exactly after Wen and Tzerpos 2003.
enum MoJo {
  /// Fewest moves of one member and joins of two groups that turn the found partition into the truth.
  ///
  /// Every found group stands for a group of the truth it shares most members with; all others are moved. Where several
  /// share as many, the choice that uses the most groups of the truth leaves the fewest joins: a greatest matching.
  static func distance(_ table: Contingency) -> Int {
    var most = [Int](repeating: 0, count: table.foundSizes.count)
    for cell in table.cells { most[cell.found] = max(most[cell.found], cell.count) }
    var choices = [[Int]](repeating: [], count: most.count)
    for cell in table.cells where cell.count == most[cell.found] { choices[cell.found].append(cell.truth) }
    let members = table.truthSizes.reduce(0, +)
    let moves = members - most.reduce(0, +)
    return moves + most.count - matched(choices, targets: table.truthSizes.count)
  }

  /// The greatest distance any partition has to one whose groups have these sizes (Wen and Tzerpos 2004): n minus the most
  /// groups that can be told apart when every group of the partition is spread as evenly as possible.
  static func greatestDistance(to sizes: [Int]) -> Int {
    let groups = sizes.sorted().reduce(0) { groups, size in groups < size ? groups + 1 : groups }
    return sizes.reduce(0, +) - groups
  }

  /// Size of a greatest matching, by breadth-first augmenting paths.
  private static func matched(_ choices: [[Int]], targets: Int) -> Int {
    var groupOf = [Int](repeating: -1, count: targets)
    var targetOf = [Int](repeating: -1, count: choices.count)
    var size = 0
    var seen = [Int](repeating: -1, count: targets)
    for start in choices.indices {
      var reachedFrom = [Int: Int]()
      var queue = [start]
      var head = 0
      var free: Int?
      while head < queue.count, free == nil {
        let group = queue[head]
        head += 1
        for target in choices[group] where seen[target] != start {
          seen[target] = start
          reachedFrom[target] = group
          if groupOf[target] < 0 {
            free = target
            break
          }
          queue.append(groupOf[target])
        }
      }
      guard var target = free else { continue }
      size += 1
      // Along the path every group takes the target it was reached through and gives up the one it had.
      while let group = reachedFrom[target] {
        let given = targetOf[group]
        groupOf[target] = group
        targetOf[group] = target
        guard given >= 0 else { break }
        target = given
      }
    }
    return size
  }
}
