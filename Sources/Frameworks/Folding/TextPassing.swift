import Facts

/// Which functions nobody here has the body of hand text on: known by the words of their names.
enum TextPassing {
  /// Words of constructors, conversions and translations in common libraries: `std::string`, `c_str`, `QString`,
  /// `strdup`, `str_init`, `move`. Verbs of execution are deliberately not among them: what they return is no text.
  private static let conversions: Set<String> = [
    "string", "str", "text", "literal", "view", "move", "forward", "dup", "strdup", "init", "basic", "data", "utf",
    "latin", "bytes", "qstring", "cstring", "wstring", "ptr", "const", "ref",
  ]
  private static let formats: Set<String> = ["format", "fmt", "printf", "sprintf", "arg", "args", "asprintf"]

  /// Whether a call with these words in its name gives back the text it was given.
  static func isConversion(_ words: [String], name: String) -> Bool {
    // `_("…")`, `N_("…")`, `T("…")`: translation and wide-text macros.
    words.contains { conversions.contains($0) } || name.utf8.count <= 2
  }

  /// Whether a call with these words in its name fills a format.
  static func isFormat(_ words: [String]) -> Bool { words.contains { formats.contains($0) } }

  /// Whether a method puts its argument behind the text it is called on.
  static func isAppending(_ callee: String) -> Bool { appending.contains(callee) }

  private static let appending: Set<String> = [
    "append", "Append", "AppendLine", "appendLine", "push_back", "concat", "Concat", "AppendFormat", "WriteString",
  ]

  /// The variable at the beginning of a chain of calls that each put something behind its text.
  static func builder(_ value: Value) -> String? {
    var current = value
    while case .call(let callee, let receiver?, _) = current, isAppending(callee) { current = receiver }
    if case .name(let name) = current { return name }
    return nil
  }
}
