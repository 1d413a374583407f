import Basics
import Facts
import Glibc
import SQL
import Testing

/// A small generator with a fixed seed, so that failures repeat.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct PropertyTests {
  static let corpus: [String] =
    (QueryTests.cases + WriteTests.cases + HoleTests.cases + SQLServerTests.statements + OracleTests.statements)
    .map { withHoles($0.text) }
    + [
      "CREATE TABLE t (a int DEFAULT 'x', b text, PRIMARY KEY (a), FOREIGN KEY (b) REFERENCES u (c)) ENGINE=x; ALTER TABLE t ADD c int AFTER a",
      "CREATE PACKAGE BODY p IS x NUMBER; PROCEDURE q(a NUMBER) IS BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; r(1); END; END;\n/\n",
      "CREATE PROC p AS DECLARE @s nvarchar(9) = N'SELECT a FROM ' + @t EXEC (@s) EXEC sp_rename 'a.b', 'c', 'COLUMN'\nGO\nCREATE TABLE [t]]x] (a int)",
      "CREATE FUNCTION f() RETURNS int AS $$ BEGIN EXECUTE format('UPDATE %I SET a = %L', x, y); RETURN q'[x]'; END $$ LANGUAGE plpgsql",
      "--liquibase formatted sql\n--changeset a:1 dbms:mysql endDelimiter:$$\nCREATE TABLE t (a int)$$\n",
    ]

  /// Reads a text in every way there is; only that it ends without a trap counts.
  static func exercise(_ text: String) -> Int {
    var count = 0
    for engine in [nil] + EngineFamily.allCases.map(Optional.some) {
      count += SQLReader(engine: engine).statements(in: text).count
      var reader = SchemaReader(engine: engine)
      reader.read(text, file: RepoPath("x.sql"))
      count += reader.catalog().tables.count
    }
    return count
  }

  @Test func truncatedTextNeverTraps() {
    var generator = SeededGenerator(seed: 1)
    var total = 0
    for text in Self.corpus {
      let bytes = Array(text.utf8)
      for _ in 0..<6 {
        total += Self.exercise(
          String(decoding: bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)), as: UTF8.self))
      }
    }
    #expect(total > 0)
  }

  @Test func mutatedTextNeverTraps() {
    var generator = SeededGenerator(seed: 2)
    let spice: [UInt8] = Array("()[]{}'\"`;,.*=%$#@:?-/\\!<>|\u{1}\u{2}0aS \n".utf8)
    var total = 0
    for text in Self.corpus {
      var bytes = Array(text.utf8)
      for _ in 0..<6 {
        for _ in 0..<2 where !bytes.isEmpty {
          let index = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: bytes[index] = spice.randomElement(using: &generator)!
          case 1: bytes.insert(spice.randomElement(using: &generator)!, at: index)
          default: bytes.remove(at: index)
          }
        }
        total += Self.exercise(String(decoding: bytes, as: UTF8.self))
      }
    }
    #expect(total > 0)
  }

  @Test func shuffledTokensNeverTrap() {
    var generator = SeededGenerator(seed: 3)
    let words = Self.corpus.flatMap { $0.split(separator: " ").map(String.init) }
    var total = 0
    for _ in 0..<300 {
      let text = "SELECT " + (0..<30).map { _ in words.randomElement(using: &generator)! }.joined(separator: " ")
      total += Self.exercise(text)
    }
    #expect(total > 0)
  }

  @Test(arguments: [
    String(repeating: "(", count: 5000), "SELECT " + String(repeating: "(", count: 5000),
    "SELECT a FROM " + String(repeating: "(SELECT a FROM ", count: 1250),
    "SELECT " + String(repeating: "CASE WHEN ", count: 2500), "SELECT " + String(repeating: "f(", count: 5000),
    "SELECT a FROM t WHERE " + String(repeating: "NOT ", count: 12500),
    "SELECT " + String(repeating: "$a", count: 5000) + "$", String(repeating: "/*", count: 12500),
    "SELECT " + String(repeating: "$x$ $y", count: 2500),
    "CREATE TABLE t (" + String(repeating: "a int,", count: 5000),
    "INSERT INTO t VALUES " + String(repeating: "(1,2),", count: 7500), String(repeating: "SELECT 1;", count: 5000),
    "SELECT a FROM " + String(repeating: "t JOIN ", count: 500), String(repeating: "{", count: 12500),
    "CREATE PROCEDURE p() BEGIN " + String(repeating: "BEGIN SELECT 1; ", count: 1250),
    String(repeating: "\u{1}", count: 12500),
    "SELECT " + String(repeating: "a.", count: 7500), "WITH " + String(repeating: "a AS (SELECT 1), ", count: 750),
    "SELECT a FROM t " + String(repeating: "UNION SELECT a FROM t ", count: 750),
    "SELECT " + String(repeating: "%", count: 12500),
  ])
  func hostileTextIsReadQuickly(_ text: String) {
    // CPU of this thread: tests run beside each other, and machines are busy.
    let start = threadNanoseconds()
    _ = Self.exercise(text)
    #expect(threadNanoseconds() - start < 5_000_000_000)
  }

  @Test func quotedIdentifiersReadBack() {
    var generator = SeededGenerator(seed: 4)
    let letters = Array("abcXYZ _-.'\"`[]$%{}?:@#;é世")
    for engine in EngineFamily.allCases {
      for _ in 0..<200 {
        let name =
          "n"
          + String(
            (0..<Int.random(in: 0...8, using: &generator)).map { _ in letters.randomElement(using: &generator)! })
        guard !name.contains(where: { "%{$#@".contains($0) }) else { continue }
        let text =
          "SELECT a FROM \(SQLIdentifier.quoted(name, engine: engine)) WHERE b = \(SQLLiteral.quoted(name, engine: engine))"
        let statements = SQLReader(engine: engine).statements(in: text)
        #expect(statements.count == 1)
        #expect(statements.first?.accesses.map(\.table.text) == [name])
        #expect(statements.first?.accesses.map(\.columns) == [["a", "b"]])
      }
    }
  }

  @Test func quoting() {
    #expect(SQLIdentifier.quoted("a`b\"c", engine: .mysql) == "`a``b\"c`")
    #expect(SQLIdentifier.quoted("a`b\"c", engine: .postgres) == "\"a`b\"\"c\"")
    #expect(SQLIdentifier.quotedPath("s.t", engine: .sqlite) == "\"s\".\"t\"")
    #expect(SQLLiteral.quoted("it's \\", engine: .mysql) == "'it''s \\\\'")
    #expect(SQLLiteral.quoted("it's \\", engine: .postgres) == "'it''s \\'")
  }

  @Test func dialectsAreUniqueAndSorted() {
    let names = Dialect.registry.compactMap { $0.engine?.rawValue }
    #expect(names.count == Dialect.registry.count)
    #expect(names == names.sorted())
    #expect(Set(names).count == names.count)
    #expect(Set(names) == Set(EngineFamily.allCases.map(\.rawValue)))
    for dialect in Dialect.registry { #expect(Set(dialect.marks.map(\.text)).count == dialect.marks.count) }
  }
}

/// CPU time of the calling thread in nanoseconds.
private func threadNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
