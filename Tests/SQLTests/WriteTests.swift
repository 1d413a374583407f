import Facts
import SQL
import Testing

@Suite struct WriteTests {
  static let cases: [Case] = [
    Case("INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')", "w t(a,b)"),
    Case("INSERT INTO t VALUES (1)", "w t(*)"),
    Case("INSERT INTO t() VALUES ()", "w t(*)"),
    Case("INSERT t (a) VALUES (1)", "w t(a)"),
    Case("INSERT IGNORE INTO `t` SET a = 1, b = c + 1", "w t(a,b)"),
    Case("INSERT INTO t DEFAULT VALUES", "w t(*)"),
    Case("INSERT INTO t (a) SELECT b FROM u WHERE c = 1", "w t(a) r u(b,c)"),
    Case("INSERT INTO t (a) SELECT a + 1 FROM t", "w t(a) r t(a)"),
    Case("INSERT INTO t (SELECT * FROM u)", "w t(*) r u(*)"),
    Case("INSERT INTO t (a) WITH c AS (SELECT b FROM u) SELECT b FROM c", "w t(a) r u(b)"),
    Case("INSERT INTO t (a, n) VALUES (1, 2) ON DUPLICATE KEY UPDATE n = n + VALUES(n), m = 3", "w t(a,m,n)"),
    Case("INSERT INTO t (a) VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a", "w t(a)"),
    Case("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b WHERE t.c < 1", "w t(a,b)"),
    Case("INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT k DO NOTHING RETURNING id", "w t(a)"),
    Case("INSERT OR REPLACE INTO t (a) VALUES (?)", "w t(a)"),
    Case("INSERT INTO t (a) VALUES (1) RETURNING id INTO x", "w t(a)"),
    Case("REPLACE INTO t (a) VALUES (1)", "w t(a)"),
    Case("REPLACE INTO t SELECT * FROM u", "w t(*) r u(*)"),
    Case("INSERT INTO t (a, b) VALUES ((SELECT MAX(c) FROM u), 2)", "w t(a,b) r u(c)"),
    Case("INSERT INTO \"t\" (\"a\") VALUES ($1)", "w t(a)"),
    Case("UPDATE t SET a = 1", "w t(a)"),
    Case("UPDATE t SET a = b + 1, c = DEFAULT WHERE d = 2 ORDER BY e LIMIT 1", "w t(a,c)"),
    Case("UPDATE t SET a = 1 WHERE b IN (SELECT c FROM u)", "w t(a) r u(c)"),
    Case("UPDATE t SET a = (SELECT MAX(a) FROM t)", "w t(a) r t(a)"),
    Case("UPDATE t x SET x.a = 1", "w t(a)"),
    Case("UPDATE t SET a = u.b FROM u WHERE u.id = t.id", "w t(a) r u(b,id)"),
    Case("UPDATE t SET a = v.b FROM u AS v JOIN w ON v.x = w.x WHERE v.id = t.id", "w t(a) r u(b,id,x) r w(x)"),
    Case("UPDATE x SET a = 1 FROM t x JOIN u ON u.i = x.i", "w t(a) r u(i)"),
    Case("UPDATE t, u SET t.a = u.b WHERE t.i = u.i", "w t(a) r u(b,i)"),
    Case("UPDATE t JOIN u ON t.i = u.i SET t.a = 1, u.b = 2", "w t(a) w u(b)"),
    Case("UPDATE t x INNER JOIN t y ON x.i = y.p SET x.a = y.b", "w t(a) r t(b,p)"),
    Case("UPDATE ONLY t SET (a, b) = (1, 2) RETURNING c", "w t(a,b)"),
    Case("UPDATE t SET a[1] = 2, b = ROW(1, 2)", "w t(a,b)"),
    Case("UPDATE OR IGNORE t SET a = 1", "w t(a)"),
    Case("UPDATE LOW_PRIORITY t SET a = IF(b > 1, 2, 3)", "w t(a)"),
    Case("UPDATE t SET a = 1 WHERE CURRENT OF c", "w t(a)"),
    Case("DELETE FROM t", "w t(*)"),
    Case("DELETE FROM t WHERE a = 1 AND b < 2", "w t(*)"),
    Case("DELETE FROM t AS x WHERE x.a = 1", "w t(*)"),
    Case("DELETE FROM t WHERE a IN (SELECT b FROM u)", "w t(*) r u(b)"),
    Case("DELETE FROM t WHERE a NOT IN (SELECT a FROM t LIMIT 5)", "w t(*) r t(a)"),
    Case("DELETE FROM t USING u WHERE t.i = u.i", "w t(*) r u(i)"),
    Case("DELETE FROM t USING t JOIN u ON t.i = u.i", "w t(*) r u(i)"),
    Case("DELETE t FROM t JOIN u ON t.i = u.i WHERE u.a = 1", "w t(*) r u(a,i)"),
    Case("DELETE x, y FROM t x JOIN u y ON x.i = y.i JOIN v ON v.i = y.i", "w t(*) w u(*) r v(i)"),
    Case("DELETE x.* FROM t AS x", "w t(*)"),
    Case("DELETE QUICK FROM t ORDER BY a LIMIT 10", "w t(*)"),
    Case("DELETE FROM t WHERE a = 1 RETURNING *", "w t(*)"),
    Case("TRUNCATE TABLE t", "w t(*)"),
    Case("TRUNCATE t, u RESTART IDENTITY CASCADE", "w t(*) w u(*)"),
    Case(
      "MERGE INTO t USING u ON (t.i = u.i) WHEN MATCHED THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (i, a) VALUES (u.i, u.a)",
      "w t(a,i) r u(a,i)"),
    Case("MERGE INTO t x USING (SELECT i FROM u) y ON x.i = y.i WHEN MATCHED AND y.i > 1 THEN DELETE", "w t(*) r u(i)"),
    Case("COPY t (a, b) FROM STDIN", "w t(a,b)"),
    Case("COPY t TO STDOUT WITH CSV", "r t(*)"),
    Case("COPY (SELECT a FROM t) TO '/tmp/x'", "r t(a)"),
    Case("LOAD DATA LOCAL INFILE 'x' INTO TABLE t FIELDS TERMINATED BY ','", "w t(*)"),
    Case("WITH c AS (SELECT i FROM u) INSERT INTO t (a) SELECT i FROM c", "r u(i) w t(a)"),
    Case("WITH c AS (SELECT i FROM u) UPDATE t SET a = 1 WHERE i IN (SELECT i FROM c)", "r u(i) w t(a)"),
    Case("WITH c AS (SELECT i FROM u) DELETE FROM t USING c WHERE c.i = t.i", "r u(i) w t(*)"),
    Case("WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM gone", "w t(*) w u(*)"),
    Case("CREATE TABLE t (a INT PRIMARY KEY, b INT REFERENCES u (i))", "d t"),
    Case("CREATE TABLE IF NOT EXISTS t AS SELECT a FROM u", "d t r u(a)"),
    Case("CREATE TEMPORARY TABLE t (a INT) ENGINE=MEMORY SELECT a FROM u", "d t r u(a)"),
    Case("CREATE TABLE t LIKE u", "d t"),
    Case("CREATE UNIQUE INDEX i ON t (a, b)", "d t"),
    Case("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t USING btree (lower(a))", "d t"),
    Case("CREATE OR REPLACE VIEW v AS SELECT a FROM t", "r t(a)"),
    Case("ALTER TABLE t ADD COLUMN a INT, DROP COLUMN b", "d t"),
    Case("ALTER TABLE ONLY t ADD CONSTRAINT k PRIMARY KEY (a)", "d t"),
    Case("DROP TABLE IF EXISTS t, u CASCADE", "d t d u"),
    Case("DROP INDEX i ON t", "d t"),
    Case("DROP VIEW v", ""),
    Case("RENAME TABLE a TO b, c TO d", "d a d c"),
    Case("BEGIN", ""), Case("START TRANSACTION READ ONLY", ""), Case("COMMIT", ""), Case("ROLLBACK TO SAVEPOINT x", ""),
    Case("LOCK TABLES t WRITE, u READ", ""), Case("UNLOCK TABLES", ""),
    Case("SET NAMES utf8", ""), Case("SET @x = (SELECT MAX(a) FROM t)", "r t(a)"),
    Case("SHOW TABLES LIKE 'x'", ""), Case("OPTIMIZE TABLE t", ""), Case("VACUUM", ""),
    Case("PRAGMA foreign_keys = ON", ""),
    Case("GRANT SELECT ON t TO u", ""), Case("CALL p(1, 2)", ""),
    Case(
      "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW BEGIN INSERT INTO u (a) VALUES (NEW.a); UPDATE v SET b = 1; END",
      "w u(a) w v(b)"),
    Case("DO $$ BEGIN DELETE FROM t; END $$", "w t(*)"),
  ]

  @Test(arguments: cases) func accesses(_ item: Case) { #expect(read(item.text, item.engine) == item.expected) }

  @Test(arguments: [
    ("INSERT INTO t VALUES (1)", StatementKind.insert), ("REPLACE INTO t VALUES (1)", .replace),
    ("INSERT OR REPLACE INTO t VALUES (1)", .replace), ("SELECT 1", .select), ("BEGIN WORK", .begin),
    ("COMMIT", .commit),
    ("START TRANSACTION", .begin), ("ROLLBACK", .rollback), ("LOCK TABLE t", .lock), ("DROP TABLE t", .drop),
    ("ANALYZE TABLE t", .analyze), ("OPTIMIZE TABLE t", .optimize), ("SHOW STATUS", .show), ("CALL p()", .call),
    ("WITH c AS (SELECT 1) UPDATE t SET a = 1", .update), ("TRUNCATE TABLE t", .truncate), ("PRAGMA x", .pragma),
  ])
  func kind(_ text: String, _ kind: StatementKind) {
    let statements = SQLReader(engine: nil).statements(in: text)
    #expect(statements.map(\.kind) == [kind])
    #expect(!statements.contains { !$0.isUnderstood })
  }

  @Test func offsetsAndLines() {
    let statements = SQLReader(engine: nil).statements(in: "\n SELECT a FROM t;\n\nDELETE FROM u")
    #expect(statements.map(\.offset) == [2, 20])
    #expect(statements.map(\.line) == [1, 3])
  }
}
