import Facts

/// What a write does to rows, as far as the code tells.
enum WriteVerb: String, Hashable, CaseIterable {
  case insert, update, delete
  /// Inserts rows or changes those that exist.
  case upsert
  /// Removes all rows without looking at them.
  case truncate
  /// Any of these: the text of the statement is not known.
  case unknown

  /// Whether the change can be undone from rows saved before and after it.
  var isRestorable: Bool {
    switch self {
    case .insert, .update, .delete, .upsert, .unknown: true
    case .truncate: false
    }
  }
}

/// What can be read from the shown text of a statement: literals are masked and long texts cut, so that nothing here is
/// needed for safety, it only makes answers closer.
struct StatementReading: Hashable {
  /// What is done.
  let verb: WriteVerb
  /// Columns set to themselves plus or minus something, as spelled, sorted.
  let relative: [String]
  /// Whether a column that is changed is also compared by size, so that the statement may find no row.
  let isGuarded: Bool
  /// Whether the statement locks what it reads.
  let locks: Bool

  /// Reads `text`; falls back to the rule that found the access where there is none.
  init(text: String, via: String) {
    let words = Self.words(of: text)
    let upper = words.map { $0.uppercased() }
    verb = Self.verb(of: upper) ?? Self.verb(ofRule: via)
    let relative = Self.relativeColumns(words)
    self.relative = Set(relative).sorted()
    let filter = upper.firstIndex(of: "WHERE").map { Array(words[$0...]) } ?? []
    isGuarded = filter.indices.contains { place in
      ["<", ">", "<=", ">="].contains(filter[place]) && place > 0
        && relative.contains(Self.base(filter[place - 1]).lowercased())
    }
    locks = upper.indices.contains { upper[$0] == "UPDATE" && $0 > 0 && upper[$0 - 1] == "FOR" }
  }

  private static func verb(of words: [String]) -> WriteVerb? {
    guard
      let first = words.first(where: { ["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE"].contains($0) })
    else { return nil }
    switch first {
    case "INSERT":
      let isUpsert = words.indices.contains { place in
        words[place] == "ON" && place + 1 < words.count && ["CONFLICT", "DUPLICATE"].contains(words[place + 1])
      }
      return isUpsert ? .upsert : .insert
    case "UPDATE": return .update
    case "DELETE": return .delete
    case "TRUNCATE": return .truncate
    default: return .upsert
    }
  }

  /// The verb in the name of the method a rule followed: `orm:Order.update` ends in one.
  private static func verb(ofRule via: String) -> WriteVerb {
    let parts = via.split(separator: ":", omittingEmptySubsequences: true)
    guard parts.count > 1, let name = parts[1].split(separator: ".").last?.lowercased() else { return .unknown }
    if ["destroy", "delete", "remove", "purge"].contains(where: name.hasPrefix) { return .delete }
    if ["update", "increment", "decrement", "touch", "toggle"].contains(where: name.hasPrefix) { return .update }
    // What is only meant for new rows; `save`, `store` and `merge` may be either.
    if ["insert", "create", "add", "persist", "build"].contains(where: name.hasPrefix) { return .insert }
    return .unknown
  }

  /// Columns of `c = c + …` and `c = t.c - …`, in lower case.
  private static func relativeColumns(_ words: [String]) -> [String] {
    words.indices.compactMap { place in
      guard place > 0, place + 2 < words.count, words[place] == "=", ["+", "-"].contains(words[place + 2]) else {
        return nil
      }
      let target = base(words[place - 1]).lowercased()
      return target == base(words[place + 1]).lowercased() ? target : nil
    }
  }

  private static func base(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }

  /// Names with their qualifiers, without quotes, and signs.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    func isName(_ byte: UInt8) -> Bool {
      (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$") || byte >= 0x80
    }
    func finish() {
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
      word = []
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]"): continue
      case _ where isName(byte): word.append(byte)
      default:
        finish()
        guard byte > 32 else { continue }
        let isEqual = byte == UInt8(ascii: "=")
        if isEqual, let last = words.last, last == "<" || last == ">" {
          words[words.count - 1] = last + "="
        } else {
          words.append(String(decoding: [byte], as: UTF8.self))
        }
      }
    }
    finish()
    return words
  }
}
