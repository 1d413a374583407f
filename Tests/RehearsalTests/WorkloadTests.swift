import Basics
import Facts
import Foundation
import Migration
import Rehearsal
import Testing

struct WorkloadTests {
  private static let statements = [
    "INSERT INTO invoices (account_id, state) VALUES (?, ?); INSERT INTO invoice_lines (invoice_id, position, text, quantity, unit_cents) VALUES (?, ?, ?, ?, ?)",
    "UPDATE accounts SET dunning_level = ? WHERE id = ?",
    "DELETE FROM mandates WHERE reference = ?",
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
  ]

  private static func workload(writer: Int = 0, seed: UInt64 = 5, tables: [String]) throws -> Workload {
    let system = try TrialSchema.system(TrialSchema.billing, .postgres, statements: statements)
    let seeds = SeedData(catalog: system.catalog, engine: .postgres, seed: 3, rowsPerTable: 40)
    return Workload(
      seeds: seeds, system: system, seed: seed, writer: writer, writers: 2, tables: tables.map { TableName($0) })
  }

  @Test func sameSeedSameTransactions() throws {
    var one = try Self.workload(tables: ["invoices", "accounts", "mandates"])
    var two = try Self.workload(tables: ["invoices", "accounts", "mandates"])
    var other = try Self.workload(seed: 6, tables: ["invoices", "accounts", "mandates"])
    let first = (0..<200).map { _ in one.next() }
    let second = (0..<200).map { _ in two.next() }
    #expect(first == second)
    #expect(first != (0..<200).map { _ in other.next() })
  }

  @Test func followsTheCode() throws {
    var workload = try Self.workload(tables: ["invoices", "invoice_lines", "accounts", "jobs"])
    #expect(workload.evidence.statements == 3)
    #expect(workload.evidence.joined == 1)
    #expect(workload.evidence.generic == [TableName("jobs")])
    let transactions = (0..<600).map { _ in workload.next() }
    // What one function writes is one transaction, lines of the invoice made there.
    let joined = transactions.filter { $0.tables == [TableName("invoices"), TableName("invoice_lines")] }
    #expect(joined.count > 150)
    // Only the column the code sets, but for changed keys.
    let updates = transactions.flatMap(\.statements).filter { $0.hasPrefix("UPDATE \"accounts\"") }
    #expect(!updates.isEmpty)
    #expect(
      updates.allSatisfy {
        $0.hasPrefix("UPDATE \"accounts\" SET \"dunning_level\"") || $0.hasPrefix("UPDATE \"accounts\" SET \"id\"")
      })
    let generic = transactions.filter { !$0.isDerived }
    #expect(!generic.isEmpty && generic.allSatisfy { $0.tables == [TableName("jobs")] })
    let rollbacks = transactions.filter(\.rollsBack)
    #expect(rollbacks.count >= 24 && rollbacks.count <= 60)
    #expect(rollbacks.allSatisfy { $0.changes == 0 })
    #expect(transactions.allSatisfy { $0.aggregate.contains(":") })
  }

  @Test func writersShareNoNewKey() throws {
    var keys: [Set<String>] = []
    for writer in 0..<2 {
      var workload = try Self.workload(writer: writer, tables: ["mandates", "account_contacts", "settings"])
      let inserts = (0..<800).flatMap { _ in
        let transaction = workload.next()
        return transaction.rollsBack
          ? [] : transaction.statements.filter { $0.hasPrefix("INSERT INTO \"settings\"") }
      }
      keys.append(
        Set(inserts.compactMap { $0.components(separatedBy: "VALUES (").last?.components(separatedBy: ",").first }))
    }
    #expect(!keys[0].isEmpty && keys[0].isDisjoint(with: keys[1]))
  }

  @Test func keysComeBackAndChange() throws {
    var workload = try Self.workload(tables: ["jobs"])
    let transactions = (0..<2000).map { _ in workload.next() }
    #expect(transactions.contains { $0.statements.contains { $0.hasPrefix("UPDATE \"jobs\" SET \"id\"") } })
    let reborn = transactions.contains { transaction in
      guard let delete = transaction.statements.firstIndex(where: { $0.hasPrefix("DELETE") }) else { return false }
      return transaction.statements.indices.contains(delete + 1)
        && transaction.statements[delete + 1].hasPrefix("INSERT INTO \"jobs\"")
    }
    #expect(reborn)
  }
}
