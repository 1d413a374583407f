import Basics
import Facts
import SQL

/// One statement and what it should do, in the notation `r table(a,b) w other(*) d third`.
struct Case: CustomStringConvertible, Sendable {
  let text: String
  let expected: String
  var engine: EngineFamily?

  init(_ text: String, _ expected: String, _ engine: EngineFamily? = nil) {
    self.text = text
    self.expected = expected
    self.engine = engine
  }

  var description: String { text }
}

/// Turns `«»` and `«3»` into holes.
func withHoles(_ text: String) -> String {
  text.replacing("«", with: "\u{1}").replacing("»", with: "\u{2}")
}

/// Prints accesses in the notation of the tests, holes as `«3»`.
func notation(_ accesses: [StatementAccess]) -> String {
  accesses.map { access in
    let columns = access.columns.isEmpty ? "" : "(\(access.columns.joined(separator: ",")))"
    return "\(access.operation.rawValue.first!) \(access.table.text)\(columns)"
  }.joined(separator: " ").replacing("\u{1}", with: "«").replacing("\u{2}", with: "»")
}

/// What the reader says of a text: accesses of all statements, `-` when none is understood.
func read(_ text: String, _ engine: EngineFamily? = nil) -> String {
  let statements = SQLReader(engine: engine).statements(in: withHoles(text))
  let understood = statements.filter(\.isUnderstood)
  if understood.isEmpty { return "-" }
  return notation(understood.flatMap(\.accesses))
}
