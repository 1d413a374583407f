import Basics
import Facts
import Frameworks
import SQL

/// Reads the schema files of a repository in the order they replay.
struct SchemaStage {
  let root: String
  /// The engine people say the schema is written for; nil judges it.
  var dialect: EngineFamily?

  struct Outcome {
    var catalog = Catalog()
    var diagnostics: [Diagnostic] = []
    var statements = 0
    var understood = 0
    /// Texts of the smaller files, which change logs may include.
    var scripts: [RepoPath: String] = [:]
  }

  /// The files that make the schema, in the order they replay.
  func order(_ files: [ScannedFile]) -> [RepoPath] {
    let heads = files.compactMap { file -> (path: RepoPath, head: String)? in
      guard case .success(let bytes) = FileContent.read(root + "/" + file.path.text) else { return nil }
      return (file.path, String(decoding: bytes.prefix(Self.headBytes), as: UTF8.self))
    }
    return SchemaOrder.plan(files: heads).first?.files ?? []
  }

  /// Bytes of a schema file that decide which set it belongs to.
  private static let headBytes = 4096

  /// Files beyond this many bytes carry rows, not changes.
  private static let largestScript = 256 << 10

  /// `migrations` are those written as classes, which run between the files.
  func run(_ files: [ScannedFile], migrations: [FlywayMigrations.Script] = []) -> Outcome {
    var outcome = Outcome()
    var texts: [RepoPath: String] = [:]
    var heads: [(path: RepoPath, head: String)] = []
    for file in files {
      switch FileContent.read(root + "/" + file.path.text) {
      case .failure(let error): outcome.diagnostics.append(FileContent.unreadable(file.path, error.reason))
      case .success(let bytes):
        texts[file.path] = String(decoding: bytes, as: UTF8.self)
        heads.append((file.path, String(decoding: bytes.prefix(Self.headBytes), as: UTF8.self)))
      }
    }
    outcome.scripts = texts.filter { $0.value.utf8.count <= Self.largestScript }
    // Where a migration is ordered is not where its text stands.
    var sources: [RepoPath: RepoPath] = [:]
    for script in migrations {
      guard let path = CodeMigrations.path(of: script.name, in: script.file, among: files.map(\.path)),
        texts[path] == nil
      else { continue }
      texts[path] = script.text
      sources[path] = script.file
      heads.append((path, String(decoding: script.text.utf8.prefix(Self.headBytes), as: UTF8.self)))
    }
    guard let set = SchemaOrder.plan(files: heads).first else { return outcome }
    var reader = SchemaReader(engine: dialect ?? set.engine)
    for path in set.files {
      if let text = texts[path] { reader.read(text, file: path, source: sources[path]) }
    }
    outcome.catalog = reader.catalog()
    outcome.diagnostics += reader.diagnostics
    outcome.statements = reader.statementCount
    outcome.understood = reader.understoodCount
    return outcome
  }
}
