import Basics
import Facts

/// The column types that Hibernate creates for types of attributes.
struct JPAColumnType {
  let naming: JPANaming

  private static let primitives: Set<String> = [
    "int", "long", "short", "byte", "boolean", "char", "double", "float",
  ]

  /// Whether a type has no value for nothing, so that its column never is null.
  static func isPrimitive(_ type: String) -> Bool { primitives.contains(type) }

  /// Whether a type is one Hibernate knows how to store in one column.
  static func isBasic(_ type: String) -> Bool { plain[NameWords.lastPart(type)] != nil || type.hasPrefix("Array<") }

  /// Names of types that mean the same.
  private static let plain: [String: String] = [
    "String": "text", "CharSequence": "text", "int": "int", "Integer": "int", "Int": "int", "long": "long",
    "Long": "long", "short": "short", "Short": "short", "byte": "byte", "Byte": "byte", "boolean": "bool",
    "Boolean": "bool", "char": "char", "Character": "char", "Char": "char", "double": "double", "Double": "double",
    "float": "float", "Float": "float", "BigDecimal": "decimal", "BigInteger": "integer", "LocalDate": "date",
    "LocalTime": "time", "LocalDateTime": "datetime", "Instant": "instant", "OffsetDateTime": "instant",
    "ZonedDateTime": "instant", "Date": "datetime", "Timestamp": "datetime", "Calendar": "datetime", "Time": "time",
    "UUID": "uuid", "Duration": "duration", "Class": "text", "Locale": "text", "Currency": "text", "URL": "text",
    "TimeZone": "text", "ZoneId": "text", "Blob": "blob", "Clob": "clob", "ByteArray": "bytes", "EntityID": "long",
  ]

  /// The type of a column for an attribute.
  func type(
    of declared: String, isEnum: Bool, column: AnnotationFact?, annotations: [AnnotationFact]
  ) -> String {
    if let definition = column?.text("columnDefinition") {
      return definition.lowercased().split(separator: " ").joined(separator: " ")
    }
    let length = number(column, "length") ?? self.length(annotations)
    if isEnum { return enumeration(annotations, length: length) }
    var kind = Self.plain[NameWords.lastPart(declared)] ?? (declared == "Array<byte>" ? "bytes" : "object")
    if declared == "Array<char>" { kind = "text" }
    if annotations.first(named: "Lob") != nil { kind = kind == "text" || kind == "clob" ? "clob" : "blob" }
    if case .name(let temporal)? = annotations.first(named: "Temporal")?.argument("value") {
      if temporal.hasSuffix("TIMESTAMP") { kind = "datetime" } else if temporal.hasSuffix("DATE") { kind = "date" }
      if temporal.hasSuffix("TIME") { kind = "time" }
    }
    return naming.engine == .mysql ? mysql(kind, length, column) : postgres(kind, length, column)
  }

  private func number(_ annotation: AnnotationFact?, _ name: String) -> Int? {
    guard case .literal(let digits)? = annotation?.argument(name) else { return nil }
    return Int(digits)
  }

  private func length(_ annotations: [AnnotationFact]) -> Int? {
    number(annotations.first(named: "Size", "Length"), "max")
  }

  private func enumeration(_ annotations: [AnnotationFact], length: Int?) -> String {
    if case .name(let kind)? = annotations.first(named: "Enumerated")?.argument("value"), kind.hasSuffix("STRING") {
      return "varchar(\(length ?? 255))"
    }
    guard naming.isJakarta else { return naming.engine == .mysql ? "integer" : "integer" }
    return naming.engine == .mysql ? "tinyint" : "smallint"
  }

  private func decimal(_ column: AnnotationFact?, name: String, scale: Int) -> String {
    let precision = number(column, "precision").flatMap { $0 == 0 ? nil : $0 } ?? (naming.isJakarta ? 38 : 19)
    return "\(name)(\(precision),\(number(column, "scale") ?? scale))"
  }

  private func postgres(_ kind: String, _ length: Int?, _ column: AnnotationFact?) -> String {
    let isNew = naming.isJakarta
    return switch kind {
    case "text": "varchar(\(length ?? 255))"
    case "int": "integer"
    case "long": "bigint"
    case "short", "byte": "smallint"
    case "bool": "boolean"
    case "char": "char(1)"
    case "double": isNew ? "float(53)" : "float8"
    case "float": isNew ? "float(24)" : "float4"
    case "decimal": decimal(column, name: "numeric", scale: 2)
    case "integer": decimal(column, name: "numeric", scale: isNew ? 0 : 2)
    case "date": "date"
    case "time": isNew ? "time(6)" : "time"
    case "datetime": isNew ? "timestamp(6)" : "timestamp"
    case "instant": isNew ? "timestamp(6) with time zone" : "timestamp"
    case "uuid": "uuid"
    case "duration": isNew ? "numeric(21,0)" : "bigint"
    case "clob": isNew ? "oid" : "text"
    case "blob": "oid"
    default: "bytea"
    }
  }

  private func mysql(_ kind: String, _ length: Int?, _ column: AnnotationFact?) -> String {
    let isNew = naming.isJakarta
    return switch kind {
    case "text": "varchar(\(length ?? 255))"
    case "int": "integer"
    case "long": "bigint"
    case "short": "smallint"
    case "byte": "tinyint"
    case "bool": "bit"
    case "char": "char(1)"
    case "double": isNew ? "float(53)" : "double precision"
    case "float": isNew ? "float(23)" : "float"
    case "decimal": decimal(column, name: "decimal", scale: 2)
    case "integer": decimal(column, name: "decimal", scale: isNew ? 0 : 2)
    case "date": "date"
    case "time": isNew ? "time(6)" : "time"
    case "datetime", "instant": "datetime(6)"
    case "uuid": isNew ? "binary(16)" : "binary(255)"
    case "duration": isNew ? "decimal(21,0)" : "bigint"
    case "clob": isNew ? "tinytext" : "longtext"
    case "blob": isNew ? "tinyblob" : "longblob"
    default: isNew ? "varbinary(\(length ?? 255))" : "tinyblob"
    }
  }
}
