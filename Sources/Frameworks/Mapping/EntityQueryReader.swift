import Basics
import Facts
import SQL

/// Reads queries over entity names (JPQL, HQL, DQL): what they do to tables, through paths that lead along relations.
struct EntityQueryReader {
  private let model: EntityModel

  init(model: EntityModel) { self.model = model }

  /// What a query does to tables; nil when it is none or names no entity. `file` is where it stands: names of entities
  /// are resolved from there.
  func statement(in text: String, from file: Int? = nil) -> SQLStatement? {
    let tokens = EntityQueryLexer.tokens(of: text)
    guard case .path(let first)? = tokens.first, first.count == 1, let kind = Self.kinds[first[0].lowercased()] else {
      return nil
    }
    var walk = EntityQueryWalk(tokens: tokens, model: model, file: file, kind: kind)
    walk.run()
    guard !walk.accesses.isEmpty || walk.hasUnknownEntity else { return nil }
    return SQLStatement(
      kind: kind, accesses: walk.statementAccesses, joins: walk.joins, hasUnknownTable: walk.hasUnknownEntity,
      isUnderstood: true)
  }

  /// DQL names entities with their namespaces: `SELECT o FROM App\Entity\Order o`.
  static func withoutNamespaces(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var result: [UInt8] = []
    var start = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\\") {
        result.removeLast(result.count - start)
        continue
      }
      result.append(byte)
      if !EntityQueryLexer.isWord(byte) { start = result.count }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let kinds: [String: StatementKind] = [
    "select": .select, "from": .select, "update": .update, "delete": .delete, "insert": .insert,
  ]
}

/// What a query over entity names is made of.
enum EntityQueryToken: Hashable {
  /// A word, or words joined by dots: a keyword, an alias, a path, the name of an entity.
  case path([String])
  /// A bracket, comma or operator.
  case mark(UInt8)
  /// A text, number or parameter.
  case literal
  /// Something that is known only at run time.
  case hole
}

/// Takes queries over entity names apart.
enum EntityQueryLexer {
  static func tokens(of text: String) -> [EntityQueryToken] {
    let bytes = Array(text.utf8)
    var tokens: [EntityQueryToken] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 1:
        while index < bytes.count, bytes[index] != 2 { index += 1 }
        index += 1
        tokens.append(.hole)
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        index += 1
        while index < bytes.count, bytes[index] != byte { index += 1 }
        index += 1
        tokens.append(.literal)
      case UInt8(ascii: ":"), UInt8(ascii: "?"):
        index += 1
        while index < bytes.count, isWord(bytes[index]) { index += 1 }
        tokens.append(.literal)
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        while index < bytes.count, isWord(bytes[index]) || bytes[index] == UInt8(ascii: ".") { index += 1 }
        tokens.append(.literal)
      default:
        if isWord(byte) {
          tokens.append(.path(path(bytes, &index)))
        } else {
          if byte > 32 { tokens.append(.mark(byte)) }
          index += 1
        }
      }
    }
    return tokens
  }

  private static func path(_ bytes: [UInt8], _ index: inout Int) -> [String] {
    var parts: [String] = []
    while index < bytes.count, isWord(bytes[index]) {
      let start = index
      while index < bytes.count, isWord(bytes[index]) { index += 1 }
      parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
      // `App:Order` of DQL; a colon behind a blank begins a parameter.
      guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ":"),
        isWord(bytes[index + 1])
      else { break }
      index += 1
    }
    return parts
  }

  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"), UInt8(ascii: "\\"), UInt8(ascii: "#"),
      0x80...0xff:
      true
    default: false
    }
  }
}
