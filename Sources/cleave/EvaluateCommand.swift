import ArgumentParser
import Pipeline
import Reporting

struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compares the proposed owners, or an existing split, with known ones.",
    discussion: """
      Prints JSON: adjusted Rand index, homogeneity, completeness and their V-measure, precision, recall and F1 of pairs, \
      MoJoFM, how many tables both sides place (common), and the share of known tables that got an owner (owned). \
      Tables are matched by the last part of their names.

      The files are CSV with the columns table,service or service,kind,member.

      EXAMPLES
        cleave evaluate . --truth owners.csv
        cleave evaluate --truth owners.csv --assignment split.csv
      """)

  @OptionGroup var options: ViewOptions
  @Option(help: ArgumentHelp("The known owners.", valueName: "file")) var truth: String
  @Option(help: ArgumentHelp("Only json.", valueName: "format")) var format = "json"

  func validate() throws { try checkFormat(format, among: ["json"]) }

  func run() async throws {
    // A split alone needs no analysis.
    if let assignment = options.repository.assignment {
      return try options.write(try agreement(assignment).jsonText)
    }
    let report = try await options.load()
    do {
      try options.finish(try Workbench.evaluate(report, truth: truth).jsonText, report)
    } catch let error as PipelineError { throw Stop(error) }
  }

  private func agreement(_ assignment: String) throws(Stop) -> AgreementText {
    do { return try Workbench.evaluate(assignment: assignment, truth: truth) } catch { throw Stop(error) }
  }
}
