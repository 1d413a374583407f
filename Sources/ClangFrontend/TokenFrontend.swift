package import Basics
package import Facts

/// Reads C and C++ files from their tokens alone: no headers, no flags, no compiler. What a parser drops, because a header
/// is missing or a condition is off, is recovered here.
package enum TokenFrontend {
  /// The facts of `file`, whose content is `bytes`, and its `#include` lines in order. Linear in the size; never fails.
  package static func read(_ file: RepoPath, bytes: [UInt8]) -> (facts: FileFacts, includes: [IncludeLine]) {
    let source = SourceLexer.tokens(of: bytes)
    var facts = DeclarationReader.facts(of: file, source: source)
    facts.understoodLines = max(0, facts.functions.reduce(0) { $0 + $1.lines.count } - facts.lostLines)
    facts.includes = Set(source.includes.map { RepoPath($0.path) }).sorted()
    return (facts, lines(source))
  }

  /// The `#include` lines of a file in order.
  package static func includes(of bytes: [UInt8]) -> [IncludeLine] { lines(SourceLexer.tokens(of: bytes)) }

  private static func lines(_ source: SourceTokens) -> [IncludeLine] {
    source.includes.map { IncludeLine(path: $0.path, isSystem: $0.isSystem, dependsOnText: $0.dependsOnText) }
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

  /// A line with all its parts.
  package init(path: String, isSystem: Bool, dependsOnText: Bool) {
    self.path = path
    self.isSystem = isSystem
    self.dependsOnText = dependsOnText
  }
}
