import Foundation
import Glibc
import Migration
import Testing

/// What the tools that read a binary log are given, on a real server.
@Suite struct BinlogReaderTests {
  /// Runs SQL over the network as the login of the stream.
  private func asReader(_ sql: String, _ login: String, _ server: MariaDBServer) throws -> CommandResult {
    try Command.run(
      [
        "mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", String(server.process.port), "-u", login, "--batch",
        "--skip-column-names", "-e", sql,
      ])
  }

  /// Up to the capture of one service: steps run, the login can read the log and the tables, and nothing else.
  @Test(arguments: [CDCTool.canal, .spinaltap, .maxwell, .debezium]) func loginReadsTheLogOnly(_ cdc: CDCTool) throws {
    let server = try MariaDBServer.shared.get()
    let stage = try Stage(on: server, cdc: cdc, name: "log\(cdc.rawValue.prefix(3))")
    defer { stage.clean() }
    let group = stage.plan.groups.first { $0.service.hasPrefix("goods") }!
    for step in group.steps where step.id <= .capture { try stage.run(step.apply) }
    let login = "\(group.folder)_cdc"
    _ = try server.sql("ALTER USER '\(login)'@'%' ACCOUNT UNLOCK", database: stage.source)
    let position = try server.sql("SHOW MASTER STATUS", database: stage.source).split(separator: "|").map(String.init)
    _ = try server.sql("UPDATE stock SET amount = 77 WHERE product_id = 2", database: stage.source)
    let log = try Command.run([
      "mariadb-binlog", "--no-defaults", "--read-from-remote-server", "-h", "127.0.0.1", "-P",
      String(server.process.port), "-u", login, "--base64-output=DECODE-ROWS", "-v", "--start-position=\(position[1])",
      position[0],
    ])
    #expect(log.status == 0 && log.output.contains("`stock`") && log.output.contains("@2=77"), "\(log.errors)")
    #expect(try asReader("SELECT count(*) FROM \(stage.source).stock", login, server).status == 0)
    for refused in [
      "INSERT INTO \(stage.source).stock VALUES (9, 9)", "UPDATE \(stage.source).stock SET amount = 1",
      "DELETE FROM \(stage.source).stock", "CREATE TABLE \(stage.source).theirs (id int)",
      "DROP TABLE \(stage.source).stock",
    ] { #expect(try asReader(refused, login, server).status != 0, "\(cdc): \(refused)") }
    if cdc == .canal || cdc == .spinaltap {
      #expect(
        try asReader("SELECT count(*) FROM \(stage.source).session", login, server).status != 0, "another's table")
    }
    let step = group.steps.first { $0.id == .capture }!
    for file in step.artifacts where file.path.contains("job-lag") || file.path.contains("position.") {
      if cdc != .maxwell { _ = try stage.output(file.path, on: .source) }
    }
    try stage.run(step.rollback)
    let left = try server.sql(
      "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'cleave\\_\(group.folder)\\_%'",
      database: stage.source)
    #expect(left == "0")
  }

  /// backfill.sh of a tool that copies no rows fills the stages with every row, and merging makes the sides equal.
  @Test func rowsAreCopiedIntoStages() throws {
    let server = try MariaDBServer.shared.get()
    let stage = try Stage(on: server, cdc: .canal, name: "copy")
    defer { stage.clean() }
    for name in ["crm", "ordering"] {
      let group = stage.plan.groups.first { $0.service.hasPrefix(name) }!
      for step in group.steps where step.id <= .capture { try stage.run(step.apply) }
      let step = group.steps.first { $0.id == .capture }!
      for _ in 0..<2 {
        let run = try Command.run(
          ["sh", "\(group.folder)/S6-capture/backfill.sh"],
          environment: server.environment(source: stage.source, target: stage.target), folder: stage.folder)
        try #require(run.status == 0, "\(run.errors)")
      }
      for file in step.artifacts where file.path.contains("/job-merge-") {
        _ = try stage.output(file.path, on: .target)
      }
      #expect(try stage.holds(group.steps.first { $0.id == .verify }!.gate), "\(name): the sides differ")
    }
  }
}
