import Basics
import Facts

/// The schema while statements are applied to it.
struct Replay: Sendable {
  private var tables: [TableState] = []
  /// Position in `tables` by comparison key.
  private var positions: [String: Int] = [:]
  private var programs: [StoredProgram] = []
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

  private func position(of name: TableName) -> Int? {
    if let exact = positions[name.key] { return exact }
    // Dumps qualify names that other files leave bare, and the other way round.
    guard let match = tables.firstIndex(where: { $0.table.name.baseKey == name.baseKey }) else { return nil }
    let isQualified = name.key.utf8.contains(.of(".")) && tables[match].table.name.key.utf8.contains(.of("."))
    return isQualified ? nil : match
  }

  private mutating func remove(at position: Int) {
    tables.remove(at: position)
    positions.removeAll(keepingCapacity: true)
    for (index, state) in tables.enumerated() { positions[state.table.name.key] = index }
  }

  private mutating func append(_ state: TableState) {
    positions[state.table.name.key] = tables.count
    tables.append(state)
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
    if let existing = positions[definition.state.table.name.key] {
      guard definition.replacesExisting else { return true }
      remove(at: existing)
    }
    inherit(into: &definition)
    if let start = definition.queryStart {
      inferColumns(of: &definition.state, from: start, in: statement.cursor, dialect: dialect)
    }
    append(definition.state)
    return true
  }

  private func inherit(into definition: inout TableDefinition) {
    var inherited: [Column] = []
    for parent in definition.parents {
      guard let position = position(of: parent) else { continue }
      let table = tables[position].table
      let known = Set((inherited + definition.state.table.columns).map { $0.name.lowercased() })
      inherited += table.columns.filter { !known.contains($0.name.lowercased()) }
      guard definition.takesKeys, definition.state.table.primaryKey.isEmpty else { continue }
      definition.state.setPrimaryKey(table.primaryKey)
      for key in table.uniqueKeys { definition.state.addUnique(key) }
    }
    definition.state.table.columns.insert(contentsOf: inherited, at: 0)
  }

  /// Columns of `CREATE TABLE … AS SELECT`: plain columns, aliases, and stars over known tables.
  private func inferColumns(of state: inout TableState, from start: Int, in cursor: TokenCursor, dialect: Dialect) {
    var parser = StatementParser(bytes: cursor.bytes, tokens: cursor.tokens, dialect: dialect)
    parser.cursor.index = start
    _ = parser.statement()
    let sources = Resolution(facts: parser.facts, cursor: parser.cursor).accesses()
      .compactMap { position(of: $0.table).map { tables[$0].table } }
    for item in SelectItems.read(from: start, in: cursor) {
      switch item {
      case .all:
        for table in sources { for column in table.columns { state.add(column) } }
      case .column(let name, let alias):
        var column = sources.lazy.compactMap { $0.column(named: name) }.first ?? Column(name: alias, type: "", isNullable: true)
        column.name = alias
        state.add(column)
      }
    }
  }

  private mutating func createView(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    let place = statement.span
    statement.cursor.advance()
    _ = statement.cursor.accept(.if, .not, .exists)
    guard let name = statement.name() else { return false }
    while !statement.cursor.isAtEnd, !statement.cursor.at(.as) {
      if statement.cursor.at(symbol: .of("(")) { statement.cursor.skipParentheses() } else { statement.cursor.advance() }
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
    let place = statement.span
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
    programs.removeAll { $0.kind == program.kind && $0.name.lowercased() == program.name.lowercased() }
    programs.append(program)
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
    if isUnique, !isPartial, let position = position(of: TableName(table)) {
      tables[position].addUnique(columns, name: name)
    }
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
    guard let position = position(of: TableName(name)) else { return true }
    var state = tables[position]
    let outcomes = statement.alterActions(on: &state)
    tables[position] = state
    for outcome in outcomes {
      switch outcome {
      case .renamedTable(let new): renameTable(at: position, to: new)
      case .renamedColumn(let old, let new): renameReferenced(old, to: new, in: tables[position].table.name)
      }
    }
    return true
  }

  private mutating func renameTable(at position: Int, to new: String) {
    let old = tables[position].table.name
    let name = TableName(new)
    positions[old.key] = nil
    positions[name.key] = position
    tables[position].table.name = name
    for table in tables.indices {
      for key in tables[table].table.foreignKeys.indices
      where tables[table].table.foreignKeys[key].target == old {
        tables[table].table.foreignKeys[key].target = name
      }
    }
  }

  private mutating func renameReferenced(_ old: String, to new: String, in target: TableName) {
    let oldKey = old.lowercased()
    for table in tables.indices {
      for key in tables[table].table.foreignKeys.indices
      where tables[table].table.foreignKeys[key].target == target {
        let columns = tables[table].table.foreignKeys[key].targetColumns
        tables[table].table.foreignKeys[key].targetColumns = columns.map { $0.lowercased() == oldKey ? new : $0 }
      }
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
    case .table: if let position = position(of: TableName(name)) { remove(at: position) }
    case .view: programs.removeAll { $0.kind == .view && $0.name.lowercased() == key }
    case .trigger: programs.removeAll { $0.kind == .trigger && $0.name.lowercased() == key }
    case .function, .procedure: programs.removeAll { $0.kind == .routine && $0.name.lowercased() == key }
    case .index:
      for index in tables.indices where tables[index].uniqueNames.contains(where: { $0?.lowercased() == key }) {
        tables[index].dropConstraint(name)
      }
    default: break
    }
  }

  private mutating func rename(_ statement: inout DefinitionCursor) -> Bool {
    statement.cursor.advance()
    guard statement.cursor.accept(anyOf: [.table, .tables]) else { return true }
    repeat {
      guard let old = statement.name(), statement.cursor.accept(.to), let new = statement.name() else { return false }
      if let position = position(of: TableName(old)) { renameTable(at: position, to: new) }
    } while statement.cursor.accept(symbol: .of(","))
    return true
  }

  // MARK: Result

  /// The schema with what declarations leave out filled in.
  func catalog(engine: EngineFamily) -> Catalog {
    var finished = tables.map(\.table)
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
    guard let position = position(of: key.target) else { return }
    key.target = tables[position].table.name
    if key.targetColumns.isEmpty { key.targetColumns = tables[position].table.primaryKey }
  }

  /// Triggers that call a function do what the function does.
  private func finishedPrograms() -> [StoredProgram] {
    programs.map { program in
      guard program.kind == .trigger, let function = calls[program.name.lowercased()],
        let routine = programs.first(where: { $0.kind == .routine && $0.name.lowercased() == function })
      else { return program }
      var complete = program
      for access in routine.accesses { complete.accesses.merge(access) }
      return complete
    }
  }
}
