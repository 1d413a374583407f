/// Words inside identifiers and paths.
package enum PathNames {
  /// The path without the extension of its last component; `a.b/c` keeps its dot.
  package static func withoutExtension(_ path: String) -> String {
    let bytes = path.utf8
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return path }
    if let slash = bytes.lastIndex(of: UInt8(ascii: "/")), slash > dot { return path }
    return String(path[..<dot])
  }

  /// The last component of a path.
  package static func lastComponent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// The lower case singular words of an identifier: `IOGuildRanks` gives io, guild, rank; `acc_cdrs` gives acc, cdr.
  package static func words(_ identifier: String) -> [String] { parts(identifier).map(singular) }

  /// The last part of a qualified name: of `A::b`, `A.b`, `A#b` and `A\b` it is `b`.
  static func lastName(of name: String) -> String {
    let separators: [UInt8] = [UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "#"), UInt8(ascii: "\\")]
    guard let start = name.utf8.lastIndex(where: separators.contains) else { return name }
    return String(name[name.utf8.index(after: start)...])
  }

  /// What a node is called itself: a type or table without what it is nested in, a file without folder and extension.
  static func ownName(of node: GraphNode) -> String {
    switch node.kind {
    case .type, .table: lastName(of: node.name)
    case .file: withoutExtension(lastComponent(node.name))
    }
  }

  /// The lower case words of an identifier as written: `IOGuildRanks` gives io, guild, ranks.
  package static func parts(_ identifier: String) -> [String] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    let bytes = Array(identifier.utf8)
    for (position, byte) in bytes.enumerated() {
      guard isLetterOrDigit(byte) else {
        flush(&word, into: &words)
        continue
      }
      if startsWord(bytes, at: position) { flush(&word, into: &words) }
      word.append(isUpper(byte) ? byte + 32 : byte)
    }
    flush(&word, into: &words)
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func flush(_ word: inout [UInt8], into words: inout [[UInt8]]) {
    if !word.isEmpty { words.append(word) }
    word = []
  }

  private static func startsWord(_ bytes: [UInt8], at position: Int) -> Bool {
    guard position > 0, isUpper(bytes[position]) else { return false }
    if !isUpper(bytes[position - 1]) { return true }
    return position + 1 < bytes.count && isLower(bytes[position + 1])
  }

  /// English plurals only as far as both spellings of one word meet: companies, company; boxes stay as boxe.
  private static func singular(_ word: String) -> String {
    guard word.utf8.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us") else { return word }
    if word.utf8.count > 4, word.hasSuffix("ies") { return String(word.dropLast(3)) + "y" }
    return String(word.dropLast())
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte >= 65 && byte <= 90 }
  private static func isLower(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 }
  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isUpper(byte) || isLower(byte) || byte >= 128 || (byte >= 48 && byte <= 57)
  }
}
