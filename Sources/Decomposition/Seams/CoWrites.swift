import Basics
import Facts

/// How often tables are written together.
struct CoWrites {
  private struct Pair: Hashable {
    let left: TableName
    let right: TableName
  }

  private var alone: [TableName: Int] = [:]
  private var together: [Pair: Int] = [:]

  /// Co-write ratio in both directions from which tables must not be cut (R0 of the decision table).
  private static let inseparableRatio = 0.5
  /// One transaction proves nothing about the others.
  private static let leastTransactions = 2
  /// Pairs of larger scopes are not counted: a batch over the whole schema ties nothing together, and pairs grow squared.
  private static let largestScope = 16

  init(_ scopes: [TransactionScope]) {
    for scope in scopes {
      let tables = Set(scope.writes).sorted()
      for table in tables { alone[table, default: 0] += 1 }
      guard tables.count <= Self.largestScope else { continue }
      for (position, left) in tables.enumerated() {
        for right in tables[(position + 1)...] { together[Pair(left: left, right: right), default: 0] += 1 }
      }
    }
  }

  func areInseparable(_ left: TableName, _ right: TableName) -> Bool {
    let both = together[Pair(left: min(left, right), right: max(left, right)), default: 0]
    guard both >= Self.leastTransactions else { return false }
    let needed = { (table: TableName) in Self.inseparableRatio * Double(alone[table, default: 0]) }
    return Double(both) >= needed(left) && Double(both) >= needed(right)
  }
}
