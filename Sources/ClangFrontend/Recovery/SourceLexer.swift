/// Turns C or C++ text into tokens, tolerating anything: what cannot be a token is skipped.
///
/// Preprocessor lines are not executed. Definitions and includes are kept, `#if 0` text is dropped, and of the
/// branches of a condition every one is kept whose braces balance, so that code of every configuration is seen.
struct SourceLexer {
  private struct Condition {
    var firstToken: Int
    var isSkipped: Bool
    var keepsFirstOnly: Bool
    var isAlternative = false
  }

  private var result: SourceTokens
  private var position = 0
  private var line: Int32 = 1
  private var atLineStart = true
  private var conditions: [Condition] = []

  private init(bytes: [UInt8]) {
    result = SourceTokens(bytes: bytes)
    result.tokens.reserveCapacity(bytes.count / 5 + 16)
  }

  static func tokens(of bytes: [UInt8]) -> SourceTokens {
    var lexer = SourceLexer(bytes: bytes)
    lexer.run()
    return lexer.result
  }

  private var isSkipping: Bool { conditions.last?.isSkipped ?? false }

  private mutating func run() {
    let bytes = result.bytes
    bytes.withUnsafeBufferPointer { buffer in
      while position < buffer.count { step(buffer) }
    }
    result.lineCount = Int(line) - (bytes.last == UInt8(ascii: "\n") ? 1 : 0)
    if bytes.isEmpty { result.lineCount = 0 }
  }

  private mutating func step(_ buffer: UnsafeBufferPointer<UInt8>) {
    let byte = buffer[position]
    switch byte {
    case UInt8(ascii: "\n"):
      line += 1
      position += 1
      atLineStart = true
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C, UInt8(ascii: "\\"):
      position += 1
    case UInt8(ascii: "/") where next(buffer) == UInt8(ascii: "/"):
      skipLine(buffer)
    case UInt8(ascii: "/") where next(buffer) == UInt8(ascii: "*"):
      skipComment(buffer)
    case UInt8(ascii: "#") where atLineStart:
      directive(buffer)
    default:
      atLineStart = false
      if isSkipping {
        skipQuiet(buffer)
      } else if let token = Self.token(buffer, at: &position, line: &line) {
        result.tokens.append(token)
      }
    }
  }

  private func next(_ buffer: UnsafeBufferPointer<UInt8>) -> UInt8 {
    position + 1 < buffer.count ? buffer[position + 1] : 0
  }

  private mutating func skipLine(_ buffer: UnsafeBufferPointer<UInt8>) {
    while position < buffer.count, buffer[position] != UInt8(ascii: "\n") {
      if buffer[position] == UInt8(ascii: "\\"), next(buffer) == UInt8(ascii: "\n") {
        line += 1
        position += 1
      }
      position += 1
    }
  }

  private mutating func skipComment(_ buffer: UnsafeBufferPointer<UInt8>) {
    position += 2
    while position < buffer.count {
      if buffer[position] == UInt8(ascii: "*"), next(buffer) == UInt8(ascii: "/") {
        position += 2
        return
      }
      if buffer[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }

  /// Skips to the next line end inside text that is not compiled, minding comments.
  private mutating func skipQuiet(_ buffer: UnsafeBufferPointer<UInt8>) {
    while position < buffer.count, buffer[position] != UInt8(ascii: "\n") {
      if buffer[position] == UInt8(ascii: "/"), next(buffer) == UInt8(ascii: "*") {
        skipComment(buffer)
        continue
      }
      position += 1
    }
  }

  // MARK: Preprocessor lines

  private mutating func directive(_ buffer: UnsafeBufferPointer<UInt8>) {
    position += 1
    skipBlanks(buffer)
    let start = position
    while position < buffer.count, Self.isWord(buffer[position]) { position += 1 }
    let word = String(decoding: buffer[start..<position], as: UTF8.self)
    switch word {
    case "if", "ifdef", "ifndef": openCondition(buffer, isIf: word == "if")
    case "else", "elif", "elifdef", "elifndef": nextCondition()
    case "endif": closeCondition()
    case "define" where !isSkipping: return define(buffer)
    case "include" where !isSkipping, "import" where !isSkipping: include(buffer)
    default: break
    }
    skipLine(buffer)
  }

  private mutating func skipBlanks(_ buffer: UnsafeBufferPointer<UInt8>) {
    while position < buffer.count {
      let byte = buffer[position]
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
        position += 1
      } else if byte == UInt8(ascii: "\\"), next(buffer) == UInt8(ascii: "\n") {
        position += 2
        line += 1
      } else {
        return
      }
    }
  }

  private mutating func openCondition(_ buffer: UnsafeBufferPointer<UInt8>, isIf: Bool) {
    skipBlanks(buffer)
    var isNever = false
    var isAlways = false
    if isIf, position < buffer.count {
      let ends = position + 1 >= buffer.count || !Self.isWord(buffer[position + 1])
      isNever = ends && buffer[position] == UInt8(ascii: "0")
      isAlways = ends && buffer[position] == UInt8(ascii: "1")
    }
    let outer = isSkipping
    conditions.append(
      Condition(
        firstToken: result.tokens.count, isSkipped: outer || isNever, keepsFirstOnly: outer || isAlways))
  }

  private mutating func nextCondition() {
    guard var condition = conditions.popLast() else { return }
    defer { conditions.append(condition) }
    let outer = isSkipping
    if outer || condition.keepsFirstOnly {
      condition.isSkipped = true
      return
    }
    if !condition.isSkipped, balance(from: condition.firstToken) != 0 {
      condition.keepsFirstOnly = true
      condition.isSkipped = true
      return
    }
    condition.isSkipped = false
    condition.firstToken = result.tokens.count
    condition.isAlternative = true
  }

  private mutating func closeCondition() {
    guard let condition = conditions.popLast(), !condition.isSkipped, condition.isAlternative else { return }
    if balance(from: condition.firstToken) != 0 { result.tokens.removeSubrange(condition.firstToken...) }
  }

  /// Open minus closed brackets of the tokens from `first` on.
  private func balance(from first: Int) -> Int {
    var depth = 0
    for token in result.tokens[min(first, result.tokens.count)...] where token.kind == .punctuator {
      switch token.symbol {
      case Symbol.openBrace, Symbol.openParen: depth += 1
      case Symbol.closeBrace, Symbol.closeParen: depth -= 1
      default: break
      }
    }
    return depth
  }

  private mutating func include(_ buffer: UnsafeBufferPointer<UInt8>) {
    skipBlanks(buffer)
    guard position < buffer.count else { return }
    let isSystem = buffer[position] == UInt8(ascii: "<")
    guard isSystem || buffer[position] == UInt8(ascii: "\"") else { return }
    let close = isSystem ? UInt8(ascii: ">") : UInt8(ascii: "\"")
    position += 1
    let start = position
    while position < buffer.count, buffer[position] != close, buffer[position] != UInt8(ascii: "\n") { position += 1 }
    let path = String(decoding: buffer[start..<position], as: UTF8.self)
    result.includes.append(
      IncludeDirective(
        path: path, isSystem: isSystem, dependsOnText: !conditions.isEmpty || !result.macros.isEmpty))
  }

  private mutating func define(_ buffer: UnsafeBufferPointer<UInt8>) {
    let defined = Int(line)
    skipBlanks(buffer)
    let start = position
    while position < buffer.count, Self.isWord(buffer[position]) { position += 1 }
    let name = String(decoding: buffer[start..<position], as: UTF8.self)
    var parameters: [String] = []
    if position < buffer.count, buffer[position] == UInt8(ascii: "(") {
      parameters = macroParameters(buffer)
    }
    let first = result.macroTokens.count
    while position < buffer.count {
      skipBlanks(buffer)
      guard position < buffer.count, buffer[position] != UInt8(ascii: "\n") else { break }
      if buffer[position] == UInt8(ascii: "/"), next(buffer) == UInt8(ascii: "/") {
        skipLine(buffer)
        break
      }
      if buffer[position] == UInt8(ascii: "/"), next(buffer) == UInt8(ascii: "*") {
        skipComment(buffer)
        continue
      }
      if let token = Self.token(buffer, at: &position, line: &line) { result.macroTokens.append(token) }
    }
    guard !name.isEmpty else { return }
    result.macros.append(
      MacroDefinition(name: name, parameters: parameters, body: first..<result.macroTokens.count, line: defined))
  }

  private mutating func macroParameters(_ buffer: UnsafeBufferPointer<UInt8>) -> [String] {
    position += 1
    var parameters: [String] = []
    var start = position
    while position < buffer.count, buffer[position] != UInt8(ascii: "\n") {
      let byte = buffer[position]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ")") {
        let name = buffer[start..<position].filter { Self.isWord($0) || $0 == UInt8(ascii: ".") }
        if !name.isEmpty { parameters.append(String(decoding: name, as: UTF8.self)) }
        start = position + 1
      }
      position += 1
      if byte == UInt8(ascii: ")") { break }
    }
    return parameters
  }
}
