import Facts
import Migration
import SQL

/// How a rehearsal writes names and values in the SQL of a server.
struct Wording {
  let kind: Endpoint.Kind

  private var family: EngineFamily { kind == .postgres ? .postgres : .mysql }

  /// An identifier.
  func name(_ name: String) -> String { SQLIdentifier.quoted(name, engine: family) }

  /// How cleave itself reads the log of the server.
  var logReader: String { kind == .postgres ? "cleave through logical decoding" : "cleave from the binary log" }

  /// A qualified name.
  func table(_ schema: String, _ name: String) -> String { "\(self.name(schema)).\(self.name(name))" }

  /// A qualified name.
  func table(_ place: PlanPlace) -> String { table(place.schema, place.name) }

  /// A text literal.
  func literal(_ text: String) -> String { SQLLiteral.quoted(text, engine: family) }

  /// A value as a literal; nil when the log left it out.
  func value(_ value: ChangeValue) -> String? {
    switch value {
    case .null: "NULL"
    case .text(let text): literal(text)
    case .hex(let digits): kind == .postgres ? "'\\x\(digits)'" : (digits.isEmpty ? "''" : "x'\(digits)'")
    case .unchanged: nil
    }
  }

  /// A column as text, the same on both sides: bytes as hexadecimal digits.
  func text(of column: String, isBinary: Bool) -> String {
    switch kind {
    case .postgres: "\(name(column))::text"
    case .mariadb: isBinary ? "hex(\(name(column)))" : "cast(\(name(column)) AS char)"
    }
  }
}
