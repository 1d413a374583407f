import Facts
import SQL
import Testing

/// What is shown of a statement holds no value.
@Suite struct MaskedTextTests {
  @Test(arguments: [
    ("SELECT  a,\n\tb FROM t WHERE c = 'secret' AND d = 12.5;", "SELECT a, b FROM t WHERE c = ? AND d = ?"),
    ("UPDATE t SET a = 'it''s', b = 'x'", "UPDATE t SET a = ?, b = ?"),
    ("UPDATE t SET a = :name, b = $1, c = @p2, d = ?", "UPDATE t SET a = :name, b = $1, c = @p2, d = ?"),
    ("SELECT t1.a2 FROM t1 WHERE x = 0xFF", "SELECT t1.a2 FROM t1 WHERE x = ?"),
    ("SELECT a /* secret */ FROM t -- secret\nWHERE b = 1", "SELECT a FROM t WHERE b = ?"),
    ("SELECT a FROM \u{1}3\u{2}_log WHERE b = '\u{1}\u{2}'", "SELECT a FROM …_log WHERE b = ?"),
    ("INSERT INTO `a'b` VALUES (N'secret')", "INSERT INTO `a'b` VALUES (N?)"),
    ("SELECT 'ünïcode', ü FROM t", "SELECT ?, ü FROM t"), ("", ""), (";", ""),
  ]) func masks(text: String, shown: String) {
    #expect(MaskedText.text(of: text, engine: .mysql) == shown)
  }

  /// What may go on inside of a literal in one engine and outside in another is not shown.
  @Test(arguments: [
    #"SELECT a WHERE b = '\' OR c = 'secret'"#, "SELECT q'[it's secret]'", "SELECT $$it's secret$$", "SELECT 'secret",
    "SELECT 5--'\nsecret'", "SELECT $x$ 'a' secret $x$",
  ]) func endsWhereItIsUnsure(text: String) {
    for engine in EngineFamily.allCases.map(Optional.some) + [nil] {
      let shown = MaskedText.text(of: text, engine: engine)
      #expect(!shown.contains("secret"), "\(String(describing: engine)): \(shown)")
      #expect(shown.hasPrefix("SELECT"))
    }
  }

  @Test(arguments: EngineFamily.allCases) func doubleQuotes(engine: EngineFamily) {
    let shown = MaskedText.text(of: #"SELECT "x" FROM t"#, engine: engine)
    let namesInQuotes: Set<EngineFamily> = [.postgres, .oracle, .h2]
    #expect(shown == (namesInQuotes.contains(engine) ? #"SELECT "x" FROM t"# : "SELECT ? FROM t"))
  }

  @Test(arguments: [10, 195, 196, 197, 198, 199, 200, 201, 5000]) func isBounded(length: Int) {
    for letter in ["a", "ü", "🙂"] {
      let text = MaskedText.text(of: "SELECT " + String(repeating: letter, count: length), engine: nil)
      #expect(text.utf8.count <= MaskedText.limit)
      #expect(!text.unicodeScalars.contains("\u{FFFD}"))
    }
  }

  @Test func takesAStretch() {
    let text = "SELECT a FROM b; DELETE FROM c WHERE d = 'x'"
    #expect(MaskedText.text(of: text, from: 17, engine: .postgres) == "DELETE FROM c WHERE d = ?")
    #expect(MaskedText.text(of: text, from: 0, to: 17, engine: .postgres) == "SELECT a FROM b")
    #expect(MaskedText.text(of: text, from: 400, to: 3, engine: .postgres) == "")
  }
}
