import Foundation
import Migration
import Testing

/// What the emitted objects do once they are in place.
@Suite struct BehaviourTests {
  /// A part follows its origin whatever happens to the rows, and the backfill neither loses nor revives one.
  @Test(arguments: ServerKind.allCases) func partsFollowTheirOrigin(_ kind: ServerKind) throws {
    let stage = try Stage(kind, name: "part")
    defer { stage.clean() }
    let group = try #require(stage.plan.groups.first { $0.service.hasPrefix("ordering") })
    for step in group.steps where step.id < .splitTables { try stage.run(step.apply) }
    let step = try #require(group.steps.first { $0.id == .splitTables })
    try stage.run(step.apply)
    #expect(try stage.output(step.gate.file, on: .source) == "3")
    let customer = stage.quoted("customer")
    let change = """
      UPDATE \(customer) SET credit = 7 WHERE id = 1;
      UPDATE \(customer) SET id = 77 WHERE id = 3;
      INSERT INTO \(customer) (id, email, credit) VALUES (50, 'd@x', 5), (60, 'e@x', 6);
      DELETE FROM \(customer) WHERE id = 60;
      """
    _ = try stage.server.sql(change, database: stage.source)
    let job = try #require(step.artifacts.first { $0.path.contains("/job-backfill-") })
    for _ in 0..<2 { _ = try stage.output(job.path, on: .source) }
    #expect(try stage.output(step.gate.file, on: .source) == "0")
    _ = try stage.server.sql(
      "UPDATE \(customer) SET credit = credit + 1; DELETE FROM \(customer) WHERE id = 50;", database: stage.source)
    #expect(try stage.output(step.gate.file, on: .source) == "0")
    let part = try stage.server.sql(
      "SELECT id, credit FROM \(stage.quoted("customer_ordering\(stage.tag)")) ORDER BY id", database: stage.source)
    #expect(part == "1|8.00\n2|1.00\n77|-2.00")
  }

  /// A stage with the steps of one service applied up to `last`.
  private func applied(
    _ kind: ServerKind, _ name: String, _ service: String, upTo last: StepID, outbox: OutboxKind = .debezium
  ) throws
    -> (stage: Stage, group: PlanGroup)
  {
    let stage = try Stage(kind, outbox: outbox, name: name)
    let group = stage.plan.groups.first { $0.service.hasPrefix(service) }!
    for step in group.steps where step.id <= last { try stage.run(step.apply) }
    return (stage, group)
  }

  private func count(_ stage: Stage, _ sql: String, target: Bool = true) throws -> String {
    try stage.server.sql(sql, database: target ? stage.target : stage.source)
  }

  /// Stale, repeated and late changes lose; the newest wins, whatever the order of arrival.
  @Test(arguments: ServerKind.allCases) func versionGuardIgnoresOldChanges(_ kind: ServerKind) throws {
    let (stage, group) = try applied(kind, "g", "ordering", upTo: .capture)
    defer { stage.clean() }
    let own = "\(group.folder).cleave_in_order_line"
    let copy = "\(group.folder).cleave_in_customer"
    func change(_ quantity: Int, _ version: Int, deleted: Bool = false) throws {
      _ = try count(
        stage,
        "INSERT INTO \(own) (order_id, line_no, product_id, quantity, cleave_version, cleave_deleted) VALUES (1, 1, 1, \(quantity), \(version), \(deleted))"
      )
      _ = try count(
        stage,
        "INSERT INTO \(copy) (id, name, cleave_version, cleave_deleted) VALUES (1, 'v\(quantity)', \(version), \(deleted))"
      )
    }
    func check(own expectedOwn: String, copy expectedCopy: String, _ why: Comment) throws {
      try stage.merge(group)
      #expect(try count(stage, "SELECT quantity FROM \(group.folder).order_line") == expectedOwn, why)
      #expect(
        try count(stage, "SELECT name FROM \(group.folder).customer WHERE NOT cleave_deleted") == expectedCopy, why)
    }
    try change(2, 20)
    try change(1, 10)
    try check(own: "2", copy: "v2", "two changes in the wrong order in one batch")
    try change(9, 15)
    try check(own: "2", copy: "v2", "a stale change")
    try change(9, 20)
    try check(own: "2", copy: "v2", "a repeated position")
    try change(3, 30)
    try check(own: "3", copy: "v3", "a newer change")
    try change(0, 40, deleted: true)
    try check(own: "", copy: "", "a delete")
    try change(9, 35)
    try check(own: "", copy: "", "late after the delete")
    try change(4, 50)
    try check(own: "4", copy: "v4", "inserted again")
    #expect(try count(stage, "SELECT position FROM \(group.folder).cleave_applied WHERE source = 'order_line'") == "50")
    try stage.merge(group)
    try check(own: "4", copy: "v4", "an empty stage")
  }

  /// The same message twice has one effect.
  @Test(arguments: ServerKind.allCases) func inboxTakesAMessageOnce(_ kind: ServerKind) throws {
    let (stage, group) = try applied(kind, "i", "ordering", upTo: .transactions)
    defer { stage.clean() }
    let inbox = "cleave_\(group.folder).inbox"
    let verb = stage.isMySQL ? "INSERT IGNORE INTO" : "INSERT INTO"
    let tail = stage.isMySQL ? "" : " ON CONFLICT DO NOTHING"
    for (consumer, message, expected) in [("a", "1", 1), ("a", "1", 1), ("b", "1", 2), ("a", "2", 3)] {
      _ = try count(
        stage, "\(verb) \(inbox) (consumer, message_id) VALUES ('\(consumer)', '\(message)')\(tail)", target: false)
      #expect(try count(stage, "SELECT count(*) FROM \(inbox)", target: false) == String(expected))
    }
  }

  /// The claim and completion statements of the killbill-commons queue work on the tables: one claimer wins.
  @Test(arguments: ServerKind.allCases) func killBillQueueCanBeClaimedAndCompleted(_ kind: ServerKind) throws {
    let (stage, group) = try applied(kind, "q", "crm", upTo: .transactions, outbox: .killbill)
    defer { stage.clean() }
    let schema = "cleave_\(group.folder)"
    let now = stage.isMySQL ? "utc_timestamp()" : "now() AT TIME ZONE 'UTC'"
    let insert =
      "INSERT INTO \(schema).bus_events (class_name, event_json, user_token, created_date, creating_owner, search_key1, search_key2) "
      + "VALUES ('org.x.Event', '{}', 'u1', \(now), 'node', 1, 2);"
    let last = stage.isMySQL ? "SELECT last_insert_id();" : "SELECT \(schema).last_insert_id();"
    let id = try count(stage, insert + last, target: false)
    #expect(Int(id) != nil)
    func claim(_ owner: String) throws -> String {
      _ = try count(
        stage,
        "UPDATE \(schema).bus_events SET processing_owner = '\(owner)', processing_available_date = \(now), processing_state = 'IN_PROCESSING' "
          + "WHERE record_id = \(id) AND processing_state NOT IN ('PROCESSED', 'REMOVED') AND processing_owner IS NULL",
        target: false)
      return try count(
        stage, "SELECT processing_owner FROM \(schema).bus_events WHERE record_id = \(id)", target: false)
    }
    #expect(try count(stage, "SELECT processing_state FROM \(schema).bus_events", target: false) == "AVAILABLE")
    #expect(try claim("one") == "one")
    #expect(try claim("two") == "one")
    let columns =
      "class_name, event_json, user_token, created_date, creating_owner, processing_owner, processing_available_date, "
      + "processing_state, error_count, search_key1, search_key2"
    _ = try count(
      stage,
      "INSERT INTO \(schema).bus_events_history (\(columns)) SELECT \(columns) FROM \(schema).bus_events WHERE record_id = \(id);"
        + "DELETE FROM \(schema).bus_events WHERE record_id = \(id);", target: false)
    #expect(try count(stage, "SELECT count(*) FROM \(schema).bus_events", target: false) == "0")
    #expect(try count(stage, "SELECT user_token FROM \(schema).bus_events_history", target: false) == "u1")
  }

  /// One changed row, one missing row and one swapped NULL are seen; the row listing names the row.
  @Test(arguments: ServerKind.allCases) func reconciliationFindsOneChangedRow(_ kind: ServerKind) throws {
    let (stage, group) = try applied(kind, "r", "ordering", upTo: .capture)
    defer { stage.clean() }
    try stage.copyRows(group)
    let verify = group.steps.first { $0.id == .verify }!
    #expect(try stage.holds(verify.gate))
    let table = "\(group.folder).\(stage.quoted("Order"))"
    let changes = [
      ("UPDATE \(table) SET total = 10.01 WHERE id = 1", "UPDATE \(table) SET total = 10.00 WHERE id = 1"),
      ("UPDATE \(table) SET total = 0 WHERE id = 2", "UPDATE \(table) SET total = NULL WHERE id = 2"),
      ("UPDATE \(table) SET status = '' WHERE id = 2", "UPDATE \(table) SET status = 'paid' WHERE id = 2"),
    ]
    for (change, back) in changes {
      _ = try count(stage, change)
      #expect(try !stage.holds(verify.gate), "\(change)")
      let folder = "\(group.folder)/S7-verify"
      let rows = try Set(stage.output("\(folder)/rows.source.sql", on: .source).split(separator: "\n"))
      let other = try Set(stage.output("\(folder)/rows.target.sql", on: .target).split(separator: "\n"))
      #expect(rows.subtracting(other).count == 1)
      _ = try count(stage, back)
      #expect(try stage.holds(verify.gate), "\(back)")
    }
    _ = try count(stage, "UPDATE \(group.folder).customer SET cleave_deleted = true WHERE id = 1")
    #expect(try !stage.holds(verify.gate), "a tombstone in a copy")
  }

  /// The same rows have the same checksums on both engines.
  @Test func checksumsAgreeAcrossEngines() throws {
    var outputs: [[Substring]] = []
    for kind in ServerKind.allCases {
      let stage = try Stage(kind, name: "x")
      defer { stage.clean() }
      let group = stage.plan.groups.first { $0.service.hasPrefix("ordering") }!
      for step in group.steps where step.id <= .capture { try stage.run(step.apply) }
      let text = try stage.output("\(group.folder)/S7-verify/gate.source.sql", on: .source)
      // Binary floating point has no common text: product has such a column and is left out.
      outputs.append(text.split(separator: "\n").filter { !$0.hasPrefix("product|") })
    }
    #expect(outputs[0].count > 6)
    #expect(outputs[0] == outputs[1])
  }

  /// Deleting a parent after its key is gone queues it; the worker deletes or clears the children, others stay.
  @Test(arguments: ServerKind.allCases) func looseKeysFollowDeletes(_ kind: ServerKind) throws {
    let (stage, group) = try applied(kind, "l", "crm", upTo: .foreignKeys)
    defer { stage.clean() }
    let odd = stage.old(Shop.oddTable)
    let order = stage.old("Order")
    _ = try count(
      stage, "DELETE FROM \(order) WHERE id = 1; DELETE FROM \(stage.old("customer")) WHERE id = 2", target: false)
    #expect(try count(stage, "SELECT count(*) FROM \(odd) WHERE order_id = 1", target: false) == "1")
    let step = group.steps.first { $0.id == .foreignKeys }!
    #expect(try !stage.holds(step.gate), "orphans are seen")
    let workers = step.artifacts.filter { $0.path.contains("/job-worker-") }
    #expect(workers.count == 2)
    for worker in workers { _ = try stage.output(worker.path, on: .source) }
    #expect(try count(stage, "SELECT count(*) FROM \(odd)", target: false) == "1")
    #expect(
      try count(stage, "SELECT count(*) FROM \(order) WHERE id = 2 AND customer_id IS NULL", target: false) == "1")
    #expect(try stage.holds(step.gate))
  }

  /// Behind the lock only the applier of the reverse stream writes; numbers go on after the gap.
  @Test(arguments: ServerKind.allCases) func lockRefusesAllButTheApplier(_ kind: ServerKind) throws {
    let (stage, group) = try applied(kind, "w", "ordering", upTo: .capture)
    defer { stage.clean() }
    try stage.copyRows(group)
    for step in group.steps where step.id > .capture && step.id <= .reverseSync { try stage.run(step.apply) }
    let line = stage.old("order_line")
    for sql in [
      "INSERT INTO \(line) VALUES (2, 9, 1, 1)", "UPDATE \(line) SET quantity = 9",
      "DELETE FROM \(line) WHERE line_no = 2",
    ] {
      #expect(throws: CommandFailure.self, "\(sql)") { try count(stage, sql, target: false) }
    }
    let target = "\(group.folder).\(stage.quoted("Order"))"
    _ = try count(stage, "INSERT INTO \(target) (customer_id, status) VALUES (1, 'own')")
    let number = Int(try count(stage, "SELECT max(id) FROM \(target)"))!
    #expect(number >= 1002)
    let back = "cleave_\(group.folder).cleave_in_order_line"
    _ = try count(
      stage,
      "INSERT INTO \(back) (order_id, line_no, product_id, quantity, cleave_version) VALUES (2, 9, 1, 5, 7);"
        + "INSERT INTO \(back) (order_id, line_no, cleave_version, cleave_deleted) VALUES (1, 2, 8, true)",
      target: false)
    let reverse = group.steps.first { $0.id == .reverseSync }!
    #expect(try !stage.holds(reverse.gate))
    for file in reverse.artifacts where file.path.contains("/job-merge-") { try stage.mergeBack(file.path, group) }
    #expect(try stage.holds(reverse.gate))
    #expect(try count(stage, "SELECT quantity FROM \(line) WHERE order_id = 2 AND line_no = 9", target: false) == "5")
    #expect(try count(stage, "SELECT count(*) FROM \(line) WHERE order_id = 1 AND line_no = 2", target: false) == "0")
  }

  /// The roles say who may do what: reader roles cannot write, the monolith's loses its rights in S11.
  @Test func rolesAreEnforced() throws {
    let (stage, group) = try applied(.postgres, "p", "crm", upTo: .ownSchema)
    defer { stage.clean() }
    func allowed(_ role: String, _ right: String) throws -> String {
      try count(stage, "SELECT has_table_privilege('\(group.folder)_\(role)', 'customer', '\(right)')", target: false)
    }
    #expect(try allowed("ro", "SELECT") == "t")
    #expect(try allowed("ro", "UPDATE") == "f")
    #expect(try allowed("monolith", "UPDATE") == "t")
    let through =
      "SET ROLE \(group.folder)_rw; INSERT INTO \(group.folder)_svc.customer (email) VALUES ('z@x'); RESET ROLE;"
    _ = try count(stage, through, target: false)
    #expect(try count(stage, "SELECT count(*) FROM customer WHERE email = 'z@x'", target: false) == "1")
    try stage.run(group.steps.first { $0.id == .enforce }!.apply)
    #expect(try allowed("monolith", "UPDATE") == "f")
    #expect(try allowed("monolith", "SELECT") == "t")
  }
}
