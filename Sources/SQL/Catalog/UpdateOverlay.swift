import Basics
import Facts

/// The tables updates touch, as they would become, over a schema that stays as it is.
struct UpdateOverlay: Sendable {
  /// Touched tables by comparison key; nil for those dropped.
  private var touched: [String: TableState?] = [:]
  /// Tables the current file dropped, as they were.
  private var dropped: [String: TableState] = [:]

  /// What a file says about itself when it runs after those seen before.
  mutating func see(_ text: String, file: RepoPath, dialect: Dialect, over base: Replay) -> UpdateEvidence {
    dropped = [:]
    var evidence = UpdateEvidence()
    var script = Script(text, dialect: dialect, mode: .file)
    while script.next() {
      let tokens = TokenCursor(bytes: script.lexer.bytes, tokens: script.tokens)
      var statement = DefinitionCursor(cursor: tokens, file: file, firstLine: 1, firstOffset: Int(script.lexer.limit))
      see(&statement, over: base, evidence: &evidence)
    }
    // A table that is dropped to be created anew says nothing.
    if !dropped.isEmpty { evidence.noteDue() }
    return evidence
  }

  private mutating func see(_ statement: inout DefinitionCursor, over base: Replay, evidence: inout UpdateEvidence) {
    switch statement.cursor.keyword {
    case .create: create(&statement, over: base, evidence: &evidence)
    case .alter: alter(&statement, over: base, evidence: &evidence)
    case .drop: drop(&statement, over: base, evidence: &evidence)
    case .rename: rename(&statement, over: base, evidence: &evidence)
    default: break
    }
  }

  private func state(_ name: String, over base: Replay) -> (key: String, state: TableState)? {
    let name = TableName(name)
    let key = touched[name.key] == nil ? base.key(of: name) ?? name.key : name.key
    if let known = touched[key] { return known.map { (key, $0) } }
    return base.tables[key].map { (key, $0) }
  }

  private mutating func create(
    _ statement: inout DefinitionCursor, over base: Replay, evidence: inout UpdateEvidence
  ) {
    guard let definition = statement.createTable(), !definition.isTemporary, !definition.isPartition else { return }
    let table = definition.state.table
    let before = dropped.removeValue(forKey: table.name.key)
    guard let present = before ?? state(table.name.text, over: base)?.state else {
      evidence.noteNew()
      touched[table.name.key] = .some(definition.state)
      return
    }
    let isSame = present.table.columns.elementsEqual(table.columns) { $0.name == $1.name && $0.type == $1.type }
    if isSame { evidence.noteHeld() } else if before != nil { evidence.noteNew() }
    if before != nil { touched[table.name.key] = .some(definition.state) }
  }

  private mutating func alter(
    _ statement: inout DefinitionCursor, over base: Replay, evidence: inout UpdateEvidence
  ) {
    statement.cursor.advance()
    _ = statement.cursor.accept(.ignore)
    guard statement.cursor.accept(.table) else { return }
    _ = statement.cursor.accept(.if, .exists)
    _ = statement.cursor.accept(.only)
    guard let name = statement.name(), case (let key, var altered)? = state(name, over: base) else { return }
    // Taken out while it changes, so that its columns are not copied.
    touched[key] = .some(nil)
    altered.forgetEvidence()
    let outcomes = statement.alterActions(on: &altered)
    evidence.merge(altered.evidence)
    touched[key] = .some(altered)
    for case .renamedTable(let new) in outcomes { rename(key, to: new, over: base, evidence: &evidence) }
  }

  private mutating func drop(
    _ statement: inout DefinitionCursor, over base: Replay, evidence: inout UpdateEvidence
  ) {
    guard statement.cursor.accept(.drop, .table) else { return }
    let isTolerant = statement.cursor.accept(.if, .exists)
    repeat {
      guard let name = statement.name() else { return }
      if let (key, found) = state(name, over: base) {
        dropped[TableName(name).key] = found
        touched[key] = .some(nil)
      } else if !isTolerant {
        evidence.notePassed()
      }
    } while statement.cursor.accept(symbol: .of(","))
  }

  private mutating func rename(
    _ statement: inout DefinitionCursor, over base: Replay, evidence: inout UpdateEvidence
  ) {
    statement.cursor.advance()
    guard statement.cursor.accept(anyOf: [.table, .tables]) else { return }
    repeat {
      guard let old = statement.name(), statement.cursor.accept(.to), let new = statement.name() else { return }
      if let (key, _) = state(old, over: base) {
        rename(key, to: new, over: base, evidence: &evidence)
      } else if state(new, over: base) != nil {
        evidence.noteHeld()
      } else {
        evidence.notePassed()
      }
    } while statement.cursor.accept(symbol: .of(","))
  }

  private mutating func rename(_ key: String, to new: String, over base: Replay, evidence: inout UpdateEvidence) {
    guard var (_, moved) = state(key, over: base) else { return }
    evidence.noteDue()
    moved.table.name = TableName(new)
    touched[key] = .some(nil)
    touched[TableName(new).key] = .some(moved)
  }
}
