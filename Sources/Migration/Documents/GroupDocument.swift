import Basics

/// `<service>/PLAN.md`: the move of one service, step by step, as the people who do it read it.
struct GroupDocument {
  let plan: MigrationPlan
  let group: PlanGroup

  private var actions: ActionText { ActionText(engine: plan.engine, targetEngine: plan.targetEngine) }
  private var words: DocumentWords { DocumentWords() }

  /// The document.
  var text: String {
    let pictures = PlanPictures(plan: plan)
    var parts = ["# \(group.position). \(MarkdownText.words(group.service))", summary(), pictures.dataFlow(group)]
    parts += [obstacles(), decisions(), "## Steps\n\n\(pictures.path(group))", steps()]
    parts += group.steps.map(step)
    parts.append(
      "## Teardown\n\nRemoves everything the migration set up, once S12 is held.\n\n" + shell(group.teardown))
    parts.append(risks())
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func summary() -> String {
    var parts = ["Moves: " + words.list(group.tables.map { MarkdownText.code($0.text) }) + "."]
    if !group.replicas.isEmpty {
      parts.append(
        "Keeps read-only copies, limited to what it reads: "
          + words.list(group.replicas.map { MarkdownText.code($0.text) }) + ".")
    }
    if !group.movesTogetherWith.isEmpty {
      let others = group.movesTogetherWith.map(MarkdownText.words).joined(separator: ", ")
      parts.append("**Cut over under the same fence as** \(others).")
    }
    parts.append("Why at place \(group.position): \(MarkdownText.words(group.orderReason)).")
    parts.append("Paths are relative to the folder of the plan; `../PLAN.md` tells how to run the commands.")
    return parts.joined(separator: "\n\n")
  }

  private func obstacles() -> String {
    let head = "## What stands in the way"
    guard !group.blockers.isEmpty else { return "\(head)\n\nNothing that the code and the schema show." }
    let open = group.blockers.filter { !$0.isMended }
    let mended = group.blockers.filter(\.isMended)
    let shown = Array(open.prefix(DocumentWords.listLimit * 2)) + Array(mended.prefix(DocumentWords.listLimit))
    let rows = shown.map { blocker in
      "| \(MarkdownText.code(blocker.table)) | \(MarkdownText.words(blocker.text)) | \(MarkdownText.words(blocker.fix)) "
        + "| \(blocker.isMended ? "the plan" : "**you**") | \(words.places(blocker.evidence, limit: 2)) |"
    }
    let more = words.rest(group.blockers.count, shown.count)
    return """
      \(head)

      \(open.isEmpty ? "The plan mends all of it." : "\(open.count) of \(group.blockers.count) need people.") \
      `\(group.folder)/S0-guardrails/preflight.source.sql` looks for more on the live server.

      | Table | What | Fix | By | Evidence |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))\(more.isEmpty ? "" : "\n\n\(more)")
      """
  }

  private func decisions() -> String {
    guard !group.decisions.isEmpty else { return "## Decisions\n\nNo edge crosses its boundary." }
    let shown = group.decisions.prefix(DocumentWords.listLimit * 2).map { decision in
      let other = decision.otherTable.map { " with \(MarkdownText.code($0.text))" } ?? ""
      return
        "| \(MarkdownText.words("\(decision.from) → \(decision.to)")) | \(MarkdownText.words(decision.kind)) | \(MarkdownText.code(decision.table.text))\(other) "
        + "| \(MarkdownText.words(decision.rule)) | \(MarkdownText.words(decision.action)) | \(words.places(decision.evidence, limit: 2)) |"
    }
    let more = words.rest(group.decisions.count, shown.count)
    return """
      ## Decisions

      | Edge | Kind | Table | Rule | What to do | Evidence |
      |---|---|---|---|---|---|
      \(shown.joined(separator: "\n"))\(more.isEmpty ? "" : "\n\n\(more)")
      """
  }

  private func steps() -> String {
    let taken = group.steps.map { step in
      (
        step.id,
        "| [\(step.id.text)](#\(anchor(step))) | \(MarkdownText.words(step.title)) | \(MarkdownText.words(step.goal)) "
          + "| \(step.maxBlockSeconds) s | \(step.ponr ? "ends here" : "yes") |"
      )
    }
    let left = group.omissions.map { omission in
      (omission.id, "| \(omission.id.text) | not needed | \(MarkdownText.words(omission.reason)) | | |")
    }
    let rows = (taken + left).sorted { $0.0 < $1.0 }.map(\.1)
    return """
      | Step | | Afterwards | Writers wait at most | Way back |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))
      """
  }

  /// The anchor viewers make of a heading: lower case, blanks as hyphens, nothing but letters, digits, hyphens.
  private func anchor(_ step: PlanStep) -> String {
    let text = "\(step.id.text) \(step.title)".lowercased()
    return String(
      text.unicodeScalars.compactMap { scalar -> Character? in
        if scalar == " " { return "-" }
        return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" ? Character(scalar) : nil
      })
  }

  private func step(_ step: PlanStep) -> String {
    var parts = ["### \(step.id.text) \(MarkdownText.words(step.title))"]
    parts.append("Afterwards: \(MarkdownText.words(step.goal)).")
    if !step.preconditions.isEmpty {
      parts.append("Before:\n\n" + step.preconditions.map { "- \(MarkdownText.words($0))" }.joined(separator: "\n"))
    }
    parts.append(shell(step.apply))
    parts.append(
      "**Gate:** \(gate(step.gate))\n**Hold:** \(MarkdownText.words(step.hold))."
        + (step.finish.isEmpty ? "\n" + rollback(step) : ""))
    if !step.finish.isEmpty { parts += ["After the hold:\n\n" + shell(step.finish), rollback(step)] }
    return parts.joined(separator: "\n\n")
  }

  /// The way back in a sentence when it is the scripts' inverses in reverse order, as commands when there is more to it.
  private func rollback(_ step: PlanStep) -> String {
    let inverses = step.apply.reversed().compactMap { action -> PlanAction? in
      guard case .sql(let path, let side) = action else { return nil }
      return PlanFile.inverse(of: path).map { .sql(path: $0, on: side) }
    }
    let scripts = step.rollback.filter { if case .manual = $0 { false } else { true } }
    guard scripts == inverses else { return "**Rollback:**\n\n" + shell(step.rollback) }
    let said = step.rollback.compactMap { action -> String? in
      if case .manual(let text) = action { MarkdownText.words(text) } else { nil }
    }
    let files = inverses.isEmpty ? [] : ["run the `U*.sql` files of the step in reverse order"]
    let parts = said + files
    return parts.isEmpty ? "**Rollback:** nothing to undo." : "**Rollback:** \(parts.joined(separator: "; "))."
  }

  private func gate(_ gate: PlanGate) -> String {
    if let target = gate.targetFile {
      return
        "\(MarkdownText.code(gate.file)) on the source and \(MarkdownText.code(target)) on the target print the same."
    }
    return "\(MarkdownText.code(gate.file)) on the \(gate.place.rawValue) prints \(MarkdownText.code(gate.expect))."
  }

  /// A block of commands; scripts that follow each other on one side share a command.
  private func shell(_ steps: [PlanAction]) -> String {
    var lines: [String] = []
    var open: PlanSide?
    for action in steps.prefix(DocumentWords.listLimit * 3) {
      guard case .sql(let path, let side) = action else {
        open = nil
        if case .manual(let text) = action {
          lines.append("# by hand: \(words.flat(text))")
        } else {
          lines.append(words.flat(actions.command(action)))
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
    let more = words.rest(steps.count, min(steps.count, DocumentWords.listLimit * 3))
    return MarkdownText.block((lines + (more.isEmpty ? [] : ["# \(more)"])).joined(separator: "\n"), language: "sh")
  }

  private func risks() -> String {
    let lines = group.risks.map { risk in
      let evidence = risk.evidence.isEmpty ? "" : " (\(words.places(risk.evidence, limit: 3)))"
      return "- **\(MarkdownText.words(risk.code))**: \(MarkdownText.words(risk.text))\(evidence)"
    }
    return "## What remains risky\n\n"
      + (lines.isEmpty ? "Nothing that the facts show." : lines.joined(separator: "\n"))
  }
}
