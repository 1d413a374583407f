package import Basics
package import Facts

/// How one language is read. A value; each language adds its line to `all`.
package struct LanguageFrontend: Sendable {
  /// The language.
  package let language: SourceLanguage
  /// Ends of file names it reads, lower case without the dot.
  package let extensions: [String]
  /// The facts of a file. Linear in its size; never fails.
  package let read: @Sendable (_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts
  /// The syntax tree as text, for people who write frontends.
  package let listing: @Sendable (_ bytes: UnsafeBufferPointer<UInt8>) -> String
  /// Parses and forgets the tree: what reading is measured against. False when the parser gave up.
  package let parse: @Sendable (_ bytes: UnsafeBufferPointer<UInt8>) -> Bool
  /// Names the frontend asks for that its grammar does not have: misspelled, or of another version.
  package let unknownNames: @Sendable () -> [String]

  /// A language whose files end in `extensions` and are parsed with `grammar`; `unknownNames` where that shares its names
  /// with other grammars.
  init<Kind, Field>(
    _ language: SourceLanguage, extensions: [String], grammar: Grammar<Kind, Field>,
    unknownNames: (@Sendable () -> [String])? = nil,
    read: @escaping @Sendable (_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts
  ) {
    self.language = language
    self.extensions = extensions
    self.read = read
    listing = { Syntax(grammar, bytes: $0)?.listing ?? "" }
    parse = { Syntax(grammar, bytes: $0) != nil }
    self.unknownNames = unknownNames ?? { grammar.unknownNames }
  }

  /// A language whose files end in `extensions` and are parsed with `grammar`; `fill` says what a tree holds.
  init<Kind, Field>(
    _ language: SourceLanguage, extensions: [String], grammar: Grammar<Kind, Field>,
    fill: @escaping @Sendable (_ syntax: Syntax<Kind, Field>, _ facts: inout FileFacts) -> Void
  ) {
    self.init(language, extensions: extensions, grammar: grammar) { file, bytes in
      FileFacts(of: file, language, grammar, bytes, fill: fill)
    }
  }

  /// Every language, sorted by name.
  package static let all: [LanguageFrontend] = [
    JavaFrontend.frontend,
    .csharp,
    GoFrontend.frontend,
    PHPFrontend.frontend,
    KotlinFrontend.frontend,
    .ruby,
    PythonFrontend.language,
    TypeScriptFrontend.javascript,
    TypeScriptFrontend.typescript,
  ].sorted { $0.language.rawValue < $1.language.rawValue }

  /// The frontend for a file, by the end of its name, or its whole name when it has no dot; nil when it is in none of
  /// these languages.
  package static func of(_ fileName: String) -> LanguageFrontend? {
    guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return byExtension[fileName.lowercased()] }
    let ending = fileName[fileName.utf8.index(after: dot)...].lowercased()
    return byExtension[ending]
  }

  /// The frontend for a file, where its name leaves open which language it is in by how it begins: `.inc` belongs to
  /// C and PHP alike.
  package static func of(_ fileName: String, content: some Collection<UInt8>) -> LanguageFrontend? {
    if let found = of(fileName) { return found }
    return fileName.hasSuffix(".inc") && PHPFrontend.isPHP(content) ? PHPFrontend.frontend : nil
  }

  private static let byExtension: [String: LanguageFrontend] = Dictionary(
    all.flatMap { frontend in frontend.extensions.map { ($0, frontend) } }, uniquingKeysWith: { first, _ in first })
}
