import Facts
import Foundation
import Migration
import Testing

/// Emitted connector files against the rules inside the 3.6.3 jars. The MariaDB connector is not among them.
@Suite struct ConnectorValidationTests {
  private struct Outcome {
    var problems: [String] = []
    var unknown: [String] = []
    var keys: [String: [String]] = [:]
  }

  /// What the jars say about files, given by name and contents.
  private func validate(_ files: [(name: String, contents: String)]) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-validate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in files { try Data(file.contents.utf8).write(to: folder.appendingPathComponent(file.name)) }
    let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/ValidateConnector.java")
    let run = try Command.run(
      ["java", "-XX:TieredStopAtLevel=1", "-cp", DebeziumJars.classPath(), program.path] + files.map(\.name),
      folder: folder)
    guard run.status == 0 else { throw CommandFailure(description: String(run.errors.suffix(3000))) }
    var outcome = Outcome()
    for line in run.output.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      switch words[0] {
      case "PROBLEM": outcome.problems.append(words[1])
      case "UNKNOWN": outcome.unknown.append(words[1])
      case "KEYS":
        let keys = words[1].split(separator: " ").map(String.init)
        outcome.keys[keys[0]] = Array(keys.dropFirst())
      default: break
      }
    }
    return outcome
  }

  private func connectors(_ engine: PlanEngine, _ broker: Broker) throws -> [(name: String, contents: String)] {
    let family: EngineFamily = engine == .mysql ? .mysql : .postgres
    let plan = try Planner.plan(
      system: Shop.system(family), proposal: Shop.proposal(), options: PlanOptions(engine: engine, broker: broker),
      factsDigest: "d")
    return plan.files().filter { $0.path.hasSuffix(".json") && $0.contents.contains("connector.class") }.map { file in
      ("\(engine)-\(broker)-" + file.path.split(separator: "/").joined(separator: "-"), file.contents)
    }
  }

  @Test func everyConnectorIsValid() throws {
    var files: [(name: String, contents: String)] = []
    for engine in [PlanEngine.postgres, .mysql, .sqlserver, .oracle] {
      for broker in [Broker.kafka, .none] { files += try connectors(engine, broker) }
    }
    #expect(files.count == 4 * 2 * 3 * 6)
    let bad = try broken()
    let outcome = try validate(files + bad)
    let isOurs = { (line: String) in !line.hasPrefix("bad-") }
    #expect(outcome.problems.filter(isOurs) == [])
    // Keys the common configuration of all connectors reads, though the lists of these two leave them out.
    let unlisted = ["mysql": " binary.handling.mode", "oracle": " incremental.snapshot.chunk.size"]
    let unknown = outcome.unknown.filter(isOurs).filter { line in
      !unlisted.contains { line.hasPrefix($0.key) && line.hasSuffix($0.value) }
    }
    #expect(unknown == [])
    for file in bad { #expect(outcome.problems.contains { $0.hasPrefix(file.name) }, "\(file.name) passes") }
    check(outcome.keys)
  }

  /// Files with one mistake each: the jars have to see it, or the check above proves nothing.
  private func broken() throws -> [(name: String, contents: String)] {
    func changed(_ engine: PlanEngine, _ from: String, _ to: String, _ name: String) throws -> (String, String) {
      let file = try connectors(engine, .kafka).first { $0.name.contains("S6-capture") }!
      try #require(file.contents.contains(from), "\(from)")
      return ("bad-\(name).json", file.contents.replacingOccurrences(of: from, with: to))
    }
    return [
      try changed(.postgres, "\"slot.name\": \"cleave_", "\"slot.name\": \"Cleave-", "slot"),
      try changed(.postgres, "\"plugin.name\": \"pgoutput\"", "\"plugin.name\": \"wal\"", "plugin"),
      try changed(.mysql, "\"snapshot.mode\": \"initial\"", "\"snapshot.mode\": \"soon\"", "snapshot"),
      try changed(
        .sqlserver, "\"snapshot.isolation.mode\": \"snapshot\"", "\"snapshot.isolation.mode\": \"chaos\"", "isolation"),
      try changed(
        .oracle, "\"log.mining.strategy\": \"online_catalog\"", "\"log.mining.strategy\": \"hybrid\"", "strategy"),
    ]
  }

  /// The compiled-in lists have every key the jars list, and of those of the connectors no other type.
  private func check(_ keys: [String: [String]]) {
    #expect(keys.keys.sorted() == ["MySqlConnector", "OracleConnector", "PostgresConnector", "SqlServerConnector"])
    let lists = PlanChecks.keyLists.filter { $0.system.hasPrefix("Debezium") }
    let known = Set(lists.flatMap(\.keys.keys))
    let prefixes = lists.flatMap(\.prefixes)
    for (connector, names) in keys {
      let missing = names.filter { name in !known.contains(name) && !prefixes.contains { name.hasPrefix($0) } }
      #expect(missing == [], "\(connector)")
    }
  }
}
