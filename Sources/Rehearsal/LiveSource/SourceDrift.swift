package import Basics
package import Facts
package import Migration

/// One difference between the live database and the schema files a plan was made from.
package struct SourceDrift: Hashable, Sendable {
  /// What differs.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A table the plan moves that the live database does not have.
    case tableOnlyInFiles = "table_only_in_files"
    /// A table no file knows.
    case tableOnlyLive = "table_only_live"
    /// A column of a moved table that the live database does not have.
    case columnOnlyInFiles = "column_only_in_files"
    /// A column of a moved table no file knows; nothing of the plan carries it.
    case columnOnlyLive = "column_only_live"
    /// A column takes other values.
    case type
    /// NULL is accepted on one side alone.
    case nullability
    /// Other columns make up the primary key.
    case primaryKey = "primary_key"
  }

  /// What differs.
  package let kind: Kind
  /// The table.
  package let table: TableName
  /// The column; nil where the whole table differs.
  package let column: String?
  /// What the files say; empty where they say nothing.
  package let files: String
  /// What the live database says; empty where it says nothing.
  package let live: String
  /// Whether the plan moves the table or keeps a copy of it.
  package let isMoved: Bool

  /// The difference in words.
  package var text: String {
    let place = column.map { "\(table).\($0)" } ?? "\(table)"
    switch kind {
    case .tableOnlyInFiles: return "\(place): the plan moves it, the live database does not have it"
    case .tableOnlyLive:
      return "\(place): no schema file knows this table\(live.isEmpty ? "" : "; it points to \(live), which moves")"
    case .columnOnlyInFiles: return "\(place): only in the schema files"
    case .columnOnlyLive: return "\(place): only in the live database (\(live)); the plan leaves it behind"
    case .type: return "\(place): \(files) in the schema files, \(live) in the live database"
    case .nullability: return "\(place): \(files) in the schema files, \(live) in the live database"
    case .primaryKey: return "\(place): primary key \(files) in the schema files, \(live) in the live database"
    }
  }

  /// Whether rows would lose something although every step succeeds.
  package var losesData: Bool { kind == .columnOnlyLive && isMoved }
}

/// Compares the structure of a live database with that of the schema files.
package struct DriftComparison {
  private let files: Catalog
  private let live: [TableName: Table]
  private let programs: [StoredProgram]
  private let isMySQL: Bool
  private let moved: [TableName]

  /// `moved` are the tables the plan moves or copies.
  package init(files: Catalog, live: Catalog, engine: PlanEngine, moved: [TableName]) {
    self.files = files
    self.live = Dictionary(live.tables.map { ($0.name, $0) }) { first, _ in first }
    programs = live.programs
    isMySQL = engine == .mysql || engine == .mariadb
    self.moved = moved
  }

  /// The table of the live database that a name of the files means.
  package func liveTable(_ name: TableName) -> Table? {
    if let table = live[name] { return table }
    guard isMySQL || name.key.hasPrefix("public.") else { return nil }
    return live[TableName(name.baseKey)]
  }

  /// Differences: tables first, then columns, each sorted by name. Linear in the columns.
  package func differences() -> [SourceDrift] {
    let moving = Set(moved)
    let known = Set(files.tables.compactMap { liveTable($0.name)?.name })
    var tables: [SourceDrift] = []
    var columns: [SourceDrift] = []
    for table in files.tables where moving.contains(table.name) {
      guard let other = liveTable(table.name) else {
        tables.append(
          SourceDrift(kind: .tableOnlyInFiles, table: table.name, column: nil, files: "", live: "", isMoved: true))
        continue
      }
      columns += compare(table, other)
    }
    let movingLive = Set(moving.compactMap { liveTable($0)?.name })
    for table in live.values where !known.contains(table.name) {
      let targets = table.foreignKeys.map(\.target).filter(movingLive.contains).map(\.text)
      tables.append(
        SourceDrift(
          kind: .tableOnlyLive, table: table.name, column: nil, files: "",
          live: Set(targets).sorted().joined(separator: ", "), isMoved: false))
    }
    return tables.sorted { ($0.kind.rawValue, $0.table) < ($1.kind.rawValue, $1.table) } + columns
  }

  private func compare(_ table: Table, _ other: Table) -> [SourceDrift] {
    func drift(_ kind: SourceDrift.Kind, _ column: String?, _ files: String, _ live: String) -> SourceDrift {
      SourceDrift(kind: kind, table: table.name, column: column, files: files, live: live, isMoved: true)
    }
    var found: [SourceDrift] = []
    for column in table.columns {
      guard let match = other.column(named: column.name) else {
        found.append(drift(.columnOnlyInFiles, column.name, column.type, ""))
        continue
      }
      if !areAlike(column.type, match.type) { found.append(drift(.type, column.name, column.type, match.type)) }
      if column.isNullable != match.isNullable {
        let words = [true: "NULL", false: "NOT NULL"]
        found.append(
          drift(.nullability, column.name, words[column.isNullable] ?? "", words[match.isNullable] ?? ""))
      }
    }
    for column in other.columns where table.column(named: column.name) == nil {
      found.append(drift(.columnOnlyLive, column.name, "", column.type))
    }
    let keys = [table.primaryKey, other.primaryKey].map { $0.map { $0.lowercased() } }
    if keys[0] != keys[1] {
      found.append(
        drift(.primaryKey, nil, "(\(keys[0].joined(separator: ", ")))", "(\(keys[1].joined(separator: ", ")))"))
    }
    return found
  }

  /// Types are alike when they take the same values, however they are spelled.
  private func areAlike(_ one: String, _ other: String) -> Bool {
    let shapes = [one, other].map { ValueShape($0, isMySQL: isMySQL) }
    if shapes[0] == shapes[1] { return true }
    // MariaDB keeps JSON as text with a check.
    let isDocument = { (shape: ValueShape) -> Bool in
      if case .text(limit: nil, isFixed: _, charBytes: _) = shape { return true }
      return shape == .json
    }
    return isMySQL && shapes.contains(.json) && shapes.allSatisfy(isDocument)
  }

  /// The schema to rehearse with: the structure of the live database, under the names the files use.
  package func merged() -> Catalog {
    var names: [TableName: TableName] = [:]
    for table in files.tables {
      if let match = liveTable(table.name) { names[match.name] = table.name }
    }
    let tables = live.values.map { table in
      var table = table
      table.name = names[table.name] ?? table.name
      table.foreignKeys = table.foreignKeys.map { key in
        var key = key
        key.target = names[key.target] ?? key.target
        return key
      }
      return table
    }
    return Catalog(tables: tables, programs: files.programs + programs, engine: files.engine)
  }
}
