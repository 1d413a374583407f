/// What a declaration at file, namespace or class level declares, judged by the shape of its tokens.
enum DeclaratorShape {
  /// A function with a body: name as written, index range of its parameter list, index of the opening brace.
  case function(name: String, parameters: ClosedRange<Int>, body: Int)
  /// A variable with an initializer: name, index of the `=`, `{` or `(` that begins it.
  case variable(name: String, start: Int)
  /// Anything else, up to the index where reading goes on.
  case other(end: Int)

  init(_ cursor: TokenCursor) {
    var place = cursor.index
    var candidate: (name: String, parameters: ClosedRange<Int>)?
    while place < cursor.limit {
      let token = cursor.tokens[place]
      if token.kind == .punctuator {
        switch token.symbol {
        case Symbol.semicolon, Symbol.closeBrace:
          self = .other(end: token.symbol == Symbol.semicolon ? place + 1 : place)
          return
        case Symbol.openParen:
          let close = cursor.closing(of: place)
          if let name = Self.name(before: place, in: cursor) {
            if let body = Self.body(after: close, in: cursor) {
              self = .function(name: name, parameters: place...min(close, cursor.limit - 1), body: body)
              return
            }
            if Self.isVariable(open: place, close: close, in: cursor) {
              self = .variable(name: name, start: place)
              return
            }
            candidate = candidate ?? (name, place...min(close, cursor.limit - 1))
          }
          place = close
        case Symbol.assign:
          // `} name = …`: the type stood before, so the name may come first.
          if let name = Self.variableName(before: place, in: cursor, mayComeFirst: true) {
            self = .variable(name: name, start: place)
          } else {
            self = .other(end: Self.statementEnd(from: place, in: cursor))
          }
          return
        case Symbol.openBrace:
          if let candidate {
            self = .function(name: candidate.name, parameters: candidate.parameters, body: place)
          } else if let name = Self.variableName(before: place, in: cursor) {
            self = .variable(name: name, start: place)
          } else {
            self = .other(end: cursor.closing(of: place) + 1)
          }
          return
        case Symbol.less:
          if let end = cursor.endOfTemplateList(from: place) { place = end - 1 }
        case Symbol.openBracket:
          place = cursor.closing(of: place)
        default: break
        }
      }
      place += 1
    }
    self = .other(end: cursor.limit)
  }

  private static func statementEnd(from start: Int, in cursor: TokenCursor) -> Int {
    var place = start
    while place < cursor.limit {
      let token = cursor.tokens[place]
      if token.kind == .punctuator {
        switch token.symbol {
        case Symbol.semicolon: return place + 1
        case Symbol.closeBrace: return place
        case Symbol.openBrace, Symbol.openParen, Symbol.openBracket: place = cursor.closing(of: place)
        default: break
        }
      }
      place += 1
    }
    return cursor.limit
  }

  /// The possibly qualified name that ends right before `open`; operators included.
  private static func name(before open: Int, in cursor: TokenCursor) -> String? {
    var place = open - 1
    guard place >= cursor.index else { return nil }
    var parts: [String] = []
    if cursor.tokens[place].kind == .punctuator {
      var symbol = ""
      while place >= cursor.index, cursor.tokens[place].kind == .punctuator {
        symbol = cursor.source.text(cursor.tokens[place]) + symbol
        place -= 1
      }
      guard place >= cursor.index, cursor.source.matches(cursor.tokens[place], "operator") else { return nil }
      parts = ["operator" + symbol]
    } else if cursor.tokens[place].kind == .identifier {
      let word = cursor.source.text(cursor.tokens[place])
      guard
        ![
          "__attribute__", "__declspec", "alignas", "decltype", "noexcept", "throw", "requires", "if", "while", "for",
          "switch", "return",
        ].contains(word)
      else { return nil }
      parts = [word]
    } else {
      return nil
    }
    place -= 1
    if place >= cursor.index, cursor.tokens[place].symbol == Symbol.tilde { parts[0] = "~" + parts[0]; place -= 1 }
    while place >= cursor.index + 1, cursor.tokens[place].symbol == Symbol.scope,
      let before = qualifier(endingAt: place - 1, in: cursor)
    {
      parts.insert(before.name, at: 0)
      place = before.start - 1
    }
    return parts.joined(separator: "::")
  }

  private static func qualifier(endingAt end: Int, in cursor: TokenCursor) -> (name: String, start: Int)? {
    guard end >= cursor.index else { return nil }
    if cursor.tokens[end].kind == .identifier { return (cursor.source.text(cursor.tokens[end]), end) }
    guard cursor.tokens[end].symbol == Symbol.greater else { return nil }
    var place = end
    while place > cursor.index, cursor.tokens[place].symbol != Symbol.less, end - place < 40 { place -= 1 }
    guard place > cursor.index, cursor.tokens[place - 1].kind == .identifier else { return nil }
    return (cursor.source.text(cursor.tokens[place - 1]), place - 1)
  }

  /// Index of the brace that begins a function body after its parameters; nil when none follows.
  private static func body(after close: Int, in cursor: TokenCursor) -> Int? {
    var place = close + 1
    while place < cursor.limit {
      let token = cursor.tokens[place]
      if token.kind == .identifier {
        let word = cursor.source.text(token)
        switch word {
        case "const", "noexcept", "override", "final", "try", "volatile", "mutable", "requires": place += 1
        case "__attribute__", "throw", "__asm__", "asm": place += 1
        default: return oldStyleBody(from: place, in: cursor)
        }
        continue
      }
      guard token.kind == .punctuator else { return nil }
      switch token.symbol {
      case Symbol.openBrace: return place
      case Symbol.ampersand, Symbol.doubleAmpersand: place += 1
      case Symbol.openParen, Symbol.openBracket: place = cursor.closing(of: place) + 1
      case Symbol.arrow: place = trailingType(from: place + 1, in: cursor)
      case Symbol.colon: return initializerListEnd(from: place + 1, in: cursor)
      default: return nil
      }
    }
    return nil
  }

  private static func trailingType(from start: Int, in cursor: TokenCursor) -> Int {
    var place = start
    while place < cursor.limit, cursor.tokens[place].symbol != Symbol.openBrace,
      cursor.tokens[place].symbol != Symbol.semicolon
    {
      place += 1
    }
    return place
  }

  /// `f(a, b) int a; char *b; {`: parameter declarations of the oldest style.
  private static func oldStyleBody(from start: Int, in cursor: TokenCursor) -> Int? {
    var place = start
    var sawSemicolon = false
    while place < cursor.limit, place - start < 80 {
      let token = cursor.tokens[place]
      if token.kind == .punctuator {
        switch token.symbol {
        case Symbol.openBrace: return sawSemicolon ? place : nil
        case Symbol.semicolon: sawSemicolon = true
        case Symbol.comma, Symbol.star, Symbol.openBracket, Symbol.closeBracket: break
        default: return nil
        }
      }
      place += 1
    }
    return nil
  }

  /// The brace after `member(value), other{value}`.
  private static func initializerListEnd(from start: Int, in cursor: TokenCursor) -> Int? {
    var place = start
    while place < cursor.limit {
      let token = cursor.tokens[place]
      if token.kind == .punctuator {
        switch token.symbol {
        case Symbol.openParen: place = cursor.closing(of: place)
        case Symbol.openBrace:
          let before = cursor.tokens[place - 1]
          let beginsMember = before.kind == .identifier || before.symbol == Symbol.greater
          guard beginsMember else { return place }
          place = cursor.closing(of: place)
        case Symbol.semicolon, Symbol.closeBrace: return nil
        default: break
        }
      }
      place += 1
    }
    return nil
  }

  /// `Type name("text");`: parentheses that hold values, followed by a semicolon.
  private static func isVariable(open: Int, close: Int, in cursor: TokenCursor) -> Bool {
    guard close + 1 < cursor.limit, cursor.tokens[close + 1].symbol == Symbol.semicolon, open - 2 >= cursor.index,
      cursor.tokens[open - 2].kind == .identifier || cursor.tokens[open - 2].symbol == Symbol.greater
    else { return false }
    return (open..<close).contains { cursor.tokens[$0].kind == .text }
  }

  private static func variableName(
    before end: Int, in cursor: TokenCursor, mayComeFirst: Bool = false
  ) -> String? {
    var place = end - 1
    while place >= cursor.index, cursor.tokens[place].symbol == Symbol.closeBracket {
      while place >= cursor.index, cursor.tokens[place].symbol != Symbol.openBracket { place -= 1 }
      place -= 1
    }
    guard place > cursor.index || (mayComeFirst && place == cursor.index), cursor.tokens[place].kind == .identifier
    else { return nil }
    var parts = [cursor.source.text(cursor.tokens[place])]
    while place - 2 > cursor.index, cursor.tokens[place - 1].symbol == Symbol.scope,
      cursor.tokens[place - 2].kind == .identifier
    {
      parts.insert(cursor.source.text(cursor.tokens[place - 2]), at: 0)
      place -= 2
    }
    return parts.joined(separator: "::")
  }
}

/// Reads the names of a parameter list.
enum ParameterNames {
  /// Names in order, empty text for unnamed parameters; `range` spans the parentheses.
  static func read(_ cursor: TokenCursor, in range: ClosedRange<Int>) -> [String] {
    var names: [String] = []
    var last = ""
    var sawAny = false
    var words = 0
    var inDefault = false
    var place = range.lowerBound + 1
    while place < range.upperBound {
      let token = cursor.tokens[place]
      if token.kind == .identifier {
        sawAny = true
        if !inDefault, place == range.lowerBound + 1 || cursor.tokens[place - 1].symbol != Symbol.scope { words += 1 }
        if !inDefault { last = cursor.source.text(token) }
      } else if token.kind == .punctuator {
        switch token.symbol {
        case Symbol.comma:
          names.append(words > 1 || inDefault ? last : "")
          last = ""
          words = 0
          inDefault = false
        case Symbol.assign: inDefault = true
        case Symbol.less:
          if let end = cursor.endOfTemplateList(from: place) { place = end - 1 }
        case Symbol.openParen:
          let close = cursor.closing(of: place)
          // `void (*callback)(int)`: the name stands inside the first parentheses.
          if let name = (place..<close).last(where: { cursor.tokens[$0].kind == .identifier }), last.isEmpty || sawAny,
            cursor.isPointerDeclarator(at: place)
          {
            last = cursor.source.text(cursor.tokens[name])
            inDefault = true
          }
          place = close
        case Symbol.openBracket, Symbol.openBrace: place = cursor.closing(of: place)
        default: break
        }
      }
      place += 1
    }
    if sawAny || !names.isEmpty { names.append(words > 1 || inDefault ? last : "") }
    return names == [""] && last == "void" ? [] : names
  }
}

extension TokenCursor {
  fileprivate func isPointerDeclarator(at open: Int) -> Bool {
    open + 1 < limit && tokens[open + 1].symbol == Symbol.star
  }
}
