import Basics
import Facts

/// Evidence of use cases: tables that one route, job or listener reaches through calls.
///
/// An entry that reaches many tables, as a `main` does, says nothing about any two of them; neither does one that
/// reaches very much code. The more entries reach a table, the less each of them says about it.
/// Linear in the references and, for each entry, bounded by a constant.
struct EntryEvidence {
  let system: SystemFacts
  let index: NodeIndex
  let weights: EvidenceWeights

  /// Calls followed from an entry: handler, service, its implementation, repository, and one to spare (ours).
  private static let deepestCall = 4
  /// An entry that reaches more tables than this says nothing; as for one function (ours).
  private static let mostTables = 12
  /// An entry that reaches more functions than this drives the whole system (ours).
  private static let mostUnits = 500

  private struct Reach {
    let entry: Int
    /// Best confidence of an access to each table, as a share of an exact one.
    let tables: [Int: Double]
  }

  func collect(into collector: inout EdgeCollector) {
    guard weights.pull(.sameEntry) > 0, !system.entryPoints.isEmpty else { return }
    let reached = reaches()
    var popularity: [Int: Int] = [:]
    for reach in reached { for table in reach.tables.keys { popularity[table, default: 0] += 1 } }
    for reach in reached where reach.tables.count > 1 && reach.tables.count <= Self.mostTables {
      let sorted = reach.tables.sorted { $0.key < $1.key }
      let place = system.units[reach.entry].span
      for (position, left) in sorted.enumerated() {
        for right in sorted[(position + 1)...] {
          let most = max(popularity[left.key] ?? 1, popularity[right.key] ?? 1)
          let share = min(left.value, right.value) * 2 / Double(sorted.count)
          collector.add(
            from: left.key, to: right.key, kind: .sameEntry,
            amount: share * discount(most, exponent: weights.tablePopularity), at: place)
        }
      }
    }
  }

  /// What each entry outside of tests reaches; entries that reach too much code are left out.
  private func reaches() -> [Reach] {
    let calls = CallList(system)
    let tables = tablesOfUnits()
    var entries: Set<Int> = []
    for entry in system.entryPoints where system.units.indices.contains(entry.unit) && !system.isTest(entry.unit) {
      entries.insert(entry.unit)
    }
    return entries.sorted().compactMap { entry in
      guard let units = calls.reached(from: entry, depth: Self.deepestCall, limit: Self.mostUnits) else { return nil }
      var found: [Int: Double] = [:]
      for unit in units { for use in tables[unit] ?? [] { found[use.table] = max(found[use.table] ?? 0, use.share) } }
      return Reach(entry: entry, tables: found)
    }
  }

  private func tablesOfUnits() -> [Int: [(table: Int, share: Double)]] {
    var tables: [Int: [(table: Int, share: Double)]] = [:]
    for access in system.accesses where access.operation != .ddl {
      guard system.units.indices.contains(access.unit), let table = index.nodeOfTable[access.table] else { continue }
      tables[access.unit, default: []].append((table, weights.share(access.confidence)))
    }
    return tables
  }
}

/// Calls by the unit that makes them.
private struct CallList {
  private var starts: [Int]
  private var targets: [Int] = []

  init(_ system: SystemFacts) {
    var pairs: [(from: Int, to: Int)] = []
    let units = system.units.indices
    for reference in system.references where reference.kind == .call {
      if units.contains(reference.from), units.contains(reference.to) { pairs.append((reference.from, reference.to)) }
    }
    pairs.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    starts = [Int](repeating: 0, count: units.count + 1)
    for pair in pairs { starts[pair.from + 1] += 1 }
    for unit in units { starts[unit + 1] += starts[unit] }
    targets = pairs.map(\.to)
  }

  /// Units within that many calls, the first among them; nil when there are more than `limit`.
  func reached(from start: Int, depth: Int, limit: Int) -> Set<Int>? {
    var seen: Set<Int> = [start]
    var level = [start]
    for _ in 0..<depth {
      var next: [Int] = []
      for unit in level {
        for target in targets[starts[unit]..<starts[unit + 1]] where seen.insert(target).inserted {
          if seen.count > limit { return nil }
          next.append(target)
        }
      }
      level = next
    }
    return seen
  }
}
