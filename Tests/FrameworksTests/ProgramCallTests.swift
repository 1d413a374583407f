import Basics
import Facts
import Testing

/// Code that calls programs stored in the database reaches what they do.
@Suite struct ProgramCallTests {
  private static func calls(_ text: String) throws -> [String] {
    let system = try MarkedSystem(text).linked(parsed: false)
    return system.references.filter { system.units[$0.to].kind == .storedProgram }
      .map { "\(system.units[$0.from].name) -> \(system.units[$0.to].name) at \($0.span)" }.sorted()
  }

  @Test func callsReachPrograms() throws {
    let found = try Self.calls(
      """
      //- /schema.sql
      CREATE TABLE orders (id int);
      DELIMITER //
      CREATE PROCEDURE close_order(i INT) BEGIN UPDATE orders SET id = i; CALL audit(i); END//
      CREATE PROCEDURE audit(i INT) BEGIN INSERT INTO log (i) VALUES (i); END//
      CREATE FUNCTION open_total(i INT) RETURNS INT RETURN (SELECT COUNT(*) FROM orders)//
      //- /a.c
      void close(db *d) { query(d, "CALL close_order(1)"); }
      void total(db *d) { query(d, "SELECT open_total(2)"); }
      void other(db *d) { query(d, "CALL elsewhere(1)"); }
      """)
    #expect(
      found == [
        "close -> close_order at a.c:1", "close_order -> audit at schema.sql:3", "total -> open_total at a.c:2",
      ])
  }

  @Test func whatAProgramBuildsIsCounted() throws {
    let system = try MarkedSystem(
      """
      //- /schema.sql
      CREATE TABLE t (id int);
      CREATE FUNCTION f(n text) RETURNS void AS $$ BEGIN EXECUTE 'DELETE FROM ' || n; END $$ LANGUAGE plpgsql;
      //- /a.c
      int x;
      """
    ).linked(parsed: false)
    #expect(system.unresolved.map { "\($0.span) \($0.text)" } == ["schema.sql:2 DELETE FROM …"])
  }
}
