import Basics
import Facts

extension Resolution {
  /// Sources of a statement up to which its joins are worked out; no query written by people has more.
  private static let mostSources = 256

  /// The joins of the statement, in order of appearance, without repeats.
  func joins() -> [StatementJoin] {
    guard facts.sources.count > 1, facts.sources.count <= Self.mostSources else { return facts.nestedJoins }
    var pairs = JoinPairs(nested: facts.nestedJoins)
    let ties = ties()
    for scope in facts.scopes.indices {
      joinSources(of: scope, ties: ties[scope], into: &pairs)
      joinParent(of: scope, into: &pairs)
    }
    return pairs.joins
  }

  /// What ties and filters the sources of one scope.
  private struct Ties {
    /// Sources tied by an equality or a join condition, both ways.
    var partners: [Int: Set<Int>] = [:]
    /// Tables whose columns filter, sort, group or are aggregated, beyond join equalities.
    var filtering: Set<Int> = []

    mutating func tie(_ left: Int, _ right: Int) {
      partners[left, default: []].insert(right)
      partners[right, default: []].insert(left)
    }
  }

  private func ties() -> [Ties] {
    var ties = Array(repeating: Ties(), count: facts.scopes.count)
    var joining: Set<Int> = []
    for equality in facts.equalities {
      let left = sourceOfUse[equality.left]
      let right = sourceOfUse[equality.right]
      guard left >= 0, right >= 0, left != right else { continue }
      ties[facts.uses[equality.left].scope].tie(left, right)
      joining.formUnion([equality.left, equality.right])
    }
    for (index, use) in facts.uses.enumerated() where sourceOfUse[index] >= 0 {
      let source = sourceOfUse[index]
      if use.joined >= 0, source != use.joined { ties[use.scope].tie(source, use.joined) }
      let filters = use.role == .filter || use.role == .order || use.role == .aggregate
      guard filters, !joining.contains(index) else { continue }
      let table = representative(of: source)
      if table >= 0 { ties[use.scope].filtering.insert(table) }
    }
    return ties
  }

  private func joinSources(of scope: Int, ties: Ties, into pairs: inout JoinPairs) {
    let sources = facts.scopes[scope].sources.filter { !facts.sources[$0].isVoid && representative(of: $0) >= 0 }
    guard sources.count > 1 else { return }
    for (position, source) in sources.enumerated().dropFirst() {
      let earlier = sources[..<position]
      let partners = ties.partners[source] ?? []
      var joined = earlier.filter { partners.contains($0) }
      // A source that later ones refer to needs no neighbour of its own.
      let isTiedLater = sources[(position + 1)...].contains { partners.contains($0) }
      if joined.isEmpty, !isTiedLater { joined = Array(earlier.suffix(1)) }
      for other in joined {
        let left = representative(of: other)
        let right = representative(of: source)
        let needsBoth = ties.filtering.contains(left) && ties.filtering.contains(right)
        pairs.add(facts.tables[left], facts.tables[right], needsBoth)
      }
    }
  }

  /// A subquery in an expression filters or extends the rows around it: both sides are needed.
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
    // A recursive expression refers to itself; derived tables nest at most as deep as there are scopes.
    for _ in 0...facts.scopes.count {
      let current = facts.sources[source]
      if current.table >= 0 { return current.table }
      guard current.derived >= 0, current.derived < facts.scopes.count,
        let first = facts.scopes[current.derived].sources.first
      else { return -1 }
      source = first
    }
    return -1
  }
}

/// Joins without repeats; sides that need each other win.
private struct JoinPairs {
  private(set) var joins: [StatementJoin]
  private var positions: [Pair: Int] = [:]

  private struct Pair: Hashable {
    let left: TableName
    let right: TableName
  }

  init(nested: [StatementJoin]) {
    joins = []
    for join in nested { add(join.left, join.right, join.needsBothSides) }
  }

  mutating func add(_ left: TableName, _ right: TableName, _ needsBothSides: Bool) {
    guard left != right else { return }
    let join = StatementJoin(left: left, right: right, needsBothSides: needsBothSides)
    let pair = Pair(left: join.left, right: join.right)
    if let index = positions[pair] {
      joins[index].needsBothSides = joins[index].needsBothSides || needsBothSides
    } else {
      positions[pair] = joins.count
      joins.append(join)
    }
  }
}
