package import Basics

/// Where migrations of Flyway that are classes stand among those that are files.
package enum CodeMigrations {
  /// The path by which the class `name` of `file` is ordered: beside the files of migrations of its module, else where
  /// it is; nil when the class is not named like a migration. `files` are the paths of SQL files.
  package static func path(of name: String, in file: RepoPath, among files: [RepoPath]) -> RepoPath? {
    guard FlywayName(name) != nil else { return nil }
    let module = sources(file.folder)
    let beside = files.filter { other in
      FlywayName(PathWords.stem(of: other.fileName)) != nil && FlywayName.module(of: other.folder) == module
    }
    // Folders for single engines lie below the one for all.
    let folders = beside.map { withoutEngine($0.folder) }
    let folder = folders.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) } ?? file.folder
    return RepoPath((folder.isEmpty ? "" : folder + "/") + name + ".sql")
  }

  /// The folder that holds the sources and resources of a module: `src/main` of `src/main/java/db/migration`.
  private static func sources(_ folder: String) -> String {
    var parts: [Substring] = []
    for part in folder.split(separator: "/") {
      if part == "java" || part == "kotlin" { return parts.joined(separator: "/") }
      parts.append(part)
    }
    return FlywayName.module(of: folder)
  }

  private static func withoutEngine(_ folder: String) -> String {
    var parts = folder.split(separator: "/").map(String.init)
    if let last = parts.last, SchemaWords.dialect(in: SchemaWords.joined(PathWords.split(last))) != nil {
      parts.removeLast()
    }
    return parts.joined(separator: "/")
  }
}
