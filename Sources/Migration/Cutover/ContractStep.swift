/// S12: the old tables get names nobody uses; after a while they are dumped and dropped.
struct ContractStep {
  let context: GroupContext

  private var text: SQLText { context.text }

  private func retired(_ table: PlannedTable) -> PlacedName {
    PlacedName(schema: table.source.schema, name: Naming.shortened("zz_retired_\(table.source.name)"))
  }

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .contract, name: "contract")
    draft.run(renames(), named: "retire", on: .source)
    draft.act(
      .manual("after 30 days without a failing reader dump the retired tables and drop them"),
      undo: .manual("restore the dump when the tables were dropped already"))
    let old = context.own.map(\.source)
    let gate = draft.gate(
      text.count(of: .tables, among: old.map { [$0.schema, $0.name] }) + ";",
      on: .source)
    return draft.step(
      .contract, title: "Contract", goal: "nothing of \(context.service) is left in the monolith's database",
      preconditions: ["the gate of S11 held"], gate: gate, hold: "30 days, then the teardown", maxBlockSeconds: 2)
  }

  private func renames() -> Script {
    func rename(_ from: PlacedName, _ to: PlacedName) -> String {
      switch text.engine {
      case .mysql, .mariadb: "RENAME TABLE \(text.table(from)) TO \(text.table(to));"
      case .postgres, .oracle: "ALTER TABLE \(text.table(from)) RENAME TO \(text.name(to.name));"
      // The old name is read as a qualified one, the new one is taken as it stands.
      case .sqlserver: "EXEC sp_rename \(text.literal(text.table(from))), \(text.literal(to.name)), N'OBJECT';"
      }
    }
    let timeout = text.lockTimeout(seconds: 2)
    return Script(
      up: ([timeout] + context.own.map { rename($0.source, retired($0)) }).joined(separator: "\n"),
      down: ([timeout] + context.own.reversed().map { rename(retired($0), $0.source) }).joined(separator: "\n"))
  }
}
