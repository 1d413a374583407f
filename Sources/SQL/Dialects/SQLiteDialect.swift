import Facts

extension Dialect {
  /// SQLite. Source: sqlite.org/lang.html and sqlite.org/lang_keywords.html.
  package static let sqlite = Dialect(
    engine: .sqlite, identifierQuote: .of("\""), hasBackQuotes: true, hasBrackets: true,
    doubleQuotesAreStrings: false, hasBackslashEscapes: false, hasHashComments: false, dashCommentsNeedBlank: false,
    commentsNest: false, hasDollarQuotes: false,
    marks: [
      Mark("autoincrement", 10), Mark("without rowid", 10), Mark("pragma ", 8), Mark("strftime(", 4),
      Mark("sqlite", 6), Mark("integer primary key", 3),
    ])
}
