/// A database URL in its parts, decoded.
struct SourceURL {
  let kind: Endpoint.Kind
  let user: String?
  let password: String?
  /// Without the brackets of IPv6.
  let host: String
  let port: String?
  let database: String
  let parameters: [String: String]

  private static let schemes: [(String, Endpoint.Kind)] = [
    ("postgres://", .postgres), ("postgresql://", .postgres), ("mysql://", .mariadb), ("mariadb://", .mariadb),
  ]

  init(_ text: String) throws(SourceAddressError) {
    guard let scheme = Self.schemes.first(where: { text.hasPrefix($0.0) }) else { throw .scheme }
    kind = scheme.1
    let (path, query) = Self.halves(text.dropFirst(scheme.0.count), at: "?")
    let (authority, name) = Self.halves(path, at: "/")
    // A bare sign in a password moves its rest into another part, where it might be shown.
    guard !text.contains("#"), query?.contains("@") != true, name?.contains("@") != true,
      name?.contains("/") != true
    else { throw .bareSign }
    let split = authority.lastIndex(of: "@")
    let place = split.map { authority[authority.index(after: $0)...] } ?? authority
    if let split {
      let login = authority[..<split]
      guard !login.contains("@") else { throw .bareSign }
      let (user, password) = Self.halves(login, at: ":")
      guard password?.contains(":") != true else { throw .bareSign }
      self.user = user.isEmpty ? nil : try Self.decoded(user)
      self.password = try password.map(Self.decoded)
    } else {
      (user, password) = (nil, nil)
    }
    (host, port) = try Self.place(place)
    database = try name.map(Self.decoded) ?? ""
    parameters = try Self.parameters(query)
  }

  private static func halves(_ text: Substring, at sign: Character) -> (Substring, Substring?) {
    guard let place = text.firstIndex(of: sign) else { return (text, nil) }
    return (text[..<place], text[text.index(after: place)...])
  }

  private static func place(_ text: Substring) throws(SourceAddressError) -> (String, String?) {
    guard text.hasPrefix("[") else {
      let (host, port) = halves(text, at: ":")
      return (try decoded(host), port.map(String.init))
    }
    let (address, rest) = halves(text.dropFirst(), at: "]")
    guard let rest, rest.isEmpty || rest.hasPrefix(":") else { throw .host }
    return (String(address), rest.isEmpty ? nil : String(rest.dropFirst()))
  }

  private static func parameters(_ query: Substring?) throws(SourceAddressError) -> [String: String] {
    var parameters: [String: String] = [:]
    for pair in query?.split(separator: "&") ?? [] {
      let (name, value) = halves(pair, at: "=")
      let key = try decoded(name)
      guard key.utf8.allSatisfy({ (97...122).contains($0) || $0 == UInt8(ascii: "_") }), key.utf8.count < 32 else {
        throw .parameter("with that name", allowed: [])
      }
      guard parameters.updateValue(try value.map(decoded) ?? "", forKey: key) == nil else { throw .repeated }
    }
    return parameters
  }

  /// Percent-decodes one part; a plus sign stays one.
  private static func decoded(_ text: Substring) throws(SourceAddressError) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
        throw .encoding
      }
      bytes.append(high << 4 | low)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .encoding }
    guard bytes.allSatisfy({ $0 >= 32 && $0 != 127 }) else { throw .signs }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
