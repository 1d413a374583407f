import Foundation
import Testing

/// Frameworks make the schemas of fixtures on a PostgreSQL server; what cleave reads from their code has to be what the
/// catalog of the server says.
@Suite("Schemas that frameworks make", .serialized)
struct LiveCatalogTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test(.timeLimit(.minutes(1)), arguments: ["alembic", "django", "sqlalchemy"])
  func tablesAndColumnsAreThoseOfTheServer(fixture: String) throws {
    let project = Self.root.appendingPathComponent("fixtures/catalogs/\(fixture)").path
    let live = try catalog(of: project)
    let tables = live.filter { $0.count == 4 }
    let columns = live.filter { $0.count == 5 }
    #expect(!tables.isEmpty && !columns.isEmpty)
    #expect(Set(try rows("tables", project).map { Array($0.prefix(4)) }) == Set(tables.map(Self.withSortedKeys)))
    #expect(Set(try rows("columns", project)) == Set(columns))
  }

  /// What the server says: lines of fields.
  private func catalog(of project: String) throws -> [[String]] {
    let process = Process()
    process.executableURL = Self.root.appendingPathComponent(".ci/catalog")
    process.arguments = [Self.root.appendingPathComponent(".deps/python-frameworks-1").path, project]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return text.split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// What cleave says, in the spelling of the server.
  private func rows(_ command: String, _ project: String) throws -> [[String]] {
    let state = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-live-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: state) }
    let outcome = try Program.run([command, project, "--state-dir", state, "--format", "csv", "--quiet"])
    try #require(outcome.code == 0, "\(outcome.errors)")
    return outcome.output.split(separator: "\n").dropFirst().map { line in
      let fields = Self.fields(line)
      return command == "columns"
        ? fields.enumerated().map { $0 == 3 ? Self.type($1) : $1 } : Self.withSortedKeys(fields)
    }
  }

  private static func fields(_ line: Substring) -> [String] {
    var fields: [String] = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  private static func withSortedKeys(_ fields: [String]) -> [String] {
    var fields = fields
    fields[3] = fields[3].components(separatedBy: " ; ").sorted().joined(separator: " ; ")
    return fields
  }

  /// PostgreSQL prints other names than schemas are written with.
  private static func type(_ type: String) -> String {
    switch type {
    case "serial": "integer"
    case "bigserial": "bigint"
    case "time": "time without time zone"
    case "timestamp": "timestamp without time zone"
    case _ where type.hasPrefix("varchar"): "character varying" + type.dropFirst("varchar".count)
    default: type
    }
  }
}
