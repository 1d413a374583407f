import Basics
import Facts
import SQL

/// Liquibase: change logs in XML, YAML and JSON, and the SQL files they include.
///
/// Source: Liquibase documentation, "Changelog formats" and "Change types".
struct LiquibaseRecognizer: FrameworkRecognizer {
  let name = "Liquibase"
  let languages: Set<SourceLanguage> = [.document]

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    let logs = ChangeLogs(system: system)
    let selection = ChangeSetSelection(system: system)
    let engine = selection.engine ?? logs.engine
    return logs.roots.compactMap { root in
      var replay = ChangeLogReplay(logs: logs, engine: engine, selection: selection)
      replay.run(root)
      guard !replay.operations.isEmpty else { return nil }
      return SchemaHistory(framework: name, origin: .migrations, engine: engine, operations: replay.operations)
    }
  }
}

/// The change logs of a system and how they include each other.
struct ChangeLogs {
  /// Entries of each change log by its path.
  private(set) var entries: [String: [DocumentNode]] = [:]
  private let paths: [String]
  private let scripts: [RepoPath: String]

  init(system: SystemIndex) {
    scripts = system.scripts
    for facts in system.files {
      guard let document = facts.document, let entries = Self.entries(of: document) else { continue }
      self.entries[facts.file.text] = entries
    }
    paths = (Array(entries.keys) + scripts.keys.map(\.text)).sorted()
  }

  /// What a change log lists: elements in XML, the only entry of each item elsewhere; nil for other documents.
  private static func entries(of document: DocumentNode) -> [DocumentNode]? {
    if document.name == "databaseChangeLog" { return document.children.filter { !$0.name.isEmpty } }
    guard let list = document.child("databaseChangeLog") else { return nil }
    return list.children("-").flatMap { $0.children.filter { !$0.name.isEmpty } }
  }

  /// Change logs that no other one includes, in order of their paths; those of tests only when there are no others.
  var roots: [String] {
    var included: Set<String> = []
    for (path, entries) in entries {
      for entry in entries {
        for target in targets(of: entry, from: path) where target != path { included.insert(target) }
      }
    }
    let roots = entries.keys.filter { !included.contains($0) }.sorted()
    let own = roots.filter { path in !path.lowercased().split(separator: "/").contains { $0 == "test" || $0 == "tests" }
    }
    return own.isEmpty ? roots : own
  }

  /// The engine most change sets ask for; engines that applications embed only when no other is named.
  var engine: EngineFamily? {
    var votes: [EngineFamily: Int] = [:]
    for entry in entries.values.joined() where entry.name == "changeSet" || entry.name == "property" {
      for family in ChangeSetEngines.families(in: entry.value("dbms") ?? "") { votes[family, default: 0] += 1 }
    }
    let preference: [EngineFamily] = [.mysql, .postgres, .sqlserver, .oracle, .sqlite, .h2]
    let servers = votes.filter { $0.key != .h2 && $0.key != .sqlite }
    let best = (servers.isEmpty ? votes : servers)
    guard let most = best.values.max() else { return nil }
    return preference.first { best[$0] == most }
  }

  /// The files an `include` or `includeAll` names, in the order they run.
  func targets(of entry: DocumentNode, from path: String) -> [String] {
    let isRelative = entry.value("relativeToChangelogFile") == "true"
    switch entry.name {
    case "include":
      guard let file = entry.value("file") else { return [] }
      return find(file, from: path, isRelative: isRelative).map { [$0] } ?? []
    case "includeAll":
      guard let folder = entry.value("path") else { return [] }
      let wanted = Self.joined(isRelative ? RepoPath(path).folder : "", folder) + "/"
      return paths.filter { ($0.hasPrefix(wanted) || $0.contains("/" + wanted)) && $0 != path }
    default: return []
    }
  }

  /// The file of that name: beside the change log, from the top, or behind any root of resources.
  func find(_ file: String, from path: String, isRelative: Bool) -> String? {
    let near = Self.joined(RepoPath(path).folder, file)
    if isRelative { return paths.contains(near) ? near : nil }
    let bare = Self.joined("", file)
    if paths.contains(bare) { return bare }
    let ends = paths.filter { $0.hasSuffix("/" + bare) }
    // The nearest one: what shares most of its folder with the change log.
    let shared = { (other: String) in zip(other.utf8, path.utf8).prefix { $0 == $1 }.count }
    return ends.max { (shared($0), $1) < (shared($1), $0) } ?? (paths.contains(near) ? near : nil)
  }

  /// The text of an SQL file.
  func script(_ path: String) -> String? { scripts[RepoPath(path)] }

  /// A path below a folder without `classpath:`, `./` and `..`.
  private static func joined(_ folder: String, _ path: String) -> String {
    var path = Substring(path)
    for prefix in ["classpath*:", "classpath:", "file:"] where path.hasPrefix(prefix) {
      path = path.dropFirst(prefix.count)
    }
    var parts = folder.split(separator: "/")
    for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}

extension DocumentNode {
  /// The attribute in XML, the scalar of the entry elsewhere; nil for a missing or empty one.
  func value(_ name: String) -> String? {
    let text = attribute(name) ?? child(name)?.content
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Elements of that name in XML; the items of a list elsewhere, which holds entries of that name.
  func parts(_ name: String, in list: String) -> [DocumentNode] {
    children(name) + (child(list)?.children("-").flatMap { $0.children(name) } ?? [])
  }
}
