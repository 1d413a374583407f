import Basics
import Facts

/// Reads the migrations of Knex, and those of db-migrate and node-pg-migrate that are SQL in code, in the order of
/// their files.
struct KnexMigrationReader {
  let system: SystemIndex

  /// The functions that apply changes: `up` in a file that works on a schema builder.
  var migrations: [FunctionID] {
    system.files.enumerated().flatMap { file, facts -> [FunctionID] in
      guard facts.language == .javascript || facts.language == .typescript else { return [] }
      return facts.functions.enumerated().compactMap { index, function in
        guard NameWords.lastPart(function.name) == "up",
          function.parameters.first == "knex" || function.parameterTypes.first.map({ TypeName($0).simple }) == "Knex"
            || function.events.contains(where: Self.isOnSchema)
        else { return nil }
        return FunctionID(file: file, index: index)
      }
    }.sorted { system.files[$0.file].file.fileName < system.files[$1.file].file.fileName }
  }

  private static func isOnSchema(_ placed: PlacedEvent) -> Bool {
    guard case .call(let call) = placed.event, case .name(let receiver)? = call.receiver else { return false }
    if call.callee == "runSql" || receiver.hasSuffix(".runSql") || receiver == "pgm" { return true }
    if call.callee == "bind", receiver.hasSuffix(".createTable") || receiver.hasSuffix(".addColumn") { return true }
    if case .list? = call.arguments.dropFirst().first, receiver == "db", call.callee == "createTable" { return true }
    return receiver.hasSuffix(".schema") && builders.contains(call.callee)
  }

  private static let builders: Set<String> = [
    "createTable", "createTableIfNotExists", "alterTable", "table", "dropTable", "dropTableIfExists", "renameTable",
  ]

  /// What all migrations do; nil when there are none.
  func history() -> SchemaHistory? {
    let found = migrations
    guard !found.isEmpty else { return nil }
    let engine =
      system.scriptEngine(keys: ["client", "dialect"], packages: KnexRecognizer.packages) ?? .postgres
    let operations = found.flatMap { id -> [PlacedOperation] in
      var reader = KnexSchemaBuilder(file: system.files[id.file].file, engine: engine)
      return reader.read(system.files[id.file].functions[id.index].events)
    }
    return SchemaHistory(framework: "Knex", origin: .migrations, engine: engine, operations: operations)
  }
}
