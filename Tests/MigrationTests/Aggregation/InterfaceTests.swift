import Basics
import Foundation
import Migration
import Testing

/// The interfaces of owners are OpenAPI 3.1 to a validator that is not ours, and hold what readers need and no more.
@Suite struct InterfaceTests {
  /// Validates documents and resolves every reference inside.
  private static let script = """
    import json, sys, yaml
    from openapi_spec_validator import OpenAPIV31SpecValidator
    for text in json.load(sys.stdin):
        spec = yaml.safe_load(text)
        errors = [str(e.message) for e in OpenAPIV31SpecValidator(spec).iter_errors()]
        def walk(node):
            if isinstance(node, dict):
                if "$ref" in node:
                    place = spec
                    for part in node["$ref"].removeprefix("#/").split("/"):
                        place = place[part]
                for value in node.values():
                    walk(value)
            elif isinstance(node, list):
                for value in node:
                    walk(value)
        walk(spec)
        ids = [o["operationId"] for p in spec["paths"].values() for o in p.values()]
        if len(set(ids)) != len(ids):
            errors.append("an operationId twice")
        if errors:
            sys.exit("\\n".join(errors))
        print(" ".join(sorted(ids)))
    """

  private func validate(_ texts: [String]) throws -> String {
    guard FileManager.default.fileExists(atPath: PythonCheckers.path) else {
      throw CommandFailure(description: "the validator of OpenAPI is missing: .ci/deps test")
    }
    let input = String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    let result = try Command.run(
      ["python3", "-c", Self.script], input: input, environment: ["PYTHONPATH": PythonCheckers.path])
    guard result.status == 0 else { throw CommandFailure(description: "\(result.errors)\n\(texts.joined())") }
    return result.trimmed
  }

  private func contracts(_ plan: MigrationPlan) -> [PlanFile] {
    plan.files().filter { $0.path.hasSuffix("/openapi.yaml") }
  }

  @Test(arguments: ServerKind.allCases) func contractsAreValid(_ kind: ServerKind) throws {
    let plan = try Bazaar(engine: kind == .postgres ? .postgres : .mariadb).plan(tag: "", database: "monolith")
    let files = contracts(plan)
    #expect(files.map(\.path) == ["crm", "goods", "sales"].map { "\($0)/S1-separate-logic/openapi.yaml" })
    let operations = try validate(files.map(\.contents))
    #expect(
      operations == """
        batchGetAddressByCustomerId batchGetCustomer
        batchGetCategory batchGetProduct
        batchGetOrderByCustomerId batchGetOrderLineByProductId
        """)
  }

  /// Every engine's types have a place in the interface.
  @Test func oddNamesAndTypesAreValid() throws {
    for engine in [PlanEngine.postgres, .mysql] {
      let files = contracts(try Shop.plan(engine))
      if !files.isEmpty { _ = try validate(files.map(\.contents)) }
    }
  }

  @Test func answersHoldWhatReadersNeed() throws {
    let plan = try Bazaar(engine: .postgres).plan(tag: "", database: "monolith")
    let file = contracts(plan).first { $0.path.hasPrefix("crm/") }!
    let schemas = try Entry(try Documents.yaml(file.contents)).entry("components").entry("schemas")
    let row = try schemas.entry("AddressByCustomerIdRow").entry("properties")
    #expect(row.values.keys.sorted() == ["customer_id", "street"])
    // One reader takes all of the customer.
    #expect(try schemas.entry("CustomerRow").entry("properties").values.keys.contains("secret"))
    let keys = try schemas.entry("CustomerRequest").entry("properties").entry("keys")
    #expect(keys.values["maxItems"] as? Int == 500)
    #expect(try schemas.entry("AddressByCustomerIdResponse").texts("required") == ["results", "nextPageToken"])
  }

  /// What no key can answer says why, with the rule that follows.
  @Test func rejectionsAreReasons() throws {
    let plan = try Bazaar(engine: .postgres).plan(tag: "", database: "monolith")
    let group = plan.groups.first { $0.service == "sales" }!
    let joins = group.decisions.filter { $0.kind == "join" && $0.from == "sales" }
    let reasons = Set(joins.flatMap { $0.inputs.filter { $0.name == "not by key because" }.map(\.value) })
    #expect(
      reasons == [
        "filters customer of crm by city; sorts by customer of crm",
        "aggregates over the joined rows; nothing bounds the keys: every row of Order is read",
        "it keeps rows of customer of crm that have no partner in Order (LEFT JOIN)",
        "removes repeats (DISTINCT) over the joined rows; nothing bounds the keys: every row of Order is read",
        "it has a subquery", "joins only some rows of customer of crm by tier",
        "filters product of goods by active; aggregates over the joined rows; nothing bounds the keys: every row of order_line is read",
        "it is a set operation",
      ])
    #expect(joins.allSatisfy { $0.rule == "R3a" || $0.rule == "R3b" })
  }

  /// Loops are answered by one call for all their keys.
  @Test func loopsAskOnce() throws {
    let plan = try Bazaar(engine: .postgres).plan(tag: "", database: "monolith")
    for (service, operation) in [("sales", "batchGetProduct"), ("goods", "batchGetOrderLineByProductId")] {
      let file = plan.files().first { $0.path == "\(service)/S8-switch-reads/composition.yaml" }!
      let loops = try Entry(try Documents.yaml(file.contents)).list("loops")
      #expect(try loops.map { try $0.text("operation") } == [operation])
      #expect(try loops[0].text("queriesBefore") == "1 for each round; rounds unknown")
    }
  }
}
