/// Makes the old database of a trial.
struct OldSchema {
  let machine: RehearsalMachine
  /// Name of the database.
  let database: String
  /// Files that make it, in order; empty when there are none.
  let files: [String]
  /// DDL from the catalog, for what has no files or files that do not load as they are.
  let catalog: String

  /// Loads the files, or else what the catalog says; in words, which of the two.
  ///
  /// - Parameter say: told why the files were not used.
  func load(say: (String) -> Void) throws(MachineError) -> String {
    if files.isEmpty { return try loadCatalog() }
    do {
      for path in files { _ = try machine.source.runScript(path, database: database) }
      return "the schema files"
    } catch {
      say("the schema files do not load (\(error)): the schema is made from the catalog")
      try startOver()
      return try loadCatalog()
    }
  }

  /// An empty database again.
  func startOver() throws(MachineError) {
    let kind = machine.source.kind
    let name = Wording(kind: kind).name(database)
    do {
      let connection = try machine.source.endpoint(database: kind == .postgres ? "postgres" : "").connect()
      try connection.run("DROP DATABASE \(name)")
      try connection.run("CREATE DATABASE \(name)")
    } catch {
      throw MachineError(description: "\(error)")
    }
  }

  private func loadCatalog() throws(MachineError) -> String {
    let path = "\(machine.folder)/catalog.sql"
    try TextFile.write(catalog, to: path)
    _ = try machine.source.runScript(path, database: database)
    return "the catalog"
  }
}
