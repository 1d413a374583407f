import Foundation
import Migration
import Testing

/// SQL for engines that have no server here is read by a parser of their dialects.
@Suite struct SyntaxTests {
  /// Plans whose scripts are for an engine without a server, on one side or both.
  private static let plans: [(source: PlanEngine, target: PlanEngine)] = [
    (.sqlserver, .sqlserver), (.oracle, .oracle), (.sqlserver, .postgres), (.oracle, .postgres), (.postgres, .oracle),
    (.postgres, .sqlserver), (.oracle, .mysql), (.mysql, .oracle), (.mysql, .sqlserver),
  ]

  private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".deps/sqlfluff-4.5.0")

  /// Prints what of the files on standard input (`[dialect, name, text]`) the dialects do not understand.
  private static let program = """
    import json, sys
    from sqlfluff.core import FluffConfig, Linter
    linters = {}
    for dialect, name, text in json.load(sys.stdin):
        linter = linters.setdefault(dialect, Linter(config=FluffConfig(overrides={"dialect": dialect, "large_file_skip_byte_limit": 0})))
        parsed = linter.parse_string(text)
        for error in parsed.violations:
            print(f"{dialect} {name}: {error.desc()[:300]}")
        tree = parsed.root_variant().tree if parsed.root_variant() else None
        if tree is None:
            print(f"{dialect} {name}: not read")
    """

  private func scripts() throws -> [[String]] {
    var seen: Set<String> = []
    var scripts: [[String]] = []
    for (source, target) in Self.plans {
      for file in try Shop.plan(source, target: target).files() where file.path.hasSuffix(".sql") {
        let isTarget = file.path.contains("/target/") || file.path.hasSuffix(".target.sql")
        let engine = isTarget ? target : source
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
