import Facts

/// The tokens of one statement with what is needed to print them again.
struct QueryTokens {
  let cursor: TokenCursor
  let dialect: Dialect
  private(set) var parameters: [QueryParameter] = []
  private var names: Set<String> = []
  /// Parameters by the token they stand for.
  private var known: [Int: Int] = [:]

  init(cursor: TokenCursor, dialect: Dialect) {
    self.cursor = cursor
    self.dialect = dialect
  }

  var tokens: [Token] { cursor.tokens }

  /// Longest text literal that is shown, in bytes: flags such as `'Y'` say what a query does and are no secrets.
  private static let longestShown = 2

  func spelled(_ index: Int) -> String { cursor.text(of: tokens[index]) }

  func name(_ index: Int) -> String { cursor.name(of: tokens[index]) }

  func isSymbol(_ index: Int, _ sign: UInt8) -> Bool { tokens.indices.contains(index) && tokens[index].isSymbol(sign) }

  func keyword(_ index: Int) -> Keyword { tokens.indices.contains(index) ? tokens[index].keyword : .none }

  /// Whether blanks or comments stand in front of a token.
  func hasSpace(before index: Int) -> Bool {
    guard index > 0 else { return false }
    let before = tokens[index - 1]
    let end = Int(before.end)
    let start = Int(tokens[index].start)
    guard start > end else { return false }
    return cursor.bytes[end..<start].contains { $0.isBlank } || start - end > 2
  }

  /// Whether a token is a text in quotes.
  func isText(_ index: Int) -> Bool {
    switch tokens[index].kind {
    case .string, .body: true
    case .doubleQuoted: dialect.doubleQuotesAreStrings
    case .word, .quoted, .number, .parameter, .variable, .hole, .symbol, .end: false
    }
  }

  /// Whether a token can be a name.
  func isName(_ index: Int) -> Bool {
    guard tokens.indices.contains(index) else { return false }
    switch tokens[index].kind {
    case .word: return !tokens[index].hasHole && !tokens[index].traits.contains(.reserved)
    case .quoted: return !tokens[index].hasHole
    case .doubleQuoted: return !dialect.doubleQuotesAreStrings && !tokens[index].hasHole
    case .string, .body, .number, .parameter, .variable, .hole, .symbol, .end: return false
    }
  }

  /// A literal that has to stay: the grammar takes no parameter there, or it is too short to hide anything.
  func shownLiteral(_ index: Int) -> String? {
    let token = tokens[index]
    guard token.kind != .body, !token.hasEscapes, !token.hasHole else { return nil }
    let text = cursor.text(of: token)
    guard !Placeholder.isPresent(in: text) else { return nil }
    let before = index > 0 ? tokens[index - 1] : token
    let opening = Int(token.start) - 2
    if opening >= 0, cursor.bytes[opening].isLetter, before.end < token.start - 1 { return nil }
    let isBound: Bool
    switch before.keyword {
    case .interval, .date, .time, .timestamp, .timestamptz, .separator, .escape, .as: isBound = true
    default: isBound = before.kind == .symbol && ["->", "->>", "#>", "#>>"].contains(cursor.text(of: before))
    }
    guard isBound || text.utf8.count <= Self.longestShown else { return nil }
    return SQLLiteral.quoted(text, engine: dialect.engine ?? .postgres)
  }

  /// The parameter a token stands for; `near` is the column it is compared with, which names it.
  mutating func parameter(_ index: Int, near: String?, origin: QueryParameter.Origin) -> Int {
    if let found = known[index] { return found }
    let number = newParameter(near: origin == .placeholder ? ownName(index) ?? near : near, origin: origin)
    known[index] = number
    return number
  }

  /// A parameter no token stands for: the text ends where code puts a value.
  mutating func newParameter(near: String?, origin: QueryParameter.Origin) -> Int {
    let plain = String(
      decoding: (near ?? "").lowercased().utf8.map { $0.continuesName && $0 < 0x80 ? $0 : .of("_") }, as: UTF8.self)
    let isUsable = plain.utf8.first.map { $0.isLetter } ?? false
    let wish = isUsable ? String(plain.prefix(40)) : "p\(parameters.count + 1)"
    var name = wish
    var number = 2
    while !names.insert(name).inserted {
      name = "\(wish)_\(number)"
      number += 1
    }
    parameters.append(QueryParameter(name: name, origin: origin))
    return parameters.count - 1
  }

  /// `x` of `:x` and `#{x}`.
  private func ownName(_ index: Int) -> String? {
    let name = spelled(index).utf8.filter { $0.continuesName }
    let text = String(decoding: name, as: UTF8.self)
    return text.utf8.first.map { $0.isLetter } ?? false ? text : nil
  }
}
