import Facts

/// The types Rails gives columns on each engine. Source: `NATIVE_DATABASE_TYPES` of the adapters, and the compatibility
/// layers of old migrations.
struct RailsColumnTypes {
  var engine: EngineFamily
  /// The version in `ActiveRecord::Migration[5.1]`, as 501; old ones without are 402.
  var version: Int

  /// The type of keys and references when nothing else is said.
  var key: String {
    version >= 501 && engine != .sqlite ? name(of: "bigint", [:]) : name(of: "integer", [:])
  }

  /// Whether `timestamps` may be empty when nothing is said.
  var areTimestampsNullable: Bool { version < 500 }

  /// The number of a version text.
  static func number(_ version: String) -> Int {
    let parts = version.split(separator: ".").compactMap { Int($0) }
    return (parts.first ?? 4) * 100 + (parts.count > 1 ? parts[1] : 0)
  }

  /// The type of a column with `limit`, `precision`, `scale` and `array` as written.
  func name(of type: String, _ options: [String: String]) -> String {
    let base =
      switch engine {
      case .postgres: postgres(type, options)
      case .mysql: mysql(type, options)
      case .sqlite: sqlite(type, options)
      // What the adapters for these create is not known here: the word of the migration says it.
      case .sqlserver, .oracle, .h2: sized(type, options)
      }
    return options["array"] == "true" ? base + "[]" : base
  }

  private func sized(_ base: String, _ options: [String: String]) -> String {
    options["limit"].map { "\(base)(\($0))" } ?? base
  }

  private func numeric(_ base: String, _ options: [String: String]) -> String {
    guard let precision = options["precision"] else { return base }
    return "\(base)(\(precision),\(options["scale"] ?? "0"))"
  }

  private func time(_ base: String, _ options: [String: String], suffix: String = "") -> String {
    let precision = options["precision"] ?? (version >= 700 ? "6" : nil)
    guard let precision, precision != "null" else { return base + suffix }
    return "\(base)(\(precision))\(suffix)"
  }

  private func postgres(_ type: String, _ options: [String: String]) -> String {
    switch type {
    case "string": return sized("character varying", options)
    case "integer":
      switch options["limit"].flatMap({ Int($0) }) {
      case let limit? where limit <= 2: return "smallint"
      case let limit? where limit > 4: return "bigint"
      default: return "integer"
      }
    case "primary_key": return version >= 501 ? "bigint" : "integer"
    case "serial": return "integer"
    case "bigserial": return "bigint"
    case "float": return "double precision"
    case "decimal", "numeric": return numeric("numeric", options)
    case "datetime", "timestamp": return time("timestamp", options, suffix: " without time zone")
    case "timestamptz": return time("timestamp", options, suffix: " with time zone")
    case "time": return "time without time zone"
    case "binary", "blob": return "bytea"
    case "char": return sized("character", options)
    case "virtual": return options["type"].map { postgres($0, options) } ?? "text"
    default: return type
    }
  }

  private func mysql(_ type: String, _ options: [String: String]) -> String {
    let limit = options["limit"].flatMap { Int($0) }
    let sign = options["unsigned"] == "true" ? " unsigned" : ""
    switch type {
    case "string": return "varchar(\(limit ?? 255))"
    case "integer", "serial":
      switch limit {
      case 1?: return "tinyint" + sign
      case 2?: return "smallint" + sign
      case 3?: return "mediumint" + sign
      case let limit? where limit > 4: return "bigint" + sign
      default: return "int" + sign
      }
    case "bigint", "bigserial": return "bigint" + sign
    case "primary_key": return version >= 501 ? "bigint" : "int"
    case "text", "binary":
      let base = type == "text" ? "text" : "blob"
      switch limit {
      case let limit? where limit <= 255: return "tiny" + base
      case let limit? where limit > 16_777_215: return "long" + base
      case let limit? where limit > 65_535: return "medium" + base
      default: return base
      }
    case "float": return (limit ?? 24) > 24 ? "double" : "float"
    case "decimal", "numeric": return numeric("decimal", options)
    case "datetime": return time("datetime", options)
    case "timestamp": return time("timestamp", options)
    case "boolean": return "tinyint(1)"
    case "uuid": return "varchar(36)"
    case "jsonb": return "json"
    default: return type
    }
  }

  private func sqlite(_ type: String, _ options: [String: String]) -> String {
    switch type {
    case "string": return sized("varchar", options)
    case "primary_key", "serial", "bigserial": return "integer"
    case "bigint": return "bigint"
    case "decimal", "numeric": return numeric("decimal", options)
    case "datetime", "timestamp": return time("datetime", options)
    case "binary": return "blob"
    default: return type
    }
  }
}
