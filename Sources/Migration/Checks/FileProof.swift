/// How far one file of a plan was tried before anybody relies on it.
package struct FileProof: Hashable, Sendable {
  /// The strongest thing done with a file; raw values are the public spelling.
  package enum Kind: String, Hashable, Sendable, CaseIterable, Comparable {
    /// A server ran it.
    case executed
    /// Every key, type and value was compared with what the program that reads it knows.
    case keys
    /// It was read back by the format's own rules.
    case read
    /// Nothing here can run it, and nothing has.
    case unproven
    /// It is for people.
    case words

    package static func < (left: Kind, right: Kind) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  /// The file.
  package let path: String
  /// How far it was tried.
  package let kind: Kind
  /// By what, in words.
  package let means: String
  /// What is wrong; empty when nothing was found.
  package let problems: [String]

  /// A proof with all its parts.
  package init(path: String, kind: Kind, means: String, problems: [String]) {
    self.path = path
    self.kind = kind
    self.means = means
    self.problems = problems
  }
}

extension PlanChecks {
  /// One entry per file of a plan, sorted by path, without what only a server can tell.
  package static func proofs(of plan: MigrationPlan) -> [FileProof] {
    let files = plan.files()
    let checks = Dictionary(check(files).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    return files.map { file in
      if let check = checks[file.path] {
        return FileProof(path: file.path, kind: .keys, means: check.means, problems: check.problems)
      }
      return proof(of: file, plan: plan)
    }.sorted { $0.path < $1.path }
  }

  private static func proof(of file: PlanFile, plan: MigrationPlan) -> FileProof {
    switch file.path.split(separator: ".").last.map(String.init) ?? "" {
    case "sql":
      let engine = PlanFile.side(of: file.path) == .target ? plan.targetEngine : plan.engine
      return FileProof(path: file.path, kind: .unproven, means: unproven(engine), problems: [])
    case "yaml":
      return FileProof(
        path: file.path, kind: .read, means: "read back as YAML",
        problems: [YAMLReader.read(file.contents).problem].compactMap { $0 })
    case "json":
      return FileProof(
        path: file.path, kind: .read, means: "read back as JSON",
        problems: [JSONReader.read(file.contents).problem].compactMap { $0 })
    case "md": return FileProof(path: file.path, kind: .words, means: "for people", problems: [])
    default: return FileProof(path: file.path, kind: .unproven, means: "neither run nor read here", problems: [])
    }
  }

  private static func unproven(_ engine: PlanEngine) -> String {
    switch engine {
    case .postgres, .mysql, .mariadb: "not executed: --verify runs it on a scratch server"
    case .sqlserver, .oracle:
      "parse-checked, not executed: its kinds of statements were read by a parser of \(engine == .oracle ? "Oracle SQL" : "T-SQL") "
        + "(sqlfluff 4.5.0) when this program was tested; try it on a copy"
    }
  }
}

extension PlanFile {
  /// Which database a script of a plan runs on, by its path.
  package static func side(of path: String) -> PlanSide {
    path.contains("/target/") || path.hasSuffix(".target.sql") ? .target : .source
  }
}
