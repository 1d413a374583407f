import Foundation
import Migration
import Testing

/// The relay of a plan on real servers, with relays killed, aggregates held and transactions that commit out of order.
@Suite(.serialized) struct RelayTests {
  struct Outcome: Decodable {
    let committed: Int
    let kills: Int
    let lost: Int
    let ghosts: Int
    let breaks: Int
    let duplicates: Int
    let naive_lost: Int
    let horizon_lost: Int
    let headers: [String]
    let topic: String
  }

  private struct Settings: Encodable {
    var engine: String
    var url = ""
    var cnf = ""
    var relay_url = ""
    var relay_cnf = ""
    let relay: String
    let settings: String
    let table: String
    let seconds: Double
    let folder: String
  }

  @Test(arguments: ServerKind.allCases) func threeRelaysLoseNothingAndKeepOrder(_ kind: ServerKind) throws {
    let stage = try Stage(kind, outbox: .polling, name: "rly")
    defer { stage.clean() }
    let group = stage.plan.groups[0]
    for step in group.steps where step.id <= .transactions { try stage.run(step.apply) }
    let step = "\(stage.folder.path)/\(group.folder)/S4-outbox"
    var settings = Settings(
      engine: stage.server.engine.rawValue, relay: "\(step)/relay.py", settings: "\(step)/relay.json",
      table: "cleave_\(group.folder).outbox", seconds: 6, folder: stage.folder.path)
    let login = "\(group.folder)_relay"
    switch kind {
    case .postgres:
      let server = try PostgresServer.shared.get()
      settings.url = server.url(stage.source, "postgres")
      settings.relay_url = server.url(stage.source, login)
    case .mariadb:
      let server = try MariaDBServer.shared.get()
      _ = try server.sql("ALTER USER '\(login)'@'%' ACCOUNT UNLOCK", database: stage.source)
      func options(_ user: String, _ name: String) throws -> String {
        let file = stage.folder.appendingPathComponent(name)
        let socket = server.process.folder.appendingPathComponent("s").path
        let text = "[client]\nsocket=\(socket)\nuser=\(user)\npassword=\ndatabase=\(stage.source)\n"
        try Data(text.utf8).write(to: file)
        return file.path
      }
      settings.cnf = try options("root", "admin.cnf")
      // The login sees the outbox alone, so its connection names that database.
      settings.relay_cnf = try options(login, "relay.cnf")
      let text = try String(contentsOfFile: settings.relay_cnf, encoding: .utf8)
      try Data(text.replacingOccurrences(of: stage.source, with: "cleave_\(group.folder)").utf8)
        .write(to: URL(fileURLWithPath: settings.relay_cnf))
    }
    let file = stage.folder.appendingPathComponent("bench.json")
    try JSONEncoder().encode(settings).write(to: file)
    let outcome = try JSONDecoder().decode(
      Outcome.self, from: Data(PythonCheckers.run("relay_bench.py", [file.path]).output.utf8))
    let errors = (try? stage.text("relay.err")) ?? ""
    #expect(outcome.committed > 200 && outcome.kills >= 3, "\(outcome) \(errors.suffix(2000))")
    #expect(outcome.lost == 0 && outcome.ghosts == 0 && outcome.breaks == 0, "\(outcome) \(errors.suffix(2000))")
    // Numbers are taken before commits: a reader that asks for what is behind the last number loses events.
    #expect(outcome.naive_lost > 0, "\(outcome)")
    // Behind the horizon of transactions nothing can appear any more.
    #expect(outcome.horizon_lost == 0, "\(outcome)")
    #expect(outcome.topic == "events.\(group.folder).bench")
    #expect(
      outcome.headers == [
        "ce_id", "ce_partitionkey", "ce_source", "ce_specversion", "ce_subject", "ce_time", "ce_type", "content-type",
      ])
    print("relays on \(kind.rawValue): \(outcome)")
  }

  /// What the plan says about (txid, seq): it loses nothing, but it is not the order of commits of an aggregate.
  @Test func transactionNumbersAreNotTheOrderOfCommits() throws {
    let stage = try Stage(.postgres, outbox: .polling, name: "rlt")
    defer { stage.clean() }
    let group = stage.plan.groups[0]
    for step in group.steps where step.id <= .transactions { try stage.run(step.apply) }
    // One transaction takes its number early and reaches the aggregate after another one: dblink is not needed, as the
    // number can be taken by hand.
    let table = "cleave_\(group.folder).outbox"
    func insert(_ version: Int, _ txid: String) -> String {
      "INSERT INTO \(table) (txid, aggregatetype, aggregateid, type, payload) VALUES (\(txid), 'a', '1', 't', '{\"v\": \(version)}');"
    }
    let rows = try stage.server.sql(
      """
      CREATE TEMP TABLE early AS SELECT pg_current_xact_id() AS id;
      \(insert(1, "pg_current_xact_id()"))
      \(insert(2, "(SELECT id FROM early)"))
      SELECT payload->>'v' FROM \(table) ORDER BY txid, seq;
      SELECT payload->>'v' FROM \(table) ORDER BY seq;
      """, database: stage.source)
    #expect(rows.split(separator: "\n") == ["2", "1", "1", "2"])
  }
}
