import Basics
import Facts

/// Reads Go.
enum GoFrontend {
  /// The line of `LanguageFrontend.all`.
  static let frontend = LanguageFrontend(
    .go, extensions: ["go"], grammar: GoGrammar.grammar, read: { read($0, $1) })

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
}
