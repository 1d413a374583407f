/// Names that look like a misspelled one.
package enum NearNames {
  /// Candidates compared letter by letter at most; a name differs in few letters from the one that was meant.
  private static let limit = 5

  /// At most five names whose edit distance is at most a third of the length, or that contain the wanted one; nearest
  /// first, then by name. Linear in the candidates times the square of the name's length.
  package static func of(_ wanted: String, among candidates: [String]) -> [String] {
    let key = Array(wanted.lowercased().utf8.prefix(128))
    guard !key.isEmpty else { return [] }
    var near: [(distance: Int, name: String)] = []
    var seen: Set<String> = []
    for candidate in candidates where seen.insert(candidate).inserted {
      let spelled = Array(candidate.lowercased().utf8)
      let last = spelled.lastIndex { [UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/")].contains($0) }
      let tail = last.map { Array(spelled[($0 + 1)...]) } ?? spelled
      let bound = max(1, key.count / 3)
      var distance = min(editDistance(key, spelled, bound: bound), editDistance(key, tail, bound: bound))
      // A part of a name is a likely meaning too, but a typing error is likelier.
      if distance > bound, key.count >= 3, contains(spelled, key) { distance = bound + 1 }
      if distance <= bound + 1 { near.append((distance, candidate)) }
    }
    let isContained = max(1, key.count / 3) + 1
    return near.filter { $0.distance <= isContained }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }

  /// Levenshtein distance, or anything above `bound + 1` when it is larger than `bound`.
  static func editDistance(_ left: [UInt8], _ right: [UInt8], bound: Int) -> Int {
    let tooFar = bound + 2
    guard abs(left.count - right.count) <= bound else { return tooFar }
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in right.indices {
        let substitution = previous[column] + (byte == right[column] ? 0 : 1)
        current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
      }
      if (current.min() ?? 0) > bound { return tooFar }
      previous = current
    }
    return previous[right.count] <= bound ? previous[right.count] : tooFar
  }
}
