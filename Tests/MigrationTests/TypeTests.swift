import Basics
import Decomposition
import Facts
import Foundation
import Migration
import Testing

/// Declared types of one engine as columns of another: the target's tables are made by the real server.
@Suite struct TypeTests {
  private static let mysql = [
    "tinyint(1)", "tinyint unsigned", "smallint(5) unsigned", "mediumint", "int(10) unsigned zerofill",
    "bigint unsigned", "bigint(20)",
    "decimal(10,2)", "decimal", "float", "double(8,2)", "bit(3)", "boolean", "char(3)",
    "varchar(20) character set utf8", "text", "longtext",
    "tinytext", "enum('a','b, (c)')", "set('x','y')", "blob", "varbinary(16)", "binary(4)", "date", "time", "datetime",
    "datetime(3)", "timestamp",
    "timestamp(6)", "year(4)", "json", "geometry",
  ]
  private static let postgres = [
    "smallint", "integer", "bigint", "serial", "bigserial", "numeric", "numeric(12,3)", "real", "double precision",
    "boolean", "char(3)",
    "character varying(20)", "varchar", "text", "bytea", "date", "time without time zone",
    "timestamp(3) without time zone",
    "timestamp with time zone", "timestamptz(3)", "interval", "json", "jsonb", "uuid", "inet", "xml", "integer[]",
    "text[]", "point", "bit(3)",
    "bit varying(8)", "money", "some_domain", "character", "time(3)",
  ]

  private func tables(of types: [String], catalog: EngineFamily, engine: PlanEngine) throws -> (
    sql: String, plan: MigrationPlan
  ) {
    var columns = [Column(name: "id", type: "int", isNullable: false)]
    for (index, type) in types.enumerated() { columns.append(Column(name: "c\(index)", type: type, isNullable: true)) }
    var system = SystemFacts()
    system.catalog = Catalog(
      tables: [Table(name: TableName("things"), columns: columns, primaryKey: ["id"], source: Shop.span(1))],
      engine: catalog)
    var proposal = Proposal()
    let service = "types_\(catalog.rawValue)_\(engine.rawValue)"
    proposal.services = [ServiceBoundary(name: service, units: [], tables: [TableName("things")], cohesion: 1)]
    proposal.owners = [Shop.owner("things", service)]
    let plan = try Planner.plan(
      system: system, proposal: proposal, options: PlanOptions(engine: engine), factsDigest: "d")
    let files = plan.groups[0].steps.flatMap(\.artifacts)
    return (
      files.first {
        $0.path.contains("/target/V") && $0.path.hasSuffix("__tables.sql") && $0.contents.contains("things")
      }!.contents, plan
    )
  }

  /// Every type, from both engines to both engines, is accepted as it is written.
  @Test(arguments: [EngineFamily.mysql, .postgres, .sqlite], ServerKind.allCases)
  func everyTypeIsAccepted(_ catalog: EngineFamily, _ kind: ServerKind) throws {
    let server = try kind.server()
    let types = catalog == .mysql ? Self.mysql : Self.postgres
    let (sql, plan) = try tables(of: types, catalog: catalog, engine: server.engine)
    let database = "types_db_\(catalog.rawValue)"
    try server.create(database)
    _ = try server.sql(sql, database: database)
    let unknown = plan.groups[0].risks.first { $0.code == "unknown-type" }
    #expect(unknown != nil, "geometry and some_domain are no types of either engine's list")
  }

  @Test(arguments: [
    ("tinyint(1)", "smallint"), ("int(10) unsigned", "bigint"), ("bigint unsigned", "numeric(20)"),
    ("datetime(3)", "timestamp(3)"),
    ("varchar(20)", "character varying(20)"), ("enum('a','b')", "text"), ("blob", "bytea"),
    ("double", "double precision"),
    ("json", "jsonb"), ("geometry", "text"),
  ]) func mysqlTypesOnPostgres(_ declared: String, _ expected: String) throws {
    let sql = try tables(of: [declared], catalog: .mysql, engine: .postgres).sql
    #expect(sql.contains("\"c0\" \(expected) NULL"), "\(sql)")
  }

  @Test(arguments: [
    ("timestamptz", "datetime(6)"), ("timestamp(3) without time zone", "datetime(3)"), ("uuid", "char(36)"),
    ("text", "longtext"),
    ("varchar", "longtext"), ("numeric(12,3)", "decimal(12,3)"), ("integer[]", "longtext"), ("boolean", "tinyint(1)"),
  ]) func postgresTypesOnMariaDB(_ declared: String, _ expected: String) throws {
    let sql = try tables(of: [declared], catalog: .postgres, engine: .mariadb).sql
    #expect(sql.contains("`c0` \(expected) NULL"), "\(sql)")
  }

  /// Defaults that are literals or the clock are kept; other expressions are named as a risk, never copied.
  @Test(arguments: [
    ("varchar(9)", "'it''s'", #"DEFAULT 'it''s'"#), ("varchar(9)", "'a'::character varying", "DEFAULT 'a'"),
    ("integer", "0", "DEFAULT 0"),
    ("integer", "'-7'", "DEFAULT -7"), ("boolean", "'1'", "DEFAULT TRUE"),
    ("timestamp", "now()", "DEFAULT CURRENT_TIMESTAMP"),
    ("date", "'2026-01-01'", "DEFAULT '2026-01-01'"), ("integer", "nextval('s'::regclass)", ""),
    ("text", "upper('x'); DROP TABLE t", ""),
    ("timestamp", "'0000-00-00 00:00:00'", ""), ("integer", "'x'", ""), ("text", "'unclosed", ""),
  ]) func defaultsAreKeptWhenSafe(_ type: String, _ written: String, _ expected: String) throws {
    var system = SystemFacts()
    let column = Column(name: "c", type: type, isNullable: false, defaultExpression: written)
    system.catalog = Catalog(
      tables: [
        Table(
          name: TableName("t"), columns: [Column(name: "id", type: "integer", isNullable: false), column],
          primaryKey: ["id"],
          source: Shop.span(1))
      ], engine: .postgres)
    var proposal = Proposal()
    proposal.services = [ServiceBoundary(name: "s", units: [], tables: [TableName("t")], cohesion: 1)]
    proposal.owners = [Shop.owner("t", "s")]
    let plan = try Planner.plan(system: system, proposal: proposal, options: PlanOptions(), factsDigest: "d")
    let files = plan.groups[0].steps.flatMap(\.artifacts)
    let sql = files.first {
      $0.path.contains("/target/V") && $0.path.hasSuffix("__tables.sql") && $0.contents.contains("\"t\"")
    }!.contents
    let line = sql.split(separator: "\n").first { $0.contains("\"c\"") }!
    if expected.isEmpty { #expect(!line.contains("DEFAULT")) } else { #expect(line.contains(expected), "\(line)") }
  }
}
