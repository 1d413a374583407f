package import Basics
package import Facts

/// Takes queries apart, for rewriting them on the other side of a cut.
package struct QueryReader: Sendable {
  private let dialect: Dialect
  /// Spellings of the columns of a table by lower-case name; nil for tables nobody declares.
  private let columns: @Sendable (TableName) -> [String: String]?

  /// A reader for an engine; `columns` tells the declared columns of a table by lower-case name.
  package init(engine: EngineFamily?, columns: @escaping @Sendable (TableName) -> [String: String]?) {
    dialect = Dialect.of(engine)
    self.columns = columns
  }

  /// The query taken apart; nil when the text is no `SELECT`. Linear in the length of the text.
  package func shape(of text: String) -> QueryShape? {
    var script = Script(text, dialect: dialect, mode: .code)
    guard script.next() else { return nil }
    let cursor = TokenCursor(bytes: script.lexer.bytes, tokens: script.tokens)
    guard cursor.tokens.first?.keyword == .select else { return nil }
    var reader = ShapeReader(tokens: QueryTokens(cursor: cursor, dialect: dialect), columns: columns)
    reader.read()
    return reader.shape
  }

  /// The whole text with its tables marked; nil when it is no query whose tables are all known.
  package func text(of text: String) -> QueryText? {
    var script = Script(text, dialect: dialect, mode: .code)
    guard script.next(), let first = script.tokens.first, first.keyword == .select || first.keyword == .with else {
      return nil
    }
    var parser = StatementParser(bytes: script.lexer.bytes, tokens: script.tokens, dialect: dialect)
    let statement = parser.parse()
    guard statement.isUnderstood, !statement.hasUnknownTable else { return nil }
    return MarkedTables(tokens: QueryTokens(cursor: parser.cursor, dialect: dialect), facts: parser.facts).text()
  }
}

/// Marks the tables of a query and leaves the rest as it stands.
private struct MarkedTables {
  var tokens: QueryTokens
  let facts: StatementFacts

  init(tokens: QueryTokens, facts: StatementFacts) {
    self.tokens = tokens
    self.facts = facts
  }

  /// The text; nil where a part of it is built at run time in a place no value can stand.
  mutating func build() -> QueryText? {
    var tables: [Int: (last: Int, name: TableName, alias: String?)] = [:]
    for source in facts.sources where source.table >= 0 && source.name >= 0 {
      var first = source.name
      while first >= 2, tokens.isSymbol(first - 1, .of(".")) { first -= 2 }
      let alias = source.alias >= 0 ? nil : tokens.name(source.name)
      tables[first] = (source.name, facts.tables[source.table], alias)
    }
    var pieces: [QueryText.Piece] = []
    var index = 0
    while tokens.tokens[index].kind != .end {
      if tokens.hasSpace(before: index) { pieces.append(.text(" ")) }
      if let table = tables[index] {
        pieces.append(.table(table.name, alias: table.alias))
        index = table.last + 1
        continue
      }
      guard let piece = piece(index) else { return nil }
      pieces.append(piece)
      index += 1
    }
    return QueryText(pieces: pieces, parameters: tokens.parameters)
  }

  private mutating func piece(_ index: Int) -> QueryText.Piece? {
    let token = tokens.tokens[index]
    if tokens.isText(index) {
      if let shown = tokens.shownLiteral(index) { return .text(shown) }
      return .parameter(tokens.parameter(index, near: near(index), origin: .literal))
    }
    switch token.kind {
    case .parameter: return .parameter(tokens.parameter(index, near: near(index), origin: .placeholder))
    case .hole:
      guard ValuePlace.isValue(index, in: tokens) else { return nil }
      return .parameter(tokens.parameter(index, near: near(index), origin: .code))
    case .quoted, .doubleQuoted: return token.hasHole ? nil : .name(tokens.name(index))
    case .word: return token.hasHole ? nil : .text(tokens.spelled(index))
    case .number, .variable, .symbol: return .text(tokens.spelled(index))
    case .string, .body, .end: return nil
    }
  }

  private func near(_ index: Int) -> String? { ValuePlace.column(before: index, in: tokens).map(tokens.name) }

  func text() -> QueryText? {
    var copy = self
    return copy.build()
  }
}

/// Where a value may stand.
enum ValuePlace {
  /// Whether an unknown stretch of text at `index` can only be a value: it follows an operator and nothing follows that continues it.
  static func isValue(_ index: Int, in tokens: QueryTokens) -> Bool {
    guard index > 0 else { return false }
    let before = tokens.tokens[index - 1]
    let after = index + 1 < tokens.tokens.count ? tokens.tokens[index + 1] : before
    switch after.kind {
    case .hole, .number, .string, .parameter, .variable, .quoted, .doubleQuoted, .body: return false
    case .word:
      let goesOn = after.traits.contains(.endsExpression) || after.keyword == .and || after.keyword == .or
      guard goesOn else { return false }
    case .symbol, .end: break
    }
    switch before.keyword {
    case .like, .ilike, .limit, .offset, .between, .rlike, .regexp, .in: return true
    case .and:
      // Only the second half of BETWEEN is a value; a condition may stand anywhere else.
      return index >= 3 && tokens.keyword(index - 3) == .between
    case .none: break
    default: return false
    }
    guard before.kind == .symbol else { return false }
    switch before.symbol {
    case .of("="), .of("<"), .of(">"), .of("+"), .of("-"), .of("*"), .of("/"), .of("("): return true
    case .of(","): return isInParentheses(index, in: tokens)
    case Token.Symbol.other: return true
    default: return false
    }
  }

  /// Outside of parentheses a comma parts columns, tables and sort keys.
  private static func isInParentheses(_ index: Int, in tokens: QueryTokens) -> Bool {
    var depth = 0
    for place in stride(from: index - 1, through: 0, by: -1) {
      if tokens.isSymbol(place, .of(")")) { depth += 1 }
      if tokens.isSymbol(place, .of("(")) {
        if depth == 0 { return true }
        depth -= 1
      }
    }
    return false
  }

  /// The column a value at `index` is compared with: `c = ?`, `c IN (?`, `c LIKE ?`.
  static func column(before index: Int, in tokens: QueryTokens) -> Int? {
    var place = index - 1
    // Over the operator, and over what stands before in a list.
    for _ in 0..<16 where place >= 0 {
      if tokens.isName(place) { return place }
      let token = tokens.tokens[place]
      switch token.kind {
      case .symbol, .string, .number, .parameter, .hole: break
      case .word where [.like, .ilike, .in, .not, .between].contains(token.keyword): break
      case .word, .quoted, .doubleQuoted, .body, .variable, .end: place = 0
      }
      place -= 1
    }
    switch tokens.keyword(index - 1) {
    case .limit, .offset: return index - 1
    default: return nil
    }
  }
}
