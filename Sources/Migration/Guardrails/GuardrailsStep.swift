import Basics
import Decomposition

/// S0: who owns what is written down, and the migration gets a schema of its own for everything it adds.
struct GuardrailsStep {
  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .guardrails, name: "guardrails")
    draft.add("ownership.yaml", ownership())
    draft.add("preflight.source.sql", PreflightQuery(context: context).sql)
    draft.run(namespace(), named: "helper-schema", on: .source)
    draft.act(
      .manual(
        "commit ownership.yaml and let the build fail on new foreign access; the list of exceptions may only shrink"),
      undo: .manual("take the rule out of the build"))
    let text = context.text
    let columns = context.declared.flatMap { table in
      table.columns.map { [table.source.schema, table.source.name, $0.name] }
    }
    let found = text.count(of: .columns, among: columns)
    let gate = draft.gate(
      columns.isEmpty
        ? text.select("0") : found.replacing("count(*)", with: "\(columns.count) - count(*)", maxReplacements: 1) + ";",
      on: .source)
    return draft.step(
      .guardrails, title: "Guardrails", goal: "every table has a written owner and new foreign access is refused",
      preconditions: [
        "the schema in the catalog is the schema in production: the gate finds every column under its exact name",
        "preflight.source.sql lists nothing but what the plan's own list of obstacles names",
      ],
      gate: gate, hold: "until the build is green with the list of exceptions")
  }

  private func namespace() -> Script {
    let text = context.text
    let helper = context.names.helper
    let schema = text.name(helper)
    if !text.isMySQL { return Script(up: text.createSchema(helper), down: text.dropSchema(helper)) }
    // MySQL drops databases with everything in them: only an empty one may go.
    let count =
      "(SELECT count(*) FROM information_schema.tables WHERE table_schema = \(text.literal(context.names.helper)))"
    return Script(
      up: "CREATE DATABASE \(schema);",
      down: """
        SET @cleave_sql = IF(\(count) = 0, \(text.literal("DROP DATABASE \(schema)")), \
        'SELECT ''kept: it is not empty, roll back later steps first''');
        PREPARE cleave_statement FROM @cleave_sql;
        EXECUTE cleave_statement;
        DEALLOCATE PREPARE cleave_statement;
        """)
  }

  private func ownership() -> String {
    let rows = context.owners.map { owner in
      YAMLNode.map([
        ("table", .text(owner.table.text)), ("owner", .text(owner.service)),
        ("ownership", .text(owner.ownership.rawValue)), ("resolution", .text(owner.resolution.rawValue)),
        ("writers", .texts(owner.writers.map(\.service))), ("readers", .texts(owner.readers.map(\.service))),
        ("reason", .text(owner.reason)),
      ])
    }
    return YAMLText.document(.map([("service", .text(context.service)), ("tables", .list(rows))]))
  }
}
