import Facts
import Foundation
import Migration
import Testing

/// Connector files against the keys the 3.6.3 connectors define.
@Suite struct ConnectorKeyTests {
  private struct ConnectorFile: Decodable {
    let name: String
    let config: [String: String]
  }

  private static let framework: Set<String> = [
    "connector.class", "tasks.max", "transforms", "predicates", "key.converter", "key.converter.schemas.enable",
    "value.converter",
    "value.converter.schemas.enable", "transforms.outbox.type", "transforms.outbox.predicate",
    "predicates.isOutbox.type",
    "predicates.isOutbox.pattern", "schema.history.internal",
  ]

  private func known(_ engine: PlanEngine) throws -> Set<String> {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/known-keys.txt")
    var keys = Self.framework
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: "\t")
      let names = parts[1].split(separator: " ").map(String.init)
      switch parts[0] {
      case "common": keys.formUnion(names)
      case "postgres": if engine == .postgres { keys.formUnion(names) }
      case "mysql", "history": if engine != .postgres { keys.formUnion(names) }
      case "router": keys.formUnion(names.map { "transforms.outbox.\($0)" })
      default: Issue.record("unknown list \(parts[0])")
      }
    }
    return keys
  }

  @Test(arguments: [PlanEngine.postgres, .mysql, .mariadb], [Broker.kafka, .none])
  func everyKeyIsKnown(_ engine: PlanEngine, _ broker: Broker) throws {
    let keys = try known(engine)
    let plan = try Planner.plan(
      system: Shop.system(engine == .postgres ? .postgres : .mysql), proposal: Shop.proposal(),
      options: PlanOptions(engine: engine, broker: broker), factsDigest: "d")
    let files = plan.files().filter { $0.path.hasSuffix(".json") }
    #expect(files.count == 3 * 4)
    var slots: Set<String> = []
    for file in files {
      let connector = try JSONDecoder().decode(ConnectorFile.self, from: Data(file.contents.utf8))
      let unknown = Set(connector.config.keys).subtracting(keys)
      #expect(unknown.isEmpty, "\(file.path): \(unknown.sorted())")
      #expect(connector.config["database.password"]?.hasPrefix("${file:/") == true)
      #expect(connector.config["topic.prefix"]?.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) } == true)
      if let slot = connector.config["slot.name"] {
        #expect(
          slot.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 } && slot.utf8.count < 64
        )
        slots.insert("\(slot) \(connector.name)")
      }
      #expect(connector.config["publication.autocreate.mode"] ?? "disabled" == "disabled")
    }
    if engine == .postgres { #expect(slots.count == 6, "a slot of its own for every connector") }
  }
}
