package import Basics
package import Facts

/// Reads C and C++ files from their tokens alone: no headers, no flags, no compiler. What a parser drops, because a header
/// is missing or a condition is off, is recovered here.
package enum TokenFrontend {
  /// The facts of `file`, whose content is `bytes`. Linear in the size; never fails.
  package static func facts(of file: RepoPath, bytes: [UInt8]) -> FileFacts {
    let source = SourceLexer.tokens(of: bytes)
    var facts = DeclarationReader.facts(of: file, source: source)
    facts.understoodLines = facts.functions.reduce(0) { $0 + $1.lines.count }
    return facts
  }

  /// The `#include` lines of a file in order.
  package static func includes(of bytes: [UInt8]) -> [IncludeLine] {
    SourceLexer.tokens(of: bytes).includes.map {
      IncludeLine(path: $0.path, isSystem: $0.isSystem, dependsOnText: $0.dependsOnText)
    }
  }
}

/// One `#include` line of a file.
package struct IncludeLine: Hashable, Sendable {
  /// The path as written.
  package var path: String
  /// Whether it stands in angle brackets.
  package var isSystem: Bool
  /// Whether a condition decides if it is included, or a definition before it may change what it means.
  package var dependsOnText: Bool
}
