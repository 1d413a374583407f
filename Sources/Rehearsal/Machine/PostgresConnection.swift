import CPostgres
import Glibc

/// A connection through libpq; the identity of a session.
package final class PostgresConnection: DatabaseConnection {
  /// Freed by `deinit`.
  private let handle: OpaquePointer

  /// Connects; the handle is freed when that fails.
  convenience init(_ endpoint: Endpoint) throws(DatabaseError) {
    try self.init(endpoint, settings: [])
    try run(
      "SET client_min_messages = warning; SET DateStyle = 'ISO'; SET TimeZone = 'UTC'; SET extra_float_digits = 3")
  }

  /// Connects to read the log.
  convenience init(replicating endpoint: Endpoint) throws(DatabaseError) {
    try self.init(
      endpoint,
      settings: [("replication", "database"), ("options", "-c extra_float_digits=3 -c TimeZone=UTC -c DateStyle=ISO")])
  }

  private init(_ endpoint: Endpoint, settings more: [(String, String)]) throws(DatabaseError) {
    let settings =
      [
        ("host", endpoint.socket), ("port", String(endpoint.port)), ("dbname", endpoint.database),
        ("user", endpoint.login), ("connect_timeout", "5"), ("client_encoding", "UTF8"),
      ] + more
    let text = settings.map { "\($0.0)='\(Self.escaped($0.1))'" }.joined(separator: " ")
    guard let handle = PQconnectdb(text) else {
      throw DatabaseError(code: "", message: "no memory for a connection", isLost: true)
    }
    if PQstatus(handle) != CONNECTION_OK {
      let message = Self.text(PQerrorMessage(handle))
      PQfinish(handle)
      throw DatabaseError(code: "", message: message, isLost: true)
    }
    self.handle = handle
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

  // MARK: The stream of a slot

  /// Begins to read a slot through a publication; the connection serves nothing else from here on.
  func startReplication(slot: String, publication: String) throws(DatabaseError) {
    let words = Wording(kind: .postgres)
    let options = "proto_version '1', publication_names \(words.literal(words.name(publication)))"
    let result = PQexec(handle, "START_REPLICATION SLOT \(words.name(slot)) LOGICAL 0/0 (\(options))")
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COPY_BOTH else {
      let code = PQresultErrorField(result, 67).map { String(cString: $0) } ?? ""
      throw DatabaseError(
        code: code, message: Self.text(PQresultErrorMessage(result)), isLost: PQstatus(handle) != CONNECTION_OK)
    }
  }

  /// The next message of the stream; nil when none comes within `milliseconds`.
  func copyMessage(waiting milliseconds: Int32) throws(DatabaseError) -> [UInt8]? {
    var buffer: UnsafeMutablePointer<CChar>?
    var hasWaited = false
    while true {
      let length = PQgetCopyData(handle, &buffer, 1)
      if length > 0, let buffer {
        defer { PQfreemem(buffer) }
        return [UInt8](UnsafeRawBufferPointer(start: buffer, count: Int(length)))
      }
      guard length == 0 else { throw lost() }
      if hasWaited { return nil }
      var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
      if poll(&socket, 1, milliseconds) > 0 {
        guard PQconsumeInput(handle) == 1 else { throw lost() }
      } else {
        hasWaited = true
      }
    }
  }

  /// Sends a message into the stream.
  func sendCopy(_ bytes: [UInt8]) throws(DatabaseError) {
    let sent = bytes.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { PQputCopyData(handle, $0.baseAddress, Int32($0.count)) }
    }
    guard sent == 1, PQflush(handle) == 0 else { throw lost() }
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

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
  }
}
