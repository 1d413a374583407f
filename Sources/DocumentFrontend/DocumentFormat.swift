package import Basics

/// The format of a document that may say something about data, judged by the path of its file.
package enum DocumentFormat: Hashable, Sendable, CaseIterable {
  case xml, yaml, json, properties, templateGroup

  /// Documents beyond this many bytes are data, not configuration.
  package static let maximumBytes = 2 << 20

  /// Words in paths of documents that describe tables or their changes.
  private static let mappingWords = [
    "changelog", "liquibase", "migration", "doctrine", "orm", "dcm", "entity", "entities", "mapping",
  ]
  /// Beginnings of the names of files that configure how the database is reached.
  private static let configurationNames = ["application", "bootstrap", "sqlc", "database", "doctrine", "dbconfig"]

  /// The format of the file at `path`; nil for files that are no such document.
  package init?(path: RepoPath) {
    let name = path.fileName.lowercased()
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...] {
    case "xml": self = .xml
    case "yml", "yaml":
      guard Self.matters(path, name: name) else { return nil }
      self = .yaml
    case "json":
      guard Self.matters(path, name: name) else { return nil }
      self = .json
    case "properties":
      guard Self.isConfiguration(name) || name == "liquibase.properties" || name == "flyway.properties" else {
        return nil
      }
      self = .properties
    case "stg": self = .templateGroup
    default: return nil
    }
  }

  private static func isConfiguration(_ name: String) -> Bool {
    configurationNames.contains { word in
      guard name.hasPrefix(word) else { return false }
      // `application-test.yml`, but not `applications.json`.
      return name.utf8.dropFirst(word.utf8.count).first.map { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        ?? false
    }
  }

  private static func matters(_ path: RepoPath, name: String) -> Bool {
    if isConfiguration(name) { return true }
    let words = path.text.lowercased().split { !$0.isLetter }
    return words.contains { word in mappingWords.contains { word == $0 || word == $0 + "s" } }
  }
}
