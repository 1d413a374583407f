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
    return Dialect.registry.map { dialect in
      dialect.marks.reduce(0) { $0 + $1.weight * occurrences(of: Array($1.text.utf8), in: bytes) }
    }
  }

  /// The family most speaks for, or nil when nothing tells.
  package static func judge(_ text: String) -> EngineFamily? { winner(of: votes(for: text)) }

  /// The family with most votes; the earlier one of the registry on a tie, nil without votes.
  static func winner(of votes: [Int]) -> EngineFamily? {
    guard let best = votes.max(), best > 0, let index = votes.firstIndex(of: best) else { return nil }
    return Dialect.registry[index].engine
  }

  private static func occurrences(of mark: [UInt8], in bytes: [UInt8]) -> Int {
    guard let first = mark.first, bytes.count >= mark.count else { return 0 }
    var count = 0
    var index = 0
    while index + mark.count <= bytes.count, count < ceiling {
      if bytes[index] == first, bytes[index..<index + mark.count].elementsEqual(mark) {
        count += 1
        index += mark.count
      } else {
        index += 1
      }
    }
    return count
  }
}
