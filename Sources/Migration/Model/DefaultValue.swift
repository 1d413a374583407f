import Facts

/// A column default that is known to work on the new database; expressions of other shapes are reported, not copied.
struct DefaultValue: Hashable {
  /// What to write after `DEFAULT`; nil when the default was left behind.
  let sql: String?
  /// Whether a default was declared that could not be carried over.
  let isLost: Bool

  /// No default.
  static let none = DefaultValue(sql: nil, isLost: false)
  private static let lost = DefaultValue(sql: nil, isLost: true)

  private init(sql: String?, isLost: Bool) {
    self.sql = sql
    self.isLost = isLost
  }

  /// The default of `column` for a column of type `type` on the engine of `text`.
  init(of column: Column, type: PlannedType, catalog: EngineFamily, text: SQLText) {
    guard let written = column.defaultExpression, !column.isGenerated else {
      self = .none
      return
    }
    self = Self.read(written, type: type, catalog: catalog, text: text)
  }

  private static func read(
    _ written: String, type: PlannedType, catalog: EngineFamily, text: SQLText
  ) -> DefaultValue {
    let trimmed = trim(written)
    let lower = trimmed.lowercased()
    if lower == "null" || lower.hasPrefix("null::") || lower.isEmpty { return .none }
    if lower.hasPrefix("nextval(") || lower.hasSuffix(".nextval") { return .none }
    if identifiers.contains(lower) { return identifier(type: type, text: text) }
    if let now = clock(lower, type: type, text: text) { return now }
    if let value = stringLiteral(trimmed, backslashes: catalog == .mysql) {
      return constant(value, type: type, text: text, wasText: true)
    }
    if lower == "true" || lower == "false" || number(lower) {
      return constant(lower, type: type, text: text, wasText: false)
    }
    return .lost
  }

  /// Functions that make a new identifier.
  private static let identifiers: Set<String> = [
    "gen_random_uuid()", "uuid_generate_v4()", "uuid()", "(uuid())", "newid()", "newsequentialid()", "sys_guid()",
    "random_uuid()",
  ]

  private static func identifier(type: PlannedType, text: SQLText) -> DefaultValue {
    guard type.kind == .uuid else { return .lost }
    switch text.engine {
    case .postgres: return DefaultValue(sql: "gen_random_uuid()", isLost: false)
    case .mysql, .mariadb: return DefaultValue(sql: "(uuid())", isLost: false)
    case .sqlserver: return DefaultValue(sql: "newid()", isLost: false)
    // SYS_GUID is no version 4 identifier and has no dashes.
    case .oracle: return .lost
    }
  }

  private static func constant(_ value: String, type: PlannedType, text: SQLText, wasText: Bool) -> DefaultValue {
    let lower = value.lowercased()
    switch type.kind {
    case .integer, .float, .decimal, .money:
      if lower == "true" { return DefaultValue(sql: "1", isLost: false) }
      if lower == "false" { return DefaultValue(sql: "0", isLost: false) }
      return number(lower) ? DefaultValue(sql: lower, isLost: false) : .lost
    case .boolean:
      let isTrue = ["1", "t", "true", "y", "yes", "on"].contains(lower)
      guard isTrue || ["0", "f", "false", "n", "no", "off"].contains(lower) else { return .lost }
      return DefaultValue(sql: text.flag(isTrue).uppercased(), isLost: false)
    case .text, .padded, .plain, .uuid:
      // MySQL takes no literal default on its unbounded text types.
      if text.isMySQL, type.maxBytes == nil || type.isUnbounded { return .lost }
      return DefaultValue(sql: text.literal(value), isLost: false)
    case .date, .timestamp, .timestampZone:
      // The zero date is no date on PostgreSQL and refused by MySQL's default mode.
      guard wasText, value.utf8.count >= 10, !value.hasPrefix("0000") else { return .lost }
      // Oracle reads dates in the format of the session unless the literal says what it is.
      if text.engine == .oracle {
        let isDate = value.utf8.count == 10
        guard isDate || value.utf8.count >= 19 else { return .lost }
        return DefaultValue(sql: "\(isDate ? "DATE" : "TIMESTAMP") \(text.literal(value))", isLost: false)
      }
      return DefaultValue(sql: text.literal(value), isLost: false)
    case .json where !text.isMySQL:
      return wasText ? DefaultValue(sql: text.literal(value), isLost: false) : .lost
    case .binary where text.engine == .postgres && value.isEmpty:
      return DefaultValue(sql: "''", isLost: false)
    case .time, .json, .binary, .bits, .other: return .lost
    }
  }

  /// `CURRENT_TIMESTAMP` and its relatives, with MySQL's `ON UPDATE` kept where it exists.
  private static func clock(_ lower: String, type: PlannedType, text: SQLText) -> DefaultValue? {
    let names = [
      "current_timestamp", "now(", "localtimestamp", "localtime", "transaction_timestamp(", "statement_timestamp(",
      "getdate()", "getutcdate()", "sysdatetime()", "sysutcdatetime()", "sysdatetimeoffset()", "sysdate",
      "systimestamp",
    ]
    if lower == "current_date" || lower == "curdate()" {
      return type.kind == .date ? today(text) : .lost
    }
    guard names.contains(where: lower.hasPrefix) else { return nil }
    // Anything after the function but a precision, a cast or ON UPDATE is an expression of its own.
    guard !lower.contains("interval"), !lower.contains("+"), !lower.contains("-") else { return .lost }
    switch type.kind {
    case .timestamp, .timestampZone:
      // The clock of the old server, where it is another function than the standard's, may be in another zone.
      if !text.isMySQL {
        let sameClock = lower.hasPrefix("sysdate") && text.engine == .oracle ? "SYSDATE" : "CURRENT_TIMESTAMP"
        return DefaultValue(sql: sameClock, isLost: lower.contains("on update"))
      }
      let digits = type.fraction ?? 0
      let function = digits > 0 ? "CURRENT_TIMESTAMP(\(digits))" : "CURRENT_TIMESTAMP"
      return DefaultValue(
        sql: lower.contains("on update") ? "\(function) ON UPDATE \(function)" : function, isLost: false)
    case .date: return today(text)
    case .integer, .decimal, .money, .boolean, .float, .text, .padded, .plain, .binary, .json, .uuid, .time, .bits,
      .other:
      return .lost
    }
  }

  private static func today(_ text: SQLText) -> DefaultValue {
    switch text.engine {
    case .postgres: DefaultValue(sql: "CURRENT_DATE", isLost: false)
    case .mysql, .mariadb: .lost
    case .sqlserver: DefaultValue(sql: "CAST(CURRENT_TIMESTAMP AS date)", isLost: false)
    // A DATE there has a time of day: the midnight it began at.
    case .oracle: DefaultValue(sql: "TRUNC(SYSDATE)", isLost: false)
    }
  }

  private static func number(_ text: String) -> Bool {
    var digits = 0
    var points = 0
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case 48...57: digits += 1
      case UInt8(ascii: "."): points += 1
      case UInt8(ascii: "-"), UInt8(ascii: "+"):
        if index != 0 { return false }
      default: return false
      }
    }
    return digits > 0 && points <= 1
  }

  /// The text of one quoted literal, optionally followed by a cast; nil when anything else stands there.
  private static func stringLiteral(_ text: String, backslashes: Bool) -> String? {
    // `N'…'` of SQL Server.
    let isNational = text.hasPrefix("N'") || text.hasPrefix("n'")
    let bytes = Array(text.utf8.dropFirst(isNational ? 1 : 0))
    guard bytes.count >= 2, let quote = bytes.first, quote == UInt8(ascii: "'") || (backslashes && quote == 34) else {
      return nil
    }
    var value: [UInt8] = []
    var index = 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == quote {
        guard index + 1 < bytes.count, bytes[index + 1] == quote else { break }
        value.append(quote)
        index += 2
        continue
      }
      if backslashes, byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
        value.append(unescaped(bytes[index + 1]))
        index += 2
        continue
      }
      value.append(byte)
      index += 1
    }
    guard index < bytes.count else { return nil }
    let rest = bytes[(index + 1)...]
    guard rest.isEmpty || rest.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  private static func unescaped(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "n"): 10
    case UInt8(ascii: "t"): 9
    case UInt8(ascii: "r"): 13
    default: byte
    }
  }

  private static func trim(_ text: String) -> String {
    var bytes = Substring(text)
    while let first = bytes.first, first == " " || first == "(" { bytes = bytes.dropFirst() }
    let opened = text.utf8.count - bytes.utf8.count
    if opened > 0 {
      while let last = bytes.last, last == " " || last == ")" {
        // `(now())` keeps its own parentheses.
        if last == ")", bytes.filter({ $0 == "(" }).count >= bytes.filter({ $0 == ")" }).count { break }
        bytes = bytes.dropLast()
      }
    }
    return String(bytes)
  }
}
