package import Basics
package import Facts
import Migration

/// How many rows a table starts from and what its columns hold, as somebody measured it elsewhere.
package struct SeedProfile: Hashable, Sendable {
  /// One table.
  struct TableProfile: Hashable, Sendable {
    /// Rows to make.
    var rows: Int
    /// What was measured of its columns, by lower-case name.
    var columns: [String: SourceStatistics.ColumnNumbers] = [:]
  }

  private(set) var tables: [TableName: TableProfile] = [:]

  /// Nothing was measured.
  package init() {}

  /// Rows of the largest table: enough to see differences of size, few enough to be made in seconds.
  package static let usualMost = 600
  /// Rows a table has at least when it has as many in the live database, or when keys point to it.
  private static let least = 5
  /// Longest text that is made to keep to an average, in characters.
  private static let longest = 2000
  /// Some rows are NULL and some are not whatever was measured: the next write may be the first of its kind.
  private static let nullRange = 0.02...0.98

  /// Scales row counts so that the largest table gets `most` rows; `numbers` gives what was measured of a
  /// table of `catalog`, and `unknown` is how many rows one gets whose rows nobody counted. Linear in the tables.
  package init(
    catalog: [Table], unknown: Int, most: Int, numbers: (TableName) -> SourceStatistics.TableNumbers?
  ) {
    let known = catalog.map { ($0, numbers($0.name)) }
    let largest = known.compactMap { $0.1?.rows }.max() ?? 0
    let scale = largest > most ? Double(most) / Double(largest) : 1
    let targets = Set(catalog.flatMap { $0.foreignKeys.map(\.target) })
    for (table, measured) in known {
      var rows = unknown
      if let counted = measured?.rows {
        rows = max(min(counted, Self.least), Int((Double(counted) * scale).rounded()))
      }
      if targets.contains(table.name) { rows = max(rows, Self.least) }
      tables[table.name] = TableProfile(rows: rows, columns: measured?.columns ?? [:])
    }
  }

  func applied(to shape: TableShape) -> TableShape {
    guard let profile = tables[shape.name] else { return shape }
    var shape = shape
    for index in shape.columns.indices {
      guard let numbers = profile.columns[shape.columns[index].name.lowercased()] else { continue }
      shape.columns[index].nullFraction = min(
        Self.nullRange.upperBound, max(Self.nullRange.lowerBound, numbers.nullFraction))
      if numbers.width > 0 { shape.columns[index].width = min(Self.longest, numbers.width) }
    }
    return shape
  }
}
