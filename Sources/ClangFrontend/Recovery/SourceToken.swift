/// One token of C or C++ source text.
struct SourceToken {
  enum Kind: UInt8 {
    case identifier, number, text, character, punctuator, end
  }

  var kind: Kind
  /// For punctuators: up to three characters packed, first character in the low byte.
  var symbol: UInt32
  /// UTF-8 offsets of the token in the file.
  var start: Int32
  var end: Int32
  /// Line from 1.
  var line: Int32
}

/// Punctuators as packed symbols, so that comparing one is comparing an integer.
enum Symbol {
  static let openBrace = pack("{")
  static let closeBrace = pack("}")
  static let openParen = pack("(")
  static let closeParen = pack(")")
  static let openBracket = pack("[")
  static let closeBracket = pack("]")
  static let semicolon = pack(";")
  static let comma = pack(",")
  static let colon = pack(":")
  static let scope = pack("::")
  static let assign = pack("=")
  static let plusAssign = pack("+=")
  static let plus = pack("+")
  static let percent = pack("%")
  static let shiftLeft = pack("<<")
  static let shiftRight = pack(">>")
  static let less = pack("<")
  static let greater = pack(">")
  static let question = pack("?")
  static let dot = pack(".")
  static let arrow = pack("->")
  static let star = pack("*")
  static let ampersand = pack("&")
  static let doubleAmpersand = pack("&&")
  static let tilde = pack("~")
  static let increment = pack("++")
  static let decrement = pack("--")
  static let not = pack("!")
  static let minus = pack("-")
  static let ellipsis = pack("...")

  static func pack(_ text: StaticString) -> UInt32 {
    var packed: UInt32 = 0
    text.withUTF8Buffer { bytes in
      for (position, byte) in bytes.enumerated() { packed |= UInt32(byte) << UInt32(8 * position) }
    }
    return packed
  }

  /// Every punctuator longer than one character, longest first.
  static let long: [[UInt8]] = [
    "<<=", ">>=", "...", "->*", "<=>", "::", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##",
  ].map { Array($0.utf8) }
}

/// A preprocessor definition met while lexing.
struct MacroDefinition {
  var name: String
  var parameters: [String]
  /// Tokens of the body, as a range into `SourceTokens.macroTokens`.
  var body: Range<Int>
  var line: Int
}

/// An `#include` line.
struct IncludeDirective {
  var path: String
  var isSystem: Bool
  /// Whether a condition decides if it is included, or a definition before it may change what it means.
  var dependsOnText: Bool
}

/// The tokens of one file, with what the preprocessor lines said.
struct SourceTokens {
  var bytes: [UInt8]
  var tokens: [SourceToken] = []
  var macroTokens: [SourceToken] = []
  var macros: [MacroDefinition] = []
  var includes: [IncludeDirective] = []
  var lineCount = 0

  func text(_ token: SourceToken) -> String {
    String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  func matches(_ token: SourceToken, _ word: StaticString) -> Bool {
    let length = Int(token.end - token.start)
    guard token.kind == .identifier, length == word.utf8CodeUnitCount else { return false }
    return bytes.withUnsafeBufferPointer { buffer in
      word.withUTF8Buffer { wanted in
        for position in 0..<length where buffer[Int(token.start) + position] != wanted[position] { return false }
        return true
      }
    }
  }
}
