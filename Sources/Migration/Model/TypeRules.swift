/// What a column's values are, as far as comparing rows across engines needs to know.
enum ValueKind: Hashable {
  case integer
  /// Fixed digits after the point; nil when the type sets none.
  case decimal(scale: Int?)
  case boolean, float, text, binary, json, uuid, date, time, timestamp, timestampZone, bits
  /// Anything printed as text by its engine and compared between equal engines only.
  case other
}

/// One family of column types: how each engine spells it and what it holds.
///
/// `$` in a spelling stands for the arguments of the declaration; a spelling that ends in `?` loses them.
struct TypeRule {
  /// Names in PostgreSQL, without arguments.
  let postgres: [String]
  /// Names in MySQL and MariaDB, without arguments.
  let mysql: [String]
  /// What to write on PostgreSQL.
  let asPostgres: String
  /// What to write on PostgreSQL for unsigned columns, which it lacks.
  let asPostgresUnsigned: String?
  /// What to write on MySQL.
  let asMySQL: String
  /// What it holds.
  let kind: ValueKind

  private init(
    _ postgres: [String], _ mysql: [String], _ asPostgres: String, _ asMySQL: String, _ kind: ValueKind,
    unsigned: String? = nil
  ) {
    self.postgres = postgres
    self.mysql = mysql
    self.asPostgres = asPostgres
    self.asPostgresUnsigned = unsigned
    self.asMySQL = asMySQL
    self.kind = kind
  }

  /// Every type known, PostgreSQL names first. The pairs keep the full range of values.
  static let all: [TypeRule] = [
    TypeRule([], ["tinyint", "int1"], "smallint", "tinyint", .integer),
    TypeRule(
      ["smallint", "int2", "smallserial", "serial2"], ["smallint"], "smallint", "smallint", .integer,
      unsigned: "integer"),
    TypeRule([], ["mediumint", "middleint"], "integer", "mediumint", .integer),
    TypeRule(
      ["integer", "int", "int4", "serial", "serial4"], ["int", "integer", "int4"], "integer", "int", .integer,
      unsigned: "bigint"),
    TypeRule(
      ["bigint", "int8", "bigserial", "serial8"], ["bigint", "int8"], "bigint", "bigint", .integer,
      unsigned: "numeric(20)"),
    TypeRule([], ["serial"], "numeric(20)", "bigint unsigned", .integer),
    TypeRule([], ["year"], "smallint", "year", .integer),
    TypeRule(
      ["numeric", "decimal", "dec"], ["decimal", "numeric", "dec", "fixed"], "numeric($)", "decimal($)",
      .decimal(scale: nil)),
    TypeRule(["money"], [], "money", "decimal(19,2)", .other),
    TypeRule(["real", "float4"], ["float", "float4"], "real", "float", .float),
    TypeRule(
      ["double precision", "float8", "float"], ["double", "double precision", "real", "float8"], "double precision",
      "double", .float),
    TypeRule(["boolean", "bool"], ["boolean", "bool"], "boolean", "tinyint(1)", .boolean),
    TypeRule(["bit"], ["bit"], "bit($)", "bit($)", .bits),
    TypeRule(["bit varying", "varbit"], [], "bit varying($)", "varchar(255)", .other),
    TypeRule(
      ["character", "char", "bpchar"], ["char", "character", "nchar", "national char"], "character($)", "char($)", .text
    ),
    TypeRule(
      ["character varying", "varchar"], ["varchar", "character varying", "nvarchar", "national varchar"],
      "character varying($)", "varchar($)", .text),
    TypeRule(["text"], ["text", "tinytext", "mediumtext", "longtext", "long varchar"], "text", "longtext", .text),
    TypeRule(["name"], [], "name", "varchar(64)", .text),
    TypeRule([], ["enum", "set"], "text", "varchar(255)", .text),
    TypeRule(
      ["bytea"], ["blob", "tinyblob", "mediumblob", "longblob", "binary", "varbinary"], "bytea", "longblob", .binary),
    TypeRule(["date"], ["date"], "date", "date", .date),
    TypeRule(["time", "time without time zone"], ["time"], "time($)", "time($)", .time),
    TypeRule(["time with time zone", "timetz"], [], "time with time zone", "varchar(32)", .other),
    TypeRule(["timestamp", "timestamp without time zone"], ["datetime"], "timestamp($)", "datetime($)", .timestamp),
    TypeRule(
      ["timestamp with time zone", "timestamptz"], ["timestamp"], "timestamptz($)", "datetime($)", .timestampZone),
    TypeRule(["interval"], [], "interval", "varchar(64)", .other),
    TypeRule(["json", "jsonb"], ["json"], "jsonb", "json", .json),
    TypeRule(["uuid"], ["uuid"], "uuid", "char(36)", .uuid),
    TypeRule(["inet", "cidr", "macaddr", "macaddr8"], ["inet4", "inet6"], "inet", "varchar(43)", .other),
    TypeRule(["xml", "tsvector"], [], "text", "longtext", .other),
    TypeRule(["point", "line", "lseg", "box", "path", "polygon", "circle"], [], "text", "longtext", .other),
  ]
}
