import CMariaDB

/// A connection through the client library of MariaDB; the identity of a session.
package final class MariaDBConnection: DatabaseConnection {
  /// Freed by `deinit`.
  private let handle: UnsafeMutablePointer<MYSQL>

  /// The library is set up once, before any thread uses it.
  private static let isReady = mysql_server_init(0, nil, nil) == 0

  /// Connects; the handle is freed when that fails.
  init(_ endpoint: Endpoint) throws(DatabaseError) {
    guard Self.isReady, let handle = mysql_init(nil) else {
      throw DatabaseError(code: "", message: "no memory for a connection", isLost: true)
    }
    let database = endpoint.database.isEmpty ? nil : endpoint.database
    let flags = UInt(CLIENT_MULTI_STATEMENTS)
    // Without a password the library would look for one in the environment, which is that of another server.
    guard mysql_real_connect(handle, nil, endpoint.login, "", database, 0, endpoint.socket, flags) != nil else {
      let message = String(cString: mysql_error(handle))
      mysql_close(handle)
      throw DatabaseError(code: "", message: message, isLost: true)
    }
    self.handle = handle
    try run("SET NAMES utf8mb4; SET time_zone = '+00:00'; SET sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')")
  }

  /// Connects to a live database; the handle is freed when that fails.
  init(_ address: SourceAddress) throws(DatabaseError) {
    guard Self.isReady, let handle = mysql_init(nil) else {
      throw DatabaseError(code: "", message: "no memory for a connection", isLost: true)
    }
    Self.protect(handle, address)
    let user = address.user.isEmpty ? nil : address.user
    let (host, socket) = address.socket.isEmpty ? (address.host, nil) : (nil, address.socket)
    guard
      mysql_real_connect(
        handle, host, user, address.secret?.text ?? "", address.database, UInt32(address.port ?? 0), socket,
        UInt(CLIENT_MULTI_STATEMENTS)) != nil
    else {
      let message = String(cString: mysql_error(handle))
      mysql_close(handle)
      throw DatabaseError(code: "", message: message, isLost: true)
    }
    // The library goes on in plain text when the server knows no encryption and no certificate is to be checked.
    if address.mustBeEncrypted, mysql_get_ssl_cipher(handle) == nil {
      mysql_close(handle)
      throw DatabaseError(code: "", message: "the server does not encrypt, which sslmode asks for", isLost: true)
    }
    self.handle = handle
    try run("SET NAMES utf8mb4")
  }

  /// Options of a connection to a server that is not ours; it may ask for no file of this machine.
  private static func protect(_ handle: UnsafeMutablePointer<MYSQL>, _ address: SourceAddress) {
    var seconds = UInt32(SourceSession.connectSeconds)
    mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &seconds)
    var files: UInt32 = 0
    mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &files)
    if address.isNetwork {
      var network = MYSQL_PROTOCOL_TCP.rawValue
      mysql_options(handle, MYSQL_OPT_PROTOCOL, &network)
    }
    if let file = address.certificates["sslrootcert"] { mysql_options(handle, MYSQL_OPT_SSL_CA, file) }
    var isOn = CChar(address.mustBeEncrypted ? 1 : 0)
    var isChecked = CChar(address.protection == .verifyCA || address.protection == .verifyFull ? 1 : 0)
    mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &isOn)
    mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &isChecked)
  }

  deinit { mysql_close(handle) }

  @discardableResult package func run(_ sql: String) throws(DatabaseError) -> QueryResult {
    guard mysql_real_query(handle, sql, UInt(sql.utf8.count)) == 0 else { throw failure() }
    var result = QueryResult()
    while true {
      if let stored = mysql_store_result(handle) {
        result.rows += Self.rows(of: stored)
        mysql_free_result(stored)
      } else if mysql_field_count(handle) == 0 {
        result.affected += Int(mysql_affected_rows(handle))
      } else {
        throw failure()
      }
      let next = mysql_next_result(handle)
      if next < 0 { return result }
      if next > 0 { throw failure() }
    }
  }

  private func failure() -> DatabaseError {
    let number = mysql_errno(handle)
    // 2006 and 2013: the server has gone away; 1053 and 1927: it is going, or ended the connection.
    return DatabaseError(
      code: String(number), message: String(cString: mysql_error(handle)),
      isLost: number >= 2000 || [1053, 1927, 1317].contains(number))
  }

  private static func rows(of stored: UnsafeMutablePointer<MYSQL_RES>) -> [[String?]] {
    let columns = Int(mysql_num_fields(stored))
    var rows: [[String?]] = []
    while let row = mysql_fetch_row(stored) {
      let lengths = mysql_fetch_lengths(stored)
      rows.append(
        (0..<columns).map { column in
          guard let value = row[column] else { return nil }
          let length = lengths.map { Int($0[column]) } ?? 0
          return value.withMemoryRebound(to: UInt8.self, capacity: length) {
            String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
          }
        })
    }
    return rows
  }
}
