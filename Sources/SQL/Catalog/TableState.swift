import Basics
import Facts

/// A table while DDL is replayed: the table and the names of its keys.
struct TableState: Sendable {
  var table: Table
  var primaryName: String?
  /// Names of `table.uniqueKeys`, index by index.
  var uniqueNames: [String?] = []
  /// What changes said about whether they were made before.
  private(set) var evidence = UpdateEvidence()
  /// Positions of columns by lower-case name.
  private var positions: [String: Int] = [:]

  init(name: TableName, source: SourceSpan) { table = Table(name: name, source: source) }

  /// Notes that the changes of a file created or altered it. Changes of one file mostly follow each other.
  mutating func noteChange(in file: RepoPath) {
    if table.changedIn.last != file { table.changedIn.append(file) }
  }

  // MARK: Columns

  func columnIndex(_ name: String) -> Int? { positions[name.lowercased()] }

  private mutating func recount() {
    positions.removeAll(keepingCapacity: true)
    for (index, column) in table.columns.enumerated() { positions[column.name.lowercased()] = index }
  }

  /// Puts the columns of parents in front.
  mutating func prepend(_ columns: [Column]) {
    table.columns.insert(contentsOf: columns, at: 0)
    recount()
  }

  /// Adds a column at the end, at the front, or behind another; an existing name is left alone.
  mutating func add(_ column: Column, at place: ColumnPlace = .last) {
    guard columnIndex(column.name) == nil else { return evidence.noteHeld() }
    evidence.noteNew()
    insert(column, at: place)
  }

  private mutating func insert(_ column: Column, at place: ColumnPlace) {
    guard columnIndex(column.name) == nil else { return }
    switch place {
    case .last:
      positions[column.name.lowercased()] = table.columns.count
      table.columns.append(column)
    case .first:
      table.columns.insert(column, at: 0)
      recount()
    case .after(let name):
      let index = columnIndex(name).map { $0 + 1 } ?? table.columns.count
      table.columns.insert(column, at: index)
      recount()
    }
  }

  private mutating func noteMissing(_ old: String, renamedTo new: String) {
    guard old.lowercased() != new.lowercased() else { return }
    if columnIndex(new) == nil { evidence.notePassed() } else { evidence.noteHeld() }
  }

  /// Forgets the evidence so far.
  mutating func forgetEvidence() { evidence = UpdateEvidence() }

  mutating func dropColumn(_ name: String) {
    let key = name.lowercased()
    guard positions[key] != nil else { return evidence.notePassed() }
    evidence.noteDue()
    table.columns.removeAll { $0.name.lowercased() == key }
    recount()
    table.primaryKey.removeAll { $0.lowercased() == key }
    table.foreignKeys.removeAll { $0.columns.contains { $0.lowercased() == key } }
    for index in table.uniqueKeys.indices.reversed()
    where table.uniqueKeys[index].contains(where: { $0.lowercased() == key }) {
      table.uniqueKeys.remove(at: index)
      uniqueNames.remove(at: index)
    }
  }

  mutating func renameColumn(_ old: String, to new: String) {
    guard let index = columnIndex(old) else { return noteMissing(old, renamedTo: new) }
    if old.lowercased() != new.lowercased() { evidence.noteDue() }
    table.columns[index].name = new
    recount()
    table.primaryKey.rename(old, to: new)
    for index in table.uniqueKeys.indices { table.uniqueKeys[index].rename(old, to: new) }
    for index in table.foreignKeys.indices { table.foreignKeys[index].columns.rename(old, to: new) }
  }

  /// Puts a new definition in the place of a column; keys keep it.
  mutating func replaceColumn(_ old: String, with column: Column, at place: ColumnPlace) {
    guard let index = columnIndex(old) else {
      noteMissing(old, renamedTo: column.name)
      // `CHANGE` of what is not there adds it: a step before was not understood.
      return insert(column, at: place)
    }
    renameColumn(old, to: column.name)
    table.columns[index] = column
    guard place != .last else { return }
    table.columns.remove(at: index)
    recount()
    insert(column, at: place)
  }

  // MARK: Keys

  mutating func setPrimaryKey(_ columns: [String], name: String? = nil) {
    guard !columns.isEmpty else { return }
    table.primaryKey = columns.map { column in columnIndex(column).map { table.columns[$0].name } ?? column }
    primaryName = name
  }

  mutating func addUnique(_ columns: [String], name: String? = nil) {
    guard !columns.isEmpty else { return }
    table.uniqueKeys.append(columns)
    uniqueNames.append(name)
  }

  /// Removes the constraint or index of that name, declared or given by PostgreSQL.
  mutating func dropConstraint(_ name: String) {
    let key = name.lowercased()
    let base = table.name.baseKey
    if primaryName?.lowercased() == key || primaryName == nil && (key == base + "_pkey" || key == "primary") {
      table.primaryKey = []
    }
    table.foreignKeys.removeAll { foreignKey in
      if let own = foreignKey.name { return own.lowercased() == key }
      return key == base + "_" + foreignKey.columns.joined(separator: "_").lowercased() + "_fkey"
    }
    for index in table.uniqueKeys.indices.reversed() {
      let given = base + "_" + table.uniqueKeys[index].joined(separator: "_").lowercased() + "_key"
      if uniqueNames[index]?.lowercased() == key || uniqueNames[index] == nil && given == key {
        table.uniqueKeys.remove(at: index)
        uniqueNames.remove(at: index)
      }
    }
  }
}

/// Where `ALTER TABLE` puts a column.
enum ColumnPlace: Hashable, Sendable {
  case last, first
  case after(String)
}

extension [String] {
  /// Replaces a name wherever it stands, compared without case.
  fileprivate mutating func rename(_ old: String, to new: String) {
    let key = old.lowercased()
    for index in indices where self[index].lowercased() == key { self[index] = new }
  }
}
