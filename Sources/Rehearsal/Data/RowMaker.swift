import Basics
import Facts

/// One row: a literal for each column of its table; nil leaves the column to the engine.
typealias RowCells = [String?]

/// The keys that are in use, so that no row is made twice.
struct TakenKeys {
  private var keys: [TableName: [Set<[String]>]] = [:]

  /// Whether another row has a key of `cells` already.
  func hasConflict(_ cells: RowCells, of table: TableShape) -> Bool {
    guard let taken = keys[table.name] else { return false }
    return table.keys.indices.contains { index in
      guard let tuple = Self.tuple(table.keys[index], cells, of: table) else { return false }
      return taken[index].contains(tuple)
    }
  }

  mutating func insert(_ cells: RowCells, of table: TableShape) {
    if keys[table.name] == nil { keys[table.name] = table.keys.map { _ in [] } }
    for index in table.keys.indices {
      guard let tuple = Self.tuple(table.keys[index], cells, of: table) else { continue }
      keys[table.name]?[index].insert(tuple)
    }
  }

  /// The key as the loosest collation compares it; nil when a part is NULL or unknown, which never collides.
  private static func tuple(_ key: [String], _ cells: RowCells, of table: TableShape) -> [String]? {
    var tuple: [String] = []
    for column in key {
      guard let index = table.index(of: column), let cell = cells[index], cell != "NULL" else { return nil }
      tuple.append(cell.lowercased())
    }
    return tuple
  }
}

/// Makes rows that keep keys, foreign keys and simple checks.
struct RowMaker {
  let shape: SchemaShape
  let values: ValueMaker

  init(shape: SchemaShape) {
    self.shape = shape
    values = ValueMaker(isMySQL: shape.isMySQL)
  }

  /// What a row is made from.
  struct Request {
    /// Numbers the row among all rows of its table, also those of others: what must not repeat follows from it.
    var index: Int
    var mood: ValueMaker.Mood
    /// Rows a foreign key may point to.
    var parents: (ForeignKey) -> [RowCells]
    /// Foreign keys that stay NULL for now.
    var late: Set<Int> = []
    /// Whether a key that does not follow from the index may be used.
    var accepts: (RowCells) -> Bool
    /// Whether some columns with a default are left to the engine.
    var leavesDefaults = true
    /// Whether numbered columns are left to the engine.
    var leavesNumbers = false
  }

  /// Attempts to find a combination of parents that is still free.
  private static let attempts = 24

  /// A new row; nil when no free key was found or a parent is missing.
  func row(_ table: TableShape, _ request: Request, random: inout SplitMix64) -> RowCells? {
    for attempt in 0..<Self.attempts {
      guard let cells = attemptRow(table, request, attempt: attempt, random: &random) else { continue }
      if request.accepts(cells) { return cells }
    }
    return nil
  }

  private func attemptRow(
    _ table: TableShape, _ request: Request, attempt: Int, random: inout SplitMix64
  ) -> RowCells? {
    var cells: [RowCells.Element?] = Array(repeating: nil, count: table.columns.count)
    guard assignParents(&cells, table, request, attempt: attempt, random: &random) else { return nil }
    let keyed = Set(table.keys.flatMap { $0 }.map { $0.lowercased() })
    for (index, column) in table.columns.enumerated() where cells[index] == nil {
      cells[index] = cell(
        column, isKeyed: keyed.contains(column.name.lowercased()), near: table.isNearTriggers, request, random: &random)
    }
    return cells.map { $0 ?? nil }
  }

  private func cell(
    _ column: ColumnShape, isKeyed: Bool, near: Bool, _ request: Request, random: inout SplitMix64
  ) -> RowCells.Element? {
    if column.isComputed || column.isNumbered && request.leavesNumbers { return .some(nil) }
    if column.isNumbered || isKeyed {
      if isKeyed, !column.isNumbered, column.isNullable, request.mood == .nasty, random.next(upperBound: 8) == 0 {
        return .some("NULL")
      }
      if let unique = unique(column, index: request.index, isPlain: near) { return .some(unique) }
      if column.isNumbered { return .some(nil) }
      return .some(values.value(column, mood: .tame, random: &random))
    }
    if column.hasDefault, request.leavesDefaults, request.mood == .nasty, random.next(upperBound: 10) == 0 {
      return .some(nil)
    }
    if case .unknown = column.values, column.hasDefault || column.isNullable {
      return .some(column.hasDefault ? nil : "NULL")
    }
    if column.isNullable, isNull(column, random: &random) { return .some("NULL") }
    let isBold = request.mood == .nasty && !near && random.next(upperBound: 2) == 0
    return .some(values.value(column, mood: isBold ? .nasty : .tame, random: &random))
  }

  /// One in six, or as often as it was measured.
  private func isNull(_ column: ColumnShape, random: inout SplitMix64) -> Bool {
    guard let fraction = column.nullFraction else { return random.next(upperBound: 6) == 0 }
    return Double(random.next(upperBound: 10_000)) < fraction * 10_000
  }

  /// A value that follows from the number of the row; types of few values count from the start.
  func unique(_ column: ColumnShape, index: Int, isPlain: Bool) -> String? {
    values.unique(column, index: index, isPlain: isPlain)
      ?? values.unique(column, index: index - SeedData.firstIndex, isPlain: isPlain)
  }

  /// Gives the columns of foreign keys the values of a parent; false when a parent is needed and there is none.
  private func assignParents(
    _ cells: inout [RowCells.Element?], _ table: TableShape, _ request: Request, attempt: Int,
    random: inout SplitMix64
  ) -> Bool {
    let order = table.foreignKeys.indices.sorted {
      (-table.foreignKeys[$0].columns.count, $0) < (-table.foreignKeys[$1].columns.count, $1)
    }
    for number in order {
      let key = table.foreignKeys[number]
      guard let target = shape.tables[key.target] else { continue }
      let places = key.columns.compactMap(table.index(of:))
      let sources = key.targetColumns.compactMap(target.index(of:))
      guard places.count == key.columns.count, sources.count == places.count else { continue }
      let free = places.filter { cells[$0] == nil }
      if free.isEmpty,
        zip(places, sources).allSatisfy({ place, source in
          request.parents(key).contains { $0[source] == cells[place] ?? nil }
        })
      {
        continue
      }
      let mayBeNull = free.contains { table.columns[$0].isNullable }
      if mayBeNull, request.late.contains(number) || random.next(upperBound: 8) == 0 {
        for place in free where table.columns[place].isNullable { cells[place] = .some("NULL") }
        continue
      }
      let candidates = request.parents(key).filter { parent in
        zip(places, sources).allSatisfy { place, source in
          guard let value = parent[source], value != "NULL" else { return false }
          guard let given = cells[place] else { return true }
          return given == value
        }
      }
      guard !candidates.isEmpty else {
        if key.target == table.name, !mayBeNull {
          for place in free { cells[place] = .some(nil) }
          continue
        }
        guard mayBeNull else { return false }
        for place in free where table.columns[place].isNullable { cells[place] = .some("NULL") }
        continue
      }
      let isKeyed = table.keys.contains { unique in key.columns.contains { unique.contains($0) } }
      let chosen: Int
      if isKeyed, attempt == 0 {
        chosen = request.index % candidates.count
      } else if !isKeyed, random.next(upperBound: 3) == 0 {
        // Some parents have many children.
        chosen = Int(random.next(upperBound: UInt64(min(3, candidates.count))))
      } else {
        chosen = Int(random.next(upperBound: UInt64(candidates.count)))
      }
      for (place, source) in zip(places, sources) { cells[place] = .some(candidates[chosen][source]) }
    }
    return true
  }
}
