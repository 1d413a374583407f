import Foundation

/// What a dump says that a scratch server does not know.
enum ForeignWords {
  /// Views, triggers and routines belong to whoever loads them: logins of the live server are not known elsewhere.
  static func withoutDefiners(_ dump: String) -> String {
    dump.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
      // Only where the dump itself writes it, in front of the program: not in a body, not in a text.
      let starts = ["CREATE DEFINER=", "/*!50003 CREATE*/ /*!50017 DEFINER=", "/*!50013 DEFINER=", "/*!50020 DEFINER="]
      guard let start = starts.first(where: { line.hasPrefix($0) }) else { return line }
      var rest = line.dropFirst(start.count)
      skipName(&rest)
      if rest.first == "@" {
        rest.removeFirst()
        skipName(&rest)
      }
      return start.dropLast("DEFINER=".count) + rest
    }.joined(separator: "\n")
  }

  private static func skipName(_ rest: inout Substring) {
    guard rest.first == "`" else {
      rest = rest.drop { $0 != "@" && $0 != " " && $0 != "*" }
      return
    }
    rest.removeFirst()
    while let sign = rest.popFirst() {
      guard sign == "`" else { continue }
      if rest.first != "`" { return }
      rest.removeFirst()
    }
  }

  /// Collations only MySQL 8 has, as the nearest of MariaDB.
  static func known(to dump: String) -> (text: String, notes: [String]) {
    var text = ""
    var rest = dump[...]
    var count = 0
    while let range = rest.range(of: "utf8mb4_0900_") {
      text += rest[..<range.lowerBound]
      let tail = rest[range.upperBound...].prefix { $0.isLetter || $0 == "_" }
      text += tail == "bin" || tail.hasSuffix("as_cs") ? "utf8mb4_bin" : "utf8mb4_unicode_520_ci"
      rest = rest[tail.endIndex...]
      count += 1
    }
    let notes =
      count == 0 ? [] : ["\(count) collations of MySQL were replaced by the nearest of MariaDB: order may differ"]
    return (text + rest, notes)
  }
}
