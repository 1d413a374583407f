import Basics
import Facts

/// The schema while statements are applied to it.
struct Replay: Sendable {
  /// Tables by comparison key; sorted on the way out.
  private var tables: [String: TableState] = [:]
  /// Comparison keys by the last part of the name.
  private var keysOfBase: [String: Set<String>] = [:]
  /// Programs by kind and lower-case name; sorted on the way out.
  private var programs: [ProgramKey: StoredProgram] = [:]
  /// Routines that triggers call instead of having a body, by trigger name.
  private var calls: [String: String] = [:]

  /// Applies one statement; false when it was not understood.
  mutating func apply(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    switch statement.cursor.keyword {
    case .create: return create(&statement, dialect: dialect)
    case .alter: return alter(&statement)
    case .drop: return drop(&statement)
    case .rename: return rename(&statement)
    case .select, .insert, .update, .delete, .with, .merge, .replace:
      var parser = StatementParser(bytes: statement.cursor.bytes, tokens: statement.cursor.tokens, dialect: dialect)
      return parser.parse().isUnderstood
    default:
      return statement.cursor.token.traits.contains(.startsStatement) || statement.cursor.at(symbol: .of("("))
    }
  }

  // MARK: Lookup

  private struct ProgramKey: Hashable {
    let kind: StoredProgram.Kind
    let name: String
  }

  /// The comparison key the table is kept under, if there is one of that name.
  private func key(of name: TableName) -> String? {
    if tables[name.key] != nil { return name.key }
    // Dumps qualify names that other files leave bare, and the other way round.
    guard let match = keysOfBase[name.baseKey]?.min() else { return nil }
    let areBothQualified = name.key.utf8.contains(.of(".")) && match.utf8.contains(.of("."))
    return areBothQualified ? nil : match
  }

  private mutating func remove(_ key: String) -> TableState? {
    guard let state = tables.removeValue(forKey: key) else { return nil }
    keysOfBase[state.table.name.baseKey]?.remove(key)
    return state
  }

  private mutating func put(_ state: TableState) {
    tables[state.table.name.key] = state
    keysOfBase[state.table.name.baseKey, default: []].insert(state.table.name.key)
  }

  // MARK: CREATE

  private mutating func create(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    var index = 1
    while index < min(24, statement.cursor.tokens.count) {
      switch statement.cursor.tokens[index].keyword {
      case .table: return createTable(&statement, dialect: dialect)
      case .view:
        statement.cursor.index = index
        return createView(&statement, dialect: dialect)
      case .trigger, .procedure, .function, .event:
        statement.cursor.index = index
        return createRoutine(&statement, dialect: dialect)
      case .index:
        let isUnique = statement.cursor.tokens[..<index].contains { $0.keyword == .unique }
        statement.cursor.index = index
        return createIndex(&statement, isUnique: isUnique)
      case .as, .on: return true
      default: index += 1
      }
    }
    return statement.cursor.tokens.count > 3
  }

  private mutating func createTable(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    guard var definition = statement.createTable() else { return false }
    guard !definition.isTemporary, !definition.isPartition else { return true }
    let key = definition.state.table.name.key
    if tables[key] != nil {
      guard definition.replacesExisting else { return true }
      _ = remove(key)
    }
    inherit(into: &definition)
    if let start = definition.queryStart {
      inferColumns(of: &definition.state, from: start, in: statement.cursor, dialect: dialect)
    }
    put(definition.state)
    return true
  }

  private func inherit(into definition: inout TableDefinition) {
    var inherited: [Column] = []
    for parent in definition.parents {
      guard let key = key(of: parent), let table = tables[key]?.table else { continue }
      let known = Set((inherited + definition.state.table.columns).map { $0.name.lowercased() })
      let primary = Set(table.primaryKey.map { $0.lowercased() })
      for var column in table.columns where !known.contains(column.name.lowercased()) {
        if primary.contains(column.name.lowercased()) { column.isNullable = false }
        inherited.append(column)
      }
      guard definition.takesKeys, definition.state.table.primaryKey.isEmpty else { continue }
      definition.state.setPrimaryKey(table.primaryKey)
      for key in table.uniqueKeys { definition.state.addUnique(key) }
    }
    definition.state.prepend(inherited)
  }

  /// Columns of `CREATE TABLE … AS SELECT`: plain columns, aliases, and stars over known tables.
  private func inferColumns(of state: inout TableState, from start: Int, in cursor: TokenCursor, dialect: Dialect) {
    var parser = StatementParser(bytes: cursor.bytes, tokens: cursor.tokens, dialect: dialect)
    parser.cursor.index = start
    _ = parser.statement()
    let sources = Resolution(facts: parser.facts, cursor: parser.cursor).accesses()
      .compactMap { key(of: $0.table).flatMap { tables[$0]?.table } }
    for item in SelectItems.read(from: start, in: cursor) {
      switch item {
      case .all:
        for table in sources { for column in table.columns { state.add(column) } }
      case .column(let name, let alias):
        var column =
          sources.lazy.compactMap { $0.column(named: name) }.first ?? Column(name: alias, type: "", isNullable: true)
        column.name = alias
        state.add(column)
      }
    }
  }

  private mutating func createView(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    let place = statement.span()
    statement.cursor.advance()
    _ = statement.cursor.accept(.if, .not, .exists)
    guard let name = statement.name() else { return false }
    while !statement.cursor.isAtEnd, !statement.cursor.at(.as) {
      if statement.cursor.at(symbol: .of("(")) {
        statement.cursor.skipParentheses()
      } else {
        statement.cursor.advance()
      }
    }
    guard statement.cursor.accept(.as) else { return false }
    var parser = StatementParser(bytes: statement.cursor.bytes, tokens: statement.cursor.tokens, dialect: dialect)
    parser.cursor.index = statement.cursor.index
    _ = parser.statement()
    let accesses = Resolution(facts: parser.facts, cursor: parser.cursor).accesses().filter { $0.operation == .read }
    store(StoredProgram(kind: .view, name: name, table: nil, accesses: accesses, source: place))
    return true
  }

  private mutating func createRoutine(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    let place = statement.span()
    let start = statement.cursor.index
    let isTrigger = statement.cursor.at(.trigger)
    statement.cursor.advance()
    _ = statement.cursor.accept(.if, .not, .exists)
    guard let name = statement.name() else { return false }
    let cursor = statement.cursor
    let reader = RoutineReader(bytes: cursor.bytes, tokens: cursor.tokens, start: start, dialect: dialect, depth: 0)
    let body = reader.read()
    if isTrigger {
      guard body.table != nil else { return false }
      calls[name.lowercased()] = calledFunction(cursor)
    }
    let kind = isTrigger ? StoredProgram.Kind.trigger : .routine
    store(StoredProgram(kind: kind, name: name, table: body.table, accesses: body.accesses, source: place))
    return true
  }

  /// `EXECUTE FUNCTION f()` of a PostgreSQL trigger.
  private func calledFunction(_ cursor: TokenCursor) -> String? {
    var cursor = cursor
    while !cursor.isAtEnd {
      if cursor.accept(.execute) {
        guard cursor.accept(anyOf: [.function, .procedure]) else { return nil }
        var copy = DefinitionCursor(cursor: cursor, file: RepoPath(""), firstLine: 0, firstOffset: 0)
        return copy.name()?.lowercased()
      }
      cursor.advance()
    }
    return nil
  }

  private mutating func store(_ program: StoredProgram) {
    guard !program.name.lowercased().hasPrefix("pg_temp.") else { return }
    programs[ProgramKey(kind: program.kind, name: program.name.lowercased())] = program
  }

  private mutating func createIndex(_ statement: inout DefinitionCursor, isUnique: Bool) -> Bool {
    statement.cursor.advance()
    _ = statement.cursor.accept(.concurrently)
    _ = statement.cursor.accept(.if, .not, .exists)
    let name = statement.cursor.at(.on) ? nil : statement.name()
    while !statement.cursor.isAtEnd, !statement.cursor.at(.on) { statement.cursor.advance() }
    guard statement.cursor.accept(.on) else { return false }
    _ = statement.cursor.accept(.only)
    guard let table = statement.name() else { return false }
    while !statement.cursor.isAtEnd, !statement.cursor.at(symbol: .of("(")) { statement.cursor.advance() }
    let columns = statement.columnList()
    // A partial index does not make its columns unique.
    let isPartial = statement.cursor.tokens[statement.cursor.index...].contains { $0.keyword == .where }
    if isUnique, !isPartial, let key = key(of: TableName(table)) { tables[key]?.addUnique(columns, name: name) }
    return true
  }

  // MARK: ALTER, DROP, RENAME

  private mutating func alter(_ statement: inout DefinitionCursor) -> Bool {
    statement.cursor.advance()
    _ = statement.cursor.accept(.ignore)
    guard statement.cursor.accept(.table) else { return true }
    _ = statement.cursor.accept(.if, .exists)
    _ = statement.cursor.accept(.only)
    guard let name = statement.name() else { return false }
    // Taken out while it changes, so that its columns are not copied.
    guard let key = key(of: TableName(name)), var state = remove(key) else { return true }
    let outcomes = statement.alterActions(on: &state)
    var current = state.table.name
    put(state)
    for outcome in outcomes {
      switch outcome {
      case .renamedTable(let new):
        renameTable(current.key, to: new)
        current = TableName(new)
      case .renamedColumn(let old, let new): renameReferenced(old, to: new, in: current)
      case .attachedPartition(let name): if let part = self.key(of: TableName(name)) { _ = remove(part) }
      }
    }
    return true
  }

  private mutating func renameTable(_ key: String, to new: String) {
    guard var state = remove(key) else { return }
    let old = state.table.name
    state.table.name = TableName(new)
    put(state)
    changeForeignKeys(to: old) { $0.target = TableName(new) }
  }

  /// Changes every foreign key that references a table.
  private mutating func changeForeignKeys(to target: TableName, _ change: (inout ForeignKey) -> Void) {
    for key in tables.keys {
      guard let keys = tables[key]?.table.foreignKeys, keys.contains(where: { $0.target == target }) else { continue }
      for index in keys.indices where keys[index].target == target {
        var changed = keys[index]
        change(&changed)
        tables[key]?.table.foreignKeys[index] = changed
      }
    }
  }

  private mutating func renameReferenced(_ old: String, to new: String, in target: TableName) {
    let oldKey = old.lowercased()
    changeForeignKeys(to: target) { foreignKey in
      foreignKey.targetColumns = foreignKey.targetColumns.map { $0.lowercased() == oldKey ? new : $0 }
    }
  }

  private mutating func drop(_ statement: inout DefinitionCursor) -> Bool {
    statement.cursor.advance()
    let isTemporary = statement.cursor.accept(.temporary)
    _ = statement.cursor.accept(.materialized)
    let kind = statement.cursor.keyword
    guard statement.cursor.token.kind == .word else { return false }
    statement.cursor.advance()
    _ = statement.cursor.accept(.concurrently)
    _ = statement.cursor.accept(.if, .exists)
    repeat {
      guard let name = statement.name() else { return false }
      if statement.cursor.at(symbol: .of("(")) { statement.cursor.skipParentheses() }
      if !isTemporary { dropObject(kind, name) }
    } while statement.cursor.accept(symbol: .of(","))
    return true
  }

  private mutating func dropObject(_ kind: Keyword, _ name: String) {
    let key = name.lowercased()
    switch kind {
    case .table: if let found = self.key(of: TableName(name)) { _ = remove(found) }
    case .view: programs[ProgramKey(kind: .view, name: key)] = nil
    case .trigger: programs[ProgramKey(kind: .trigger, name: key)] = nil
    case .function, .procedure: programs[ProgramKey(kind: .routine, name: key)] = nil
    case .index:
      for table in tables.keys where tables[table]?.uniqueNames.contains(where: { $0?.lowercased() == key }) == true {
        tables[table]?.dropConstraint(name)
      }
    default: break
    }
  }

  private mutating func rename(_ statement: inout DefinitionCursor) -> Bool {
    statement.cursor.advance()
    guard statement.cursor.accept(anyOf: [.table, .tables]) else { return true }
    repeat {
      guard let old = statement.name(), statement.cursor.accept(.to), let new = statement.name() else { return false }
      if let key = key(of: TableName(old)) { renameTable(key, to: new) }
    } while statement.cursor.accept(symbol: .of(","))
    return true
  }

  // MARK: Result

  /// The schema with what declarations leave out filled in.
  func catalog(engine: EngineFamily) -> Catalog {
    var finished = tables.values.map(\.table)
    for index in finished.indices {
      let primary = Set(finished[index].primaryKey.map { $0.lowercased() })
      for column in finished[index].columns.indices
      where primary.contains(finished[index].columns[column].name.lowercased()) {
        finished[index].columns[column].isNullable = false
      }
      for key in finished[index].foreignKeys.indices { complete(&finished[index].foreignKeys[key]) }
    }
    return Catalog(tables: finished, programs: finishedPrograms(), engine: engine)
  }

  private func complete(_ key: inout ForeignKey) {
    guard let found = self.key(of: key.target), let target = tables[found]?.table else { return }
    key.target = target.name
    if key.targetColumns.isEmpty { key.targetColumns = target.primaryKey }
  }

  /// Triggers that call a function do what the function does.
  private func finishedPrograms() -> [StoredProgram] {
    programs.values.map { program in
      guard program.kind == .trigger, let function = calls[program.name.lowercased()],
        let routine = programs[ProgramKey(kind: .routine, name: function)]
      else { return program }
      var complete = program
      for access in routine.accesses { complete.accesses.merge(access) }
      return complete
    }
  }
}
