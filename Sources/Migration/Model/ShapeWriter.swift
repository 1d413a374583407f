/// A shape as one engine spells it.
struct SpelledType: Hashable {
  let sql: String
  /// What the values are there.
  let kind: ValueKind
  /// What is lost on the way, in words; nil when nothing is.
  let loss: String?

  init(_ sql: String, _ kind: ValueKind, loss: String? = nil) {
    self.sql = sql
    self.kind = kind
    self.loss = loss
  }
}

/// Writes shapes in the types of an engine that did not declare them; values keep their full range, or the loss is said.
enum ShapeWriter {
  static func spelled(_ shape: ColumnShape, on engine: PlanEngine) -> SpelledType {
    switch engine {
    case .postgres: postgres(shape)
    case .mysql, .mariadb: mysql(shape)
    case .sqlserver: sqlserver(shape)
    case .oracle: oracle(shape)
    }
  }

  private static let ownText = "only its engine understands the values; their text is kept"
  private static let offset = "points in time are kept, the zone they were written in is not"
  private static let arrayText = "arrays become their text"

  /// Fractional seconds of more digits than the engine has are cut.
  private static func cut(_ digits: Int, at limit: Int) -> String? {
    digits > limit ? "digits \(limit + 1) to \(digits) of fractional seconds are cut" : nil
  }

  // MARK: PostgreSQL

  private static func postgres(_ shape: ColumnShape) -> SpelledType {
    switch shape {
    case .integer(let bits, let isUnsigned): SpelledType(postgresInteger(bits, isUnsigned), .integer)
    case .year: SpelledType("smallint", .integer)
    case .decimal(nil, _): SpelledType("numeric", shape.kind)
    case .decimal(.some(let precision), let scale):
      SpelledType("numeric(\(precision)\((scale ?? 0) == 0 ? "" : ",\(scale ?? 0)"))", shape.kind)
    case .money(let scale): SpelledType("numeric(19,\(scale))", .decimal(scale: scale))
    case .real: SpelledType("real", .float)
    case .double: SpelledType("double precision", .float)
    case .boolean: SpelledType("boolean", .boolean)
    case .bits(let count): SpelledType("bit(\(count))", shape.kind)
    case .varyingBits(let count): SpelledType("bit varying\(count.map { "(\($0))" } ?? "")", .other)
    case .char(let length): SpelledType("character(\(length))", .padded)
    case .varchar(let length): SpelledType("character varying\(length.map { "(\($0))" } ?? "")", .text)
    case .longText, .choice: SpelledType("text", .text)
    case .binary: SpelledType("bytea", .binary)
    case .rowVersion: SpelledType("bytea", .binary, loss: "the engine no longer changes it with every write")
    case .date: SpelledType("date", .date)
    case .time(let digits): SpelledType("time(\(min(digits, 6)))", .time, loss: cut(digits, at: 6))
    case .zonedTime(let digits): SpelledType("time(\(min(digits, 6))) with time zone", .other)
    case .timestamp(let digits): SpelledType("timestamp(\(min(digits, 6)))", .timestamp, loss: cut(digits, at: 6))
    case .zonedTimestamp(let digits):
      SpelledType("timestamptz(\(min(digits, 6)))", .timestampZone, loss: cut(digits, at: 6))
    case .interval: SpelledType("interval", .other)
    case .json: SpelledType("jsonb", .json)
    case .uuid: SpelledType("uuid", .uuid)
    case .address: SpelledType("inet", .other)
    case .document: SpelledType("text", .other)
    case .figure, .foreign: SpelledType("text", .other, loss: ownText)
    case .array: SpelledType("text", .other, loss: arrayText)
    }
  }

  private static func postgresInteger(_ bits: Int, _ isUnsigned: Bool) -> String {
    switch bits {
    case ...8: "smallint"
    case ...16: isUnsigned ? "integer" : "smallint"
    case ...24: "integer"
    case ...32: isUnsigned ? "bigint" : "integer"
    default: isUnsigned ? "numeric(20)" : "bigint"
    }
  }

  // MARK: MySQL and MariaDB

  /// Rows hold 65535 bytes in all, long texts not counted: texts longer than this become long ones.
  static let longestVarchar = 1024

  private static func mysql(_ shape: ColumnShape) -> SpelledType {
    switch shape {
    case .integer(let bits, let isUnsigned): SpelledType(mysqlInteger(bits) + (isUnsigned ? " unsigned" : ""), .integer)
    case .year: SpelledType("smallint", .integer)
    case .decimal(nil, _):
      SpelledType("decimal(65,30)", .decimal(scale: nil), loss: "35 digits before and 30 behind the point are kept")
    case .decimal(.some(let precision), let scale): mysqlDecimal(precision, scale ?? 0)
    case .money(let scale): SpelledType("decimal(19,\(scale))", .decimal(scale: scale))
    case .real: SpelledType("float", .float)
    case .double: SpelledType("double", .float)
    case .boolean: SpelledType("tinyint(1)", .boolean)
    case .bits(let count):
      count > 64
        ? SpelledType("varchar(\(count))", .plain, loss: "bits become their text")
        : SpelledType("bit(\(count))", shape.kind)
    case .varyingBits(let count):
      SpelledType("varchar(\(min(count ?? 255, 1024)))", .other, loss: "bits become their text")
    case .char(let length): SpelledType(length > 255 ? "varchar(\(length))" : "char(\(length))", .padded)
    case .varchar(let length):
      SpelledType(length.map { $0 > longestVarchar ? "longtext" : "varchar(\($0))" } ?? "longtext", .text)
    case .longText: SpelledType("longtext", .text)
    case .choice: SpelledType("varchar(255)", .text)
    case .binary(let length):
      SpelledType(length.map { $0 > 1024 ? "longblob" : "varbinary(\($0))" } ?? "longblob", .binary)
    case .rowVersion: SpelledType("binary(8)", .binary, loss: "the engine no longer changes it with every write")
    case .date: SpelledType("date", .date)
    case .time(let digits): SpelledType("time(\(min(digits, 6)))", .time, loss: cut(digits, at: 6))
    case .zonedTime: SpelledType("varchar(32)", .other, loss: "becomes its text")
    case .timestamp(let digits): SpelledType("datetime(\(min(digits, 6)))", .timestamp, loss: cut(digits, at: 6))
    case .zonedTimestamp(let digits):
      SpelledType("datetime(\(min(digits, 6)))", .timestampZone, loss: cut(digits, at: 6) ?? offset)
    case .interval: SpelledType("varchar(64)", .other, loss: "becomes its text")
    case .json: SpelledType("json", .json)
    case .uuid: SpelledType("char(36)", .uuid)
    case .address: SpelledType("varchar(43)", .other)
    case .document: SpelledType("longtext", .other)
    case .figure, .foreign: SpelledType("longtext", .other, loss: ownText)
    case .array: SpelledType("longtext", .other, loss: arrayText)
    }
  }

  private static func mysqlInteger(_ bits: Int) -> String {
    switch bits {
    case ...8: "tinyint"
    case ...16: "smallint"
    case ...24: "mediumint"
    case ...32: "int"
    default: "bigint"
    }
  }

  private static func mysqlDecimal(_ precision: Int, _ scale: Int) -> SpelledType {
    let fits = precision <= 65 && scale <= 30
    return SpelledType(
      "decimal(\(min(precision, 65)),\(min(scale, 30)))", .decimal(scale: min(scale, 30)),
      loss: fits ? nil : "\(precision) digits with \(scale) behind the point do not fit")
  }

  // MARK: SQL Server

  private static func sqlserver(_ shape: ColumnShape) -> SpelledType {
    switch shape {
    case .integer(let bits, let isUnsigned): SpelledType(sqlserverInteger(bits, isUnsigned), .integer)
    case .year: SpelledType("smallint", .integer)
    case .decimal(let precision, let scale): decimal38("decimal", precision, scale)
    case .money(let scale): SpelledType("decimal(19,\(scale))", .decimal(scale: scale))
    case .real: SpelledType("real", .float)
    case .double: SpelledType("float(53)", .float, loss: "infinity and not a number do not fit")
    case .boolean: SpelledType("bit", .boolean)
    case .bits(let count): SpelledType("varchar(\(count))", .plain, loss: "bits become their text")
    case .varyingBits: SpelledType("varchar(max)", .other, loss: "bits become their text")
    case .char(let length): SpelledType(length > 4000 ? "nvarchar(max)" : "nchar(\(length))", .padded)
    case .varchar(let length):
      SpelledType(length.map { $0 > 4000 ? "nvarchar(max)" : "nvarchar(\($0))" } ?? "nvarchar(max)", .text)
    case .longText: SpelledType("nvarchar(max)", .text)
    case .choice: SpelledType("nvarchar(255)", .text)
    case .binary(let length):
      SpelledType(length.map { $0 > 8000 ? "varbinary(max)" : "varbinary(\($0))" } ?? "varbinary(max)", .binary)
    case .rowVersion: SpelledType("binary(8)", .binary, loss: "the engine no longer changes it with every write")
    case .date: SpelledType("date", .date)
    case .time(let digits):
      SpelledType("time(\(min(digits, 7)))", .time, loss: "times beyond a day do not fit")
    case .zonedTime: SpelledType("varchar(32)", .other, loss: "becomes its text")
    case .timestamp(let digits): SpelledType("datetime2(\(min(digits, 7)))", .timestamp, loss: cut(digits, at: 7))
    case .zonedTimestamp(let digits):
      SpelledType("datetimeoffset(\(min(digits, 7)))", .timestampZone, loss: cut(digits, at: 7))
    case .interval: SpelledType("varchar(64)", .other, loss: "becomes its text")
    case .json: SpelledType("nvarchar(max)", .json)
    case .uuid: SpelledType("uniqueidentifier", .uuid)
    case .address: SpelledType("varchar(43)", .other)
    case .document: SpelledType("nvarchar(max)", .other)
    case .figure, .foreign: SpelledType("nvarchar(max)", .other, loss: ownText)
    case .array: SpelledType("nvarchar(max)", .other, loss: arrayText)
    }
  }

  private static func sqlserverInteger(_ bits: Int, _ isUnsigned: Bool) -> String {
    switch bits {
    case ...8: isUnsigned ? "tinyint" : "smallint"
    case ...16: isUnsigned ? "int" : "smallint"
    case ...24: "int"
    case ...32: isUnsigned ? "bigint" : "int"
    default: isUnsigned ? "decimal(20,0)" : "bigint"
    }
  }

  /// SQL Server and Oracle have 38 digits.
  private static func decimal38(_ word: String, _ precision: Int?, _ scale: Int?) -> SpelledType {
    guard let precision else {
      return word == "number"
        ? SpelledType("number", .decimal(scale: nil), loss: "38 significant digits are kept")
        : SpelledType("decimal(38,10)", .decimal(scale: nil), loss: "28 digits before and 10 behind the point are kept")
    }
    let behind = min(scale ?? 0, 38)
    let loss = precision > 38 ? "\(precision) digits do not fit, 38 are kept" : nil
    return SpelledType("\(word)(\(min(precision, 38)),\(behind))", .decimal(scale: behind), loss: loss)
  }

  // MARK: Oracle

  /// A character takes up to four of the 4000 bytes a text may have.
  static let longestVarchar2 = 1000

  private static func oracle(_ shape: ColumnShape) -> SpelledType {
    switch shape {
    case .integer(let bits, let isUnsigned): SpelledType(oracleInteger(bits, isUnsigned), .integer)
    case .year: SpelledType("number(4)", .integer)
    case .decimal(let precision, let scale): decimal38("number", precision, scale)
    case .money(let scale): SpelledType("number(19,\(scale))", .decimal(scale: scale))
    case .real: SpelledType("binary_float", .float)
    case .double: SpelledType("binary_double", .float)
    case .boolean: SpelledType("number(1)", .boolean)
    case .bits(let count): SpelledType("varchar2(\(count))", .plain, loss: "bits become their text")
    case .varyingBits: SpelledType("clob", .other, loss: "bits become their text")
    case .char(let length): SpelledType(length > 500 ? oracleText(length) : "char(\(length) char)", .padded)
    case .varchar(let length): SpelledType(length.map(oracleText) ?? "clob", .text)
    case .longText: SpelledType("clob", .text)
    case .choice: SpelledType("varchar2(255 char)", .text)
    case .binary(let length): SpelledType(length.map { $0 > 2000 ? "blob" : "raw(\($0))" } ?? "blob", .binary)
    case .rowVersion: SpelledType("raw(8)", .binary, loss: "the engine no longer changes it with every write")
    case .date: SpelledType("date", .date)
    case .time: SpelledType("varchar2(20)", .plain, loss: "there is no type for a time of day: HH:MM:SS.ffffff as text")
    case .zonedTime: SpelledType("varchar2(32)", .other, loss: "becomes its text")
    case .timestamp(let digits): SpelledType("timestamp(\(min(digits, 9)))", .timestamp)
    case .zonedTimestamp(let digits): SpelledType("timestamp(\(min(digits, 9))) with time zone", .timestampZone)
    case .interval: SpelledType("varchar2(64)", .other, loss: "becomes its text")
    case .json: SpelledType("clob", .json)
    case .uuid: SpelledType("varchar2(36)", .uuid)
    case .address: SpelledType("varchar2(43)", .other)
    case .document: SpelledType("clob", .other)
    case .figure, .foreign: SpelledType("clob", .other, loss: ownText)
    case .array: SpelledType("clob", .other, loss: arrayText)
    }
  }

  private static func oracleText(_ length: Int) -> String {
    length > longestVarchar2 ? "clob" : "varchar2(\(length) char)"
  }

  private static func oracleInteger(_ bits: Int, _ isUnsigned: Bool) -> String {
    switch bits {
    case ...8: "number(3)"
    case ...16: "number(5)"
    case ...24: "number(8)"
    case ...32: "number(10)"
    default: isUnsigned ? "number(20)" : "number(19)"
    }
  }
}
