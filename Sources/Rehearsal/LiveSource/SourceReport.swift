package import Basics

/// What a live database told about itself, and what follows from it for the real migration.
package struct SourceReport: Hashable, Sendable {
  /// A table the plan moves or copies.
  package struct MovedTable: Hashable, Sendable {
    /// The service it goes to.
    package var service: String
    /// The table.
    package var table: TableName
    /// Whether the service gets a copy alone, of a table that is another's.
    package var isCopy: Bool
    /// Rows in the live database, roughly; nil when nobody counted yet.
    package var rows: Int?
    /// Bytes of its rows, roughly.
    package var bytes: Int?
    /// Rows the rehearsal started from.
    package var rehearsed: Int
    /// Seconds the copy of it would take at the speed of this rehearsal, roughly; nil where one of both is unknown.
    package var copySeconds: Double?
  }

  /// The address, without login and password.
  package var address: String
  /// The server, with its version.
  package var server: String
  /// What read the structure: `pg_dump`, `catalogs` or `mariadb-dump`.
  package var method: String
  /// Whether the old database of the rehearsal was made from it.
  package var isUsed = true
  /// Tables that move, by service and name.
  package var tables: [MovedTable] = []
  /// What the schema files and the live database do not agree on.
  package var drift: [SourceDrift] = []
  /// What was left out, not read or not loaded.
  package var notes: [String] = []
  /// Rows a second one applier took over while rows were copied; nil when too few were.
  package var copyRate: Double?

  /// A report of a database nothing is known of yet.
  package init(address: String, server: String, method: String) {
    self.address = address
    self.server = server
    self.method = method
  }

  /// How the structure was read, in words.
  var reading: String { method == SourceCopy.Method.catalogs.rawValue ? "from its catalogs" : "by \(method)" }

  /// Values the plan would leave behind, although every step of it succeeds.
  package var faults: [String] {
    let lost = drift.filter(\.losesData).map { "\($0.table).\($0.column ?? "")" }
    guard !lost.isEmpty else { return [] }
    return [
      "the plan leaves columns of the live database behind: \(lost.joined(separator: ", ")); "
        + "bring the schema files up to date and plan again"
    ]
  }

  /// The words of a failure with the differences they mention in front, or behind them that there are differences.
  func explaining(_ failure: String) -> String {
    let telling = drift.filter { $0.isMoved || $0.kind == .tableOnlyInFiles }
    guard isUsed, !telling.isEmpty else { return failure }
    let named = telling.filter { item in
      failure.contains(item.column ?? item.table.baseKey) && failure.contains(item.table.baseKey)
    }
    let shown = (named.isEmpty ? telling : named).prefix(3).map(\.text).joined(separator: "; ")
    let words = "the plan was made from schema files that differ from the live database (\(shown))"
    return named.isEmpty
      ? "\(failure)\nthis may come from drift: \(words)" : "this comes from drift: \(words): \(failure)"
  }

  /// Sets the copy times from what was seen.
  mutating func estimate(copied: Int, seconds: Double) {
    // Fewer rows say more about starting up than about copying.
    guard copied >= 20, seconds > 0 else { return }
    let rate = Double(copied) / seconds
    copyRate = rate
    for index in tables.indices { tables[index].copySeconds = tables[index].rows.map { Double($0) / rate } }
  }
}
