import Facts
import SQL
import Testing

@Suite struct HoleTests {
  static let cases: [Case] = [
    Case("SELECT a FROM t WHERE b = «0»", "r t(a,b)"),
    Case("SELECT a FROM t WHERE b = '«»' AND c = «1»", "r t(a,b,c)"),
    Case("SELECT a FROM «0» WHERE b = 1", "r «0»(a,b)"),
    Case("SELECT a FROM player_«2» WHERE b = 1", "r player_«2»(a,b)"),
    Case("SELECT a FROM `player_«2»` WHERE b = 1", "r player_«2»(a,b)"),
    Case("SELECT a FROM «0».t", "r «0».t(a)"),
    Case("SELECT a FROM «0»t", "r «0»t(a)"),
    Case("SELECT a FROM %s WHERE b = %d", "r «»(a,b)"),
    Case("SELECT a FROM %s_log WHERE b = '%s' AND c = %llu AND d = %-5.2f AND e = %.*s", "r «»_log(a,b,c,d,e)"),
    Case("SELECT a FROM {} WHERE b = {:d} AND c = {0} AND d = {name}", "r «»(a,b,c,d)"),
    Case("SELECT a FROM ${prefix}users WHERE b = #{id} AND c = ${x}", "r «»users(a,b,c)"),
    Case("SELECT a FROM t WHERE b = ? AND c = :x AND d = $1 AND e = @y", "r t(a,b,c,d,e)"),
    Case("SELECT a FROM t WHERE b = %(name)s", "r t(a,b)"),
    Case("SELECT a FROM @DB@.t", "r «».t(a)"),
    Case("SELECT a FROM t WHERE b = %", "r t(a,b)"), Case("SELECT a FROM t_%", "r t_«»(a)"),
    Case("SELECT a FROM t WHERE b = 'x' %sORDER BY c", "r t(a,b,c)"),
    Case("SELECT a % 2, b %2 FROM t", "r t(a,b)"),
    Case("SELECT «0» FROM t", "r t"),
    Case("SELECT a, «0» FROM t", "r t(a)"),
    Case("SELECT «0», a FROM t", "r t(a)"),
    Case("SELECT a «0» FROM t", "r t(a)"),
    Case("SELECT a FROM t «0»", "r t(a)"),
    Case("SELECT a FROM t «0» WHERE b = 1", "r t(a,b)"),
    Case("SELECT a FROM t «0» b = 1", "r t(a,b)"),
    Case("SELECT a FROM t WHERE «0»", "r t(a)"),
    Case("SELECT a FROM t WHERE b «0» 3", "r t(a,b)"),
    Case("SELECT a FROM t WHERE b = 1 «0» c = 2", "r t(a,b,c)"),
    Case("SELECT a FROM t WHERE b IN («0»)", "r t(a,b)"),
    Case("SELECT a FROM t WHERE b IN «0»", "r t(a,b)"),
    Case("SELECT a FROM t WHERE b = «0»AND c = 1", "r t(a,b,c)"),
    Case("SELECT a FROM t ORDER BY «0» LIMIT «1»", "r t(a)"),
    Case("SELECT a FROM t LIMIT%d", "r t(a)"),
    Case("SELECT a FROM t JOIN «0» ON t.i = u.i", "r t(i) r «0»"),
    Case("SELECT a FROM t, «0» WHERE b = 1", "r t r «0»"),
    Case("SELECT a FROM t UNION «0»", "r t(a)"),
    Case("SELECT a FROM t «0» SELECT b FROM u", "r t(a) r u(b)"),
    Case("INSERT INTO «0» (a) VALUES (1)", "w «0»(a)"),
    Case("INSERT INTO t («0») VALUES («1»)", "w t"),
    Case("INSERT INTO t (a, «0») VALUES («1»)", "w t(a)"),
    Case("INSERT INTO t «0»", "w t(*)"),
    Case("INSERT INTO t (a) «0»", "w t(a)"),
    Case("INSERT INTO t (a) VALUES «0»", "w t(a)"),
    Case("INSERT INTO t (a) VALUES ", "w t(a)"),
    Case("INSERT INTO t (a) VALUES (1, ", "w t(a)"),
    Case("UPDATE «0» SET a = 1", "w «0»(a)"),
    Case("UPDATE t SET «0» = 1, b = 2", "w t(b)"),
    Case("UPDATE t SET «0»", "w t"),
    Case("UPDATE t SET «0» WHERE b = 2", "w t"),
    Case("UPDATE t SET a = a «0» 1 WHERE b = 2", "w t(a)"),
    Case("UPDATE t «0»", "w t"),
    Case("UPDATE t SET ", "w t"),
    Case("UPDATE t SET a = ", "w t(a)"),
    Case("DELETE FROM «0»", "w «0»(*)"),
    Case("DELETE FROM t «0»", "w t(*)"),
    Case("DELETE FROM t WHERE ", "w t(*)"),
    Case("SELECT a FROM t WHERE b = ", "r t(a,b)"),
    Case("SELECT a FROM t WHERE b IN (", "r t(a,b)"),
    Case("SELECT a FROM ", ""), Case("select * from ", ""), Case("update t set", "w t"),
    Case("SELECT «0»", ""),
    Case("«0» SELECT a FROM t", "r t(a)"),
    Case("TRUNCATE TABLE «0»", "w «0»(*)"),
    Case("DROP TABLE IF EXISTS «0»", "d «0»"),
    Case("CREATE TABLE «0» «1»", "d «0»"),
    Case("ALTER TABLE t «0»", "d t"),
    Case("SELECT COUNT(«0») FROM t WHERE f(«1», b)", "r t(b)"),
    Case("SELECT «0»(a) FROM t", "r t(a)"),
    Case("SELECT t.«0» FROM t", "r t(«0»)"),
  ]

  @Test(arguments: cases) func accesses(_ item: Case) {
    #expect(read(item.text, item.engine) == item.expected)
  }

  @Test(arguments: [
    ("SELECT a FROM «0»", true), ("SELECT a FROM p_«0»", true), ("SELECT a FROM ", true), ("SELECT a FROM t", false),
    ("SELECT a FROM t WHERE b = «0»", false), ("UPDATE «0» SET a = 1", true), ("SELECT «0»", true),
    ("SELECT a FROM t JOIN %s ON 1", true), ("INSERT INTO %s VALUES (1)", true),
  ])
  func unknownTables(_ text: String, _ isUnknown: Bool) {
    let statements = SQLReader(engine: nil).statements(in: withHoles(text))
    #expect(statements.map(\.hasUnknownTable) == [isUnknown])
    #expect(!statements.contains { !$0.isUnderstood })
  }

  @Test(arguments: [
    ("%s", true), ("%llu", true), ("%-5.2f", true), ("%.*s", true), ("{}", true), ("{:d}", true), ("{0}", true),
    ("a {name} b", true), ("${x}", true), ("#{x}", true), ("@NAME@", true), ("%(x)s", true), ("%1$s", true),
    ("«3»", true),
    ("50 % 3", false), ("plain", false), ("a@b", false), ("{;}", false), ("", false),
  ])
  func placeholders(_ text: String, _ isPresent: Bool) {
    #expect(Placeholder.isPresent(in: withHoles(text)) == isPresent)
  }

  /// A quoted name that happens to hold a format directive is taken for a partly unknown one.
  @Test func FP_formatDirectiveInsideAQuotedName() { #expect(read("SELECT a FROM `100%d`") == "r 100«»(a)") }

  @Test func indices() {
    let text = "a" + Hole.text(index: 3) + Hole.text(index: nil) + "b" + Hole.text(index: 12)
    #expect(Hole.indices(in: text) == [3, 12])
    #expect(Hole.contains(text))
    #expect(!Hole.contains("plain"))
    #expect(Hole.indices(in: "\u{1}99999999999999999999\u{2} \u{1}") == [])
  }
}
