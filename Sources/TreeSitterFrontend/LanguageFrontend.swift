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
  /// Names the frontend asks for that its grammar does not have; none when all is well.
  package var unknownNames: @Sendable () -> [String] = { [] }

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
