import ArgumentParser
import Pipeline
import Reporting

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Compares what cleave does with known methods.",
    subcommands: [BenchDecompositionCommand.self])
}

struct BenchDecompositionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decomposition", abstract: "Sets the proposal beside known ways to decompose the same graph.",
    discussion: """
      One row a partition: the proposal, the trivial partitions, and published methods, with CPU seconds and every \
      metric; with --truth also how far the owners agree with known ones. The seconds of the proposal include its owners, \
      seams and metrics, those of the others the partition alone. Text shows the main columns, csv and json all.

      With --planted no system is analyzed: the methods run on a random graph whose groups are known.

      EXAMPLES
        cleave bench decomposition . --truth owners.csv
        cleave bench decomposition . --assignment split.csv --format csv > bench.csv
        cleave bench decomposition --planted --groups 1000 --nodes 200000 --edges 2000000 --mixing 0.3
      """)

  @OptionGroup var repository: RepositoryOptions
  @Option(help: ArgumentHelp("The known owners, CSV with the columns table,service.", valueName: "file"))
  var truth: String?
  @Flag(help: "Run on a random graph with known groups.") var planted = false
  @Option(help: "Groups of the random graph.") var groups = 1000
  @Option(help: "Vertices of the random graph.") var nodes = 200_000
  @Option(help: "Edges of the random graph.") var edges = 2_000_000
  @Option(help: "Chance of an edge to leave its group, 0 to 1.") var mixing = 0.3
  @Option(help: "Seed of the random graph and the methods.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("One of \(BenchTable.formats.joined(separator: ", ")).", valueName: "format"))
  var format = "text"

  func validate() throws {
    try checkFormat(format, among: BenchTable.formats)
    guard planted else { return }
    guard groups > 0, nodes >= 2 * groups, edges > 0, (0...1).contains(mixing) else {
      throw ValidationError("--planted needs groups of two vertices at least, edges, and --mixing from 0 to 1.")
    }
    guard groups > 1 || mixing == 0 else { throw ValidationError("An edge cannot leave the only group.") }
  }

  func run() async throws { try Console.show(try await table().text(format: format)) }

  private func table() async throws(Stop) -> BenchTable {
    guard planted else {
      let line = ProgressLine(isQuiet: repository.quiet)
      defer { line?.clear() }
      var request = repository.request(showing: line)
      // Here a split stands beside the proposal and not in its place.
      request.assignment = nil
      do {
        return try await Workbench.benchDecomposition(request, truth: truth, assignment: repository.assignment)
      } catch { throw Stop(error) }
    }
    var request = PlantedRequest()
    request.groups = groups
    request.nodes = nodes
    request.edges = edges
    request.mixing = mixing
    request.seed = seed
    return Workbench.benchPlanted(request)
  }
}
