/// A session on a live database that can only read.
struct SourceSession {
  let address: SourceAddress
  private let connection: any DatabaseConnection

  /// Seconds a lock is waited for: nobody behind us in its queue should notice.
  static let lockSeconds = 2
  /// Seconds one statement may take.
  private static let statementSeconds = 60
  /// Seconds a server gets to answer.
  static let connectSeconds = 10
  /// The name administrators see.
  static let application = "cleave"

  /// What makes every session of a server that reads these settings unable to write.
  static let postgresOptions =
    "-c default_transaction_read_only=on -c statement_timeout=\(statementSeconds)s -c lock_timeout=\(lockSeconds)s "
    + "-c search_path=pg_catalog"

  /// Connects; nothing is held open between two readings.
  init(_ address: SourceAddress) throws(MachineError) {
    self.address = address
    do {
      switch address.kind {
      case .postgres:
        connection = try PostgresConnection(settings: address.libpqSettings)
      case .mariadb:
        connection = try MariaDBConnection(address)
        // MySQL has no such setting, and takes for a comment what only MariaDB reads.
        try connection.run(
          """
          SET SESSION TRANSACTION READ ONLY;
          SET SESSION lock_wait_timeout = \(Self.lockSeconds) /*M!, max_statement_time = \(Self.statementSeconds) */
          """)
      }
    } catch {
      throw Self.failure(error, address)
    }
    if address.kind == .postgres, try value("SHOW default_transaction_read_only") != "on" {
      throw MachineError(description: "\(address.text) does not keep a session read-only: nothing was read")
    }
  }

  /// Everything `body` reads is as of one moment.
  func reading<Value>(_ body: () throws(MachineError) -> Value) throws(MachineError) -> Value {
    _ = try rows(
      address.kind == .postgres ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "START TRANSACTION READ ONLY")
    let value = try body()
    _ = try rows("COMMIT")
    return value
  }

  /// Rows of a query over catalogs.
  func rows(_ sql: String) throws(MachineError) -> [[String?]] {
    do {
      return try connection.run(sql).rows
    } catch {
      throw Self.failure(error, address)
    }
  }

  /// The first value of a query over catalogs.
  func value(_ sql: String) throws(MachineError) -> String? { try rows(sql).first?.first ?? nil }

  /// The server in words, such as `PostgreSQL 15.4`.
  func version() throws(MachineError) -> String {
    let number = try value(address.kind == .postgres ? "SHOW server_version" : "SELECT version()") ?? ""
    let name = address.kind == .postgres ? "PostgreSQL" : number.contains("MariaDB") ? "MariaDB" : "MySQL"
    return "\(name) \(number.split(whereSeparator: { $0 == " " || $0 == "-" }).first ?? "")"
  }

  private static func failure(_ error: DatabaseError, _ address: SourceAddress) -> MachineError {
    let words = address.withoutSecret("\(error)")
    // Poolers refuse settings at the start of a session.
    let advice = words.contains("startup parameter") ? ": name the server itself, not the pooler before it" : ""
    return MachineError(description: "the live database \(address.text): \(words)\(advice)")
  }
}

extension SourceAddress {
  /// Settings of a session of our own.
  var libpqSettings: [(String, String)] {
    places + [
      ("options", SourceSession.postgresOptions), ("application_name", SourceSession.application),
      ("connect_timeout", String(SourceSession.connectSeconds)), ("client_encoding", "UTF8"),
    ] + (secret.map { [("password", $0.text)] } ?? [])
  }

  /// What a command line may say: everything but the password.
  var libpqText: String { PostgresConnection.text(of: places) }

  private var places: [(String, String)] {
    var settings = [("host", socket.isEmpty ? host : socket), ("dbname", database)]
    if let port { settings.append(("port", String(port))) }
    if !user.isEmpty { settings.append(("user", user)) }
    if let protection { settings.append(("sslmode", protection.rawValue)) }
    return settings + certificates.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Whether a connection in plain text is refused.
  var mustBeEncrypted: Bool {
    switch protection {
    case .require, .verifyCA, .verifyFull: true
    case .disable, .allow, .prefer, nil: false
    }
  }

  /// Whether TCP is meant: `localhost` means a socket to the client library of MariaDB unless told otherwise.
  var isNetwork: Bool { socket.isEmpty && (host != "localhost" || port != nil) }

  /// What a child that reads the live database finds around it.
  var childEnvironment: [String] {
    switch kind {
    case .postgres:
      passwordFile + (secret.map { ["PGPASSWORD=\($0.text)"] } ?? []) + [
        "PGOPTIONS=\(SourceSession.postgresOptions)", "PGAPPNAME=\(SourceSession.application)",
        "PGCONNECT_TIMEOUT=\(SourceSession.connectSeconds)",
      ]
    case .mariadb: secret.map { ["MYSQL_PWD=\($0.text)"] } ?? []
    }
  }
}
