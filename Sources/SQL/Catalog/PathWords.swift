/// Takes paths of schema files apart.
enum PathWords {
  /// Lower-case runs of letters and runs of digits: `V2.1__add_users` gives `v 2 1 add users`.
  static func split(_ text: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    var wasDigit = false
    for byte in text.utf8 {
      let isDigit = byte.isDigit
      guard byte.continuesName, byte != .of("_") else {
        flush(&word, into: &words)
        continue
      }
      if isDigit != wasDigit { flush(&word, into: &words) }
      word.append(byte.lowered)
      wasDigit = isDigit
    }
    flush(&word, into: &words)
    return words
  }

  private static func flush(_ word: inout [UInt8], into words: inout [String]) {
    if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
    word.removeAll(keepingCapacity: true)
  }

  /// The name without what follows its last dots of schema file endings: `a.sql.in` gives `a`.
  static func stem(of fileName: String) -> String {
    var parts = fileName.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    while parts.count > 1, let last = parts.last, endings.contains(last.lowercased()) { parts.removeLast() }
    return parts.joined(separator: ".")
  }

  private static let endings: Set<String> = [
    "sql", "ddl", "in", "pgsql", "psql", "mysql", "sqlite", "sqlite3", "template", "tmpl", "tpl", "dump",
  ]

  /// Compares runs of digits as numbers, so that `v10` comes after `v9`.
  static func naturalOrder(_ left: [String], _ right: [String]) -> Bool {
    for (first, second) in zip(left, right) where first != second {
      if let a = number(first), let b = number(second), a != b { return a < b }
      return first < second
    }
    return left.count < right.count
  }

  private static func number(_ word: String) -> UInt64? { word.utf8.first?.isDigit == true ? UInt64(word) : nil }
}
