import Basics
import Facts

/// Evidence of changes: tables that one migration creates or alters, and files that change together in the history.
struct ChangeEvidence {
  let system: SystemFacts
  let index: NodeIndex

  /// A file that changes more tables than this, or more than half of them, makes the schema and changes nothing (ours).
  private static let mostTables = 12
  /// What being created in one file counts, next to being altered together: files are also places (ours).
  private static let createdShare = 0.5

  /// A schema file that creates more tables than this says nothing about one of them when it changes (ours).
  private static let mostTablesOfFile = 3

  func collect(into collector: inout EdgeCollector) {
    collectMigrations(into: &collector)
    collectHistory(into: &collector)
  }

  /// Files stand for their nodes, or for the few tables they create. What is known of two tables is their migrations:
  /// two schema files tie nothing.
  private func collectHistory(into collector: inout EdgeCollector) {
    guard !system.coChanges.isEmpty else { return }
    var created: [RepoPath: [Int]] = [:]
    for table in system.catalog.tables {
      if let node = index.nodeOfTable[table.name] { created[table.source.file, default: []].append(node) }
    }
    func nodes(_ file: RepoPath) -> [Int] {
      if let node = index.nodeOfFile[file.text] { return [node] }
      let tables = created[file] ?? []
      return tables.count <= Self.mostTablesOfFile ? tables : []
    }
    for pair in system.coChanges {
      let amount = pair.confidence * log2OnePlus(Double(pair.support))
      let ends = (left: nodes(pair.left), right: nodes(pair.right))
      for left in ends.left {
        for right in ends.right where index.nodes[left].kind != .table || index.nodes[right].kind != .table {
          collector.add(
            from: left, to: right, kind: .coChange, amount: amount / Double(max(ends.left.count, ends.right.count)),
            at: SourceSpan(file: pair.left, line: 0))
        }
      }
    }
  }

  private func collectMigrations(into collector: inout EdgeCollector) {
    var tables: [RepoPath: [(node: Int, isCreated: Bool)]] = [:]
    for table in system.catalog.tables {
      guard let node = index.nodeOfTable[table.name] else { continue }
      for file in table.changedIn { tables[file, default: []].append((node, table.source.file == file)) }
    }
    let total = index.nodeOfTable.count
    for (file, changed) in tables.sorted(by: { $0.key < $1.key }) {
      guard changed.count > 1, changed.count <= Self.mostTables, changed.count * 2 <= total else { continue }
      let sorted = changed.sorted { $0.node < $1.node }
      for (position, left) in sorted.enumerated() {
        for right in sorted[(position + 1)...] {
          let share = left.isCreated && right.isCreated ? Self.createdShare : 1
          collector.add(
            from: left.node, to: right.node, kind: .sameChange, amount: share * 2 / Double(sorted.count),
            at: SourceSpan(file: file, line: 0))
        }
      }
    }
  }
}
