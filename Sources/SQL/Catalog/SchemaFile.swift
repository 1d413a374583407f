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
  /// Whether it is named after the one table it creates, as in projects that keep every object in a file of its own.
  let isObject: Bool
  /// Whether it may define tables.
  let hasDefinitions: Bool
  /// The folder whose schema it only works on, for scripts of operators.
  let serves: String?
  /// Whether its head ended before the file did.
  let isCut: Bool
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
    serves = place.serves
    isCut = head.utf8.count >= Self.cutHead
    order = PathWords.split(path.folder) + ["/"] + place.orderWords
    let content = SchemaHead(head)
    created = content.created
    let stem = PathWords.stem(of: path.fileName).lowercased()
    isObject =
      content.created.count == 1
      && content.created.allSatisfy { $0 == stem || TableName($0).baseKey == TableName(stem).baseKey }
    engine = EngineJudge.judge(head)
    hasDefinitions = content.isSchema || isCut && content.maySchemaFollow
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
