/// The name of a migration as Flyway reads it: `V1.1__add_users`, `R__views`, `U2__x`, `B5__baseline`.
///
/// Source: Flyway documentation, "Migrations", sections "Versioned", "Repeatable", "Undo" and "Baseline migrations".
struct FlywayName: Hashable {
  /// What the first letter says.
  enum Kind: Hashable {
    case versioned, repeatable, undo, baseline
  }

  let kind: Kind
  /// Parts of the version; empty for repeatable ones.
  let version: [UInt64]
  /// What follows the two underscores.
  let description: String

  /// Reads a file name without its ending; nil for other names.
  init?(_ stem: String) {
    guard let first = stem.utf8.first, let separator = stem.firstRange(of: "__") else { return nil }
    switch first {
    case .of("V"): kind = .versioned
    case .of("R"): kind = .repeatable
    case .of("U"): kind = .undo
    case .of("B"): kind = .baseline
    default: return nil
    }
    let number = stem[stem.index(after: stem.startIndex)..<separator.lowerBound]
    let parts = number.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "_" }.map { UInt64($0) }
    if kind == .repeatable {
      guard number.isEmpty else { return nil }
      version = []
    } else {
      guard !parts.isEmpty, !parts.contains(nil) else { return nil }
      version = parts.compactMap { $0 }
    }
    description = stem[separator.upperBound...].lowercased()
  }

  /// Words that sort as the migrations run: by version whatever they are called, repeatable ones last.
  var order: [String] {
    switch kind {
    case .versioned, .undo, .baseline: ["v"] + version.map(String.init)
    case .repeatable: ["w", description]
    }
  }

  /// Whether a baseline holds what this migration does: versions up to its own.
  func isHeld(by baseline: FlywayName) -> Bool {
    guard kind == .versioned, baseline.kind == .baseline else { return false }
    for (own, other) in zip(version, baseline.version) where own != other { return own < other }
    return version.count <= baseline.version.count
  }

  /// Folders below a module that only say where its migrations lie.
  private static let places: Set<String> = [
    "resources", "db", "database", "migration", "migrations", "flyway", "sql", "schema",
  ]

  /// The folder of the module whose migrations run as one sequence, wherever below they lie.
  static func module(of folder: String) -> String {
    var parts: [Substring] = []
    for part in folder.split(separator: "/") {
      if places.contains(part.lowercased()) { break }
      parts.append(part)
    }
    return parts.joined(separator: "/")
  }
}
