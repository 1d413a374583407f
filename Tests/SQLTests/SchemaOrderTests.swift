import Basics
import Facts
import SQL
import Testing

@Suite struct SchemaOrderTests {
  /// Plans files given as `path: tables`; a table list of `-` means a file that only alters.
  static func plan(_ lines: [String]) -> [String] {
    let files = lines.map { line -> (path: RepoPath, head: String) in
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingPrefix(" ") }
      let tables = parts.count > 1 ? parts[1].split(separator: " ") : []
      let head = tables.map { word -> String in
        if word == "-" { return "ALTER TABLE x ADD y int;" }
        if word == "~" { return "DROP TABLE x;" }
        if word == "?" { return "SELECT a FROM b;" }
        if word == "#!" { return "#!/bin/sh\n" }
        return "CREATE TABLE \(word) (a int);\n"
      }.joined()
      return (RepoPath(String(parts[0])), head)
    }
    return SchemaOrder.plan(files: files).first?.files.map(\.text) ?? []
  }

  @Test(arguments: [
    (["schema.sql: a b"], ["schema.sql"]),
    (
      ["s/all.sql: c d e f", "z/a.sql: a", "z/b.sql: b", "z/c.sql: c", "z/g.sql: g"],
      ["z/a.sql", "z/b.sql", "z/c.sql", "z/g.sql", "s/all.sql"]
    ),
    (["m/V10__x.sql: c", "m/V2__y.sql: b", "m/V1__z.sql: a"], ["m/V1__z.sql", "m/V2__y.sql", "m/V10__x.sql"]),
    (
      ["db/1_a.up.sql: a", "db/1_a.down.sql: ~", "db/2_b.up.sql: -", "db/2_b.down.sql: -"],
      ["db/1_a.up.sql", "db/2_b.up.sql"]
    ),
    (["m/V1__a.sql: a", "m/U1__a.sql: ~", "m/V2__drop_old.sql: ~"], ["m/V1__a.sql", "m/V2__drop_old.sql"]),
    (
      ["db/mysql/a.sql: a", "db/mysql/b.sql: b", "db/postgres/a.sql: a", "db/postgres/b.sql: b"],
      ["db/mysql/a.sql", "db/mysql/b.sql"]
    ),
    (
      ["db/sqlite/a.sql: a", "db/sqlite/b.sql: b", "db/sqlite/c.sql: c", "db/mysql/a.sql: a"],
      ["db/sqlite/a.sql", "db/sqlite/b.sql", "db/sqlite/c.sql"]
    ),
    (["schema-postgresql.sql: a b", "schema-mysql.sql: a b", "schema-oracle.sql: a b"], ["schema-mysql.sql"]),
    (["db/schema.pgsql: a", "db/schema.mysql: a"], ["db/schema.mysql"]),
    (
      [
        "d/creates/postgresql.sql: a b", "d/updates/postgresql.1_2.sql: -", "d/updates/postgresql.2_3.sql: c",
        "d/drops/postgresql.sql: ~",
      ], ["d/creates/postgresql.sql", "d/updates/postgresql.1_2.sql", "d/updates/postgresql.2_3.sql"]
    ),
    (
      ["db/updates/2_x.sql: -", "db/base/x.sql: a b", "db/updates/10_x.sql: -"],
      ["db/base/x.sql", "db/updates/2_x.sql", "db/updates/10_x.sql"]
    ),
    (["db/base/x.sql: a b", "db/tools/check.sql: c"], ["db/base/x.sql"]),
    (["db/base/x.sql: a b", "db/archive/0001_x.sql: c", "db/backups/y.sql: d"], ["db/base/x.sql"]),
    (["db/tools/schema.sql: a"], ["db/tools/schema.sql"]),
    (["src/tools/db/schema.sql: a", "src/mail/x.sql: c"], ["src/mail/x.sql", "src/tools/db/schema.sql"]),
    (["tools/db/schema.sql: a", "src/mail/x.sql: c"], ["src/mail/x.sql", "tools/db/schema.sql"]),
    (["a/schema.sql: a", "extra/convert_from_x.sql: c"], ["a/schema.sql"]),
    (["a/V1__a.sql: a", "a/V2__convert_names.sql: c"], ["a/V1__a.sql", "a/V2__convert_names.sql"]),
    (["db/schema.sql: a b", "db/0001_init.sql: a", "db/0002_more.sql: b"], ["db/schema.sql"]),
    (["db/schema.sql: a b", "db/0001_more.sql: c"], ["db/schema.sql", "db/0001_more.sql"]),
    (["src/schema.sql: a", "tests/schema.sql: b", "examples/x.sql: c"], ["src/schema.sql"]),
    (["tests/schema.sql: b"], ["tests/schema.sql"]),
    (["a/schema.sql: a", "b/schema.sql: b"], ["a/schema.sql", "b/schema.sql"]),
    (["new/schema.sql: a b c", "old/schema.sql: a b"], ["new/schema.sql"]),
    (["schema.sql: a", "report.sql: ?", "run.mysql: #!"], ["schema.sql"]),
    (
      ["m1/db/migration/V1__a.sql: a", "m2/db/migration/V1__b.sql: b"],
      ["m1/db/migration/V1__a.sql", "m2/db/migration/V1__b.sql"]
    ),
    (
      [
        "db/h2/schema.sql: a b", "db/hsqldb/schema.sql: a b", "db/mysql/schema.sql: a b", "db/postgres/schema.sql: a b",
      ],
      ["db/mysql/schema.sql"]
    ),
    (["schema-h2.sql: a", "schema-postgres.sql: a"], ["schema-postgres.sql"]),
    (["a/Tables/x.sql: a.x a.in", "b/Tables/x.sql: b.x b.in"], ["a/Tables/x.sql", "b/Tables/x.sql"]),
    (["x.sql"], []),
  ])
  func order(_ lines: [String], _ expected: [String]) { #expect(Self.plan(lines) == expected) }

  @Test func looseScriptsBesideAMaintainedSchemaAreAddOns() {
    var lines: [String] = []
    for engine in ["mysql", "postgres"] {
      for table in ["a", "b", "c", "d", "e"] { lines.append("db/\(engine)/\(table).sql: \(table)") }
    }
    lines.append("src/extra.sql: z")
    #expect(Self.plan(lines) == ["a", "b", "c", "d", "e"].map { "db/mysql/\($0).sql" })
  }

  @Test func anEngineWithoutTablesIsNoCopyOfTheSchema() {
    var lines = ["sql/create/x_mysql.sql: -", "sql/create/functions_postgres.sql: -", "sql/extra/more.sql: z"]
    for table in ["a", "b", "c", "d", "e"] { lines.append("sql/base/\(table).sql: \(table)") }
    #expect(Self.plan(lines).contains("sql/extra/more.sql"))
  }

  @Test func whatACutHeadHidesMayBeThere() {
    let long = "CREATE TABLE a (a int);\n-- " + String(repeating: "x", count: 4096)
    let short = "CREATE TABLE a (a int); CREATE TABLE b (a int);"
    let files = [("db/mysql/s.sql", String(long.prefix(4096))), ("db/sqlite/s.sql", short)]
      .map { (path: RepoPath($0.0), head: $0.1) }
    #expect(SchemaOrder.plan(files: files).first?.files.map(\.text) == ["db/mysql/s.sql"])
  }

  @Test func orderOfInputDoesNotMatter() {
    let lines = ["db/mysql/a.sql: a", "db/postgres/a.sql: a", "db/mysql/b.sql: b", "x/1.sql: q", "x/2.sql: -"]
    let expected = Self.plan(lines)
    #expect(Self.plan(lines.reversed()) == expected)
    #expect(Self.plan(Array(lines[2...] + lines[..<2])) == expected)
  }
}
