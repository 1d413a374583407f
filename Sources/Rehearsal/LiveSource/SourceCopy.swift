import Basics
import Facts
import Foundation
import Migration
import SQL

/// The structure of a live database, taken while only reading.
struct SourceCopy: Sendable {
  /// What makes the structure again.
  enum Form: Sendable {
    /// An archive of `pg_dump` and the list of what to restore from it.
    case archive(path: String, list: String)
    /// Statements in order.
    case statements([String])
    /// A script for the client of MariaDB.
    case script(path: String)
  }

  /// What reads the structure.
  enum Method: String, Sendable {
    case pgDump = "pg_dump"
    case catalogs
    case mariadbDump = "mariadb-dump"
  }

  let form: Form
  /// The structure as DDL.
  let text: String
  let method: Method
  /// What was left out or could not be read.
  var notes: [String] = []

  /// Copies the structure; `folder` is where files go, which nobody else can read.
  static func take(_ session: SourceSession, folder: String) throws(MachineError) -> SourceCopy {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw MachineError(description: "\(folder) cannot be made: \(error.localizedDescription)")
    }
    switch session.address.kind {
    case .postgres:
      do {
        return try PostgresDump(address: session.address, folder: folder).take()
      } catch {
        var copy = try CatalogDDL(session: session).take()
        copy.notes.append("pg_dump did not do it (\(error)): the structure was read from the catalogs")
        return copy
      }
    case .mariadb: return try MariaDBDump(address: session.address, folder: folder).take()
    }
  }

  /// The structure as the reader of schema files understands it, with names as such files have them.
  func catalog(_ kind: Endpoint.Kind) -> Catalog {
    var reader = SchemaReader(engine: kind == .postgres ? .postgres : .mysql)
    reader.read(text, file: RepoPath("live/schema.sql"))
    var catalog = reader.catalog()
    guard kind == .postgres else { return catalog }
    catalog.tables = catalog.tables.map { table in
      var table = table
      table.name = SourceNames.name(table.name.text)
      table.foreignKeys = table.foreignKeys.map { key in
        var key = key
        key.target = SourceNames.name(key.target.text)
        return key
      }
      return table
    }
    catalog.programs = catalog.programs.map { program in
      var program = program
      program.table = program.table.map { SourceNames.name($0.text) }
      return program
    }
    return Catalog(tables: catalog.tables, programs: catalog.programs, engine: catalog.engine)
  }
}
