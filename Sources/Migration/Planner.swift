import Basics
package import Decomposition
package import Facts

/// Makes a migration plan from facts and a proposal.
package enum Planner {
  /// The plan; linear in accesses and seams, apart from sorting.
  ///
  /// - Parameter factsDigest: identifies the facts the plan was made from; copied into the plan.
  /// - Throws: `PlanError` for choices without artifacts, unknown services, proposals without owned tables and files
  ///   that would not be read as meant.
  package static func plan(
    system: SystemFacts, proposal: Proposal, options: PlanOptions, factsDigest: String
  ) throws(PlanError) -> MigrationPlan {
    let choices = try PlanChoices(system: system, options: options)
    let builder = GroupBuilder(system: system, proposal: proposal, choices: choices, options: options)
    let owning = proposal.services.filter { !$0.tables.isEmpty }
    guard !owning.isEmpty else {
      throw .nothingToPlan(nextStep: "look at the owners first: no table has an owner among the services")
    }
    for wanted in options.only + (options.service.map { [$0] } ?? [])
    where !owning.contains(where: { $0.name == wanted }) {
      throw .unknownService(wanted, known: owning.map(\.name))
    }
    let order = GroupOrder(
      services: owning, proposal: proposal, catalog: system.catalog, ownerOf: builder.serviceOf,
      ranks: builder.ranks(of: owning.map(\.name)))
    let wanted = order.entries.filter {
      (options.service == nil || $0.service == options.service)
        && (options.only.isEmpty || options.only.contains($0.service))
    }
    var groups: [PlanGroup] = []
    var cutKeys: Set<String> = []
    var identified: Set<TableName> = []
    var replaced: Set<String> = []
    var leftOut: [String] = []
    for entry in wanted {
      let context = builder.context(
        for: entry.service, position: groups.count + 1, without: cutKeys, identified: identified,
        replaced: replaced)
      guard !context.own.isEmpty else {
        leftOut.append("\(entry.service): none of its \(entry.tables) tables is declared in the catalog")
        continue
      }
      cutKeys.formUnion(context.crossing.map(GroupBuilder.identity))
      replaced.formUnion(context.spanning.map(\.name))
      identified.formUnion(context.needingIdentity.map(\.name))
      groups.append(builder.group(context, entry: entry))
    }
    guard !groups.isEmpty else {
      throw .nothingToPlan(nextStep: "give the analysis the schema: \(leftOut.joined(separator: "; "))")
    }
    let plan = MigrationPlan(
      engine: choices.engine, targetEngine: choices.targetEngine, cdc: choices.cdc, cdcReason: choices.cdcReason,
      outbox: choices.outbox,
      outboxReason: choices.outboxReason,
      broker: choices.broker, factsDigest: factsDigest, groups: groups, leftOut: leftOut,
      catalogScript: builder.catalogScript())
    for check in PlanChecks.check(plan) where !check.problems.isEmpty {
      throw .faultyFile(path: check.path, problems: check.problems)
    }
    return plan
  }
}
