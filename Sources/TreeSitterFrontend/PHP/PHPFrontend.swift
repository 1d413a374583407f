import Facts

/// Reads PHP: classes, functions and templates.
enum PHPFrontend {
  /// The line of `LanguageFrontend.all`.
  static let frontend = LanguageFrontend(
    .php, extensions: ["php", "phtml"], grammar: PHPGrammar.grammar
  ) { syntax, facts in
    var reader = PHPReader(syntax)
    reader.fill(&facts)
  }

  /// Whether a file whose name says little begins like PHP: `.inc` belongs to C and to PHP.
  static func isPHP(_ bytes: some Collection<UInt8>) -> Bool {
    let start = bytes.drop { $0 == UInt8(ascii: " ") || ($0 >= 9 && $0 <= 13) || $0 >= 0x80 }
    return start.starts(with: "<?php".utf8)
  }
}
