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
    let begin = statement.cursor.index
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
    var parser = StatementParser(
      bytes: statement.cursor.bytes, tokens: statement.cursor.tokens, dialect: dialect, start: begin)
    parser.cursor.index = statement.cursor.index
    _ = parser.statement()
    let accesses = Resolution(facts: parser.facts, cursor: parser.cursor).accesses().filter { $0.operation == .read }
    store(
      StoredProgram(
        kind: .view, name: DefaultSchema.removed(from: name), table: nil, accesses: accesses,
        calls: CalledPrograms.names(in: parser.facts, cursor: parser.cursor), source: place))
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
    var reader = RoutineReader(bytes: cursor.bytes, tokens: cursor.tokens, start: start, dialect: dialect, depth: 0)
    let body = reader.read()
    if isTrigger {
      guard body.table != nil else { return false }
      calls[name.lowercased()] = calledFunction(cursor)
    }
    let kind = isTrigger ? StoredProgram.Kind.trigger : .routine
    store(
      StoredProgram(
        kind: kind, name: DefaultSchema.removed(from: name), table: body.table, accesses: body.accesses,
        calls: body.calls.filter { $0 != name.lowercased() }, unresolved: body.unresolved, source: place))
    return true
  }

  /// `PACKAGE BODY p IS … PROCEDURE a … END; … END p;`: one program for each procedure and function, named `p.a`.
  mutating func createPackage(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    statement.cursor.advance()
    guard statement.cursor.accept(.body) else { return statement.name() != nil }
    guard let package = statement.name() else { return false }
    let tokens = statement.cursor.tokens
    let parts = PackageParts.read(tokens, from: statement.cursor.index)
    let siblings = Set(parts.map { statement.cursor.name(of: tokens[$0.lowerBound + 1]).lowercased() })
    for part in parts {
      statement.cursor.index = part.lowerBound
      let place = statement.span()
      let name = statement.cursor.name(of: tokens[part.lowerBound + 1])
      var reader = RoutineReader(
        bytes: statement.cursor.bytes, tokens: tokens, start: part.lowerBound + 2, limit: part.upperBound,
        dialect: dialect, depth: 0)
      let body = reader.read()
      let prefix = package.lowercased() + "."
      let calls = body.calls.map { siblings.contains($0) ? prefix + $0 : $0 }
      store(
        StoredProgram(
          kind: .routine, name: package + "." + name, table: nil, accesses: body.accesses,
          calls: calls.filter { $0 != prefix + name.lowercased() }, unresolved: body.unresolved, source: place))
    }
    return true
  }

  /// `EXEC sp_rename …` changes the schema; `EXEC ('…')` and `EXEC sp_executesql N'…'` run statements that may.
  mutating func run(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    let cursor = statement.cursor
    let texts = cursor.tokens.filter { $0.kind == .string }.prefix(3)
      .map { NestedText.decode($0, in: cursor.bytes, escapes: false) }
    if cursor.tokens.contains(where: { cursor.spells($0, "sp_rename") }), texts.count >= 2 {
      rename(texts[0], to: texts[1], isColumn: texts.count > 2 && texts[2].lowercased() == "column")
      return true
    }
    guard let first = texts.first, SQLReader.mayBeStatement(first) else { return true }
    return replay(first, of: statement, dialect: dialect)
  }

  /// Applies the definitions in a text that a statement runs.
  private mutating func replay(_ text: String, of statement: DefinitionCursor, dialect: Dialect) -> Bool {
    guard nesting < StatementParser.deepestText else { return false }
    nesting += 1
    defer { nesting -= 1 }
    var isUnderstood = true
    var script = Script(text, dialect: dialect, mode: .file)
    var place = statement
    let line = place.span().line
    while script.next() {
      let tokens = TokenCursor(bytes: script.lexer.bytes, tokens: script.tokens)
      var inner = DefinitionCursor(
        cursor: tokens, file: statement.file, firstLine: line, firstOffset: script.lexer.limit)
      isUnderstood = apply(&inner, dialect: dialect) && isUnderstood
    }
    return isUnderstood
  }

  /// `IF … BEGIN … END` and blocks of PL/SQL: what they run as text may define tables.
  mutating func block(_ statement: inout DefinitionCursor, dialect: Dialect) -> Bool {
    let cursor = statement.cursor
    for (index, token) in cursor.tokens.enumerated() where token.kind == .string && index > 0 {
      let before = cursor.tokens[index - 1]
      let isRun = before.keyword == .immediate || before.isSymbol(.of("(")) || cursor.spells(before, "sp_executesql")
      let isBehindExec = index > 1 && [.exec, .execute].contains(cursor.tokens[index - 2].keyword)
      guard isRun, before.keyword == .immediate || isBehindExec || cursor.spells(before, "sp_executesql") else {
        continue
      }
      let text = NestedText.decode(token, in: cursor.bytes, escapes: false)
      if SQLReader.mayBeStatement(text) { _ = replay(text, of: statement, dialect: dialect) }
    }
    return true
  }

  /// `sp_rename 'table', 'new'` and `sp_rename 'table.column', 'new', 'COLUMN'`.
  private mutating func rename(_ old: String, to new: String, isColumn: Bool) {
    let bare = { (name: String) in name.filter { $0 != "[" && $0 != "]" } }
    let parts = bare(old).split(separator: ".").map(String.init)
    guard let last = parts.last, !parts.isEmpty else { return }
    if isColumn {
      let table = TableName(DefaultSchema.removed(from: parts.dropLast().joined(separator: ".")))
      guard parts.count > 1, let key = key(of: table), var state = remove(key) else { return }
      state.renameColumn(last, to: bare(new))
      put(state)
      renameReferenced(last, to: bare(new), in: state.table.name)
    } else if let key = key(of: TableName(DefaultSchema.removed(from: parts.joined(separator: ".")))) {
      let schema = (tables[key]?.table.name.text ?? "").split(separator: ".").dropLast().joined(separator: ".")
      renameTable(key, to: schema.isEmpty ? bare(new) : schema + "." + bare(new))
    }
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

  /// Triggers that call a function do what the function does; of the calls those to known programs stay.
  func finishedPrograms() -> [StoredProgram] {
    var known: [String: [String]] = [:]
    for key in programs.keys where key.kind == .routine {
      known[TableName(key.name).baseKey, default: []].append(key.name)
    }
    return programs.values.map { program in
      var finished = program
      var called = Set(program.calls.compactMap { Self.program(named: $0, among: known) })
      if program.kind == .trigger, let function = calls[program.name.lowercased()],
        let routine = programs[ProgramKey(kind: .routine, name: function)]
      {
        called.insert(function)
        for access in routine.accesses { finished.accesses.merge(access) }
      }
      finished.calls = called.sorted()
      return finished
    }
  }

  /// The key of the program a call means: the same name, else the only one whose last part is the same.
  private static func program(named name: String, among known: [String: [String]]) -> String? {
    let candidates = known[TableName(name).baseKey] ?? []
    if candidates.contains(name) { return name }
    guard candidates.count == 1, let only = candidates.first else { return nil }
    let areBothQualified = name.utf8.contains(.of(".")) && only.utf8.contains(.of("."))
    return areBothQualified ? nil : only
  }
}

/// The procedures and functions of a package body.
private enum PackageParts {
  /// The tokens of each part from its keyword on, in order; those that are only announced are left out.
  static func read(_ tokens: [Token], from start: Int) -> [Range<Int>] {
    var heads: [Int] = []
    var depth = 0
    for index in start..<max(start, tokens.count - 2) {
      let token = tokens[index]
      if token.isSymbol(.of("(")) { depth += 1 }
      if token.isSymbol(.of(")")) { depth -= 1 }
      guard depth == 0, token.keyword == .procedure || token.keyword == .function, tokens[index + 1].isName else {
        continue
      }
      if index > start, tokens[index - 1].keyword == .end { continue }
      heads.append(index)
    }
    var parts: [Range<Int>] = []
    for (position, head) in heads.enumerated() {
      let end = position + 1 < heads.count ? heads[position + 1] : tokens.count
      let hasBody = tokens[head..<end].contains { $0.keyword == .begin }
      if hasBody { parts.append(head..<end) }
    }
    return parts
  }
}
