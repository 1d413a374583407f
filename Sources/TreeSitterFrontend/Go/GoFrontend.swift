import Facts

/// Reads Go.
enum GoFrontend {
  /// The line of `LanguageFrontend.all`.
  static let frontend = LanguageFrontend(.go, extensions: ["go"], grammar: GoGrammar.grammar) { syntax, facts in
    var reader = GoReader(syntax)
    reader.fill(&facts)
  }
}
