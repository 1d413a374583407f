import Pipeline
import Reporting
import Testing

/// Migrations written as classes run between those that are files.
@Suite("Migrations in code")
struct CodeMigrationTests {
  private let names = """
    package db.migration;
    import org.flywaydb.core.api.migration.*;
    public class V2__names extends BaseJavaMigration {
      private static final String ADD = "alter table users add full_name varchar(80)";
      public void migrate(Context context) throws Exception {
        Statement statement = context.getConnection().createStatement();
        statement.execute(ADD);
        statement.executeUpdate("update users set full_name = name");
        log.info("drop table users");
        String sql = "create table audit (id int,";
        sql += " who int)";
        statement.execute(sql);
        run(statement, "alter table users drop column name");
      }
      private void run(Statement s, String sql) throws Exception { s.execute(sql); }
    }
    """
  private let dropping = """
    package db.migration
    import org.flywaydb.core.api.migration.*
    class V3_1__Drop : BaseJavaMigration() {
      override fun migrate(context: Context) {
        context.connection.createStatement().use { it.execute("drop table audit") }
        JdbcTemplate(SingleConnectionDataSource(context.connection, true)).execute("create table notes (id int)")
      }
    }
    class Helper { fun x(c: Connection) { c.createStatement().execute("create table helper (a int)") } }
    """

  private func report(_ files: [(String, String)]) async throws -> Report {
    let scratch = try Scratch()
    for (path, text) in files { try scratch.write(text, to: "repo/src/main/" + path) }
    return try await analyze(scratch.path + "/repo", state: scratch.path + "/state")
  }

  private func schema(_ report: Report) -> [String] {
    report.tables.map { "\($0.name)(\($0.columns.map(\.name).joined(separator: " ")))" }
  }

  @Test func betweenFiles() async throws {
    let report = try await report([
      ("resources/db/migration/V1__init.sql", "create table users (id int primary key, name varchar(40));"),
      (
        "resources/db/migration/V10__late.sql",
        "alter table users rename column full_name to title; create table last (id int);"
      ),
      ("java/db/migration/V2__names.java", names), ("kotlin/db/migration/V3_1__Drop.kt", dropping),
    ])
    #expect(schema(report) == ["last(id)", "notes(id)", "users(id title)"])
    let functions = Set(report.accesses.map { "\($0.function) \($0.op) \($0.table)" })
    #expect(functions.contains("V2__names.migrate write users"))
    #expect(functions.contains("V2__names.migrate ddl users"))
    #expect(functions.contains("V3_1__Drop.migrate ddl notes"))
  }

  @Test func besideFilesForSeveralEngines() async throws {
    let report = try await report([
      ("resources/db/migration/mysql/V1__init.sql", "create table users (id int, name varchar(40)) engine=InnoDB;"),
      ("resources/db/migration/postgresql/V1__init.sql", "create table users (id serial, name text);"),
      ("java/db/migration/V2__names.java", names),
    ])
    #expect(schema(report) == ["audit(id who)", "users(id full_name)"])
  }

  @Test func alone() async throws {
    let only = names.replacing("V2__names", with: "V1__all").replacing(
      "execute(ADD)", with: "execute(\"create table users (id int, name int, full_name int)\")")
    #expect(
      schema(try await report([("java/db/migration/V1__all.java", only)])) == ["audit(id who)", "users(id full_name)"])
  }

  /// Without the name of a migration, or its base, a class is no step of the schema.
  @Test func lookAlikes() async throws {
    let files = [
      ("resources/db/migration/V1__init.sql", "create table users (id int, name varchar(40));"),
      ("java/db/migration/Names.java", names.replacing("V2__names", with: "Names")),
      (
        "java/db/migration/V2__other.java",
        names.replacing("extends BaseJavaMigration", with: "").replacing("V2__names", with: "V2__other")
      ),
    ]
    #expect(schema(try await report(files)) == ["users(id name)"])
  }
}
