import Basics
import Facts
import SQL
import Testing

/// Rows are skipped by bytes; what follows them must be found again.
@Suite struct RowSkippingTests {
  private static func check(_ rows: String, _ engine: EngineFamily?) {
    let text = "CREATE TABLE a (x int);\n\(rows)\nCREATE TABLE b (y int COMMENT 'none; 0 = all', z int);\n"
    var reader = SchemaReader(engine: engine)
    reader.read(text, file: RepoPath("dump.sql"))
    #expect(SchemaReaderTests.show(reader.catalog()) == "a(x int); b(y int, z int)", "\(rows)")
    #expect(reader.diagnostics == [])
    #expect(reader.statementCount == 3)
  }

  @Test(arguments: [
    "INSERT INTO a VALUES (1), -- Hunter's mark\n(2);",
    "INSERT INTO a VALUES (1), /* Hunter's mark */ (2);",
    "INSERT INTO a VALUES (1), /* it's; here */\n(2);",
    "INSERT INTO a VALUES\n# the hunter's mark; really\n(1);",
    "INSERT INTO a VALUES (1), # it's\n(2);",
    "INSERT INTO a VALUES (1), --\n(2), ---- don't\n(3);",
    "INSERT INTO a -- (0) not associated; isn't it\nVALUES (1);",
    "INSERT INTO a VALUES ('x; y'), (\"p; q\");",
    "INSERT INTO a VALUES ('it''s; here'), ('''');",
    "INSERT INTO a VALUES ('it\\'s; here'), ('\\\\'), ('\\\\\\'; ');",
    "INSERT INTO a VALUES ('-- no comment'), ('/* neither'), ('# nor this');",
    "INSERT INTO a VALUES ('''\\'; ''', \"\"\"; \", 1--1, 2/1);",
    "INSERT INTO `a;b` VALUES (1);",
    "REPLACE INTO a VALUES ('a'), /*! it */ ('b;');",
  ])
  func mysqlRows(_ rows: String) { Self.check(rows, .mysql) }

  @Test(arguments: [
    "INSERT INTO a VALUES ('\\'), (';');",
    "INSERT INTO a VALUES (E'it\\'s; here');",
    "INSERT INTO a VALUES (E'it''s \\'; here');",
    "INSERT INTO a VALUES ($$it's; here$$);",
    "INSERT INTO a VALUES (1), /* nested /* it's */ isn't; */ (2);",
    "INSERT INTO a VALUES (1) --it's;\n, (2);",
    "INSERT INTO a VALUES ('a' #>> 'b;');",
  ])
  func postgresRows(_ rows: String) { Self.check(rows, .postgres) }

  @Test(arguments: [
    "INSERT INTO a VALUES (1), -- it's\n(2);", "INSERT INTO a VALUES (1), /* it's; */ (2);",
    "INSERT INTO a VALUES ('it''s;'), ('C:\\');",
  ])
  func rowsOfSQLite(_ rows: String) { Self.check(rows, .sqlite) }

  @Test(arguments: [
    "INSERT INTO a VALUES (1), -- it's\n(2);", "INSERT INTO a VALUES (1), /* it's; */ (2);",
    "INSERT INTO a VALUES ('it''s;'), ('\\');",
  ])
  func rowsForAnyEngine(_ rows: String) { Self.check(rows, nil) }

  @Test func unclosedRowsEndWithTheFile() {
    for rows in [
      "INSERT INTO a VALUES ('", "INSERT INTO a VALUES (\"\\", "REPLACE a /* ", "INSERT -- ", "INSERT a $x$",
    ] {
      var reader = SchemaReader(engine: .mysql)
      reader.read("CREATE TABLE a (x int);" + rows, file: RepoPath("dump.sql"))
      #expect(SchemaReaderTests.show(reader.catalog()) == "a(x int)")
    }
  }
}
