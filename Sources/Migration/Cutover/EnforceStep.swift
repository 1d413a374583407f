/// S11: the monolith loses its rights on what has moved.
struct EnforceStep {
  let context: GroupContext

  func make() -> PlanStep {
    var draft = StepDraft(context, id: .enforce, name: "enforce")
    let text = context.text
    let role = context.names.monolithRole
    let rights = "INSERT, UPDATE, DELETE"
    let revoke = context.own.map { text.revoke(rights, on: text.table($0.source), from: role) }
    let grant = context.own.map { text.grant(rights, on: text.table($0.source), to: role) }
    draft.run(
      Script(up: revoke.joined(separator: "\n"), down: grant.joined(separator: "\n")), named: "revoke", on: .source)
    draft.act(
      .manual(
        "delete the monolith's mappings of these tables, take them off the list of exceptions, change the secrets"),
      undo: .manual("restore the mappings"))
    let gate = draft.gate(gateQuery(), on: .source)
    return draft.step(
      .enforce, title: "Enforce", goal: "the monolith cannot write what has moved",
      preconditions: ["the reverse stream of S10 has been stopped: the old tables are history now"] + readersFed(),
      gate: gate,
      hold: "14 days without a refused statement")
  }

  /// Copies in other services' databases starve once the old tables stand still.
  private func readersFed() -> [String] {
    let services = Set(context.readers.map(\.service)).sorted()
    if services.isEmpty { return [] }
    return [
      "the copies kept by \(services.joined(separator: ", ")) are fed by the events of S4-outbox/events.yaml, not by the old tables"
    ]
  }

  private func gateQuery() -> String {
    let text = context.text
    let role = text.literal(context.names.monolithRole)
    if text.isMySQL {
      return """
        SELECT count(*) FROM mysql.tables_priv
        WHERE User = \(role) AND find_in_set('Insert', Table_priv) > 0
          AND (Db, Table_name) IN (\(text.pairs(context.own.map(\.source))));
        """
    }
    if text.engine != .postgres {
      return text.count(ofRight: "INSERT", to: context.names.monolithRole, on: context.own.map(\.source)) + ";"
    }
    let tables = context.own.map { "(\(text.literal(text.table($0.source))))" }.joined(separator: ", ")
    return """
      SELECT count(*) FROM (VALUES \(tables)) AS moved(name)
      WHERE has_table_privilege(\(role), name, 'INSERT') OR has_table_privilege(\(role), name, 'UPDATE');
      """
  }
}
