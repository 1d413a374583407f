package import Basics
package import Facts
package import Migration

/// Rows to start from: for every table, in the order of foreign keys, the same for the same seed.
package struct SeedData: Sendable {
  /// A row as a statement, with a plain one to fall back to when the server refuses it.
  package struct Row: Hashable, Sendable {
    /// The table it is for.
    package let table: TableName
    /// The INSERT.
    package let statement: String
    /// The same row without anything unusual; the keys are the same.
    package let plain: String
  }

  /// What the rows were made for.
  package let shape: SchemaShape
  /// The rows in the order to insert them.
  package private(set) var rows: [Row] = []
  /// Statements around the rows of tables whose foreign keys can not be kept while they are filled.
  private var unchecked: Set<TableName> = []
  /// Updates that close cycles of foreign keys.
  private var closing: [String] = []
  /// Rows by table, as far as they can be known.
  private(set) var book: [TableName: [RowCells]] = [:]
  private(set) var taken = TakenKeys()
  /// Rows that could not be made because no free key or no parent was left, by table.
  package private(set) var skipped: [TableName: Int] = [:]

  private let maker: RowMaker
  let rowsPerTable: Int
  /// Whether some columns with a default are left to the engine.
  let leavesDefaults: Bool

  /// Makes at most `rowsPerTable` rows for every table, or as many as `profile` says. `live` is what the server printed for `LiveSchema.query`.
  /// `leavesDefaults` is for rows that go to one server only: a default may be the clock.
  /// Linear in the rows but for tables of several foreign keys, where rows and parents multiply.
  package init(
    catalog: Catalog, engine: PlanEngine, seed: UInt64, rowsPerTable: Int, live: String = "",
    leavesDefaults: Bool = true, profile: SeedProfile = SeedProfile()
  ) {
    self.leavesDefaults = leavesDefaults
    shape = SchemaShape(catalog: catalog, engine: engine, live: live, profile: profile)
    maker = RowMaker(shape: shape)
    self.rowsPerTable = rowsPerTable
    let order = InsertOrder(shape)
    for name in order.tables {
      guard let table = shape.tables[name] else { continue }
      var random = SplitMix64(state: seed ^ StableHash.of(name.key))
      fill(
        table, count: profile.tables[name]?.rows ?? rowsPerTable, late: order.late[name] ?? [], random: &random)
    }
    for name in order.tables {
      guard let table = shape.tables[name] else { continue }
      var random = SplitMix64(state: seed ^ StableHash.of(name.key) ^ 1)
      close(table, late: order.late[name] ?? [], random: &random)
    }
  }

  /// Everything to run, in order: what precedes, the rows, the cycles, what follows.
  package func statements() -> [String] {
    var result: [String] = []
    var current: TableName?
    for row in rows {
      if row.table != current {
        if let current, unchecked.contains(current) { result.append(checks(on: true)) }
        if unchecked.contains(row.table) { result.append(checks(on: false)) }
        current = row.table
      }
      result.append(row.statement)
    }
    if let current, unchecked.contains(current) { result.append(checks(on: true)) }
    return result + closingStatements()
  }

  /// Rows made for a table.
  package func rows(of table: TableName) -> Int { book[table]?.count ?? 0 }

  /// Whether the rows of a table can only go in while foreign keys are not looked at.
  package func isUnchecked(_ table: TableName) -> Bool { unchecked.contains(table) }

  /// Switches foreign keys of this session on or off.
  package func checks(on: Bool) -> String {
    shape.isMySQL
      ? "SET SESSION foreign_key_checks = \(on ? 1 : 0)" : "SET session_replication_role = \(on ? "origin" : "replica")"
  }

  /// What to run after the rows: cycles of foreign keys are closed, sequences go behind the numbers used.
  package func closingStatements() -> [String] { closing + sequences() }

  private mutating func fill(_ table: TableShape, count: Int, late: Set<Int>, random: inout SplitMix64) {
    let mustCheckLess = late.contains { number in
      let key = table.foreignKeys[number]
      return key.target != table.name
        && !key.columns.contains { column in table.index(of: column).map { table.columns[$0].isNullable } ?? false }
    }
    if mustCheckLess { unchecked.insert(table.name) }
    var made: [RowCells] = []
    for index in 0..<count {
      guard var cells = freeRow(table, index: index, made: made, late: late, random: &random) else {
        skipped[table.name, default: 0] += 1
        continue
      }
      pointAtItself(&cells, table)
      self.taken.insert(cells, of: table)
      made.append(cells)
      let plain = plainCells(cells, table, random: &random)
      rows.append(Row(table: table.name, statement: insert(cells, table), plain: insert(plain, table)))
    }
    self.book[table.name] = made
  }

  private func freeRow(
    _ table: TableShape, index: Int, made: [RowCells], late: Set<Int>, random: inout SplitMix64
  ) -> RowCells? {
    let request = RowMaker.Request(
      index: index + Self.offset(table), mood: index % 3 == 0 ? .tame : .nasty,
      parents: { key in key.target == table.name ? made : book[key.target] ?? [] }, late: late,
      accepts: { !taken.hasConflict($0, of: table) }, leavesDefaults: leavesDefaults)
    return maker.row(table, request, random: &random)
  }

  /// Numbers below may be those of rows that scripts of the schema bring along.
  static let firstIndex = 1000

  /// The first number of a table: behind the rows that scripts and triggers make.
  static func offset(_ table: TableShape) -> Int { table.isWrittenByTriggers ? 10_000 + firstIndex : firstIndex }

  /// The first row of a table that must point at one of its own rows points at itself.
  private func pointAtItself(_ cells: inout RowCells, _ table: TableShape) {
    for key in table.foreignKeys where key.target == table.name {
      for (column, target) in zip(key.columns, key.targetColumns) {
        guard let place = table.index(of: column), let source = table.index(of: target),
          !table.columns[place].isNullable, cells[place] != cells[source], cells[place] == nil
        else { continue }
        cells[place] = cells[source]
      }
    }
  }

  private func plainCells(_ cells: RowCells, _ table: TableShape, random: inout SplitMix64) -> RowCells {
    let fixed = Set((table.keys.flatMap { $0 } + table.foreignKeys.flatMap(\.columns)).map { $0.lowercased() })
    return zip(table.columns, cells).map { column, cell in
      guard let cell, !fixed.contains(column.name.lowercased()), !column.isNumbered else { return cell }
      return cell == "NULL" ? cell : maker.values.value(column, mood: .tame, random: &random)
    }
  }

  /// An INSERT that names the columns it fills.
  func insert(_ cells: RowCells, _ table: TableShape) -> String { RowStatements(shape: shape).insert(cells, table) }

  private mutating func close(_ table: TableShape, late: Set<Int>, random: inout SplitMix64) {
    let keys = table.key.compactMap(table.index(of:))
    guard !keys.isEmpty, let made = book[table.name] else { return }
    for number in late.sorted() {
      let key = table.foreignKeys[number]
      guard let target = shape.tables[key.target], let parents = book[key.target], !parents.isEmpty else { continue }
      let places = key.columns.compactMap(table.index(of:))
      let sources = key.targetColumns.compactMap(target.index(of:))
      guard sources.count == places.count, places.allSatisfy({ table.columns[$0].isNullable && !keys.contains($0) })
      else { continue }
      for (index, row) in made.enumerated() where index % 2 == 0 {
        // Chains, not loops: only rows further up are parents when a table points at itself.
        let most = key.target == table.name ? index : parents.count
        guard most > 0 else { continue }
        let parent = parents[Int(random.next(upperBound: UInt64(most)))]
        var changed = row
        var isKnown = true
        for (place, source) in zip(places, sources) {
          isKnown = isKnown && parent[source] != nil
          changed[place] = parent[source]
        }
        guard isKnown, !taken.hasConflict(changed, of: TableShape.only(places, of: table)) else { continue }
        let statements = RowStatements(shape: shape)
        closing.append(statements.update(row, table, set: places.map { ($0, changed[$0] ?? "NULL") }))
        book[table.name]?[index] = changed
      }
    }
  }

  private func sequences() -> [String] {
    if shape.isMySQL { return [] }
    // Numbers given by hand do not move sequences; those of triggers and of code start far behind.
    return shape.tables.values.sorted { $0.name < $1.name }.flatMap { table in
      table.columns.filter(\.isNumbered).map { column in
        let sequence = "pg_get_serial_sequence(\(shape.literal(table.path)), \(shape.literal(column.name)))"
        let top = "coalesce(max(\(shape.name(column.name))), 0)"
        let room: Int
        if case .integer(_, let high) = column.values, high < 1 << 20 { room = 1 } else { room = 100_000_000 }
        return "SELECT setval(\(sequence), \(top) + \(room)) FROM \(table.path)"
      }
    }
  }
}

extension TableShape {
  /// The table with only those unique keys that hold one of the columns at `places`.
  static func only(_ places: [Int], of table: TableShape) -> TableShape {
    var copy = table
    let names = Set(places.map { table.columns[$0].name })
    copy.keys = table.keys.map { key in key.contains(where: names.contains) ? key : [] }
    return copy
  }
}

/// A hash that is the same on every run (FNV-1a).
enum StableHash {
  static func of(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
