import Basics
import Facts

/// What an `ALTER TABLE` does beyond the table itself.
enum AlterOutcome: Hashable, Sendable {
  case renamedTable(String)
  case renamedColumn(String, String)
  /// The table became a part of the altered one, which stands for it.
  case attachedPartition(String)
}

extension DefinitionCursor {
  /// Applies the actions of an `ALTER TABLE` whose name was read; returns what concerns other tables.
  mutating func alterActions(on state: inout TableState) -> [AlterOutcome] {
    var outcomes: [AlterOutcome] = []
    var last = Keyword.none
    while !cursor.isAtEnd {
      let before = cursor.index
      // `ADD a int, b int` and `DROP COLUMN a, b`: SQL Server names the action once.
      if before > 0, cursor.tokens[before - 1].isSymbol(.of(",")), !startsAction {
        repeated(last, on: &state)
      } else {
        if startsAction { last = cursor.keyword }
        if last == .drop { last = cursor.peek().keyword == .constraint ? .constraint : .column }
        action(on: &state, outcomes: &outcomes)
      }
      skipToComma()
      if !cursor.accept(symbol: .of(",")), cursor.index == before || cursor.at(symbol: .of(")")) { cursor.advance() }
    }
    return outcomes
  }

  private var startsAction: Bool {
    switch cursor.keyword {
    case .add, .drop, .modify, .change, .alter, .attach, .detach, .rename, .with, .set, .enable, .disable, .owner,
      .engine,
      .convert, .order, .force, .partition, .validate, .check, .reset, .cluster, .inherits, .no, .comment, .default:
      true
    default: false
    }
  }

  /// Another element of the action before.
  private mutating func repeated(_ action: Keyword, on state: inout TableState) {
    switch action {
    case .add: if startsConstraint { constraint(on: &state) } else if let column = column() { add(column, to: &state) }
    case .column:
      _ = cursor.accept(.column)
      if let name = columnName() { state.dropColumn(name) }
    case .constraint:
      _ = cursor.accept(.constraint)
      if let name = columnName() { state.dropConstraint(name) }
    default: break
    }
  }

  private mutating func action(on state: inout TableState, outcomes: inout [AlterOutcome]) {
    switch cursor.keyword {
    case .add:
      cursor.advance()
      addAction(on: &state)
    case .drop:
      cursor.advance()
      dropAction(on: &state)
    case .with where cursor.peek(2).keyword == .add || cursor.peek(3).keyword == .add:
      // `WITH CHECK ADD CONSTRAINT …`.
      while !cursor.at(.add) { cursor.advance() }
      action(on: &state, outcomes: &outcomes)
    case .modify:
      cursor.advance()
      _ = cursor.accept(.column)
      _ = cursor.accept(.if, .exists)
      if cursor.accept(symbol: .of("(")) {
        repeat { modify(&state) } while cursor.accept(symbol: .of(","))
      } else {
        modify(&state)
      }
    case .change:
      cursor.advance()
      _ = cursor.accept(.column)
      _ = cursor.accept(.if, .exists)
      guard let old = columnName(), let definition = column() else { return }
      replace(old, with: definition, in: &state)
      if old != definition.column.name { outcomes.append(.renamedColumn(old, definition.column.name)) }
    case .alter:
      cursor.advance()
      alterColumn(of: &state, outcomes: &outcomes)
    case .attach:
      cursor.advance()
      if cursor.accept(.partition), let name = name() { outcomes.append(.attachedPartition(name)) }
    case .rename:
      cursor.advance()
      renameAction(on: &state, outcomes: &outcomes)
    default: return
    }
  }

  private mutating func columnName() -> String? {
    guard cursor.token.isName || cursor.token.kind == .word else { return nil }
    let name = cursor.name(of: cursor.token)
    cursor.advance()
    return name
  }

  /// `MODIFY c type …`; Oracle leaves out what stays as it is.
  private mutating func modify(_ state: inout TableState) {
    guard var definition = column() else { return }
    if let index = state.columnIndex(definition.column.name) {
      let current = state.table.columns[index]
      if definition.column.type.isEmpty { definition.column.type = current.type }
    }
    replace(definition.column.name, with: definition, in: &state)
  }

  private func replace(_ old: String, with definition: ColumnDefinition, in state: inout TableState) {
    state.replaceColumn(old, with: definition.column, at: definition.place)
    addKeys(of: definition, to: &state)
  }

  private mutating func addAction(on state: inout TableState) {
    _ = cursor.accept(.column)
    _ = cursor.accept(.if, .not, .exists)
    if startsConstraint { return constraint(on: &state) }
    if cursor.at(.partition) { return }
    if cursor.accept(symbol: .of("(")) {
      while !cursor.isAtEnd, !cursor.accept(symbol: .of(")")) {
        let before = cursor.index
        if startsConstraint {
          constraint(on: &state)
        } else if let definition = column() {
          add(definition, to: &state)
        }
        skipToComma()
        _ = cursor.accept(symbol: .of(","))
        if cursor.index == before { cursor.advance() }
      }
      return
    }
    if let definition = column() { add(definition, to: &state) }
  }

  private mutating func dropAction(on state: inout TableState) {
    switch cursor.keyword {
    case .primary:
      state.table.primaryKey = []
      return
    case .constraint, .index, .key, .foreign, .check:
      cursor.advance()
      _ = cursor.accept(.key)
      _ = cursor.accept(.if, .exists)
      if let name = columnName() { state.dropConstraint(name) }
      return
    case .partition, .not, .default: return
    default: break
    }
    _ = cursor.accept(.column)
    _ = cursor.accept(.if, .exists)
    if cursor.at(symbol: .of("(")) {
      columnList().forEach { state.dropColumn($0) }
    } else if let name = columnName() {
      state.dropColumn(name)
    }
  }

  /// `ALTER [COLUMN] c TYPE t | SET … | DROP … | ADD GENERATED …`.
  private mutating func alterColumn(of state: inout TableState, outcomes: inout [AlterOutcome]) {
    _ = cursor.accept(.column)
    guard let name = columnName(), let index = state.columnIndex(name) else { return }
    if cursor.accept(.set, .not, .null) {
      state.table.columns[index].isNullable = false
    } else if cursor.accept(.drop, .not, .null) {
      state.table.columns[index].isNullable = true
    } else if cursor.accept(.drop, .default) {
      state.table.columns[index].defaultExpression = nil
    } else if cursor.accept(.set, .default) {
      let text = defaultExpression()
      state.table.columns[index].defaultExpression = text
      if text.lowercased().hasPrefix("nextval") { state.table.columns[index].isGenerated = true }
    } else if cursor.accept(.type) || cursor.accept(.set, .data, .type) {
      state.table.columns[index].type = type()
    } else if cursor.accept(.add, .generated) {
      state.table.columns[index].isGenerated = true
    } else if cursor.accept(.rename, .to), let new = columnName() {
      state.renameColumn(name, to: new)
      outcomes.append(.renamedColumn(name, new))
    } else if cursor.token.isName || cursor.token.kind == .word,
      ![.set, .drop, .add, .reset, .restart].contains(cursor.keyword)
    {
      alterWholeColumn(at: index, of: &state)
    }
  }

  /// `ALTER COLUMN c int NOT NULL`, as SQL Server writes it.
  private mutating func alterWholeColumn(at index: Int, of state: inout TableState) {
    cursor.index -= 1
    guard let definition = column() else { return }
    state.table.columns[index].type = definition.column.type
    state.table.columns[index].isNullable = definition.column.isNullable
  }

  private mutating func renameAction(on state: inout TableState, outcomes: inout [AlterOutcome]) {
    switch cursor.keyword {
    case .to, .as:
      cursor.advance()
      if let new = name() { outcomes.append(.renamedTable(new)) }
      return
    case .index, .key, .constraint: return
    default: break
    }
    let isColumn = cursor.accept(.column)
    guard let old = columnName() else { return }
    if cursor.accept(.to), let new = columnName() {
      state.renameColumn(old, to: new)
      outcomes.append(.renamedColumn(old, new))
    } else if !isColumn {
      outcomes.append(.renamedTable(old))
    }
  }
}
