package import Basics
package import Facts

/// Counts which files change together.
package enum CoChangeCounter {
  /// Commits of more files than this move, format or import, and change nothing together (ours).
  static let mostFiles = 30
  /// Pairs seen together less often are chance (Zimmermann and others 2005 use the same for mined rules).
  static let leastSupport = 3
  /// Pairs that go together in a smaller share of their changes are chance, too (ours).
  static let leastConfidence = 0.25

  private struct Pair: Hashable {
    let left: RepoPath
    let right: RepoPath
  }

  /// Pairs of `known` files, sorted. Linear in the commits, each bounded by `mostFiles` squared.
  package static func pairs(in commits: [[RepoPath]], among known: Set<RepoPath>) -> [CoChange] {
    var changes: [RepoPath: Int] = [:]
    var together: [Pair: Int] = [:]
    for commit in commits where commit.count <= mostFiles {
      let files = Set(commit).intersection(known).sorted()
      for (position, left) in files.enumerated() {
        changes[left, default: 0] += 1
        for right in files[(position + 1)...] { together[Pair(left: left, right: right), default: 0] += 1 }
      }
    }
    return together.compactMap { pair, support in
      let most = max(changes[pair.left] ?? 0, changes[pair.right] ?? 0)
      guard support >= leastSupport, most > 0 else { return nil }
      let confidence = Double(support) / Double(most)
      guard confidence >= leastConfidence else { return nil }
      return CoChange(left: pair.left, right: pair.right, support: support, confidence: confidence)
    }.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
  }
}
