package import Facts

/// A YAML file of ours, read as a whole or not at all.
package enum ConfigurationFile {
  /// What reading gave.
  package enum Reading: Hashable, Sendable {
    /// The entries of the top level as children; none for an empty file.
    case read(DocumentNode)
    /// Why and where it is no well-formed YAML.
    case broken(reason: String, line: Int)
  }

  /// The nodes of YAML text; lines count from 1.
  package static func read(_ bytes: [UInt8]) -> Reading {
    let reading = YAMLDocument.read(bytes, rootName: "yaml")
    if let problem = reading.problem { return .broken(reason: problem.reason, line: problem.line) }
    return .read(reading.root ?? DocumentNode(name: "yaml", line: 1))
  }
}
