import Facts

/// The column types TypeORM creates.
enum TypeORMColumnType {
  /// The type as the engine is told it, lower case.
  static func name(of type: String, options: Value, engine: EngineFamily) -> String {
    let base = base(of: type.lowercased(), engine: engine)
    let array = options.flag("array") == true ? "[]" : ""
    if let length = options.digits("length"), !base.hasSuffix(")") { return base + "(" + length + ")" + array }
    if let precision = options.digits("precision"), ["numeric", "decimal", "dec"].contains(base) {
      return base + "(" + precision + "," + (options.digits("scale") ?? "0") + ")" + array
    }
    if base == "enum", engine == .mysql {
      let values = options.entry("enum")?.texts ?? []
      return values.isEmpty ? base : "enum(" + values.map { "'" + $0 + "'" }.joined(separator: ",") + ")"
    }
    return base + array
  }

  private static func base(of type: String, engine: EngineFamily) -> String {
    switch engine {
    case .postgres:
      switch type {
      case "varchar", "string", "character varying": "character varying"
      case "int", "int4", "integer", "number", "increment": "integer"
      case "int2": "smallint"
      case "int8": "bigint"
      case "bool", "boolean": "boolean"
      case "decimal", "numeric": "numeric"
      case "float", "float8", "double", "double precision": "double precision"
      case "float4": "real"
      case "char": "character"
      case "created", "datetime", "timestamp", "timestamp without time zone": "timestamp"
      case "timestamptz", "timestamp with time zone": "timestamp with time zone"
      case "simple-array", "simple-json": "text"
      case "simple-enum": "enum"
      default: type
      }
    case .mysql:
      switch type {
      case "varchar", "string": "varchar(255)"
      case "integer", "number", "increment": "int"
      case "boolean", "bool": "tinyint"
      case "created": "datetime(6)"
      case "uuid": "varchar(36)"
      case "bytea": "blob"
      case "simple-array", "simple-json": "text"
      case "simple-enum": "enum"
      default: type
      }
    case .sqlite, .h2, .oracle, .sqlserver:
      switch type {
      case "int", "number", "increment": "integer"
      case "string", "uuid", "enum", "simple-enum": "varchar"
      case "created": "datetime"
      case "bytea": "blob"
      case "simple-array", "simple-json": "text"
      default: type
      }
    }
  }
}

extension Value {
  /// The text of a literal that stands alone.
  var plainText: String? { if case .text(let text) = self { text } else { nil } }
}
