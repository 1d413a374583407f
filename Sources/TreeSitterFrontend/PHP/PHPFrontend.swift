import Basics
import Facts

/// Reads PHP: classes, functions and templates.
enum PHPFrontend {
  /// The line of `LanguageFrontend.all`.
  static let frontend = LanguageFrontend(
    .php, extensions: ["php", "phtml"], grammar: PHPGrammar.grammar, read: { read($0, $1) })

  /// Whether a file whose name says little begins like PHP: `.inc` belongs to C and to PHP.
  static func isPHP(_ bytes: some Collection<UInt8>) -> Bool {
    let start = bytes.drop { $0 == UInt8(ascii: " ") || ($0 >= 9 && $0 <= 13) || $0 >= 0x80 }
    return start.starts(with: "<?php".utf8)
  }

  /// The facts of a file. Linear in its size; never fails.
  static func read(_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    guard let syntax = Syntax(PHPGrammar.grammar, bytes: bytes) else {
      return FileFacts(
        file: file, language: .php,
        diagnostics: [
          Diagnostic(
            code: "parse-refused", severity: .warning, span: SourceSpan(file: file, line: 0),
            message: "the parser refused the file")
        ])
    }
    var reader = PHPReader(syntax: syntax, bytes: bytes)
    return reader.read(file)
  }
}
