import Basics
import Facts

/// A candidate schema file, judged by its path and its first bytes.
struct SchemaFile {
  /// What it does to a schema.
  enum Role {
    /// Creates it as a whole.
    case base
    /// One numbered step.
    case migration
    /// Leads an installed schema from one version to another.
    case update
  }

  let path: RepoPath
  let role: Role
  /// The engine its path names, e.g. `mysql` or `oracle`; empty when it names none.
  let dialect: String
  /// The path without the words that name the engine: copies for other engines have the same.
  let skeleton: String
  /// The folder that holds all engines of its schema.
  let root: String
  /// Lower-case names of tables the head creates.
  let created: Set<String>
  /// Whether it may define tables.
  let hasDefinitions: Bool
  /// Whether it belongs to tests, examples or the way back.
  let isLeftOut: Bool
  /// Sort key: runs of letters and digits of the path.
  let order: [String]
  /// Engine judged by the head, when it tells.
  let engine: EngineFamily?

  /// Bytes of a head that was cut, at least; shorter heads are whole files.
  private static let cutHead = 4000

  init(path: RepoPath, head: String) {
    self.path = path
    let place = SchemaPlace(path)
    dialect = place.dialect
    skeleton = place.skeleton
    root = place.root
    order = PathWords.split(path.folder) + ["/"] + place.orderWords
    let content = SchemaHead(head)
    created = content.created
    engine = EngineJudge.judge(head)
    hasDefinitions = content.isSchema || head.utf8.count >= Self.cutHead && content.maySchemaFollow
    if place.isUpdate { role = .update } else { role = place.isVersioned ? .migration : .base }
    let onlyDrops = content.drops && content.created.isEmpty && !content.alters && !place.isVersioned
    isLeftOut = place.isLeftOut || onlyDrops
  }
}

/// What the first bytes of a file define.
struct SchemaHead {
  private(set) var created: Set<String> = []
  private(set) var alters = false
  private(set) var drops = false
  /// Statements that define something.
  private var definitions = 0
  /// Queries, and text that is no SQL.
  private var others = 0
  private let isScript: Bool

  /// Whether it defines more than it asks.
  var isSchema: Bool { !isScript && definitions > 0 && definitions >= others }
  /// Whether definitions may come behind the head.
  var maySchemaFollow: Bool { !isScript && others == 0 }

  init(_ head: String) {
    isScript = head.hasPrefix("#!")
    if isScript { return }
    let dialect = Dialect.of(EngineJudge.judge(head))
    var script = Script(head, dialect: dialect, mode: .file)
    while script.next() {
      let cursor = TokenCursor(bytes: script.lexer.bytes, tokens: script.tokens)
      var statement = DefinitionCursor(cursor: cursor, file: RepoPath(""), firstLine: 0, firstOffset: 0)
      switch statement.cursor.keyword {
      case .create:
        definitions += 1
        if let definition = statement.createTable(), !definition.isTemporary {
          created.insert(definition.state.table.name.key)
        }
      case .alter, .rename:
        definitions += 1
        alters = true
      case .drop:
        definitions += 1
        drops = true
      case .select: others += 1
      default: if !statement.cursor.token.traits.contains(.startsStatement) { others += 1 }
      }
    }
  }
}

/// What the path of a schema file says.
private struct SchemaPlace {
  private(set) var dialect = ""
  private(set) var skeleton = ""
  private(set) var root = ""
  private(set) var isVersioned = false
  private(set) var isUpdate = false
  private(set) var isLeftOut = false
  private(set) var orderWords: [String] = []

  init(_ path: RepoPath) {
    let folders = path.folder.split(separator: "/").map(String.init)
    let stem = PathWords.stem(of: path.fileName)
    readFolders(folders)
    readStem(stem)
    if dialect.isEmpty, let ending = path.fileName.split(separator: ".").last {
      dialect = SchemaWords.endings[ending.lowercased()] ?? ""
    }
  }

  private mutating func readFolders(_ folders: [String]) {
    var kept: [String] = []
    var rootParts: [String] = []
    var hasRoot = false
    for folder in folders {
      let words = SchemaWords.joined(PathWords.split(folder))
      if let found = SchemaWords.dialect(in: words) {
        dialect = found
        kept.append("*")
        hasRoot = true
      } else {
        kept.append(folder.lowercased())
      }
      if words.contains(where: { SchemaWords.updates.contains($0) }) {
        isUpdate = true
        hasRoot = true
      }
      if words.contains(where: { SchemaWords.stages.contains($0) }) { hasRoot = true }
      if !hasRoot { rootParts.append(folder.lowercased()) }
      if words.contains(where: SchemaWords.isLeftOutFolder) { isLeftOut = true }
    }
    skeleton = kept.joined(separator: "/")
    root = rootParts.joined(separator: "/")
  }

  private mutating func readStem(_ stem: String) {
    var words = SchemaWords.joined(PathWords.split(stem))
    let named = words.firstIndex { SchemaWords.dialects[$0] != nil }
    if let named {
      dialect = dialect.isEmpty ? SchemaWords.dialects[words[named]] ?? "" : dialect
      words.remove(at: named)
    } else if !dialect.isEmpty, let first = words.first, SchemaWords.shortDialects[first] == dialect {
      words.removeFirst()
    }
    skeleton += "/" + words.joined(separator: "-")
    orderWords = words
    judgeStem(words)
  }

  private mutating func judgeStem(_ words: [String]) {
    let numbers = words.filter { $0.utf8.first?.isDigit == true }
    let leadsWithNumber = words.first?.utf8.first?.isDigit == true
    isVersioned =
      leadsWithNumber
      || words.count > 1 && (words[0] == "v" || words[0] == "r") && (words[0] == "r" || numbers.count > 0)
    let isUndo = words.count > 1 && words[0] == "u" && words[1].utf8.first?.isDigit == true
    if isUndo || words.last.map(SchemaWords.backwards.contains) == true
      || words.first.map(SchemaWords.backwards.contains) == true
    {
      isLeftOut =
        isLeftOut || !isVersioned || isUndo
        || words.last.map(SchemaWords.backwards.contains) == true && words.last != "drop"
    }
    if !isVersioned, words.contains(where: SchemaWords.leftOutNames.contains) { isLeftOut = true }
    let namesUpdate = words.contains { SchemaWords.updates.contains($0) }
    // `14_2001`, `1.2-to-1.3`: from one version to another, and nothing that says what it does.
    let isPair =
      numbers.count >= 2 && words.allSatisfy { $0.utf8.first?.isDigit == true || $0.utf8.count < 4 } && words.count <= 6
    if namesUpdate && !numbers.isEmpty || isPair && isUpdate { isUpdate = true }
    if !isUpdate, isPair, !isVersioned { isUpdate = true }
  }
}

/// Words of paths that tell what a schema file is for.
private enum SchemaWords {
  static let dialects: [String: String] = [
    "mysql": "mysql", "mariadb": "mysql", "postgres": "postgres", "postgresql": "postgres", "pgsql": "postgres",
    "postgress": "postgres", "psql": "postgres", "pg": "postgres", "sqlite": "sqlite", "oracle": "oracle",
    "ora": "oracle",
    "mssql": "sqlserver", "sqlserver": "sqlserver", "tsql": "sqlserver", "hsql": "hsqldb", "hsqldb": "hsqldb",
    "derby": "derby",
    "h2": "h2", "db2": "db2", "sqlite3": "sqlite", "sybase": "sybase", "firebird": "firebird", "cockroach": "cockroach",
    "cockroachdb": "cockroach",
    "clickhouse": "clickhouse", "mongodb": "mongodb", "cassandra": "cassandra", "redis": "redis", "dbtext": "text",
  ]

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
  static let leftOutNames: Set<String> = [
    "sample", "samples", "example", "examples", "demo", "test", "tests", "testdata",
  ]
  private static let leftOutFolders: Set<String> = [
    "test", "tests", "testing", "testdata", "example", "examples", "sample", "samples", "demo", "demos", "fixture",
    "fixtures", "doc", "docs", "documentation", "mock", "mocks", "drop", "drops", "down", "rollback", "rollbacks",
    "undo",
    "revert", "downgrade", "downgrades", "benchmark", "benchmarks", "grants", "obsolete", "deprecated", "archive",
    "backup",
    "archives", "old", "node_modules", "vendor", "third_party",
  ]

  /// Whether a folder of that name holds nothing that is installed.
  static func isLeftOutFolder(_ word: String) -> Bool {
    leftOutFolders.contains(word) || word.hasSuffix("tests")
  }
}
