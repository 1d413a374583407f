/// One token of a SQL text: what it is and where its bytes lie.
struct Token: Sendable {
  /// What kind of token it is.
  enum Kind: UInt8, Sendable {
    /// An unquoted name or keyword; `keyword` says which.
    case word
    /// A name in back quotes or brackets; the bytes lie between the quotes.
    case quoted
    /// A text in double quotes: a name or a string, depending on dialect and place.
    case doubleQuoted
    /// A string literal; the bytes lie between the quotes.
    case string
    /// A dollar-quoted body; the bytes lie between the tags.
    case body
    /// A number.
    case number
    /// A bound parameter: `?`, `:x`, `$1`.
    case parameter
    /// A variable: `@x`, `@@x`.
    case variable
    /// A hole, or a placeholder that stands for any text.
    case hole
    /// Punctuation or an operator; `symbol` says which.
    case symbol
    /// Behind the last token.
    case end
  }

  /// What kind of token it is.
  var kind: Kind
  /// The keyword of a word, else `.none`.
  var keyword: Keyword = .none
  /// What the grammar may assume of the keyword.
  var traits: KeywordTraits = []
  /// The byte of single punctuation, or one of `Token.Symbol`; 0 for other kinds.
  var symbol: UInt8 = 0
  /// Whether the name holds a hole or placeholder.
  var hasHole = false
  /// Whether the quotes hold doubled quotes or escapes.
  var hasEscapes = false
  /// First byte of the content.
  var start: Int32
  /// One after the last byte of the content.
  var end: Int32

  /// Symbols of more than one byte.
  enum Symbol {
    /// `::`.
    static let cast: UInt8 = 1
    /// `:=`.
    static let assign: UInt8 = 2
    /// Any other operator such as `<=`, `||` or `->>`.
    static let other: UInt8 = 3
  }

  /// Whether the token can name something: a word that is not reserved, a quoted name, or a hole.
  var isName: Bool {
    switch kind {
    case .word: !traits.contains(.reserved)
    case .quoted, .doubleQuoted, .hole: true
    case .string, .body, .number, .parameter, .variable, .symbol, .end: false
    }
  }

  /// Whether this is the given punctuation.
  func isSymbol(_ byte: UInt8) -> Bool { kind == .symbol && symbol == byte }
}
