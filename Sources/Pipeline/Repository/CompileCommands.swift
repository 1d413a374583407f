import Basics
import ClangFrontend
import FactStore

/// Finds and reads the compile database of a repository.
struct CompileCommands {
  /// Commands by absolute path of the source file.
  private(set) var byPath: [String: CompileCommand] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  /// The database given by the user, else the one nearest to the top of the repository, else none.
  static func read(given: String?, found: [String]) throws(PipelineError) -> CompileCommands {
    var result = CompileCommands()
    if let given {
      let path = FileStamp.isFolder(given) ? given + "/compile_commands.json" : given
      for command in try commands(at: path) { result.byPath[command.file] = command }
      return result
    }
    guard let path = found.first else { return result }
    do {
      for command in try commands(at: path) { result.byPath[command.file] = command }
    } catch {
      result.diagnostics.append(
        Diagnostic(
          code: "compile-database-unreadable", severity: .warning,
          span: SourceSpan(file: RepoPath("compile_commands.json"), line: 0), message: error.reason,
          nextStep: "make it again, or name another one with --compile-commands"))
    }
    return result
  }

  private static func commands(at path: String) throws(PipelineError) -> [CompileCommand] {
    switch FileContent.read(path) {
    case .failure(let error): throw .compileDatabaseUnreadable(path: path, reason: error.reason)
    case .success(let bytes):
      do {
        return try CompileDatabase.commands(in: bytes)
      } catch {
        switch error {
        case .malformed(let reason): throw .compileDatabaseUnreadable(path: path, reason: reason)
        }
      }
    }
  }
}

extension PipelineError {
  /// The reason alone, for a diagnostic.
  var reason: String { message }
}
