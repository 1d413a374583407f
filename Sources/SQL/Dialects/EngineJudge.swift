package import Facts

/// Tells the engine a text is written for by the marks of each dialect.
package enum EngineJudge {
  /// Bytes of a file that are looked at; the head of a dump says enough.
  private static let horizon = 65_536
  /// Occurrences of one mark that count; more say nothing new.
  private static let ceiling = 5

  /// How much speaks for each family, in the order of `Dialect.registry`. Linear in the text up to the horizon.
  static func votes(for text: String) -> [Int] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(text.utf8.count, horizon))
    for byte in text.utf8.prefix(horizon) { bytes.append(byte.lowered) }
    let marks = MarkTable.shared
    var counts = [Int](repeating: 0, count: marks.marks.count)
    for position in bytes.indices {
      for index in marks.byFirst[Int(bytes[position])] where counts[index] < ceiling {
        let mark = marks.marks[index].bytes
        if position + mark.count <= bytes.count, bytes[position..<position + mark.count].elementsEqual(mark) {
          counts[index] += 1
        }
      }
    }
    var votes = [Int](repeating: 0, count: Dialect.registry.count)
    for (index, mark) in marks.marks.enumerated() { votes[mark.dialect] += mark.weight * counts[index] }
    return votes
  }

  /// The family most speaks for, or nil when nothing tells.
  package static func judge(_ text: String) -> EngineFamily? { winner(of: votes(for: text)) }

  /// The family with most votes; the earlier one of `preference` on a tie, nil without votes.
  static func winner(of votes: [Int]) -> EngineFamily? {
    guard let best = votes.max(), best > 0 else { return nil }
    let leading = votes.indices.filter { votes[$0] == best }.compactMap { Dialect.registry[$0].engine }
    return preference.first { leading.contains($0) }
  }

  /// What most systems run on first.
  private static let preference: [EngineFamily] = [.mysql, .postgres, .sqlite, .sqlserver, .oracle, .h2]

  /// The marks of all dialects by their first byte.
  private struct MarkTable: Sendable {
    static let shared = MarkTable()

    struct Entry: Sendable {
      let bytes: [UInt8]
      let weight: Int
      let dialect: Int
    }

    let marks: [Entry]
    let byFirst: [[Int]]

    init() {
      var marks: [Entry] = []
      var byFirst = [[Int]](repeating: [], count: 256)
      for (index, dialect) in Dialect.registry.enumerated() {
        for mark in dialect.marks {
          let bytes = Array(mark.text.utf8)
          guard let first = bytes.first else { continue }
          byFirst[Int(first)].append(marks.count)
          marks.append(Entry(bytes: bytes, weight: mark.weight, dialect: index))
        }
      }
      self.marks = marks
      self.byFirst = byFirst
    }
  }
}
