import Basics
import Facts

/// The schema while statements are applied to it.
struct Replay: Sendable {
  /// Tables by comparison key; sorted on the way out.
  private(set) var tables: [String: TableState] = [:]
  /// Comparison keys by the last part of the name.
  private var keysOfBase: [String: Set<String>] = [:]
  /// Programs by kind and lower-case name; sorted on the way out.
  var programs: [ProgramKey: StoredProgram] = [:]
  /// Routines that triggers call instead of having a body, by trigger name.
  var calls: [String: String] = [:]
  /// Types the schema declares.
  var types = NamedTypes()
  /// How deep texts that statements run are nested.
  var nesting = 0

  /// Whether the current file is one step of several, which may redefine what those before defined.
  private var isStep = false
  /// Tables of other files that the current one dropped: a dump that creates them again means its own.
  private var dropped: [String: TableState] = [:]
  /// Tables the current file defines although another defined them first; what it does to them is ignored.
  private var repeated: Set<String> = []
  private var repeats: [Diagnostic] = []

  /// Prepares for the statements of another file.
  mutating func beginFile(isStep: Bool) {
    self.isStep = isStep
    dropped = [:]
    repeated = []
  }

  /// Hands over what is known of tables that were defined twice.
  mutating func takeRepeats() -> [Diagnostic] {
    defer { repeats = [] }
    return repeats
  }

  /// Applies one statement; false when it was not understood.
  mutating func apply(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    switch statement.cursor.keyword {
    case .create: return create(&statement, dialect: dialect)
    case .alter: return alter(&statement, dialect: dialect)
    case .drop: return drop(&statement)
    case .rename: return rename(&statement)
    case .exec, .execute: return run(&statement, dialect: dialect)
    case .if, .begin, .declare, .while, .else: return block(&statement, dialect: dialect)
    case .select, .insert, .update, .delete, .with, .merge, .replace:
      var parser = StatementParser(bytes: statement.cursor.bytes, tokens: statement.cursor.tokens, dialect: dialect)
      return parser.parse().isUnderstood
    default:
      return statement.cursor.token.traits.contains(.startsStatement) || statement.cursor.at(symbol: .of("("))
    }
  }

  // MARK: Lookup

  /// The comparison key the table is kept under, if there is one of that name.
  func key(of name: TableName) -> String? {
    if tables[name.key] != nil { return name.key }
    // Dumps qualify names that other files leave bare, and the other way round.
    guard let match = keysOfBase[name.baseKey]?.min() else { return nil }
    let areBothQualified = name.key.utf8.contains(.of(".")) && match.utf8.contains(.of("."))
    return areBothQualified ? nil : match
  }

  mutating func remove(_ key: String) -> TableState? {
    guard let state = tables.removeValue(forKey: key) else { return nil }
    keysOfBase[state.table.name.baseKey]?.remove(key)
    return state
  }

  mutating func put(_ state: TableState) {
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
      case .package:
        statement.cursor.index = index
        return createPackage(&statement, dialect: dialect)
      case .index:
        let isUnique = statement.cursor.tokens[..<index].contains { $0.keyword == .unique }
        statement.cursor.index = index
        return createIndex(&statement, isUnique: isUnique)
      case .type where index == 1, .domain where index == 1:
        statement.cursor.index = 2
        types.create(&statement)
        return true
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
    if let first = tables[key] ?? dropped.removeValue(forKey: key) {
      guard definition.replacesExisting else {
        put(first)
        noteRepeated(definition, first: first.table)
        return true
      }
      _ = remove(key)
    }
    inherit(into: &definition)
    if let start = definition.queryStart {
      inferColumns(of: &definition.state, from: start, in: statement.cursor, dialect: dialect)
    }
    definition.state.noteChange(in: statement.file)
    put(definition.state)
    return true
  }

  /// The first definition of a table stands; the note says where it is and where the other one was met.
  private mutating func noteRepeated(_ definition: TableDefinition, first: Table) {
    let again = definition.state.table
    if definition.isConditional, again.columns.map(\.name) == first.columns.map(\.name) { return }
    if !definition.isConditional, again.source.file != first.source.file { repeated.insert(again.name.key) }
    repeats.append(
      Diagnostic(
        code: "table-repeated", severity: .note, span: again.source,
        message: "table \(again.name.text) is defined at \(first.source) already, and that definition is used",
        nextStep: "if both are in use, for instance in two databases, qualify their names"))
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
    if isUnique, !isPartial, let key = key(of: TableName(table)), !repeated.contains(key) {
      tables[key]?.addUnique(columns, name: name)
    }
    return true
  }

  // MARK: ALTER, DROP, RENAME

  private mutating func alter(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    statement.cursor.advance()
    _ = statement.cursor.accept(.ignore)
    switch statement.cursor.keyword {
    case .table: statement.cursor.advance()
    case .type:
      statement.cursor.advance()
      types.alter(&statement)
      return true
    case .view, .procedure, .function, .trigger:
      // SQL Server gives programs a new body with `ALTER`; other engines only change what does not matter here.
      return dialect.hasBatches ? create(&statement, dialect: dialect) : true
    default: return true
    }
    _ = statement.cursor.accept(.if, .exists)
    _ = statement.cursor.accept(.only)
    guard let name = statement.name() else { return false }
    // Taken out while it changes, so that its columns are not copied.
    guard let key = key(of: TableName(name)), !repeated.contains(key), var state = remove(key) else { return true }
    let outcomes = statement.alterActions(on: &state)
    state.noteChange(in: statement.file)
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

  mutating func renameTable(_ key: String, to new: String) {
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

  mutating func renameReferenced(_ old: String, to new: String, in target: TableName) {
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
      if !isTemporary { dropObject(kind, name, at: statement.file) }
    } while statement.cursor.accept(symbol: .of(","))
    return true
  }

  private mutating func dropTable(_ key: String, at file: RepoPath) {
    guard let state = remove(key) else { return }
    if !isStep, state.table.source.file != file { dropped[key] = state }
  }

  private mutating func dropObject(_ kind: Keyword, _ name: String, at file: RepoPath) {
    let key = name.lowercased()
    switch kind {
    case .table: if let found = self.key(of: TableName(name)), !repeated.contains(found) { dropTable(found, at: file) }
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
      for column in finished[index].columns.indices {
        finished[index].columns[column].underlying = types.base(of: finished[index].columns[column].type)
      }
      for key in finished[index].foreignKeys.indices { complete(&finished[index].foreignKeys[key]) }
      finished[index].changedIn = Set(finished[index].changedIn).sorted()
    }
    return Catalog(tables: finished, programs: finishedPrograms(), engine: engine)
  }

  private func complete(_ key: inout ForeignKey) {
    guard let found = self.key(of: key.target), let target = tables[found]?.table else { return }
    key.target = target.name
    if key.targetColumns.isEmpty { key.targetColumns = target.primaryKey }
  }
}
