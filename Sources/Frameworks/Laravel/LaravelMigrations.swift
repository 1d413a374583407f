import Basics
import Facts

/// The schema that Laravel's migrations come to: the `up` methods in the order of their file names.
struct LaravelMigrations {
  private let system: SystemIndex

  init(system: SystemIndex) { self.system = system }

  /// One history for all migrations; none when there are none.
  func histories() -> [SchemaHistory] {
    let engine = engine
    let migrations = system.types.filter { type in
      system.files[type.file].language == .php && system.base(of: type, named: ["Migration"]) != nil
        && usesLaravel(type.file)
    }
    .sorted { left, right in
      let (one, other) = (system.files[left.file].file, system.files[right.file].file)
      return (one.fileName, one) < (other.fileName, other)
    }
    var operations: [PlacedOperation] = []
    for type in migrations {
      guard
        let up = system.methods(of: type).first(where: {
          NameWords.lastPart(system.symbols.function($0).name) == "up"
        })
      else { continue }
      var reader = BlueprintReader(system: system, type: type, file: up.file, engine: engine ?? .postgres)
      operations += reader.operations(of: system.symbols.function(up))
    }
    guard !operations.isEmpty else { return [] }
    return [
      SchemaHistory(
        framework: LaravelRecognizer.eloquent, origin: .migrations, engine: engine ?? .postgres, operations: operations)
    ]
  }

  private func usesLaravel(_ file: Int) -> Bool {
    system.files[file].imports.contains { $0.path.hasPrefix("Illuminate\\") || $0.path == "Schema" }
      || system.files[file].functions.contains { function in
        function.events.contains { placed in
          if case .call(let call) = placed.event { call.receiver == .name("Schema") } else { false }
        }
      }
  }

  /// The engine of the default connection in `config/database.php`.
  private var engine: EngineFamily? {
    for facts in system.files where facts.language == .php && facts.file.text.hasSuffix("config/database.php") {
      for function in facts.functions {
        for case .result(let value) in function.events.map(\.event) {
          if let text = Self.texts(value.entry("default")).last { return Self.engine(text) }
        }
      }
    }
    return nil
  }

  private static func texts(_ value: Value?) -> [String] {
    switch value {
    case .text(let text)?: [text]
    case .call(_, _, let arguments)?: arguments.flatMap { texts($0) }
    case .literal?, .name?, .type?, .field?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      []
    }
  }

  private static func engine(_ name: String) -> EngineFamily? {
    switch name {
    case "mysql", "mariadb": .mysql
    case "pgsql": .postgres
    case "sqlite": .sqlite
    default: nil
    }
  }
}
