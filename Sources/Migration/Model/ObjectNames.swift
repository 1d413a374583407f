/// Stable short hashes and names within the limits of the engines.
package enum Naming {
  /// PostgreSQL cuts names after 63 bytes, MySQL refuses more than 64 characters.
  package static let identifierLimit = 63
  /// MySQL accepts 32 characters in user names; roles share the limit.
  static let roleLimit = 32

  /// FNV-1a of the UTF-8 bytes as 8 hex digits: stable between runs and machines, unlike `Hasher`.
  package static func hash(_ text: String) -> String {
    let value = hashValue(text)
    let digits = String(UInt32(truncatingIfNeeded: value ^ (value >> 32)), radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }

  /// FNV-1a of the UTF-8 bytes, 64 bits.
  static func hashValue(_ text: String) -> UInt64 {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return value
  }

  /// `name` when it fits, else its beginning and a hash of the whole.
  package static func shortened(_ name: String, limit: Int = identifierLimit) -> String {
    guard name.utf8.count > limit else { return name }
    let room = limit - 9
    var kept = ""
    var used = 0
    for character in name.unicodeScalars {
      let size = UTF8.width(character)
      if used + size > room { break }
      kept.unicodeScalars.append(character)
      used += size
    }
    return "\(kept)_\(hash(name))"
  }

  /// Lower-case letters, digits and single underscores: safe in slots, topics, paths and roles.
  package static func slug(_ name: String) -> String { slug(name, limit: 20) }

  private static func slug(_ name: String, limit: Int) -> String {
    var bytes: [UInt8] = []
    for byte in name.lowercased().utf8 {
      if (97...122).contains(byte) || (48...57).contains(byte) {
        bytes.append(byte)
      } else if let last = bytes.last, last != UInt8(ascii: "_") {
        bytes.append(UInt8(ascii: "_"))
      }
    }
    if bytes.last == UInt8(ascii: "_") { bytes.removeLast() }
    let text = String(decoding: bytes, as: UTF8.self)
    if text.isEmpty { return "s_\(hash(name))" }
    return shortened((48...57).contains(bytes[0]) ? "s_\(text)" : text, limit: limit)
  }

  /// A table's part of file names: longer than a service's slug may be.
  static func stem(_ name: String) -> String { slug(name, limit: 40) }

  /// One slug per service; services that would share one get a hash of their full name.
  package static func slugs(of services: [String]) -> [String: String] {
    var users: [String: Int] = [:]
    for service in services { users[slug(service), default: 0] += 1 }
    var result: [String: String] = [:]
    for service in services {
      let plain = slug(service)
      result[service] = users[plain] == 1 ? plain : "\(plain.prefix(11))_\(hash(service))"
    }
    return result
  }
}

/// The names of everything the migration of one service creates.
struct ObjectNames: Hashable {
  /// The service's short name.
  let slug: String
  /// Where unqualified tables are: a schema, on MySQL a database, on Oracle a user.
  let sourceSchema: String

  /// Names of the system's own tables in comparison form: helper tables beside them give way.
  let taken: Set<String>

  /// The engine of the monolith's database.
  let engine: PlanEngine
  /// The engine of the service's own database.
  let targetEngine: PlanEngine

  /// Schema (MySQL: database, Oracle: user) in the old database for all helper objects of the migration.
  var helper: String { Self.held("cleave_\(slug)", on: engine) }
  /// Schema in the old database through which the service sees its tables before they move.
  var facade: String { Self.held("\(slug)_svc", on: engine) }
  /// Schema of the service's own database.
  var target: String { Self.held(slug, on: targetEngine) }

  /// Oracle holds names written without quotes in capitals: the migration's own need none.
  private static func held(_ name: String, on engine: PlanEngine) -> String {
    engine == .oracle ? name.uppercased() : name
  }

  var readWriteRole: String { "\(slug)_rw" }
  var readOnlyRole: String { "\(slug)_ro" }
  var monolithRole: String { "\(slug)_monolith" }
  var captureRole: String { "\(slug)_cdc" }
  var applyRole: String { "\(slug)_apply" }
  /// Login of what publishes the outbox.
  var relayRole: String { "\(slug)_relay" }

  var slot: String { "cleave_\(slug)" }
  var publication: String { "cleave_\(slug)" }
  var reverseSlot: String { "cleave_\(slug)_back" }
  var reversePublication: String { "cleave_\(slug)_back" }
  /// What the stream of events out of the outbox is called in the log, on a side.
  func eventSlot(on side: PlanSide) -> String { "cleave_\(slug)_events\(side == .source ? "" : "_own")" }
  /// The connector of that stream.
  func eventConnector(on side: PlanSide) -> String { "\(slug)-events\(side == .source ? "" : "-own")" }
  /// Topic of the events of an aggregate; it stays the same when the service gets its own database.
  func eventTopic(_ aggregate: String) -> String { "events.\(slug).\(aggregate)" }

  var connector: String { "\(slug)-forward" }
  var reverseConnector: String { "\(slug)-reverse" }
  var topicPrefix: String { slug }
  var reverseTopicPrefix: String { "\(slug)-back" }

  /// A helper table in the old database.
  func helperTable(_ name: String) -> PlacedName {
    PlacedName(schema: helper, name: Self.ownTable(Naming.shortened(name), on: engine))
  }

  /// A helper table in the service's own database, next to the tables that moved there.
  func targetTable(_ name: String) -> PlacedName {
    let short = Naming.shortened(name)
    let free = taken.contains(short.lowercased()) ? Naming.shortened("cleave_own_\(name)") : short
    return PlacedName(schema: target, name: Self.ownTable(free, on: targetEngine))
  }

  /// Names made from a table's odd one keep its spelling.
  private static func ownTable(_ name: String, on engine: PlanEngine) -> String {
    engine == .oracle ? NameCase.folded(name, on: engine) : name
  }

  /// A table of the system in the service's own database.
  func targetPlace(_ name: String) -> PlacedName { PlacedName(schema: target, name: Naming.shortened(name)) }

  /// A number other replicas are unlikely to use; MySQL wants every reader of the binary log to have its own.
  func serverID(_ connector: String) -> Int { 100_000 + Int(Naming.hashValue(connector) % 800_000) }
}
