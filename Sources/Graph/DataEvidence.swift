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
    collectUsedTogether(into: &collector)
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

  /// What one function, or one type over all its functions, does to one table.
  private struct Use {
    /// Best confidence of a write, as a share of an exact one; 0 for none.
    var write = 0.0
    /// The same for any access.
    var any = 0.0
    var span: SourceSpan
  }

  /// Above this many tables one place is a batch over the schema and says nothing about any two of them.
  private let widestUse = 12
  /// What a type that touches two tables in different functions counts, next to one function that touches both (ours).
  private let typeShare = 0.5

  private func collectUsedTogether(into collector: inout EdgeCollector) {
    var byUnit: [Int: [Int: Use]] = [:]
    var byNode: [Int: [Int: Use]] = [:]
    for access in system.accesses where access.operation != .ddl && !system.isTest(access.unit) {
      guard let (node, table) = ends(of: access) else { continue }
      let share = weights.share(access.confidence)
      func note(_ uses: inout [Int: Use]) {
        var use = uses[table] ?? Use(span: access.span)
        use.any = max(use.any, share)
        if access.operation == .write { use.write = max(use.write, share) }
        use.span = min(use.span, access.span)
        uses[table] = use
      }
      note(&byUnit[access.unit, default: [:]])
      note(&byNode[node, default: [:]])
    }
    for (_, uses) in byUnit.sorted(by: { $0.key < $1.key }) { tie(uses, scale: 1, in: &collector) }
    for (_, uses) in byNode.sorted(by: { $0.key < $1.key }) { tie(uses, scale: typeShare, in: &collector) }
  }

  /// Every pair of tables one place uses, by how it uses both; the more tables it uses, the less each pair says.
  private func tie(_ uses: [Int: Use], scale: Double, in collector: inout EdgeCollector) {
    guard uses.count > 1, uses.count <= widestUse else { return }
    let sorted = uses.sorted { $0.key < $1.key }
    for (position, left) in sorted.enumerated() {
      for right in sorted[(position + 1)...] {
        let a = left.value
        let b = right.value
        let bond = min(a.any, b.any) + (min(a.write, b.any) + min(a.any, b.write)) / 2 + 2 * min(a.write, b.write)
        collector.add(
          from: left.key, to: right.key, kind: .usedTogether, amount: scale * bond * 2 / Double(uses.count), at: a.span)
      }
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
    guard !system.isTest(access.unit), !access.isEcho, index.nodeOfUnit.indices.contains(access.unit),
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
