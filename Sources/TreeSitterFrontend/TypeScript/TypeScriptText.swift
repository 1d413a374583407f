/// Literals as texts.
enum TypeScriptText {
  /// The text of a string literal with its quotes.
  static func literal(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.count >= 2 else { return "" }
    return escapes.text(bytes[1..<(bytes.count - 1)])
  }

  /// What a backslash stands for.
  static let escapes = EscapeRules(letters: "0bfnrtv", numbers: ["x": 2, "u": 4], joinsLines: true)
}
