import Facts

/// Columns as Sequelize describes them, in models and migrations alike.
struct SequelizeTypes {
  let engine: EngineFamily

  /// The column of an attribute; `name` is the name of its column.
  func column(_ name: String, _ description: Value) -> Column {
    let options = description.entry("type") == nil ? nil : description
    let type = options?.entry("type") ?? description
    let isKey = options?.flag("primaryKey") == true
    var column = Column(
      name: name, type: sqlType(type), isNullable: isKey ? false : options?.flag("allowNull") ?? true)
    column.isGenerated = options?.flag("autoIncrement") == true
    column.defaultExpression = TypeORMEntityReader.defaultText(options?.entry("defaultValue"))
    return column
  }

  /// What a type is in SQL: `DataTypes.STRING(20)`, `Sequelize.INTEGER.UNSIGNED`, `'VARCHAR(20)'`.
  func sqlType(_ type: Value) -> String {
    switch type {
    case .text(let text): return text.lowercased()
    case .name(let name): return known(name, [])
    case .field(let base, "UNSIGNED"): return sqlType(base) + (engine == .mysql ? " unsigned" : "")
    case .field(let base, "BINARY"): return sqlType(base)
    case .call("ARRAY", _, let arguments): return (arguments.first.map(sqlType) ?? "text") + "[]"
    case .call(let callee, _, let arguments): return known(callee, arguments)
    case .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque: return ""
    }
  }

  private func known(_ name: String, _ arguments: [Value]) -> String {
    let parts = name.split(separator: ".").map(String.init)
    let isUnsigned = parts.last == "UNSIGNED" && engine == .mysql
    let kind = parts.last { !["UNSIGNED", "ZEROFILL", "BINARY"].contains($0) } ?? ""
    let digits = arguments.compactMap(\.digits)
    let size = digits.isEmpty ? "" : "(" + digits.joined(separator: ",") + ")"
    let isPostgres = engine == .postgres
    let base: String =
      switch kind {
      case "STRING": "varchar" + (size.isEmpty ? "(255)" : size)
      case "CHAR": "char" + (size.isEmpty ? "(255)" : size)
      case "TEXT": engine == .mysql ? (arguments.first?.literalText.map { $0 + "text" } ?? "text") : "text"
      case "CITEXT": "citext"
      case "INTEGER": engine == .mysql ? "int" + size : "integer"
      case "BIGINT": "bigint" + (isPostgres ? "" : size)
      case "SMALLINT": "smallint"
      case "TINYINT": isPostgres ? "smallint" : "tinyint"
      case "MEDIUMINT": isPostgres ? "integer" : "mediumint"
      case "FLOAT", "REAL": isPostgres && kind == "REAL" ? "real" : "float" + (isPostgres ? "" : size)
      case "DOUBLE": isPostgres ? "double precision" : "double precision" + size
      case "DECIMAL", "NUMERIC": "decimal" + size
      case "BOOLEAN": engine == .mysql ? "tinyint(1)" : engine == .sqlite ? "tinyint(1)" : "boolean"
      case "DATE": isPostgres ? "timestamp with time zone" : "datetime" + size
      case "DATEONLY": "date"
      case "TIME": "time"
      case "NOW": "datetime"
      case "UUID", "UUIDV4": isPostgres ? "uuid" : engine == .mysql ? "char(36)" : "uuid"
      case "JSON": "json"
      case "JSONB": "jsonb"
      case "BLOB": isPostgres ? "bytea" : "blob"
      case "ENUM":
        engine == .mysql
          ? "enum(" + (arguments.flatMap(\.texts)).map { "'" + $0 + "'" }.joined(separator: ",") + ")" : "enum"
      default: kind.lowercased() + size
      }
    return base + (isUnsigned ? " unsigned" : "")
  }
}
