import Basics
import Facts

/// Evidence about data: who touches which table, and which tables belong together. What tests do is none.
struct DataEvidence {
  let system: SystemFacts
  let index: NodeIndex
  let weights: EvidenceWeights
  /// Above this many tables one statement or transaction ties them in a star and not in pairs, to stay linear.
  private let largestClique = 8

  func collect(into collector: inout EdgeCollector) {
    collectAccesses(into: &collector)
    for fact in system.joins where !system.isTest(fact.unit) {
      add(.join, fact.join.left, fact.join.right, fact.span, to: &collector)
    }
    for table in system.catalog.tables {
      for key in table.foreignKeys { add(.foreignKey, table.name, key.target, key.span, to: &collector) }
    }
    for scope in system.transactions where !system.isTest(scope.unit) {
      tie(scope.writes, .sameTransaction, scope.span, in: &collector)
    }
    for program in system.catalog.programs {
      let touched = program.accesses.map(\.table)
      if let watched = program.table {
        for table in touched { add(.trigger, watched, table, program.source, to: &collector) }
      } else {
        tie(touched, .trigger, program.source, in: &collector)
      }
    }
  }

  private func collectAccesses(into collector: inout EdgeCollector) {
    let users = usersOfTables()
    for access in system.accesses {
      guard let (node, table) = ends(of: access) else { continue }
      let popularity = users[UserKey(table: table, operation: access.operation)]?.count ?? 1
      collector.add(
        from: node, to: table, kind: kind(of: access.operation),
        amount: weights.share(access.confidence) * discount(popularity, exponent: weights.tablePopularity),
        at: access.span)
    }
  }

  private struct UserKey: Hashable {
    let table: Int
    let operation: AccessOperation
  }

  private func usersOfTables() -> [UserKey: Set<Int>] {
    var users: [UserKey: Set<Int>] = [:]
    for access in system.accesses {
      guard let (node, table) = ends(of: access) else { continue }
      users[UserKey(table: table, operation: access.operation), default: []].insert(node)
    }
    return users
  }

  private func ends(of access: Access) -> (node: Int, table: Int)? {
    guard !system.isTest(access.unit), index.nodeOfUnit.indices.contains(access.unit),
      index.nodeOfUnit[access.unit] >= 0,
      let table = index.nodeOfTable[access.table]
    else { return nil }
    return (Int(index.nodeOfUnit[access.unit]), table)
  }

  private func kind(of operation: AccessOperation) -> EvidenceKind {
    switch operation {
    case .read: .read
    case .write: .write
    case .ddl: .ddl
    }
  }

  private func add(
    _ kind: EvidenceKind, _ from: TableName, _ to: TableName, _ span: SourceSpan, to collector: inout EdgeCollector
  ) {
    guard let left = index.nodeOfTable[from], let right = index.nodeOfTable[to] else { return }
    collector.add(from: left, to: right, kind: kind, amount: 1, at: span)
  }

  private func tie(
    _ tables: [TableName], _ kind: EvidenceKind, _ span: SourceSpan, in collector: inout EdgeCollector
  ) {
    let known = Set(tables).filter { index.nodeOfTable[$0] != nil }.sorted()
    guard let first = known.first else { return }
    guard known.count <= largestClique else {
      for other in known.dropFirst() { add(kind, first, other, span, to: &collector) }
      return
    }
    for (position, left) in known.enumerated() {
      for right in known[(position + 1)...] { add(kind, left, right, span, to: &collector) }
    }
  }
}
