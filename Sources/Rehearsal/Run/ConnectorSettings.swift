/// What a rehearsal reads in a connector's file.
struct ConnectorSettings {
  private struct File: Decodable { let config: [String: String] }

  private let config: [String: String]

  /// Nil when there is no such file.
  static func read(_ path: String) -> ConnectorSettings? {
    JSONFile.read(path, as: File.self).map { ConnectorSettings(config: $0.config) }
  }

  /// Who logs in to read.
  var login: String? { config["database.user"] }

  /// Whether rows are copied before changes are captured.
  var copiesRows: Bool { config["snapshot.mode"] == "initial" }

  /// `schema.table` of each table it names; nil when the file says nothing about tables.
  var tables: Set<String>? {
    guard let list = config["table.include.list"] else { return nil }
    var names: Set<String> = []
    var current = ""
    var isEscaped = false
    for character in list {
      if isEscaped {
        current.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "," {
        names.insert(current)
        current = ""
      } else {
        current.append(character)
      }
    }
    names.insert(current)
    return names
  }
}
