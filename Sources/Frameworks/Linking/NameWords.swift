/// Splits identifiers into lower-case words, so that names can be compared by what they say.
enum NameWords {
  /// `loadPlayerById`, `load_player_by_id` and `LOAD-PLAYER` give the same kind of list. Linear.
  static func split(_ name: String) -> [String] {
    var name = name
    return name.withUTF8 { bytes in
      var words: [String] = []
      var start = 0
      func close(_ end: Int) {
        if start < end { words.append(lowered(bytes[start..<end])) }
      }
      for (index, byte) in bytes.enumerated() {
        if !isUpper(byte) && !isLower(byte) {
          close(index)
          start = index + 1
        } else if isUpper(byte), index > start,
          isLower(bytes[index - 1]) || (index + 1 < bytes.count && isLower(bytes[index + 1]))
        {
          close(index)
          start = index
        }
      }
      close(bytes.count)
      return words
    }
  }

  private static func lowered(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    String(unsafeUninitializedCapacity: bytes.count) { buffer in
      for (place, byte) in bytes.enumerated() { buffer[place] = byte | 0x20 }
      return bytes.count
    }
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
  private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }

  /// Words of objects that hold the rows of a table.
  private static let storageWords: Set<String> = ["storage", "store", "repository", "dao", "template"]

  /// `sItemStorage`, `user_store`: whether a name is that of an object that holds the rows of a table.
  static func isStorage(_ name: String) -> Bool { split(name).contains { storageWords.contains($0) } }

  /// The last part of a qualified or member name: `b` of `A::b` and `a.b`.
  static func lastPart(_ name: String) -> String {
    var start = name.utf8.startIndex
    var index = name.utf8.startIndex
    while index < name.utf8.endIndex {
      let byte = name.utf8[index]
      index = name.utf8.index(after: index)
      if byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "#")
        || byte == UInt8(ascii: "\\")
      {
        start = index
      }
    }
    return start == name.utf8.startIndex ? name : String(name[start...])
  }
}

/// What a data-access function does to the table it is given, judged by the verb in its name.
enum AccessVerb {
  case read, insert, update, delete, replace

  /// Words that say a call only manages something: none of the tables it is given is read or written by it.
  private static let managing: Set<String> = [
    "raw", "close", "free", "release", "destroy", "register", "bind", "init", "check", "version", "define", "declare",
    "prepare", "begin", "commit", "rollback", "cursor", "head", "tail", "list", "hash", "node",
  ]

  /// What a schema is made of, and words for changing it.
  private static let schemaParts: Set<String> = ["column", "key", "index", "constraint"]
  private static let schemaChanges: Set<String> = [
    "add", "drop", "remove", "create", "modify", "change", "rename", "alter",
  ]

  /// Whether a callee changes the shape of a table and none of its rows: `add_column`.
  private static func changesSchema(_ words: [String]) -> Bool {
    words.contains { schemaParts.contains($0) } && words.contains { schemaChanges.contains($0) }
  }

  /// The verb of a callee such as `insert`, `db_query`, `sql_update_delayed`; nil when the name has none.
  init?(callee: String) {
    let words = NameWords.split(NameWords.lastPart(callee))
    guard !words.contains(where: { Self.managing.contains($0) }), !Self.changesSchema(words) else { return nil }
    for word in words.reversed() {
      if let verb = Self.verb(word) {
        self = verb
        return
      }
      switch word {
      case "load", "read", "find", "count", "get": self = .read
      case "add", "append", "create": self = .insert
      case "save", "store", "write", "set", "modify": self = .update
      case "remove", "purge", "erase": self = .delete
      default: continue
      }
      return
    }
    return nil
  }

  /// The verb of a callee that names what is done to a table in the words of SQL, as is expected of what is done on a
  /// database handle; nil for any other.
  init?(handleCallee callee: String) {
    let words = NameWords.split(NameWords.lastPart(callee))
    guard !words.contains(where: { Self.managing.contains($0) }),
      let verb = words.reversed().lazy.compactMap(Self.verb).first
    else { return nil }
    self = verb
  }

  private static func verb(_ word: String) -> AccessVerb? {
    switch word {
    case "query", "select", "fetch": .read
    case "insert": .insert
    case "update": .update
    case "delete": .delete
    case "replace", "upsert", "merge": .replace
    default: nil
    }
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
