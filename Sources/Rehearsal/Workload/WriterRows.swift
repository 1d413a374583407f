import Basics
import Facts

/// What one writer knows of the rows: those that always stay, shared by all, and its own.
struct WriterRows: Sendable {
  /// A row only this writer deletes or gives another key.
  struct OwnRow: Sendable {
    var cells: RowCells
    /// Whether this writer made a row that points to it.
    var hasChildren = false
    /// Whether it was there before the writers.
    var isSeed = false
  }

  /// Rows that stay, by table.
  private let pillars: [TableName: [RowCells]]
  private var own: [TableName: [OwnRow]] = [:]
  private var taken: TakenKeys
  /// Rows made since the transaction began.
  private var fresh: [TableName: [RowCells]] = [:]
  /// The next number of each table.
  var numbers: [TableName: Int] = [:]

  private let shape: SchemaShape
  private let maker: RowMaker
  private let writer: Int
  private let writers: Int
  private let mayCascade: Set<TableName>
  private let hasChildren: Set<TableName>
  private let firstNumber: Int
  private let leavesDefaults: Bool

  /// Every third row stays for good, and everything it points to.
  private static let pillarStep = 3
  /// Own rows that are considered as parents.
  private static let recentRows = 20
  /// Rows everybody updates.
  private static let hotRows = 3

  init(seeds: SeedData, writer: Int, writers: Int, deletesParents: Bool) {
    shape = seeds.shape
    maker = RowMaker(shape: seeds.shape)
    self.writer = writer
    self.writers = writers
    taken = seeds.taken
    firstNumber = seeds.rowsPerTable
    leavesDefaults = seeds.leavesDefaults
    let kept = PillarFinder(seeds: seeds, step: Self.pillarStep).kept
    var pillars: [TableName: [RowCells]] = [:]
    for (name, rows) in seeds.book {
      let stays = kept[name] ?? []
      pillars[name] = rows.indices.filter(stays.contains).map { rows[$0] }
      own[name] = rows.indices.filter { !stays.contains($0) && $0 % writers == writer }
        .map { OwnRow(cells: rows[$0], isSeed: true) }
    }
    self.pillars = pillars
    let referenced = Set(seeds.shape.tables.values.flatMap { $0.foreignKeys.map(\.target) })
    hasChildren = referenced
    mayCascade = deletesParents ? Self.cascading(seeds.shape) : []
  }

  /// Tables whose rows can go although others point to them, all the way down.
  private static func cascading(_ shape: SchemaShape) -> Set<TableName> {
    func isFree(_ name: TableName, _ above: Set<TableName>) -> Bool {
      shape.children(of: name).allSatisfy { child, key in
        switch key.onDelete {
        case .cascade: above.contains(child.name) || isFree(child.name, above.union([name]))
        case .setNull:
          key.columns.allSatisfy { column in child.index(of: column).map { child.columns[$0].isNullable } ?? false }
        case .noAction, .restrict, .setDefault: false
        }
      }
    }
    return Set(shape.tables.keys.filter { isFree($0, []) })
  }

  mutating func beginTransaction() { fresh = [:] }

  private mutating func nextIndex(_ table: TableShape) -> Int {
    let number = numbers[table.name, default: 0]
    numbers[table.name] = number + 1
    return SeedData.offset(table) + firstNumber + number * writers + writer
  }

  /// A row nobody has yet; parents are rows that stay or were made by this writer.
  mutating func newRow(_ table: TableShape, random: inout SplitMix64) -> RowCells? {
    let index = nextIndex(table)
    guard let cells = freeRow(table, index: index, random: &random) else { return nil }
    remember(cells, of: table)
    return cells
  }

  private func freeRow(_ table: TableShape, index: Int, random: inout SplitMix64) -> RowCells? {
    let isJoined = random.next(upperBound: 4) > 0
    let request = RowMaker.Request(
      index: index, mood: .nasty,
      parents: { key in
        if isJoined, let here = fresh[key.target], !here.isEmpty { return here }
        let recent = own[key.target]?.suffix(Self.recentRows).filter { !$0.isSeed }.map(\.cells) ?? []
        return (pillars[key.target] ?? []) + recent
      },
      accepts: { cells in
        guard !taken.hasConflict(cells, of: table) else { return false }
        // Keys that do not grow with the number belong to the writer their hash names.
        return maker.openKeys(table, cells, index: index)
          .allSatisfy { StableHash.of($0) % UInt64(writers) == UInt64(writer) }
      }, leavesDefaults: leavesDefaults)
    return maker.row(table, request, random: &random)
  }

  private mutating func remember(_ cells: RowCells, of table: TableShape) {
    taken.insert(cells, of: table)
    own[table.name, default: []].append(OwnRow(cells: cells))
    fresh[table.name, default: []].append(cells)
    for key in table.foreignKeys {
      guard let target = shape.tables[key.target], var rows = own[key.target] else { continue }
      let places = key.columns.compactMap(table.index(of:))
      let sources = key.targetColumns.compactMap(target.index(of:))
      guard places.count == sources.count else { continue }
      // The parent is one of the latest rows, if it is one of this writer's at all.
      for row in rows.indices.suffix(Self.recentRows * 2).reversed()
      where !rows[row].hasChildren && zip(places, sources).allSatisfy({ cells[$0] == rows[row].cells[$1] }) {
        rows[row].hasChildren = true
      }
      own[key.target] = rows
    }
  }

  /// A row that may be updated, often one that everybody updates, with new values for some columns.
  mutating func changed(
    _ table: TableShape, columns: Set<String>, random: inout SplitMix64
  ) -> (row: RowCells, set: [(Int, String)])? {
    let stays = pillars[table.name] ?? []
    let mine = own[table.name] ?? []
    guard !stays.isEmpty || !mine.isEmpty else { return nil }
    let statements = RowStatements(shape: shape)
    let row: RowCells
    if !stays.isEmpty, random.next(upperBound: 3) == 0 {
      row = stays[Int(random.next(upperBound: UInt64(min(Self.hotRows, stays.count))))]
    } else {
      let number = Int(random.next(upperBound: UInt64(stays.count + mine.count)))
      row = number < stays.count ? stays[number] : mine[number - stays.count].cells
    }
    guard statements.isAddressable(row, table) else { return nil }
    let places = settable(table, columns, random: &random)
    guard !places.isEmpty else { return nil }
    let set = places.map { place in
      let column = table.columns[place]
      if column.isNullable, random.next(upperBound: 6) == 0 { return (place, "NULL") }
      let isBold = !table.isNearTriggers && random.next(upperBound: 2) == 0
      return (place, maker.values.value(column, mood: isBold ? .nasty : .tame, random: &random))
    }
    return (row, set)
  }

  /// Columns an update sets: the ones the code sets, without keys of any kind; else a few of those left.
  private func settable(_ table: TableShape, _ columns: Set<String>, random: inout SplitMix64) -> [Int] {
    let keyed = Set(
      (table.keys.flatMap { $0 } + table.foreignKeys.flatMap(\.columns)
        + shape.children(of: table.name).flatMap(\.key.targetColumns)).map { $0.lowercased() })
    let open = table.columns.indices.filter { place in
      let column = table.columns[place]
      if case .unknown = column.values { return false }
      return !column.isComputed && !column.isNumbered && !keyed.contains(column.name.lowercased())
    }
    let named = open.filter { columns.contains(table.columns[$0].name.lowercased()) }
    if !named.isEmpty { return named }
    guard !open.isEmpty else { return [] }
    let first = Int(random.next(upperBound: UInt64(open.count)))
    let count = min(open.count, 1 + Int(random.next(upperBound: 3)))
    return (0..<count).map { open[(first + $0) % open.count] }.sorted()
  }

  /// An own row with another primary key, where the key is a column of its own.
  mutating func rekeyed(
    _ table: TableShape, random: inout SplitMix64
  ) -> (old: RowCells, new: RowCells, column: Int)? {
    guard table.hasPrimaryKey, table.key.count == 1, let column = table.index(of: table.key[0]),
      !table.isNearTriggers,
      !table.foreignKeys.contains(where: { $0.columns.contains { $0.lowercased() == table.key[0].lowercased() } }),
      let number = ownRow(table, random: &random), let rows = own[table.name],
      let value = maker.unique(table.columns[column], index: nextIndex(table), isPlain: table.isNearTriggers)
    else { return nil }
    let old = rows[number].cells
    var new = old
    new[column] = value
    guard old[column] != nil, new != old else { return nil }
    own[table.name]?[number].cells = new
    taken.insert(new, of: table)
    fresh[table.name]?.removeAll { $0 == old }
    return (old, new, column)
  }

  /// A row of this writer nothing points to.
  private func ownRow(_ table: TableShape, random: inout SplitMix64) -> Int? {
    guard let rows = own[table.name], !rows.isEmpty else { return nil }
    // Triggers may have given it children nobody knows of.
    if table.isNearTriggers, hasChildren.contains(table.name), !mayCascade.contains(table.name) { return nil }
    let statements = RowStatements(shape: shape)
    for _ in 0..<8 {
      let number = Int(random.next(upperBound: UInt64(rows.count)))
      let row = rows[number]
      // Others may point to rows that were there before.
      if row.hasChildren || row.isSeed && hasChildren.contains(table.name) { continue }
      if statements.isAddressable(row.cells, table) { return number }
    }
    return nil
  }

  /// A row to delete; its writer forgets it.
  mutating func victim(_ table: TableShape, random: inout SplitMix64) -> RowCells? {
    var number = ownRow(table, random: &random)
    if number == nil, mayCascade.contains(table.name), let rows = own[table.name] {
      number = rows.indices.first { rows[$0].isSeed && !rows[$0].hasChildren }
    }
    guard let number, let row = own[table.name]?.remove(at: number) else { return nil }
    fresh[table.name]?.removeAll { $0 == row.cells }
    return row.cells
  }

  /// The deleted row with the same keys and other values; nil when what it points to may be gone.
  mutating func reborn(_ cells: RowCells, _ table: TableShape, random: inout SplitMix64) -> RowCells? {
    for key in table.foreignKeys {
      guard let target = shape.tables[key.target] else { continue }
      let places = key.columns.compactMap(table.index(of:))
      let sources = key.targetColumns.compactMap(target.index(of:))
      if places.contains(where: { cells[$0] == "NULL" }) { continue }
      let parents = (pillars[key.target] ?? []) + (own[key.target] ?? []).filter(\.hasChildren).map(\.cells)
      guard parents.contains(where: { parent in zip(places, sources).allSatisfy { cells[$0] == parent[$1] } }) else {
        return nil
      }
    }
    let fixed = Set((table.keys.flatMap { $0 } + table.foreignKeys.flatMap(\.columns)).map { $0.lowercased() })
    let again: RowCells = zip(table.columns, cells).map { column, cell in
      guard let cell, !fixed.contains(column.name.lowercased()), !column.isNumbered, !column.isComputed else {
        return cell
      }
      if cell == "NULL", column.isNullable { return cell }
      return maker.values.value(column, mood: table.isNearTriggers ? .tame : .nasty, random: &random)
    }
    remember(again, of: table)
    return again
  }
}

extension RowMaker {
  /// Keys of a row that do not follow from its number, as text.
  func openKeys(_ table: TableShape, _ cells: RowCells, index: Int) -> [String] {
    table.keys.compactMap { key in
      var parts: [String] = []
      for name in key {
        guard let place = table.index(of: name), let cell = cells[place], cell != "NULL" else { return nil }
        let isForeign = table.foreignKeys.contains { $0.columns.contains { $0.lowercased() == name.lowercased() } }
        let isGrowing = unique(table.columns[place], index: index, isPlain: table.isNearTriggers) == cell
        if !isForeign, isGrowing { return nil }
        parts.append(cell.lowercased())
      }
      return parts.joined(separator: "|")
    }
  }
}

/// Finds the rows that stay for good: some of every table, and everything they point to.
struct PillarFinder {
  private(set) var kept: [TableName: Set<Int>] = [:]

  init(seeds: SeedData, step: Int) {
    var work: [(TableName, Int)] = []
    for (name, rows) in seeds.book.sorted(by: { $0.key < $1.key }) {
      for index in rows.indices where index % step == 0 { work.append((name, index)) }
    }
    var byKey: [String: [[String]: Int]] = [:]
    while let (name, index) = work.popLast() {
      guard kept[name, default: []].insert(index).inserted, let table = seeds.shape.tables[name],
        let row = seeds.book[name]?[index]
      else { continue }
      for key in table.foreignKeys {
        guard let target = seeds.shape.tables[key.target] else { continue }
        let places = key.columns.compactMap(table.index(of:))
        let sources = key.targetColumns.compactMap(target.index(of:))
        let wanted = places.compactMap { row[$0] }
        guard wanted.count == sources.count, !wanted.contains("NULL") else { continue }
        let label = "\(key.target.key)|\(sources)"
        if byKey[label] == nil {
          var places: [[String]: Int] = [:]
          for (number, parent) in (seeds.book[key.target] ?? []).enumerated() {
            let tuple = sources.compactMap { parent[$0] }
            if tuple.count == sources.count { places[tuple] = number }
          }
          byKey[label] = places
        }
        if let parent = byKey[label]?[wanted] { work.append((key.target, parent)) }
      }
    }
  }
}
