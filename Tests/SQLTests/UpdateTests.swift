import Basics
import Facts
import SQL
import Testing

/// Updates behind a base: which of them does the base hold already?
@Suite struct UpdateTests {
  private static let base = "CREATE TABLE v (at_3 int); CREATE TABLE t (id int, a int, b int);"

  private static func reader(_ updates: [String]) -> SchemaReader {
    var reader = SchemaReader(engine: .mysql)
    reader.read(base, file: RepoPath("sql/base/x.sql"))
    for (index, text) in updates.enumerated() {
      reader.read(text, file: RepoPath("sql/updates/x/\(index + 1)_x.sql"))
    }
    return reader
  }

  private static func check(_ updates: [String], _ expected: String) {
    #expect(SchemaReaderTests.show(reader(updates).catalog()) == expected, "\(updates)")
  }

  private static let unchanged = "t(id int, a int, b int); v(at_3 int)"

  @Test(arguments: [
    ["ALTER TABLE t ADD COLUMN a int;"],
    ["ALTER TABLE t ADD COLUMN a int, ADD COLUMN gone int;"],
    ["ALTER TABLE v CHANGE at_1 at_2 int; ALTER TABLE t ADD gone int;", "ALTER TABLE v CHANGE at_2 at_3 int;"],
    ["ALTER TABLE t DROP COLUMN gone;", "ALTER TABLE t DROP gone, ADD other int;"],
    ["ALTER TABLE t ADD gone int;", "ALTER TABLE t ADD a int;", "ALTER TABLE t MODIFY a bigint;"],
    ["CREATE TABLE gone (a int);", "DROP TABLE gone;", "ALTER TABLE t ADD b int;"],
    ["DROP TABLE IF EXISTS t; CREATE TABLE t (id int, a int, b int);"],
    ["RENAME TABLE old TO t;"],
    ["UPDATE t SET a = 1;", "INSERT INTO t VALUES (1);"],
    ["ALTER TABLE elsewhere ADD a int;"],
  ])
  func heldUpdatesAreNotApplied(_ updates: [String]) { Self.check(updates, Self.unchanged) }

  @Test(arguments: [
    (
      ["ALTER TABLE v CHANGE at_2 at_3 int;", "ALTER TABLE v CHANGE at_3 at_4 int; ALTER TABLE t ADD c int;"],
      "t(id int, a int, b int, c int); v(at_4 int)"
    ),
    (["ALTER TABLE v CHANGE at_3 at_4 int;"], "t(id int, a int, b int); v(at_4 int)"),
    (
      [
        "ALTER TABLE t ADD b int;", "CREATE TABLE n (x int);", "ALTER TABLE n ADD y int;",
        "ALTER TABLE t MODIFY a text;",
      ],
      "n(x int, y int); t(id int, a text, b int); v(at_3 int)"
    ),
    (
      ["ALTER TABLE t ADD b int;", "ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD b text;"],
      "t(id int, a int, b text); v(at_3 int)"
    ),
    (["ALTER TABLE t ADD b int;", "DROP TABLE v;"], "t(id int, a int, b int)"),
    (["ALTER TABLE t ADD b int;", "RENAME TABLE v TO w;"], "t(id int, a int, b int); w(at_3 int)"),
    (
      ["ALTER TABLE t ADD b int;", "ALTER TABLE v RENAME TO w; ALTER TABLE w ADD x int;"],
      "t(id int, a int, b int); w(at_3 int, x int)"
    ),
    (
      ["ALTER TABLE t ADD b int;", "ALTER TABLE t ADD c int;", "ALTER TABLE t CHANGE c d int;"],
      "t(id int, a int, b int, d int); v(at_3 int)"
    ),
  ])
  func updatesAfterTheBaseAreApplied(_ updates: [String], _ expected: String) { Self.check(updates, expected) }

  @Test func updatesWithoutABaseAreApplied() {
    var reader = SchemaReader(engine: .mysql)
    reader.read("CREATE TABLE t (id int);", file: RepoPath("sql/updates/1_x.sql"))
    reader.read("ALTER TABLE t ADD a int;", file: RepoPath("sql/updates/2_x.sql"))
    #expect(SchemaReaderTests.show(reader.catalog()) == "t(id int, a int)")
  }

  @Test func foldersAreJudgedOnTheirOwn() {
    var reader = Self.reader(["ALTER TABLE t ADD b int;", "ALTER TABLE t ADD c int;"])
    reader.read("ALTER TABLE v ADD at_3 int;", file: RepoPath("sql/updates/y/3_y.sql"))
    #expect(SchemaReaderTests.show(reader.catalog()) == "t(id int, a int, b int, c int); v(at_3 int)")
  }

  @Test func whatCanNotBeReadIsToldOnlyOfUpdatesThatAreApplied() {
    #expect(Self.reader(["ALTER TABLE t ADD b int; garbage here;"]).diagnostics == [])
    let reader = Self.reader(["ALTER TABLE t ADD b int;", "ALTER TABLE t ADD c int; garbage here;"])
    #expect(reader.diagnostics.map(\.code) == ["schema-statement-unknown"])
    #expect(reader.statementCount == 4)
  }

  /// Nothing shows that a lone new column was not there once: without an update that is held, it is left out.
  @Test func FN_aFirstUpdateThatOnlyAddsIsNotTrusted() {
    Self.check(["ALTER TABLE t ADD c int;"], Self.unchanged)
  }

  @Test func manyUpdatesTakeLinearTime() {
    func time(_ count: Int) -> Duration {
      ContinuousClock().measure {
        let updates =
          ["ALTER TABLE t ADD b int;"]
          + (0..<count).map { "CREATE TABLE n\($0) (x int); ALTER TABLE t ADD c\($0) int;" }
        #expect(Self.reader(updates).catalog().tables.count == count + 2)
      }
    }
    let short = min(time(250), time(250))
    #expect(time(2000) < short * 40)
  }
}
