import Basics
import Facts

/// What a stored program is kept under.
struct ProgramKey: Hashable, Sendable {
  let kind: StoredProgram.Kind
  let name: String
}

/// Views, triggers and routines.
extension Replay {
  mutating func createView(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
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

  mutating func createRoutine(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
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

  /// Triggers that call a function do what the function does.
  func finishedPrograms() -> [StoredProgram] {
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
