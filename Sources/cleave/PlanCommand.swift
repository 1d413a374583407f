import ArgumentParser
import Pipeline
import Reporting

struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Writes ordered, reversible migration steps with the artifacts for each.",
    discussion: """
      Writes DIR/plan.yaml, DIR/PLAN.md and the artifacts of each step. What is not chosen by an option is decided by \
      the rules from what was found.

      EXAMPLES
        cleave plan --out migration/
        cleave plan --out migration/ --service billing --engine postgres
        cleave plan --out migration/ --cdc debezium --outbox debezium --broker kafka --transactions saga
        cleave plan --out migration/ --engine mysql --target-engine postgres
      """)

  enum Engine: String, ExpressibleByArgument, CaseIterable { case postgres, mysql, mariadb, sqlserver, oracle }
  enum Capture: String, ExpressibleByArgument, CaseIterable { case debezium, canal, maxwell, spinaltap }
  enum Outbox: String, ExpressibleByArgument, CaseIterable { case killbill, debezium, eventuate, modulith, polling }
  enum Broker: String, ExpressibleByArgument, CaseIterable { case kafka, rocketmq, redis, none }
  enum Transactions: String, ExpressibleByArgument, CaseIterable { case saga, seata, tcc, xa }

  @OptionGroup var repository: RepositoryOptions
  @Option(help: ArgumentHelp("Folder to write the plan to.", valueName: "dir")) var out: String
  @Option(help: ArgumentHelp("Plan the extraction of this service alone.", valueName: "name")) var service: String?
  @Option(help: "Engine of the monolith's database.") var engine: Engine?
  @Option(help: "Engine of the services' own databases; that of the monolith when left out.") var targetEngine: Engine?
  @Option(help: "Change data capture.") var cdc: Capture?
  @Option(help: "Transactional outbox.") var outbox: Outbox?
  @Option(help: "Message broker.") var broker: Broker?
  @Option(help: "What replaces a transaction that crosses services.") var transactions: Transactions?
  @Option(help: ArgumentHelp("One of json, text.", valueName: "format")) var format = "text"

  func validate() throws { try checkFormat(format, among: ["json", "text"]) }

  func run() async throws {
    if repository.minCoverage != nil { try repository.checkCoverage(of: try await repository.analyze()) }
    let summary = try await plan()
    if !repository.quiet { for warning in summary.warnings { Console.say("warning: \(warning)") } }
    let isJSON = format == "json"
    try Console.show(isJSON ? PlanText(files: summary.files, warnings: summary.warnings).jsonText : summary.text)
  }

  private func plan() async throws(Stop) -> PlanSummary {
    var choices = PlanRequest()
    choices.service = service
    choices.engine = engine?.rawValue
    choices.targetEngine = targetEngine?.rawValue
    choices.cdc = cdc?.rawValue
    choices.outbox = outbox?.rawValue
    choices.broker = broker?.rawValue
    choices.transactions = transactions?.rawValue
    let line = ProgressLine(isQuiet: repository.quiet)
    defer { line?.clear() }
    do {
      return try await Workbench.plan(repository.request(showing: line), options: choices, out: out)
    } catch {
      throw Stop(error)
    }
  }
}
