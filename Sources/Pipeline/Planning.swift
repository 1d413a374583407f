import FactStore
import Facts
import Foundation
import Migration

/// What the reader of a plan chose, as spelled on the command line; nil leaves the choice to the rules.
package struct PlanRequest: Sendable {
  /// Plan the extraction of this service alone.
  package var service: String?
  /// Plan these services alone; empty for all.
  package var only: [String] = []
  /// Engine of the monolith's database: postgres, mysql, mariadb, sqlserver, oracle.
  package var engine: String?
  /// Engine of the services' own databases; that of the monolith when nil.
  package var targetEngine: String?
  /// Change data capture: debezium, canal, maxwell, spinaltap.
  package var cdc: String?
  /// Outbox layout: killbill, debezium, eventuate, modulith, polling.
  package var outbox: String?
  /// Message broker: kafka, rocketmq, redis, none.
  package var broker: String?
  /// What replaces a transaction that crosses services.
  package var transactions: String?

  /// Everything left to the rules.
  package init() {}
}

/// What a plan wrote.
package struct PlanSummary: Sendable {
  /// Paths relative to the output folder, sorted.
  package var files: [String]
  /// What the reader should know before trusting it.
  package var warnings: [String]
  /// A few lines for people.
  package var text: String
}

extension Workbench {
  /// Writes the plan of a system below `out`.
  package static func plan(
    _ request: AnalysisRequest, options choices: PlanRequest, out: String
  ) async throws(PipelineError) -> PlanSummary {
    try write(try await makePlan(request, options: choices).plan, to: out, progress: request.progress)
  }

  /// A plan with what it was made from.
  struct MadePlan {
    let plan: MigrationPlan
    let system: SystemFacts
    /// Files that make the old schema, in order.
    let schemaFiles: [String]
  }

  /// Makes a plan without writing anything.
  static func makePlan(
    _ request: AnalysisRequest, options choices: PlanRequest
  ) async throws(PipelineError) -> MadePlan {
    _ = try await analyze(request)
    let session = try AnalysisSession(request)
    let system = try await session.system()
    let proposal = try SystemDivision(session, system, withPrices: false).proposal
    do {
      let plan = try Planner.plan(
        system: system, proposal: proposal, options: options(choices), factsDigest: session.digest)
      return MadePlan(plan: plan, system: system, schemaFiles: session.schemaFiles())
    } catch {
      throw .planUnsupported(reason: error.description, nextStep: "see `cleave plan --help` for the choices")
    }
  }

  /// Writes the files of a plan below `out`.
  static func write(
    _ plan: MigrationPlan, to out: String, progress: (@Sendable (ProgressUpdate) -> Void)?
  ) throws(PipelineError) -> PlanSummary {
    let files = plan.files()
    let leftovers = leftovers(in: out, besides: Set(files.map(\.path)))
    var folder = FolderWriter(out)
    for (done, file) in files.enumerated() {
      try folder.write(file.contents, to: file.path)
      progress?(ProgressUpdate(stage: "writing plan", done: done + 1, total: files.count))
    }
    return PlanSummary(files: files.map(\.path), warnings: leftovers, text: summary(plan, files: files.count, out: out))
  }

  /// A warning when files of an earlier plan remain in the folder: nobody should run those.
  private static func leftovers(in out: String, besides written: Set<String>) -> [String] {
    guard let found = FileManager.default.enumerator(atPath: out) else { return [] }
    let others = found.compactMap { $0 as? String }
      .filter { !written.contains($0) && !FileStamp.isFolder(out + "/" + $0) }.sorted()
    guard let first = others.first else { return [] }
    return ["\(others.count) files in \(out) do not belong to this plan, such as \(first); use an empty folder"]
  }

  static func options(_ choices: PlanRequest) -> PlanOptions {
    var options = PlanOptions(
      service: choices.service, engine: choices.engine.flatMap(PlanEngine.init),
      targetEngine: choices.targetEngine.flatMap(PlanEngine.init), cdc: choices.cdc.flatMap(CDCTool.init),
      outbox: choices.outbox.flatMap(OutboxKind.init), broker: choices.broker.flatMap(Broker.init),
      transactions: choices.transactions.flatMap(TransactionStyle.init))
    options.only = choices.only
    return options
  }

  private static func summary(_ plan: MigrationPlan, files: Int, out: String) -> String {
    var text = "\(files) files written to \(out)\n\norder of extraction:\n"
    for (place, group) in plan.groups.enumerated() {
      let open = group.blockers.filter { !$0.isMended }.count
      let obstacles = open == 0 ? "" : ", \(open) obstacles for people"
      text += "  \(place + 1). \(group.service): \(group.tables.count) tables, \(group.steps.count) steps\(obstacles)\n"
    }
    return text + "\nread \(out)/PLAN.md first\n"
  }
}
