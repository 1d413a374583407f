import Facts
import SQL
import Testing

@Suite struct JoinTests {
  /// Joins as `a-b`, with `!` when both sides are needed.
  @Test(arguments: [
    ("SELECT t.a, u.b FROM t JOIN u ON t.i = u.i", "t-u"),
    ("SELECT t.a FROM t, u WHERE t.i = u.i", "t-u"),
    ("SELECT t.a FROM t, u WHERE t.i = u.i AND t.x = 1", "t-u"),
    ("SELECT t.a FROM t, u WHERE t.i = u.i AND t.x = 1 AND u.y = 2", "t-u!"),
    ("SELECT t.a FROM t JOIN u ON t.i = u.i WHERE u.x > 1 ORDER BY t.a", "t-u!"),
    ("SELECT t.a FROM t JOIN u ON t.i = u.i GROUP BY t.a ORDER BY t.b", "t-u"),
    ("SELECT SUM(u.x) FROM t JOIN u ON t.i = u.i GROUP BY t.a", "t-u!"),
    ("SELECT * FROM b JOIN a ON a.i = b.i JOIN c ON c.j = a.j", "a-b a-c"),
    ("SELECT * FROM a, b, c WHERE a.i = b.i AND b.j = c.j", "a-b b-c"),
    ("SELECT * FROM a NATURAL JOIN b", "a-b"),
    ("SELECT * FROM t x JOIN t y ON x.i = y.p", ""),
    ("SELECT a FROM t WHERE i IN (SELECT j FROM u)", "t-u!"),
    ("SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.i = t.i)", "t-u!"),
    ("SELECT t.a FROM t JOIN (SELECT i FROM u) s ON s.i = t.i", "t-u"),
    ("WITH c AS (SELECT i FROM u) SELECT t.a FROM t JOIN c ON c.i = t.i", "t-u"),
    ("UPDATE t SET a = u.b FROM u WHERE u.i = t.i", "t-u"),
    ("DELETE t FROM t JOIN u ON t.i = u.i", "t-u"),
    ("INSERT INTO t SELECT * FROM u", ""),
    ("INSERT INTO t SELECT u.a FROM u JOIN v ON u.i = v.i", "u-v"),
    ("SELECT a FROM t UNION SELECT b FROM u", ""),
    ("MERGE INTO t USING u ON t.i = u.i WHEN MATCHED THEN DELETE", "t-u"),
    ("SELECT a FROM t", ""),
  ])
  func joins(_ text: String, _ expected: String) {
    let joins = SQLReader(engine: nil).statements(in: text).flatMap(\.joins)
    let found = joins.map { "\($0.left)-\($0.right)\($0.needsBothSides ? "!" : "")" }.joined(separator: " ")
    #expect(found == expected)
  }
}
