/// Where a live database is, as its URL says; what the URL keeps secret is printed by nothing.
package struct SourceAddress: Hashable, Sendable {
  /// How the connection is protected, in the words of libpq.
  enum Protection: String, Hashable, Sendable, CaseIterable {
    case disable, allow, prefer, require
    case verifyCA = "verify-ca"
    case verifyFull = "verify-full"
  }

  /// What speaks there.
  package let kind: Endpoint.Kind
  /// Name or address of the machine; empty for a socket.
  package let host: String
  /// Port, when given.
  package let port: Int?
  /// Folder of the socket on PostgreSQL, the socket itself on MariaDB and MySQL; empty for a machine.
  package let socket: String
  /// The login; empty for that of the operating system.
  package let user: String
  /// The database.
  package let database: String
  let secret: SourceSecret?
  let protection: Protection?
  /// Files for a protected connection, by the names libpq has for them.
  let certificates: [String: String]
  /// Settings of the caller that lead libpq to its password file.
  let passwordFile: [String]
  /// Whether the password stood in an argument, where other users of the machine see it.
  package let isPasswordExposed: Bool

  /// Parameters of a URL that are taken; any other could change what a session does.
  private static let names: [Endpoint.Kind: Set<String>] = [
    .postgres: ["host", "port", "user", "sslmode", "sslrootcert", "sslcert", "sslkey"],
    .mariadb: ["socket", "sslmode", "sslrootcert"],
  ]

  /// Reads a URL, or `env:NAME` for a variable of `environment` that holds one.
  ///
  /// The words of an error never repeat what was given.
  package init(_ given: String, environment: [String: String]) throws(SourceAddressError) {
    var text = given
    if given.hasPrefix("env:") {
      guard let held = environment[String(given.dropFirst(4))], !held.isEmpty else { throw .noVariable }
      text = held
    }
    let parts = try SourceURL(text)
    kind = parts.kind
    for name in parts.parameters.keys.sorted() where Self.names[kind]?.contains(name) != true {
      throw .parameter(name, allowed: Self.names[kind]?.sorted() ?? [])
    }
    let place = parts.parameters[kind == .postgres ? "host" : "socket"] ?? ""
    if !place.isEmpty, !parts.host.isEmpty { throw .twoPlaces }
    let machine = parts.host.isEmpty ? place : parts.host
    let isSocket = machine.hasPrefix("/")
    if kind == .mariadb, !place.isEmpty, !isSocket { throw .host }
    guard isSocket || Self.isMachine(machine) else { throw machine.isEmpty ? .noHost : .host }
    (host, socket) = isSocket ? ("", machine) : (machine, "")
    port = try Self.port(parts.port ?? parts.parameters["port"])
    user = parts.user ?? parts.parameters["user"] ?? ""
    guard !parts.database.isEmpty else { throw .noDatabase }
    database = parts.database
    let variable = environment[kind == .postgres ? "PGPASSWORD" : "MYSQL_PWD"]
    secret = (parts.password ?? variable).flatMap { $0.isEmpty ? nil : SourceSecret($0) }
    isPasswordExposed = parts.password?.isEmpty == false && text == given
    if let mode = parts.parameters["sslmode"] {
      guard let known = Protection(rawValue: mode) else { throw .protection }
      protection = known
    } else {
      protection = nil
    }
    certificates = parts.parameters.filter { ["sslrootcert", "sslcert", "sslkey"].contains($0.key) }
    passwordFile = ["HOME", "PGPASSFILE"].compactMap { name in environment[name].map { "\(name)=\($0)" } }
  }

  private static func port(_ text: String?) throws(SourceAddressError) -> Int? {
    guard let text else { return nil }
    guard text.utf8.count <= 5, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text),
      (1...65_535).contains(number)
    else { throw .port }
    return number
  }

  /// One name or address: no list, no option, nothing a resolver would not take.
  private static func isMachine(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "-") else { return false }
    return text.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-._:%".utf8.contains($0)
    }
  }

  /// The address for people: without login and password.
  package var text: String {
    let scheme = kind == .postgres ? "postgres" : "mysql"
    let place = socket.isEmpty ? (host.contains(":") ? "[\(host)]" : host) : socket
    return "\(scheme)://\(place)\(port.map { ":\($0)" } ?? "")/\(database)"
  }

  /// What to say when a password came by an argument; nil when none did.
  package var warning: String? {
    guard isPasswordExposed else { return nil }
    let better = kind == .postgres ? "PGPASSWORD or ~/.pgpass" : "MYSQL_PWD"
    return "other users of this machine can read the arguments of a program, and with them the password: "
      + "use \(better), or --source env:NAME"
  }

  /// What a program printed, without the password should it ever be in there.
  func withoutSecret(_ text: String) -> String {
    // Passwords of one or two letters stand in every text; what is left out would show them.
    guard let secret, secret.text.count > 2 else { return text }
    return text.replacing(secret.text, with: "…")
  }
}

/// A password: shown by no interpolation, dump or mirror.
struct SourceSecret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// For the two places that need it: a session, and the environment of a child.
  let text: String

  init(_ text: String) { self.text = text }

  var description: String { "…" }
  var debugDescription: String { "…" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why an address cannot be used; never with what was given, which may hold a password in the wrong place.
package enum SourceAddressError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  case noVariable, scheme, signs, encoding, bareSign, host, noHost, twoPlaces, port, noDatabase, protection, repeated
  /// A parameter that is not taken, and those that are.
  case parameter(String, allowed: [String])

  package var description: String {
    switch self {
    case .noVariable: "the environment variable behind env: is not set"
    case .scheme: "the address has to begin with postgres://, postgresql://, mysql:// or mariadb://"
    case .signs: "the address holds control characters"
    case .encoding: "the address has a % that two hexadecimal digits do not follow"
    case .bareSign: "login and password have to be percent-encoded: @ as %40, / as %2F, : as %3A, ? as %3F, # as %23"
    case .host: "the host of the address is not one name, address or path"
    case .noHost: "the address names no host: give one, or ?host=/folder (PostgreSQL), ?socket=/file (MariaDB, MySQL)"
    case .twoPlaces: "the address names a host twice"
    case .port: "the port of the address is not a number from 1 to 65535"
    case .noDatabase: "the address names no database"
    case .protection: "sslmode is one of \(SourceAddress.Protection.allCases.map(\.rawValue).joined(separator: ", "))"
    case .repeated: "the address gives a parameter twice"
    case .parameter(let name, let allowed):
      "the parameter \(name) of the address is not taken; \(allowed.joined(separator: ", ")) are"
    }
  }
}
