import Foundation
import Migration
import Rehearsal
import Testing

/// Plans carried out with the real Debezium engine, which runs the plan's own connector files.
@Suite(.serialized) struct DebeziumRunTests {
  /// Where the continuous build unpacks the jars.
  private static var jars: String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return ProcessInfo.processInfo.environment["CLEAVE_DEPS"] ?? root.appendingPathComponent(".deps").path
  }

  @Test func aServiceMovesAndComesBackWithTheRealEngine() throws {
    var request = try Billing.request(["payments"], changes: 900, kills: 2)
    defer { try? FileManager.default.removeItem(atPath: request.planFolder) }
    request.debezium = try DebeziumEngine(folder: Self.jars)
    let report = try Rehearsal.run(request)
    print(RehearsalText(report).text)
    #expect(report.faults == [])
    #expect(report.totals.changes >= 900)
    #expect(report.totals.kills == 2)
    #expect(report.isSourceRestored == true)
    #expect(report.capture.hasPrefix("Debezium 3."))
    #expect(RehearsalText(report).json.contains("\"capture\":\"Debezium 3."))
  }

  @Test func aFolderWithoutJarsIsRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-no-jars-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = #expect(throws: MachineError.self) { try DebeziumEngine(folder: folder.path) }
    let text = error?.description ?? ""
    #expect(text.contains("debezium-embedded-*.jar") && text.contains("debezium-connector-postgres-*.jar"), "\(text)")
    #expect(text.contains("among 0 jars"), "\(text)")
  }
}
