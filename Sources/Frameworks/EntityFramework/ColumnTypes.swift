import Facts

/// The engine a .NET system runs on, as far as its code tells.
enum DotNetEngine {
  case postgres, mysql, sqlite, sqlserver

  /// The engine most clearly named: by the provider that is chosen, else by the client that is imported.
  static func of(_ system: SystemIndex) -> DotNetEngine {
    var chosen: [DotNetEngine: Int] = [:]
    for file in system.files where file.language == .csharp {
      for item in file.imports {
        if item.path.hasPrefix("Npgsql") { chosen[.postgres, default: 0] += 1 }
        if item.path.hasPrefix("MySql") || item.path.hasPrefix("Pomelo") { chosen[.mysql, default: 0] += 1 }
        if item.path.hasSuffix(".SqlClient") { chosen[.sqlserver, default: 0] += 1 }
      }
      for function in file.functions {
        for placed in function.events {
          guard case .call(let call) = placed.event, let engine = providers[call.callee] else { continue }
          chosen[engine, default: 0] += 10
        }
      }
    }
    let order: [DotNetEngine] = [.sqlserver, .postgres, .mysql, .sqlite]
    return order.max {
      (chosen[$0] ?? 0, -(order.firstIndex(of: $0) ?? 0)) < (chosen[$1] ?? 0, -(order.firstIndex(of: $1) ?? 0))
    }
    .flatMap { chosen[$0] == nil ? nil : $0 } ?? .postgres
  }

  private static let providers: [String: DotNetEngine] = [
    "UseNpgsql": .postgres, "UseSqlServer": .sqlserver, "UseMySql": .mysql, "UseMySQL": .mysql, "UseSqlite": .sqlite,
    "AddNpgsqlDbContext": .postgres, "AddSqlServerDbContext": .sqlserver,
  ]

  /// The family its schema belongs to; nil where only its syntax tells.
  var family: EngineFamily? {
    switch self {
    case .postgres: .postgres
    case .mysql: .mysql
    case .sqlite: .sqlite
    case .sqlserver: nil
    }
  }
}

/// Column types that Entity Framework makes of types in code.
struct ColumnTypes {
  let engine: DotNetEngine
  let isCore: Bool

  /// The column type of a type in code; text for what is kept converted.
  func column(_ type: String, length: String?) -> String {
    let name = TypeName(type)
    let simple =
      name.simple == "Nullable" ? name.arguments.first ?? type : name.simple == "Array" ? "bytes" : name.simple
    let entry = table[simple.lowercased()]
    switch simple.lowercased() {
    case "string": return length.map(limited) ?? unlimited
    case "decimal":
      let precision = length ?? "18,2"
      return engine == .postgres && length == nil ? "numeric" : (entry ?? "decimal") + "(" + precision + ")"
    default: return entry ?? unlimited
    }
  }

  private func limited(_ length: String) -> String {
    switch engine {
    case .postgres: "character varying(\(length))"
    case .mysql: "varchar(\(length))"
    case .sqlite: "text"
    case .sqlserver: "nvarchar(\(length))"
    }
  }

  private var unlimited: String {
    switch engine {
    case .postgres, .sqlite: "text"
    case .mysql: "longtext"
    case .sqlserver: "nvarchar(max)"
    }
  }

  private var table: [String: String] {
    switch engine {
    case .postgres: Self.postgres
    case .mysql: Self.mysql
    case .sqlite: Self.sqlite
    case .sqlserver: isCore ? Self.sqlserver : Self.sqlserver.merging(["datetime": "datetime"]) { _, new in new }
    }
  }

  private static let postgres = [
    "int": "integer", "int32": "integer", "long": "bigint", "int64": "bigint", "short": "smallint", "int16": "smallint",
    "byte": "smallint", "bool": "boolean", "boolean": "boolean", "decimal": "numeric", "double": "double precision",
    "float": "real", "single": "real", "char": "character(1)", "guid": "uuid", "datetime": "timestamp with time zone",
    "datetimeoffset": "timestamp with time zone", "timespan": "interval", "dateonly": "date",
    "timeonly": "time without time zone", "bytes": "bytea", "jsondocument": "jsonb", "enum": "integer",
  ]
  private static let mysql = [
    "int": "int", "int32": "int", "long": "bigint", "int64": "bigint", "short": "smallint", "int16": "smallint",
    "byte": "tinyint unsigned", "bool": "tinyint(1)", "boolean": "tinyint(1)", "decimal": "decimal", "double": "double",
    "float": "float", "single": "float", "char": "varchar(1)", "guid": "char(36)", "datetime": "datetime(6)",
    "datetimeoffset": "datetime(6)", "timespan": "time(6)", "dateonly": "date", "timeonly": "time(6)",
    "bytes": "longblob", "enum": "int",
  ]
  private static let sqlite = [
    "int": "integer", "int32": "integer", "long": "integer", "int64": "integer", "short": "integer", "byte": "integer",
    "bool": "integer", "boolean": "integer", "double": "real", "float": "real", "bytes": "blob", "enum": "integer",
    "decimal": "text",
  ]
  private static let sqlserver = [
    "int": "int", "int32": "int", "long": "bigint", "int64": "bigint", "short": "smallint", "int16": "smallint",
    "byte": "tinyint", "bool": "bit", "boolean": "bit", "decimal": "decimal", "double": "float", "float": "real",
    "single": "real", "char": "nvarchar(1)", "guid": "uniqueidentifier", "datetime": "datetime2",
    "datetimeoffset": "datetimeoffset", "timespan": "time", "dateonly": "date", "timeonly": "time",
    "bytes": "varbinary(max)", "enum": "int",
  ]
}
