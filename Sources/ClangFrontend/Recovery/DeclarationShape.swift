import Facts

/// Recognises `type name` at the start of a statement by the shape of its tokens.
struct DeclarationShape {
  /// The type as written, qualifiers and template arguments left out.
  let type: String
  /// Index of the first declared name.
  let nameIndex: Int

  init?(_ start: TokenCursor) {
    var cursor = start
    var words: [String] = []
    while cursor.isIdentifier() {
      if cursor.isWord("const") || cursor.isWord("static") || cursor.isWord("constexpr") || cursor.isWord("volatile")
        || cursor.isWord("struct") || cursor.isWord("unsigned") || cursor.isWord("signed") || cursor.isWord("enum")
        || cursor.isWord("register") || cursor.isWord("inline") || cursor.isWord("extern") || cursor.isWord("typename")
        || cursor.isWord("class") || cursor.isWord("union") || cursor.isWord("thread_local") || cursor.isWord("long")
        || cursor.isWord("short")
      {
        if cursor.isWord("unsigned") || cursor.isWord("signed") || cursor.isWord("long") || cursor.isWord("short"),
          Self.endsDeclarator(cursor, at: 2)
        {
          words = [cursor.text()]
        }
        cursor.index += 1
        continue
      }
      guard words.isEmpty || words == ["unsigned"] || words == ["long"] || words == ["short"] || words == ["signed"]
      else { break }
      if Self.endsDeclarator(cursor, at: 1), !words.isEmpty { break }
      words = [cursor.text()]
      cursor.index += 1
      while cursor.isSymbol(Symbol.scope), cursor.isIdentifier(at: 1) {
        words[0] += "::" + cursor.text(at: 1)
        cursor.index += 2
      }
      if cursor.isSymbol(Symbol.less), let end = cursor.endOfTemplateList(from: cursor.index) {
        cursor.index = end
        while cursor.isSymbol(Symbol.scope), cursor.isIdentifier(at: 1) { cursor.index += 2 }
      }
    }
    guard let type = words.first else { return nil }
    var stars = 0
    while cursor.isSymbol(Symbol.star) || cursor.isSymbol(Symbol.ampersand) || cursor.isSymbol(Symbol.doubleAmpersand)
      || cursor.isWord("const")
    {
      stars += 1
      cursor.index += 1
    }
    if cursor.isSymbol(Symbol.openBracket), type == "auto" { return nil }
    guard cursor.isIdentifier(), Self.endsDeclarator(cursor, at: 1) else { return nil }
    // `a * b;` is read as a declaration, as the language does; `a (b)` is a call.
    self.type = type
    nameIndex = cursor.index
    if cursor.isSymbol(Symbol.openParen, at: 1), stars > 0, !cursor.isSymbol(Symbol.assign, at: 1) {
      let close = cursor.closing(of: cursor.index + 1)
      if close + 1 < cursor.limit, cursor.tokens[close + 1].symbol != Symbol.semicolon { return nil }
    }
  }

  /// Whether what follows the name at `offset - 1` ends a declarator.
  private static func endsDeclarator(_ cursor: TokenCursor, at offset: Int) -> Bool {
    let token = cursor.token(offset)
    guard token.kind == .punctuator else { return false }
    switch token.symbol {
    case Symbol.assign, Symbol.semicolon, Symbol.comma, Symbol.openParen, Symbol.openBrace, Symbol.openBracket,
      Symbol.colon:
      return true
    default: return false
    }
  }
}
