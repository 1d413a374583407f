import Basics
import Facts

/// Reads the declarations of a C or C++ file from its tokens: functions with their bodies, types, globals, fields,
/// enumerators and macros. Needs no headers and no flags, so it works on repositories that were never configured.
struct DeclarationReader {
  private struct Scope {
    enum Kind { case namespace, type, transparent }
    var kind: Kind
    var name: String
    var end: Int
    var isAnonymous = false
  }

  private var cursor: TokenCursor
  private var scopes: [Scope] = []
  private var facts: FileFacts
  /// Tokens of a body from which nothing at all may come without being suspicious.
  private static let smallBody = 12

  private init(file: RepoPath, source: SourceTokens) {
    cursor = TokenCursor(source: source, tokens: source.tokens, range: 0..<source.tokens.count)
    facts = FileFacts(file: file)
    facts.lineCount = source.lineCount
  }

  /// The facts of one file; linear in its size.
  static func facts(of file: RepoPath, source: SourceTokens) -> FileFacts {
    var reader = DeclarationReader(file: file, source: source)
    if !reader.readTexts() { reader.run() }
    reader.readMacros()
    return reader.facts
  }

  private mutating func run() {
    while !cursor.isAtEnd {
      let before = cursor.index
      while let scope = scopes.last, cursor.index >= scope.end { scopes.removeLast() }
      declaration()
      if cursor.index == before { cursor.index += 1 }
    }
  }

  /// A file that holds nothing but texts with commas between is the inside of an array in the file that includes it.
  private mutating func readTexts() -> Bool {
    guard cursor.token().kind == .text else { return false }
    var texts: [Value] = []
    var reader = ExpressionReader(cursor: cursor)
    while !reader.cursor.isAtEnd {
      guard reader.cursor.token().kind == .text else { return false }
      texts.append(reader.primary())
      guard reader.cursor.take(Symbol.comma) || reader.cursor.isAtEnd else { return false }
    }
    let line = cursor.line
    facts.constants.append(
      ConstantFact(name: facts.file.fileName, kind: .global, value: .list(texts), isLocal: true, line: line))
    return true
  }

  // MARK: Scopes

  private func qualified(_ name: String) -> String {
    var path = ""
    for scope in scopes where !scope.name.isEmpty { path += scope.name + "::" }
    return path + name
  }

  private var enclosingType: String {
    guard scopes.last(where: { $0.kind != .transparent })?.kind == .type else { return "" }
    let name = qualified("")
    return name.isEmpty ? "" : String(name.dropLast(2))
  }

  private var isAnonymousScope: Bool { scopes.contains(where: \.isAnonymous) }

  private mutating func open(_ kind: Scope.Kind, _ name: String, at brace: Int, isAnonymous: Bool = false) {
    scopes.append(Scope(kind: kind, name: name, end: cursor.closing(of: brace), isAnonymous: isAnonymous))
    cursor.index = brace + 1
  }

  // MARK: Declarations

  private mutating func declaration() {
    if cursor.take(Symbol.semicolon) || cursor.take(Symbol.closeBrace) { return }
    if cursor.isWord("namespace") || (cursor.isWord("inline") && cursor.isWord("namespace", at: 1)) {
      return namespace()
    }
    if cursor.isWord("extern"), cursor.token(1).kind == .text, cursor.isSymbol(Symbol.openBrace, at: 2) {
      return open(.transparent, "", at: cursor.index + 2)
    }
    if cursor.isWord("template") {
      cursor.index += 1
      if cursor.isSymbol(Symbol.less), let end = endOfTemplateParameters() { cursor.index = end }
      return
    }
    if cursor.isWord("using") || cursor.isWord("friend") || cursor.isWord("static_assert") { return skipStatement() }
    if cursor.isWord("public") || cursor.isWord("private") || cursor.isWord("protected") || cursor.isWord("signals") {
      cursor.index += 1
      while cursor.isIdentifier() { cursor.index += 1 }
      _ = cursor.take(Symbol.colon)
      return
    }
    if cursor.isWord("typedef") { cursor.index += 1 }
    if typeDefinition() { return }
    functionOrVariable()
  }

  private func endOfTemplateParameters() -> Int? {
    var depth = 0
    var place = cursor.index
    while place < cursor.limit {
      let token = cursor.tokens[place]
      if token.kind == .punctuator {
        if token.symbol == Symbol.less { depth += 1 }
        if token.symbol == Symbol.greater { depth -= 1 }
        if token.symbol == Symbol.pack(">>") { depth -= 2 }
        if token.symbol == Symbol.semicolon || token.symbol == Symbol.openBrace { return nil }
        if depth <= 0 { return place + 1 }
      }
      place += 1
    }
    return nil
  }

  private mutating func namespace() {
    if cursor.isWord("inline") { cursor.index += 1 }
    cursor.index += 1
    var name = ""
    while cursor.isIdentifier() || cursor.isSymbol(Symbol.scope) {
      name += cursor.isSymbol(Symbol.scope) ? "::" : cursor.text()
      cursor.index += 1
    }
    guard cursor.isSymbol(Symbol.openBrace) else { return skipStatement() }
    open(.namespace, name, at: cursor.index, isAnonymous: name.isEmpty)
  }

  /// `class X : Y {`, `struct {`, `enum class E {`; false when it only mentions the type.
  private mutating func typeDefinition() -> Bool {
    var first = 0
    while cursor.isWord("static", at: first) || cursor.isWord("const", at: first)
      || cursor.isWord("constexpr", at: first) || cursor.isWord("inline", at: first)
      || cursor.isWord("volatile", at: first)
    {
      first += 1
    }
    let isEnum = cursor.isWord("enum", at: first)
    guard
      isEnum || cursor.isWord("class", at: first) || cursor.isWord("struct", at: first)
        || cursor.isWord("union", at: first)
    else { return false }
    let line = cursor.line
    var place = cursor.index + first + 1
    var name = ""
    while place < cursor.limit {
      let token = cursor.tokens[place]
      if token.kind == .identifier {
        let word = cursor.source.text(token)
        if !["class", "struct", "final", "alignas", "__attribute__", "__declspec"].contains(word) { name = word }
      } else if token.symbol == Symbol.openParen || token.symbol == Symbol.openBracket {
        place = cursor.closing(of: place)
      } else if token.symbol != Symbol.scope {
        break
      }
      place += 1
    }
    guard place < cursor.limit, cursor.tokens[place].kind == .punctuator else { return false }
    var bases: [String] = []
    if cursor.tokens[place].symbol == Symbol.colon {
      place += 1
      bases = baseNames(&place)
    }
    guard place < cursor.limit, cursor.tokens[place].symbol == Symbol.openBrace else { return false }
    if isEnum {
      enumerators(of: name, brace: place)
      return true
    }
    if !name.isEmpty { facts.types.append(TypeFact(name: qualified(name), bases: bases, line: line)) }
    open(.type, name, at: place)
    return true
  }

  private func baseNames(_ place: inout Int) -> [String] {
    var bases: [String] = []
    var current = ""
    while place < cursor.limit, cursor.tokens[place].symbol != Symbol.openBrace,
      cursor.tokens[place].symbol != Symbol.semicolon
    {
      let token = cursor.tokens[place]
      if token.kind == .identifier {
        let word = cursor.source.text(token)
        if !["public", "private", "protected", "virtual"].contains(word) { current += word }
      } else if token.symbol == Symbol.scope {
        current += "::"
      } else if token.symbol == Symbol.less {
        var inner = cursor
        inner.index = place
        place = (inner.endOfTemplateList(from: place) ?? place + 1) - 1
      } else if token.symbol == Symbol.comma, !current.isEmpty {
        bases.append(current)
        current = ""
      }
      place += 1
    }
    if !current.isEmpty { bases.append(current) }
    return bases
  }

  private mutating func enumerators(of name: String, brace: Int) {
    let close = cursor.closing(of: brace)
    cursor.index = brace + 1
    var expectsName = true
    while cursor.index < close {
      if expectsName, cursor.isIdentifier() {
        facts.constants.append(
          ConstantFact(
            name: qualified(cursor.text()), kind: .enumerator, value: .opaque, isLocal: false, line: cursor.line))
        expectsName = false
      } else if cursor.isSymbol(Symbol.comma) {
        expectsName = true
      } else if cursor.isSymbol(Symbol.openParen) {
        cursor.index = cursor.closing(of: cursor.index)
      }
      cursor.index += 1
    }
    cursor.index = min(close + 1, cursor.limit)
  }

  private mutating func skipStatement() {
    while !cursor.isAtEnd {
      if cursor.take(Symbol.semicolon) { return }
      if cursor.isSymbol(Symbol.closeBrace) { return }
      let opens = cursor.isSymbol(Symbol.openBrace) || cursor.isSymbol(Symbol.openParen)
      cursor.index = opens ? min(cursor.closing(of: cursor.index) + 1, cursor.limit) : cursor.index + 1
    }
  }

  // MARK: Functions and variables

  private mutating func functionOrVariable() {
    switch DeclaratorShape(cursor) {
    case .function(let name, let parameters, let body):
      function(name: name, parameters: parameters, body: body)
    case .variable(let name, let start):
      variable(name: name, start: start)
    case .other(let end):
      cursor.index = max(end, cursor.index + 1)
    }
  }

  private mutating func function(name: String, parameters: ClosedRange<Int>, body: Int) {
    let first = cursor.line
    let isStatic = leadingWords(until: parameters.lowerBound, contain: "static")
    let balanced = cursor.closing(of: body)
    // A body whose braces never balance would swallow the rest of the file: it ends where a line begins with a brace.
    let close = balanced < cursor.limit ? balanced : cursor.braceAtLineStart(after: body) ?? balanced
    let last = Int(cursor.tokens[min(close, cursor.limit - 1)].line)
    var reader = StatementReader(
      cursor: TokenCursor(source: cursor.source, tokens: cursor.tokens, range: (parameters.upperBound + 1)..<body),
      depth: 0)
    let initializers = parameters.upperBound + 1 < body ? memberInitializers(&reader) : []
    var bodyReader = StatementReader(
      cursor: TokenCursor(source: cursor.source, tokens: cursor.tokens, range: (body + 1)..<max(close, body + 1)),
      depth: 0)
    bodyReader.statements()
    let full = qualified(name)
    let owner = ownerName(of: full, declared: name)
    let events = initializers + bodyReader.takeEvents()
    let lines = first...max(first, last)
    noteLoss(lines, isUnbalanced: balanced >= cursor.limit, isSilent: events.isEmpty && close - body > Self.smallBody)
    facts.functions.append(
      FunctionFact(
        name: full, owner: owner, lines: lines,
        parameters: ParameterNames.read(cursor, in: parameters),
        isLocal: (isStatic && owner.isEmpty) || isAnonymousScope,
        isRecovered: true, events: events))
    cursor.index = min(close + 1, cursor.limit)
  }

  /// Counts a body that could not be followed: its braces do not balance, or nothing was read from many tokens.
  private mutating func noteLoss(_ lines: ClosedRange<Int>, isUnbalanced: Bool, isSilent: Bool) {
    guard isUnbalanced || isSilent else { return }
    facts.lostLines += lines.count
    guard isUnbalanced else { return }
    facts.diagnostics.append(
      Diagnostic(
        code: "braces-unbalanced", severity: .warning, span: SourceSpan(file: facts.file, line: lines.lowerBound),
        message: "the braces of a function do not balance; it was read up to the next brace at the start of a line",
        nextStep: "a macro or condition holds one of its braces; a compile database resolves it"))
  }

  /// `: member(value), other{value}` between the parameters and the body of a constructor.
  private func memberInitializers(_ reader: inout StatementReader) -> [PlacedEvent] {
    reader.statements()
    return reader.takeEvents()
  }

  /// The class of a method: the enclosing class, or the qualifier it is defined with.
  private func ownerName(of full: String, declared: String) -> String {
    let type = enclosingType
    if !type.isEmpty { return type }
    return declared.contains("::") ? QualifiedName.scope(of: full) : ""
  }

  private func leadingWords(until end: Int, contain word: StaticString) -> Bool {
    var place = cursor.index
    while place < end, place - cursor.index < 8 {
      if cursor.source.matches(cursor.tokens[place], word) { return true }
      place += 1
    }
    return false
  }

  private mutating func variable(name: String, start: Int) {
    let line = cursor.line
    let isStatic = leadingWords(until: start, contain: "static")
    var reader = ExpressionReader(
      cursor: TokenCursor(source: cursor.source, tokens: cursor.tokens, range: start..<cursor.limit))
    let value: Value
    if reader.cursor.take(Symbol.assign) {
      value = reader.cursor.isSymbol(Symbol.openBrace) ? reader.braceList() : reader.assignment()
    } else if reader.cursor.isSymbol(Symbol.openBrace) {
      value = reader.braceList()
    } else {
      value = .list(reader.arguments())
    }
    let endsInBrace = reader.cursor.index > start && cursor.tokens[reader.cursor.index - 1].symbol == Symbol.closeBrace
    cursor.index = reader.cursor.index
    // A brace that no semicolon follows was the body of something unknown: the next declaration begins right here.
    if !endsInBrace || cursor.isSymbol(Symbol.semicolon) || cursor.isSymbol(Symbol.comma) { skipStatement() }
    let isField = !enclosingType.isEmpty
    guard value != .opaque else { return }
    facts.constants.append(
      ConstantFact(
        name: qualified(name), kind: isField ? .field : .global, value: value,
        isLocal: (isStatic && !isField) || isAnonymousScope, line: line))
  }

  // MARK: Macros

  private mutating func readMacros() {
    let source = cursor.source
    for macro in source.macros where !macro.body.isEmpty {
      let first = source.macroTokens[macro.body.lowerBound]
      let startsBlock = first.symbol == Symbol.openBrace || source.matches(first, "do") || source.matches(first, "if")
      guard
        macro.body.contains(where: { source.macroTokens[$0].kind == .text || !macro.parameters.isEmpty })
          || first.kind == .identifier
      else { continue }
      let body = TokenCursor(source: source, tokens: source.macroTokens, range: macro.body)
      var value = Value.opaque
      if !startsBlock {
        var reader = ExpressionReader(cursor: body)
        value = reader.assignment()
      }
      guard value != .opaque else { continue }
      facts.constants.append(
        ConstantFact(
          name: macro.name, kind: .macro, value: value, parameters: macro.parameters, isLocal: false, line: macro.line))
    }
  }
}
