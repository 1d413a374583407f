/// What a value of a key has to look like.
package enum KeyType: String, Hashable, Sendable {
  case text, whole, number, flag, list
  /// A Java class name.
  case `class`
}

/// A key a system reads.
package struct KnownKey: Hashable, Sendable {
  /// The key as it is spelled in a file.
  package let name: String
  /// What its values are.
  package let type: KeyType
  /// The words it takes, sorted as given; empty when any value of the type goes.
  package let allowed: [String]
  /// Whether the system does not start without it.
  package let isRequired: Bool
  /// What holds when it is left out; empty when nothing does or the source does not say.
  package let standard: String
}

/// The keys of one system in one version, as data with its source.
///
/// One line a key: its name, its type with the allowed words in brackets, `!` when required, `=` and the default.
package struct KeyList: Hashable, Sendable {
  /// What reads the keys.
  package let system: String
  /// The version the list was made from.
  package let version: String
  /// Where the list comes from.
  package let source: String
  /// Beginnings of keys that are passed on unseen.
  package let prefixes: [String]
  /// The keys by name.
  package let keys: [String: KnownKey]

  /// A list from its text; a line that cannot be read becomes a key no file has, which the tests find.
  init(system: String, version: String, source: String, prefixes: [String] = [], text: String) {
    self.system = system
    self.version = version
    self.source = source
    self.prefixes = prefixes
    var keys: [String: KnownKey] = [:]
    for line in text.split(separator: "\n") {
      let key = Self.key(line)
      keys[key.name] = key
    }
    self.keys = keys
  }

  /// The keys in the order of their names.
  package var sorted: [KnownKey] { keys.values.sorted { $0.name < $1.name } }

  /// A key list reads a line of its text: `snapshot.mode text(always|initial) ! = initial`.
  private static func key(_ line: Substring) -> KnownKey {
    let words = line.split(separator: " ", maxSplits: 2)
    let name = words.first.map(String.init) ?? ""
    let declared = words.count > 1 ? words[1] : ""
    let kind = declared.prefix { $0 != "(" }
    let allowed = declared.dropFirst(kind.count).drop { $0 == "(" }.prefix { $0 != ")" }.split(separator: "|")
    var rest = words.count > 2 ? words[2] : ""
    let isRequired = rest.hasPrefix("!")
    if isRequired { rest = rest.dropFirst() }
    let standard = rest.drop { $0 == " " || $0 == "=" }
    return KnownKey(
      name: KeyType(rawValue: String(kind)) == nil ? "unreadable line: \(line)" : name,
      type: KeyType(rawValue: String(kind)) ?? .text, allowed: allowed.map(String.init), isRequired: isRequired,
      standard: String(standard))
  }
}
