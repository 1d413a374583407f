import Basics
import Decomposition
import Facts
import Foundation
import Migration
import Testing

/// The event catalogue, read by programs that know nothing of cleave.
@Suite struct CatalogueTests {
  private struct Report: Decodable {
    let asyncapi: Int
    let events: Int
    let problems: [String]
  }

  private static func write(_ plan: MigrationPlan, change: (String) -> String = { $0 }) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-events-\(UUID().uuidString)")
    for file in plan.files() where file.path.hasSuffix("asyncapi.yaml") || file.path.hasSuffix("cloudevents.yaml") {
      let url = folder.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      let text = file.path.hasSuffix("asyncapi.yaml") ? change(file.contents) : file.contents
      try Data(text.utf8).write(to: url)
    }
    return folder
  }

  private static func report(_ folder: URL) throws -> Report {
    defer { try? FileManager.default.removeItem(at: folder) }
    return try JSONDecoder().decode(
      Report.self,
      from: Data(try PythonCheckers.run("check_events.py", [folder.path]).output.split(separator: "\n").last!.utf8))
  }

  private static func plan(_ engine: PlanEngine, _ broker: Broker? = nil) throws -> MigrationPlan {
    try Planner.plan(
      system: Shop.system(engine == .postgres ? .postgres : .mysql), proposal: Shop.proposal(),
      options: PlanOptions(engine: engine, broker: broker), factsDigest: "d")
  }

  @Test(arguments: [PlanEngine.postgres, .mariadb], [Broker.kafka, .none])
  func catalogueIsReadByOthers(_ engine: PlanEngine, _ broker: Broker) throws {
    let report = try Self.report(Self.write(Self.plan(engine, broker)))
    #expect(report.problems.isEmpty, "\(report.problems.prefix(5).joined(separator: "\n"))")
    #expect(report.asyncapi == 3 && report.events == 3 * 4)
  }

  /// The readers see what is wrong: an unknown action, a reference that leads nowhere, a missing part, a bad number.
  @Test(arguments: [
    ("action: receive", "action: recieve"), ("#/components/messages/", "#/components/message/"),
    ("asyncapi: \"3.0.0\"", "asyncapi: \"2.6.0\""), ("partitions: 12", "partitions: 0"),
    ("type: integer", "type: int"), ("const: \"1.0\"", "const: \"0.3\""),
  ]) func mistakesAreSeen(_ from: String, _ to: String) throws {
    let plan = try Self.plan(.postgres)
    #expect(plan.files().contains { $0.path.hasSuffix("asyncapi.yaml") && $0.contents.contains(from) }, "\(from)")
    let report = try Self.report(Self.write(plan) { $0.replacingOccurrences(of: from, with: to) })
    #expect(!report.problems.isEmpty, "\(from)")
  }

  /// Payloads hold the key and what consumers read, and nothing else.
  @Test func payloadsAreLimitedToWhatIsRead() throws {
    let file = try Self.plan(.postgres).files().first { $0.path == "crm/S4-outbox/asyncapi.yaml" }!
    let values = file.contents.components(separatedBy: "CustomerValues:\n")[1].components(separatedBy: "CustomerKey:")[
      0]
    #expect(values.contains("id:") && values.contains("name:"))
    #expect(!values.contains("email") && !values.contains("credit"))
    #expect(values.contains("x-pii: name"), "\(values)")
  }

  private static func personal(_ columns: [(String, String)], table: String) throws -> [String: String] {
    var system = SystemFacts()
    system.catalog = Catalog(
      tables: [
        Table(
          name: TableName(table),
          columns: [Column(name: "row_no", type: "bigint", isNullable: false)]
            + columns.map { Column(name: $0.0, type: $0.1, isNullable: true) }, primaryKey: ["row_no"],
          source: Shop.span(1))
      ], engine: .postgres)
    var proposal = Proposal()
    proposal.services = [
      ServiceBoundary(name: "own", units: [], tables: [TableName(table)], cohesion: 1),
      ServiceBoundary(name: "other", units: [], tables: [], cohesion: 1),
    ]
    proposal.owners = [
      Shop.owner(
        table, "own", readers: [TableUse(service: "other", columns: ["*"], evidence: [Shop.span(3)])])
    ]
    let plan = try Planner.plan(
      system: system, proposal: proposal, options: PlanOptions(foldsNames: false), factsDigest: "d")
    let text = plan.files().first { $0.path.hasSuffix("/events.yaml") }!.contents
    var found: [String: String] = [:]
    var column = ""
    for line in text.split(separator: "\n") {
      let words = line.trimmingCharacters(in: CharacterSet(charactersIn: " -"))
      if words.hasPrefix("column: ") { column = String(words.dropFirst(8)).trimmingCharacters(in: ["\""]) }
      if words.hasPrefix("kind: ") { found[column] = String(words.dropFirst(6)) }
    }
    return found
  }

  /// Whole words at the end of a name, in several spellings and languages.
  @Test func personalDataIsFlagged() throws {
    let expected: [(String, String, String)] = [
      ("email", "varchar(80)", "email"), ("customerEmail", "text", "email"), ("EMAIL_ADDRESS", "text", "email"),
      ("mail", "text", "email"), ("phone", "text", "phone"), ("phone2", "text", "phone"), ("TelNo", "text", "phone"),
      ("mobile_number", "bigint", "phone"), ("first_name", "text", "name"), ("Nachname", "text", "name"),
      ("contact_name", "text", "name"), ("userName", "text", "name"), ("street", "text", "address"),
      ("shipping_address_line1", "text", "address"), ("PLZ", "text", "address"), ("zipCode", "text", "address"),
      ("birth_date", "date", "birth date"), ("DateOfBirth", "date", "birth date"), ("dob", "date", "birth date"),
      ("ip", "text", "ip address"), ("lastIPAddress", "text", "ip address"), ("seen_from", "inet", "ip address"),
      ("iban", "text", "account or card number"), ("card_number", "text", "account or card number"),
      ("password", "text", "password or token"), ("passwordHash", "text", "password or token"),
      ("api_key", "text", "password or token"), ("reset_token", "uuid", "password or token"),
      ("ssn", "text", "identity number"), ("PassportNumber", "text", "identity number"),
    ]
    let found = try Self.personal(expected.map { ($0.0, $0.1) }, table: "thing")
    for (column, _, kind) in expected { #expect(found[column] == kind, "\(column): \(found[column] ?? "nothing")") }
    #expect(found.count == expected.count)
  }

  /// Parts of other words, other things with such words, and types that cannot hold such a value.
  @Test func otherDataIsNot() throws {
    let columns = [
      ("email_template", "text"), ("email_verified", "boolean"), ("email_sent_at", "timestamp"), ("mail_count", "int"),
      ("description", "text"), ("shipped", "text"), ("recipe", "text"), ("zipper", "text"), ("strip", "text"),
      ("name", "text"), ("product_name", "text"), ("file_name", "text"), ("telemetry", "text"), ("tokenizer", "text"),
      ("hotel", "text"), ("address_id", "bigint"), ("password_changed_at", "timestamp"), ("birthday_gift", "text"),
      ("card_type", "text"), ("phonetic", "text"), ("ssn_checked", "boolean"), ("nameplate", "text"),
    ]
    #expect(try Self.personal(columns, table: "product") == [:])
  }

  /// A name is a person's when the table is about persons.
  @Test(arguments: [("customers", true), ("Employee", true), ("owner", true), ("product", false), ("userland", false)])
  func namesDependOnTheTable(_ table: String, _ isPerson: Bool) throws {
    #expect(try Self.personal([("name", "text")], table: table) == (isPerson ? ["name": "name"] : [:]))
  }
}
