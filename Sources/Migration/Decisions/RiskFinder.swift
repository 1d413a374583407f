import Basics
import Decomposition
import Facts

/// Lists what the plan cannot rule out, with numbers and places.
struct RiskFinder {
  let system: SystemFacts
  let context: GroupContext
  /// Tables of the service the catalog does not declare.
  let undeclared: [TableName]

  /// Risks of the group, in a fixed order.
  func risks() -> [PlanRisk] {
    captureRisks() + tableRisks() + engineRisks() + evidenceRisks() + ownershipRisks()
  }

  /// What the tools that read the logs bring; the way back may need another one than the way forward.
  private func captureRisks() -> [PlanRisk] {
    let forward = CaptureSite.forward(context).reader().risks
    let back = CaptureSite.reverse(context).reader().risks.filter { !forward.contains($0) }
    return forward + back + (context.broker == .rocketmq ? [RocketMQMessages.risk] : [])
  }

  private func tableRisks() -> [PlanRisk] {
    let moved = context.own + context.replicas
    var risks: [PlanRisk] = []
    add(&risks, "table-not-in-catalog", undeclared.map(\.text), [], "not in the catalog, so no artifact was made for")
    if context.text.engine == .postgres {
      let capitals = system.catalog.tables.filter { table in
        moved.contains { $0.name == table.name }
          && ([table.name.text] + table.columns.map(\.name)).contains { $0 != $0.lowercased() }
      }
      add(
        &risks, "name-case", capitals.map(\.name.text), capitals.map(\.source),
        context.isFolded
          ? "names with capitals are taken as declared without quotes, so in lower case; the gate of S0 tells, on"
          : "names with capitals are taken as declared in quotes; the gate of S0 tells, on")
    }
    let unknown = moved.flatMap { table in
      table.columns.filter(\.type.isUnknown).map { "\(table.name.text).\($0.name)" }
    }
    add(&risks, "unknown-type", unknown, [], "the declared type is not known and becomes text:")
    let lost = context.own.flatMap { table in
      table.columns.filter(\.defaultValue.isLost).map { "\(table.name.text).\($0.name)" }
    }
    add(&risks, "default-not-carried", lost, [], "the default is an expression that has to be carried over by hand:")
    let scaled = moved.flatMap { table in
      table.columns.filter { $0.type.kind == .float && $0.isComparable }.map { "\(table.name.text).\($0.name)" }
    }
    add(
      &risks, "floating-point", scaled, [],
      "compared by the fewest digits that give the number back; what a stream rounds shows as a difference:")
    return risks
  }

  /// What the service's own engine does otherwise than the monolith's.
  private func engineRisks() -> [PlanRisk] {
    let engines = EngineRisks(context: context)
    let target = TargetSchema(context: context)
    var risks: [PlanRisk] = []
    add(
      &risks, "type-loss", engines.losses.map { "\($0.column) (\($0.loss))" }, [],
      "the type in the service's own database does not hold all of it:")
    add(
      &risks, "not-compared", engines.uncompared, [],
      "the two engines print these values differently, so S7 compares only whether there is one:")
    add(
      &risks, "empty-text", engines.emptyTexts, [],
      "Oracle takes an empty text for NULL: S7 counts the two as equal, code has to as well, and NOT NULL is dropped where "
        + "empty texts may arrive:")
    add(&risks, "text-equality", engines.keyTexts, [], engines.equality)
    add(&risks, "renamed-column", engines.renamed, [], "the name is none the new engine takes:")
    add(
      &risks, "unique-key-not-carried", target.lostKeys, [],
      "the new engine has no index for values this long; uniqueness is left to the service:")
    add(
      &risks, "delete-action", target.weakened.map(\.name), target.weakened.map(\.span),
      "the new engine has not got the action of these keys, or refuses it; deletes of parents are refused instead:")
    return risks
  }

  private func evidenceRisks() -> [PlanRisk] {
    let own = Set(context.own.map(\.name))
    var risks: [PlanRisk] = []
    if !system.unresolved.isEmpty {
      risks.append(
        PlanRisk(
          code: "unresolved-statements",
          text:
            "\(system.unresolved.count) statements of the whole system reach unknown tables; some may be tables of this service",
          evidence: Array(Set(system.unresolved.map(\.span)).sorted().prefix(20))))
    }
    let unsure = system.accesses.filter {
      own.contains($0.table) && $0.confidence == .guessed && !system.isTest($0.unit)
    }
    if !unsure.isEmpty {
      risks.append(
        PlanRisk(
          code: "low-confidence-accesses",
          text: "\(unsure.count) accesses to the service's tables rest on names alone",
          evidence: Array(Set(unsure.map(\.span)).sorted().prefix(20))))
    }
    let coverage = system.coverage
    let statements = coverage.statements - coverage.resolvedStatements
    if coverage.lostLines > 0 || coverage.unreadableFiles > 0 || statements > 0 {
      risks.append(
        PlanRisk(
          code: "coverage",
          text:
            "\(coverage.unreadableFiles) of \(coverage.files) files unreadable, \(coverage.lostLines) lines inside functions lost, "
            + "\(max(0, statements)) of \(coverage.statements) statements not resolved",
          evidence: []))
    }
    return risks
  }

  private func ownershipRisks() -> [PlanRisk] {
    var risks: [PlanRisk] = []
    let joint = context.owners.filter { $0.ownership == .joint || $0.ownership == .common }
    add(
      &risks, "joint-ownership",
      joint.map { "\($0.table.text) (\($0.resolution.rawValue.isEmpty ? "not resolved" : $0.resolution.rawValue))" },
      joint.flatMap { $0.writers.dropFirst().flatMap(\.evidence) },
      "written by more than one service; the other writers have to call the owner before S9:")
    let split = context.owners.filter { $0.resolution == .tableSplit }
    add(
      &risks, "table-split", split.map(\.table.text), [],
      "columns have different owners; S3 of the other owners has to come before S6:")
    let narrow = context.owners.filter { $0.margin < 0.1 && !$0.runnerUp.isEmpty }
    add(
      &risks, "narrow-owner", narrow.map { "\($0.table.text) (next: \($0.runnerUp))" }, [],
      "the lead over the next owner is under 10 %:")
    let lenient = (context.crossing + context.inner).filter { $0.timing != .immediate || $0.isMatchedFull }
    if !lenient.isEmpty, context.targetText.engine != .postgres, context.text.engine != context.targetText.engine {
      risks.append(
        PlanRisk(
          code: "key-attributes",
          text:
            "keys that are checked late or matched in full: the service's own database checks them as it always does",
          evidence: lenient.map(\.span).sorted()))
    }
    if context.text.engine != .postgres {
      risks.append(
        PlanRisk(
          code: "truncate",
          text:
            "triggers of this engine do not see TRUNCATE: no login but the administrator's may have the right to \(context.text.isMySQL ? "DROP" : "truncate") these tables",
          evidence: []))
    }
    if context.text.isMySQL || context.text.engine == .sqlserver {
      risks.append(
        PlanRisk(
          code: "collation",
          text:
            "collations are not in the catalog: create the service's server with the monolith's character set and collation",
          evidence: []))
    }
    return risks
  }

  /// Adds a risk about some items; nothing when there are none.
  private func add(
    _ risks: inout [PlanRisk], _ code: String, _ items: [String], _ evidence: [SourceSpan], _ text: String
  ) {
    guard !items.isEmpty else { return }
    let shown = items.prefix(12).joined(separator: ", ")
    let more = items.count > 12 ? " and \(items.count - 12) more" : ""
    risks.append(
      PlanRisk(code: code, text: "\(text) \(shown)\(more)", evidence: Array(Set(evidence).sorted().prefix(20))))
  }
}
