import Basics
import Facts
import SQL

/// One statement found in one place of one function.
struct StatementHit {
  var function: FunctionID
  var line: Int
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
  var text: String
  var reason: String
}

/// Parses texts once and remembers the answer: the same text is met on every branch and in every caller.
final class StatementCache {
  // A class because it holds the memory shared by every lookup of one run.
  private let reader: SQLReader
  private var known: [String: [SQLStatement]] = [:]

  init(engine: EngineFamily?) { reader = SQLReader(engine: engine) }

  /// The statements of `text` that the grammar understands; empty for text that is no SQL.
  func statements(in text: String) -> [SQLStatement] {
    if let found = known[text] { return found }
    guard SQLReader.mayBeStatement(text) else { return [] }
    let found = reader.statements(in: text).filter(\.isUnderstood)
    known[text] = found
    return found
  }
}
