import Basics
import Facts

/// Ties columns to tables and writes down what a statement does.
struct Resolution {
  private let facts: StatementFacts
  private let cursor: TokenCursor
  /// The source of each use, or -1.
  private var sourceOfUse: [Int]

  init(facts: StatementFacts, cursor: TokenCursor) {
    self.facts = facts
    self.cursor = cursor
    sourceOfUse = []
    sourceOfUse.reserveCapacity(facts.uses.count)
    for use in facts.uses { sourceOfUse.append(source(of: use)) }
  }

  // MARK: Names

  private func source(of use: ColumnUse) -> Int {
    if use.source >= 0 { return use.source }
    guard use.qualifier >= 0 else { return unqualifiedSource(of: use) }
    var scope = use.scope
    while scope >= 0 {
      if let match = source(named: use.qualifier, in: scope) { return match }
      scope = facts.scopes[scope].parent
    }
    return -1
  }

  private func source(named token: Int, in scope: Int) -> Int? {
    let name = cursor.tokens[token]
    let sources = facts.scopes[scope].sources
    for index in sources {
      let source = facts.sources[index]
      let own = source.alias >= 0 ? source.alias : source.name
      if own >= 0, cursor.sameName(cursor.tokens[own], name) { return index }
    }
    return sources.first { facts.sources[$0].name >= 0 && cursor.sameName(cursor.tokens[facts.sources[$0].name], name) }
  }

  private func unqualifiedSource(of use: ColumnUse) -> Int {
    var scope = use.scope
    while scope >= 0 {
      let sources = facts.scopes[scope].sources.filter { !facts.sources[$0].isVoid }
      if use.name < 0, sources.count != 1 { return -1 }
      if sources.count == 1 { return isAlias(use) ? -1 : sources[0] }
      if sources.count > 1 { return -1 }
      scope = facts.scopes[scope].parent
    }
    return -1
  }

  private func isAlias(_ use: ColumnUse) -> Bool {
    guard use.role == .order, use.name >= 0 else { return false }
    return facts.scopes[use.scope].aliases.contains { cursor.sameName(cursor.tokens[$0], cursor.tokens[use.name]) }
  }

  // MARK: Accesses

  /// One access for each table and operation, in order of first appearance.
  func accesses() -> [StatementAccess] {
    var slots: [Slot] = []
    var slotOfSource = Array(repeating: -1, count: facts.sources.count)
    for (index, source) in facts.sources.enumerated() where source.table >= 0 && !source.isVoid {
      let key = (source.table, source.operation)
      if let slot = slots.firstIndex(where: { ($0.table, $0.operation) == key }) {
        slotOfSource[index] = slot
      } else {
        slotOfSource[index] = slots.count
        slots.append(Slot(table: source.table, operation: source.operation))
      }
      if source.writesAll { slots[slotOfSource[index]].columns = ["*"] }
    }
    collectColumns(into: &slots, slotOfSource: slotOfSource)
    var result = slots.map {
      StatementAccess(table: facts.tables[$0.table], operation: $0.operation, columns: $0.sortedColumns)
    }
    for access in facts.nestedAccesses { result.merge(access) }
    return result
  }

  private struct Slot {
    let table: Int
    let operation: AccessOperation
    var columns: [String] = []

    var sortedColumns: [String] {
      if columns.contains("*") { return ["*"] }
      return columns.count < 2 ? columns : columns.sorted()
    }
  }

  private func collectColumns(into slots: inout [Slot], slotOfSource: [Int]) {
    for (index, use) in facts.uses.enumerated() {
      if use.name < 0, use.qualifier < 0 {
        for source in facts.scopes[use.scope].sources where slotOfSource[source] >= 0 {
          if facts.sources[source].operation == .read { slots[slotOfSource[source]].columns.append("*") }
        }
        continue
      }
      let source = sourceOfUse[index]
      guard source >= 0, slotOfSource[source] >= 0 else { continue }
      let operation = facts.sources[source].operation
      guard operation == .write ? use.role == .set : operation == .read && use.role != .set else { continue }
      let slot = slotOfSource[source]
      let column = use.name < 0 ? "*" : cursor.name(of: cursor.tokens[use.name])
      if use.qualifier < 0, use.role != .set, PseudoColumn.names.contains(column.lowercased()) { continue }
      if !slots[slot].columns.contains(column) { slots[slot].columns.append(column) }
    }
  }

  // MARK: Joins

  /// The joins of the statement, in order of appearance, without repeats.
  func joins() -> [StatementJoin] {
    guard facts.sources.count > 1 || !facts.nestedJoins.isEmpty else { return [] }
    var pairs = JoinPairs(nested: facts.nestedJoins)
    for scope in facts.scopes.indices {
      let filtering = filteringTables(in: scope)
      joinSources(of: scope, filtering: filtering, into: &pairs)
      joinParent(of: scope, into: &pairs)
    }
    return pairs.joins
  }

  private func joinSources(of scope: Int, filtering: Set<Int>, into pairs: inout JoinPairs) {
    let sources = facts.scopes[scope].sources.filter { !facts.sources[$0].isVoid && representative(of: $0) >= 0 }
    guard sources.count > 1 else { return }
    var partners: [Int: Set<Int>] = [:]
    for (left, right) in links(in: scope) {
      partners[left, default: []].insert(right)
      partners[right, default: []].insert(left)
    }
    for (position, source) in sources.enumerated().dropFirst() {
      let earlier = sources[..<position]
      var joined = earlier.filter { partners[source]?.contains($0) == true }
      // A source that later ones refer to needs no neighbour of its own.
      let later = sources[(position + 1)...].contains { partners[source]?.contains($0) == true }
      if joined.isEmpty, !later || position == sources.count - 1 { joined = earlier.suffix(1) }
      for other in joined {
        let left = representative(of: other)
        let right = representative(of: source)
        pairs.add(facts.tables[left], facts.tables[right], filtering.contains(left) && filtering.contains(right))
      }
    }
  }

  /// Pairs of sources tied by an equality or by a join condition.
  private func links(in scope: Int) -> [(Int, Int)] {
    var links: [(Int, Int)] = []
    for equality in facts.equalities where facts.uses[equality.left].scope == scope {
      let left = sourceOfUse[equality.left]
      let right = sourceOfUse[equality.right]
      if left >= 0, right >= 0, left != right { links.append((left, right)) }
    }
    for (index, use) in facts.uses.enumerated() where use.scope == scope && use.joined >= 0 {
      let source = sourceOfUse[index]
      if source >= 0, source != use.joined { links.append((source, use.joined)) }
    }
    return links
  }

  /// Tables whose columns filter, sort, group or are aggregated in a scope, beyond join equalities.
  private func filteringTables(in scope: Int) -> Set<Int> {
    var joining: Set<Int> = []
    for equality in facts.equalities where facts.uses[equality.left].scope == scope {
      let left = sourceOfUse[equality.left]
      let right = sourceOfUse[equality.right]
      if left >= 0, right >= 0, left != right { joining.formUnion([equality.left, equality.right]) }
    }
    var tables: Set<Int> = []
    for (index, use) in facts.uses.enumerated() where use.scope == scope && !joining.contains(index) {
      guard use.role == .filter || use.role == .order || use.role == .aggregate, sourceOfUse[index] >= 0 else { continue }
      let table = representative(of: sourceOfUse[index])
      if table >= 0 { tables.insert(table) }
    }
    return tables
  }

  private func joinParent(of scope: Int, into pairs: inout JoinPairs) {
    let inner = facts.scopes[scope]
    guard inner.filtersParent, inner.parent >= 0 else { return }
    let outer = facts.scopes[inner.parent].sources.lazy.map { representative(of: $0) }.first { $0 >= 0 }
    let own = inner.sources.lazy.map { representative(of: $0) }.first { $0 >= 0 }
    guard let outer, let own else { return }
    pairs.add(facts.tables[outer], facts.tables[own], true)
  }

  /// The table of a source, or the first table of a derived one; -1 when there is none.
  private func representative(of source: Int) -> Int {
    var source = source
    // Derived tables nest at most as deep as there are scopes.
    for _ in 0...facts.scopes.count {
      let current = facts.sources[source]
      if current.table >= 0 { return current.table }
      guard current.derived >= 0, let first = facts.scopes[current.derived].sources.first else { return -1 }
      source = first
    }
    return -1
  }
}

/// Names that look like columns but are values the engine supplies.
private enum PseudoColumn {
  static let names: Set<String> = [
    "current_timestamp", "current_date", "current_time", "current_user", "session_user", "localtime",
    "localtimestamp", "sysdate", "utc_timestamp", "utc_date", "rownum", "user", "current_role", "current_schema",
    "systimestamp", "current_catalog", "excluded",
  ]
}

/// Joins without repeats; sides that need each other win.
private struct JoinPairs {
  private(set) var joins: [StatementJoin]

  init(nested: [StatementJoin]) { joins = nested }

  mutating func add(_ left: TableName, _ right: TableName, _ needsBothSides: Bool) {
    guard left != right else { return }
    let join = StatementJoin(left: left, right: right, needsBothSides: needsBothSides)
    if let index = joins.firstIndex(where: { $0.left == join.left && $0.right == join.right }) {
      joins[index].needsBothSides = joins[index].needsBothSides || needsBothSides
    } else {
      joins.append(join)
    }
  }
}

extension [StatementAccess] {
  /// Adds an access, or its columns when the table and operation are there already.
  mutating func merge(_ access: StatementAccess) {
    guard let index = firstIndex(where: { $0.table == access.table && $0.operation == access.operation }) else {
      append(access)
      return
    }
    let columns = Set(self[index].columns).union(access.columns)
    self[index].columns = columns.contains("*") ? ["*"] : columns.sorted()
  }
}
