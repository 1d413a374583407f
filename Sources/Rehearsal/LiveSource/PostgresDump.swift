import Foundation

/// Asks `pg_dump` for the structure.
struct PostgresDump {
  let address: SourceAddress
  let folder: String

  /// Seconds a dump of a structure may take.
  static let limit: Int64 = 600

  /// What reaches out of the database, or belongs to the plan: connections to other servers with their passwords, and
  /// who listens to what.
  private static let omitted = [
    "USER MAPPING", "SERVER", "FOREIGN DATA WRAPPER", "FOREIGN TABLE", "EVENT TRIGGER", "PUBLICATION", "SUBSCRIPTION",
    "SECURITY LABEL",
  ]

  func take() throws(MachineError) -> SourceCopy {
    let (archive, list, script) = ("\(folder)/structure.dump", "\(folder)/structure.list", "\(folder)/structure.sql")
    let dumped = try Programs.run(
      [
        try Programs.path("pg_dump", package: "postgresql-client"), "--dbname=\(address.libpqText)", "--format=custom",
        "--schema-only", "--no-owner", "--no-privileges", "--no-comments", "--no-publications", "--no-subscriptions",
        "--no-security-labels", "--no-tablespaces", "--no-password",
        "--lock-wait-timeout=\(SourceSession.lockSeconds)s", "--file=\(archive)",
      ], scratch: folder, environment: address.childEnvironment, seconds: Self.limit)
    guard dumped.status == 0 else {
      throw MachineError(description: Self.reason(address.withoutSecret(dumped.errors), status: dumped.status))
    }
    let restore = try Programs.path("pg_restore", package: "postgresql-client")
    let listed = try Programs.run([restore, "--list", archive], scratch: folder)
    let lines = listed.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let (left, kept) = (lines.filter(Self.isOmitted), lines.filter { !Self.isOmitted($0) })
    try TextFile.write(kept.joined(separator: "\n"), to: list)
    let printed = try Programs.run(
      [restore, "--no-owner", "--no-privileges", "--use-list=\(list)", "--file=\(script)", archive], scratch: folder)
    guard listed.status == 0, printed.status == 0 else {
      throw MachineError(description: "the dump cannot be read: \((listed.errors + printed.errors).prefix(300))")
    }
    var copy = SourceCopy(
      form: .archive(path: archive, list: list), text: Programs.text(script), method: .pgDump)
    if !left.isEmpty {
      copy.notes.append("left out: \(left.count) foreign servers, foreign tables, event triggers or the like")
    }
    return copy
  }

  /// A line of the list is `id; class object KIND schema name owner`.
  private static func isOmitted(_ line: String) -> Bool {
    guard !line.hasPrefix(";") else { return false }
    let words = line.split(separator: " ", maxSplits: 3)
    guard words.count == 4 else { return false }
    return words[3].hasPrefix("SCHEMA - public ") || omitted.contains { words[3].hasPrefix("\($0) ") }
  }

  private static func reason(_ errors: String, status: Int32) -> String {
    if status == 128 + SIGKILL { return "it took longer than \(limit) seconds" }
    let line = errors.split(separator: "\n").first { $0.contains("error:") } ?? errors.split(separator: "\n").first
    return line.map { String($0.replacing("pg_dump: error: ", with: "").prefix(300)) } ?? "no reason given"
  }
}
