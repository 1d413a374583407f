package import Basics
package import Facts
package import Graph

/// What people decided about a decomposition, as they wrote it: names and patterns, each with its place and reason.
package struct Steering: Hashable, Sendable {
  /// Entries in the order they were written.
  package var entries: [SteeringEntry]
  /// Weights of kinds of evidence that replace the standard ones.
  package var weights: [EvidenceKind: Double]
  /// Engine the schema is written for; nil judges it by its syntax.
  package var dialect: EngineFamily?
  /// Which files are looked at.
  package var files: FileRoots

  /// What steers; nothing unless given.
  package init(
    entries: [SteeringEntry] = [], weights: [EvidenceKind: Double] = [:], dialect: EngineFamily? = nil,
    files: FileRoots = FileRoots()
  ) {
    self.entries = entries
    self.weights = weights
    self.dialect = dialect
    self.files = files
  }

  /// The same without one entry.
  func without(_ entry: Int) -> Steering {
    var copy = self
    copy.entries.remove(at: entry)
    return copy
  }

  /// `weights` with what the steering replaces; layers that pull on groups have no weight of their own but a factor.
  package func adjusted(_ weights: EvidenceWeights) -> EvidenceWeights {
    var adjusted = weights
    for (kind, weight) in self.weights {
      if adjusted.base[kind] == nil { adjusted.factors[kind] = weight } else { adjusted.base[kind] = weight }
    }
    return adjusted
  }
}

/// One decision.
package struct SteeringEntry: Hashable, Sendable {
  /// What is decided about the things that the entry selects.
  package enum Rule: Hashable, Sendable {
    /// They are in the service of that name.
    case pin(to: String)
    /// They are in one service.
    case mustLink
    /// What different selectors stand for is in different services.
    case cannotLink
    /// Their service has that name.
    case name(String)
    /// They are not looked at.
    case ignore
    /// They belong to no service.
    case shared
    /// How many services there are.
    case services(CountRange)
    /// How many tables each service that owns any has.
    case tablesPerService(CountRange)
  }

  /// What is decided.
  package var rule: Rule
  /// About what.
  package var selectors: [Selector]
  /// Why, in the words of whoever decided; empty when nothing is said.
  package var because: String
  /// Where it is written.
  package var span: SourceSpan

  /// An entry with all its parts.
  package init(rule: Rule, selectors: [Selector] = [], because: String = "", span: SourceSpan) {
    self.rule = rule
    self.selectors = selectors
    self.because = because
    self.span = span
  }

  /// The section of the file it belongs to.
  package var section: SteeringSection {
    switch rule {
    case .pin: .pin
    case .mustLink: .mustLink
    case .cannotLink: .cannotLink
    case .name: .names
    case .ignore: .ignore
    case .shared: .shared
    case .services: .services
    case .tablesPerService: .tablesPerService
    }
  }

  /// What it says in a few words, such as `pin orders to billing`.
  package var text: String {
    let names = selectors.map(\.pattern.text).joined(separator: ", ")
    switch rule {
    case .pin(let service): return "pin \(names) to \(service)"
    case .mustLink: return "must-link \(names)"
    case .cannotLink: return "cannot-link \(names)"
    case .name(let name): return "name the service of \(names) \(name)"
    case .ignore: return "ignore \(names)"
    case .shared: return "share \(names)"
    case .services(let range): return "\(range.text) services"
    case .tablesPerService(let range): return "\(range.text) tables per service"
    }
  }
}

/// What a name or pattern stands for.
package struct Selector: Hashable, Sendable {
  /// Where the name is looked up.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case table, unit, path, service
    /// A table, else a unit, else a path.
    case any
  }

  /// Where the name is looked up.
  package var kind: Kind
  /// The name or pattern.
  package var pattern: GlobPattern

  /// What `text` stands for.
  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    pattern = GlobPattern(text)
  }
}

/// From how many to how many.
package struct CountRange: Hashable, Sendable {
  /// At least; at least 0.
  package var least: Int
  /// At most; nil for any number.
  package var most: Int?

  /// From `least` to `most`.
  package init(least: Int = 0, most: Int? = nil) {
    self.least = least
    self.most = most
  }

  func contains(_ count: Int) -> Bool { count >= least && count <= most ?? .max }

  var text: String {
    guard let most else { return "at least \(least)" }
    return least == most ? "\(most)" : least == 0 ? "at most \(most)" : "\(least) to \(most)"
  }
}

/// Which files of the repository are looked at; patterns of paths.
package struct FileRoots: Hashable, Sendable {
  /// Files are read when one of these fits; all when empty.
  package var include: [GlobPattern] = []
  /// Files are not read when one of these fits.
  package var exclude: [GlobPattern] = []
  /// Schema files are read when one of these fits; all when empty.
  package var schema: [GlobPattern] = []

  /// Every file.
  package init() {}

  /// Whether the file is read.
  package func contains(_ path: RepoPath, isSchema: Bool) -> Bool {
    if exclude.contains(where: { $0.matches(path: path.text) }) { return false }
    if isSchema, !schema.isEmpty { return schema.contains { $0.matches(path: path.text) } }
    return include.isEmpty || include.contains { $0.matches(path: path.text) }
  }
}
