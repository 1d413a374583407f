import Basics
import Facts

/// Evidence of connections: tables that are reached through the same one, where the system has several.
struct HandleEvidence {
  let system: SystemFacts
  let index: NodeIndex

  /// Above this many tables each is tied to its next neighbours by name alone, to stay linear (ours).
  private static let largestClique = 30
  private static let neighbours = 2
  private let noPlace = SourceSpan(file: RepoPath(""), line: 0)

  func collect(into collector: inout EdgeCollector) {
    var byHandle: [String: Set<Int>] = [:]
    for fact in system.handles {
      if let node = index.nodeOfTable[fact.table] { byHandle[fact.handle, default: []].insert(node) }
    }
    let places = Dictionary(
      system.catalog.tables.map { (index.nodeOfTable[$0.name] ?? -1, $0.source) }, uniquingKeysWith: { min($0, $1) })
    // One connection for everything tells nothing apart.
    guard byHandle.count > 1 else { return }
    for (_, tables) in byHandle.sorted(by: { $0.key < $1.key }) where tables.count > 1 {
      let sorted = tables.sorted()
      let isLarge = sorted.count > Self.largestClique
      for (position, left) in sorted.enumerated() {
        for right in sorted[(position + 1)...].prefix(isLarge ? Self.neighbours : sorted.count) {
          collector.add(
            from: left, to: right, kind: .handle, amount: isLarge ? 1 : 2 / Double(sorted.count),
            at: places[left] ?? noPlace)
        }
      }
    }
  }
}
