/// Which use cases reach which units through calls.
///
/// Use cases are followed 64 at a time as the bits of one word, callers before callees, with units that call each other
/// in a circle taken as one: units plus calls, for every 64 use cases.
struct CallReach {
  /// Where the calls of each unit begin in `targets`.
  private let offsets: [Int]
  private let targets: [Int32]
  /// The circle each unit is in; calls lead to the same or a lower number.
  private let circleOf: [Int32]
  /// Units from callers to callees.
  private let order: [Int32]

  /// Follows calls between `count` units.
  init(count: Int, calls: [(from: Int, to: Int)]) {
    var offsets = [Int](repeating: 0, count: count + 1)
    for call in calls { offsets[call.from + 1] += 1 }
    for unit in 0..<count { offsets[unit + 1] += offsets[unit] }
    var next = offsets
    var targets = [Int32](repeating: 0, count: calls.count)
    for call in calls {
      targets[next[call.from]] = Int32(call.to)
      next[call.from] += 1
    }
    let (circleOf, order) = Self.circles(offsets: offsets, targets: targets)
    self.offsets = offsets
    self.targets = targets
    self.circleOf = circleOf
    self.order = order
  }

  /// Calls `body` once for every 64 entries with the number of the block and what tells, for a unit, which entries of the
  /// block reach it; entry 64 * block + b is bit b.
  func forEachBlock(of entries: [Int], _ body: (_ block: Int, _ mask: (Int) -> UInt64) -> Void) {
    for block in 0..<(entries.count + 63) / 64 {
      var masks = [UInt64](repeating: 0, count: circleOf.count)
      for (bit, entry) in entries[(block * 64)..<min(entries.count, block * 64 + 64)].enumerated() {
        masks[Int(circleOf[entry])] |= 1 << UInt64(bit)
      }
      for unit in order {
        let mask = masks[Int(circleOf[Int(unit)])]
        guard mask != 0 else { continue }
        for target in targets[offsets[Int(unit)]..<offsets[Int(unit) + 1]] { masks[Int(circleOf[Int(target)])] |= mask }
      }
      body(block) { masks[Int(circleOf[$0])] }
    }
  }

  /// Strongly connected components (Tarjan 1972) with a stack of its own: call chains are deep.
  private static func circles(offsets: [Int], targets: [Int32]) -> (circleOf: [Int32], order: [Int32]) {
    let count = offsets.count - 1
    var found = [Int32](repeating: -1, count: count)
    var lowest = found
    var circleOf = found
    var path: [Int32] = []
    var frames: [(unit: Int, next: Int)] = []
    var finished: [Int32] = []
    var circles: Int32 = 0
    var clock: Int32 = 0
    for root in 0..<count where found[root] < 0 {
      frames.append((root, offsets[root]))
      while let (unit, next) = frames.last {
        if found[unit] < 0 {
          found[unit] = clock
          lowest[unit] = clock
          clock += 1
          path.append(Int32(unit))
        }
        if next < offsets[unit + 1] {
          frames[frames.count - 1].next += 1
          let target = Int(targets[next])
          if found[target] < 0 {
            frames.append((target, offsets[target]))
          } else if circleOf[target] < 0 {
            lowest[unit] = min(lowest[unit], found[target])
          }
          continue
        }
        frames.removeLast()
        if let caller = frames.last?.unit { lowest[caller] = min(lowest[caller], lowest[unit]) }
        guard lowest[unit] == found[unit] else { continue }
        while let member = path.popLast() {
          circleOf[Int(member)] = circles
          finished.append(member)
          if Int(member) == unit { break }
        }
        circles += 1
      }
    }
    return (circleOf, finished.reversed())
  }
}
