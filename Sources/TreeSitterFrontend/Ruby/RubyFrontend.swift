import Facts

extension LanguageFrontend {
  /// Ruby, with what Rake and Rack call their files.
  static let ruby = LanguageFrontend(
    .ruby, extensions: ["rb", "rake", "ru", "gemspec", "rakefile", "gemfile"], grammar: rubyGrammar,
    fill: { syntax, facts in
      var reader = RubyReader(syntax)
      reader.fill(&facts)
    })
}
