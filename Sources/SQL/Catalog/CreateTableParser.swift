import Basics
import Facts

/// What a `CREATE TABLE` defines.
struct TableDefinition {
  var state: TableState
  var isTemporary = false
  var replacesExisting = false
  /// Whether it says `IF NOT EXISTS`.
  var isConditional = false
  /// Tables whose columns come first, from `INHERITS` and `LIKE`.
  var parents: [TableName] = []
  /// Whether keys are taken over from the parents too.
  var takesKeys = false
  /// Whether it is a partition of another table, which stands for it.
  var isPartition = false
  /// Index of the token of the query that fills it, if any.
  var queryStart: Int?
}

extension DefinitionCursor {
  /// Reads a whole `CREATE TABLE`; nil when it is not one.
  mutating func createTable() -> TableDefinition? {
    var isTemporary = false
    var replaces = false
    guard cursor.accept(.create) else { return nil }
    while !cursor.isAtEnd, !cursor.at(.table) {
      // The rows of a global temporary table are private, its definition is not.
      if cursor.at(.temporary) || cursor.at(.temp) { isTemporary = cursor.tokens[cursor.index - 1].keyword != .global }
      if cursor.at(.replace) { replaces = true }
      guard cursor.token.kind == .word else { return nil }
      cursor.advance()
    }
    let place = span()
    guard cursor.accept(.table) else { return nil }
    let isConditional = cursor.accept(.if, .not, .exists)
    guard let name = name() ?? nameInString() else { return nil }
    if NameText.isTemporary(name) { isTemporary = true }
    var definition = TableDefinition(state: TableState(name: TableName(name), source: place))
    definition.isTemporary = isTemporary
    definition.replacesExisting = replaces
    definition.isConditional = isConditional
    return body(of: &definition) ? definition : nil
  }

  private mutating func body(of definition: inout TableDefinition) -> Bool {
    if cursor.accept(.like) {
      guard let other = name() else { return false }
      definition.parents = [TableName(other)]
      definition.takesKeys = true
      return true
    }
    if cursor.accept(.partition) {
      definition.isPartition = true
      return true
    }
    var hasElements = false
    if cursor.at(symbol: .of("(")), cursor.peek().keyword != .select, cursor.peek().keyword != .with {
      cursor.advance()
      elements(of: &definition)
      hasElements = true
    }
    options(of: &definition)
    return hasElements || definition.queryStart != nil
  }

  private mutating func options(of definition: inout TableDefinition) {
    while !cursor.isAtEnd {
      if cursor.accept(.inherits) {
        definition.parents += columnListOfNames().map { TableName($0) }
      } else if cursor.at(.select) || cursor.at(.with) && cursor.peek(2).keyword == .as {
        definition.queryStart = cursor.index
        return
      } else if cursor.at(symbol: .of("(")), cursor.peek().keyword != .select {
        cursor.skipParentheses()
      } else {
        cursor.advance()
      }
    }
  }

  private mutating func columnListOfNames() -> [String] {
    guard cursor.accept(symbol: .of("(")) else { return [] }
    var names: [String] = []
    repeat { if let name = name() { names.append(name) } } while cursor.accept(symbol: .of(","))
    _ = cursor.accept(symbol: .of(")"))
    return names
  }

  // MARK: Elements

  private mutating func elements(of definition: inout TableDefinition) {
    while !cursor.isAtEnd {
      if cursor.accept(symbol: .of(")")) { return }
      if cursor.accept(symbol: .of(",")) { continue }
      let before = cursor.index
      if cursor.at(.like), let parent = likeElement() {
        definition.parents.append(parent.table)
        definition.takesKeys = definition.takesKeys || parent.takesKeys
      } else if startsConstraint {
        constraint(on: &definition.state)
      } else if let column = column() {
        add(column, to: &definition.state)
      }
      skipToComma()
      if cursor.index == before { cursor.advance() }
    }
  }

  private mutating func likeElement() -> (table: TableName, takesKeys: Bool)? {
    guard cursor.accept(.like), let name = name() else { return nil }
    var takesKeys = false
    while cursor.token.kind == .word {
      if cursor.at(.all) || cursor.at(.indexes) { takesKeys = true }
      cursor.advance()
    }
    return (TableName(name), takesKeys)
  }

  /// Adds a column and the keys declared with it.
  func add(_ definition: ColumnDefinition, to state: inout TableState) {
    let isNew = state.columnIndex(definition.column.name) == nil
    state.add(definition.column, at: definition.place)
    if isNew { addKeys(of: definition, to: &state) }
  }

  /// Adds the keys declared with a column.
  func addKeys(of definition: ColumnDefinition, to state: inout TableState) {
    if definition.isPrimary {
      state.setPrimaryKey(definition.keyColumns.isEmpty ? [definition.column.name] : definition.keyColumns)
    }
    if definition.isUnique { state.addUnique([definition.column.name]) }
    if let foreignKey = definition.foreignKey { state.table.foreignKeys.append(foreignKey) }
  }

  /// Whether a key or another constraint begins here, not a column.
  var startsConstraint: Bool {
    let next = cursor.peek()
    switch cursor.keyword {
    case .constraint, .primary, .unique, .foreign: return true
    case .check: return next.isSymbol(.of("("))
    case .exclude: return next.isSymbol(.of("(")) || next.keyword == .using
    case .fulltext, .spatial: return true
    case .key, .index:
      if next.isSymbol(.of("(")) || next.keyword == .using { return true }
      let afterNext = cursor.peek(2)
      if afterNext.keyword == .using { return true }
      // `key varchar(5)` is a column, `KEY name (a)` a key.
      return afterNext.isSymbol(.of("(")) && cursor.peek(3).kind != .number
    default:
      return cursor.spells(cursor.token, "period") && next.keyword == .for
    }
  }

  /// Reads one table constraint or key.
  mutating func constraint(on state: inout TableState) {
    let place = span()
    var constraintName: String?
    if cursor.accept(.constraint), ![.primary, .unique, .foreign, .check].contains(cursor.keyword) {
      _ = cursor.accept(.if, .not, .exists)
      constraintName = name()
    }
    switch cursor.keyword {
    case .primary:
      cursor.advance()
      guard cursor.accept(.key) else { break }
      skipToList()
      state.setPrimaryKey(columnList(), name: constraintName)
    case .unique:
      cursor.advance()
      let name = indexName()
      if cursor.at(symbol: .of("(")) { state.addUnique(columnList(), name: constraintName ?? name) }
    case .foreign:
      cursor.advance()
      _ = cursor.accept(.key)
      _ = cursor.accept(.if, .not, .exists)
      let name = indexName()
      let columns = columnList()
      if let foreignKey = references(columns: columns, name: constraintName ?? name, at: place) {
        state.table.foreignKeys.append(foreignKey)
      }
    default: break
    }
    skipToComma()
  }

  /// The optional name of an index, up to its column list.
  private mutating func indexName() -> String? {
    _ = cursor.accept(anyOf: [.key, .index])
    var found: String?
    while !cursor.isAtEnd, !cursor.at(symbol: .of("(")), !cursor.at(symbol: .of(",")), !cursor.at(symbol: .of(")")) {
      if cursor.at(.using) {
        cursor.advance()
      } else if found == nil, cursor.token.isName, cursor.token.keyword == .none || cursor.token.kind != .word {
        found = cursor.name(of: cursor.token)
      }
      cursor.advance()
    }
    return found
  }

  private mutating func skipToList() {
    while !cursor.isAtEnd, !cursor.at(symbol: .of("(")), !cursor.at(symbol: .of(",")), !cursor.at(symbol: .of(")")) {
      cursor.advance()
    }
  }
}
