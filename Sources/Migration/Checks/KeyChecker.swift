/// Keys that hold below a common beginning of a file's keys.
struct KeyLayer: Sendable {
  /// What stands before every key of the list; empty for the file's own.
  let prefix: String
  let list: KeyList
  /// Whether the keys the list requires are required here.
  var requires = true
}

/// Compares the entries of a file with the keys that are known.
struct KeyChecker {
  let layers: [KeyLayer]

  /// What is wrong, in the order of the file: unknown keys, values of another type, words not allowed, keys missing.
  func problems(_ entries: [ConfigEntry]) -> [String] {
    var problems: [String] = []
    var seen: Set<String> = []
    for entry in entries {
      if !entry.key.contains("[]"), !seen.insert(entry.key).inserted { problems.append("\(entry.key): given twice") }
      problems += check(entry)
    }
    let present = Set(entries.map(\.key))
    for layer in layers where layer.requires {
      for key in layer.list.sorted where key.isRequired && !present.contains(layer.prefix + key.name) {
        problems.append("\(layer.prefix)\(key.name): missing, \(layer.list.system) needs it")
      }
    }
    return problems
  }

  private func check(_ entry: ConfigEntry) -> [String] {
    for layer in layers where entry.key.hasPrefix(layer.prefix) {
      let name = String(entry.key.dropFirst(layer.prefix.count))
      if let key = layer.list.keys[name] { return value(entry, of: key) }
    }
    let isPassedOn = layers.contains { layer in
      layer.list.prefixes.contains {
        entry.key.hasPrefix(layer.prefix + $0) && entry.key.count > (layer.prefix + $0).count
      }
    }
    if isPassedOn { return [] }
    let systems = layers.map { "\($0.list.system) \($0.list.version)" }
    return ["\(entry.key): not a key of \(systems.joined(separator: ", "))"]
  }

  /// Values a provider fills in at the start are not looked at.
  private func value(_ entry: ConfigEntry, of key: KnownKey) -> [String] {
    let value = entry.value
    if value.hasPrefix("${") && value.hasSuffix("}") { return [] }
    if key.isRequired, value.isEmpty { return ["\(entry.key): empty, but needed"] }
    if !key.allowed.isEmpty {
      let words = key.type == .list ? value.split(separator: ",").map(String.init) : [value]
      let strangers = words.filter { word in !key.allowed.contains { $0.lowercased() == word.lowercased() } }
      if !strangers.isEmpty {
        return ["\(entry.key): \(strangers.joined(separator: ", ")) is none of \(key.allowed.joined(separator: ", "))"]
      }
      return []
    }
    return Self.fits(value, key.type) ? [] : ["\(entry.key): \(value) is not of type \(key.type.rawValue)"]
  }

  /// Whether a text is a value of a type.
  private static func fits(_ value: String, _ type: KeyType) -> Bool {
    switch type {
    case .text, .list: true
    case .whole: Int(value) != nil
    case .number: Double(value) != nil
    case .flag: value == "true" || value == "false"
    case .class:
      !value.isEmpty
        && value.utf8.allSatisfy {
          (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || [36, 46, 95].contains($0)
        }
    }
  }
}
