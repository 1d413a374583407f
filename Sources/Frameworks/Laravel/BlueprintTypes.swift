import Facts

/// The columns that the methods of Laravel's blueprints add, by engine.
///
/// Source: Illuminate\Database\Schema\Blueprint and the grammars beside it.
struct BlueprintTypes {
  let engine: EngineFamily

  private var isMySQL: Bool { engine == .mysql }

  /// The type of keys and of columns that lead to them.
  var bigKey: String { isMySQL ? "bigint unsigned" : "bigint" }
  private var moment: String { isMySQL ? "timestamp" : "timestamp(0) without time zone" }
  private var zonedMoment: String { isMySQL ? "timestamp" : "timestamp(0) with time zone" }

  private static let keys: [String: String] = [
    "id": "bigint", "bigIncrements": "bigint", "increments": "int", "integerIncrements": "int",
    "mediumIncrements": "mediumint", "smallIncrements": "smallint", "tinyIncrements": "tinyint",
  ]

  /// Methods whose type depends on the engine alone: MySQL, PostgreSQL.
  private static let plain: [String: (mysql: String, postgres: String)] = [
    "text": ("text", "text"), "mediumText": ("mediumtext", "text"), "longText": ("longtext", "text"),
    "tinyText": ("tinytext", "varchar(255)"), "integer": ("int", "integer"), "bigInteger": ("bigint", "bigint"),
    "mediumInteger": ("mediumint", "integer"), "smallInteger": ("smallint", "smallint"),
    "tinyInteger": ("tinyint", "smallint"), "unsignedInteger": ("int unsigned", "integer"),
    "unsignedBigInteger": ("bigint unsigned", "bigint"), "unsignedMediumInteger": ("mediumint unsigned", "integer"),
    "unsignedSmallInteger": ("smallint unsigned", "smallint"),
    "unsignedTinyInteger": ("tinyint unsigned", "smallint"), "boolean": ("tinyint(1)", "boolean"),
    "double": ("double", "double precision"), "float": ("double", "double precision"), "json": ("json", "json"),
    "jsonb": ("json", "jsonb"), "date": ("date", "date"), "year": ("year", "integer"), "binary": ("blob", "bytea"),
    "uuid": ("char(36)", "uuid"), "foreignUuid": ("char(36)", "uuid"), "ulid": ("char(26)", "char(26)"),
    "foreignUlid": ("char(26)", "char(26)"), "ipAddress": ("varchar(45)", "inet"),
    "macAddress": ("varchar(17)", "macaddr"), "foreignId": ("bigint unsigned", "bigint"),
    "geometry": ("geometry", "geometry"), "point": ("point", "geometry"), "polygon": ("polygon", "geometry"),
    "tsvector": ("text", "tsvector"), "vector": ("vector", "vector"),
  ]

  /// Whether a method adds the primary key.
  func isKey(_ method: String) -> Bool { Self.keys[method] != nil }

  /// The type that holds no negative numbers.
  func unsigned(_ type: String) -> String { isMySQL && !type.hasSuffix("unsigned") ? type + " unsigned" : type }

  /// The columns a method adds; empty for methods that add none.
  func columns(_ method: String, name: String?, parameters: [Value], named: [Value]) -> [Column] {
    func column(_ name: String, _ type: String, isNullable: Bool = false) -> Column {
      Column(name: name, type: type, isNullable: isNullable)
    }
    switch method {
    case "timestamps", "nullableTimestamps", "timestampsTz", "datetimes":
      let type = method == "timestampsTz" ? zonedMoment : moment
      return ["created_at", "updated_at"].map { column($0, type, isNullable: true) }
    case "softDeletes", "softDeletesDatetime": return [column(name ?? "deleted_at", moment, isNullable: true)]
    case "softDeletesTz": return [column(name ?? "deleted_at", zonedMoment, isNullable: true)]
    case "rememberToken": return [column("remember_token", "varchar(100)", isNullable: true)]
    case "id": return [key(name ?? "id", "bigint")]
    case "uuid" where name == nil, "ulid" where name == nil:
      return Self.plain[method].map { [column(method, isMySQL ? $0.mysql : $0.postgres)] } ?? []
    default: break
    }
    guard let name else { return [] }
    if let type = Self.keys[method] { return [key(name, type)] }
    if let type = Self.plain[method] { return [column(name, isMySQL ? type.mysql : type.postgres)] }
    if let morph = morph(method, name: name) { return morph }
    return type(method, parameters, named).map { [column(name, $0)] } ?? []
  }

  private func key(_ name: String, _ type: String) -> Column {
    let plain = type == "int" || type == "mediumint" ? "integer" : type == "tinyint" ? "smallint" : type
    return Column(
      name: name, type: isMySQL ? type + " unsigned" : plain, isNullable: false, isGenerated: true)
  }

  private func morph(_ method: String, name: String) -> [Column]? {
    let key: String
    switch method {
    case "morphs", "nullableMorphs", "numericMorphs", "nullableNumericMorphs": key = bigKey
    case "uuidMorphs", "nullableUuidMorphs": key = isMySQL ? "char(36)" : "uuid"
    case "ulidMorphs", "nullableUlidMorphs": key = "char(26)"
    default: return nil
    }
    let isNullable = method.hasPrefix("nullable")
    return [
      Column(name: name + "_type", type: "varchar(255)", isNullable: isNullable),
      Column(name: name + "_id", type: key, isNullable: isNullable),
    ]
  }

  /// Types with parameters.
  private func type(_ method: String, _ parameters: [Value], _ named: [Value]) -> String? {
    func number(_ place: Int, _ name: String) -> String? {
      if case .literal(let digits)? = named.entry(name), digits != "null" { return digits }
      guard place < parameters.count, case .literal(let digits) = parameters[place], digits != "null" else {
        return nil
      }
      return digits
    }
    switch method {
    case "string": return "varchar(\(number(0, "length") ?? "255"))"
    case "char": return "char(\(number(0, "length") ?? "255"))"
    case "decimal", "unsignedDecimal":
      let kind = isMySQL ? "decimal" : "numeric"
      let type = "\(kind)(\(number(0, "total") ?? "8"),\(number(1, "places") ?? "2"))"
      return method == "decimal" ? type : unsigned(type)
    case "enum", "set":
      guard isMySQL else { return "varchar(255)" }
      guard case .list(let items)? = parameters.first else { return method }
      return "\(method)(\(items.compactMap(\.literalText).map { "'\($0)'" }.joined(separator: ",")))"
    case "dateTime": return isMySQL ? precise("datetime", number(0, "precision")) : moment
    case "dateTimeTz": return isMySQL ? precise("datetime", number(0, "precision")) : zonedMoment
    case "timestamp": return isMySQL ? precise("timestamp", number(0, "precision")) : moment
    case "timestampTz": return isMySQL ? precise("timestamp", number(0, "precision")) : zonedMoment
    case "time": return isMySQL ? precise("time", number(0, "precision")) : "time(0) without time zone"
    case "timeTz": return isMySQL ? "time" : "time(0) with time zone"
    default: return nil
    }
  }

  private func precise(_ type: String, _ precision: String?) -> String {
    precision.map { $0 == "0" ? type : "\(type)(\($0))" } ?? type
  }
}
