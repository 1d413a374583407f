import Basics
import Facts
import Migration
import Rehearsal
import Testing

/// Rows to start from, after what somebody measured.
struct SeedProfileTests {
  @Test func sizesNullsAndLengthsFollowWhatWasMeasured() throws {
    let catalog = try TrialSchema.system(TrialSchema.billing, .postgres).catalog
    let numbers: [TableName: SourceStatistics.TableNumbers] = [
      TableName("accounts"): .init(rows: 2_000_000, columns: ["name": .init(nullFraction: 0, width: 300)]),
      TableName("bank_transactions"): .init(
        rows: 500_000,
        columns: ["purpose": .init(nullFraction: 0.9, width: 10), "remitter": .init(nullFraction: 0, width: 80)]),
      TableName("payments"): .init(rows: 40), TableName("jobs"): .init(rows: 0), TableName("mandates"): .init(rows: 2),
      TableName("tariffs"): .init(rows: 0), TableName("exports"): .init(rows: nil),
    ]
    let profile = SeedProfile(catalog: catalog.tables, unknown: 33, most: 400) { numbers[$0] }
    let seeds = SeedData(catalog: catalog, engine: .postgres, seed: 4, rowsPerTable: 33, profile: profile)
    let made = ["accounts", "bank_transactions", "payments", "jobs", "mandates", "tariffs", "exports", "settings"].map {
      seeds.rows(of: TableName($0))
    }
    // What keys point to has rows although it has none there.
    #expect(made == [400, 100, 5, 0, 2, 5, 33, 33])
    let rows = seeds.rows.filter { $0.table == TableName("bank_transactions") }
    let nulls = rows.count { $0.statement.contains("NULL") }
    #expect(nulls > 70 && nulls < 100, "\(nulls)")
    let plain = seeds.rows.filter { $0.table == TableName("accounts") }.map(\.plain.count).reduce(0, +) / 400
    #expect(plain > 250 && plain < 450, "\(plain)")
  }

  @Test func withoutMeasurementsNothingChanges() throws {
    let catalog = try TrialSchema.system(TrialSchema.billing, .postgres).catalog
    let one = SeedData(catalog: catalog, engine: .postgres, seed: 4, rowsPerTable: 30)
    let other = SeedData(catalog: catalog, engine: .postgres, seed: 4, rowsPerTable: 30, profile: SeedProfile())
    #expect(one.rows == other.rows)
  }
}
