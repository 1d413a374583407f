package import Basics

/// Two files that change together in the history of the repository.
package struct CoChange: Hashable, Sendable {
  /// The file whose path sorts first.
  package var left: RepoPath
  /// The other file.
  package var right: RepoPath
  /// In how many commits both change.
  package var support: Int
  /// Share of the changes of the one that changes more often, 0 to 1.
  package var confidence: Double

  /// A pair with all its parts.
  package init(left: RepoPath, right: RepoPath, support: Int, confidence: Double) {
    self.left = left
    self.right = right
    self.support = support
    self.confidence = confidence
  }
}

/// A part of the system that people declared: a hint, never a rule.
package struct ModuleHint: Hashable, Sendable, Comparable {
  /// Where it is declared.
  package enum Source: String, Hashable, Sendable, CaseIterable {
    /// Paths and their owners.
    case codeOwners = "CODEOWNERS"
    /// Folders with a build file of their own: Maven, Gradle, npm, Cargo, Go, C#, gems and with them Rails engines.
    case buildFile = "build file"
    /// Apps of Django.
    case djangoApp = "Django app"
    /// Packages next to the main class, where Spring Modulith is used.
    case modulith = "Spring Modulith"
  }

  /// Where it is declared.
  package var source: Source
  /// Owner, or the folder itself.
  package var name: String
  /// Its folders, sorted, without a trailing slash; what lies deeper in another hint of the same source is not its own.
  package var folders: [String]

  /// A hint with all its parts.
  package init(source: Source, name: String, folders: [String]) {
    self.source = source
    self.name = name
    self.folders = folders
  }

  package static func < (left: ModuleHint, right: ModuleHint) -> Bool {
    (left.source.rawValue, left.name) < (right.source.rawValue, right.name)
  }
}
