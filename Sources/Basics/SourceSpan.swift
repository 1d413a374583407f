/// A path relative to the analyzed repository, with `/` between parts and no leading `./`.
package struct RepoPath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The text of the path, e.g. `src/ban.cpp`.
  package let text: String

  /// Wraps `text` as it is; callers pass paths that are already relative.
  package init(_ text: String) { self.text = text }

  /// The folder part without a trailing slash; empty for files at the top.
  package var folder: String {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(text[..<slash])
  }

  /// The last path component.
  package var fileName: String {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return text }
    return String(text[text.utf8.index(after: slash)...])
  }

  package var description: String { text }

  package static func < (left: RepoPath, right: RepoPath) -> Bool { left.text < right.text }
}

/// A place in a file of the repository: the evidence behind a claim.
package struct SourceSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The file.
  package let file: RepoPath
  /// Line, counted from 1; 0 when only the file is known.
  package let line: Int

  /// A place at `line` (from 1) of `file`.
  package init(file: RepoPath, line: Int) {
    self.file = file
    self.line = line
  }

  package var description: String { line > 0 ? "\(file.text):\(line)" : file.text }

  package static func < (left: SourceSpan, right: SourceSpan) -> Bool {
    left.file == right.file ? left.line < right.line : left.file < right.file
  }
}
