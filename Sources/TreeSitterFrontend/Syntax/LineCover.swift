/// Lines of functions, each counted once however functions are nested.
struct LineCover {
  private var ranges: [ClosedRange<Int>] = []

  /// Adds the lines of a function.
  mutating func add(_ lines: ClosedRange<Int>) { ranges.append(lines) }

  /// How many lines were added.
  var count: Int {
    var count = 0
    var end = 0
    for lines in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where lines.upperBound > end {
      count += lines.upperBound - max(end, lines.lowerBound - 1)
      end = lines.upperBound
    }
    return count
  }
}
