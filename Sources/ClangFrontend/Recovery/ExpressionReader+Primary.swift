import Facts

extension ExpressionReader {
  /// A literal, a name, a bracketed expression, a lambda or a cast.
  mutating func primary() -> Value {
    let token = cursor.token()
    switch token.kind {
    case .text: return literal()
    case .number, .character:
      cursor.index += 1
      return .opaque
    case .identifier: return identifier()
    case .punctuator: return bracketed(token)
    case .end: return .opaque
    }
  }

  private mutating func bracketed(_ token: SourceToken) -> Value {
    switch token.symbol {
    case Symbol.openParen: return parenthesized()
    case Symbol.openBrace: return braceList()
    case Symbol.openBracket: return lambda()
    case Symbol.scope:
      cursor.index += 1
      return cursor.isIdentifier() ? identifier() : .opaque
    case Symbol.closeParen, Symbol.closeBrace, Symbol.closeBracket, Symbol.semicolon, Symbol.comma, Symbol.colon:
      return .opaque
    default:
      cursor.index += 1
      return .opaque
    }
  }

  /// Adjacent literals, with macro names between them.
  private mutating func literal() -> Value {
    var parts: [Value] = []
    while true {
      let token = cursor.token()
      if token.kind == .text {
        let text = LiteralText.decode(cursor.source.bytes[Int(token.start)..<Int(token.end)])
        if case .text(let before)? = parts.last {
          parts[parts.count - 1] = .text(before + text)
        } else {
          parts.append(.text(text))
        }
        cursor.index += 1
      } else if token.kind == .identifier {
        let name = cursor.text()
        cursor.index += 1
        parts.append(cursor.isSymbol(Symbol.openParen) ? macroCall(name) : .name(name))
      } else {
        break
      }
    }
    return parts.count == 1 ? parts[0] : .join(parts)
  }

  private mutating func macroCall(_ name: String) -> Value {
    .call(callee: name, receiver: nil, arguments: arguments())
  }

  private mutating func parenthesized() -> Value {
    let open = cursor.index
    let close = cursor.closing(of: open)
    if isCast(open: open, close: close) {
      cursor.index = close + 1
      return castOperand()
    }
    if cursor.isSymbol(Symbol.openBrace, at: 1) {  // a GNU statement expression
      var reader = StatementReader(
        cursor: TokenCursor(source: cursor.source, tokens: cursor.tokens, range: (open + 1)..<close),
        depth: depth)
      reader.statements()
      events += reader.takeEvents()
      cursor.index = min(close + 1, cursor.limit)
      return .opaque
    }
    cursor.index += 1
    var value = Value.opaque
    while cursor.index < close {
      let before = cursor.index
      value = assignment()
      if cursor.index < close { cursor.index += 1 }
      if cursor.index == before { cursor.index += 1 }
    }
    cursor.index = min(close + 1, cursor.limit)
    return value
  }

  private mutating func castOperand() -> Value {
    if cursor.token().kind == .punctuator, cursor.isSymbol(Symbol.openParen) || cursor.isSymbol(Symbol.openBrace) {
      return primary()
    }
    if cursor.isSymbol(Symbol.star) || cursor.isSymbol(Symbol.ampersand) { cursor.index += 1 }
    return primary()
  }

  /// `(type)` or `(type *)` before something that begins an operand.
  private func isCast(open: Int, close: Int) -> Bool {
    guard close > open + 1, close + 1 < cursor.limit, close - open < 12 else { return false }
    var sawStar = false
    for place in (open + 1)..<close {
      let token = cursor.tokens[place]
      switch token.kind {
      case .identifier: if sawStar, !cursor.source.matches(token, "const") { return false }
      case .punctuator where token.symbol == Symbol.star || token.symbol == Symbol.ampersand: sawStar = true
      case .punctuator
      where token.symbol == Symbol.scope || token.symbol == Symbol.less || token.symbol == Symbol.greater:
        break
      default: return false
      }
    }
    let after = cursor.tokens[close + 1]
    switch after.kind {
    case .identifier, .text: return cursor.tokens[open + 1].kind == .identifier
    case .punctuator: return sawStar && (after.symbol == Symbol.openParen || after.symbol == Symbol.ampersand)
    case .number, .character: return true
    case .end: return false
    }
  }

  private mutating func identifier() -> Value {
    if cursor.isWord("new") || cursor.isWord("co_await") || cursor.isWord("throw") || cursor.isWord("delete") {
      cursor.index += 1
      if cursor.isSymbol(Symbol.openBracket) { skip(to: Symbol.closeBracket) }
      return cursor.isAtEnd ? .opaque : primary()
    }
    if cursor.isWord("sizeof") || cursor.isWord("decltype") || cursor.isWord("alignof") || cursor.isWord("typeid") {
      cursor.index += 1
      if cursor.isSymbol(Symbol.openParen) { cursor.index = min(cursor.closing(of: cursor.index) + 1, cursor.limit) }
      return .opaque
    }
    if cursor.isWord("nullptr") || cursor.isWord("NULL") || cursor.isWord("true") || cursor.isWord("false") {
      cursor.index += 1
      return .opaque
    }
    let isCastWord =
      cursor.isWord("static_cast") || cursor.isWord("const_cast") || cursor.isWord("reinterpret_cast")
      || cursor.isWord("dynamic_cast")
    var path = cursor.text()
    cursor.index += 1
    skipTemplateArguments()
    if isCastWord { return cursor.isSymbol(Symbol.openParen) ? parenthesized() : .opaque }
    while cursor.isSymbol(Symbol.scope), cursor.isIdentifier(at: 1) || cursor.isSymbol(Symbol.tilde, at: 1) {
      cursor.index += cursor.isSymbol(Symbol.tilde, at: 1) ? 2 : 1
      path += "::" + cursor.text()
      cursor.index += 1
      skipTemplateArguments()
    }
    if cursor.token().kind == .text {  // `PREFIX "text"`: a macro before a literal
      if case .join(let parts) = literal1() { return .join([.name(path)] + parts) }
    }
    return .name(path)
  }

  private mutating func literal1() -> Value {
    let value = literal()
    if case .join = value { return value }
    return .join([value])
  }

  /// Skips `<…>` after a name when it is a template list followed by something that only follows one.
  mutating func skipTemplateArguments() {
    guard cursor.isSymbol(Symbol.less), let end = cursor.endOfTemplateList(from: cursor.index), end < cursor.limit
    else { return }
    let after = cursor.tokens[end]
    guard after.kind == .punctuator else { return }
    switch after.symbol {
    case Symbol.openParen:
      if let constant = constantArgument(until: end - 1) { emit(.mention(.name(constant)), line: cursor.line) }
      cursor.index = end
    case Symbol.openBrace, Symbol.scope, Symbol.comma, Symbol.closeParen, Symbol.semicolon:
      cursor.index = end
    default: break
    }
  }

  /// The one name between `<` and `>` when it may be a constant: `run<Query::find>(…)` uses it as an argument.
  private func constantArgument(until close: Int) -> String? {
    var path = ""
    for place in (cursor.index + 1)..<max(close, cursor.index + 1) {
      let token = cursor.tokens[place]
      guard token.kind == .identifier || token.symbol == Symbol.scope else { return nil }
      path += cursor.source.text(token)
    }
    let isConstant = path.contains("::") || path.utf8.allSatisfy { $0 < UInt8(ascii: "a") || $0 > UInt8(ascii: "z") }
    return path.isEmpty || !isConstant ? nil : path
  }

  /// `[captures](parameters) mutable -> type { body }`: the body's events belong to the enclosing function.
  private mutating func lambda() -> Value {
    let captures = cursor.closing(of: cursor.index)
    cursor.index = min(captures + 1, cursor.limit)
    if cursor.isSymbol(Symbol.openParen) { cursor.index = min(cursor.closing(of: cursor.index) + 1, cursor.limit) }
    var steps = 0
    while !cursor.isAtEnd, !cursor.isSymbol(Symbol.openBrace), steps < 24 {
      if cursor.isSymbol(Symbol.semicolon) || cursor.isSymbol(Symbol.comma) || cursor.isSymbol(Symbol.closeParen) {
        return .opaque
      }
      cursor.index += 1
      steps += 1
    }
    guard cursor.isSymbol(Symbol.openBrace) else { return .opaque }
    let close = cursor.closing(of: cursor.index)
    var reader = StatementReader(
      cursor: TokenCursor(
        source: cursor.source, tokens: cursor.tokens, range: cursor.index..<min(close + 1, cursor.limit)),
      depth: depth)
    reader.statements()
    events += reader.takeEvents()
    cursor.index = min(close + 1, cursor.limit)
    return .opaque
  }

  // MARK: Skipping

  /// Skips past the next `symbol` at this nesting; stays put when a closing bracket or semicolon comes first.
  mutating func skip(to symbol: UInt32) {
    while !cursor.isAtEnd {
      if cursor.take(symbol) { return }
      if cursor.isSymbol(Symbol.semicolon) || cursor.isSymbol(Symbol.closeBrace) || cursor.isSymbol(Symbol.closeParen) {
        return
      }
      advance()
    }
  }

  /// Skips the rest of an expression that was not followed, up to a comma or the end of its brackets.
  mutating func skipExpression(until end: Int = .max) {
    while !cursor.isAtEnd, cursor.index < end {
      let token = cursor.token()
      if token.kind == .punctuator {
        switch token.symbol {
        case Symbol.comma, Symbol.semicolon, Symbol.closeParen, Symbol.closeBrace, Symbol.closeBracket: return
        default: break
        }
      }
      advance()
    }
  }

  private mutating func advance() {
    let token = cursor.token()
    let opens =
      token.kind == .punctuator
      && (token.symbol == Symbol.openParen || token.symbol == Symbol.openBrace || token.symbol == Symbol.openBracket)
    cursor.index = opens ? min(cursor.closing(of: cursor.index) + 1, cursor.limit) : cursor.index + 1
  }
}
