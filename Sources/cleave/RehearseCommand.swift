import ArgumentParser
import Pipeline
import Reporting

struct RehearseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse", abstract: "Carries the plan out on scratch databases, under load and faults.",
    discussion: """
      Starts scratch PostgreSQL or MariaDB servers, loads the schema, writes what the code writes, performs every step \
      forward and back with the plan's own files, kills its own processes on the way, and compares both sides row by \
      row. Production is never written to.

      --source asks a live database for the DDL and the statistics of its server, in sessions that can only read, and \
      for no row of any table. Both stand in for the schema files; differences from them are listed.

      Ends with code 1 when a row or event is lost, invented or out of order, when a gate does not hold, or when \
      writers are refused for longer than two seconds.

      EXAMPLES
        cleave rehearse
        cleave rehearse --service billing --changes 50000 --kills 20 --seed 7
        cleave rehearse --plan migration/ --format json
        cleave rehearse --source postgres://auditor@db.example/shop?sslmode=require
        cleave rehearse --with-debezium ~/debezium/
      """)

  @OptionGroup var repository: RepositoryOptions
  @Option(help: ArgumentHelp("Service to move; several times for several (default: the first two).", valueName: "name"))
  var service: [String] = []
  @Option(help: "Database engine: postgres, mysql or mariadb.") var engine: PlanCommand.Engine?
  @Option(
    help: ArgumentHelp(
      "Copy structure and statistics, no rows, from a live database: postgres://…, mysql://… or env:NAME.",
      discussion: "The password comes from PGPASSWORD, ~/.pgpass or MYSQL_PWD.", valueName: "url"))
  var source: String?
  @Option(help: ArgumentHelp("Committed changes of rows to make.", valueName: "n")) var changes = 20_000
  @Option(help: ArgumentHelp("Processes to kill.", valueName: "n")) var kills = 10
  @Option(help: ArgumentHelp("What all chance is drawn from.", valueName: "n")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("End each stretch of load after so many seconds.", valueName: "seconds"))
  var duration: Int?
  @Option(
    help: ArgumentHelp("Use the files of this plan, with what was changed by hand, not fresh ones.", valueName: "dir"))
  var plan: String?
  @Option(
    help: ArgumentHelp(
      "Capture changes with the Debezium engine, whose jars lie in this folder, and the plan's own connector files; "
        + "PostgreSQL only.", valueName: "dir"))
  var withDebezium: String?
  @Option(help: ArgumentHelp("Write the plan to this folder and keep it.", valueName: "dir")) var out: String?
  @Flag(
    inversion: .prefixedNo,
    help: "Also run the same workload without the plan, by programs that write to both databases.")
  var dualWrites = true
  @Flag(help: "Keep the folder of the scratch servers.") var keep = false
  @Option(help: ArgumentHelp("One of json, text.", valueName: "format")) var format = "text"

  func validate() throws {
    try checkFormat(format, among: ["json", "text"])
    if changes < 1 { throw ValidationError("--changes must be at least 1.") }
    if kills < 0 { throw ValidationError("--kills cannot be negative.") }
    if let duration, duration < 1 { throw ValidationError("--duration must be at least 1.") }
  }

  func run() async throws {
    if repository.minCoverage != nil { try repository.checkCoverage(of: try await repository.analyze()) }
    let summary = try await rehearse()
    try Console.show(format == "json" ? summary.json : summary.text)
    if !summary.hasPassed { throw Stop(code: .gateFailed, text: "") }
  }

  private func rehearse() async throws(Stop) -> RehearseSummary {
    var choices = RehearseRequest()
    choices.plan.engine = engine?.rawValue
    choices.services = service
    choices.changes = changes
    choices.kills = kills
    choices.seed = seed
    choices.soakSeconds = duration
    choices.planFolder = plan
    choices.keepsFolder = keep
    choices.source = source
    choices.showsDualWrites = dualWrites
    choices.debeziumFolder = withDebezium
    choices.out = out
    let isQuiet = repository.quiet
    let line = ProgressLine(isQuiet: isQuiet)
    defer { line?.clear() }
    choices.progress = { if !isQuiet { Console.say($0) } }
    do {
      return try await Workbench.rehearse(repository.request(showing: line), choices)
    } catch {
      throw Stop(error)
    }
  }
}

/// The processes of a rehearsal, started by itself.
struct RehearseWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rehearse-worker", shouldDisplay: false)

  @Argument var job: String

  func run() { Workbench.becomeRehearsalWorker(job: job) }
}
