import Facts

/// A declared type taken apart: `int(10) unsigned` is name `int`, arguments `10`, unsigned.
struct DeclaredType: Hashable {
  let name: String
  let arguments: String
  let isUnsigned: Bool
  let isArray: Bool

  /// Reads a declaration; never fails, unknown words stay part of the name.
  init(_ text: String) {
    var outside: [UInt8] = []
    var inside: [UInt8] = []
    var depth = 0
    var quoted = false
    var sawArray = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "'") { quoted.toggle() }
      if !quoted, byte == UInt8(ascii: "(") {
        depth += 1
        if depth == 1 {
          outside.append(UInt8(ascii: " "))
          continue
        }
      }
      if !quoted, byte == UInt8(ascii: ")") {
        depth -= 1
        if depth <= 0 {
          depth = 0
          outside.append(UInt8(ascii: " "))
          continue
        }
      }
      if depth == 0, byte == UInt8(ascii: "[") { sawArray = true }
      if depth > 0 { inside.append(byte) } else { outside.append(byte) }
    }
    var words: [Substring] = []
    var unsigned = false
    reading: for word in String(decoding: outside, as: UTF8.self).lowercased().split(separator: " ") {
      switch word {
      case "unsigned": unsigned = true
      case "zerofill", "signed": continue
      case "binary" where !words.isEmpty: continue
      case "collate", "charset", "comment", "default", "not", "null": break reading
      case "character" where !words.isEmpty: break reading
      default: words.append(word.prefix { $0 != "[" })
      }
    }
    name = words.filter { !$0.isEmpty }.joined(separator: " ")
    arguments = String(decoding: inside, as: UTF8.self)
    isUnsigned = unsigned
    isArray = sawArray
  }

  /// The number after the comma of `(12,2)`; 0 when there is only one number, nil when there is none.
  var scale: Int? {
    let parts = arguments.split(separator: ",")
    if parts.isEmpty { return nil }
    return parts.count > 1 ? Int(parts[1].filter { $0 != " " }) : 0
  }

  /// The first number in the arguments.
  var length: Int? { Int(arguments.prefix { $0 != "," }.filter { $0 != " " }) }
}

/// The type a column gets in the service's own database.
struct PlannedType: Hashable {
  /// What to write in DDL.
  let sql: String
  /// What it holds.
  let kind: ValueKind
  /// The longest value in bytes; nil when nothing limits it.
  let maxBytes: Int?
  /// Digits of fractional seconds, for defaults that have to repeat them.
  let fraction: Int?
  /// Whether the declared type was not recognised and text is used instead.
  let isUnknown: Bool

  /// The type of `column`, declared in the syntax of `catalog`, for `engine`.
  init(_ column: Column, catalog: EngineFamily, engine: PlanEngine) {
    let declared = DeclaredType(column.type)
    // SQLite takes any type name, H2 those of many engines: what PostgreSQL knows is read its way, the rest as MySQL's.
    let knownToPostgres = TypeRule.all.contains { $0.postgres.contains(declared.name) }
    let isMixed = catalog == .sqlite || catalog == .h2
    let fromMySQL = catalog == .mysql || (isMixed && !knownToPostgres)
    guard !declared.isArray || (!fromMySQL && !engine.isMySQLFamily),
      let rule = TypeRule.all.first(where: { (fromMySQL ? $0.mysql : $0.postgres).contains(declared.name) })
    else {
      self.init(
        sql: engine.isMySQLFamily ? "longtext" : "text", kind: .other, maxBytes: nil, fraction: nil, isUnknown: true)
      return
    }
    self.init(
      sql: Self.spelling(of: rule, declared: declared, text: column.type, fromMySQL: fromMySQL, engine: engine),
      kind: declared.isArray ? .other : Self.kind(of: rule, declared: declared),
      maxBytes: declared.isArray ? nil : Self.maxBytes(of: rule, declared: declared),
      fraction: Self.fraction(of: rule, declared: declared, fromMySQL: fromMySQL), isUnknown: false)
  }

  /// A type with all its parts.
  init(sql: String, kind: ValueKind, maxBytes: Int?, fraction: Int?, isUnknown: Bool) {
    self.sql = sql
    self.kind = kind
    self.maxBytes = maxBytes
    self.fraction = fraction
    self.isUnknown = isUnknown
  }

  private static func kind(of rule: TypeRule, declared: DeclaredType) -> ValueKind {
    if case .decimal = rule.kind { return .decimal(scale: declared.scale) }
    return rule.kind
  }

  private static func fraction(of rule: TypeRule, declared: DeclaredType, fromMySQL: Bool) -> Int? {
    guard rule.kind == .timestamp || rule.kind == .timestampZone else { return nil }
    return declared.length ?? (fromMySQL ? 0 : 6)
  }

  private static func maxBytes(of rule: TypeRule, declared: DeclaredType) -> Int? {
    switch rule.kind {
    case .text:
      if rule.mysql.first == "enum" { return 255 }
      if rule.postgres.contains("character") { return 4 * (declared.length ?? 1) }
      return declared.length.map { 4 * $0 }
    case .binary: return declared.name.hasSuffix("binary") ? declared.length ?? 1 : nil
    case .json, .other: return nil
    default: return 16
    }
  }

  private static func spelling(
    of rule: TypeRule, declared: DeclaredType, text: String, fromMySQL: Bool, engine: PlanEngine
  ) -> String {
    if engine.isMySQLFamily {
      if fromMySQL { return declared.name == "serial" ? "bigint unsigned" : sameEngine(declared, text: text) }
      switch rule.kind {
      case .decimal where declared.arguments.isEmpty: return "decimal(65,30)"
      case .timestamp, .timestampZone, .time: return "\(rule.asMySQL.dropLast(3))(\(min(declared.length ?? 6, 6)))"
      case .text where rule.asMySQL.hasSuffix("($)") && declared.arguments.isEmpty:
        return rule.postgres.contains("varchar") ? "longtext" : "char(1)"
      default: return fill(rule.asMySQL, declared.arguments)
      }
    }
    if !fromMySQL {
      if let plain = serials[declared.name] { return plain }
      return rule.kind == .other && rule.asPostgres == "text" ? text : sameEngine(declared, text: text)
    }
    if declared.isUnsigned, let wide = rule.asPostgresUnsigned { return wide }
    if rule.kind == .timestamp || rule.kind == .timestampZone || rule.kind == .time {
      return fill(rule.asPostgres, declared.arguments.isEmpty ? "0" : declared.arguments)
    }
    return fill(rule.asPostgres, declared.arguments)
  }

  /// Serial types are sequences in disguise: the copy gets the plain integer and an identity.
  private static let serials = [
    "serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint", "smallserial": "smallint",
    "serial2": "smallint",
  ]

  /// The declaration as it stands, without trailing attributes such as a collation that may not exist elsewhere.
  private static func sameEngine(_ declared: DeclaredType, text: String) -> String {
    if declared.isArray { return text }
    let arguments = declared.arguments.isEmpty ? "" : "(\(declared.arguments))"
    let unsigned = declared.isUnsigned ? " unsigned" : ""
    // `timestamp(3) with time zone` keeps its arguments in the middle.
    for suffix in [" with time zone", " without time zone"] where declared.name.hasSuffix(suffix) {
      return "\(declared.name.dropLast(suffix.count))\(arguments)\(suffix)"
    }
    return "\(declared.name)\(arguments)\(unsigned)"
  }

  private static func fill(_ template: String, _ arguments: String) -> String {
    guard template.hasSuffix("($)") else { return template }
    return arguments.isEmpty ? String(template.dropLast(3)) : "\(template.dropLast(3))(\(arguments))"
  }
}
