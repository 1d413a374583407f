import Basics
import Facts
import SQL
import Testing

/// Migrations of golang-migrate and goose: by number and not by text, forth and not back.
@Suite struct MigrationOrderTests {
  @Test(arguments: [
    (
      ["db/000010_c.up.sql: c", "db/000010_c.down.sql: ~", "db/000009_b.up.sql: b", "db/000009_b.down.sql: ~"],
      ["db/000009_b.up.sql", "db/000010_c.up.sql"]
    ),
    (
      ["m/10_c.up.sql: c", "m/9_b.up.sql: b", "m/1_a.up.sql: a", "m/1_a.down.sql: ~", "m/9_b.down.sql: ~"],
      ["m/1_a.up.sql", "m/9_b.up.sql", "m/10_c.up.sql"]
    ),
    (
      ["m/20240201000000_b.sql: b", "m/20231201000000_a.sql: a", "m/20240201000001_c.sql: c"],
      ["m/20231201000000_a.sql", "m/20240201000000_b.sql", "m/20240201000001_c.sql"]
    ),
    (
      ["m/00002_b.sql: b", "m/20240101000000_c.sql: c", "m/00001_z.sql: a"],
      ["m/00001_z.sql", "m/00002_b.sql", "m/20240101000000_c.sql"]
    ),
    (["m/1_a.up.pgsql: a", "m/2_b.up.pgsql: b", "m/1_a.down.pgsql: ~"], ["m/1_a.up.pgsql", "m/2_b.up.pgsql"]),
    (
      ["m/0001_shutdown.up.sql: a", "m/0002_down_payments.up.sql: b"],
      ["m/0001_shutdown.up.sql", "m/0002_down_payments.up.sql"]
    ),
  ])
  func order(_ lines: [String], _ expected: [String]) { #expect(SchemaOrderTests.plan(lines) == expected) }

  private func columns(_ files: [(String, String)]) -> [String: [String]] {
    let order = SchemaOrder.plan(files: files.map { (RepoPath($0.0), $0.1) }).first?.files.map(\.text) ?? []
    var reader = SchemaReader(engine: .postgres)
    for path in order {
      if let file = files.first(where: { $0.0 == path }) { reader.read(file.1, file: RepoPath(path)) }
    }
    return Dictionary(
      uniqueKeysWithValues: reader.catalog().tables.map { ($0.name.text, $0.columns.map(\.name)) })
  }

  /// The tenth file renames what the ninth makes: by text it would come first.
  @Test func golangMigrate() {
    let found = columns([
      ("m/10_rename.up.sql", "ALTER TABLE users RENAME TO people; ALTER TABLE people ADD COLUMN age int;"),
      ("m/10_rename.down.sql", "ALTER TABLE people RENAME TO users;"),
      ("m/9_users.up.sql", "CREATE TABLE users (id int);"), ("m/9_users.down.sql", "DROP TABLE users;"),
      ("m/11_extra.up.sql", "CREATE TABLE extra (id int);"), ("m/11_extra.down.sql", "DROP TABLE extra;"),
    ])
    #expect(found == ["people": ["id", "age"], "extra": ["id"]])
  }

  @Test func goose() {
    let found = columns([
      (
        "m/20240301120000_more.sql",
        """
        -- +goose Up
        -- +goose StatementBegin
        ALTER TABLE users ADD COLUMN name text;
        CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END; $$ LANGUAGE plpgsql;
        -- +goose StatementEnd

        -- +goose Down
        -- +goose StatementBegin
        ALTER TABLE users DROP COLUMN name;
        DROP TABLE users;
        -- +goose StatementEnd
        """
      ),
      (
        "m/20240229120000_users.sql",
        """
        -- +goose NO TRANSACTION
        -- +goose Up
        CREATE TABLE users (id int);
        -- +goose down
        DROP TABLE users;
        """
      ),
    ])
    #expect(found == ["users": ["id", "name"]])
  }
}
