/// Sets of small numbers, one a row, kept as bits: rows times columns / 8 bytes.
package struct BitTable: Hashable, Sendable {
  /// Number of rows.
  package let rows: Int
  /// Numbers from 0 up to this one may be in a row.
  package let columns: Int
  private let width: Int
  private var words: [UInt64]

  /// Empty rows.
  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    width = (columns + UInt64.bitWidth - 1) / UInt64.bitWidth
    words = [UInt64](repeating: 0, count: rows * width)
  }

  /// Puts a number into a row.
  package mutating func insert(_ column: Int, row: Int) {
    words[row * width + column / UInt64.bitWidth] |= 1 << UInt64(column % UInt64.bitWidth)
  }

  /// Puts up to 64 numbers into a row at once: bit b of `mask` stands for number 64 * block + b.
  mutating func insert(_ mask: UInt64, block: Int, row: Int) {
    words[row * width + block] |= mask
  }

  /// Whether the row holds nothing.
  func isEmpty(row: Int) -> Bool { !words[row * width..<(row + 1) * width].contains { $0 != 0 } }

  /// How many numbers two rows share; a row with itself gives its count.
  func countShared(_ left: Int, _ right: Int) -> Int {
    (0..<width).reduce(0) { $0 + (words[left * width + $1] & words[right * width + $1]).nonzeroBitCount }
  }

  /// Calls `body` with every number of a row, smallest first.
  func forEach(row: Int, _ body: (Int) -> Void) {
    for block in 0..<width {
      var rest = words[row * width + block]
      while rest != 0 {
        body(block * UInt64.bitWidth + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}
