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

/// The type a column has in one of the databases.
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
  /// Whether the schema itself declares the type: a domain, an enumeration.
  let isNamed: Bool
  /// What the type cannot hold of the declared one, in words; nil when it holds everything.
  let loss: String?

  /// The type of `column`, declared in the syntax of `catalog`, for `engine`.
  init(_ column: Column, catalog: EngineFamily, engine: PlanEngine) {
    let isNamed = !column.underlying.isEmpty
    let written = isNamed ? column.underlying : column.type
    let declared = DeclaredType(written)
    guard let (shape, family) = ShapeReader.shape(of: declared, in: catalog) else {
      let text = SQLText(engine: engine)
      self.init(sql: text.type(.longText), kind: .other, maxBytes: nil, fraction: nil, isUnknown: true)
      return
    }
    if family == engine.family, let same = Self.sameEngine(declared, shape, text: written, engine: engine) {
      self.init(
        sql: same, kind: shape.kind, maxBytes: shape.maxBytes, fraction: shape.fraction, isUnknown: false,
        isNamed: isNamed, loss: Self.ownLoss(shape, engine))
      return
    }
    let spelled = ShapeWriter.spelled(column.isGenerated ? Self.numbered(shape) : shape, on: engine)
    self.init(
      sql: spelled.sql, kind: spelled.kind, maxBytes: shape.maxBytes, fraction: shape.fraction, isUnknown: false,
      isNamed: isNamed, loss: spelled.loss ?? (shape == .choice ? "takes any text, not only the values listed" : nil))
  }

  /// A type with all its parts.
  init(
    sql: String, kind: ValueKind, maxBytes: Int?, fraction: Int?, isUnknown: Bool, isNamed: Bool = false,
    loss: String? = nil
  ) {
    self.sql = sql
    self.kind = kind
    self.maxBytes = maxBytes
    self.fraction = fraction
    self.isUnknown = isUnknown
    self.isNamed = isNamed
    self.loss = loss
  }

  /// Numbers an engine gives out count from 1: 64 bits hold them, whatever precision was declared.
  private static func numbered(_ shape: ColumnShape) -> ColumnShape {
    if case .decimal = shape { return .integer(bits: 64, isUnsigned: false) }
    return shape
  }

  /// What is lost even on the same engine.
  private static func ownLoss(_ shape: ColumnShape, _ engine: PlanEngine) -> String? {
    if shape == .rowVersion { return "the copy keeps the bytes; the engine gives new ones only where rows are written" }
    return nil
  }

  /// Serial types are sequences in disguise: the copy gets the plain integer and an identity.
  private static let serials = [
    "serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint", "smallserial": "smallint",
    "serial2": "smallint",
  ]

  /// The declaration as it stands, without trailing attributes such as a collation that may not exist elsewhere; nil
  /// when the new column has to be of another type.
  private static func sameEngine(
    _ declared: DeclaredType, _ shape: ColumnShape, text: String, engine: PlanEngine
  ) -> String? {
    if declared.isArray { return shape == .choice ? nil : text }
    switch engine {
    case .postgres:
      if let plain = serials[declared.name] { return plain }
      // The enumeration itself stays in the old database.
      if shape == .choice { return nil }
      if case .document = shape { return text }
      if case .figure = shape { return text }
      if case .address = shape { return text }
    case .mysql, .mariadb:
      if declared.name == "serial" { return "bigint unsigned" }
    case .sqlserver:
      // Nobody but the engine may write a row version.
      if shape == .rowVersion { return nil }
    case .oracle:
      // A table may have one LONG and no statement may compare it.
      if declared.name == "long" { return "clob" }
      if declared.name == "long raw" { return "blob" }
      if declared.name.hasPrefix("interval") || declared.name.contains(".") { return text }
    }
    let arguments = declared.arguments.isEmpty ? "" : "(\(declared.arguments))"
    let unsigned = declared.isUnsigned ? " unsigned" : ""
    // `timestamp(3) with time zone` keeps its arguments in the middle.
    for suffix in [" with time zone", " with local time zone", " without time zone"] {
      guard declared.name.hasSuffix(suffix) else { continue }
      return "\(declared.name.dropLast(suffix.count))\(arguments)\(suffix)"
    }
    return "\(declared.name)\(arguments)\(unsigned)"
  }
}
