import CPostgres

/// A connection through libpq; the identity of a session.
package final class PostgresConnection: DatabaseConnection {
  /// Freed by `deinit`.
  private let handle: OpaquePointer

  /// Connects to a scratch server.
  convenience init(_ endpoint: Endpoint) throws(DatabaseError) {
    try self.init(settings: [
      ("host", endpoint.socket), ("port", String(endpoint.port)), ("dbname", endpoint.database),
      ("user", endpoint.login), ("connect_timeout", "5"), ("client_encoding", "UTF8"),
    ])
  }

  /// Connects with settings of libpq; the handle is freed when that fails.
  init(settings: [(String, String)]) throws(DatabaseError) {
    let text = Self.text(of: settings)
    guard let handle = PQconnectdb(text) else {
      throw DatabaseError(code: "", message: "no memory for a connection", isLost: true)
    }
    if PQstatus(handle) != CONNECTION_OK {
      let message = Self.text(PQerrorMessage(handle))
      PQfinish(handle)
      throw DatabaseError(code: "", message: message, isLost: true)
    }
    self.handle = handle
    try run(
      "SET client_min_messages = warning; SET DateStyle = 'ISO'; SET TimeZone = 'UTC'; SET extra_float_digits = 3")
  }

  deinit { PQfinish(handle) }

  @discardableResult package func run(_ sql: String) throws(DatabaseError) -> QueryResult {
    guard PQsendQuery(handle, sql) == 1 else { throw lost() }
    var result = QueryResult()
    var failure: DatabaseError?
    while let answer = PQgetResult(handle) {
      defer { PQclear(answer) }
      switch PQresultStatus(answer) {
      case PGRES_TUPLES_OK: result.rows += Self.rows(of: answer)
      case PGRES_COMMAND_OK: result.affected += Int(Self.text(PQcmdTuples(answer))) ?? 0
      case PGRES_EMPTY_QUERY: break
      default:
        let code = PQresultErrorField(answer, 67).map { String(cString: $0) } ?? ""
        let isLost = PQstatus(handle) != CONNECTION_OK || code.hasPrefix("57P0")
        failure = failure ?? DatabaseError(code: code, message: Self.text(PQresultErrorMessage(answer)), isLost: isLost)
        if isLost { break }
      }
    }
    if let failure { throw failure }
    if PQstatus(handle) != CONNECTION_OK { throw lost() }
    return result
  }

  private func lost() -> DatabaseError {
    DatabaseError(code: "", message: Self.text(PQerrorMessage(handle)), isLost: PQstatus(handle) != CONNECTION_OK)
  }

  private static func rows(of answer: OpaquePointer) -> [[String?]] {
    let columns = PQnfields(answer)
    return (0..<PQntuples(answer)).map { row in
      (0..<columns).map { column in
        PQgetisnull(answer, row, column) == 1 ? nil : PQgetvalue(answer, row, column).map { String(cString: $0) }
      }
    }
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    guard let pointer else { return "" }
    var text = String(cString: pointer)
    while let last = text.last, last.isNewline { text.removeLast() }
    return text
  }

  private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String { text(UnsafePointer(pointer)) }

  /// Settings in one text, as libpq reads them.
  static func text(of settings: [(String, String)]) -> String {
    settings.map { "\($0.0)='\(escaped($0.1))'" }.joined(separator: " ")
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }
}
