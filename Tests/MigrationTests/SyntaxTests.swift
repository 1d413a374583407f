import Foundation
import Migration
import Testing

/// SQL for engines that have no server here is read by a parser of their dialects.
@Suite struct SyntaxTests {
  /// Plans whose scripts are for an engine without a server, on one side or both.
  private static let plans: [(source: PlanEngine, target: PlanEngine)] = [
    (.sqlserver, .sqlserver), (.oracle, .oracle), (.postgres, .oracle), (.postgres, .sqlserver),
  ]

  private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".deps/sqlfluff-4.5.0")

  /// Prints what of the scripts on standard input (`[dialect, name, text]`) the dialects do not understand.
  ///
  /// Statements whose shape was read before, with other names and texts, are not read again. Statements the dialects lack
  /// have to match the syntax of the manuals to the letter.
  private static let program = #"""
    import json, re, sys
    from sqlfluff.dialects.dialect_oracle import oracle_dialect
    # The grammar of CREATE USER uses the word and its list of words lacks it.
    oracle_dialect.sets("unreserved_keywords").add("AUTHENTICATION")
    from sqlfluff.core import FluffConfig, Linter
    NAME = r'"(?:[^"]|"")*"'
    LACKING = {
        "oracle": [rf"LOCK TABLE {NAME}\.{NAME} IN EXCLUSIVE MODE;", rf"ALTER TABLE {NAME}\.{NAME} ENABLE VALIDATE CONSTRAINT {NAME};"],
        "tsql": [rf"DROP LOGIN {NAME};", rf"ALTER LOGIN {NAME} DISABLE;"],
    }
    # Words the dialects take for keywords alone, which they are not everywhere.
    WORDS = {"oracle": {r"\b(?:DELETING|UPDATING|INSERTING)\b": "1 = 1", r"\blogging\b": "log_state", r"\bINVISIBLE ": ""}, "tsql": {}}
    LACKING["oracle"] += [rf"ALTER TABLE {NAME}\.{NAME} (?:ADD|DROP) SUPPLEMENTAL LOG DATA \(ALL\) COLUMNS;", rf"ALTER USER {NAME} QUOTA UNLIMITED ON USERS;"]
    TOKEN = re.compile(r"--[^\n]*|" + NAME + r"|'(?:[^']|'')*'")
    linters, seen, read = {}, set(), 0
    def statements(text):
        if re.search(r"^(GO|/|BEGIN|DECLARE)\b|^/$|@", text, re.M): return [text]
        parts = re.split(r"(?<=;)\n", text)
        return [part for part in parts if TOKEN.sub("", part).count("(") == TOKEN.sub("", part).count(")")] if all(
            TOKEN.sub("", part).count("(") == TOKEN.sub("", part).count(")") for part in parts) else [text]
    for dialect, name, text in json.load(sys.stdin):
        linter = linters.setdefault(dialect, Linter(config=FluffConfig(
            overrides={"dialect": dialect, "large_file_skip_byte_limit": 0})))
        for lacking in LACKING[dialect]:
            text = re.sub(rf"^( *){lacking}$", r"\1SELECT 1 FROM dual;", text, flags=re.M)
        for word, stand_in in WORDS[dialect].items(): text = re.sub(word, stand_in, text)
        for statement in statements(text):
            shape = dialect + TOKEN.sub(lambda found: found[0][:1] * 2, statement)
            if shape in seen or not TOKEN.sub("", statement).strip(): continue
            seen.add(shape)
            read += 1
            for error in linter.parse_string(statement + "\n").violations:
                print(f"{dialect} {name}: {error.desc()[:300]}")
    print(f"read {read} shapes of statements", file=sys.stderr)
    """#

  private func scripts() throws -> [[String]] {
    var seen: Set<String> = []
    var scripts: [[String]] = []
    for (source, target) in Self.plans {
      for file in try Shop.plan(source, target: target).files() where file.path.hasSuffix(".sql") {
        let isTarget = file.path.contains("/target/") || file.path.hasSuffix(".target.sql")
        let engine = isTarget ? target : source
        // Restarting a server is a matter of sqlplus, not of SQL.
        guard !file.path.hasSuffix("server-settings.source.sql") else { continue }
        guard engine == .sqlserver || engine == .oracle, seen.insert(file.contents).inserted else { continue }
        scripts.append([
          engine == .oracle ? "oracle" : "tsql", "\(source)-\(target)/\(file.path)", file.contents,
        ])
      }
    }
    return scripts
  }

  /// Every script is understood to its end.
  @Test func scriptsOfEnginesWithoutServerAreParsed() throws {
    guard FileManager.default.fileExists(atPath: Self.home.path) else {
      throw CommandFailure(description: "sqlfluff is missing: .ci/deps test")
    }
    let scripts = try scripts()
    #expect(scripts.count > 300)
    let input = String(decoding: try JSONEncoder().encode(scripts), as: UTF8.self)
    let result = try Command.run(
      ["python3", "-c", Self.program], input: input, environment: ["PYTHONPATH": Self.home.path])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.trimmed == "")
  }
}
