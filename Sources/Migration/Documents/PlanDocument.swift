import Basics

/// `PLAN.md`: the plan for people. Long listings are cut with a count; `plan.yaml` has all of them.
struct PlanDocument {
  /// Longest listing before it is cut.
  static let listLimit = 8

  let plan: MigrationPlan

  private var actions: ActionText { ActionText(engine: plan.engine, targetEngine: plan.targetEngine) }

  /// The document.
  var text: String {
    var parts = [overview(), order(), howTo()]
    for group in plan.groups { parts.append(section(group)) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func overview() -> String {
    let tables = plan.groups.reduce(0) { $0 + $1.tables.count }
    let edges = plan.groups.reduce(0) { $0 + $1.decisions.count }
    return """
      # Migration plan

      \(count(plan.groups.count, "service")) \(plan.groups.count == 1 ? "leaves" : "leave") the shared database with \
      \(count(tables, "table")); \(count(edges, "edge")) across boundaries \(edges == 1 ? "is" : "are") decided one by one. \
      Every step can be deployed alone, ends with a query that has to print a known value, and can be undone until S10 is left.

      | | |
      |---|---|
      | Engine | \(engines) |
      | Change data capture | \(plan.cdc.rawValue) |
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
      "| \(group.position) | \(MarkdownText.words(group.service)) | \(group.tables.count) | \(group.replicas.count) | \(group.decisions.count) "
        + "| \(MarkdownText.words(group.orderReason)) |"
    }
    return """
      ## Order

      Services with the fewest edges to others go first: they prove the path at the smallest risk. Take S0 to S10 service by \
      service; S11, S12 and the teardown of a service wait until every service that keeps copies of its tables is fed by its events.

      | # | Service | Tables | Copies | Edges | Why here |
      |---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))\(leftOut)
      """
  }

  private var leftOut: String {
    plan.leftOut.isEmpty ? "" : "\n\nLeft out: " + list(plan.leftOut.map(MarkdownText.words)) + "."
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

  private func section(_ group: PlanGroup) -> String {
    var parts = ["## \(group.position). \(MarkdownText.words(group.service))"]
    parts.append("Moves: " + list(group.tables.map { MarkdownText.code($0.text) }) + ".")
    if !group.replicas.isEmpty {
      parts.append(
        "Keeps read-only copies, limited to what it reads: " + list(group.replicas.map { MarkdownText.code($0.text) })
          + ".")
    }
    if !group.movesTogetherWith.isEmpty {
      parts.append(
        "**Cut over under the same fence as** \(group.movesTogetherWith.map(MarkdownText.words).joined(separator: ", "))."
      )
    }
    parts.append(decisions(group))
    parts.append(steps(group))
    parts += group.steps.map(step)
    parts.append("### \(MarkdownText.words(group.service)): teardown\n\n" + shell(group.teardown))
    parts.append(risks(group))
    return parts.joined(separator: "\n\n")
  }

  private func decisions(_ group: PlanGroup) -> String {
    guard !group.decisions.isEmpty else { return "No edge crosses its boundary." }
    // One line per rule and pair of services: the edges themselves are in plan.yaml.
    let shown = group.decisions.prefix(Self.listLimit * 2).map { decision in
      let other = decision.otherTable.map { " with \(MarkdownText.code($0.text))" } ?? ""
      return
        "| \(MarkdownText.words("\(decision.from) → \(decision.to)")) | \(MarkdownText.words(decision.kind)) | \(MarkdownText.code(decision.table.text))\(other) "
        + "| \(MarkdownText.words(decision.rule)) | \(MarkdownText.words(decision.action)) | \(places(decision.evidence, limit: 2)) |"
    }
    let more = rest(group.decisions.count, shown.count)
    return """
      ### \(MarkdownText.words(group.service)): decisions

      | Edge | Kind | Table | Rule | What to do | Evidence |
      |---|---|---|---|---|---|
      \(shown.joined(separator: "\n"))\(more.isEmpty ? "" : "\n\n\(more)")
      """
  }

  private func steps(_ group: PlanGroup) -> String {
    let rows = group.steps.map { step in
      "| \(step.id.text) | \(MarkdownText.words(step.title)) | \(MarkdownText.words(step.goal)) | \(step.maxBlockSeconds) s | \(step.ponr ? "ends here" : "yes") |"
    }
    return """
      ### \(MarkdownText.words(group.service)): steps

      | Step | | Afterwards | Writers wait at most | Way back |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))
      """
  }

  private func step(_ step: PlanStep) -> String {
    var parts = ["#### \(step.id.text) \(MarkdownText.words(step.title))"]
    if !step.preconditions.isEmpty {
      parts.append("Before: " + step.preconditions.map(MarkdownText.words).joined(separator: "; ") + ".")
    }
    parts.append(shell(step.apply))
    parts.append("\(gate(step.gate)) Hold: \(MarkdownText.words(step.hold)).")
    if !step.finish.isEmpty { parts.append("After the hold:\n\n" + shell(step.finish)) }
    parts.append(rollback(step))
    return parts.joined(separator: "\n\n")
  }

  /// The way back in a sentence when it is the scripts' inverses in reverse order, as commands when there is more to it.
  private func rollback(_ step: PlanStep) -> String {
    let inverses = step.apply.reversed().compactMap { action -> PlanAction? in
      guard case .sql(let path, let side) = action else { return nil }
      return PlanFile.inverse(of: path).map { .sql(path: $0, on: side) }
    }
    let scripts = step.rollback.filter { if case .manual = $0 { false } else { true } }
    guard scripts == inverses else { return "Rollback:\n\n" + shell(step.rollback) }
    let words = step.rollback.compactMap { action -> String? in
      if case .manual(let text) = action { MarkdownText.words(text) } else { nil }
    }
    let files = inverses.isEmpty ? [] : ["run the `U*.sql` files of the step in reverse order"]
    return "Rollback: \((words + files).joined(separator: "; "))."
  }

  private func gate(_ gate: PlanGate) -> String {
    if let target = gate.targetFile {
      return
        "Gate: \(MarkdownText.code(gate.file)) on the source and \(MarkdownText.code(target)) on the target print the same."
    }
    return
      "Gate: \(MarkdownText.code(gate.file)) on the \(gate.place.rawValue) prints \(MarkdownText.code(gate.expect))."
  }

  /// A block of commands; scripts that follow each other on one side share a command.
  private func shell(_ actions: [PlanAction]) -> String {
    var lines: [String] = []
    var open: PlanSide?
    for action in actions.prefix(Self.listLimit * 3) {
      guard case .sql(let path, let side) = action else {
        open = nil
        if case .manual(let text) = action {
          lines.append("# by hand: \(flat(text))")
        } else {
          lines.append(flat(self.actions.command(action)))
        }
        continue
      }
      if open == side, let last = lines.popLast() {
        lines += ["\(last) \\", "  \(ShellText.word(path))"]
      } else {
        lines.append("on_\(side.rawValue) \(ShellText.word(path))")
        open = side
      }
    }
    let more = rest(actions.count, min(actions.count, Self.listLimit * 3))
    return MarkdownText.block((lines + (more.isEmpty ? [] : ["# \(more)"])).joined(separator: "\n"), language: "sh")
  }

  private func flat(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 }))
  }

  private func risks(_ group: PlanGroup) -> String {
    let lines = group.risks.map { risk in
      let evidence = risk.evidence.isEmpty ? "" : " (\(places(risk.evidence, limit: 3)))"
      return "- **\(MarkdownText.words(risk.code))**: \(MarkdownText.words(risk.text))\(evidence)"
    }
    return "### \(MarkdownText.words(group.service)): what remains risky\n\n"
      + (lines.isEmpty ? "Nothing that the facts show." : lines.joined(separator: "\n"))
  }

  private func places(_ spans: [SourceSpan], limit: Int) -> String {
    let shown = spans.prefix(limit).map { MarkdownText.code($0.description) }.joined(separator: ", ")
    return spans.count > limit ? "\(shown) and \(spans.count - limit) more" : shown
  }

  private func list(_ items: [String]) -> String {
    let shown = items.prefix(Self.listLimit).joined(separator: ", ")
    return items.count > Self.listLimit ? "\(shown) and \(items.count - Self.listLimit) more in plan.yaml" : shown
  }

  private func rest(_ all: Int, _ shown: Int) -> String { all > shown ? "\(all - shown) more in plan.yaml" : "" }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
