/// How a configuration file is read.
enum ConfigFormat: Hashable, Sendable {
  /// A Java properties file.
  case properties
  /// A connector file of Kafka Connect: a name and a flat map of texts.
  case connector
  /// A YAML tree.
  case yaml

  /// The entries of a file, or why it cannot be read.
  func entries(_ text: String) -> (entries: [ConfigEntry], problem: String?) {
    switch self {
    case .properties: return (PropertiesReader.entries(text), nil)
    case .yaml:
      let (node, problem) = YAMLReader.read(text)
      return (node.map(ConfigEntry.flat) ?? [], problem)
    case .connector:
      let (node, problem) = JSONReader.read(text)
      guard case .map(let top)? = node else { return ([], problem ?? "not an object") }
      guard top.map(\.key) == ["name", "config"], case .text(let name) = top[0].value, !name.isEmpty,
        case .map(let config) = top[1].value
      else { return ([], "not a name and a config") }
      var entries: [ConfigEntry] = []
      for (key, value) in config {
        guard case .text(let text) = value else { return ([], "\(key): not a text") }
        entries.append(ConfigEntry(key, text))
      }
      return (entries, nil)
    }
  }
}

/// A kind of configuration file a plan may hold: how it is recognised, read and checked.
///
/// A family that writes configuration files adds its kinds here and its lists under `Keys`.
struct ConfigFileKind: Sendable {
  /// What the file configures.
  let name: String
  let format: ConfigFormat
  /// Whether the file is of this kind, by its path.
  let matches: @Sendable (_ path: String) -> Bool
  /// Which keys it may have, by what is in it.
  let layers: @Sendable (_ entries: [ConfigEntry]) -> [KeyLayer]
  /// What it has to say so that nothing is lost.
  let rules: @Sendable (_ entries: [ConfigEntry]) -> [SafetyRule]

  /// The first kind that takes a file checks it.
  static let all: [ConfigFileKind] = [
    .connector, .eventConnector, .killBillQueue, .debeziumServer, .debeziumEngine, .canalServer, .canalInstance,
    .canalAdapter, .canalTableMapping, .maxwell, .spinalTap, .rocketMQBroker, .modulith, .eventuate,
    .seataClient, .seataServer,
  ]

  /// Everything wrong with a file.
  func problems(_ text: String) -> [String] {
    let (entries, problem) = format.entries(text)
    if let problem { return [problem] }
    if entries.isEmpty { return ["no keys at all"] }
    return KeyChecker(layers: layers(entries)).problems(entries) + rules(entries).compactMap { $0.problem(entries) }
  }

  /// The lists its keys were compared with, as `system version`.
  func lists(_ text: String) -> [String] {
    var names: [String] = []
    for layer in layers(format.entries(text).entries) {
      let name = "\(layer.list.system) \(layer.list.version)"
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}

/// The last part of a path.
func fileName(_ path: String) -> Substring {
  path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
}
