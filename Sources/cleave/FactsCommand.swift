import ArgumentParser
import Pipeline

/// For people who write frontends and recognizers: what is read out of one file, before anything is linked.
struct FactsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "facts", abstract: "Lists what is read out of one file.",
    discussion: """
      EXAMPLES
        cleave facts src/Order.java
        cleave facts --tree src/Order.java
      """, shouldDisplay: false)

  @Argument(help: "The file, or with --cost a folder.") var file: String
  @Flag(help: "Show the syntax tree instead.") var tree = false
  @Flag(help: "Measure reading against parsing alone, as JSON, one row a language.") var cost = false

  func run() throws {
    let text: String
    do {
      text = try cost ? Workbench.readingCost(of: file) : Workbench.facts(of: file, asTree: tree)
    } catch { throw Stop(error) }
    try Console.show(text)
  }
}
