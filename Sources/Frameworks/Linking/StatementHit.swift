import Basics
import Facts
import SQL

/// One statement found in one place of one function.
struct StatementHit {
  var function: FunctionID
  var line: Int
  /// The file the line is in, when that is not the function's.
  var file: Int?
  var statement: SQLStatement
  /// The rule that found it.
  var via: String
  var confidence: Confidence
  var inLoop: Bool
}

/// A statement whose table is a parameter of the function it stands in: callers complete it.
struct StatementTemplate: Hashable {
  /// The text with numbered holes.
  var text: String
  var inLoop: Bool
}

/// A statement that reaches the database but whose tables stay unknown.
struct UnknownStatement {
  var function: FunctionID
  var line: Int
  /// The file the line is in, when that is not the function's.
  var file: Int?
  var text: String
  var reason: String
}

/// Names that are quoted by a function at run time: `…invoice…` with a hole on both sides means the declared `invoice`.
enum QuotedNames {
  /// The statement with such names resolved; unchanged when there are none.
  static func resolved(_ statement: SQLStatement, declared: Set<String>) -> SQLStatement {
    guard statement.hasUnknownTable else { return statement }
    var resolved = statement
    var isUnknown = false
    for (place, access) in statement.accesses.enumerated() where Hole.contains(access.table.text) {
      let bare = TableName(Hole.removed(from: access.table.text))
      let isEnclosed = access.table.text.utf8.first == 1 && access.table.text.utf8.last == 2
      if isEnclosed, declared.contains(bare.baseKey) {
        resolved.accesses[place].table = bare
      } else {
        isUnknown = true
      }
    }
    resolved.joins = statement.joins.map {
      StatementJoin(
        left: TableName(Hole.removed(from: $0.left.text)), right: TableName(Hole.removed(from: $0.right.text)),
        needsBothSides: $0.needsBothSides)
    }
    resolved.hasUnknownTable = isUnknown || !statement.accesses.contains { Hole.contains($0.table.text) }
    return resolved
  }
}

/// Parses texts once and remembers the answer: the same text is met on every branch and in every caller.
final class StatementCache {
  // A class because it holds the memory shared by every lookup of one run.
  private let reader: SQLReader
  private let engine: EngineFamily?
  private let declared: Set<String>
  private var known: [String: [SQLStatement]] = [:]

  init(engine: EngineFamily?, declared: Set<String>) {
    reader = SQLReader(engine: engine)
    self.engine = engine
    self.declared = declared
  }

  /// "Table `x` has no …" reads like the short form `TABLE x`, which no program of this kind uses with more words.
  private static func isSentenceAboutTable(_ text: String) -> Bool {
    guard text.utf8.prefix(6).elementsEqual("table ".utf8, by: { $0 | 0x20 == $1 }) else { return false }
    return text.utf8.prefix(200).filter { $0 == UInt8(ascii: " ") }.count > 1
  }

  private static func part(of text: String, from start: Int, to end: Int?) -> String {
    String(decoding: text.utf8.dropFirst(start).prefix((end ?? text.utf8.count) - start), as: UTF8.self)
  }

  /// The statements of `text` that the grammar understands; empty for text that is no SQL.
  func statements(in text: String) -> [SQLStatement] {
    if let found = known[text] { return found }
    guard SQLReader.mayBeStatement(text), !Self.isSentenceAboutTable(text) else { return [] }
    let read = reader.statements(in: text)
    var found: [SQLStatement] = []
    for (place, statement) in read.enumerated() where statement.isUnderstood {
      var resolved = QuotedNames.resolved(statement, declared: declared)
      let end = place + 1 < read.count ? read[place + 1].offset : nil
      resolved.shownText = MaskedText.text(of: text, from: place == 0 ? 0 : statement.offset, to: end, engine: engine)
      if statement.kind == .select {
        // One statement is the common case and shares the text.
        resolved.wholeText =
          read.count == 1 ? text : Self.part(of: text, from: place == 0 ? 0 : statement.offset, to: end)
      }
      found.append(resolved)
    }
    known[text] = found
    return found
  }
}
