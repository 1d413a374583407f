package import Facts

/// How one family of engines writes SQL, as far as the lexer and the printers care.
package struct Dialect: Sendable, Hashable {
  /// The family; nil for the union that is used while the engine is unknown.
  package let engine: EngineFamily?
  /// The quote around identifiers when printing.
  package let identifierQuote: UInt8
  /// Whether back quotes enclose identifiers.
  package let hasBackQuotes: Bool
  /// Whether square brackets enclose identifiers.
  package let hasBrackets: Bool
  /// Whether double quotes enclose strings, not identifiers.
  package let doubleQuotesAreStrings: Bool
  /// Whether a backslash escapes the next character of a string.
  package let hasBackslashEscapes: Bool
  /// Whether `#` starts a comment that runs to the end of the line.
  package let hasHashComments: Bool
  /// Whether `--` starts a comment only before a blank.
  package let dashCommentsNeedBlank: Bool
  /// Whether block comments nest.
  package let commentsNest: Bool
  /// Whether `$tag$ … $tag$` encloses strings.
  package let hasDollarQuotes: Bool
  /// Whether `q'[ … ]'` encloses strings.
  package let hasAlternativeQuotes: Bool
  /// Whether `GO` alone separates batches, and statements of a batch need no semicolon between them.
  package let hasBatches: Bool
  /// Whether a routine ends at a line that holds `/` alone.
  package let endsRoutinesWithSlash: Bool
  /// Lower-case marks of a schema file written for this engine, each with how much it says.
  package let marks: [Mark]

  /// A stretch of text that tells the engine.
  package struct Mark: Sendable, Hashable {
    /// Lower-case text.
    package let text: String
    /// How much one occurrence says; 1 is a hint, 10 nearly proof.
    package let weight: Int

    init(_ text: String, _ weight: Int) {
      self.text = text
      self.weight = weight
    }
  }

  /// Whether `#` may stand inside of names.
  var hasHashNames: Bool { hasBatches || endsRoutinesWithSlash }

  /// Accepts what any family writes; where they contradict each other the lexer looks at the neighbourhood.
  package static let anyEngine = Dialect(
    engine: nil, hasBrackets: true, hasBackslashEscapes: true, hasHashComments: true, hasDollarQuotes: true,
    hasAlternativeQuotes: true)

  init(
    engine: EngineFamily?, identifierQuote: UInt8 = .of("\""), hasBackQuotes: Bool = true, hasBrackets: Bool = false,
    doubleQuotesAreStrings: Bool = false, hasBackslashEscapes: Bool = false, hasHashComments: Bool = false,
    dashCommentsNeedBlank: Bool = false, commentsNest: Bool = false, hasDollarQuotes: Bool = false,
    hasAlternativeQuotes: Bool = false, hasBatches: Bool = false, endsRoutinesWithSlash: Bool = false,
    marks: [Mark] = []
  ) {
    self.engine = engine
    self.identifierQuote = identifierQuote
    self.hasBackQuotes = hasBackQuotes
    self.hasBrackets = hasBrackets
    self.doubleQuotesAreStrings = doubleQuotesAreStrings
    self.hasBackslashEscapes = hasBackslashEscapes
    self.hasHashComments = hasHashComments
    self.dashCommentsNeedBlank = dashCommentsNeedBlank
    self.commentsNest = commentsNest
    self.hasDollarQuotes = hasDollarQuotes
    self.hasAlternativeQuotes = hasAlternativeQuotes
    self.hasBatches = hasBatches
    self.endsRoutinesWithSlash = endsRoutinesWithSlash
    self.marks = marks
  }

  /// The dialect of a family, or the union when it is unknown.
  package static func of(_ engine: EngineFamily?) -> Dialect {
    guard let engine else { return anyEngine }
    return registry.first { $0.engine == engine } ?? anyEngine
  }

  /// Every dialect, sorted by family name.
  package static let registry: [Dialect] = [.h2, .mysql, .oracle, .postgres, .sqlite, .sqlserver]
}
