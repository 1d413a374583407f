import Basics
import Facts
import Foundation
import Migration
import Testing

/// Queries put together from the owners' answers give what the join gave.
@Suite struct CompositionTests {
  private static let seeds: ClosedRange<UInt64> = 1...5

  private func stage(_ kind: ServerKind, _ name: String) throws -> (Stage, Bazaar) {
    let server = try kind.server()
    let bazaar = Bazaar(engine: server.engine)
    let stage = try Stage(
      on: server, name: name, plan: { _, database, tag in try bazaar.plan(tag: tag, database: database) },
      schema: { _, _ in bazaar.schema })
    return (stage, bazaar)
  }

  private func group(_ stage: Stage, _ service: String) -> PlanGroup {
    stage.plan.groups.first { $0.service.hasPrefix(service) }!
  }

  private func document(_ group: PlanGroup, _ name: String) throws -> Entry {
    let file = group.steps.flatMap(\.artifacts).first { $0.path.hasSuffix("S8-switch-reads/\(name)") }
    guard let file else { throw CommandFailure(description: "no \(name) for \(group.service)") }
    return try Entry(try Documents.yaml(file.contents))
  }

  /// The original query's text with `?` and literals as they are.
  private func original(_ query: Bazaar.Query) -> String {
    var sql = Composer.filled(query.sql, query.values)
    if let mark = sql.range(of: "?") { sql.replaceSubrange(mark, with: query.values.values.first!) }
    return sql
  }

  /// Every composition equals its query on random rows with NULL keys, missing partners and repeats.
  @Test(arguments: ServerKind.allCases) func compositionsGiveTheSameRows(_ kind: ServerKind) throws {
    let (stage, bazaar) = try stage(kind, "comp")
    defer { stage.clean() }
    for service in ["sales", "crm"] {
      for step in group(stage, service).steps where step.id <= .capture { try stage.run(step.apply) }
    }
    var answered = 0
    let documents = try ["sales", "crm"].map { try document(group(stage, $0), "composition.yaml") }
    let compositions = try documents.flatMap { try $0.list("compositions") }
    for seed in Self.seeds {
      var random = SeededGenerator(state: seed)
      let rows = Bazaar.rows(&random)
      try fill(stage, bazaar, rows)
      for query in bazaar.composed {
        guard let composition = try compositions.first(where: { try $0.text("unit") == query.unit }) else {
          Issue.record("\(query.unit) is not composed")
          continue
        }
        let expected = try Composer.rows(stage, original(query), target: false)
        let found = try Composer(stage: stage, values: query.values).run(composition)
        answered += expected.count
        #expect(
          comparable(found, isOrdered: query.isOrdered) == comparable(expected, isOrdered: query.isOrdered),
          "\(query.unit) with seed \(seed)")
      }
    }
    #expect(answered > 80, "the queries find rows: \(answered)")
  }

  /// Fills the old tables, and the services' own ones with the same rows.
  private func fill(_ stage: Stage, _ bazaar: Bazaar, _ rows: [String: [[String]]]) throws {
    let clear = bazaar.catalog.tables.map { "DELETE FROM \(stage.old($0.name.text));" }.joined(separator: "\n")
    _ = try stage.server.sql(clear + "\n" + bazaar.inserts(rows) { stage.old($0) }, database: stage.source)
    var own = ""
    for (service, tables) in Bazaar.members where service != "goods" {
      let folder = stage.quoted(group(stage, service).folder)
      for table in tables { own += "DELETE FROM \(folder).\(stage.quoted(table));\n" }
      own += bazaar.inserts(rows.filter { tables.contains($0.key) }) { "\(folder).\(stage.quoted($0))" } + "\n"
    }
    _ = try stage.server.sql(own, database: stage.target)
  }

  /// A read model fed by changes that come shuffled, twice, with deletes and before their parents, equals the SQL.
  @Test(arguments: ServerKind.allCases) func readModelsConverge(_ kind: ServerKind) throws {
    let (stage, bazaar) = try stage(kind, "cqrs")
    defer { stage.clean() }
    for service in ["sales", "crm"] {
      for step in group(stage, service).steps where step.id <= .capture || step.id == .switchReads {
        try stage.run(step.apply)
      }
    }
    var answered = 0
    let documents = try ["sales", "crm"].map { (service: $0, all: try document(group(stage, $0), "read-models.yaml")) }
    let models = try documents.flatMap { try $0.all.list("models") }
    for seed in Self.seeds {
      var random = SeededGenerator(state: seed &* 77)
      let rows = Bazaar.rows(&random)
      try fill(stage, bazaar, rows)
      for (service, document) in documents {
        let subscriptions = try document.list("subscriptions")
        try feed(subscriptions, rows, stage, bazaar, byStage: seed % 2 == 0 ? group(stage, service) : nil, &random)
      }
      for query in bazaar.modelled {
        guard let model = try models.first(where: { try $0.text("unit") == query.unit }) else {
          Issue.record("\(query.unit) has no read model")
          continue
        }
        let expected = try Composer.rows(stage, original(query), target: false)
        let sql = try model.text("query")
        let found = try Composer.rows(stage, Composer.filled(sql, query.values), target: true)
        answered += expected.count
        #expect(
          comparable(found, isOrdered: query.isOrdered) == comparable(expected, isOrdered: query.isOrdered),
          "\(query.unit) with seed \(seed): \(sql)")
      }
    }
    #expect(answered > 80, "the queries find rows: \(answered)")
  }

  /// Feeds the copies a history that ends in `rows`: older versions of the rows, rows that are deleted in the end, repeats.
  private func feed(
    _ subscriptions: [Entry], _ rows: [String: [[String]]], _ stage: Stage, _ bazaar: Bazaar, byStage group: PlanGroup?,
    _ random: inout SeededGenerator
  ) throws {
    var statements: [String] = []
    var clear: [String] = []
    for subscription in subscriptions {
      let table = bazaar.catalog.tables.first { $0.name.text == (try? subscription.text("table")) }!
      let upsert = try subscription.entry("upsert")
      let place = try subscription.text("copy").split(separator: ".").map { stage.quoted(String($0)) }.joined(
        separator: ".")
      let landing = try subscription.text("stage").split(separator: ".").map { stage.quoted(String($0)) }.joined(
        separator: ".")
      clear.append("DELETE FROM \(place); DELETE FROM \(landing);")
      let parameters = try upsert.list("parameters").map { (name: try $0.text("name"), column: try $0.text("column")) }
      for (values, version, isDeleted) in history(table.name.text, table.primaryKey.count, rows, &random) {
        var row = Dictionary(uniqueKeysWithValues: zip(table.columns.map(\.name), values))
        if isDeleted {
          for column in table.columns where !table.primaryKey.contains(column.name) { row[column.name] = "NULL" }
        }
        row["cleave_version"] = String(version)
        row["cleave_deleted"] = isDeleted ? "true" : "false"
        if group != nil {
          let names = parameters.map { stage.quoted($0.column) }.joined(separator: ", ")
          statements.append(
            "INSERT INTO \(landing) (\(names)) VALUES (\(parameters.map { row[$0.column]! }.joined(separator: ", ")));")
        } else {
          let filled = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, row[$0.column]!) })
          statements.append(Composer.filled(try upsert.text("sql"), filled))
        }
      }
    }
    statements += statements.shuffled(using: &random).prefix(statements.count / 3)
    statements.shuffle(using: &random)
    _ = try stage.server.sql(clear.joined(separator: "\n"), database: stage.target)
    for start in stride(from: 0, to: statements.count, by: 40) {
      _ = try stage.server.sql(
        statements[start..<min(start + 40, statements.count)].joined(separator: "\n"), database: stage.target)
      // Only the copies: own tables hold the truth already.
      if let group { try mergeCopies(group, stage, subscriptions) }
    }
  }

  private func mergeCopies(_ group: PlanGroup, _ stage: Stage, _ subscriptions: [Entry]) throws {
    let capture = group.steps.first { $0.id == .capture }!
    let names = try subscriptions.map { "/job-merge-\(try $0.text("table").lowercased())." }
    let merges = capture.artifacts.filter { file in names.contains { file.path.contains($0) } }
    #expect(merges.count == subscriptions.count)
    for file in merges { _ = try stage.output(file.path, on: .target) }
  }

  /// Changes of every key that was ever there, each with its version; the last one leaves what `rows` holds.
  private func history(
    _ table: String, _ keys: Int, _ rows: [String: [[String]]], _ random: inout SeededGenerator
  ) -> [(values: [String], version: Int, isDeleted: Bool)] {
    var changes: [(values: [String], version: Int, isDeleted: Bool)] = []
    var others = SeededGenerator(state: random.next())
    let older = Bazaar.rows(&others)[table] ?? []
    let current = rows[table] ?? []
    let present = Set(current.map { Array($0.prefix(keys)) })
    for old in older {
      let version = Int.random(in: 1...5, using: &random)
      changes.append((old, version, false))
      let isGone = !present.contains(Array(old.prefix(keys)))
      if isGone || Bool.random(using: &random) { changes.append((old, version + 1, true)) }
    }
    for row in current { changes.append((row, 20, false)) }
    return changes
  }

  /// A row that came before its partner shows as incomplete and is left out of the query until the partner is there.
  @Test(arguments: ServerKind.allCases) func lateParentsCompleteTheirRows(_ kind: ServerKind) throws {
    let (stage, bazaar) = try stage(kind, "late")
    defer { stage.clean() }
    let group = group(stage, "sales")
    for step in group.steps where step.id <= .capture || step.id == .switchReads { try stage.run(step.apply) }
    let own = stage.quoted(group.folder)
    let models = try document(group, "read-models.yaml")
    let model = try models.list("models").first { try $0.text("unit") == "ordersOfTown" }!
    let view = try model.text("view")
    let query = Composer.filled(try model.text("query"), ["city": "'Ulm'"])
    func state() throws -> [String] {
      try [
        stage.server.sql("SELECT count(*) FROM \(view) WHERE cleave_whole = 0", database: stage.target),
        stage.server.sql(query, database: stage.target),
      ]
    }
    func customer(_ name: String, version: Int, deleted: Bool = false) throws {
      let subscription = try models.list("subscriptions").first { try $0.text("table") == "customer" }!
      let upsert = try subscription.entry("upsert")
      var values: [String: String] = [:]
      for parameter in try upsert.list("parameters") { values[try parameter.text("name")] = "NULL" }
      values.merge(
        ["id": "1", "cleave_version": String(version), "cleave_deleted": deleted ? "true" : "false"]) { _, new in new }
      if !deleted { values.merge(["name": "'\(name)'", "city": "'Ulm'"]) { _, new in new } }
      _ = try stage.server.sql(Composer.filled(try upsert.text("sql"), values), database: stage.target)
    }
    _ = try stage.server.sql(
      "INSERT INTO \(own).\(stage.quoted("Order")) VALUES (7, 1, 'new', 9.5)", database: stage.target)
    #expect(try state() == ["1", ""], "the order came first")
    try customer("Ana", version: 3)
    #expect(try state() == ["0", "7|Ana"], "the customer followed")
    try customer("Old", version: 2)
    #expect(try state() == ["0", "7|Ana"], "an older change")
    try customer("", version: 5, deleted: true)
    #expect(try state() == ["1", ""], "a delete")
    try customer("Ghost", version: 4)
    #expect(try state() == ["1", ""], "late after the delete")
    try customer("Bo", version: 6)
    #expect(try state() == ["0", "7|Bo"], "made again")
    _ = bazaar
  }
}
