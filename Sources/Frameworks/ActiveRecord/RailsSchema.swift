import Basics
import Facts

/// Finds the schema files and migrations of a Rails system and reads them in the order they apply.
struct RailsSchema {
  let system: SystemIndex
  let inflector: Inflector
  let engine: EngineFamily?
  let tableOfClass: (String, Int) -> String?

  /// A migration, and where it stands.
  private struct Migration {
    var file: Int
    var type: TypeID
    var root: String
    var version: String
    var isTest: Bool
  }

  /// A schema file.
  private struct Snapshot {
    var file: Int
    var root: String
    var version: String
    var isTest: Bool
  }

  /// One history for each schema file, and one for the migrations of all engines that have none.
  func histories() -> [SchemaHistory] {
    var migrations = self.migrations()
    var snapshots = self.snapshots()
    // What tests define is not the system, unless there is nothing else.
    if migrations.contains(where: { !$0.isTest }) || snapshots.contains(where: { !$0.isTest }) {
      migrations.removeAll(where: \.isTest)
      snapshots.removeAll(where: \.isTest)
    }
    var found: [SchemaHistory] = []
    var covered: Set<String> = []
    for snapshot in snapshots {
      let newer = migrations.filter {
        $0.root == snapshot.root && Self.isNewer($0.version, than: snapshot.version)
      }
      covered.insert(snapshot.root)
      found.append(history(snapshot: snapshot, migrations: newer))
    }
    let rest = migrations.filter { !covered.contains($0.root) }
    if !rest.isEmpty { found.append(history(snapshot: nil, migrations: rest)) }
    return found.filter { !$0.operations.isEmpty }
  }

  private func history(snapshot: Snapshot?, migrations: [Migration]) -> SchemaHistory {
    var operations: [PlacedOperation] = []
    var columns: [String: [String: Column]] = [:]
    if let snapshot {
      for function in system.files[snapshot.file].functions where function.name == "<main>" {
        run(function.events, file: snapshot.file, owner: nil, version: schemaVersion(function), &operations, &columns)
      }
    }
    for migration in migrations {
      let type = system.type(migration.type)
      let version = type.bases.lazy.map { TypeName($0) }.first { $0.simple == "Migration" }?.arguments.first ?? "4.2"
      let methods = system.methods(of: migration.type).map { system.symbols.function($0) }
      guard
        let function = methods.first(where: { NameWords.lastPart($0.name) == "change" })
          ?? methods.first(where: { NameWords.lastPart($0.name) == "up" })
      else { continue }
      run(
        function.events, file: migration.file, owner: migration.type, version: RailsColumnTypes.number(version),
        &operations, &columns)
    }
    return SchemaHistory(framework: "Rails", origin: .migrations, engine: engine, operations: operations)
  }

  private func run(
    _ events: [PlacedEvent], file: Int, owner: TypeID?, version: Int, _ operations: inout [PlacedOperation],
    _ columns: inout [String: [String: Column]]
  ) {
    var reader = MigrationReader(
      system: system, inflector: inflector, types: RailsColumnTypes(engine: engine ?? .postgres, version: version),
      file: file, owner: owner, columns: columns, tableOfClass: tableOfClass)
    reader.run(events)
    operations += reader.operations
    columns = reader.columns
  }

  // MARK: Finding

  /// Migrations of every engine in the order of their versions.
  private func migrations() -> [Migration] {
    var found: [Migration] = []
    for type in system.types where system.files[type.file].language == .ruby && isMigration(type) {
      let path = system.files[type.file].file
      let version = String(path.fileName.prefix { $0.isNumber })
      guard !version.isEmpty, let root = Self.root(of: path) else { continue }
      found.append(
        Migration(
          file: type.file, type: type, root: root, version: version, isTest: Self.isTest(path)))
    }
    return found.sorted {
      $0.version == $1.version
        ? ($0.file, $0.type) < ($1.file, $1.type)
        : $0.version.count == $1.version.count ? $0.version < $1.version : $0.version.count < $1.version.count
    }
  }

  private func isMigration(_ type: TypeID) -> Bool {
    system.type(type).bases.contains { base in
      let name = TypeName(base)
      guard name.simple.hasSuffix("Migration") else { return false }
      return name.head == "ActiveRecord::Migration" || system.base(of: type, named: ["ActiveRecord::Migration"]) != nil
    }
  }

  private func snapshots() -> [Snapshot] {
    system.files.enumerated().compactMap { file, facts in
      guard facts.language == .ruby, facts.file.fileName.hasSuffix("schema.rb"), let root = Self.root(of: facts.file)
      else { return nil }
      for function in facts.functions where function.name == "<main>" {
        for case .call(let call) in function.events.lazy.map(\.event) where call.callee == "define" {
          guard Self.schemaBase(call.receiver) != nil else { continue }
          var version = ""
          if case .literal(let digits)? = call.arguments.entry("version") { version = digits.replacing("_", with: "") }
          return Snapshot(file: file, root: root, version: version, isTest: Self.isTest(facts.file))
        }
      }
      return nil
    }
  }

  /// The version in `ActiveRecord::Schema[7.1]`; empty without one.
  private static func schemaBase(_ receiver: Value?) -> String? {
    switch receiver {
    case .name("ActiveRecord::Schema"): ""
    case .element(.name("ActiveRecord::Schema"), .literal(let version)): version
    case .text, .literal, .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure,
      .opaque, nil:
      nil
    }
  }

  private func schemaVersion(_ function: FunctionFact) -> Int {
    for case .call(let call) in function.events.lazy.map(\.event) where call.callee == "define" {
      guard let version = Self.schemaBase(call.receiver) else { continue }
      // Without a version keys are what Rails 5.1 and 6 make.
      return version.isEmpty ? 600 : RailsColumnTypes.number(version)
    }
    return 600
  }

  /// The folder of the application or engine: what is before `db/`, or the folder of the file.
  private static func root(of path: RepoPath) -> String? {
    let parts = path.folder.split(separator: "/", omittingEmptySubsequences: true)
    guard let place = parts.lastIndex(of: "db") else { return path.folder }
    return parts[..<place].joined(separator: "/")
  }

  private static func isTest(_ path: RepoPath) -> Bool {
    path.text.split(separator: "/").dropLast().contains { ["spec", "test", "dummy", "features"].contains($0) }
  }

  private static func isNewer(_ version: String, than other: String) -> Bool {
    version.count == other.count ? version > other : version.count > other.count
  }
}
