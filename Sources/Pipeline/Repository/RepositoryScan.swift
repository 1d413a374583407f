import Basics
import FactStore
import Facts
import Glibc

/// A file of the repository that is input.
struct ScannedFile: Sendable {
  var path: RepoPath
  var kind: SourceKind
  var stamp: FileStamp
}

/// Lists the input files of a repository without following links, so nothing outside is ever read.
struct RepositoryScan {
  private(set) var files: [ScannedFile] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// How many files there are of each language that is not read.
  private(set) var unread: [String: Int] = [:]
  /// Folders that declare a module by a file in them.
  private(set) var moduleFolders: [ModuleHint.Source: Set<String>] = [:]
  /// Absolute paths of every `compile_commands.json` met, nearest to the top first.
  private(set) var compileDatabases: [String] = []

  /// Folders that hold no source of the system: version control, our own state, dependencies' downloads.
  private static let skippedFolders: Set<String> = [".git", ".hg", ".svn", ".cleave", "node_modules", ".build"]
  /// Folders deeper than this are reported and skipped.
  private static let maximumDepth = 64

  /// The files below `root`, sorted by path.
  static func scan(root: String) throws(PipelineError) -> RepositoryScan {
    guard let directory = opendir(root) else {
      throw .repositoryUnreadable(path: root, reason: String(cString: strerror(errno)))
    }
    closedir(directory)
    var scan = RepositoryScan()
    var pending: [(folder: String, depth: Int)] = [("", 0)]
    while let next = pending.popLast() { scan.list(root: root, folder: next.folder, depth: next.depth, &pending) }
    scan.files.sort { $0.path < $1.path }
    scan.diagnostics.sort()
    scan.compileDatabases.sort { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    return scan
  }

  /// Drops the files that `isWanted` refuses.
  mutating func keep(where isWanted: (ScannedFile) -> Bool) { files.removeAll { !isWanted($0) } }

  private mutating func list(root: String, folder: String, depth: Int, _ pending: inout [(folder: String, depth: Int)])
  {
    let absolute = folder.isEmpty ? root : root + "/" + folder
    guard depth < Self.maximumDepth, let directory = opendir(absolute) else {
      diagnostics.append(
        Diagnostic(
          code: "folder-unreadable", severity: .warning, span: SourceSpan(file: RepoPath(folder), line: 0),
          message: depth < Self.maximumDepth ? "the folder cannot be listed" : "the folder is nested too deeply",
          nextStep: "check its permissions"))
      return
    }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      visit(name, root: root, folder: folder, depth: depth, &pending)
    }
  }

  private mutating func visit(
    _ name: String, root: String, folder: String, depth: Int, _ pending: inout [(folder: String, depth: Int)]
  ) {
    let path = folder.isEmpty ? name : folder + "/" + name
    var status = stat()
    guard lstat(root + "/" + path, &status) == 0 else { return }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      if !Self.skippedFolders.contains(name) { pending.append((path, depth + 1)) }
    case S_IFREG:
      if let source = ModuleHints.source(ofFile: name) { moduleFolders[source, default: []].insert(folder) }
      if name == "compile_commands.json" { compileDatabases.append(root + "/" + path) }
      if let kind = SourceKind(path: RepoPath(path)) {
        files.append(ScannedFile(path: RepoPath(path), kind: kind, stamp: FileStamp(status)))
      } else if let language = UnreadLanguages.name(of: name) {
        unread[language, default: 0] += 1
      }
    case S_IFLNK:
      if SourceKind(path: RepoPath(path)) != nil {
        diagnostics.append(
          Diagnostic(
            code: "link-skipped", severity: .note, span: SourceSpan(file: RepoPath(path), line: 0),
            message: "a symbolic link is not followed", nextStep: "its target is read when it lies in the repository"))
      }
    default: break
    }
  }
}

extension FileStamp {
  init(_ status: stat) {
    self.init(
      size: Int64(status.st_size),
      modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
      inode: UInt64(status.st_ino))
  }

  /// The stamp of the file at an absolute path; nil when there is none.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}

extension FileStamp {
  /// Whether `path` is a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
