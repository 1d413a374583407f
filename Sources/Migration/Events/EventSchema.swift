import Basics

/// The JSON of a column: what an event's payload holds for it.
enum EventSchema {
  /// The JSON Schema of a payload.
  static func payload(_ columns: [PlannedColumn], of table: PlannedTable) -> YAMLNode {
    .map([
      ("type", .text("object")), ("required", .texts(columns.map(\.name))),
      ("properties", .map(columns.map { ($0.name, property($0, of: table)) })),
    ])
  }

  private static func property(_ column: PlannedColumn, of table: PlannedTable) -> YAMLNode {
    var entries = shape(column.type)
    if column.isNullable, case .text(let type)? = entries.first?.value {
      entries[0] = ("type", .texts([type, "null"]))
    }
    entries.append(("x-sql-type", .text(column.type.sql)))
    if let finding = PersonalData.finding(column: column, table: table.name.text) {
      entries += [("x-pii", .text(finding.kind.rawValue)), ("x-pii-evidence", .text(finding.evidence))]
    }
    return .map(entries)
  }

  /// Type first, then what narrows it. Numbers JSON readers would round travel as text.
  private static func shape(_ type: PlannedType) -> [(key: String, value: YAMLNode)] {
    func text(_ more: [(key: String, value: YAMLNode)] = []) -> [(key: String, value: YAMLNode)] {
      [("type", .text("string"))] + more
    }
    switch type.kind {
    case .integer: return [("type", .text("integer")), ("format", .text("int64"))]
    case .decimal, .money:
      return text([("pattern", .text(#"^-?[0-9]+(\.[0-9]+)?$"#)), ("description", .text("decimal as text"))])
    case .boolean: return [("type", .text("boolean"))]
    case .float: return [("type", .text("number"))]
    case .text, .padded, .plain:
      // Four bytes a character is what the planner counts with.
      return text(type.maxBytes.flatMap { $0 % 4 == 0 ? [("maxLength", .number($0 / 4))] : nil } ?? [])
    case .binary: return text([("contentEncoding", .text("base64"))])
    case .json: return text([("contentMediaType", .text("application/json"))])
    case .uuid: return text([("format", .text("uuid"))])
    case .date: return text([("format", .text("date"))])
    case .time: return text([("description", .text("hh:mm:ss with fraction, without a zone"))])
    case .timestamp:
      return text([("format", .text("date-time")), ("description", .text("declared without a zone, sent as UTC"))])
    case .timestampZone: return text([("format", .text("date-time"))])
    case .bits: return text([("pattern", .text("^[01]*$"))])
    case .other: return text([("description", .text("as its database prints it"))])
    }
  }

  /// A value that fits the schema.
  static func example(of column: PlannedColumn) -> YAMLNode {
    switch column.type.kind {
    case .integer: .number(42)
    case .boolean: .flag(true)
    case .float: .number(1)
    case .decimal, .money, .text, .padded, .plain, .binary, .json, .uuid, .date, .time, .timestamp, .timestampZone,
      .bits,
      .other:
      .text(exampleText(of: column))
    }
  }

  /// The same as text, as keys are joined.
  static func exampleText(of column: PlannedColumn) -> String {
    switch column.type.kind {
    case .integer: "42"
    case .boolean: "true"
    case .float: "1"
    case .money: "12.00"
    case .decimal(let scale):
      (scale ?? 0) > 0 ? "12.\(String(repeating: "0", count: min(scale ?? 0, 30)))" : "12"
    case .text, .padded, .plain: column.type.maxBytes.map { $0 >= 16 } ?? true ? "text" : "t"
    case .binary: "AP8="
    case .json: "{}"
    case .uuid: "00000000-0000-4000-8000-000000000002"
    case .date: "2026-01-02"
    case .time: "03:04:05"
    case .timestamp, .timestampZone: "2026-01-02T03:04:05.678901Z"
    case .bits: "1"
    case .other: "text"
    }
  }
}
