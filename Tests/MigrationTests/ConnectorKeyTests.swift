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

  @Test(arguments: [PlanEngine.postgres, .mysql, .mariadb], [Broker.kafka, .none])
  func everyKeyIsKnown(_ engine: PlanEngine, _ broker: Broker) throws {
    let plan = try Planner.plan(
      system: Shop.system(engine == .postgres ? .postgres : .mysql), proposal: Shop.proposal(),
      options: PlanOptions(engine: engine, broker: broker), factsDigest: "d")
    let files = plan.files().filter { $0.path.hasSuffix(".json") && $0.contents.contains("\"connector.class\"") }
    #expect(files.count == 3 * 6)
    var slots: Set<String> = []
    for file in files {
      let connector = try JSONDecoder().decode(ConnectorFile.self, from: Data(file.contents.utf8))
      let checks = PlanChecks.check([file])
      #expect(checks.count == 1 && checks.allSatisfy(\.problems.isEmpty), "\(file.path): \(checks)")
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
    if engine == .postgres { #expect(slots.count == 12, "a slot of its own for every connector") }
  }
}
