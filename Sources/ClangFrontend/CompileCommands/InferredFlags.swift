package import Basics

/// Guesses how the files of a repository are compiled when nothing says so: the language by the file's name, the
/// include folders by the headers of the repository whose paths end with what is included.
package struct InferredFlags: Sendable {
  private let root: String
  private let folders: [String]

  /// Folders beyond this many are left out, the least wanted first: each one costs a lookup per include.
  private static let maximumFolders = 48

  /// Learns the include folders. `includes` are the include lines of every source and header of the repository,
  /// `headers` its header files; `root` is its absolute path.
  package init(root: String, headers: [RepoPath], includes: [(file: RepoPath, lines: [IncludeLine])]) {
    self.root = root
    var byName: [String: [RepoPath]] = [:]
    for header in headers { byName[header.fileName, default: []].append(header) }
    let known = Set(headers)
    var votes: [String: Int] = [:]
    for (file, lines) in includes {
      for line in lines {
        let beside = CompilePath.absolute(line.path, in: "/" + file.folder)
        if !line.isSystem, known.contains(RepoPath(String(beside.dropFirst()))) { continue }
        for folder in Self.folders(of: line.path, byName) { votes[folder, default: 0] += 1 }
      }
    }
    folders = votes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.maximumFolders).map(\.key)
  }

  /// Folders from which `path` leads to a header of the repository.
  private static func folders(of path: String, _ byName: [String: [RepoPath]]) -> [String] {
    let suffix = "/" + path
    return (byName[RepoPath(path).fileName] ?? []).compactMap { candidate in
      if candidate.text == path { return "" }
      return candidate.text.hasSuffix(suffix) ? String(candidate.text.dropLast(suffix.utf8.count)) : nil
    }
  }

  /// The command for one source file.
  package func command(for file: RepoPath) -> CompileCommand {
    let isC = file.text.hasSuffix(".c")
    let arguments =
      (isC ? ["-x", "c", "-std=gnu17"] : ["-x", "c++", "-std=gnu++20"])
      + folders.map { "-I" + ($0.isEmpty ? root : root + "/" + $0) }
    return CompileCommand(directory: root, file: root + "/" + file.text, arguments: arguments)
  }
}
