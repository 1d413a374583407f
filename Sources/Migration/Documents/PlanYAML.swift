import Basics

/// `plan.yaml`: everything about the plan but the contents of its artifacts.
struct PlanYAML {
  let plan: MigrationPlan

  /// The document.
  var text: String {
    "# yaml-language-server: $schema=\(PlanSchema.path)\n"
      + YAMLText.document(
        .map([
          ("schemaVersion", .number(MigrationPlan.schemaVersion)), ("factsDigest", .text(plan.factsDigest)),
          ("engine", .text(plan.engine.rawValue)), ("targetEngine", .text(plan.targetEngine.rawValue)),
          ("cdc", .text(plan.cdc.rawValue)), ("cdcReason", .text(plan.cdcReason)),
          ("outbox", .text(plan.outbox.rawValue)), ("outboxReason", .text(plan.outboxReason)),
          ("broker", .text(plan.broker.rawValue)), ("leftOut", .texts(plan.leftOut)),
          ("groups", .list(plan.groups.map(group))),
        ]))
  }

  private func group(_ group: PlanGroup) -> YAMLNode {
    .map([
      ("group", .text(group.service)), ("folder", .text(group.folder)), ("position", .number(group.position)),
      ("orderReason", .text(group.orderReason)), ("movesTogetherWith", .texts(group.movesTogetherWith)),
      ("tables", .texts(group.tables.map(\.text))), ("replicas", .texts(group.replicas.map(\.text))),
      ("decisions", .list(group.decisions.map(decision))),
      ("obstacles", .list(group.blockers.map(blocker))), ("steps", .list(group.steps.map(step))),
      (
        "notNeeded",
        .list(group.omissions.map { .map([("id", .text($0.id.text)), ("reason", .text($0.reason))]) })
      ),
      ("teardown", commands(group.teardown)), ("residualRisks", .list(group.risks.map(risk))),
    ])
  }

  private func decision(_ decision: PlanDecision) -> YAMLNode {
    .map([
      ("edge", .text("\(decision.from) -> \(decision.to)")), ("kind", .text(decision.kind)),
      ("table", .text(decision.table.text)), ("otherTable", .text(decision.otherTable?.text ?? "")),
      ("rule", .text(decision.rule)), ("action", .text(decision.action)),
      ("inputs", .map(decision.inputs.map { ($0.name, .text($0.value)) })),
      ("alternatives", .texts(decision.alternatives)), ("evidence", .texts(decision.evidence.map(\.description))),
    ])
  }

  private func step(_ step: PlanStep) -> YAMLNode {
    var gate: [(key: String, value: YAMLNode)] = [
      ("on", .text(step.gate.place.rawValue)), ("file", .text(step.gate.file)),
    ]
    if let target = step.gate.targetFile { gate.append(("targetFile", .text(target))) }
    let compared = ActionText(engine: plan.engine, targetEngine: plan.targetEngine).command(
      .compare(source: step.gate.file, target: step.gate.targetFile ?? step.gate.file))
    gate.append(("query", .text(step.gate.place == .both ? compared : step.gate.query)))
    gate.append(("expect", .text(step.gate.expect)))
    return .map([
      ("id", .text(step.id.text)), ("title", .text(step.title)), ("goal", .text(step.goal)),
      ("preconditions", .texts(step.preconditions)), ("artifacts", .texts(step.artifacts.map(\.path))),
      ("apply", commands(step.apply)), ("gate", .map(gate)), ("hold", .text(step.hold)),
      ("finish", commands(step.finish)),
      ("rollback", commands(step.rollback)), ("ponr", .flag(step.ponr)),
      ("maxBlockSeconds", .number(step.maxBlockSeconds)),
    ])
  }

  private func blocker(_ blocker: PlanBlocker) -> YAMLNode {
    .map([
      ("code", .text(blocker.code)), ("table", .text(blocker.table)), ("text", .text(blocker.text)),
      ("fix", .text(blocker.fix)), ("mendedByPlan", .flag(blocker.isMended)),
      ("evidence", .texts(blocker.evidence.map(\.description))),
    ])
  }

  private func risk(_ risk: PlanRisk) -> YAMLNode {
    .map([
      ("code", .text(risk.code)), ("text", .text(risk.text)), ("evidence", .texts(risk.evidence.map(\.description))),
    ])
  }

  private func commands(_ actions: [PlanAction]) -> YAMLNode {
    .texts(actions.map(ActionText(engine: plan.engine, targetEngine: plan.targetEngine).command))
  }
}
