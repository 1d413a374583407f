/// Splits identifiers into lower-case words, so that names can be compared by what they say.
enum NameWords {
  /// `loadPlayerById`, `load_player_by_id` and `LOAD-PLAYER` give the same kind of list. Linear.
  static func split(_ name: String) -> [String] {
    let bytes = Array(name.utf8)
    var words: [String] = []
    var current: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let starts = isUpper(byte) && index > 0
        && (isLower(bytes[index - 1]) || (isUpper(bytes[index - 1]) && index + 1 < bytes.count && isLower(bytes[index + 1])))
      if !isUpper(byte) && !isLower(byte) || starts {
        if !current.isEmpty { words.append(String(decoding: current, as: UTF8.self)) }
        current = []
      }
      if isUpper(byte) || isLower(byte) { current.append(byte | 0x20) }
    }
    if !current.isEmpty { words.append(String(decoding: current, as: UTF8.self)) }
    return words
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
  private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }

  /// The last part of a qualified or member name: `b` of `A::b` and `a.b`.
  static func lastPart(_ name: String) -> String {
    var start = name.utf8.startIndex
    var index = name.utf8.startIndex
    while index < name.utf8.endIndex {
      let byte = name.utf8[index]
      index = name.utf8.index(after: index)
      if byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") { start = index }
    }
    return start == name.utf8.startIndex ? name : String(name[start...])
  }
}

/// What a data-access function does to the table it is given, judged by the verb in its name.
enum AccessVerb {
  case read, insert, update, delete, replace

  /// The verb of a callee such as `insert`, `db_query`, `sql_update_delayed`; nil when the name has none.
  init?(callee: String) {
    for word in NameWords.split(NameWords.lastPart(callee)).reversed() {
      switch word {
      case "query", "select", "fetch", "load", "read", "find", "count", "get":
        self = .read
        return
      case "insert", "add", "append", "create": self = .insert
        return
      case "update", "save", "store", "write", "set", "modify": self = .update
        return
      case "delete", "remove", "purge", "erase": self = .delete
        return
      case "replace", "upsert", "merge": self = .replace
        return
      default: continue
      }
    }
    return nil
  }

  /// A statement that does to `table` what the verb says.
  func statement(table: String, columns: [String]) -> String {
    let list = columns.joined(separator: ", ")
    switch self {
    case .read: return "SELECT \(columns.isEmpty ? "*" : list) FROM \(table)"
    case .insert: return "INSERT INTO \(table) \(columns.isEmpty ? "" : "(\(list)) ")VALUES (?)"
    case .replace: return "REPLACE INTO \(table) \(columns.isEmpty ? "" : "(\(list)) ")VALUES (?)"
    case .update:
      return "UPDATE \(table) SET \(columns.isEmpty ? "x = ?" : columns.map { "\($0) = ?" }.joined(separator: ", "))"
    case .delete: return "DELETE FROM \(table)"
    }
  }
}
