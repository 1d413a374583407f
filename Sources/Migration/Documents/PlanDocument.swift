import Basics

/// `PLAN.md`: the plan for people at a glance; each service has a document of its own.
struct PlanDocument {
  let plan: MigrationPlan

  private var words: DocumentWords { DocumentWords() }
  private var actions: ActionText { ActionText(engine: plan.engine, targetEngine: plan.targetEngine) }

  /// The document.
  var text: String {
    [overview(), PlanPictures(plan: plan).overview(), order(), obstacles(), method(), howTo()]
      .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func overview() -> String {
    let tables = plan.groups.reduce(0) { $0 + $1.tables.count }
    let edges = plan.groups.reduce(0) { $0 + $1.decisions.count }
    return """
      # Migration plan

      \(words.count(plan.groups.count, "service")) \(plan.groups.count == 1 ? "leaves" : "leave") the shared database with \
      \(words.count(tables, "table")); \(words.count(edges, "edge")) across boundaries \(edges == 1 ? "is" : "are") decided one by one. \
      Every step can be deployed alone, ends with a query that has to print a known value, and can be undone until S10 is left.

      | | |
      |---|---|
      | Engine | \(engines) |
      | Change data capture | \(plan.cdc.rawValue): \(MarkdownText.words(plan.cdcReason)) |
      | Outbox | \(plan.outbox.rawValue): \(MarkdownText.words(plan.outboxReason)) |
      | Broker | \(plan.broker.rawValue) |
      | Facts | \(MarkdownText.code(plan.factsDigest)) |
      """
  }

  private var engines: String {
    plan.engine == plan.targetEngine
      ? plan.engine.rawValue : "\(plan.engine.rawValue), the services' own databases \(plan.targetEngine.rawValue)"
  }

  private func order() -> String {
    let rows = plan.groups.map { group in
      let open = group.blockers.filter { !$0.isMended }.count
      return
        "| \(group.position) | [\(MarkdownText.words(group.service))](\(group.folder)/PLAN.md) | \(group.tables.count) | \(group.replicas.count) "
        + "| \(group.decisions.count) | \(open) | \(MarkdownText.words(group.orderReason)) |"
    }
    return """
      ## Order

      The service with the least risk goes first and proves the path; then those that take most out of the shared database \
      for the risk. Risk counts the edges across the boundary by what it takes to replace them (a transaction 5, a write or \
      stored program 3, a join or loop 2, a read or key 1, a table others write too 3); benefit counts the places where a \
      service's own code uses its own tables. Take S0 to S10 service by service; S11, S12 and the teardown of a service wait \
      until every service that keeps copies of its tables is fed by its events.

      | # | Service | Tables | Copies | Edges | Obstacles for people | Why here |
      |---|---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))\(leftOut)
      """
  }

  private var leftOut: String {
    plan.leftOut.isEmpty ? "" : "\n\nLeft out: " + words.list(plan.leftOut.map(MarkdownText.words)) + "."
  }

  /// What people have to remove themselves, by kind.
  private func obstacles() -> String {
    let open = plan.groups.flatMap { group in group.blockers.filter { !$0.isMended }.map { (group, $0) } }
    guard !open.isEmpty else { return "" }
    let kinds = Dictionary(grouping: open, by: { $0.1.code }).sorted { $0.key < $1.key }.map { code, found in
      let services = Set(found.map { MarkdownText.words($0.0.service) }).sorted()
      return
        "| \(MarkdownText.words(code)) | \(found.count) | \(words.list(services)) | \(MarkdownText.words(found[0].1.fix)) |"
    }
    return """
      ## Before anything moves

      | Obstacle | How many | Where | What removes the first of them |
      |---|---|---|---|
      \(kinds.joined(separator: "\n"))
      """
  }

  private func method() -> String {
    """
    ## How a service moves

    | Step | | Way back |
    |---|---|---|
    | S0, S1 | who owns what is written down; others stop reaching into its tables | take the rule out, revert the code |
    | S2, S3, S4 | keys, shared columns and transactions across the boundary are replaced while everything is still in one database | scripts take back |
    | S5 | its code runs on a schema and roles of its own, still on the same server; stop here when that is all that is wanted (R9) | grants go back |
    | S6, S7 | changes are captured, then rows copied, then both sides compared until nothing differs | drop the stream: nobody has noticed |
    | S8 | reads move by percentage | set it to 0 |
    | S9 | writes move: a fence of seconds proves that the stream has drained | unlock |
    | S10 | a reverse stream keeps the old tables fresh | drain it, flip back; **leaving S10 is the point of no return** |
    | S11, S12 | rights are taken, old tables get names nobody uses | grants; a dump |
    """
  }

  private func howTo() -> String {
    let variables = actions.variables
    let functions = [PlanSide.source, .target].map { side in
      "on_\(side.rawValue)() { for file in \"$@\"; do \(actions.script(file: "\"$file\"", side)) || return; done; }"
    }
    return """
      ## How to run it

      \(variables); `CONNECT_URL` names Kafka Connect, \
      whose connectors look for the databases at `source-db` and `target-db`. Passwords are nowhere in the plan. Run from this folder, after:

      \(MarkdownText.block(functions.joined(separator: "\n"), language: "sh"))

      Scripts carry versions as Flyway reads them, one location per database (`*/*/source`, `*/*/target`): `V*.sql` applies, \
      `U*.sql` takes back; they run in the order of their numbers. `gate.*.sql` is the exit condition, \
      `job-*.sql` is run again and again while the migration lasts.
      """
  }
}
