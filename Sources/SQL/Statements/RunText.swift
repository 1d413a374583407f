import Facts

/// A text that a routine builds to run it: literals put together, and holes for the rest.
struct RunText {
  /// The text; nil when no literal is part of it.
  private(set) var text: String?
  /// Index of the token behind it.
  private(set) var end: Int

  private var built = ""
  private var hasLiteral = false
  private var holes = 0
  private let reader: RoutineReader

  /// Most bytes of a text; a loop of appends in hostile text would double it again and again.
  private static let longest = 100_000

  /// Reads the expression that begins at `index`.
  init(of reader: RoutineReader, from index: Int) {
    self.reader = reader
    end = index
    read(until: { token, depth in
      depth == 0
        && (token.isSymbol(.of(";")) || token.isSymbol(.of(",")) || token.keyword == .using || token.keyword == .into
          || token.keyword == .loop || BatchWords.starts.contains(token.keyword))
    })
    if hasLiteral, built.utf8.count <= Self.longest { text = built }
  }

  private mutating func read(until stops: (Token, Int) -> Bool) {
    var depth = 0
    while true {
      let token = reader.peek(end)
      if token.kind == .end || stops(token, depth) { return }
      switch token.kind {
      case .string, .body:
        append(token)
      case .symbol:
        if token.symbol == .of("(") { depth += 1 }
        if token.symbol == .of(")") {
          depth -= 1
          if depth < 0 { return }
        }
      case .word, .quoted, .doubleQuoted: name(token)
      case .variable, .parameter, .number, .hole: value(token)
      case .end: return
      }
      end += 1
    }
  }

  private mutating func append(_ token: Token) {
    hasLiteral = true
    let literal = NestedText.decode(token, in: reader.bytes, escapes: reader.dialect.hasBackslashEscapes)
    built += FormatText.withHoles(literal)
  }

  /// A variable, or a function: the texts in the arguments of those that join texts belong to the text.
  private mutating func name(_ token: Token) {
    guard reader.peek(end + 1).isSymbol(.of("(")) else { return value(token) }
    switch reader.spelled(token) {
    case "concat", "concat_ws", "isnull", "coalesce", "nvl", "cast", "convert", "ifnull", "upper", "lower", "trim":
      return
    case "format": formatted()
    default:
      hole()
      skipArguments()
    }
  }

  /// `format('… %I …', a, b)`: the first argument is the text.
  private mutating func formatted() {
    end += 2
    let first = reader.peek(end)
    if first.kind == .string || first.kind == .body { append(first) } else { value(first) }
    var depth = 1
    while depth > 0, reader.peek(end).kind != .end {
      if reader.peek(end).isSymbol(.of("(")) { depth += 1 }
      if reader.peek(end).isSymbol(.of(")")) { depth -= 1 }
      if depth > 0 { end += 1 }
    }
  }

  private mutating func skipArguments() {
    var depth = 0
    while reader.peek(end + 1).kind != .end {
      end += 1
      if reader.peek(end).isSymbol(.of("(")) { depth += 1 }
      if reader.peek(end).isSymbol(.of(")")) { depth -= 1 }
      if depth == 0 { return }
    }
  }

  private mutating func value(_ token: Token) {
    if token.kind != .number, let known = reader.texts[reader.spelled(token)] {
      hasLiteral = true
      built += known
    } else {
      hole()
    }
  }

  private mutating func hole() {
    built += Hole.text(index: holes)
    holes += 1
  }
}

/// The text of PostgreSQL's `format`.
enum FormatText {
  /// `text` with holes for `%I`, `%L`, `%s` and those with a position.
  static func withHoles(_ text: String) -> String {
    guard text.utf8.contains(.of("%")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      var end = index + 1
      if bytes[index] == .of("%") {
        while end < bytes.count, bytes[end].isDigit || bytes[end] == .of("$") { end += 1 }
        if end < bytes.count, bytes[end] == .of("I") || bytes[end] == .of("L") || bytes[end] == .of("s") {
          result += [Hole.opening, Hole.closing]
          index = end + 1
          continue
        }
        end = index + 1
      }
      result += bytes[index..<end]
      index = end
    }
    return String(decoding: result, as: UTF8.self)
  }
}
