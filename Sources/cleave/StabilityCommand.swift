import ArgumentParser
import Pipeline
import Reporting

struct StabilityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stability", abstract: "Shows how firmly the evidence places each table, and which are undecided.",
    discussion: """
      The decomposition is run again and again with every layer of evidence weighed up to a fifth more or less, one edge \
      and one access in twenty left out, and other seeds. A table is undecided when it keeps its owner in less than 90% of the runs.

      EXAMPLES
        cleave stability
        cleave stability --runs 50 --format csv | grep ',no$'
      """)

  @OptionGroup var options: RepositoryOptions
  @Option(help: ArgumentHelp("How many perturbed runs.", valueName: "n")) var runs = 20
  @Option(help: ArgumentHelp("One of \(StabilityTable.formats.joined(separator: ", ")).", valueName: "format"))
  var format = "text"

  func validate() throws {
    try checkFormat(format, among: StabilityTable.formats)
    if !(1...1000).contains(runs) { throw ValidationError("--runs is a number from 1 to 1000.") }
  }

  func run() async throws { try Console.show(try await table().text(format: format)) }

  private func table() async throws(Stop) -> StabilityTable {
    let line = ProgressLine(isQuiet: options.quiet)
    defer { line?.clear() }
    do { return try await Workbench.stability(options.request(showing: line), runs: runs) } catch { throw Stop(error) }
  }
}
