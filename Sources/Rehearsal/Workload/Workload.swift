package import Basics
package import Facts
import Migration

/// A transaction of a writer.
package struct WorkloadTransaction: Hashable, Sendable {
  /// Statements in order, without the ones that begin and end it; the row its event is about is locked first.
  package var statements: [String] = []
  /// Changes of rows the statements should make; zero once it rolls back.
  package var changes = 0
  /// Whether the program changes its mind at the end.
  package var rollsBack = false
  /// What its event is about: `table:key`, parts of the key joined by `|`; empty when nothing with a key is written.
  package var aggregate = ""
  /// Tables it writes, in order, without repeats.
  package var tables: [TableName] = []
  /// Whether the code has such a transaction; else it is a plain change by key.
  package var isDerived = true
}

/// The transactions of one writer of several, without end: their tables, columns and verbs follow the code's own
/// statements, their keys are known beforehand, so that nothing has to be read back. The same for the same seed.
///
/// Writers share hot rows, which they only update; rows they delete, or whose keys they change, are their own. Deadlocks
/// between writers are part of it: run the transaction again.
package struct Workload: Sendable {
  /// How much of it follows the code.
  package let evidence: WorkloadEvidence

  private let scripts: [WriteScript]
  private let wheel: [Int]
  private let derivedCount: Int
  private var rows: WriterRows
  private var random: SplitMix64
  private let statements: RowStatements
  private let shape: SchemaShape

  /// One transaction of 15 is rolled back, as much as in the figures this was tuned on (6.7%).
  private static let rollbackShare: UInt64 = 15

  /// Transactions of writer `writer` of `writers` over `tables`, starting from rows that were loaded from `seeds`.
  ///
  /// `deletesParents` allows deletes that cascade. MySQL and MariaDB do not log what a cascade does, so that no stream
  /// can carry it; there the default is not to.
  package init(
    seeds: SeedData, system: SystemFacts, seed: UInt64, writer: Int, writers: Int, tables: [TableName],
    deletesParents: Bool? = nil
  ) {
    shape = seeds.shape
    let known = tables.filter { seeds.shape.tables[$0] != nil }
    let finder = ScriptFinder(system: system, tables: known)
    scripts = finder.scripts
    evidence = finder.evidence
    derivedCount = finder.scripts.count - finder.evidence.generic.count
    wheel = finder.scripts.indices.flatMap { Array(repeating: $0, count: finder.scripts[$0].weight) }
    statements = RowStatements(shape: seeds.shape)
    rows = WriterRows(
      seeds: seeds, writer: writer, writers: max(1, writers), deletesParents: deletesParents ?? !seeds.shape.isMySQL)
    random = SplitMix64(state: seed ^ (UInt64(writer) &+ 1) &* 0x9e37_79b9_7f4a_7c15)
  }

  /// The next transaction; empty when there is no table to write.
  package mutating func next() -> WorkloadTransaction {
    guard !wheel.isEmpty else { return WorkloadTransaction() }
    let number = wheel[Int(random.next(upperBound: UInt64(wheel.count)))]
    var transaction = WorkloadTransaction()
    transaction.isDerived = number < derivedCount
    transaction.rollsBack = random.next(upperBound: Self.rollbackShare) == 0
    let before = transaction.rollsBack ? rows : nil
    rows.beginTransaction()
    for operation in scripts[number].operations {
      let count = operation.isRepeated ? 2 + Int(random.next(upperBound: 2)) : 1
      for _ in 0..<count { run(operation, in: &transaction) }
    }
    if let before {
      let numbers = rows.numbers
      rows = before
      // Numbers are not given out twice, as with sequences.
      rows.numbers = numbers
      transaction.changes = 0
    }
    return transaction
  }

  private mutating func run(_ operation: WriteOperation, in transaction: inout WorkloadTransaction) {
    guard let table = shape.tables[operation.table] else { return }
    var kind = operation.kind
    if kind == .any { kind = [.insert, .update, .update, .update, .delete][Int(random.next(upperBound: 5))] }
    if kind == .upsert { kind = random.next(upperBound: 2) == 0 ? .insert : .update }
    switch kind {
    case .insert: insert(table, &transaction)
    case .update: update(table, operation.columns, &transaction)
    case .delete: delete(table, &transaction)
    case .upsert, .any: return
    }
  }

  private mutating func add(
    _ statement: String, for cells: RowCells, of table: TableShape, locks: Bool,
    _ transaction: inout WorkloadTransaction
  ) {
    if transaction.aggregate.isEmpty, !table.key.isEmpty, let key = aggregateKey(cells, table) {
      transaction.aggregate = "\(table.name.text):\(key)"
      if locks { transaction.statements.append(statements.lock(cells, table)) }
    }
    transaction.statements.append(statement)
    transaction.changes += 1
    if !transaction.tables.contains(table.name) { transaction.tables.append(table.name) }
  }

  private mutating func insert(_ table: TableShape, _ transaction: inout WorkloadTransaction) {
    guard let cells = rows.newRow(table, random: &random) else {
      // No free key, as in tables whose key is another table's: the row that is there is changed.
      return update(table, [], &transaction, mayInsert: false)
    }
    add(statements.insert(cells, table), for: cells, of: table, locks: false, &transaction)
  }

  private mutating func update(
    _ table: TableShape, _ columns: Set<String>, _ transaction: inout WorkloadTransaction, mayInsert: Bool = true
  ) {
    if random.next(upperBound: 12) == 0, let change = rows.rekeyed(table, random: &random) {
      let text = statements.update(change.old, table, set: [(change.column, change.new[change.column] ?? "NULL")])
      return add(text, for: change.old, of: table, locks: true, &transaction)
    }
    guard let change = rows.changed(table, columns: columns, random: &random) else {
      if mayInsert, let cells = rows.newRow(table, random: &random) {
        add(statements.insert(cells, table), for: cells, of: table, locks: false, &transaction)
      }
      return
    }
    add(statements.update(change.row, table, set: change.set), for: change.row, of: table, locks: true, &transaction)
  }

  private mutating func delete(_ table: TableShape, _ transaction: inout WorkloadTransaction) {
    guard let cells = rows.victim(table, random: &random) else { return insert(table, &transaction) }
    add(statements.delete(cells, table), for: cells, of: table, locks: true, &transaction)
    // The key comes back with other values, at once or never: a tombstone must not hide it.
    if random.next(upperBound: 3) == 0, let again = rows.reborn(cells, table, random: &random) {
      add(statements.insert(again, table), for: again, of: table, locks: false, &transaction)
    }
  }

  private func aggregateKey(_ cells: RowCells, _ table: TableShape) -> String? {
    var parts: [String] = []
    for column in table.key {
      guard let index = table.index(of: column), let cell = cells[index] else { return nil }
      parts.append(Self.plain(cell, isMySQL: shape.isMySQL))
    }
    return parts.joined(separator: "|")
  }

  /// A literal without its quotes.
  private static func plain(_ literal: String, isMySQL: Bool) -> String {
    guard literal.utf8.first == UInt8(ascii: "'"), literal.utf8.count >= 2 else { return literal }
    // By bytes: a combining mark behind a quote would go with it.
    var text: [UInt8] = []
    var isDoubled = false
    for byte in literal.utf8.dropFirst().dropLast() {
      let isEscape = byte == UInt8(ascii: "'") || isMySQL && byte == UInt8(ascii: "\\")
      if isEscape, !isDoubled {
        isDoubled = true
        continue
      }
      isDoubled = false
      text.append(byte)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
