import Basics
import Facts

extension StatementParser {
  /// Whether a join begins at the current token.
  var startsJoin: Bool {
    switch cursor.keyword {
    case .join, .natural, .straight_join: true
    case .inner, .left, .right, .full, .cross, .outer:
      cursor.peek().kind == .word && !cursor.peek().isSymbol(.of("("))
    case .none: cursor.peek().keyword == .join && TableWords.isKindOfJoin(cursor)
    default: false
    }
  }

  /// A comma list of tables and joins.
  mutating func tableReferences(in scope: Int) {
    guard enter() else { return }
    defer { depth -= 1 }
    tableFactor(in: scope)
    joins(in: scope)
  }

  /// What follows the first table.
  mutating func joins(in scope: Int) {
    while true {
      if cursor.accept(symbol: .of(",")) {
        tableFactor(in: scope)
      } else if startsJoin {
        joinWords()
        tableFactor(in: scope)
      } else if cursor.at(.on), cursor.peek().keyword != .duplicate, cursor.peek().keyword != .conflict {
        cursor.advance()
        let saved = joined
        joined = facts.scopes[scope].sources.last ?? -1
        condition(in: scope, role: .on)
        joined = saved
      } else if cursor.at(.using), cursor.peek().isSymbol(.of("(")) {
        cursor.advance()
        cursor.skipParentheses()
        if cursor.at(.as), cursor.peek().isName { cursor.index += 2 }
      } else if cursor.at(.lateral), cursor.peek().keyword == .view {
        lateralView(in: scope)
      } else {
        return
      }
    }
  }

  /// `LATERAL VIEW [OUTER] f(x) t AS a, b` of Hive and Spark.
  private mutating func lateralView(in scope: Int) {
    cursor.index += 2
    _ = cursor.accept(.outer)
    tableFactor(in: scope)
    if cursor.accept(.as) { cursor.advance() }
    while cursor.accept(symbol: .of(",")) { cursor.advance() }
  }

  mutating func joinWords() {
    while cursor.accept(anyOf: [.natural, .inner, .left, .right, .full, .cross, .outer, .straight_join]) {}
    if cursor.peek().keyword == .join, TableWords.isKindOfJoin(cursor) { cursor.advance() }
    if cursor.accept(.join) { _ = cursor.accept(.lateral) } else if cursor.token.kind == .word { _ = acceptApply() }
  }

  /// `CROSS APPLY`, `OUTER APPLY`.
  private mutating func acceptApply() -> Bool {
    guard cursor.spells(cursor.token, "apply") else { return false }
    cursor.advance()
    return true
  }

  /// One table, derived table, table function or hole, with its alias.
  mutating func tableFactor(in scope: Int) {
    while cursor.accept(anyOf: [.lateral, .only]) {}
    let token = cursor.token
    if cursor.at(symbol: .of("(")) { return parenthesizedFactor(in: scope) }
    if cursor.at(.rows), cursor.peek().keyword == .from, cursor.peek(2).isSymbol(.of("(")) {
      // `ROWS FROM (f(x), g(y) AS (a int))`: functions and no tables.
      cursor.index += 2
      cursor.skipParentheses()
      if cursor.at(.with), cursor.peek().keyword == .ordinality { cursor.index += 2 }
      return tableAlias(source: facts.add(Source(scope: scope, table: -1)))
    }
    switch token.kind {
    case .word where token.keyword == .values:
      let inner = facts.openScope(parent: scope)
      cursor.advance()
      rows(in: inner)
      tableAlias(source: facts.add(Source(scope: scope, table: -1)))
    case .word where token.keyword == .table && cursor.peek().isSymbol(.of("(")):
      cursor.advance()
      cursor.skipParentheses()
      tableAlias(source: facts.add(Source(scope: scope, table: -1)))
    case .word, .quoted, .doubleQuoted, .hole: namedFactor(in: scope)
    case .parameter: namedFactor(in: scope)
    case .variable:
      cursor.advance()
      // `@xml.nodes('/a') AS t(c)`.
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() }
      tableAlias(source: facts.add(Source(scope: scope, table: -1)))
    case .string, .body, .number, .symbol: fail()
    case .end:
      isCut = true
      facts.hasUnknownTable = true
    }
  }

  private mutating func parenthesizedFactor(in scope: Int) {
    var ahead = 0
    while cursor.peek(ahead).isSymbol(.of("(")) { ahead += 1 }
    let isQuery =
      [.select, .with, .values].contains(cursor.peek(ahead).keyword) || cursor.peek(ahead).keyword == .table
    cursor.advance()
    guard enter() else { return }
    defer { depth -= 1 }
    if [.merge, .insert, .update, .delete].contains(cursor.keyword), dialect.hasBatches || isShouting {
      // `FROM (MERGE … OUTPUT …) AS c`.
      _ = statement()
      closeParenthesis()
      return tableAlias(source: facts.add(Source(scope: scope, table: -1)))
    }
    if isQuery {
      let inner = facts.scopes.count
      _ = query(parent: scope)
      if cursor.at(symbol: .of(")")) || cursor.isAtEnd { closeParenthesis() } else { rest(in: scope) }
      tableAlias(source: facts.add(Source(scope: scope, table: -1, derived: inner)))
    } else if cursor.token.kind == .hole, cursor.peek().isSymbol(.of(")")) {
      facts.hasUnknownTable = true
      cursor.advance()
      closeParenthesis()
      tableAlias(source: facts.add(Source(scope: scope, table: -1)))
    } else {
      tableReferences(in: scope)
      closeParenthesis()
      if !isHole(cursor.token) { tableAlias(source: -1) }
    }
  }

  /// `((SELECT …) a JOIN b)`: what was taken for a query is the first table of a join.
  private mutating func rest(in scope: Int) {
    tableAlias(source: -1)
    joins(in: scope)
    closeParenthesis()
  }

  private mutating func namedFactor(in scope: Int) {
    guard let name = qualifiedName() else { return fail() }
    if cursor.at(symbol: .of("(")), !name.last.isQuotedName || name.lastIndex > name.first || dialect.hasBatches {
      if TableWords.isHint(cursor) {
        cursor.skipParentheses()
        return tableAlias(source: addTable(name, in: scope, operation: .read))
      }
      facts.calls.append((name.first, name.lastIndex))
      cursor.advance()
      functionArguments(in: scope)
      if cursor.at(.with), cursor.peek().keyword == .ordinality { cursor.index += 2 }
      return tableAlias(source: facts.add(Source(scope: scope, table: -1)))
    }
    if name.last.kind == .word, name.first == name.lastIndex, name.last.traits.contains(.prose) { fail() }
    _ = cursor.accept(symbol: .of("*"))
    let source = addTable(name, in: scope, operation: .read)
    timeOrPlace()
    tableAlias(source: source)
  }

  /// A dotted name in the tokens.
  struct QualifiedName {
    /// Index of the first token.
    let first: Int
    /// Index of the last token.
    let lastIndex: Int
    /// The last token.
    let last: Token
    /// The text without quotes, holes kept.
    let text: String
    /// Whether any part holds a hole.
    let hasHole: Bool
  }

  /// Reads `a`, `a.b` or `a.b.c`; nil when no name stands here.
  mutating func qualifiedName() -> QualifiedName? {
    let first = cursor.index
    guard cursor.token.isName || cursor.token.kind == .parameter else { return nil }
    var text = namePart()
    var hasHole = cursor.token.hasHole || cursor.token.kind == .parameter
    cursor.advance()
    while cursor.at(symbol: .of(".")), cursor.peek().kind != .end {
      cursor.advance()
      if cursor.at(symbol: .of(".")) { cursor.advance() }
      guard isNamePart(cursor.token) else {
        cursor.index -= 1
        break
      }
      text += "." + namePart()
      hasHole = hasHole || cursor.token.hasHole || cursor.token.kind == .parameter
      cursor.advance()
    }
    let last = cursor.index - 1
    return QualifiedName(
      first: first, lastIndex: last, last: cursor.tokens[last], text: text, hasHole: hasHole)
  }

  private func isNamePart(_ token: Token) -> Bool {
    token.isName || token.kind == .word || token.kind == .parameter
  }

  private func namePart() -> String {
    cursor.token.kind == .parameter ? Hole.text(index: nil) : cursor.name(of: cursor.token)
  }

  /// Adds a table to a scope unless the name means something else; returns the source.
  mutating func addTable(_ name: QualifiedName, in scope: Int, operation: AccessOperation) -> Int {
    if name.hasHole { facts.hasUnknownTable = true }
    var source = Source(scope: scope, table: -1, operation: operation, name: name.lastIndex)
    let key = name.text.lowercased()
    if name.first == name.lastIndex, let expression = facts.expressions[key], operation == .read {
      source.derived = expression
    } else if !SystemTables.contains(key, inRoutine: isInRoutine), !NameText.isTemporary(name.text) {
      source.table = facts.table(named: DefaultSchema.removed(from: name.text))
    }
    return facts.add(source)
  }
}

extension Token {
  fileprivate var isQuotedName: Bool { kind == .quoted || kind == .doubleQuoted }
}

/// Tables that belong to the engine.
enum SystemTables {
  private static let names: Set<String> = [
    "dual", "sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_sequence", "sysibm.sysdummy1",
  ]
  private static let schemas = ["information_schema.", "pg_catalog.", "performance_schema.", "sys.", "mysql.", "pg_"]
  private static let transitions: Set<String> = ["old", "new", "inserted", "deleted"]

  /// Whether a lower-case name belongs to the engine.
  static func contains(_ key: String, inRoutine: Bool) -> Bool {
    if names.contains(key) || inRoutine && transitions.contains(key) { return true }
    return schemas.contains { key.hasPrefix($0) }
  }
}

/// Schemas every database has and every name may leave out.
enum DefaultSchema {
  private static let prefixes = ["public.", "main.", "dbo."]

  /// The name without the schema that is the default anyway.
  static func removed(from name: String) -> String {
    guard name.utf8.contains(.of(".")) else { return name }
    let key = name.lowercased()
    for prefix in prefixes where key.hasPrefix(prefix) && key.utf8.count > prefix.utf8.count {
      return String(name.utf8.dropFirst(prefix.utf8.count)) ?? name
    }
    return name
  }
}
