import Basics
import Facts

/// What one column definition says: the column and the keys declared with it.
struct ColumnDefinition {
  var column: Column
  /// The columns of a key of the table that is written behind the column.
  var keyColumns: [String] = []
  var isPrimary = false
  var isUnique = false
  var foreignKey: ForeignKey?
  var place = ColumnPlace.last
}

/// Reads column definitions and the parts keys are made of.
struct DefinitionCursor {
  var cursor: TokenCursor
  let file: RepoPath
  /// The place lines were counted up to: its offset and its line, from 1.
  private var counted: (offset: Int, line: Int)

  init(cursor: TokenCursor, file: RepoPath, firstLine: Int, firstOffset: Int) {
    self.cursor = cursor
    self.file = file
    counted = (firstOffset, firstLine)
  }

  /// Where the current token stands; asked in rising order.
  mutating func span() -> SourceSpan {
    let end = min(Int(cursor.token.start), cursor.bytes.count)
    while counted.offset < end {
      if cursor.bytes[counted.offset] == .of("\n") { counted.line += 1 }
      counted.offset += 1
    }
    return SourceSpan(file: file, line: counted.line)
  }

  /// Reads a dotted name without quotes; holes at its edges are dropped, as code uses the same ones.
  mutating func name() -> String? {
    guard isNamePart(cursor.token) else { return nil }
    var text = cursor.name(of: cursor.token)
    cursor.advance()
    while cursor.at(symbol: .of(".")), isNamePart(cursor.peek()) {
      cursor.advance()
      text += "." + cursor.name(of: cursor.token)
      cursor.advance()
    }
    return NameCleaning.clean(text)
  }

  /// `'name'`, as SQLite takes it for a name.
  mutating func nameInString() -> String? {
    guard cursor.token.kind == .string else { return nil }
    defer { cursor.advance() }
    return cursor.name(of: cursor.token)
  }

  private func isNamePart(_ token: Token) -> Bool {
    switch token.kind {
    case .word, .quoted, .doubleQuoted, .hole: true
    case .string, .body, .number, .parameter, .variable, .symbol, .end: false
    }
  }

  /// `(a, b(10) DESC, (expression))`: the plain columns.
  mutating func columnList() -> [String] {
    guard cursor.accept(symbol: .of("(")) else { return [] }
    var columns: [String] = []
    while !cursor.isAtEnd, !cursor.at(symbol: .of(")")) {
      if isNamePart(cursor.token) || cursor.token.kind == .string { columns.append(cursor.name(of: cursor.token)) }
      skipToComma()
      _ = cursor.accept(symbol: .of(","))
    }
    cursor.advance()
    return columns
  }

  /// Moves to the comma or parenthesis that ends the current element.
  mutating func skipToComma() {
    while !cursor.isAtEnd, !cursor.at(symbol: .of(",")), !cursor.at(symbol: .of(")")) {
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    }
  }

  // MARK: Columns

  /// `name type attributes`; nil when no name stands here.
  mutating func column() -> ColumnDefinition? {
    guard isNamePart(cursor.token) else { return nil }
    let name = cursor.name(of: cursor.token)
    cursor.advance()
    var definition = ColumnDefinition(column: Column(name: name, type: type(), isNullable: true))
    if definition.column.type.isEmpty, cursor.at(.identity) {
      // `id IDENTITY` of H2 and HSQLDB is a type: a key that is filled.
      definition.column.type = "bigint"
      definition.isPrimary = true
    }
    if definition.column.type.hasSuffix("serial") {
      definition.column.isGenerated = true
      definition.column.isNullable = false
    }
    attributes(of: &definition)
    return definition
  }

  /// The type as declared, in lower case, blanks collapsed.
  mutating func type() -> String {
    var text = ""
    var isFirst = true
    while !cursor.isAtEnd {
      let token = cursor.token
      if token.isSymbol(.of("(")) {
        if isFirst { break }
        text += parenthesizedText()
      } else if token.isSymbol(.of("[")) || token.isSymbol(.of("]")) || token.isSymbol(.of("."))
        || token.kind == .number
      {
        text += cursor.text(of: token)
        cursor.advance()
      } else if token.kind == .word || token.kind == .doubleQuoted || token.kind == .quoted {
        if isFirst
          ? startsAttribute(token) && !cursor.peek().isSymbol(.of(".")) : !continuesType(token) && !text.hasSuffix(".")
        {
          break
        }
        if !isFirst, !text.hasSuffix(".") { text += " " }
        text += cursor.text(of: token).lowercased()
        cursor.advance()
      } else {
        break
      }
      isFirst = false
    }
    return text
  }

  private mutating func parenthesizedText() -> String {
    var text = ""
    var depth = 0
    repeat {
      let token = cursor.token
      if token.isSymbol(.of("(")) { depth += 1 }
      if token.isSymbol(.of(")")) { depth -= 1 }
      if token.kind == .string {
        text += "'" + cursor.text(of: token) + "'"
      } else {
        if token.kind == .word, text.utf8.last.map({ $0.continuesName }) == true { text += " " }
        text += cursor.text(of: token).lowercased()
      }
      cursor.advance()
    } while depth > 0 && !cursor.isAtEnd
    return text
  }

  private func continuesType(_ token: Token) -> Bool {
    switch token.keyword {
    case .unsigned, .signed, .zerofill, .varying, .precision, .large, .object, .array: return true
    case .with, .without: return cursor.peek().keyword == .time || cursor.peek().keyword == .local
    case .time, .zone, .local, .to, .character, .timestamp:
      guard cursor.index > 0 else { return false }
      let before = cursor.tokens[cursor.index - 1]
      return [.with, .without, .time, .local, .national, .character, .year, .day, .timestamp].contains(before.keyword)
        && !(token.keyword == .character && cursor.peek().keyword == .set)
    case .year, .month, .day, .hour, .minute, .second: return true
    case .for: return cursor.spells(cursor.peek(), "bit")
    case .data: return cursor.index > 0 && cursor.spells(cursor.tokens[cursor.index - 1], "bit")
    default:
      if cursor.spells(token, "bit"), cursor.index > 0, cursor.tokens[cursor.index - 1].keyword == .for { return true }
      return cursor.spells(token, "varchar") || cursor.spells(token, "char") || cursor.spells(token, "raw")
    }
  }

  private func startsAttribute(_ token: Token) -> Bool {
    switch token.keyword {
    case .not, .null, .default, .primary, .unique, .references, .check, .constraint, .collate, .generated, .comment,
      .auto_increment, .autoincrement, .identity, .as, .on, .key, .first, .after:
      token.kind == .word
    default: false
    }
  }

  // MARK: Attributes

  private mutating func attributes(of definition: inout ColumnDefinition) {
    while !cursor.isAtEnd, !cursor.at(symbol: .of(",")), !cursor.at(symbol: .of(")")) {
      attribute(of: &definition)
    }
  }

  private mutating func attribute(of definition: inout ColumnDefinition) {
    switch cursor.keyword {
    case .not where cursor.peek().keyword == .null:
      _ = cursor.accept(.not, .null)
      definition.column.isNullable = false
    case .default:
      cursor.advance()
      definition.column.defaultExpression = defaultExpression()
    case .primary:
      cursor.advance()
      _ = cursor.accept(.key)
      definition.isPrimary = true
      // `… NOT NULL CONSTRAINT pk PRIMARY KEY (a, b)` without a comma before it is a key of the table in T-SQL.
      while cursor.spells(cursor.token, "clustered") || cursor.spells(cursor.token, "nonclustered") { cursor.advance() }
      if cursor.at(symbol: .of("(")) { definition.keyColumns = columnList() }
    case .unique:
      cursor.advance()
      _ = cursor.accept(.key)
      definition.isUnique = true
    case .key:
      cursor.advance()
      definition.isPrimary = true
    case .auto_increment, .autoincrement, .identity:
      cursor.advance()
      definition.column.isGenerated = true
    case .generated:
      var ahead = 1
      while cursor.peek(ahead).kind == .word, cursor.peek(ahead).keyword != .identity, ahead < 8 { ahead += 1 }
      let isIdentity = cursor.peek(ahead).keyword == .identity && cursor.peek(ahead - 1).keyword == .as
      if isIdentity {
        definition.column.isGenerated = true
        definition.column.isNullable = false
      }
      while cursor.token.kind == .word, !endsGenerated { cursor.advance() }
    case .references:
      let start = span()
      definition.foreignKey = references(columns: [definition.column.name], name: nil, at: start)
    case .first:
      cursor.advance()
      definition.place = .first
    case .after:
      cursor.advance()
      if isNamePart(cursor.token) { definition.place = .after(cursor.name(of: cursor.token)) }
      cursor.advance()
    case .constraint, .comment, .collate:
      cursor.advance()
      cursor.advance()
    case .on:
      // `ON UPDATE CURRENT_TIMESTAMP`, `ON [PRIMARY]`, `ON NULL`.
      let isEvent = [.update, .delete].contains(cursor.peek().keyword)
      cursor.advance()
      cursor.advance()
      if isEvent { cursor.advance() }
    default: if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    }
  }

  private var endsGenerated: Bool {
    switch cursor.keyword {
    case .not, .null, .primary, .unique, .constraint, .references, .check, .comment: true
    default: false
    }
  }

  /// The text of a default up to the next attribute.
  mutating func defaultExpression() -> String {
    let start = Int(cursor.token.start)
    let isQuoted = cursor.token.kind == .string || cursor.token.kind == .doubleQuoted
    var end = start
    var isFirst = true
    while !cursor.isAtEnd, !cursor.at(symbol: .of(",")), !cursor.at(symbol: .of(")")) {
      if !isFirst, startsAttribute(cursor.token) { break }
      if cursor.at(symbol: .of("(")) {
        cursor.skipParentheses()
      } else {
        cursor.advance()
      }
      let last = cursor.tokens[cursor.index - 1]
      end = Int(last.end) + (last.kind == .string || last.kind == .doubleQuoted ? 1 : 0)
      isFirst = false
    }
    let begin = isQuoted ? start - 1 : start
    return String(decoding: cursor.bytes[begin..<min(max(end, begin), cursor.bytes.count)], as: UTF8.self)
  }

  // MARK: References

  /// `REFERENCES t (a) ON DELETE CASCADE …`; the keyword is next.
  mutating func references(columns: [String], name: String?, at span: SourceSpan) -> ForeignKey? {
    guard cursor.accept(.references), let target = self.name() else { return nil }
    let targetColumns = columnList()
    var onDelete = ReferentialAction.noAction
    var onUpdate = ReferentialAction.noAction
    var isMatchedFull = false
    while true {
      if cursor.accept(.match) {
        isMatchedFull = cursor.spells(cursor.token, "full")
        cursor.advance()
      } else if cursor.at(.on), [.delete, .update].contains(cursor.peek().keyword) {
        let isDelete = cursor.peek().keyword == .delete
        cursor.advance()
        cursor.advance()
        let read = referentialAction()
        if isDelete { onDelete = read } else { onUpdate = read }
      } else {
        break
      }
    }
    return ForeignKey(
      name: name, columns: columns, target: TableName(target), targetColumns: targetColumns, onDelete: onDelete,
      onUpdate: onUpdate, timing: keyTiming(), isMatchedFull: isMatchedFull, span: span)
  }

  /// `[NOT] DEFERRABLE [INITIALLY {DEFERRED | IMMEDIATE}]`, in either order; what is deferred is deferrable.
  private mutating func keyTiming() -> KeyTiming {
    var timing = KeyTiming.immediate
    while true {
      if cursor.at(.not), cursor.peek().keyword == .deferrable {
        cursor.advance()
        cursor.advance()
      } else if cursor.accept(.deferrable) {
        if timing == .immediate { timing = .deferrable }
      } else if cursor.accept(.initially) {
        if cursor.at(.deferred) { timing = .deferred }
        cursor.advance()
      } else {
        return timing
      }
    }
  }

  private mutating func referentialAction() -> ReferentialAction {
    if cursor.accept(.cascade) { return .cascade }
    if cursor.accept(.restrict) { return .restrict }
    if cursor.accept(.set, .null) { return .setNull }
    if cursor.accept(.set, .default) { return .setDefault }
    _ = cursor.accept(.no)
    _ = cursor.accept(.action)
    return .noAction
  }
}

/// Names in schema files that carry placeholders for a prefix.
enum NameCleaning {
  /// The name without holes at its edges and without a default schema; a hole alone stays one.
  static func clean(_ name: String) -> String {
    guard Hole.contains(name) else { return DefaultSchema.removed(from: name) }
    var kept = Array(Hole.removed(from: name).utf8)[...]
    while kept.first == .of(".") { kept.removeFirst() }
    while kept.last == .of(".") { kept.removeLast() }
    return kept.isEmpty ? name : DefaultSchema.removed(from: String(decoding: kept, as: UTF8.self))
  }
}
