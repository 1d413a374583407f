import Basics
import Facts
import SQL
import Testing

/// Tables that several files define.
@Suite struct RepeatedTableTests {
  private static func reader(_ files: [(String, String)]) -> SchemaReader {
    var reader = SchemaReader(engine: .mysql)
    for (path, text) in files { reader.read(text, file: RepoPath(path)) }
    return reader
  }

  private static func check(_ files: [(String, String)], _ expected: String, notes: [String]) {
    let reader = reader(files)
    #expect(SchemaReaderTests.show(reader.catalog()) == expected)
    let found = reader.diagnostics.map { "\($0.severity) \($0.code) \($0.span)" }
    #expect(found == notes.map { "note table-repeated \($0)" })
  }

  @Test func theFirstOfTwoDumpsWins() {
    let second = """
      DROP TABLE IF EXISTS t;
      CREATE TABLE t (b int);
      ALTER TABLE t ADD PRIMARY KEY (b), ADD c int;
      CREATE UNIQUE INDEX i ON t (b);
      """
    let files = [("base/x.sql", "CREATE TABLE t (a int);"), ("base/y.sql", second)]
    Self.check(files, "t(a int)", notes: ["base/y.sql:2"])
    #expect(Self.reader(files).diagnostics.first?.message.contains("base/x.sql:1") == true)
  }

  @Test func anExtensionOfTheSameTableIsApplied() {
    let second = "CREATE TABLE IF NOT EXISTS t (a int);\nALTER TABLE t ADD b int;"
    Self.check([("x.sql", "CREATE TABLE t (a int);"), ("y.sql", second)], "t(a int, b int)", notes: [])
  }

  @Test func anotherShapeIsToldEvenIfItIsConditional() {
    let second = "CREATE TABLE IF NOT EXISTS t (b int);"
    Self.check([("x.sql", "CREATE TABLE t (a int);"), ("y.sql", second)], "t(a int)", notes: ["y.sql:1"])
  }

  @Test func aStepMayRedefine() {
    let second = "DROP TABLE t; CREATE TABLE t (b int);"
    Self.check([("V1__x.sql", "CREATE TABLE t (a int);"), ("V2__y.sql", second)], "t(b int)", notes: [])
  }

  @Test func aTableThatIsOnlyDroppedIsGone() {
    let first = "CREATE TABLE t (a int); CREATE TABLE u (a int);"
    Self.check([("x.sql", first), ("y.sql", "DROP TABLE t;")], "u(a int)", notes: [])
  }

  @Test func qualifiedNamesAreTwoTables() {
    let files = [("x.sql", "CREATE TABLE p.t (a int);"), ("y.sql", "CREATE TABLE q.t (b int);")]
    Self.check(files, "p.t(a int); q.t(b int)", notes: [])
  }
}
