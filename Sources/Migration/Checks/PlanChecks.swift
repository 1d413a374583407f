/// How one file of a plan was checked, and what was found.
package struct FileCheck: Hashable, Sendable {
  /// The file.
  package let path: String
  /// What it was compared with, in words.
  package let means: String
  /// What is wrong; empty when nothing was found.
  package let problems: [String]

  /// A check of a file.
  package init(path: String, means: String, problems: [String]) {
    self.path = path
    self.means = means
    self.problems = problems
  }
}

/// Checks of what a plan wrote that need no database and no network.
package enum PlanChecks {
  /// One check per configuration file, sorted by path; linear in the text.
  package static func check(_ plan: MigrationPlan) -> [FileCheck] {
    check(plan.groups.flatMap { $0.steps.flatMap(\.artifacts) + $0.teardownArtifacts })
  }

  /// The same for some files.
  package static func check(_ files: [PlanFile]) -> [FileCheck] {
    files.sorted { $0.path < $1.path }.compactMap { file in
      if StateMachineLint.takes(file.path) { return StateMachineLint.check(file) }
      guard let kind = ConfigFileKind.all.first(where: { $0.matches(file.path) }) else { return nil }
      let lists = kind.lists(file.contents).joined(separator: ", ")
      return FileCheck(
        path: file.path, means: "\(kind.name): keys, types, values and traps against \(lists)",
        problems: kind.problems(file.contents))
    }
  }

  /// Every list of keys a configuration file is compared with, sorted by system.
  package static var keyLists: [KeyList] { KeyList.all.sorted { $0.system < $1.system } }
}
