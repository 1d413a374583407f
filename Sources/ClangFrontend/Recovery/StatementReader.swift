import Facts

/// Reads the statements of a function body from tokens and reports their events in source order.
struct StatementReader {
  private var reader: ExpressionReader
  /// Beyond this nesting statements are skipped; keeps hostile input from exhausting the stack.
  private static let maximumDepth = 120

  init(cursor: TokenCursor, depth: Int) {
    reader = ExpressionReader(cursor: cursor)
    reader.depth = depth
  }

  /// The events read so far; leaves none behind.
  mutating func takeEvents() -> [PlacedEvent] {
    defer { reader.events = [] }
    return reader.events
  }

  private var cursor: TokenCursor {
    get { reader.cursor }
    _modify { yield &reader.cursor }
  }

  /// Statements up to the end of the cursor's range.
  mutating func statements() {
    while !cursor.isAtEnd {
      let before = cursor.index
      statement()
      if cursor.index == before { cursor.index += 1 }
    }
  }

  private mutating func statement() {
    reader.depth += 1
    defer { reader.depth -= 1 }
    guard reader.depth < Self.maximumDepth else {
      reader.skipExpression()
      return
    }
    if cursor.isSymbol(Symbol.openBrace) { return block() }
    if cursor.take(Symbol.semicolon) { return }
    guard cursor.isIdentifier() else { return expressionStatement() }
    if keywordStatement() { return }
    if cursor.isSymbol(Symbol.colon, at: 1), !cursor.isSymbol(Symbol.scope, at: 1) {  // a label
      cursor.index += 2
      return
    }
    if declaration() { return }
    expressionStatement()
  }

  private mutating func block() {
    let close = cursor.closing(of: cursor.index)
    cursor.index += 1
    while cursor.index < close {
      let before = cursor.index
      statement()
      if cursor.index == before { cursor.index += 1 }
    }
    cursor.index = min(close + 1, cursor.limit)
  }

  private mutating func keywordStatement() -> Bool {
    let line = cursor.line
    if cursor.isWord("if") {
      ifStatement(line: line)
    } else if cursor.isWord("for") || cursor.isWord("while") || isLoopMacro {
      loop(line: line)
    } else if cursor.isWord("do") {
      doLoop(line: line)
    } else if cursor.isWord("switch") {
      switchStatement(line: line)
    } else if cursor.isWord("case") || cursor.isWord("default") {
      caseLabel(line: line)
    } else if cursor.isWord("return") || cursor.isWord("co_return") {
      returnStatement(line: line)
    } else if cursor.isWord("try") {
      cursor.index += 1
    } else if cursor.isWord("catch") {
      catchStatement()
    } else if cursor.isWord("else") {
      cursor.index += 1
    } else if cursor.isWord("goto") || cursor.isWord("break") || cursor.isWord("continue") || cursor.isWord("using")
      || cursor.isWord("typedef") || cursor.isWord("static_assert") || cursor.isWord("asm")
    {
      skipToSemicolon()
    } else {
      return false
    }
    return true
  }

  /// `list_for_each_entry(...) {`: a call directly followed by a block is a macro loop.
  private var isLoopMacro: Bool {
    guard cursor.isSymbol(Symbol.openParen, at: 1) else { return false }
    let close = cursor.closing(of: cursor.index + 1)
    return close + 1 < cursor.limit && cursor.tokens[close + 1].symbol == Symbol.openBrace
      && cursor.tokens[close + 1].kind == .punctuator
  }

  private mutating func ifStatement(line: Int) {
    cursor.index += 1
    if cursor.isWord("constexpr") { cursor.index += 1 }
    parenthesizedCondition()
    reader.emit(.enterBranch, line: line)
    statement()
    if cursor.isWord("else") {
      let elseLine = cursor.line
      cursor.index += 1
      reader.emit(.nextBranch, line: elseLine)
      statement()
    }
    reader.emit(.leave, line: cursor.line)
  }

  /// `(init; condition)`: declarations and expressions inside parentheses.
  private mutating func parenthesizedCondition() {
    guard cursor.isSymbol(Symbol.openParen) else { return }
    let close = cursor.closing(of: cursor.index)
    cursor.index += 1
    while cursor.index < close {
      let before = cursor.index
      if !declaration(end: close) {
        _ = reader.assignment()
        if cursor.index < close, !cursor.take(Symbol.semicolon), !cursor.take(Symbol.comma) { cursor.index += 1 }
      }
      if cursor.index == before { cursor.index += 1 }
    }
    cursor.index = min(close + 1, cursor.limit)
  }

  private mutating func loop(line: Int) {
    cursor.index += 1
    let isForEach = cursor.isSymbol(Symbol.openParen)
    reader.emit(.enterLoop, line: line)
    if isForEach { parenthesizedCondition() }
    statement()
    reader.emit(.leave, line: cursor.line)
  }

  private mutating func doLoop(line: Int) {
    cursor.index += 1
    reader.emit(.enterLoop, line: line)
    statement()
    if cursor.isWord("while") {
      cursor.index += 1
      parenthesizedCondition()
    }
    reader.emit(.leave, line: cursor.line)
    _ = cursor.take(Symbol.semicolon)
  }

  private mutating func switchStatement(line: Int) {
    cursor.index += 1
    parenthesizedCondition()
    reader.emit(.enterBranch, line: line)
    statement()
    reader.emit(.leave, line: cursor.line)
  }

  private mutating func caseLabel(line: Int) {
    cursor.index += 1
    while !cursor.isAtEnd, !cursor.isSymbol(Symbol.colon) {
      if cursor.isSymbol(Symbol.semicolon) || cursor.isSymbol(Symbol.closeBrace) { return }
      cursor.index += 1
    }
    _ = cursor.take(Symbol.colon)
    reader.emit(.nextBranch, line: line)
  }

  private mutating func returnStatement(line: Int) {
    cursor.index += 1
    if cursor.take(Symbol.semicolon) { return }
    let value = cursor.isSymbol(Symbol.openBrace) ? reader.braceList() : reader.assignment()
    reader.emit(.result(value), line: line)
    skipToSemicolon()
  }

  private mutating func catchStatement() {
    cursor.index += 1
    if cursor.isSymbol(Symbol.openParen) { cursor.index = min(cursor.closing(of: cursor.index) + 1, cursor.limit) }
  }

  private mutating func expressionStatement() {
    let line = cursor.line
    while !cursor.isAtEnd {
      let before = cursor.index
      let value = reader.assignment()
      if case .join = value { reader.emit(.mention(value), line: line) }
      if case .text = value { reader.emit(.mention(value), line: line) }
      if cursor.take(Symbol.semicolon) { return }
      if cursor.isSymbol(Symbol.openBrace) || cursor.isSymbol(Symbol.closeBrace) || cursor.isIdentifier() { return }
      if !cursor.take(Symbol.comma), cursor.index == before { cursor.index += 1 }
    }
  }

  private mutating func skipToSemicolon() {
    while !cursor.isAtEnd {
      if cursor.take(Symbol.semicolon) || cursor.isSymbol(Symbol.closeBrace) { return }
      let opens = cursor.isSymbol(Symbol.openParen) || cursor.isSymbol(Symbol.openBrace)
      cursor.index = opens ? min(cursor.closing(of: cursor.index) + 1, cursor.limit) : cursor.index + 1
    }
  }

  // MARK: Declarations

  /// Reads `type name = value, other(value);` when it is one; false leaves the cursor where it was.
  private mutating func declaration(end: Int = .max) -> Bool {
    guard let shape = DeclarationShape(cursor) else { return false }
    let line = cursor.line
    cursor.index = shape.nameIndex
    var last = ""
    var isFirst = true
    while isFirst || cursor.take(Symbol.comma) {
      isFirst = false
      while cursor.isSymbol(Symbol.star) || cursor.isSymbol(Symbol.ampersand) { cursor.index += 1 }
      guard cursor.isIdentifier() else { break }
      let name = cursor.text()
      last = name
      cursor.index += 1
      while cursor.isSymbol(Symbol.openBracket) {
        cursor.index = min(cursor.closing(of: cursor.index) + 1, cursor.limit)
      }
      reader.emit(.declare(name: name, type: shape.type, value: initializer(shape)), line: line)
    }
    if cursor.index < end, !cursor.take(Symbol.semicolon), !cursor.isSymbol(Symbol.closeBrace) {
      if cursor.take(Symbol.colon) {  // range-based for: the variable is each element in turn
        reader.emit(.assign(name: last, value: .element(of: reader.assignment(), at: .opaque)), line: line)
      } else {
        reader.skipExpression()
        _ = cursor.take(Symbol.semicolon)
      }
    }
    return true
  }

  private mutating func initializer(_ shape: DeclarationShape) -> Value {
    if cursor.take(Symbol.assign) {
      return cursor.isSymbol(Symbol.openBrace) ? reader.braceList() : reader.assignment()
    }
    if cursor.isSymbol(Symbol.openParen) {
      let line = cursor.line
      let arguments = reader.arguments()
      reader.emit(
        .call(CallFact(callee: shape.type, receiver: nil, arguments: arguments, dispatch: .direct)), line: line)
      return .call(callee: shape.type, receiver: nil, arguments: arguments)
    }
    if cursor.isSymbol(Symbol.openBrace) {
      let line = cursor.line
      let list = reader.braceList()
      if case .list(let items) = list {
        reader.emit(
          .call(CallFact(callee: shape.type, receiver: nil, arguments: items, dispatch: .direct)), line: line)
      }
      return list
    }
    return .opaque
  }
}
