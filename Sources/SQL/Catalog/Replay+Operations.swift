import Basics
import Facts

extension Replay {
  /// Applies a change that was not written in SQL; `.statement` is left to the reader of SQL. `file` is the migration it
  /// is a part of; nil for what only describes the result.
  mutating func apply(_ operation: SchemaOperation, in file: RepoPath?) {
    switch operation {
    case .createTable(let table, let replaces): create(table, replaces: replaces, in: file)
    case .dropTable(let name): if let key = key(of: name) { _ = remove(key) }
    case .renameTable(let name, let new): if let key = key(of: name) { renameTable(key, to: new.text) }
    case .addColumn(let name, let column): change(name, in: file) { $0.add(column) }
    case .dropColumn(let name, let column): change(name, in: file) { $0.dropColumn(column) }
    case .renameColumn(let name, let old, let new):
      change(name, in: file) { $0.renameColumn(old, to: new) }
      if let key = key(of: name), let table = tables[key]?.table { renameReferenced(old, to: new, in: table.name) }
    case .changeColumn(let name, let column):
      change(name, in: file) { state in
        guard let index = state.columnIndex(column.name) else { return }
        // What a change does not mention stays as it was.
        var changed = column
        if changed.type.isEmpty { changed.type = state.table.columns[index].type }
        state.replaceColumn(column.name, with: changed, at: .last)
      }
    case .setPrimaryKey(let name, let columns): change(name, in: file) { $0.setPrimaryKey(columns) }
    case .addUnique(let name, let columns, let key): change(name, in: file) { $0.addUnique(columns, name: key) }
    case .addForeignKey(let name, let key): change(name, in: file) { $0.table.foreignKeys.append(key) }
    case .dropForeignKey(let name, let columns):
      let wanted = columns.map { $0.lowercased() }
      change(name, in: file) { $0.table.foreignKeys.removeAll { $0.columns.map { $0.lowercased() } == wanted } }
    case .dropConstraint(let name, let key): change(name, in: file) { $0.dropConstraint(key) }
    case .statement: break
    }
  }

  private mutating func create(_ table: Table, replaces: Bool, in file: RepoPath?) {
    if let known = key(of: table.name) {
      guard replaces else { return }
      _ = remove(known)
    }
    var state = TableState(name: table.name, source: table.source)
    for column in table.columns { state.add(column) }
    state.setPrimaryKey(table.primaryKey)
    for key in table.uniqueKeys { state.addUnique(key) }
    state.table.foreignKeys = table.foreignKeys
    if let file { state.noteChange(in: file) }
    put(state)
  }

  /// Changes a table; nothing when there is none of that name.
  private mutating func change(_ name: TableName, in file: RepoPath?, _ change: (inout TableState) -> Void) {
    guard let key = key(of: name), var state = remove(key) else { return }
    change(&state)
    if let file { state.noteChange(in: file) }
    put(state)
  }
}
