import Basics
import Decomposition
import Facts
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

  /// Values of every type arrive as they were written, copied and changed, forward and back.
  @Test func exactValuesPassTheRealEngine() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-types-\(UUID().uuidString).sql")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(Self.everyType.utf8).write(to: file)
    let system = try TrialSchema.system([file.path], .postgres)
    let tables = system.catalog.tables.map(\.name)
    var proposal = Proposal()
    proposal.services = [ServiceBoundary(name: "samples", units: [], tables: tables, cohesion: 1)]
    proposal.owners = tables.map {
      TableOwner(
        table: $0, service: "samples", margin: 1, runnerUp: "", ownership: .single, resolution: .none, writers: [],
        readers: [], reason: "the only service")
    }
    var request = try Monolith.request(
      ["samples"], system, proposal, [file.path], .postgres, changes: 700, kills: 1, seed: 3)
    defer { try? FileManager.default.removeItem(atPath: request.planFolder) }
    request.debezium = try DebeziumEngine(folder: Self.jars)
    let report = try Rehearsal.run(request)
    print(RehearsalText(report).text)
    #expect(report.faults == [])
    #expect(report.totals.changes >= 700 && report.steps.contains { $0.rowsCompared > 50 })
    #expect(!report.notes.contains { $0.hasPrefix("Debezium:") }, "\(report.notes)")
  }

  private static let everyType = """
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
    CREATE DOMAIN cents AS bigint;
    CREATE TABLE sample (
      id bigserial PRIMARY KEY, small smallint, number integer NOT NULL, flag boolean, amount numeric(12, 4),
      free numeric, ratio real, wide double precision, at timestamptz NOT NULL, local timestamp, rough timestamp(3),
      day date, clock time, span interval, bytes bytea, doc jsonb, raw json, code uuid, state mood, tags text[],
      points integer[], dates date[], amounts numeric(10, 2)[], flags boolean[], price cents, short char(4),
      title varchar(60), body text, address inet, bits bit(5), span_of int4range);
    CREATE TABLE sample_note (
      sample_id bigint NOT NULL, at timestamptz NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (sample_id, at, bytes));
    CREATE TABLE keyless (a integer, b varchar(40), c date, d bytea);
    """

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
