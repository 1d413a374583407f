import Basics
import ClangFrontend

/// Resolves `#include` lines to paths of the repository without knowing any include folder.
enum IncludePaths {
  /// Quoted includes relative to the including file; others stay unresolved here and are matched by suffix later.
  static func resolve(_ lines: [IncludeLine], from file: RepoPath) -> [RepoPath] {
    var found: Set<RepoPath> = []
    for line in lines where !line.isSystem {
      let absolute = CompilePath.absolute(line.path, in: "/" + file.folder)
      found.insert(RepoPath(String(absolute.dropFirst())))
    }
    return found.sorted()
  }
}
