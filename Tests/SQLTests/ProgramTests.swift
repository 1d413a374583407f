import Basics
import Facts
import SQL
import Testing

/// Stored programs as code: what they read and write, what they call, what they build at run time.
@Suite struct ProgramTests {
  /// `routine p: r t(a) calls q unresolved 1`.
  static func show(_ catalog: Catalog) -> String {
    catalog.programs.map { program in
      var text = "\(program.kind.rawValue) \(program.name)" + (program.table.map { " on \($0)" } ?? "") + ": "
      text += notation(program.accesses)
      if !program.calls.isEmpty { text += " calls " + program.calls.joined(separator: ",") }
      if !program.unresolved.isEmpty { text += " unresolved \(program.unresolved.count)" }
      return text
    }.joined(separator: "; ")
  }

  @Test(arguments: [
    (
      "CREATE FUNCTION f(i int) RETURNS void AS $$ BEGIN PERFORM g(i); CALL s.h(1); x := k(i) + 1; INSERT INTO t SELECT m(a) FROM u; END $$ LANGUAGE plpgsql; CREATE FUNCTION g(i int) RETURNS int AS $$ SELECT a FROM v $$ LANGUAGE sql; CREATE PROCEDURE s.h(i int) LANGUAGE sql AS 'DELETE FROM w'; CREATE FUNCTION k(i int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a FROM x; END; CREATE FUNCTION m(i int) RETURNS int LANGUAGE sql RETURN (SELECT a FROM y);",
      "routine f: w t(*) r u(a) calls g,k,m,s.h; routine g: r v(a); routine k: r x(a); routine m: r y(a); routine s.h: w w(*)"
    ),
    (
      "CREATE FUNCTION f(t text) RETURNS void AS $$ DECLARE q text; BEGIN EXECUTE format('UPDATE a SET b = %L WHERE i = $1', t) USING 1; EXECUTE 'SELECT c FROM ' || quote_ident(t); EXECUTE t; q := 'DELETE FROM d WHERE x = ' || t; EXECUTE q INTO r; RETURN QUERY EXECUTE 'SELECT e FROM g'; END $$ LANGUAGE plpgsql",
      "routine f: w a(b) w d(*) r g(e) unresolved 2"
    ),
    (
      "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN CASE TG_OP WHEN 'INSERT' THEN INSERT INTO a VALUES (NEW.x); ELSE NULL; END CASE; FOR r IN EXECUTE 'SELECT b FROM c' LOOP END LOOP; RETURN NEW; END $$ LANGUAGE plpgsql; CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f();",
      "routine f: w a(*) r c(b); trigger g on t: w a(*) r c(b) calls f"
    ),
    (
      "CREATE VIEW v AS SELECT f(a) FROM w; CREATE VIEW w AS SELECT a FROM t; CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "routine f: ; view v: r w(a) calls f; view w: r t(a)"
    ),
  ])
  func postgres(_ text: String, _ expected: String) {
    #expect(Self.show(SchemaReaderTests.catalog(text, engine: .postgres)) == expected)
  }

  @Test(arguments: [
    (
      "DELIMITER $$\nCREATE DEFINER=`r`@`%` PROCEDURE `p`(IN x INT)\nBEGIN\n  DECLARE done INT DEFAULT 0;\n  DECLARE c CURSOR FOR SELECT a FROM t;\n  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;\n  OPEN c;\n  l: LOOP\n    FETCH c INTO y;\n    IF done THEN LEAVE l; END IF;\n    UPDATE u SET b = REPLACE(b, 'x', 'y') WHERE i = y;\n    CALL q(y);\n  END LOOP;\n  SET @s = CONCAT('DELETE FROM v WHERE i = ', x);\n  PREPARE st FROM @s;\n  EXECUTE st;\n  SET z = f(1);\nEND$$\nCREATE PROCEDURE q(IN x INT) SELECT a FROM w$$\nCREATE FUNCTION f(x INT) RETURNS INT RETURN (SELECT MAX(a) FROM k)$$\nDELIMITER ;\nCREATE TABLE z (a INT);",
      "routine f: r k(a); routine p: r t(a) w u(b) w v(*) calls f,q; routine q: r w(a)"
    ),
    (
      "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW BEGIN IF NEW.a <> OLD.a THEN INSERT INTO u (a) VALUES (OLD.a); END IF; CALL p(1); END; CREATE PROCEDURE p(x INT) DELETE FROM v; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM w WHERE a < NOW();",
      "routine e: w w(*); routine p: w v(*); trigger g on t: w u(a) calls p"
    ),
  ])
  func mysql(_ text: String, _ expected: String) {
    #expect(Self.show(SchemaReaderTests.catalog(text, engine: .mysql)) == expected)
  }

  @Test(arguments: [
    ("CALL p(1)", ["p"]), ("{call s.p(?, ?)}", ["s.p"]), ("{? = call f(?)}", ["f"]),
    ("SELECT f(a), COUNT(*) FROM t", ["f"]),
    ("SELECT * FROM f(1) x JOIN t ON g(t.a) = 1", ["f", "g"]), ("UPDATE t SET a = h(b)", ["h"]),
    ("BEGIN p(?); END;", ["p"]), ("DO $$ BEGIN PERFORM k(1); END $$", ["k"]),
    ("INSERT INTO t (a) VALUES (NOW())", []),
  ])
  func callsFromCode(_ text: String, _ expected: [String]) {
    #expect(SQLReader(engine: nil).statements(in: text).flatMap(\.calls) == expected)
  }
}
