import Basics
import Facts

/// The migrations of a project in the order they are applied.
struct DjangoMigrations {
  /// One migration.
  struct Migration {
    var app: String
    var name: String
    var file: Int
    var type: TypeFact
    var dependencies: [Node]
    var replaces: [Node]
  }

  /// A migration by its app and name.
  struct Node: Hashable, Comparable {
    var app: String
    var name: String

    static func < (left: Node, right: Node) -> Bool { (left.app, left.name) < (right.app, right.name) }
  }

  private let index: SystemIndex
  private let project: DjangoProject
  private var migrations: [Node: Migration] = [:]

  init(_ index: SystemIndex, project: DjangoProject) {
    self.index = index
    self.project = project
    for (file, facts) in index.files.enumerated() where facts.language == .python {
      let folder = RepoPath(facts.file.folder)
      guard folder.fileName == "migrations", let app = project.app(of: RepoPath(folder.folder + "/x")),
        app.folder == folder.folder, project.isInstalled(app),
        let type = facts.types.first(where: { $0.name == "Migration" })
      else { continue }
      let name = String(facts.file.fileName.prefix { $0 != "." })
      let migration = Migration(
        app: app.label, name: name, file: file, type: type,
        dependencies: nodes(type, "dependencies", file: file, app: app.label),
        replaces: nodes(type, "replaces", file: file, app: app.label))
      migrations[Node(app: app.label, name: name)] = migration
      for later in nodes(type, "run_before", file: file, app: app.label) {
        before[later, default: []].append(Node(app: app.label, name: name))
      }
    }
    replace()
  }

  /// Migrations that ask to run before another one.
  private var before: [Node: [Node]] = [:]
  /// What stands for a migration that was squashed with others.
  private var stands: [Node: Node] = [:]

  private func nodes(_ type: TypeFact, _ field: String, file: Int, app: String) -> [Node] {
    guard let value = type.fields.first(where: { $0.name == field })?.value else { return [] }
    return DjangoValues.items(value, file: file, index: index).compactMap { item in
      switch item {
      case .list(let parts) where parts.count == 2:
        guard let first = parts[0].literalText, let second = parts[1].literalText else { return nil }
        return Node(app: first, name: second)
      case .call("swappable_dependency", _, let arguments):
        let model = arguments.first.flatMap { value -> String? in
          if case .text(let text) = value { text } else { project.userModel }
        }
        guard let model, let dot = model.firstIndex(of: ".") else { return nil }
        return Node(app: String(model[..<dot]), name: "__first__")
      case .text, .literal, .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation,
        .closure, .opaque:
        return nil
      }
    }
  }

  /// A squashed migration takes the place of those it replaces.
  private mutating func replace() {
    for node in migrations.keys.sorted() {
      guard let migration = migrations[node], !migration.replaces.isEmpty else { continue }
      for old in migration.replaces where old != node {
        stands[old] = node
        migrations[old] = nil
      }
    }
  }

  private func current(_ node: Node) -> Node {
    var node = node
    for _ in 0..<20 {
      guard let next = stands[node] else { break }
      node = next
    }
    return node
  }

  private var byApp: [String: [Node]] { Dictionary(grouping: migrations.keys.sorted(), by: \.app) }

  var isEmpty: Bool { migrations.isEmpty }
  /// The apps that have migrations.
  var apps: Set<String> { Set(migrations.values.map(\.app)) }

  /// Every migration, each behind those it depends on.
  func ordered() -> [Migration] {
    let byApp = byApp
    var result: [Migration] = []
    var done: Set<Node> = []
    var open: Set<Node> = []
    for start in migrations.keys.sorted() {
      var stack: [(node: Node, isLeaving: Bool)] = [(start, false)]
      while let (node, isLeaving) = stack.popLast() {
        guard let migration = migrations[node] else { continue }
        if isLeaving {
          open.remove(node)
          if done.insert(node).inserted { result.append(migration) }
          continue
        }
        // A circle of dependencies, which Django refuses, is cut where it closes.
        guard !done.contains(node), open.insert(node).inserted else { continue }
        stack.append((node, true))
        for parent in parents(of: migration, node, byApp).reversed() { stack.append((parent, false)) }
      }
    }
    return result
  }

  private func parents(of migration: Migration, _ node: Node, _ byApp: [String: [Node]]) -> [Node] {
    var found: Set<Node> = []
    for wanted in migration.dependencies + (before[node] ?? []) {
      switch wanted.name {
      case "__first__":
        // The first one is the one that depends on none of its own app.
        let own = byApp[wanted.app] ?? []
        let first = own.filter { candidate in
          !(migrations[candidate]?.dependencies.contains { $0.app == wanted.app } ?? false)
        }
        found.formUnion(wanted.app == migration.app ? [] : first)
      case "__latest__": found.formUnion(byApp[wanted.app]?.last.map { [$0] } ?? [])
      default: found.insert(current(wanted))
      }
    }
    found.remove(node)
    return found.sorted()
  }
}

/// Values of settings and migrations, taken apart.
enum DjangoValues {
  /// The items of a list that may be put together from several, or be a constant.
  static func items(_ value: Value, file: Int, index: SystemIndex, depth: Int = 0) -> [Value] {
    guard depth < 6 else { return [] }
    switch value {
    case .list(let items): return items
    case .join(let parts), .operation("+", let parts), .operation("*", let parts):
      return parts.flatMap { self.items($0, file: file, index: index, depth: depth + 1) }
    case .name(let name):
      let plain = NameWords.lastPart(name)
      let own = index.files[file].constants.last { $0.name == name || NameWords.lastPart($0.name) == plain }
      return own.map { items($0.value, file: file, index: index, depth: depth + 1) } ?? []
    case .text, .literal, .type, .field, .call, .member, .either, .element, .operation, .closure, .opaque: return []
    }
  }

  /// The text a value stands for, when it is a literal, a constant of the file, or texts put together.
  static func text(_ value: Value, file: Int, index: SystemIndex, depth: Int = 0) -> String? {
    guard depth < 6 else { return nil }
    switch value {
    case .text(let text): return text
    case .name(let name):
      let own = index.files[file].constants.last { $0.name == name }
      return own.flatMap { text($0.value, file: file, index: index, depth: depth + 1) }
    case .join(let parts):
      let texts = parts.compactMap { text($0, file: file, index: index, depth: depth + 1) }
      return texts.count == parts.count ? texts.joined() : nil
    case .call("dedent", _, let arguments), .call("text", _, let arguments), .call("SQL", _, let arguments):
      return arguments.first.flatMap { text($0, file: file, index: index, depth: depth + 1) }
    case .literal, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: return nil
    }
  }
}
