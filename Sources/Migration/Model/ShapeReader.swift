import Facts

/// Reads declared types; names are from the manuals: PostgreSQL 15 chapter 8, MySQL 8.0 chapter 11, SQL Server
/// "Data types (Transact-SQL)", Oracle 19c SQL Language Reference "Data Types".
enum ShapeReader {
  /// The shape and the family whose words were read; nil when the name is none of its types.
  static func shape(of declared: DeclaredType, in catalog: EngineFamily) -> (shape: ColumnShape, family: EngineFamily)?
  {
    for family in families(catalog) {
      guard let shape = read(declared, family) else { continue }
      return declared.isArray ? (.array, family) : (shape, family)
    }
    return nil
  }

  /// SQLite takes any type name, H2 those of many engines: what PostgreSQL knows is read its way, then the others'.
  private static func families(_ catalog: EngineFamily) -> [EngineFamily] {
    switch catalog {
    case .sqlite, .h2: [.postgres, .mysql, .oracle, .sqlserver]
    case .postgres, .mysql, .sqlserver, .oracle: [catalog]
    }
  }

  private static func read(_ type: DeclaredType, _ family: EngineFamily) -> ColumnShape? {
    switch family {
    case .postgres, .sqlite, .h2: postgres(type)
    case .mysql: mysql(type)
    case .sqlserver: sqlserver(type)
    case .oracle: oracle(type)
    }
  }

  private static func postgres(_ type: DeclaredType) -> ColumnShape? {
    switch type.name {
    case "smallint", "int2", "smallserial", "serial2": .integer(bits: 16, isUnsigned: false)
    case "integer", "int", "int4", "serial", "serial4": .integer(bits: 32, isUnsigned: false)
    case "bigint", "int8", "bigserial", "serial8": .integer(bits: 64, isUnsigned: false)
    case "numeric", "decimal", "dec": .decimal(precision: type.length, scale: type.scale)
    case "money": .money(scale: 2)
    case "real", "float4": .real
    case "double precision", "float8": .double
    case "float": (type.length ?? 53) <= 24 ? .real : .double
    case "boolean", "bool": .boolean
    case "bit": .bits(type.length ?? 1)
    case "bit varying", "varbit": .varyingBits(type.length)
    case "character", "char": .char(type.length ?? 1)
    case "bpchar": type.length.map { .char($0) } ?? .varchar(nil)
    case "character varying", "varchar": .varchar(type.length)
    case "text": .longText
    case "enum": .choice
    case "name": .varchar(64)
    case "bytea": .binary(nil)
    case "date": .date
    case "time", "time without time zone": .time(type.length ?? 6)
    case "time with time zone", "timetz": .zonedTime(type.length ?? 6)
    case "timestamp", "timestamp without time zone": .timestamp(type.length ?? 6)
    case "timestamp with time zone", "timestamptz": .zonedTimestamp(type.length ?? 6)
    case "interval": .interval
    case "json", "jsonb": .json
    case "uuid": .uuid
    case "inet", "cidr", "macaddr", "macaddr8": .address
    case "xml", "tsvector": .document
    case "point", "line", "lseg", "box", "path", "polygon", "circle": .figure
    default: nil
    }
  }

  private static func mysql(_ type: DeclaredType) -> ColumnShape? {
    func integer(_ bits: Int) -> ColumnShape { .integer(bits: bits, isUnsigned: type.isUnsigned) }
    return switch type.name {
    case "tinyint", "int1": integer(8)
    case "smallint", "int2": integer(16)
    case "mediumint", "middleint", "int3": integer(24)
    case "int", "integer", "int4": integer(32)
    case "bigint", "int8": integer(64)
    case "serial": .integer(bits: 64, isUnsigned: true)
    case "year": .year
    case "decimal", "numeric", "dec", "fixed": .decimal(precision: type.length ?? 10, scale: type.scale ?? 0)
    case "float" where (type.length ?? 0) > 24: .double
    case "float", "float4": .real
    case "double", "double precision", "real", "float8": .double
    case "boolean", "bool": .boolean
    case "bit": .bits(type.length ?? 1)
    case "char", "character", "nchar", "national char": .char(type.length ?? 1)
    case "varchar", "character varying", "nvarchar", "national varchar": .varchar(type.length)
    case "text", "tinytext", "mediumtext", "longtext", "long varchar": .longText
    case "enum", "set": .choice
    case "binary", "varbinary": .binary(type.length ?? 1)
    case "blob", "tinyblob", "mediumblob", "longblob": .binary(nil)
    case "date": .date
    case "time": .time(type.length ?? 0)
    case "datetime": .timestamp(type.length ?? 0)
    case "timestamp": .zonedTimestamp(type.length ?? 0)
    case "json": .json
    case "uuid": .uuid
    case "inet4", "inet6": .address
    default: nil
    }
  }

  private static func sqlserver(_ type: DeclaredType) -> ColumnShape? {
    let isMax = type.arguments.lowercased() == "max"
    return switch type.name {
    case "bit": .boolean
    case "tinyint": .integer(bits: 8, isUnsigned: true)
    case "smallint": .integer(bits: 16, isUnsigned: false)
    case "int", "integer": .integer(bits: 32, isUnsigned: false)
    case "bigint": .integer(bits: 64, isUnsigned: false)
    case "decimal", "numeric", "dec": .decimal(precision: type.length ?? 18, scale: type.scale ?? 0)
    case "money", "smallmoney": .money(scale: 4)
    case "real": .real
    case "float": (type.length ?? 53) <= 24 ? .real : .double
    case "double precision": .double
    case "char", "nchar", "character", "national char", "national character": .char(type.length ?? 1)
    case "varchar", "nvarchar", "character varying", "char varying", "national char varying",
      "national character varying":
      isMax ? .longText : .varchar(type.length ?? 1)
    case "sysname": .varchar(128)
    case "text", "ntext": .longText
    case "binary", "varbinary": isMax ? .binary(nil) : .binary(type.length ?? 1)
    case "image": .binary(nil)
    case "date": .date
    case "time": .time(type.length ?? 7)
    case "datetime": .timestamp(3)
    case "smalldatetime": .timestamp(0)
    case "datetime2": .timestamp(type.length ?? 7)
    case "datetimeoffset": .zonedTimestamp(type.length ?? 7)
    case "uniqueidentifier": .uuid
    case "xml": .document
    case "rowversion", "timestamp": .rowVersion
    case "sql_variant", "hierarchyid": .foreign
    case "geography", "geometry": .figure
    default: nil
    }
  }

  private static func oracle(_ type: DeclaredType) -> ColumnShape? {
    switch type.name {
    case "number": number(type)
    case "numeric", "decimal", "dec": .decimal(precision: type.length ?? 38, scale: type.scale ?? 0)
    case "integer", "int", "smallint": .decimal(precision: 38, scale: 0)
    // Binary digits of a decimal number: as many decimal ones as it needs.
    case "float", "real", "double precision": .decimal(precision: nil, scale: nil)
    case "binary_float": .real
    case "binary_double": .double
    case "boolean": .boolean
    case "char", "nchar", "character", "national character", "national char": .char(bytes(type) ?? 1)
    case "varchar2", "nvarchar2", "varchar", "character varying", "char varying": .varchar(bytes(type) ?? 4000)
    case "clob", "nclob", "long": .longText
    case "blob", "long raw": .binary(nil)
    case "raw": .binary(type.length ?? 2000)
    case "date": .timestamp(0)
    case "timestamp": .timestamp(type.length ?? 6)
    case "timestamp with time zone", "timestamp with local time zone": .zonedTimestamp(type.length ?? 6)
    case "interval year to month", "interval day to second", "interval year to", "interval day to": .interval
    case "json": .json
    case "xmltype", "sys.xmltype": .document
    case "sdo_geometry", "mdsys.sdo_geometry": .figure
    case "rowid", "urowid", "bfile", "anydata", "sys.anydata": .foreign
    default: type.name.hasPrefix("interval ") ? .interval : nil
    }
  }

  /// `NUMBER(p)` that fits an integer is one; a negative scale rounds to the left and keeps every digit it may have.
  private static func number(_ type: DeclaredType) -> ColumnShape {
    guard let precision = type.length else {
      return type.arguments.hasPrefix("*")
        ? .decimal(precision: 38, scale: type.scale ?? 0) : .decimal(precision: nil, scale: nil)
    }
    let scale = type.scale ?? 0
    if scale < 0 { return .decimal(precision: precision - scale, scale: 0) }
    if scale > 0 { return .decimal(precision: max(precision, scale), scale: scale) }
    switch precision {
    case ...4: return .integer(bits: 16, isUnsigned: false)
    case ...9: return .integer(bits: 32, isUnsigned: false)
    case ...18: return .integer(bits: 64, isUnsigned: false)
    default: return .decimal(precision: precision, scale: 0)
    }
  }

  /// `20 byte` and `20 char` are both 20 characters at most.
  private static func bytes(_ type: DeclaredType) -> Int? { Int(type.arguments.prefix { ("0"..."9").contains($0) }) }
}
