import ArgumentParser
import Reporting

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says why a table or a unit is where it is and not elsewhere, and what holds a service together.",
    discussion: """
      Takes the name of a table, type, file, function or service; the last part of a qualified name is enough.

      EXAMPLES
        cleave explain accounts
        cleave explain billing
        cleave explain IOBan::getAccountBanInfo ../server
      """)

  @Argument(help: "Table, type, file, function or service.") var name: String
  @OptionGroup var options: ViewOptions
  @Option(help: ArgumentHelp("One of json, text.", valueName: "format")) var format = "text"

  func validate() throws { try checkFormat(format, among: ["json", "text"]) }

  func run() async throws {
    let report = try await options.load()
    switch Explainer(report).answer(name) {
    case .found(let explanations):
      try options.finish(format == "json" ? explanations.jsonText : explanations.text, report)
    case .unknown(let near):
      let hint =
        near.isEmpty ? "`cleave tables` and `cleave services` list what there is" : near.joined(separator: ", ")
      throw Stop(
        code: .usage, text: "cleave: nothing is named \(name)\n  " + (near.isEmpty ? hint : "near matches: \(hint)"))
    }
  }
}
