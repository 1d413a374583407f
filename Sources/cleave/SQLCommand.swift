import ArgumentParser
import Foundation
import Pipeline

/// For people who work on the SQL reader: what is read out of single statements.
struct SQLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql", abstract: "Lists what statements read and write.",
    discussion: """
      Reads lines of JSON from standard input, each {"sql": "…"}, and answers each with a line of JSON.

      EXAMPLES
        echo '{"sql": "SELECT a FROM t"}' | cleave sql --dialect sqlserver
      """, shouldDisplay: false)

  @Option(help: "h2, mysql, oracle, postgres, sqlite, sqlserver, or any.") var dialect = "any"
  @Option(help: "Read everything this many times and tell only how long it took.") var measure: Int?

  func run() throws {
    let input = FileHandle.standardInput.readDataToEndOfFile()
    let answer =
      if let measure {
        StatementListing.measure(input, dialect: dialect, repeats: measure)
      } else {
        StatementListing.lines(input, dialect: dialect)
      }
    guard let answer else { throw Stop(code: .usage, text: "cleave: there is no dialect \(dialect)") }
    try Console.show(answer)
  }
}
