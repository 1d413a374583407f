import Basics

/// Types a schema declares: domains, enumerations and SQL Server's aliases, by lower-case name without schema.
struct NamedTypes: Sendable {
  private var bases: [String: String] = [:]

  /// `CREATE DOMAIN n AS …`, `CREATE TYPE n AS ENUM (…)`, `CREATE TYPE n FROM …`; the name is next. Others have nothing
  /// behind them that a column could hold instead.
  mutating func create(_ statement: inout DefinitionCursor) {
    let isDomain = statement.cursor.tokens[1].keyword == .domain
    guard let name = statement.name() else { return }
    let isAlias = statement.cursor.accept(.from)
    let isDefined = statement.cursor.accept(.as) || isDomain
    let isEnumeration = statement.cursor.spells(statement.cursor.token, "enum")
    guard isAlias || isDomain || (isDefined && isEnumeration) else { return }
    let base = statement.type()
    if !base.isEmpty { bases[Self.key(name)] = base }
  }

  /// `ALTER TYPE n ADD VALUE 'x'`; the name is next.
  mutating func alter(_ statement: inout DefinitionCursor) {
    guard let name = statement.name(), statement.cursor.accept(.add), statement.cursor.accept(.value) else { return }
    _ = statement.cursor.accept(.if, .not, .exists)
    guard statement.cursor.token.kind == .string, let base = bases[Self.key(name)], base.hasSuffix(")") else { return }
    bases[Self.key(name)] = "\(base.dropLast()), '\(statement.cursor.text(of: statement.cursor.token))')"
  }

  /// What is behind a type, through domains over domains; empty when the schema declares no such type.
  func base(of type: String) -> String {
    if bases.isEmpty { return "" }
    let suffix = type.hasSuffix("[]") ? "[]" : ""
    var found = ""
    var name = Self.key(String(type.dropLast(suffix.count)))
    // A domain over itself would never end.
    for _ in 0..<8 {
      guard let base = bases[name] else { break }
      found = base
      name = Self.key(base)
    }
    if suffix.isEmpty { return found }
    // An array of an enumeration is one of texts where the enumeration is not there.
    return found.isEmpty ? "" : (found.hasPrefix("enum(") ? "text" : found) + suffix
  }

  private static func key(_ name: String) -> String {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return last.replacing("\"", with: "").lowercased()
  }
}
