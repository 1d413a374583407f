import Basics
import Decomposition
import Facts

/// Finds the transactions the proposed cut goes through, with what they do in order.
struct TransactionFinder {
  /// Co-write ratio in both directions from which tables must not be cut (R0 of the decision table).
  static let inseparableRatio = 0.5
  /// One transaction proves nothing about the others.
  static let leastTransactions = 2
  /// Pairs of larger transactions are not counted: a batch over the whole schema ties nothing together.
  private static let largestScope = 16

  let system: SystemFacts
  let proposal: Proposal
  let serviceOf: [TableName: String]
  let owners: [TableName: TableOwner]

  private struct Pair: Hashable {
    let left: TableName
    let right: TableName
  }

  private struct Place: Hashable {
    let span: SourceSpan
    let from: String
  }

  /// All of them, sorted by place.
  func transactions() -> [SpanningTransaction] {
    let counted = counts()
    var scopes: [SourceSpan: [TransactionScope]] = [:]
    for scope in system.transactions where !system.isTest(scope.unit) { scopes[scope.span, default: []].append(scope) }
    var reached: [Place: Set<TableName>] = [:]
    for seam in proposal.seams where seam.kind == .transaction {
      reached[Place(span: seam.span, from: seam.from), default: []].insert(seam.table)
    }
    var result: [SpanningTransaction] = []
    for place in reached.keys.sorted(by: { ($0.span, $0.from) < ($1.span, $1.from) }) {
      let tables = reached[place] ?? []
      guard let scope = (scopes[place.span] ?? []).first(where: { tables.isSubset(of: $0.writes) }) else { continue }
      result.append(transaction(scope, from: place.from, counted))
    }
    return result
  }

  private func transaction(
    _ scope: TransactionScope, from service: String, _ counted: (alone: [TableName: Int], together: [Pair: Int])
  ) -> SpanningTransaction {
    let isOrdered = !scope.touches.isEmpty
    let touches = isOrdered ? scope.touches.map { touch($0.access) } : unordered(scope)
    let pairs = crossing(scope.writes).map { pair in
      CoWriteRatio(
        left: pair.left, leftOwner: serviceOf[pair.left] ?? "", right: pair.right,
        rightOwner: serviceOf[pair.right] ?? "", both: counted.together[pair] ?? 0,
        leftAll: counted.alone[pair.left] ?? 0, rightAll: counted.alone[pair.right] ?? 0)
    }
    let inseparable = pairs.filter {
      $0.both >= Self.leastTransactions && $0.leftShare >= Self.inseparableRatio
        && $0.rightShare >= Self.inseparableRatio
    }
    let strongest = pairs.max { first, second in
      let left = min(first.leftShare, first.rightShare)
      let right = min(second.leftShare, second.rightShare)
      return left == right ? first > second : left < right
    }
    return SpanningTransaction(
      unit: system.units.indices.contains(scope.unit) ? system.units[scope.unit].name : "", span: scope.span,
      service: service, touches: touches, isOrdered: isOrdered, inseparable: inseparable.sorted(), strongest: strongest)
  }

  private func crossing(_ writes: [TableName]) -> [Pair] {
    guard writes.count <= Self.largestScope else { return [] }
    // A log that everybody writes goes with everything and ties nothing together.
    let tables = Set(writes).filter { owners[$0]?.ownership != .common }.sorted()
    return tables.enumerated().flatMap { place, left in
      tables[(place + 1)...].compactMap { right in
        guard let one = serviceOf[left], let other = serviceOf[right], one != other else { return nil }
        return Pair(left: left, right: right)
      }
    }
  }

  private func counts() -> (alone: [TableName: Int], together: [Pair: Int]) {
    var alone: [TableName: Int] = [:]
    var together: [Pair: Int] = [:]
    for scope in system.transactions where !system.isTest(scope.unit) {
      for table in Set(scope.writes) { alone[table, default: 0] += 1 }
      for pair in crossing(scope.writes) { together[pair, default: 0] += 1 }
    }
    return (alone, together)
  }

  private func touch(_ access: Access) -> Touch {
    let statement = system.statementTexts[access.statement] ?? ""
    return Touch(
      table: access.table, owner: serviceOf[access.table] ?? "", isWrite: access.operation == .write,
      reading: StatementReading(text: statement, via: access.via), columns: access.columns, span: access.span,
      unit: system.units.indices.contains(access.unit) ? system.units[access.unit].name : "", statement: statement,
      inLoop: access.inLoop, isEcho: access.isEcho, confidence: access.confidence)
  }

  private func unordered(_ scope: TransactionScope) -> [Touch] {
    let writes = scope.writes.map { ($0, true) } + scope.reads.map { ($0, false) }
    return writes.map { table, isWrite in
      Touch(
        table: table, owner: serviceOf[table] ?? "", isWrite: isWrite, reading: StatementReading(text: "", via: ""),
        columns: ["*"], span: scope.span, unit: "", statement: "", inLoop: false, isEcho: false, confidence: .inferred)
    }
  }
}
