/// What the login of a reader of the binary log needs, by tool.
///
/// A right on replication lets a login read every change of the server: it cannot be limited to tables. Rights on data
/// can, and are, as far as the tool works with less.
struct BinlogLogin {
  let site: CaptureSite

  private var text: SQLText { site.text }

  /// Rights on the server.
  var rights: String {
    switch site.tool {
    case .debezium: "RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES"
    case .canal, .spinaltap: "REPLICATION SLAVE, REPLICATION CLIENT"
    // It follows the statements of all databases: one it cannot see stops it, or is skipped with ignore_missing_schema.
    case .maxwell: "SELECT, REPLICATION SLAVE, REPLICATION CLIENT"
    }
  }

  /// Rights on tables and databases.
  var objects: [(rights: String, object: String)] {
    let data = site.tables.map(\.place)
    switch site.tool {
    case .debezium:
      return data.map { ("SELECT", text.table($0)) } + [
        ("SELECT, INSERT, DELETE", text.table(site.signal)), ("SELECT, INSERT, UPDATE", text.table(site.heartbeat)),
      ]
    case .canal: return data.map { ("SELECT", text.table($0)) }
    case .maxwell: return ownDatabase.map { [("ALL PRIVILEGES", pattern($0))] } ?? []
    case .spinaltap:
      return data.map { ("SELECT, SHOW VIEW", text.table($0)) }
        + (ownDatabase.map { [("ALL PRIVILEGES", pattern($0))] } ?? [])
    }
  }

  /// A database in a grant, where `_` and `%` stand for other characters unless escaped.
  private func pattern(_ database: String) -> String {
    let escaped = database.replacing("\\", with: "\\\\").replacing("_", with: "\\_").replacing("%", with: "\\%")
    return "\(text.name(escaped)).*"
  }

  /// The database the tool keeps its state in, on the server whose log it reads.
  var ownDatabase: String? {
    switch site.tool {
    case .debezium, .canal: nil
    case .maxwell: "cleave_\(site.names.slug)_maxwell\(site.isForward ? "" : "_back")"
    case .spinaltap: "cleave_\(site.names.slug)_spinaltap\(site.isForward ? "" : "_back")"
    }
  }

  /// Makes the tool's database.
  var prelude: [String] { ownDatabase.map { ["CREATE DATABASE \(text.name($0));"] } ?? [] }

  /// The inverse of `prelude`.
  var removal: [String] { ownDatabase.map { ["DROP DATABASE \(text.name($0));"] } ?? [] }
}
