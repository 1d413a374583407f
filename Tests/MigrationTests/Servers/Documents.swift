import Foundation

/// Documents of a plan as values, read by a parser that is not ours.
enum Documents {
  /// YAML as JSON values.
  static func yaml(_ text: String) throws -> Any {
    let result = try Command.run(
      ["python3", "-c", "import yaml,json,sys; print(json.dumps(yaml.safe_load(sys.stdin)))"], input: text)
    guard result.status == 0 else {
      throw CommandFailure(
        description: "apt-get install python3-yaml, or no YAML: \(result.errors)\n\(text.prefix(500))")
    }
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
  }
}

/// A mapping of a document; missing entries are failures with the name of what is missing.
struct Entry {
  let values: [String: Any]

  init(_ value: Any) throws {
    guard let values = value as? [String: Any] else { throw CommandFailure(description: "no mapping: \(value)") }
    self.values = values
  }

  func text(_ key: String) throws -> String {
    guard let text = values[key] as? String else { throw CommandFailure(description: "no text \(key) in \(values)") }
    return text
  }

  func list(_ key: String) throws -> [Entry] {
    guard let list = values[key] as? [Any] else { throw CommandFailure(description: "no list \(key) in \(values)") }
    return try list.map { try Entry($0) }
  }

  func texts(_ key: String) throws -> [String] {
    guard let list = values[key] as? [String] else { throw CommandFailure(description: "no texts \(key) in \(values)") }
    return list
  }

  func entry(_ key: String) throws -> Entry { try Entry(values[key] ?? "nothing at \(key)") }
}
