import Facts

/// Words of paths that tell what a schema file is for.
enum SchemaWords {
  static let dialects: [String: String] = [
    "mysql": "mysql", "mariadb": "mysql", "postgres": "postgres", "postgresql": "postgres", "pgsql": "postgres",
    "postgress": "postgres", "postgre": "postgres", "psql": "postgres", "pg": "postgres", "sqlite": "sqlite",
    "oracle": "oracle",
    "ora": "oracle",
    "mssql": "sqlserver", "sqlserver": "sqlserver", "tsql": "sqlserver", "hsql": "hsqldb", "hsqldb": "hsqldb",
    "derby": "derby",
    "h2": "h2", "db2": "db2", "sqlite3": "sqlite", "sybase": "sybase", "firebird": "firebird", "cockroach": "cockroach",
    "cockroachdb": "cockroach",
    "clickhouse": "clickhouse", "mongodb": "mongodb", "cassandra": "cassandra", "redis": "redis", "dbtext": "text",
  ]

  /// The family of an engine named as in `dialects`; nil for those without a dialect.
  static func family(of dialect: String) -> EngineFamily? {
    dialect == "hsqldb" || dialect == "derby" ? .h2 : EngineFamily(rawValue: dialect)
  }

  /// The engine a word names.
  static func dialect(in words: [String]) -> String? { words.lazy.compactMap { dialects[$0] }.first }

  /// Words with the digit of `h2`, `db2`, `sqlite3` put back.
  static func joined(_ words: [String]) -> [String] {
    var result: [String] = []
    for word in words {
      if let last = result.last, dialects[last + word] != nil, word.utf8.first?.isDigit == true {
        result[result.count - 1] = last + word
      } else {
        result.append(word)
      }
    }
    return result
  }

  static let endings = [
    "mysql": "mysql", "pgsql": "postgres", "psql": "postgres", "sqlite": "sqlite", "sqlite3": "sqlite",
  ]
  static let shortDialects = ["my": "mysql", "or": "oracle", "ms": "sqlserver", "lite": "sqlite"]
  static let updates: Set<String> = ["update", "updates", "upgrade", "upgrades", "patch", "patches", "upgrading"]
  static let stages: Set<String> = ["create", "creates", "base", "install", "full", "init", "drop", "drops", "grants"]
  static let backwards: Set<String> = [
    "down", "rollback", "undo", "revert", "drop", "drops", "uninstall", "downgrade", "cleanup",
  ]
  /// Folders of scripts an operator runs by hand, beside the schema they work on.
  static let tools: Set<String> = ["tool", "tools", "maintenance"]
  /// What converts the data of another system or version.
  static let conversions: Set<String> = [
    "convert", "converts", "converter", "converters", "conversion", "conversions",
  ]
  static let leftOutNames: Set<String> = [
    "sample", "samples", "example", "examples", "demo", "test", "tests", "testdata",
  ]
  private static let leftOutFolders: Set<String> = [
    "test", "tests", "testing", "testdata", "example", "examples", "sample", "samples", "demo", "demos", "fixture",
    "fixtures", "doc", "docs", "documentation", "mock", "mocks", "drop", "drops", "down", "rollback", "rollbacks",
    "undo",
    "revert", "downgrade", "downgrades", "benchmark", "benchmarks", "grants", "obsolete", "deprecated", "archive",
    "backup", "backups",
    "archives", "archived", "old", "node_modules", "vendor", "third_party",
  ]

  /// Whether a folder of that name holds nothing that is installed.
  static func isLeftOutFolder(_ word: String) -> Bool {
    leftOutFolders.contains(word) || word.hasSuffix("tests")
  }
}
