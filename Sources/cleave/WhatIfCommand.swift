import ArgumentParser
import Pipeline
import Reporting

struct WhatIfCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whatif", abstract: "Tries changes to the proposal and says what they break, heal and cost.",
    discussion: """
      Starts from the current proposal. Moves come first, then merges, splits and renames, each where the ones before \
      it led. Nothing is written without --save, which adds the changes to cleave.yml and keeps all that is in it.

      EXAMPLES
        cleave whatif --move table=orders:billing
        cleave whatif ../shop --merge cart,checkout --rename checkout:ordering
        cleave whatif --split catalog:2 --because "pricing has its own team" --save
      """)

  @OptionGroup var repository: RepositoryOptions
  @Option(
    help: ArgumentHelp(
      "Move a table, unit or path to a service: table=orders:billing.", valueName: "kind=name:service"))
  var move: [String] = []
  @Option(help: ArgumentHelp("Make services one, which keeps the first name.", valueName: "a,b")) var merge: [String] =
    []
  @Option(help: ArgumentHelp("Split a service in n.", valueName: "service:n")) var split: [String] = []
  @Option(help: ArgumentHelp("Name a service anew.", valueName: "old:new")) var rename: [String] = []
  @Option(help: ArgumentHelp("Allow moves to a service that does not exist yet.", valueName: "service"))
  var new: [String] = []
  @Option(help: ArgumentHelp("Why; saved with the changes.", valueName: "text")) var because = ""
  @Flag(help: "Write the changes to cleave.yml.") var save = false
  @Option(help: ArgumentHelp("One of json, text.", valueName: "format")) var format = "text"

  func validate() throws {
    try checkFormat(format, among: ["json", "text"])
    guard !(move + merge + split + rename).isEmpty else {
      throw ValidationError("Say what to try with --move, --merge, --split or --rename.")
    }
  }

  func run() async throws {
    let answer = try await tried()
    try Console.show(format == "json" ? answer.jsonText : answer.text)
  }

  private func tried() async throws(Stop) -> ReportWhatIf {
    var wanted = WhatIfRequest()
    for (option, values) in [("--move", move), ("--merge", merge), ("--split", split), ("--rename", rename)] {
      wanted.changes += values.map { (option, $0) }
    }
    wanted.newServices = new
    wanted.because = because
    wanted.isSaved = save
    let line = ProgressLine(isQuiet: repository.quiet)
    defer { line?.clear() }
    do { return try await Workbench.whatIf(repository.request(showing: line), wanted) } catch { throw Stop(error) }
  }
}
