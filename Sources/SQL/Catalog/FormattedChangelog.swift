package import Facts

/// Files of Liquibase's formatted SQL, whose comments say what runs where.
///
/// Source: Liquibase documentation, "SQL" changelog format.
enum FormattedChangelog {
  private static let head = "--liquibase formatted sql"

  /// `text` with the change sets of other engines blanked, and with the delimiters change sets name; line numbers stay.
  ///
  /// Other texts are returned as they are. Linear.
  static func cleaned(_ text: String, engine: EngineFamily?) -> String {
    guard isChangelog(text) else { return text }
    var lines: [Substring.UTF8View.SubSequence] = []
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    lines = text.utf8.split(separator: .of("\n"), omittingEmptySubsequences: false)
    var isLeftOut = false
    var hasDelimiter = false
    for line in lines {
      if let words = changeSet(line) {
        isLeftOut = !Self.runs(words["dbms"], on: engine)
        let delimiter = words["enddelimiter"].flatMap { plain($0) }
        if delimiter != nil || hasDelimiter { result += Array("DELIMITER \(delimiter ?? ";")".utf8) }
        hasDelimiter = delimiter != nil
      } else if !isLeftOut {
        result += line
      }
      result.append(.of("\n"))
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether the first line says so, blanks aside.
  static func isChangelog(_ text: String) -> Bool {
    let line = text.utf8.drop { $0 == 0xEF || $0 == 0xBB || $0 == 0xBF || $0.isBlank }.prefix { $0 != .of("\n") }
    let bare = line.filter { !$0.isBlank }.map(\.lowered)
    return bare.starts(with: head.utf8.filter { $0 != .of(" ") })
  }

  /// The attributes of a line `--changeset author:id dbms:x …`; nil for other lines.
  private static func changeSet(_ line: some Sequence<UInt8>) -> [String: String]? {
    let text = String(decoding: Array(line), as: UTF8.self)
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard let first = words.first?.lowercased() else { return nil }
    let isMark = first == "--changeset" || first == "--" && words.count > 1 && words[1].lowercased() == "changeset"
    guard isMark else { return nil }
    var attributes: [String: String] = [:]
    for word in words {
      guard let colon = word.firstIndex(of: ":") else { continue }
      attributes[word[..<colon].lowercased()] = String(word[word.index(after: colon)...])
    }
    return attributes
  }

  /// A delimiter that is no pattern and that the reader of scripts does not know anyway.
  private static func plain(_ delimiter: String) -> String? {
    let isKnown = [";", "/", "go"].contains(delimiter.lowercased())
    return isKnown || delimiter.contains("\\") || delimiter.isEmpty ? nil : delimiter
  }

  /// Whether a list such as `mysql,mariadb` or `!h2` holds for an engine; an unknown engine takes everything.
  static func runs(_ list: String?, on engine: EngineFamily?) -> Bool {
    guard let list, let engine, !list.isEmpty else { return true }
    let names = list.lowercased().split(separator: ",").map { $0.filter { $0 != " " && $0 != "\"" && $0 != "'" } }
    let family = { (name: String) in SchemaWords.dialects[name].flatMap { SchemaWords.family(of: $0) } }
    if names.contains("all") { return true }
    let forbidden = names.filter { $0.hasPrefix("!") }.compactMap { family(String($0.dropFirst())) }
    if forbidden.contains(engine) { return false }
    let wanted = names.filter { !$0.hasPrefix("!") }
    return wanted.isEmpty || wanted.compactMap(family).contains(engine)
  }
}

/// Lists of engines as change sets of Liquibase name them.
package enum ChangeSetEngines {
  /// Whether a list such as `mysql,mariadb` or `!h2` holds for an engine; an unknown engine takes everything.
  package static func hold(_ list: String, for engine: EngineFamily?) -> Bool {
    FormattedChangelog.runs(list, on: engine)
  }

  /// The families that lists ask for, in their order, with repeats; H2 and its kin stand in tests only, mostly.
  package static func families(in list: String) -> [EngineFamily] {
    list.lowercased().split(separator: ",").compactMap { name in
      SchemaWords.dialects[name.filter { $0 != " " }].flatMap { SchemaWords.family(of: $0) }
    }
  }
}
