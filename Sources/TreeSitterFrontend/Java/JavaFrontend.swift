import Facts

/// The Java frontend.
package enum JavaFrontend {
  /// Its line in the registry.
  static let frontend = LanguageFrontend(.java, extensions: ["java"], grammar: JavaGrammar.shared) { syntax, facts in
    JavaReader(syntax).fill(&facts)
  }
}
