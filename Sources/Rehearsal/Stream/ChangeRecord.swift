/// A value of a column on its way from one database to another.
package enum ChangeValue: Hashable, Sendable, Codable {
  case null
  /// Text in the spelling the database prints.
  case text(String)
  /// Bytes as hexadecimal digits.
  case hex(String)
  /// The log left the value out because it did not change.
  case unchanged

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
      return
    }
    let text = try container.decode(String.self)
    // By bytes: a text that begins with a combining mark makes one character with the sign in front of it.
    let rest = String(decoding: text.utf8.dropFirst(), as: UTF8.self)
    switch text.utf8.first {
    case UInt8(ascii: "t"): self = .text(rest)
    case UInt8(ascii: "x"): self = .hex(rest)
    default: self = .unchanged
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .text(let text): try container.encode("t" + text)
    case .hex(let digits): try container.encode("x" + digits)
    case .unchanged: try container.encode("u")
    }
  }
}

/// One change of one row as the log tells it; a changed key is a delete and an insert.
package struct ChangeRecord: Hashable, Sendable, Codable {
  /// What happened to the row.
  package enum Operation: String, Hashable, Sendable, Codable {
    case read = "r", insert = "i", update = "u", delete = "d"
  }

  /// Schema, on MySQL the database, of the table.
  package var schema: String
  /// Name of the table.
  package var table: String
  /// What happened; `read` for rows that were copied.
  package var operation: Operation
  /// Place in the log as a decimal number, growing with every change of a row; 0 for rows that were copied.
  package var version: String
  /// Place of the commit in the log, as a decimal number; grows with every transaction.
  package var commit: UInt64
  /// Number of the change within its transaction, from 0.
  package var index: Int
  /// When the transaction was committed, in microseconds since 1970.
  package var committedAt: Int64
  /// Values by column; of a delete the key at least.
  package var values: [String: ChangeValue]

  /// A change with all its parts.
  package init(
    schema: String, table: String, operation: Operation, version: String, commit: UInt64, index: Int,
    committedAt: Int64, values: [String: ChangeValue]
  ) {
    self.schema = schema
    self.table = table
    self.operation = operation
    self.version = version
    self.commit = commit
    self.index = index
    self.committedAt = committedAt
    self.values = values
  }

  private enum CodingKeys: String, CodingKey {
    case schema = "s", table = "n", operation = "o", version = "v", commit = "c", index = "i", committedAt = "t"
    case values = "d"
  }
}
