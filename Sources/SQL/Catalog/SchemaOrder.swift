package import Basics
package import Facts

/// Files that make up one variant of a schema, in the order they replay.
package struct SchemaSet: Hashable, Sendable {
  /// The folder that holds it, and the engine its paths name: `db/mysql`.
  package let name: String
  /// The engine its paths name; nil when they name none or one of another family.
  package let engine: EngineFamily?
  /// The files in the order they replay.
  package let files: [RepoPath]

  /// A variant with its files in order.
  package init(name: String, engine: EngineFamily?, files: [RepoPath]) {
    self.name = name
    self.engine = engine
    self.files = files
  }
}

/// Decides which SQL files are the schema of a repository, and in which order they replay.
///
/// The rules, in order:
/// 1. Left out: tests, examples and documentation, unless nothing else is there; the way back (`down`, `rollback`,
///    `undo`, scripts that only drop); files that define nothing.
/// 2. Files whose paths differ only in the name of an engine are copies. Of each schema the engine with most files
///    wins; up to a tenth fewer are as good, and then MySQL goes before PostgreSQL before SQLite before others.
/// 3. Scripts of operators and conversions of foreign data are skipped where the folder they serve has a schema.
/// 4. Update scripts lead installed databases to the present. Where the same folder has scripts that create the
///    present they come last, and the reader applies those the base does not hold yet.
/// 5. Numbered migrations follow the base in numeric order, unless they create its tables themselves: then the base
///    is a dump of their result and stands alone.
/// 6. Where every object has a file of its own those files come first.
/// 7. A schema that repeats the tables of a larger one is an old copy. Where the largest is kept for several engines,
///    loose scripts elsewhere for a single engine are add-ons.
package enum SchemaOrder {
  /// Share of the best coverage that is as good as the best.
  private static let closeEnough = 0.9
  /// Share of repeated tables that makes a schema an old copy.
  private static let copiedShare = 0.3
  /// Files a schema kept for several engines needs to count as the one that is maintained.
  private static let maintainedFiles = 5

  /// Files of single objects that make a project of a folder.
  private static let projectFiles = 3

  /// The variants, the one to replay first; the others are what was left out for it.
  package static func plan(files: [(path: RepoPath, head: String)]) -> [SchemaSet] {
    let all = files.map { SchemaFile(path: $0.path, head: $0.head) }.filter(\.hasDefinitions)
    var wanted = all.filter { !$0.isLeftOut }
    if !wanted.contains(where: { !$0.created.isEmpty || $0.role == .migration }) {
      wanted = all.filter { $0.role != .update }
    }
    wanted = withoutTools(wanted)
    let groups = Dictionary(grouping: wanted, by: \.root).map { Group(root: $0.key, files: $0.value) }
      .sorted { ($0.chosen.count, $1.root) > ($1.chosen.count, $0.root) }
    let kept = withoutCopies(groups)
    let chosen = inOrder(kept).flatMap { $0.ordered($0.chosen + $0.updates) }
    guard !chosen.isEmpty else { return [] }
    var sets = [SchemaSet(name: kept.first?.root ?? "", engine: family(of: chosen), files: chosen.map(\.path))]
    for group in groups {
      for (dialect, files) in group.variants.sorted(by: { $0.key < $1.key })
      where !kept.contains(where: { $0.root == group.root }) || dialect != group.dialect && !dialect.isEmpty {
        sets.append(
          SchemaSet(
            name: group.root + "/" + dialect, engine: SchemaWords.family(of: dialect),
            files: group.ordered(files).map(\.path)))
      }
    }
    return sets
  }

  /// By path, but the files of single objects before scripts: those are put together from them.
  private static func inOrder(_ groups: [Group]) -> [Group] {
    let sorted = groups.sorted { $0.root < $1.root }
    let projects = sorted.filter(\.isProject)
    let objects = projects.reduce(0) { $0 + $1.chosen.count(where: \.isObject) }
    guard objects >= projectFiles else { return sorted }
    return projects + sorted.filter { !$0.isProject }
  }

  /// The engine all tagged files name; nil lets each file be judged by its syntax.
  private static func family(of files: [SchemaFile]) -> EngineFamily? {
    let tags = Set(files.map(\.dialect))
    guard tags.count == 1, let tag = tags.first else { return nil }
    return SchemaWords.family(of: tag)
  }

  /// Leaves out scripts of operators where the folder they serve holds a schema of its own.
  private static func withoutTools(_ files: [SchemaFile]) -> [SchemaFile] {
    let schemas = files.filter { $0.serves == nil && !$0.created.isEmpty }
    var served = Set(schemas.map(\.root))
    if !served.isEmpty { served.insert("") }
    return files.filter { file in file.serves.map { !served.contains($0) } ?? true }
  }

  private static func withoutCopies(_ groups: [Group]) -> [Group] {
    var kept: [Group] = []
    let ranked = groups.sorted { ($0.weight, $1.root) > ($1.weight, $0.root) }
    let isMaintained = ranked.first.map { $0.engineCount > 1 && $0.chosen.count >= maintainedFiles } ?? false
    for group in ranked {
      let tables = group.created
      let known = kept.reduce(into: Set<String>()) { $0.formUnion($1.created) }
      if !tables.isEmpty, Double(tables.intersection(known).count) >= copiedShare * Double(tables.count) { continue }
      if isMaintained, !kept.isEmpty, !group.hasMigrations, group.engineCount < 2 { continue }
      kept.append(group)
    }
    return kept
  }

  /// The files of one schema, with the copies for all engines.
  private struct Group {
    let root: String
    let dialect: String
    let variants: [String: [SchemaFile]]
    let chosen: [SchemaFile]
    /// Updates beside a base: the reader finds out which of them the base holds already.
    let updates: [SchemaFile]

    init(root: String, files: [SchemaFile]) {
      self.root = root
      variants = Dictionary(grouping: files, by: \.dialect)
      dialect = SchemaOrder.bestDialect(of: variants)
      let own = variants[dialect] ?? []
      let skeletons = Set(own.map(\.skeleton))
      let common = dialect.isEmpty ? [] : (variants[""] ?? []).filter { !skeletons.contains($0.skeleton) }
      chosen = Group.replayed(own + common)
      let hasUpdates = chosen.contains { $0.role == .update }
      updates = hasUpdates ? [] : (own + common).filter { $0.role == .update }
    }

    var created: Set<String> { chosen.reduce(into: []) { $0.formUnion($1.created) } }
    /// Engines that paths name and that get tables: helper functions for an engine are no copy of the schema.
    var engineCount: Int {
      variants.count { dialect, files in !dialect.isEmpty && files.contains { !$0.created.isEmpty || $0.isCut } }
    }
    var hasMigrations: Bool { chosen.contains { $0.role == .migration } }
    /// Tables seen in heads and files: what ranks schemas.
    var weight: Int { created.count + chosen.count }

    /// Leaves out updates a base makes needless, and migrations whose result the base is.
    private static func replayed(_ files: [SchemaFile]) -> [SchemaFile] {
      let base = files.filter { $0.role == .base }
      let created = base.reduce(into: Set<String>()) { $0.formUnion($1.created) }
      guard !created.isEmpty else { return files }
      let migrated = files.filter { $0.role == .migration }.reduce(into: Set<String>()) { $0.formUnion($1.created) }
      let isDump = !migrated.isEmpty && created.intersection(migrated).count * 2 >= created.count
      return files.filter { $0.role == .base || $0.role == .migration && !isDump }
    }

    /// Whether it is made of files that create one object each.
    var isProject: Bool {
      let creating = chosen.filter { $0.role == .base && !$0.created.isEmpty }
      return !creating.isEmpty && creating.count(where: \.isObject) * 2 > creating.count
    }

    /// Base first, then migrations, each in natural order; among base files those that create go first.
    func ordered(_ files: [SchemaFile]) -> [SchemaFile] {
      files.sorted { left, right in
        if rank(left) != rank(right) { return rank(left) < rank(right) }
        if left.order != right.order { return PathWords.naturalOrder(left.order, right.order) }
        return left.path < right.path
      }
    }

    private func rank(_ file: SchemaFile) -> Int {
      switch file.role {
      case .base: file.created.isEmpty ? 1 : 0
      case .migration, .update: 2
      }
    }
  }

  private static let preference = ["mysql", "postgres", "sqlite"]

  /// The engine whose files cover most of the schema.
  private static func bestDialect(of variants: [String: [SchemaFile]]) -> String {
    let named = variants.filter { !$0.key.isEmpty }
    guard named.count > 1 || variants[""] == nil else {
      // One engine beside files for any: the one that creates more.
      guard let only = named.first, let common = variants[""] else { return "" }
      return coverage(only.value) >= coverage(common) ? only.key : ""
    }
    let best = named.map { coverage($0.value) }.max() ?? 0
    let most = named.map { $0.value.count }.max() ?? 0
    let good = named.filter { files in
      // What a cut head does not show may well be there: then the number of files decides alone.
      Double(coverage(files.value)) >= closeEnough * Double(best)
        || files.value.contains(where: \.isCut) && Double(files.value.count) >= closeEnough * Double(most)
    }.keys
    return good.min { left, right in
      let order = (
        preference.firstIndex(of: left) ?? preference.count, preference.firstIndex(of: right) ?? preference.count
      )
      return order.0 == order.1 ? left < right : order.0 < order.1
    } ?? ""
  }

  private static func coverage(_ files: [SchemaFile]) -> Int {
    files.reduce(into: 0) { $0 += $1.role == .update ? 0 : 1 + $1.created.count }
  }
}
