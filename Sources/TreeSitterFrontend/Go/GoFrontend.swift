import Basics
import Facts

/// Reads Go.
enum GoFrontend {
  /// Names the frontend asks for that the grammar does not have; empty unless the grammar changed.
  private static var unknownNames: [String] { GoGrammar.grammar.unknownNames }

  /// The line of `LanguageFrontend.all`.
  static let frontend = LanguageFrontend(
    language: .go, extensions: ["go"], read: { read($0, $1) }, listing: { listing($0) },
    unknownNames: { unknownNames })

  private static func read(_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    guard let syntax = Syntax(GoGrammar.grammar, bytes: bytes) else {
      return FileFacts(
        file: file, language: .go,
        diagnostics: [
          Diagnostic(
            code: "parse-refused", severity: .warning, span: SourceSpan(file: file, line: 0),
            message: "the parser refused the file")
        ])
    }
    var reader = GoReader(syntax: syntax, lineCount: bytes.lazy.filter { $0 == 10 }.count)
    return reader.read(file)
  }

  private static func listing(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    Syntax(GoGrammar.grammar, bytes: bytes)?.listing ?? ""
  }
}
