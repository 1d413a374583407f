import Foundation
import Migration
import Testing

/// `plan.yaml` against its own JSON Schema, read by a validator that is not ours.
struct PlanSchemaTests {
  private static let checker = """
    import json, sys, yaml
    from jsonschema import Draft202012Validator
    schema = json.load(open(sys.argv[1]))
    Draft202012Validator.check_schema(schema)
    plan = yaml.safe_load(open(sys.argv[2]))
    errors = list(Draft202012Validator(schema).iter_errors(plan))
    for error in errors[:20]: print("/".join(map(str, error.absolute_path)), error.message[:300])
    sys.exit(1 if errors else 0)
    """

  private func validate(_ yaml: String, named name: String) throws -> CommandResult {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-schema-\(name)-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [("check.py", Self.checker), ("plan.schema.json", PlanSchema.text), ("plan.yaml", yaml)]
    for (file, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(file)) }
    return try Command.run(
      ["python3", "check.py", "plan.schema.json", "plan.yaml"],
      environment: ["PYTHONPATH": PythonCheckers.path], folder: folder)
  }

  private func yaml(_ plan: MigrationPlan) throws -> String {
    try #require(plan.files().first { $0.path == "plan.yaml" }).contents
  }

  @Test(arguments: [PlanEngine.postgres, .mysql, .mariadb]) func plansFollowTheirSchema(_ engine: PlanEngine) throws {
    let result = try validate(yaml(try Shop.plan(engine)), named: engine.rawValue)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test func theSchemaFindsFaults() throws {
    let good = try yaml(try Shop.plan(.postgres))
    for (fault, broken) in [
      ("step", good.replacingOccurrences(of: "id: S9", with: "id: S99")),
      ("key", good.replacingOccurrences(of: "ponr:", with: "pnor:")),
      ("rule", good.replacingOccurrences(of: "rule: R1", with: "rule: first")),
    ] {
      #expect(broken != good, "\(fault)")
      #expect(try validate(broken, named: fault).status == 1, "\(fault)")
    }
  }
}
