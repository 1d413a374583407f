import Facts

/// Counts the files that import libraries which bear on how data moves.
enum UsedLibraries {
  /// How many files use each, sorted by name; linear in imports.
  static func counts(in files: [FileFacts]) -> [UsedLibrary] {
    var counts: [UsedLibrary.Name: Int] = [:]
    for facts in files {
      var seen: Set<UsedLibrary.Name> = []
      for fact in facts.imports {
        for library in UsedLibrary.Name.allCases where library.imports.contains(where: { begins(fact.path, with: $0) })
        {
          seen.insert(library)
        }
      }
      for name in seen { counts[name, default: 0] += 1 }
    }
    return counts.map { UsedLibrary(name: $0.key, files: $0.value) }.sorted { $0.name.rawValue < $1.name.rawValue }
  }

  /// Whether a path is `prefix` or goes on behind it.
  private static func begins(_ path: String, with prefix: String) -> Bool {
    guard path.hasPrefix(prefix) else { return false }
    return path.utf8.dropFirst(prefix.utf8.count).first.map { $0 == UInt8(ascii: ".") } ?? true
  }
}
