import Facts

/// The column types the schema builder creates.
enum KnexTypes {
  static func sql(_ method: String, _ arguments: [Value], _ engine: EngineFamily) -> String {
    let digits = arguments.compactMap(\.digits)
    let isPostgres = engine == .postgres
    switch method {
    case "increments": return isPostgres ? "serial" : engine == .mysql ? "int unsigned" : "integer"
    case "bigIncrements": return isPostgres ? "bigserial" : engine == .mysql ? "bigint unsigned" : "integer"
    case "integer": return engine == .mysql ? "int" : "integer"
    case "bigInteger", "bigint": return "bigint"
    case "tinyint": return isPostgres ? "smallint" : "tinyint"
    case "smallint": return "smallint"
    case "mediumint": return isPostgres ? "integer" : "mediumint"
    case "string": return "varchar(" + (digits.first ?? "255") + ")"
    case "text", "longtext":
      return engine == .mysql ? arguments.first?.plainText ?? "text" : "text"
    case "float": return isPostgres ? "real" : engine == .mysql ? "float(8,2)" : "float"
    case "double": return isPostgres ? "double precision" : "double"
    case "decimal":
      return "decimal(" + (digits.first ?? "8") + "," + (digits.count > 1 ? digits[1] : "2") + ")"
    case "boolean", "bool": return "boolean"
    case "date": return "date"
    case "datetime", "dateTime", "timestamp":
      if isPostgres { return "timestamptz" }
      return engine == .mysql && method == "timestamp" ? "timestamp" : "datetime"
    case "time": return "time"
    case "uuid": return isPostgres ? "uuid" : "char(36)"
    case "json": return "json"
    case "jsonb": return isPostgres ? "jsonb" : "json"
    case "binary": return isPostgres ? "bytea" : "blob"
    case "enu", "enum":
      guard engine == .mysql else { return "text" }
      return "enum(" + arguments.flatMap(\.texts).map { "'" + $0 + "'" }.joined(separator: ",") + ")"
    default: return method.lowercased()
    }
  }
}
