/// Rows and counts of what was run.
package struct QueryResult: Sendable {
  /// Rows of all statements that gave rows, in order; values as the database prints them.
  package var rows: [[String?]] = []
  /// Rows changed by all statements together.
  package var affected = 0

  /// The first value of the first row.
  package var value: String? { rows.first?.first ?? nil }
}

/// What a database refused, or that it went away.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// SQLSTATE on PostgreSQL, the error number on MariaDB; empty when there is none.
  package let code: String
  /// What the database said.
  package let message: String
  /// Whether the connection is gone and everything not committed with it.
  package let isLost: Bool

  /// Whether the same transaction may succeed when run again: deadlocks, serialization, lock waits.
  package var isRetryable: Bool { ["40001", "40P01", "55P03", "55006", "1213", "1205", "1412"].contains(code) }

  package var description: String { code.isEmpty ? message : "\(message) (\(code))" }
}

/// Where a database is and who asks.
package struct Endpoint: Hashable, Sendable, Codable {
  /// What speaks there.
  package enum Kind: String, Hashable, Sendable, Codable { case postgres, mariadb }

  /// What speaks there.
  package var kind: Kind
  /// Folder of the socket on PostgreSQL, the socket itself on MariaDB.
  package var socket: String
  /// Port, which is part of the socket's name on PostgreSQL.
  package var port: Int
  /// The database.
  package var database: String
  /// The login.
  package var login: String

  /// A place with all its parts.
  package init(kind: Kind, socket: String, port: Int, database: String, login: String) {
    self.kind = kind
    self.socket = socket
    self.port = port
    self.database = database
    self.login = login
  }

  /// Opens a connection.
  package func connect() throws(DatabaseError) -> any DatabaseConnection {
    switch kind {
    case .postgres: try PostgresConnection(self)
    case .mariadb: try MariaDBConnection(self)
    }
  }

  /// The same server for another login.
  package func login(_ name: String) -> Endpoint {
    var copy = self
    copy.login = name
    return copy
  }
}

/// A connection to a database; one thread at a time.
package protocol DatabaseConnection: AnyObject {
  /// Runs one statement or several.
  @discardableResult func run(_ sql: String) throws(DatabaseError) -> QueryResult
}
